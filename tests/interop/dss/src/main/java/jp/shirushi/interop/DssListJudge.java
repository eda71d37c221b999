package jp.shirushi.interop;

import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.tsl.LOTLInfo;
import eu.europa.esig.dss.model.tsl.TLInfo;
import eu.europa.esig.dss.model.tsl.TLValidationJobSummary;
import eu.europa.esig.dss.service.http.commons.FileCacheDataLoader;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.client.http.MemoryDataLoader;
import eu.europa.esig.dss.spi.tsl.TrustedListsCertificateSource;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import eu.europa.esig.dss.tsl.job.TLValidationJob;
import eu.europa.esig.dss.tsl.source.LOTLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges documents by trusted lists in files: one request a line, one line of JSON each, offline, stock policy.
 *
 * <p>A request has eight fields separated by tabs: the document, the validation time (RFC 3339, empty for now), the
 * location of the list of lists, the certificates that sign it, the lists as "location=file", CRLs, OCSP responses, and
 * "mra" where agreements in the list of lists count. Several entries are separated by "|".
 */
public final class DssListJudge {

    private DssListJudge() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            Map<String, Object> answer;
            try {
                answer = judge(line.split("\t", -1));
            } catch (Exception | LinkageError refusal) {
                answer = Map.of("error", DssJudge.words(refusal));
            }
            answers.println(DssJudge.json(answer));
        }
    }

    private static Map<String, Object> judge(String[] request) throws Exception {
        var source = new TrustedListsCertificateSource();
        TLValidationJobSummary summary = load(request, source);
        var verifier = new CommonCertificateVerifier();
        verifier.setAIASource(null);
        verifier.setTrustedCertSources(source);
        verifier.setCrlSource(new ExternalResourcesCRLSource(documents(request[5])));
        verifier.setOcspSource(new ExternalResourcesOCSPSource(documents(request[6])));
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(new File(request[0])));
        validator.setCertificateVerifier(verifier);
        if (!request[1].isEmpty()) {
            validator.setValidationTime(Date.from(Instant.parse(request[1])));
        }
        SimpleReport simple = validator.validateDocument().getSimpleReport();
        List<Object> signatures = new ArrayList<>();
        for (String id : simple.getSignatureIdList()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("indication", simple.getIndication(id));
            one.put("sub_indication", simple.getSubIndication(id));
            one.put("qualification", simple.getSignatureQualification(id).getReadable());
            List<Object> stamps = new ArrayList<>();
            for (var stamp : simple.getSignatureTimestamps(id)) {
                stamps.add(simple.getTimestampQualification(stamp.getId()).name());
            }
            one.put("time_stamps", stamps);
            signatures.add(one);
        }
        return Map.of("signatures", signatures, "lists", lists(summary));
    }

    private static TLValidationJobSummary load(String[] request, TrustedListsCertificateSource target) throws Exception {
        Map<String, byte[]> contents = new HashMap<>();
        for (String entry : request[4].split("\\|")) {
            int sign = entry.indexOf('=');
            contents.put(entry.substring(0, sign), Files.readAllBytes(new File(entry.substring(sign + 1)).toPath()));
        }
        var signers = new CommonTrustedCertificateSource();
        for (File file : DssJudge.files(request[3])) {
            signers.addCertificate(DSSUtils.loadCertificate(file));
        }
        var root = new LOTLSource();
        root.setUrl(request[2]);
        root.setCertificateSource(signers);
        root.setPivotSupport(false);
        root.setMraSupport(request[7].equals("mra"));
        root.setTlPredicate(pointer -> contents.containsKey(pointer.getTSLLocation())
                && !pointer.getTSLLocation().equals(request[2]));
        var loader = new FileCacheDataLoader(new MemoryDataLoader(contents));
        File folder = Files.createTempDirectory("shirushi-lists-").toFile();
        loader.setFileCacheDirectory(folder);
        var job = new TLValidationJob();
        job.setListOfTrustedListSources(root);
        job.setOnlineDataLoader(loader);
        job.setTrustedListCertificateSource(target);
        job.onlineRefresh();
        for (File file : folder.listFiles()) {
            Files.delete(file.toPath());
        }
        Files.delete(folder.toPath());
        return target.getSummary();
    }

    private static List<Object> lists(TLValidationJobSummary summary) {
        List<Object> found = new ArrayList<>();
        for (LOTLInfo lotl : summary.getLOTLInfos()) {
            found.add(told(lotl));
            for (TLInfo list : lotl.getTLInfos()) {
                found.add(told(list));
            }
        }
        return found;
    }

    private static Map<String, Object> told(TLInfo list) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("location", list.getUrl());
        one.put("valid", list.getValidationCacheInfo().isValid());
        one.put("structure", list.getParsingCacheInfo().getStructureValidationMessages());
        one.put("error", list.getDownloadCacheInfo().isError() ? list.getDownloadCacheInfo().getExceptionMessage() : null);
        return one;
    }

    private static DSSDocument[] documents(String field) {
        return DssJudge.files(field).stream().map(FileDocument::new).toArray(DSSDocument[]::new);
    }
}
