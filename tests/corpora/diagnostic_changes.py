"""How the oracle's cases change their data and their policy before they judge.

The corpus says only that a case changes something. What it changes was read in the public sources of DSS's tests (the
executor tests of its validation module, release 6.4) and is told here as facts, in the words of our own policy: nothing of
their code is here. A case is a series of steps, one for each indication that it asserts; a step's data edits add to those
of the steps before. Cases whose changes are not told here are not counted. `BY_ANALOGY` names those that our policy
cannot say as they stand.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

from shirushi.core.algorithms import DigestAlgorithm, Scheme
from shirushi.core.evidence import KeyUsage
from shirushi.core.instant import Instant, instant
from shirushi.rules.ades import EU, Severity, ValidationPolicy
from shirushi.rules.ades.requirements import Aspect, Requirement
from shirushi.rules.suites import MODERN, AlgorithmCatalogue, DigestEntry, SchemeEntry
from tests.corpora.diagnostic_material import NS, Element, all_of, one_of

FAIL, WARN, IGNORE = Severity.FAIL, Severity.WARN, Severity.IGNORE
Edit = Callable[[Element], None]


def nothing(root: Element) -> None:
    """No change of the data."""


@dataclass(frozen=True)
class Step:
    """What is changed before one verdict. `stamp` asks for the verdict on the first time-stamp instead."""

    edit: Edit = nothing
    policy: ValidationPolicy = EU
    stamp: bool = False


def steps(*edits: Edit, **policy: Any) -> tuple[Step, ...]:
    """The edits one after the other, each judged by the same policy."""
    made = replace(EU, **policy)
    return tuple(Step(edit, made) for edit in (edits or (nothing,)))


# The places in the data


def signature(root: Element) -> Element:
    return all_of(root, "Signatures/Signature")[0]


def stamp(root: Element, index: int = 0) -> Element:
    return all_of(root, "UsedTimestamps/Timestamp")[index]


def signer_of(root: Element, element: Element) -> Element:
    found = one_of(element, "SigningCertificate")
    assert found is not None
    return next(
        c for c in all_of(root, "UsedCertificates/Certificate") if c.get("Id") == found.get("Certificate")
    )


def signer(root: Element) -> Element:
    return signer_of(root, signature(root))


def put(parent: Element, path: str, text: str | None) -> None:
    """Set the text of an element below `parent`, made where it is absent; None takes it away."""
    *above, tag = path.split("/")
    for step in above:
        found = one_of(parent, step)
        parent = found if found is not None else ET.SubElement(parent, NS + step)
    found = one_of(parent, tag)
    if text is None:
        if found is not None:
            parent.remove(found)
        return
    if found is None:
        found = ET.SubElement(parent, NS + tag)
    found.text = text


def on(place: Callable[[Element], Element], path: str, text: str | None) -> Edit:
    return lambda root: put(place(root), path, text)


def both(*edits: Edit) -> Edit:
    def every(root: Element) -> None:
        for edit in edits:
            edit(root)

    return every


def extension(tag: str, oid: str, *children: tuple[str, str]) -> Edit:
    """The signing certificate with an extension anew."""

    def edit(root: Element) -> None:
        extensions = one_of(signer(root), "CertificateExtensions")
        assert extensions is not None
        for old in all_of(extensions, tag):
            extensions.remove(old)
        made = ET.SubElement(extensions, NS + tag, OID=oid, critical="false")
        for path, text in children:
            if text in ("true", "false"):
                ET.SubElement(made, NS + path, present=text)
            else:
                put(made, path, text)

    return edit


def qc(*children: tuple[str, str]) -> Edit:
    return extension("QcStatements", "1.3.6.1.5.5.7.1.3", *children)


def requires(aspect: Aspect, *any_of: str, severity: Severity = FAIL, **more: Any) -> tuple[Requirement, ...]:
    return (Requirement(aspect, frozenset(any_of), severity=severity, **more),)


def demand(aspect: Aspect, *any_of: str, **more: Any) -> dict[str, Any]:
    return {"signer_requirements": requires(aspect, *any_of, **more)}


# Names of the subject


def names(name: str, tag: str, aspect: Aspect, value: str | None, other: str) -> dict[str, tuple[Step, ...]]:
    prefix = f"SubX509CertificateValidationExecutorTest.{name}Name"
    edit = on(signer, tag, value) if value else nothing
    good = value or "LU"
    return {
        f"{prefix}ValidTest": steps(edit, **demand(aspect, good)),
        f"{prefix}InvalidTest": steps(edit, **demand(aspect, other)),
    }


def email(value: str) -> tuple[Step, ...]:
    return steps(on(signer, "Email", value), **demand(Aspect.EMAIL_ADDRESS, "valid@email.com"))


NAMES = {
    **names("surname", "Surname", Aspect.SURNAME, "Freeman", "Di Caprio"),
    **names("givenname", "GivenName", Aspect.GIVEN_NAME, "Alice", "Bob"),
    **names("commonname", "CommonName", Aspect.COMMON_NAME, "TestName", "ProdName"),
    **names("pseudonym", "Pseudonym", Aspect.PSEUDONYM, "Pseudonym", "Anonymous"),
    **names("title", "Title", Aspect.TITLE, "CEO", "CFO"),
    **names("country", "CountryName", Aspect.COUNTRY_NAME, None, "FR"),
    **names("locality", "Locality", Aspect.LOCALITY_NAME, "Kehlen", "Strassen"),
    **names("state", "State", Aspect.STATE_OR_PROVINCE_NAME, "Kehlen", "Strassen"),
    **names(
        "organizationIdentifier",
        "OrganizationIdentifier",
        Aspect.ORGANIZATION_IDENTIFIER,
        "1215452",
        "5215351",
    ),
    **names(
        "organizationUnit", "OrganizationalUnit", Aspect.ORGANIZATIONAL_UNIT_NAME, "Org Unit 1", "Org Unit 2"
    ),
    **names(
        "organization", "OrganizationName", Aspect.ORGANIZATION_NAME, "Nowina Solutions", "Oldwina Solutions"
    ),
    "SubX509CertificateValidationExecutorTest.emailNameValidTest": email("valid@email.com"),
    "SubX509CertificateValidationExecutorTest.emailNameInvalidTest": email("invalid@email.com"),
}

# Statements of qualified certificates


def semantics(*accepted: str, first: str, then: str) -> tuple[Step, ...]:
    oid = "0.4.0.194121.1."
    return steps(
        qc(("SemanticsIdentifier", oid + first)),
        qc(("SemanticsIdentifier", oid + then)),
        **demand(Aspect.SEMANTICS_IDENTIFIER, *(oid + each for each in accepted)),
    )


def legislation() -> tuple[Step, ...]:
    """The EU's own certificates name no country; then one that is not accepted, then one that is."""
    eu = replace(EU, **demand(Aspect.QC_LEGISLATION, none_of=frozenset({"*"})))
    lu = replace(EU, **demand(Aspect.QC_LEGISLATION, "LU"))
    fr = replace(EU, **demand(Aspect.QC_LEGISLATION, "LU", "FR"))
    france = qc(("QcCClegislation/CountryName", "FR"))
    return (Step(qc(), eu), Step(france, eu), Step(france, lu), Step(france, fr))


