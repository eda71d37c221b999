package jp.shirushi.interop;

import com.sun.management.OperatingSystemMXBean;

import eu.europa.esig.dss.cades.CAdESSignatureParameters;
import eu.europa.esig.dss.cades.signature.CAdESService;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.JWSSerializationType;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.jades.JAdESSignatureParameters;
import eu.europa.esig.dss.jades.signature.JAdESService;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.signature.AbstractSignatureParameters;
import eu.europa.esig.dss.signature.DocumentSignatureService;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.xades.XAdESSignatureParameters;
import eu.europa.esig.dss.xades.signature.XAdESService;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/**
 * Signs at B-B as often as it can, for the benchmark of signatures.
 *
 * <p>The arguments are a private key (PKCS #8, DER), its kind (EC or RSA), and its certificate with those above it. Each
 * line names a format, the document and for how many CPU-seconds of this process; the answer is how many signatures were
 * made, how many CPU-seconds that took, and what the last one is, written to the file that the line names last.
 */
public final class DssSigner {

    private final PrivateKey key;
    private final SignatureAlgorithm algorithm;
    private final List<CertificateToken> chain;
    private final CommonCertificateVerifier verifier = new CommonCertificateVerifier();

    private DssSigner(PrivateKey key, SignatureAlgorithm algorithm, List<CertificateToken> chain) {
        this.key = key;
        this.algorithm = algorithm;
        this.chain = chain;
        verifier.setAIASource(null);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var kind = arguments[1].equals("RSA") ? EncryptionAlgorithm.RSA : EncryptionAlgorithm.ECDSA;
        byte[] encoded = Files.readAllBytes(Path.of(arguments[0]));
        PrivateKey key = KeyFactory.getInstance(arguments[1]).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        var chain = new ArrayList<CertificateToken>();
        for (int index = 2; index < arguments.length; index++) {
            chain.add(DSSUtils.loadCertificate(new File(arguments[index])));
        }
        var signer = new DssSigner(key, SignatureAlgorithm.getAlgorithm(kind, DigestAlgorithm.SHA256), chain);
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(signer.run(line.split("\t")));
        }
    }

    private String run(String[] request) throws Exception {
        byte[] document = Files.readAllBytes(Path.of(request[1]));
        long budget = (long) (Double.parseDouble(request[2]) * 1e9);
        var clock = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long begin = clock.getProcessCpuTime();
        long spent = 0;
        int count = 0;
        byte[] last = new byte[0];
        while (spent < budget) {
            last = sign(request[0], document);
            count++;
            spent = clock.getProcessCpuTime() - begin;
        }
        Files.write(Path.of(request[3]), last);
        return count + "\t" + spent / 1e9;
    }

    private byte[] sign(String format, byte[] document) throws Exception {
        var given = new InMemoryDocument(document, "document");
        return switch (format) {
            case "raw" -> value(document);
            case "pades" -> {
                var parameters = new PAdESSignatureParameters();
                parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
                yield sign(new PAdESService(verifier), parameters, given);
            }
            case "cades" -> {
                var parameters = new CAdESSignatureParameters();
                parameters.setSignatureLevel(SignatureLevel.CAdES_BASELINE_B);
                parameters.setSignaturePackaging(SignaturePackaging.DETACHED);
                yield sign(new CAdESService(verifier), parameters, given);
            }
            case "xades" -> {
                var parameters = new XAdESSignatureParameters();
                parameters.setSignatureLevel(SignatureLevel.XAdES_BASELINE_B);
                parameters.setSignaturePackaging(SignaturePackaging.ENVELOPED);
                yield sign(new XAdESService(verifier), parameters, given);
            }
            case "jades" -> {
                var parameters = new JAdESSignatureParameters();
                parameters.setSignatureLevel(SignatureLevel.JAdES_BASELINE_B);
                parameters.setSignaturePackaging(SignaturePackaging.ENVELOPING);
                parameters.setJwsSerializationType(JWSSerializationType.FLATTENED_JSON_SERIALIZATION);
                yield sign(new JAdESService(verifier), parameters, given);
            }
            default -> throw new IllegalArgumentException(format);
        };
    }

    private <P extends AbstractSignatureParameters<?>> byte[] sign(
            DocumentSignatureService<P, ?> service, P parameters, DSSDocument document) throws Exception {
        parameters.setSigningCertificate(chain.get(0));
        parameters.setCertificateChain(chain);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.bLevel().setSigningDate(new Date());
        byte[] signed = value(service.getDataToSign(document, parameters).getBytes());
        try (var stream = service.signDocument(document, parameters, new SignatureValue(algorithm, signed)).openStream()) {
            return stream.readAllBytes();
        }
    }

    private byte[] value(byte[] data) throws Exception {
        Signature signature = Signature.getInstance(algorithm.getJCEId());
        signature.initSign(key);
        signature.update(data);
        return signature.sign();
    }
}
