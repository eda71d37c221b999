"""All 372 signed documents of the EU's validation library, against what its own tests assert of them.

Where we differ, the tables say why; a table that lists more than needed fails, as one that lists less does.
"""

from collections import Counter

import pytest

from shirushi.core.evidence import SignatureFormat
from shirushi.core.verdict import Indication, SubIndication
from tests.corpora.signed_documents import Judged, judged
from tests.results import record

pytestmark = pytest.mark.corpora

RECORDS = {SignatureFormat.ERS, SignatureFormat.XMLERS}
MOST_DIFFERENCES = 3

REFUSED = {
    "test.zip": "ASIC_MALFORMED",  # an archive of no signature
    "serialization-wrong-payload-type.json": "JWS_MALFORMED",  # as its name says
}

WITHOUT_SIGNATURE = {"test.zip", "sample.json", "sample.pdf", "timestamped-fields.pdf"}
"""Controls of those who sign or look for nothing: there is no signature whose being intact could be found."""

WITHOUT_CONTENT = {
    # what they cover is given by a test and is not in the corpus: the value is right, and nothing contradicts
    "cades-ats-v3-wrong-crl.p7s",
    "cades-double-signing-certificate.p7m",
    "cades-invalid-ocsp-responses-encoding.p7s",
    "cadesLTAwithATv2.sig",
    "signatureExtendedTwoLTA.p7s",
    "detached_with_counter_sig.p7m",
    "test.txt.signed_Certipost-2048.detached.old.p7s",
    "C-E-ERS-detached-ber.p7s",
    "Double-C-E-ERS-detached_hashtree_renewal.p7m",
    "d-trust.tsr",
    "jades-detached-by-uri-encoded-pars.json",  # its value is over the content itself
    "jades-detached-by-uri-hash-encoded-pars.json",
    "jades-flattened-BpB-detached-objectByURIHash.json",
    "dss-817-test.xml",
    "simple-test-signed-xades-baseline-b.xml",
    "X-E-ERS-DETACHED-LT-data-not-covered-chain-renewal-invalid.xml",
    "X-E-ERS-DETACHED-LT-data-not-covered-chain-renewal.xml",
    "X-E-ERS-DETACHED-LT-sig-invalid-digest.xml",
    "X-E-ERS-DETACHED-LT-sig-not-covered.xml",
    "X-E-ERS-MANIFEST.xml",
    "xades-500-references.xml",
    "xades-900-references.xml",
}
WITHOUT_CERTIFICATE = {
    # as above, with the signer's certificate: nothing is said to be intact or not
    "tstWithEmptyCertSource.asice",
    "no-key-info-cert.pkcs7",
    "dss1788-noCertProvided.xml",
    "xmldsig-only.xml",
}
CONTROL_DIFFERENCES = {
    "BadEncodedCMS.pdf": "its test asserts that no signature is found; we tell of one that cannot be read",
    "jades-with-double-sigt.json": "a header parameter stands twice, so that readers may differ: it is not read",
    "xades-unsupported-signature-algorithm.xml": "its algorithm is unknown: the test asserts nothing of the value",
}

OTHER_INPUT = {
    # what is asserted is about an input of the test beside the file, which the corpus lacks
    "Signature-C-LTA-d233a2d9-a257-40dc-bcdb-bf4516b6d1da.p7m": "an evidence record beside it",
    "Signature-X-LT-5b5edd31-344d-4d66-8e95-79f9acaab566.xml": "an evidence record beside it",
    "Signature-X-LTA-5b5edd31-344d-4d66-8e95-79f9acaab566.xml": "an evidence record beside it",
    "X-E-ERS-DETACHED-LT.xml": "a wrong document",
    "no-key-info-cert.pkcs7": "the signer's certificate",
    "er-asn1-simple.ers": "another file in its place",
}
INDICATION_DIFFERENCES = {
    "cades-lt-with-er-chain-renewed-missed-ref.sce": "a document that the renewal leaves out is at hand and not"
    " covered: told as broken, not as missing",
    "cades-lt-with-er-multi-files-different-algo.sce": "the manifest digests by another algorithm than the record:"
    " no standard forbids it, and every file is a leaf by its own digest",
    "tstWithEmptyCertSource.asice": "a time assertion is no signature; we tell of it all the same",
    "libreoffice.ods": "its verdict rests on a constraint of the test's own policy, which the corpus lacks",
    "BadEncodedCMS.pdf": "as above",
    "self-issued-qesig.pdf": "its verdict rests on anchors of the test, which the corpus lacks",
    "dss-signed-altered-signedPropsRemoved.xml": "properties that nothing signs are a failure of the format here",
    "XSW-enveloped-fake-signedProperties.xml": "wrapping is refused as a failure of the format, not as data missing",
    "XSW-enveloping-fake-manifest.xml": "as above",
}