_QC = "QcStatementsValidationExecutorTest."
STATEMENTS = {
    _QC + "qcComplianceTest": steps(
        nothing, qc(("QcCompliance", "true")), **demand(Aspect.QC_STATEMENT, "0.4.0.1862.1.1")
    ),
    _QC + "qcSSCDTest": steps(
        qc(("QcSSCD", "false")), qc(("QcSSCD", "true")), **demand(Aspect.QC_STATEMENT, "0.4.0.1862.1.4")
    ),
    _QC + "qcEuLimitValueCurrencyTest": steps(
        qc(("QcEuLimitValue/currency", "AUD")),
        qc(("QcEuLimitValue/currency", "EUR")),
        **demand(Aspect.QC_LIMIT_CURRENCY, "EUR"),
    ),
    _QC + "qcEuPDSLocationTest": steps(
        qc(("QcEuPDS", "https://repository.eid.lux.lu")),
        qc(("QcEuPDS", "https://repository.eid.belgium.be")),
        **demand(Aspect.QC_PDS, "https://repository.eid.belgium.be"),
    ),
    _QC + "qcTypeTest": steps(
        qc(("QcTypes/QcType", "0.4.0.1862.1.6.2")),
        qc(("QcTypes/QcType", "0.4.0.1862.1.6.1")),
        **demand(Aspect.QC_TYPE, "0.4.0.1862.1.6.1"),
    ),
    _QC + "qcCCLegislationTest": legislation(),
    _QC + "semanticsIdentifierForLegalPersonTest": semantics("2", first="1", then="2"),
    _QC + "semanticsIdentifierForNaturalPersonTest": semantics("1", "3", first="2", then="1"),
    _QC + "semanticsIdentifierForEIDASLegalPersonTest": semantics("2", "4", first="3", then="4"),
    _QC + "semanticsIdentifierForEIDASNaturalPersonTest": semantics("3", first="4", then="3"),
}

