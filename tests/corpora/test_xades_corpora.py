"""Every XAdES signature of the corpora, judged as the EU's library judges it, or with the reason why not."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shirushi.codecs.asn1.material import build_material
from shirushi.core.document import document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level, ReferenceKind, SignatureEvidence
from shirushi.formats.xades.parse import parse

pytestmark = pytest.mark.corpora

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "signed-documents"

DETACHED = "the file that it covers is not part of the corpora"
NOT_TOLD = {
    "dss-817-test.xml": "names what it covers by a URN",
    "evidence-record/X-E-ERS-DETACHED-LT-data-not-covered-chain-renewal-invalid.xml": DETACHED,
    "evidence-record/X-E-ERS-DETACHED-LT-data-not-covered-chain-renewal.xml": DETACHED,
    "evidence-record/X-E-ERS-DETACHED-LT-sig-invalid-digest.xml": DETACHED,
    "evidence-record/X-E-ERS-DETACHED-LT-sig-not-covered.xml": DETACHED,
    "evidence-record/X-E-ERS-MANIFEST.xml": "the files that its manifest lists are not part of the corpora",
    "dss1334/simple-test-signed-xades-baseline-b.xml": DETACHED,
    "xades-500-references.xml": DETACHED,
    "xades-900-references.xml": DETACHED,
    "xades-unsupported-signature-algorithm.xml": "names a curve where an algorithm should stand",
}
"""Positive controls of DSS that cannot be told to be intact here."""


@cache
def examined() -> dict[str, tuple[SignatureEvidence, ...]]:
    return dict(_examined())


def _examined() -> Iterator[tuple[str, tuple[SignatureEvidence, ...]]]:
    for path in sorted(FOLDER.glob("dss-xades/**/*.xml")):
        name = str(path.relative_to(FOLDER / "dss-xades")).removeprefix("validation/")
        yield name, parse(document(path.read_bytes(), path.name, "application/xml"))


@cache
def controls() -> frozenset[str]:
    """Files whose test classes never override `checkBLevelValid`: references found and intact, value verified."""
    listed = json.loads((FOLDER / "expected.json").read_text())
    return frozenset(
        entry["path"].removeprefix("dss-xades/").removeprefix("validation/")
        for entry in listed
        if entry["path"].startswith("dss-xades/")
        and entry["tests"]
        and all("checkBLevelValid" not in test["overrides"] for test in entry["tests"])
    )


def codes(evidence: SignatureEvidence) -> set[str]:
    return {each.code for each in evidence.structure}


def test_everything_is_read(corpora):
    assert len(examined()) == 100
    assert all(examined().values())
    assert sum(map(len, examined().values())) > 110


def test_what_dss_holds_for_intact_is_intact_here(corpora):
    told = {name for name, evidences in examined().items() if all(e.integrity for e in evidences)}
    assert len(controls()) == 70
    assert controls() - told == set(NOT_TOLD)
    assert len(controls() & told) / len(controls()) > 0.8


def test_a_bare_key_tells_what_was_changed(corpora):
    for name in ("dss1788/dss1788-noCertProvided.xml", "xmldsig-only.xml"):
        (evidence,) = examined()[name]
        assert (evidence.integrity, evidence.signing_certificate) == (True, None)


def test_manifests_and_what_they_list_are_told_apart(corpora):
    (evidence,) = examined()["evidence-record/X-E-ERS-MANIFEST.xml"]
    kinds = [(each.kind, each.found) for each in evidence.references]
    entry = (ReferenceKind.MANIFEST_ENTRY, False)
    assert kinds == [(ReferenceKind.MANIFEST, True), (ReferenceKind.DATA, True), entry, entry, entry]


def test_no_control_is_called_broken(corpora):
    broken = {name for name in controls() if any(e.integrity is False for e in examined()[name])}
    assert broken == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xsw/XSW-enveloped-fake-content-two-same-id.xml", "XML_ID_AMBIGUOUS"),
        ("xsw/XSW-enveloped-fake-signedProperties.xml", "XADES_REFERENCE_MISPLACED"),
        ("xsw/XSW-enveloping-fake-manifest.xml", "XADES_REFERENCE_MISPLACED"),
        ("xsw/XSW-enveloping-fake-object.xml", "XADES_REFERENCE_MISPLACED"),
    ],
)
def test_wrapping_is_refused_by_name(corpora, name, code):
    (evidence,) = examined()[name]
    assert evidence.integrity is None
    assert code in codes(evidence)


@pytest.mark.parametrize(
    "name", ["xsw/XSW-enveloped-fake-content.xml", "xsw/XSW-enveloped-fake-content-misplaced.xml"]
)
def test_content_beside_what_was_signed_is_told(corpora, name):
    (evidence,) = examined()[name]
    assert evidence.integrity
    assert not evidence.covers_whole_document


@pytest.mark.parametrize(
    "name", ["xades-counter-signature-injected.xml", "xades-counter-signature-no-type-invalid.xml"]
)
def test_counter_signatures_from_elsewhere_are_named(corpora, name):
    first, second = examined()[name]
    assert first.integrity
    assert codes(second) == {"XADES_COUNTER_SIGNATURE_FOREIGN"}


@pytest.mark.parametrize(
    "name",
    [
        "xades-tampered-keyinfo.xml",
        "dss-signed-altered-signedPropsRemoved.xml",
        "xades-unknown-digest-algo.xml",
    ],
)
def test_what_was_tampered_with_is_not_intact(corpora, name):
    assert not any(e.integrity for e in examined()[name])


WRONG_STAMPS = {
    "Signature-X-RO_TRA-4.xml": "its content was changed",
    "dss3732/xades-enveloped-arcTst132-no-objects.xml": "DSS: imprint not intact",
    "dss3732/xades-enveloping-arcTst132-add-object.xml": "DSS: imprint not intact",
    "signing-cert-multiple-refs-sig.xml": "its references were edited by hand",
    "xades-counter-sig-copied-sigtst.xml": "copied from another signature",
    "xades-lta-copied-atst.xml": "copied from another signature",
    "xades-lta-corrupted-cert.xml": "a certificate under it was changed",
}
UNTOLD_STAMPS = {
    "Signature-X-CZ_ICZ-1.xml": "names what it covers as version 1.2.2 did",
    "sig_bundle.signed_detached.xml": DETACHED,
    "xsw/XSW-enveloping-fake-object.xml": "what it covers was moved",
}


def test_time_stamps_cover_what_they_should(corpora):
    count, wrong, untold = 0, set(), set()
    for name, evidences in examined().items():
        for e in evidences:
            for stamp in (*e.content_timestamps, *e.signature_timestamps, *e.archive_timestamps):
                count += 1
                assert stamp.signature.integrity, name
                if stamp.imprint_intact is False:
                    wrong.add(name)
                elif stamp.imprint_intact is None:
                    untold.add(name)
    assert count > 90
    assert wrong == set(WRONG_STAMPS)
    assert untold == set(UNTOLD_STAMPS)


def test_levels_are_those_that_dss_names(corpora):
    """Where a class asserts a baseline level, or the file's name says it."""
    levels = {name: [e.level for e in evidences] for name, evidences in examined().items()}
    assert levels["BaselineBWithCertificateValues.xml"] == [Level.B_B]
    assert levels["dss1334/simple-test-signed-xades-baseline-b.xml"] == [Level.B_B]
    assert levels["xades-lta-copied-atst.xml"] == [Level.B_LTA]
    assert levels["xades-ocsp-before-cert-validity.xml"] == [Level.B_LTA]
    assert levels["evidence-record/X-E-ERS-DETACHED-LT.xml"] == [Level.B_LT]
    legacy = {
        name: dict(reason.parameters)["level"]
        for name, evidences in examined().items()
        for e in evidences
        for reason in e.level_failings
        if reason.code == "XADES_LEGACY_LEVEL"
    }
    assert legacy["xades-extended-xl.xml"] == "XAdES-X-L"
    assert legacy["dss874/sellosFNMT-XAdES_A.xml"] == "XAdES-A"
    assert legacy["xades-x-level-v2.xml"] == "XAdES-X"
    assert all(levels[name].count(None) for name in legacy)