AFTER_EXTENDING = {"DSS2821ExtensionToTLevelTest", "DSS2821ExtensionToLTLevelTest", "DSS1469ExtensionTest"}
"""Tests that assert the level of what they made of the file."""
LEVELS = {"B": "B-B", "T": "B-T", "LT": "B-LT", "LTA": "B-LTA"}

_SUB = {each.value for each in SubIndication}
_INDICATION = {"FAILED": Indication.TOTAL_FAILED.value, "PASSED": Indication.TOTAL_PASSED.value}


def test_none_crashes(corpora):
    every = judged()
    assert len(every) == 372
    assert {each.name: each.refused for each in every if each.refused} == REFUSED
    slowest = max(every, key=lambda each: each.seconds)
    record("signed-documents", files=len(every), slowest=slowest.name, seconds=round(slowest.seconds, 3))


def integrity(one: Judged) -> set[bool | None]:
    return {v.signature.integrity for v in one.verdicts if v.signature.format not in RECORDS}


def test_positive_controls_are_intact(corpora):
    controls = [each for each in judged() if each.control]
    assert len(controls) == 303
    found: dict[str, set[str]] = {"none": set(), "content": set(), "certificate": set(), "other": set()}
    intact = Counter()
    for one in controls:
        alone = any(v.signature.format in RECORDS for v in one.verdicts)
        if not integrity(one):
            if not alone:
                found["none"].add(one.name)
            continue
        if integrity(one) == {True}:
            intact[one.group] += 1
        elif one.name in CONTROL_DIFFERENCES:
            found["other"].add(one.name)
        else:
            assert False not in integrity(one), one.path
            wanted = "certificate" if one.name in WITHOUT_CERTIFICATE else "content"
            found[wanted].add(one.name)
    assert found == {
        "none": WITHOUT_SIGNATURE,
        "content": WITHOUT_CONTENT,
        "certificate": WITHOUT_CERTIFICATE,
        "other": set(CONTROL_DIFFERENCES),
    }
    assert sum(intact.values()) == 217
    for group in {each.group for each in controls}:
        some = [each for each in controls if each.group == group]
        differences = sum(each.name in CONTROL_DIFFERENCES for each in some)
        assert differences <= MOST_DIFFERENCES
        record(
            "signed-documents-controls",
            group=group,
            controls=len(some),
            intact=intact[group],
            without_input=sum(each.name in WITHOUT_CONTENT | WITHOUT_CERTIFICATE for each in some),
            nothing_signed=len(some)
            - intact[group]
            - differences
            - sum(each.name in WITHOUT_CONTENT | WITHOUT_CERTIFICATE for each in some),
            differences=differences,
        )


def wanted(indications: list[str]) -> list[set[str]]:
    """The asserted words in pairs: an indication with the sub-indication behind it, or either alone."""
    found: list[set[str]] = []
    for word in (_INDICATION.get(each, each) for each in indications):
        if word in _SUB and found and not found[-1] & _SUB:
            found[-1].add(word)
        else:
            found.append({word})
    return found


def agrees(one: Judged, indications: list[str]) -> bool:
    if indications == ["NO_SIGNATURE_FOUND"]:
        return not one.verdicts
    return all(any(pair <= told for told in one.told) for pair in wanted(indications))


def test_asserted_indications_are_ours(corpora):
    asserted = [(one, t["indications"]) for one in judged() for t in one.tests if t["indications"]]
    differing = {one.name for one, words in asserted if not agrees(one, words)}
    assert differing == set(INDICATION_DIFFERENCES) | set(OTHER_INPUT)
    assert len({one.name for one, _ in asserted}) > 55
    for group in {one.group for one, _ in asserted}:
        files = {one.name for one, _ in asserted if one.group == group}
        differences = len(files & set(INDICATION_DIFFERENCES))
        assert differences <= MOST_DIFFERENCES
        record(
            "signed-documents-indications",
            group=group,
            files=len(files),
            without_input=len(files & set(OTHER_INPUT)),
            differences=differences,
        )


def level_agrees(one: Judged, level: str) -> bool:
    ours = {v.level.value if v.level else None for v in one.verdicts}
    if "_BASELINE_" in level:
        return LEVELS[level.rpartition("_")[2]] in ours
    if level.endswith("_ERS"):
        return any(v.signature.evidence_records for v in one.verdicts)
    codes = {reason.code for v in one.verdicts for reason in v.signature.level_failings}
    return None in ours or any(code.endswith("_LEGACY_LEVEL") for code in codes)


def test_asserted_levels_are_ours(corpora):
    asserted = [
        (one, level.removeprefix("SignatureLevel."))
        for one in judged()
        for test in one.tests
        if test["test"] not in AFTER_EXTENDING
        for level, of in test["asserts_equal"]
        if level.startswith("SignatureLevel.") and "Format(" in of
    ]
    agreed = sum(level_agrees(one, level) for one, level in asserted)
    record("signed-documents-levels", asserted=len(asserted), agreed=agreed)
    assert len(asserted) >= 109
    assert agreed / len(asserted) >= 0.95