# Entries of signed manifests


def matchers(root: Element) -> list[Element]:
    return all_of(signature(root), "DigestMatchers/DigestMatcher")


def misnamed(index: int, name: str) -> Edit:
    return lambda root: matchers(root)[index].set("documentName", name)


def matcher(index: int, *, found: bool, intact: bool) -> Edit:
    def edit(root: Element) -> None:
        put(matchers(root)[index], "DataFound", str(found).lower())
        put(matchers(root)[index], "DataIntact", str(intact).lower())

    return edit


def entries_lost(root: Element) -> None:
    for each in matchers(root):
        if each.get("type") == "MANIFEST_ENTRY":
            each.attrib.pop("documentName", None)
            put(each, "DataFound", "false")
            put(each, "DataIntact", "false")


def entries_removed(root: Element) -> None:
    parent = one_of(signature(root), "DigestMatchers")
    assert parent is not None
    for each in matchers(root):
        if each.get("type") == "MANIFEST_ENTRY":
            parent.remove(each)


def manifest(present: Severity, complete: Severity, intact: Severity, named: Severity) -> dict[str, Any]:
    return {
        "manifest_present": present,
        "manifest_complete": complete,
        "manifest_intact": intact,
        "manifest_names": named,
    }


_LAST = -2
_MANIFEST_EDITS = {
    "NameNoMatch": misnamed(_LAST, "wrong-name.pdf"),
    "NoIntact": matcher(_LAST, found=True, intact=False),
    "NoFound": matcher(_LAST, found=False, intact=False),
    "NoFoundAll": entries_lost,
    "EntriesNotPresent": entries_removed,
}
_MANIFEST_POLICIES = {
    "AllStrict": manifest(FAIL, FAIL, FAIL, FAIL),
    "AllLax": manifest(FAIL, FAIL, FAIL, WARN),
    "PartialStrict": manifest(FAIL, WARN, FAIL, FAIL),
    "PartialLax": manifest(FAIL, WARN, FAIL, WARN),
    "IgnoreIfNotFound": manifest(WARN, WARN, FAIL, WARN),
    "IgnoreAll": manifest(WARN, WARN, WARN, WARN),
}
_M = "ManifestEntriesValidationExecutorTest."
MANIFESTS = {
    **{
        f"{_M}manifestValidation{group}{change}": steps(edit, **policy)
        for group, policy in _MANIFEST_POLICIES.items()
        for change, edit in _MANIFEST_EDITS.items()
    },
    # these load the default policy after they have made their own
    **{f"{_M}manifestValidation{group}Pass": steps() for group in _MANIFEST_POLICIES},
    f"{_M}manifestValidationIgnoreAllNotFoundAll": steps(entries_lost, **_MANIFEST_POLICIES["IgnoreAll"]),
    f"{_M}detachedDocNameDoNotMatchWarnLevel": steps(misnamed(0, "wrong-name.xml"), reference_names=WARN),
    f"{_M}detachedDocNameDoNotMatchFailLevel": steps(misnamed(0, "wrong-name.xml"), reference_names=FAIL),
    f"{_M}asicManifestEntryNotPresent": steps(matcher(1, found=False, intact=False)),
    f"{_M}asicManifestEntryNotIntact": steps(matcher(1, found=True, intact=False)),
}
del MANIFESTS[f"{_M}manifestValidationIgnoreAllNoFoundAll"]  # it is called NotFoundAll

# RFC 5280


def emptied(tag: str, child: str, place: Callable[[Element], Element] = signer) -> Edit:
    """A certificate with an extension that lists nothing."""

    def edit(root: Element) -> None:
        for found in all_of(place(root), f"CertificateExtensions/{tag}"):
            for each in all_of(found, child):
                found.remove(each)

    return edit


def policies(value: str) -> Edit:
    return extension("CertificatePolicies", "2.5.29.32", ("certificatePolicy", value))


def ca(root: Element) -> Element:
    return signer_of(root, signer(root))


def tsu(root: Element) -> Element:
    return signer_of(root, stamp(root))