def test_the_certificate_that_was_used_is_the_one_that_was_named(corpora):
    unmatched = {
        name
        for name, evidences in examined().items()
        for e in evidences
        if e.certificate_reference is not None and not e.certificate_reference.matches
    }
    assert unmatched == {
        "dss-2506.xml",
        "xades-no-keyinfo-sign-cert.xml",
    }  # neither holds the signer's certificate
    (unreadable,) = examined()["xades-sign-cert-v2-wrong-digest.xml"]
    assert codes(unreadable) == {"XADES_PROPERTY_MALFORMED"}
    (no_number,) = examined()["xades-sign-cert-v1-wrong-serialnumber.xml"]
    assert no_number.certificate_reference is not None
    assert no_number.certificate_reference.matches
    assert no_number.certificate_reference.issuer_serial_matches is None


def test_revocation_data_inside_signatures_verifies(corpora):
    evidences = [e for found in examined().values() for e in found]
    material = build_material(
        (c for e in evidences for c in e.certificates),
        (c for e in evidences for c in e.crls),
        (r for e in evidences for r in e.ocsp_responses),
    )
    signed = {object_id for object_id, _ in material.verified}
    assert len(material.crls) > 20
    assert len(material.ocsp_responses) > 20
    assert sum(r.id in signed for r in material.ocsp_responses) / len(material.ocsp_responses) > 0.8


def test_damaged_files_raise_nothing_but_malformed_input(corpora, rng):
    files = [p.read_bytes() for p in sorted(FOLDER.glob("dss-xades/**/*.xml")) if p.stat().st_size < 20_000]
    outcomes = set()
    for _ in range(400):
        damaged = bytearray(rng.choice(files))
        for _ in range(rng.choice([1, 1, 3])):
            damaged[rng.randrange(len(damaged))] = rng.randrange(32, 127)
        del damaged[rng.choice([len(damaged), len(damaged), rng.randrange(len(damaged))]) :]
        try:
            outcomes.add(type(parse(document(bytes(damaged)))))
        except MalformedInput as error:
            outcomes.add(type(error))
    assert tuple in outcomes
