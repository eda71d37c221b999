import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x509.CertPolicyId;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyMappings;
import org.bouncycastle.asn1.x509.qualified.ETSIQCObjectIdentifiers;
import org.bouncycastle.asn1.x509.qualified.QCStatement;
import org.bouncycastle.asn1.x509.qualified.RFC3739QCObjectIdentifiers;
import org.bouncycastle.asn1.x509.qualified.SemanticsInformation;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Bouncy Castle's opinion of certificates. The argument is a file of cases, each a line of fields between tabs: the
 * certificate, the anchor, the certificates between, the CRLs (each list between commas; without CRLs nobody asks for
 * revocation), the time in milliseconds, the policy that must hold or nothing. A line of fields comes back for each:
 * "accepted" and what it read in the certificate, or "refused" and why.
 */
public class CertificateJudge {
    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            System.out.println(judge(line.split("\t", -1)));
        }
    }

    private static String judge(String[] given) {
        try {
            X509Certificate target = certificate(given[0]);
            X509Certificate anchor = certificate(given[1]);
            List<Object> known = new ArrayList<>(List.of(target));
            for (String path : list(given[2])) {
                known.add(certificate(path));
            }
            for (String path : list(given[3])) {
                known.add(factory().generateCRL(bytes(path)));
            }
            if (target.equals(anchor)) {
                target.verify(target.getPublicKey(), "BC");
                target.checkValidity(new Date(Long.parseLong(given[4])));
            } else {
                build(target, anchor, known, given);
            }
            return "accepted\t" + String.join("\t", read(new X509CertificateHolder(target.getEncoded())));
        } catch (Exception failure) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return ("refused\t" + failure + "; " + cause).replaceAll("[\r\n]+", " ");
        }
    }

    private static void build(X509Certificate target, X509Certificate anchor, List<Object> known, String[] given)
            throws Exception {
        X509CertSelector wanted = new X509CertSelector();
        wanted.setCertificate(target);
        PKIXBuilderParameters asked = new PKIXBuilderParameters(Set.of(new TrustAnchor(anchor, null)), wanted);
        asked.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known), "BC"));
        asked.setRevocationEnabled(!given[3].isEmpty());
        asked.setDate(new Date(Long.parseLong(given[4])));
        if (!given[5].isEmpty()) {
            asked.setInitialPolicies(Set.of(given[5]));
            asked.setExplicitPolicyRequired(true);
        }
        CertPathBuilder.getInstance("PKIX", "BC").build(asked);
    }

    /** What the certificate says, as `name=value`. */
    private static List<String> read(X509CertificateHolder certificate) {
        List<String> found = new ArrayList<>();
        Extensions extensions = certificate.getExtensions();
        CertificatePolicies policies = CertificatePolicies.fromExtensions(extensions);
        if (policies != null) {
            for (var each : policies.getPolicyInformation()) {
                found.add("policy=" + each.getPolicyIdentifier());
            }
        }
        ExtendedKeyUsage purposes = ExtendedKeyUsage.fromExtensions(extensions);
        if (purposes != null) {
            for (var each : purposes.getUsages()) {
                found.add("purpose=" + each.getId());
            }
        }
        GeneralNames names = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        if (names != null) {
            for (GeneralName each : names.getNames()) {
                found.add("name=" + each.getTagNo() + ":" + each.getName());
            }
        }
        for (ASN1Encodable each : sequence(extensions, Extension.policyMappings)) {
            ASN1Sequence pair = ASN1Sequence.getInstance(each);
            CertPolicyId ours = CertPolicyId.getInstance(pair.getObjectAt(0));
            found.add("mapping=" + ours.getId() + "=" + CertPolicyId.getInstance(pair.getObjectAt(1)).getId());
        }
        ASN1Encodable constraints = extensions.getExtensionParsedValue(Extension.nameConstraints);
        if (constraints != null) {
            NameConstraints bounds = NameConstraints.getInstance(constraints);
            for (GeneralSubtree each : orNone(bounds.getPermittedSubtrees())) {
                found.add("permitted=" + each.getBase().getTagNo() + ":" + each.getBase().getName());
            }
            for (GeneralSubtree each : orNone(bounds.getExcludedSubtrees())) {
                found.add("excluded=" + each.getBase().getTagNo() + ":" + each.getBase().getName());
            }
        }
        for (ASN1Encodable each : sequence(extensions, Extension.qCStatements)) {
            found.addAll(statement(QCStatement.getInstance(each)));
        }
        return found;
    }

    private static List<String> statement(QCStatement each) {
        var kind = each.getStatementId();
        var content = each.getStatementInfo();
        if (kind.equals(RFC3739QCObjectIdentifiers.id_qcs_pkixQCSyntax_v2)) {
            return List.of("semantics=" + SemanticsInformation.getInstance(content).getSemanticsIdentifier());
        }
        List<String> found = new ArrayList<>();
        if (kind.equals(ETSIQCObjectIdentifiers.id_etsi_qcs_QcType)) {
            ASN1Sequence.getInstance(content).forEach(type -> found.add("type=" + type));
        } else if (kind.equals(ETSIQCObjectIdentifiers.id_etsi_qcs_QcPds)) {
            for (ASN1Encodable place : ASN1Sequence.getInstance(content)) {
                ASN1Sequence pair = ASN1Sequence.getInstance(place);
                found.add("pds=" + pair.getObjectAt(0) + "=" + pair.getObjectAt(1));
            }
        } else if (content == null) {
            found.add("statement=" + kind);
        } else {
            found.add("statement=" + kind + "=" + content);
        }
        return found;
    }

    private static ASN1Sequence sequence(Extensions extensions, org.bouncycastle.asn1.ASN1ObjectIdentifier kind) {
        ASN1Encodable value = extensions.getExtensionParsedValue(kind);
        return value == null ? new org.bouncycastle.asn1.DERSequence() : ASN1Sequence.getInstance(value);
    }

    private static GeneralSubtree[] orNone(GeneralSubtree[] found) {
        return found == null ? new GeneralSubtree[0] : found;
    }

    private static String[] list(String paths) {
        return paths.isEmpty() ? new String[0] : paths.split(",");
    }

    private static X509Certificate certificate(String path) throws Exception {
        return (X509Certificate) factory().generateCertificate(bytes(path));
    }

    private static CertificateFactory factory() throws Exception {
        return CertificateFactory.getInstance("X.509", "BC");
    }

    private static ByteArrayInputStream bytes(String path) throws IOException {
        return new ByteArrayInputStream(Files.readAllBytes(Path.of(path)));
    }
}