_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
_no_check = extension("IdPkixOcspNoCheck", _NO_CHECK)
_forbidden = {"none_of": frozenset({_NO_CHECK})}
_R = "RFC5280ValidationExecutorTest."
RFC_5280 = {
    _R + "noRevocationAccessPointsTest": steps(**demand(Aspect.REVOCATION_ACCESS, "*")),
    _R + "noAIATest": steps(
        emptied("AuthorityInformationAccess", "caIssuersUrl"), **demand(Aspect.ISSUER_ACCESS, "*")
    ),
    _R + "certificatePolicyIdsTest": steps(
        policies("1.3.76.38.1.1.2"),
        policies(""),
        policies(""),
        policies(" "),
        policies("1.3.76.38.1.1.1"),
        **demand(Aspect.CERTIFICATE_POLICY, "1.3.76.38.1.1.1"),
    ),
    # NCP+, then QCP public: those that promise a qualified certificate (EN 319 411-2, TS 101 456)
    _R + "certificatePolicyQualifiedIdsTest": steps(
        policies("0.4.0.2042.1.2"),
        policies("0.4.0.1456.1.2"),
        **demand(Aspect.CERTIFICATE_POLICY, "0.4.0.1456.1.1", "0.4.0.1456.1.2", "0.4.0.194112.1.0"),
    ),
    # NCP+, then QCP public with SSCD: those that promise a qualified device
    _R + "certificatePolicySupportedByQSCDIdsTest": steps(
        policies("0.4.0.2042.1.2"),
        policies("0.4.0.1456.1.1"),
        **demand(Aspect.CERTIFICATE_POLICY, "0.4.0.1456.1.1", "0.4.0.194112.1.2"),
    ),
    _R + "signCertKeyUsageValidTest": steps(
        key_usage=FAIL, signer_key_usage=frozenset({KeyUsage.NON_REPUDIATION})
    ),
    _R + "signCertKeyUsageInvalidTest": steps(
        key_usage=FAIL, signer_key_usage=frozenset({KeyUsage.DIGITAL_SIGNATURE})
    ),
    _R + "caCertKeyUsageInvalidTest": steps(
        emptied("KeyUsages", "keyUsageBit", ca),
        ca_requirements=requires(Aspect.KEY_USAGE, "KEY_CERT_SIGN"),
    ),
    _R + "signCertExtendedKeyUsageValidTest": (Step(stamp=True),),
    _R + "signCertExtendedKeyUsageInvalidTest": (
        Step(emptied("ExtendedKeyUsages", "extendedKeyUsageOid", tsu), stamp=True),
    ),
    _R + "forbiddenCertificateExtensionTest": steps(_no_check, **demand(Aspect.EXTENSION, **_forbidden)),
    _R + "forbiddenCertificateExtensionWarnTest": steps(
        _no_check, **demand(Aspect.EXTENSION, severity=WARN, **_forbidden)
    ),
    _R + "supportedCriticalCertificateExtensionsTest": steps(
        **demand(Aspect.CRITICAL_EXTENSION, only=frozenset({"2.5.29.15"}))
    ),
    _R + "supportedCriticalCertificateExtensionsInvalidTest": steps(
        **demand(Aspect.CRITICAL_EXTENSION, only=frozenset({"2.5.29.19"}))
    ),
}

# Content time-stamps


def broken_stamp(root: Element) -> None:
    put(stamp(root), "BasicSignature/SignatureIntact", "false")


_C = "ContentTimestampBasicValidationExecutorTest."
CONTENT_STAMPS = {
    _C + "contentTstValidTest": steps(content_time_stamps=FAIL),
    _C + "contentTstInvalidNoConstraintTest": steps(broken_stamp),
    _C + "contentTstInvalidIgnoreLevelTest": steps(broken_stamp, content_time_stamps=IGNORE),
    _C + "contentTstInvalidWarnLevelTest": steps(broken_stamp, content_time_stamps=WARN),
    _C + "contentTstInvalidFailLevelTest": steps(broken_stamp, content_time_stamps=FAIL),
    _C + "contentTstValidLtaEnabledTest": steps(content_time_stamps=FAIL),
    _C + "contentTstInvalidWarnLevelLtaEnabledTest": steps(broken_stamp, content_time_stamps=WARN),
    _C + "contentTstInvalidFailLevelLtaEnabledTest": steps(broken_stamp, content_time_stamps=FAIL),
    _C + "contentTstExpiredWithPOEValidLtaEnabledTest": steps(content_time_stamps=FAIL),
    _C + "contentTstExpiredNoPOEValidLtaEnabledTest": steps(
        on(tsu, "NotAfter", "2018-12-06T13:04:10Z"), content_time_stamps=FAIL
    ),
}

