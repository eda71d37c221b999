import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponse;

/** Bouncy Castle's opinion of time-stamp responses: arguments are pairs of query and response; one line each. */
public class TimeStampJudge {
    public static void main(String[] paths) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (int i = 0; i < paths.length; i += 2) {
            System.out.println(judge(Path.of(paths[i]), Path.of(paths[i + 1])));
        }
    }

    private static String judge(Path query, Path reply) {
        try {
            TimeStampRequest request = new TimeStampRequest(Files.readAllBytes(query));
            TimeStampResponse response = new TimeStampResponse(Files.readAllBytes(reply));
            response.validate(request);
            var token = response.getTimeStampToken();
            var holders = token.getCertificates().getMatches(token.getSID());
            var holder = (X509CertificateHolder) holders.iterator().next();
            token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder));
            return "accepted " + token.getTimeStampInfo().getSerialNumber();
        } catch (Exception failure) {
            return "refused " + failure;
        }
    }
}
