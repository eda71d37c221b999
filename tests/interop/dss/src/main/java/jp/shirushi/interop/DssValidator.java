package jp.shirushi.interop;

import com.sun.management.OperatingSystemMXBean;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;

/**
 * Validates one document as often as it is asked to, for the benchmark of validation.
 *
 * <p>Each line names a document, the validation time (RFC 3339), the trust anchor, CRLs separated by "|", and how often.
 * The answer: CPU-seconds of the validating thread, without compiler and garbage collector, and those of the whole
 * process; then what the last report says: indication, sub-indication, format and best signature time. Policy, trust
 * and lists are read once, outside of what is measured; the ETSI validation report, which nobody reads here, is not made.
 */
public final class DssValidator {

    private DssValidator() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        ValidationPolicy policy = ValidationPolicyLoader.fromDefaultValidationPolicy().create();
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(run(line.split("\t"), policy));
        }
    }

    private static String run(String[] request, ValidationPolicy policy) throws Exception {
        byte[] document = Files.readAllBytes(Path.of(request[0]));
        String name = Path.of(request[0]).getFileName().toString();
        Date at = Date.from(Instant.parse(request[1]));
        CommonCertificateVerifier verifier = verifier(new File(request[2]), request[3].split("\\|"));
        int times = Integer.parseInt(request[4]);
        var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var threads = ManagementFactory.getThreadMXBean();
        long processBegin = process.getProcessCpuTime();
        long begin = threads.getCurrentThreadCpuTime();
        SimpleReport report = null;
        for (int count = 0; count < times; count++) {
            var validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(document, name));
            validator.setCertificateVerifier(verifier);
            validator.setValidationTime(at);
            validator.setEnableEtsiValidationReport(false);
            report = validator.validateDocument(policy).getSimpleReport();
        }
        double spent = (threads.getCurrentThreadCpuTime() - begin) / 1e9;
        double whole = (process.getProcessCpuTime() - processBegin) / 1e9;
        String id = report.getFirstSignatureId();
        return String.join(
                "\t",
                String.valueOf(spent),
                String.valueOf(whole),
                String.valueOf(report.getIndication(id)),
                String.valueOf(report.getSubIndication(id)),
                String.valueOf(report.getSignatureFormat(id)),
                report.getBestSignatureTime(id).toInstant().toString());
    }

    private static CommonCertificateVerifier verifier(File anchor, String[] lists) {
        var anchors = new CommonTrustedCertificateSource();
        anchors.addCertificate(DSSUtils.loadCertificate(anchor));
        var verifier = new CommonCertificateVerifier();
        verifier.setAIASource(null);
        verifier.setTrustedCertSources(anchors);
        DSSDocument[] crls = Arrays.stream(lists).map(FileDocument::new).toArray(DSSDocument[]::new);
        verifier.setCrlSource(new ExternalResourcesCRLSource(crls));
        return verifier;
    }
}