# Freshness of revocation data

_NOW, _DAY = timedelta(0), timedelta(days=1)
_F = "RevocationFreshnessExecutorTest."
FRESHNESS = {
    _F + "thisUpdateBeforeBestSignatureTimeNoRevocationFreshnessCheckTest": steps(
        freshness=IGNORE, max_freshness=_NOW
    ),
    _F + "thisUpdateBeforeBestSignatureTimeWithRevocationFreshnessCheckTest": steps(
        freshness=FAIL, ca_freshness=IGNORE, max_freshness=_NOW
    ),
    _F + "revocationFreshnessSigningCertificateTest": steps(
        freshness=FAIL, ca_freshness=IGNORE, max_freshness=_NOW
    ),
    _F + "revocationFreshnessSigningCertificateWithTimeTest": steps(
        freshness=FAIL, ca_freshness=IGNORE, max_freshness=_DAY
    ),
    _F + "revocationFreshnessCACertificateTest": steps(
        freshness=IGNORE, ca_freshness=FAIL, max_freshness=_NOW
    ),
    _F + "revocationFreshnessCACertificateNextUpdateCheckTest": steps(
        freshness=IGNORE, ca_freshness=FAIL, max_freshness=None
    ),
}

# Algorithms


def suite(
    until: str | None = None,
    since: str | None = None,
    *,
    scheme_until: str | None = None,
    scheme_since: str | None = None,
    least: int = 1024,
    most: int | None = None,
) -> dict[str, Any]:
    def at(text: str | None) -> Instant | None:
        return instant(f"{text}T00:00:00Z") if text else None

    sha256, sha512, why = DigestAlgorithm.SHA256, DigestAlgorithm.SHA512, "the case's suite"
    schemes = (
        SchemeEntry(
            Scheme.RSA_PKCS1, least, at(scheme_until), why, frozenset(), sha256, most, at(scheme_since)
        ),
        SchemeEntry(Scheme.RSA_PKCS1, 1024, None, why, frozenset(), sha512),
    )
    digests = (DigestEntry(sha256, at(until), why, at(since)), DigestEntry(sha512, None, why))
    return {"catalogue": AlgorithmCatalogue("the case's suite", digests, schemes)}


def sha1_until(year: int) -> dict[str, Any]:
    entries = tuple(
        replace(e, until=instant(f"{year}-01-01T00:00:00Z")) if e.algorithm is DigestAlgorithm.SHA1 else e
        for e in MODERN.digests
    )
    return {"catalogue": replace(MODERN, digests=entries)}


def reference_by_sha1(root: Element) -> None:
    for reference in signature(root).iter(NS + "CertificateRef"):
        put(reference, "DigestAlgoAndValue/DigestMethod", "SHA1")


def without_stamps(root: Element) -> None:
    for parent in (one_of(signature(root), "FoundTimestamps"), one_of(root, "UsedTimestamps")):
        assert parent is not None
        parent.clear()


def basic(place: Callable[[Element], Element], tag: str, value: str) -> Edit:
    return on(place, f"BasicSignature/{tag}", value)


