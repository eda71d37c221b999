"""All 372 signed documents of the EU's validation library, against what its own tests assert of them.

Where we differ, the tables say why; a table that lists more than needed fails, as one that lists less does.
"""

from collections import Counter
from dataclasses import replace
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.xml.dsig import read_signature
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import parse_xml
from shirushi.codecs.xml.text import bytes_of
from shirushi.core import primitives
from shirushi.core.document import document
from shirushi.core.evidence import RecordEvidence, ReferenceKind, SignatureEvidence, SignatureFormat
from shirushi.core.verdict import Indication, SubIndication
from shirushi.formats.cms.evidence import cms_evidence
from shirushi.formats.plain.files import parse_xml_file
from shirushi.rules.evidence_record import RecordStatus, verify_record
from tests.corpora.signed_documents import FOLDER, Judged, judged
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
    # what they cover is not in the corpora, nor written out by their tests: the value verifies, and nothing contradicts
    "cades-ats-v3-wrong-crl.p7s": "a picture",
    "cadesLTAwithATv2.sig": "the same picture",
    "signatureExtendedTwoLTA.p7s": "another picture",
    "simple-test-signed-xades-baseline-b.xml": "a file beside it",
    "jades-detached-by-uri-hash-encoded-pars.json": "two pages of a web site",
    "jades-detached-by-uri-encoded-pars.json": "two pages of a web site, over which the value itself is",
}
WITHOUT_CERTIFICATE = {
    # the references are intact, and whose key the value was made with is not said
    "no-key-info-cert.pkcs7": "its certificate is nowhere in the corpora",
    "tstWithEmptyCertSource.asice": "its certificate stands in another file: with it, the token verifies",
}
BROKEN_RECORDS = {
    # records alone, of which their tests assert that a digest is wrong
    "er-asn1-full-renewal-with-invalid-manifest.asice",
    "er-asn1-no-hashtree-wrong-digest.sce",
    "er-asn1-no-hashtree-wrong-manifest-file.sce",
    "er-no-hashtree-xml-manifest-canonicalized.sce",
    "er-asn1-simple-invalid.ers",
    "er-chain-renewal-copied-tst.xml",
    "er-chain-renewal-invalid.xml",
    "er-tst-renewal-no-hashtree-invalid.xml",
    "er-tst-renewal-same-tst.xml",
}
CONTROL_DIFFERENCES = {
    "BadEncodedCMS.pdf": "its test asserts that no signature is found; we tell of one that cannot be read",
    "jades-with-double-sigt.json": "a header parameter stands twice: its test asserts that it is refused, as it is here",
    "xades-unsupported-signature-algorithm.xml": "its test asserts that it is refused; we read it, and say so of its"
    " value alone",
}

