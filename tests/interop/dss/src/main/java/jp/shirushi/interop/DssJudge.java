package jp.shirushi.interop;

import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.simplereport.jaxb.XmlTimestamp;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one request a line, answers one line of JSON each, offline, with the stock validation policy.
 *
 * <p>A request has eight fields separated by tabs: the document, the validation time (RFC 3339, empty for now), five
 * lists of files separated by "|": trust anchors, other certificates, CRLs, OCSP responses, detached contents; and
 * "eddsa" where the entries of EdDSA, which the stock policy holds as comments, are to count.
 */
public final class DssJudge {

    private DssJudge() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            Map<String, Object> answer;
            try {
                answer = judge(line.split("\t", -1));
            } catch (Exception | LinkageError | StackOverflowError refusal) {
                answer = Map.of("error", words(refusal));
            }
            answers.println(json(answer));
        }
    }

    private static Map<String, Object> judge(String[] request) throws Exception {
        var anchors = new CommonTrustedCertificateSource();
        for (File file : files(request[2])) {
            anchors.addCertificate(certificate(file));
        }
        var others = new CommonCertificateSource();
        for (File file : files(request[3])) {
            others.addCertificate(certificate(file));
        }
        var verifier = new CommonCertificateVerifier();
        verifier.setAIASource(null);
        verifier.setTrustedCertSources(anchors);
        verifier.setAdjunctCertSources(others);
        verifier.setCrlSource(new ExternalResourcesCRLSource(documents(request[4]).toArray(new DSSDocument[0])));
        verifier.setOcspSource(new ExternalResourcesOCSPSource(documents(request[5]).toArray(new DSSDocument[0])));

        var validator = SignedDocumentValidator.fromDocument(new FileDocument(new File(request[0])));
        validator.setCertificateVerifier(verifier);
        if (!request[1].isEmpty()) {
            validator.setValidationTime(Date.from(Instant.parse(request[1])));
        }
        if (!request[6].isEmpty()) {
            validator.setDetachedContents(documents(request[6]));
        }
        return report(request[7].equals("eddsa") ? validator.validateDocument(withEddsa()) : validator.validateDocument());
    }

    /** The stock policy with its own commented entries of EdDSA made to count, and nothing else changed. */
    private static InputStream withEddsa() throws Exception {
        try (InputStream stock = DssJudge.class.getResourceAsStream("/policy/constraint.xml")) {
            String policy = new String(stock.readAllBytes(), StandardCharsets.UTF_8);
            String changed = policy.replaceAll("<!--\\s*(<Algo[^>]*>EdDSA</Algo>)[^>]*-->", "$1");
            if (changed.equals(policy)) {
                throw new IllegalStateException("the stock policy has no entry of EdDSA to uncomment");
            }
            return new ByteArrayInputStream(changed.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Map<String, Object> report(Reports reports) {
        SimpleReport simple = reports.getSimpleReport();
        List<Object> signatures = new ArrayList<>();
        for (String id : simple.getSignatureIdList()) {
            SignatureWrapper wrapper = reports.getDiagnosticData().getSignatureById(id);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("indication", simple.getIndication(id));
            one.put("sub_indication", simple.getSubIndication(id));
            one.put("format", simple.getSignatureFormat(id));
            one.put("intact", wrapper.isSignatureIntact());
            one.put("valid", wrapper.isSignatureValid());
            one.put("signed_by", simple.getSignedBy(id));
            one.put("best_signature_time", time(simple.getBestSignatureTime(id)));
            one.put("signing_time", time(simple.getSigningTime(id)));
            one.put("said", said(wrapper));
            one.put("structure", wrapper.getStructuralValidationMessages());
            one.put("errors", words(simple.getAdESValidationErrors(id)));
            one.put("warnings", words(simple.getAdESValidationWarnings(id)));
            List<Object> stamps = new ArrayList<>();
            for (XmlTimestamp stamp : simple.getSignatureTimestamps(id)) {
                stamps.add(timestamp(simple, stamp.getId()));
            }
            one.put("timestamps", stamps);
            signatures.add(one);
        }
        List<Object> timestamps = new ArrayList<>();
        for (String id : simple.getTimestampIdList()) {
            timestamps.add(timestamp(simple, id));
        }
        List<Object> records = new ArrayList<>();
        for (String id : simple.getEvidenceRecordIdList()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("indication", simple.getIndication(id));
            one.put("sub_indication", simple.getSubIndication(id));
            one.put("time", time(simple.getEvidenceRecordPOE(id)));
            one.put("errors", words(simple.getAdESValidationErrors(id)));
            records.add(one);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("signatures", signatures);
        answer.put("timestamps", timestamps);
        answer.put("evidence_records", records);
        answer.put("pdfa", simple.getPDFAProfile());
        answer.put("container", simple.getContainerType());
        return answer;
    }

    /** What the signer says of the signature, as far as it says anything. */
    private static Map<String, Object> said(SignatureWrapper wrapper) {
        Map<String, Object> said = new LinkedHashMap<>();
        List<Object> commitments = new ArrayList<>();
        for (var commitment : wrapper.getCommitmentTypeIndications()) {
            commitments.add(commitment.getIdentifier());
        }
        said.put("commitments", commitments);
        List<Object> claimed = new ArrayList<>();
        for (var role : wrapper.getClaimedRoles()) {
            claimed.add(role.getRole());
        }
        said.put("claimed_roles", claimed);
        said.put("certified_roles", wrapper.getCertifiedRoles().size());
        List<Object> place = new ArrayList<>();
        if (wrapper.isSignatureProductionPlacePresent()) {
            for (String part : new String[] {
                wrapper.getStreetAddress(), wrapper.getCity(), wrapper.getStateOrProvince(),
                wrapper.getPostalCode(), wrapper.getCountryName()
            }) {
                place.add(part == null ? "" : part);
            }
            place.addAll(wrapper.getPostalAddress());
        }
        said.put("place", place);
        said.put("policy", wrapper.isPolicyPresent() ? wrapper.getPolicyId() : "");
        said.put("policy_url", wrapper.isPolicyPresent() && wrapper.getPolicyUrl() != null ? wrapper.getPolicyUrl() : "");
        said.put("counter_signature", wrapper.isCounterSignature());
        return said;
    }

    private static Map<String, Object> timestamp(SimpleReport simple, String id) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("indication", simple.getIndication(id));
        one.put("sub_indication", simple.getSubIndication(id));
        one.put("time", time(simple.getProductionTime(id)));
        one.put("produced_by", simple.getProducedBy(id));
        one.put("errors", words(simple.getAdESValidationErrors(id)));
        return one;
    }

    static List<File> files(String field) {
        List<File> found = new ArrayList<>();
        for (String name : field.split("\\|")) {
            if (!name.isEmpty()) {
                found.add(new File(name));
            }
        }
        return found;
    }

    private static List<DSSDocument> documents(String field) {
        List<DSSDocument> found = new ArrayList<>();
        for (File file : files(field)) {
            found.add(new FileDocument(file));
        }
        return found;
    }

    private static CertificateToken certificate(File file) {
        return DSSUtils.loadCertificate(file);
    }

    private static List<String> words(List<Message> messages) {
        List<String> found = new ArrayList<>();
        for (Message message : messages) {
            found.add(message.getKey() + ": " + message.getValue());
        }
        return found;
    }

    static String words(Throwable refusal) {
        List<String> found = new ArrayList<>();
        for (Throwable one = refusal; one != null && found.size() < 5; one = one.getCause()) {
            found.add(one.getClass().getSimpleName() + ": " + one.getMessage());
        }
        return String.join("; ", found);
    }

    private static String time(Date date) {
        return date == null ? null : date.toInstant().toString();
    }

    static String json(Object value) {
        if (value == null || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, member) -> members.add(json(name) + ": " + json(member)));
            return "{" + String.join(", ", members) + "}";
        }
        if (value instanceof List<?> list) {
            List<String> items = new ArrayList<>();
            list.forEach(item -> items.add(json(item)));
            return "[" + String.join(", ", items) + "]";
        }
        var text = new StringBuilder("\"");
        for (char character : value.toString().toCharArray()) {
            if (character == '"' || character == '\\') {
                text.append('\\').append(character);
            } else if (character < 0x20) {
                text.append(String.format("\\u%04x", (int) character));
            } else {
                text.append(character);
            }
        }
        return text.append('"').toString();
    }
}