_DIGEST, _BITS = "DigestAlgoUsedToSignThisToken", "KeyLengthUsedToSignThisToken"
_CIPHER = "EncryptionAlgoUsedToSignThisToken"
_md2 = basic(signature, _DIGEST, "MD2")
_X = "CryptographicValidationExecutorTest."
_19322 = "CryptographicValidationWithCustomCryptographicSuite19322Test."
ALGORITHMS = {
    _19322 + "validTest": steps(**suite(most=3000)),
    _19322 + "digestAlgoExpiredTest": steps(**suite("2020-01-01")),
    _19322 + "digestAlgoNotYetValidTest": steps(**suite(since="2022-01-01")),
    _19322 + "sigAlgoExpiredTest": steps(**suite(scheme_until="2020-01-01")),
    _19322 + "sigAlgoNotYetValidTest": steps(**suite(scheme_since="2022-01-01")),
    _19322 + "sigAlgoKeyTooSmallTest": steps(**suite(least=3000)),
    _19322 + "sigAlgoKeyTooBigTest": steps(**suite(most=1900)),
    _X + "dss1635Test": (
        Step(policy=replace(EU, **sha1_until(2014))),
        Step(policy=replace(EU, **sha1_until(2013))),
    ),
    _X + "etsiTS119312V151UpdateTest": steps(
        nothing,
        *(
            on(stamp, "ProductionTime", f"{day}T00:00:00Z")
            for day in ("2008-01-01", "2012-01-01", "2012-08-01", "2013-01-01")
        ),
    ),
    _X + "digestMatcherCryptoTest": steps(lambda root: put(matchers(root)[1], "DigestMethod", "SHA1")),
    _X + "tstDigestMatcherCryptoTest": steps(
        lambda root: put(all_of(stamp(root), "DigestMatcher")[0], "DigestMethod", "SHA1")
    ),
    _X + "dsaWith1024KeySizeTest": steps(basic(signature, _BITS, "1024")),
    _X + "signCertRefWithSHA1Test": steps(reference_by_sha1, certificate_reference_digest=FAIL),
    _X + "signCertRefWithSHA1WarnTest": steps(
        reference_by_sha1, certificate_reference_digest=FAIL, cryptography=WARN
    ),
    _X + "signCertRefWarnWithSHA1Test": steps(reference_by_sha1, certificate_reference_digest=WARN),
    _X + "signCertRefDigestCheckOnLTATest": steps(certificate_reference_digest=FAIL),
    _X + "signatureWithMD2Test": steps(both(_md2, without_stamps)),
    _X + "signatureWithMD2AndContentTstTest": steps(_md2),
    _X + "signatureWithMD2AndSHA3with224ContentTstTest": steps(both(_md2, basic(stamp, _DIGEST, "SHA3_224"))),
    _X + "xadesRsaPssFailureTest": steps(
        both(basic(signature, _CIPHER, "RSASSA-PSS"), basic(signature, _BITS, "1872"))
    ),
}

# References to the signing certificate, chains, changes of PDFs

_A, _B = "DSS2025ExecutorTest.", "DSS2056ExecutorTest."


def untrusted(root: Element) -> None:
    for each in all_of(root, "UsedCertificates/Certificate"):
        put(each, "Trusted", "false")


def byte_range_broken(root: Element) -> None:
    found = one_of(signature(root), "PDFRevision/PDFSignatureDictionary/SignatureByteRange")
    assert found is not None
    found.set("valid", "false")
    put(signature(root), "BasicSignature/SignatureIntact", "false")
    put(signature(root), "BasicSignature/SignatureValid", "false")


OTHERS = {
    "DSS2025ExecutorTest.dss2025AnotherCertSignCertRef": steps(),
    "CertificateChainValidationExecutorTest.notTrustedCertChainTest": steps(untrusted),
    "PDFValidationExecutorTest.invalidByteRangeTest": steps(byte_range_broken),
    "PDFValidationExecutorTest.invalidByteRangeWarnTest": steps(byte_range_broken, structure=WARN),
    "PDFValidationExecutorTest.padesMultiSignerInfoPresentWarnTest": steps(structure=WARN),
    "OCSPNextUpdateValidationExecutorTest.nextUpdateCheckTest": steps(),
}

CHANGES: dict[str, tuple[Step, ...]] = {
    **NAMES,
    **STATEMENTS,
    **MANIFESTS,
    **RFC_5280,
    **CONTENT_STAMPS,
    **FRESHNESS,
    **ALGORITHMS,
    **OTHERS,
}

_LEVEL_ALONE = "the case sets a level alone, and DSS knows the values; ours stand here"
_ALL_STAMPS = "the case asks that every time-stamp be valid; ours asks it of those on the content, which the case breaks"
BY_ANALOGY = {
    _R + "certificatePolicyQualifiedIdsTest": _LEVEL_ALONE,
    _R + "certificatePolicySupportedByQSCDIdsTest": _LEVEL_ALONE,
    _R + "noRevocationAccessPointsTest": _LEVEL_ALONE,
    _R + "noAIATest": _LEVEL_ALONE,
    _QC + "qcComplianceTest": _LEVEL_ALONE,
    _QC + "qcSSCDTest": _LEVEL_ALONE,
    _R + "signCertExtendedKeyUsageValidTest": "the case asks for the key usage by policy; ours always does",
    _R + "signCertExtendedKeyUsageInvalidTest": "as above",
    **dict.fromkeys(CONTENT_STAMPS.keys() - {_C + "contentTstInvalidNoConstraintTest"}, _ALL_STAMPS),
}
"""Cases of which our policy says something else to the same end, and what."""