OTHER_INPUT = {
    # what is asserted is about an input of the test beside the file, which the corpus lacks
    "Signature-X-LT-5b5edd31-344d-4d66-8e95-79f9acaab566.xml": "an evidence record beside it",
    "Signature-X-LTA-5b5edd31-344d-4d66-8e95-79f9acaab566.xml": "an evidence record beside it",
    "X-E-ERS-DETACHED-LT.xml": "a wrong document: given below",
    "no-key-info-cert.pkcs7": "the signer's certificate",
    "er-asn1-simple.ers": "another file in its place",
}
INDICATION_DIFFERENCES = {
    "cades-lt-with-er-chain-renewed-missed-ref.sce": "a document that the renewal leaves out is at hand and not"
    " covered: told as broken, not as missing",
    "cades-lt-with-er-multi-files-different-algo.sce": "the manifest digests by another algorithm than the record:"
    " no standard forbids it, and every file is a leaf by its own digest",
    "tstWithEmptyCertSource.asice": "a time assertion is no signature; we tell of it all the same",
    "libreoffice.ods": "its reference to SignedProperties has no Type (EN 319 132-1 §4.4.2), so that DSS finds no signed"
    " properties; we hold for signed what a reference does select",
    "BadEncodedCMS.pdf": "as above",
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
    """Of each signature and lone token; of records alone, whether their digests and their tokens hold together."""
    signatures = [v.signature for v in one.verdicts]
    beside = {own_integrity(each) for each in signatures if each.format not in RECORDS}
    return beside or {record_intact(each) for signature in signatures for each in signature.evidence_records}


def own_integrity(signature: SignatureEvidence) -> bool | None:
    """Without the entries of signed manifests, of which the base assertion asks nothing (XMLDSig §5.1)."""
    own = tuple(each for each in signature.references if each.kind is not ReferenceKind.MANIFEST_ENTRY)
    return replace(signature, references=own).integrity


def record_intact(evidence: RecordEvidence) -> bool:
    verified = verify_record(evidence)
    return verified.status is not RecordStatus.BROKEN and all(
        stamp.signature.integrity is True for stamp in verified.stamps
    )


def is_record_alone(one: Judged) -> bool:
    return bool(one.verdicts) and all(v.signature.format in RECORDS for v in one.verdicts)


def test_positive_controls_are_intact(corpora):
    controls = [each for each in judged() if each.control]
    assert len(controls) == 303
    found: dict[str, set[str]] = {"none": set(), "broken record": set(), "other": set(), "unknown": set()}
    intact = Counter()
    for one in controls:
        state = integrity(one)
        if state == {True}:
            intact[one.group, is_record_alone(one)] += 1
        elif one.name in CONTROL_DIFFERENCES:
            found["other"].add(one.name)
        elif not state:
            found["none"].add(one.name)
        elif is_record_alone(one):
            assert state == {False}, one.path
            found["broken record"].add(one.name)
        else:
            assert False not in state, one.path
            found["unknown"].add(one.name)
    assert found == {
        "none": WITHOUT_SIGNATURE,
        "broken record": BROKEN_RECORDS,
        "other": set(CONTROL_DIFFERENCES),
        "unknown": WITHOUT_CONTENT.keys() | WITHOUT_CERTIFICATE.keys(),
    }
    assert sum(intact.values()) == 303 - sum(map(len, found.values())) == 279
    for group in {each.group for each in controls}:
        names = {each.name for each in controls if each.group == group}
        differences = len(names & CONTROL_DIFFERENCES.keys())
        assert differences <= MOST_DIFFERENCES
        record(
            "signed-documents-controls",
            group=group,
            controls=sum(each.group == group for each in controls),
            intact=intact[group, False],
            records_intact=intact[group, True],
            records_broken=len(names & BROKEN_RECORDS),
            nothing_signed=len(names & WITHOUT_SIGNATURE),
            without_content=len(names & WITHOUT_CONTENT.keys()),
            without_certificate=len(names & WITHOUT_CERTIFICATE.keys()),
            differences=differences,
        )


def test_nothing_contradicts_what_lacks_its_content(corpora):
    signed_itself = "jades-detached-by-uri-encoded-pars.json"
    for one in judged():
        if one.name in WITHOUT_CONTENT:
            for verdict in one.verdicts:
                assert verdict.signature.value_intact is (None if one.name == signed_itself else True)
                assert any(not each.found for each in verdict.signature.references)


def found_by(name: str) -> SignatureEvidence:
    (one,) = (each for each in judged() if each.name == name)
    return one.verdicts[0].signature


def test_a_token_verifies_with_the_certificate_of_another_file(corpora):
    path = FOLDER / "dss-asic-cades/validation/tstWithEmptyCertSource.asice"
    token = ZipFile(path).read("META-INF/timestamp0.tst")
    certificates = found_by("Signature-C-B-LTA-10.p7m").archive_timestamps[0].signature.certificates
    assert cms_evidence(token, lambda _: None).integrity is None
    assert cms_evidence(token, lambda _: None, certificates=certificates).integrity is True


def test_values_verify_under_a_certificate_elsewhere_and_under_the_keys_beside_them(corpora):
    every = {c.id: c for c in found_by("cades-dss1956.p7m").certificates}
    for name in ("dss1788-noCertProvided.xml", "xmldsig-only.xml"):
        path = next(FOLDER.rglob(name))
        xml = parse_xml(path.read_bytes())
        signature = read_signature(xml, next(xml.root.iter(ds("Signature"))))
        modulus, exponent = (
            int.from_bytes(bytes_of(next(signature.element.iter(ds(part)))))
            for part in ("Modulus", "Exponent")
        )
        key = RSAPublicNumbers(exponent, modulus).public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        info = signature.signed_info
        assert info.signature_algorithm is not None
        assert primitives.verify(spki, info.signature_algorithm, signature.value, info.octets)
        vouched = any(each.public_key.spki == spki for each in every.values())
        assert vouched == (name == "dss1788-noCertProvided.xml")


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


@pytest.mark.parametrize(
    ("contents", "status", "intact"),
    [
        (("other",), RecordStatus.BROKEN, False),
        (("other", "another"), RecordStatus.INCOMPLETE, None),
        ((), RecordStatus.INCOMPLETE, None),
    ],
)
def test_wrong_documents_beside_a_detached_signature_are_told_as_its_tests_say(
    corpora, contents, status, intact
):
    """One document in the place of the signed one is the wrong one; of several, none is known to be meant."""
    path = next(FOLDER.rglob("X-E-ERS-DETACHED-LT.xml"))
    given = document(path.read_bytes(), path.name, "application/xml")
    (found,) = parse_xml_file(given, [document(each.encode(), each) for each in contents])
    assert found.integrity is intact
    assert [verify_record(each).status for each in found.evidence_records] == [status]


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
