"""The signed PDFs of the EU's validation library, against what its own tests assert of them."""

import json
from functools import cache
from pathlib import Path

import pytest

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.document import document
from shirushi.core.evidence import ChangeKind, Level, SignatureEvidence
from shirushi.formats.pades.parse import parse

pytestmark = pytest.mark.corpora

UNREAD = {"BadEncodedCMS.pdf": "its test asserts that no signature is found there: it controls nothing"}
"""Positive controls that are none, with the reason."""

FORBIDDEN = {
    "annotation-and-visible-change.pdf": {"Digital Signature 1"},
    "hide.pdf": {"Signature1"},
    "pades-signed-annot-added.pdf": {"Signature2"},
    "pades-spoofing-replaced-reason.pdf": {"Signature1"},
    "pdf-spoofing-attack.pdf": {"Sig2"},
    "pdf-removed-pages.pdf": {"Signature1"},
    "pdf-signed-added-page.pdf": {"Signature1"},
    "hello_signed_INCSAVE_signed_EDITED.pdf": {"Signature1", "Signature2"},
    "pades-5-signatures-and-1-document-timestamp.pdf": {f"Signature{n}" for n in range(1, 6)},
}
"""Files with the signatures after which something was changed that they do not permit; all others must come out clean.

annotation-and-visible-change: looks of fields change without their values, and annotations come, before the
certification that would allow them. pades-signed-annot-added: a text over the page, which the signature does not speak
of (the library reports it and leaves the judgement to its policy). 5-signatures: the last section leads to none
before it, so no reader that keeps to the standard sees the document that was signed.
"""

NOT_INTACT = {
    "pdf-eof.pdf": {"Signature1"},
    "pdf-byterange-overlap.pdf": {"Signature2"},
    "pdf-signed-out-of-byteRange.pdf": {"Signature1"},
    "siwa.pdf": {"Signature1"},
    "hello_signed_INCSAVE_signed_EDITED.pdf": {"Signature2"},
}


@cache
def expected(corpora: Path) -> dict[str, list[dict]]:
    entries = json.loads((corpora / "signed-documents" / "expected.json").read_text())
    found = {
        e["path"]: e["tests"]
        for e in entries
        if e["path"].startswith("dss-pades/") and e["path"].endswith(".pdf")
    }
    assert len(found) == 72
    return found


@cache
def evidence(path: Path) -> tuple[SignatureEvidence, ...]:
    return parse(document(path.read_bytes(), path.name), RebuiltPdf)


def file_named(corpora: Path, name: str) -> Path:
    (path,) = (corpora / "signed-documents" / "dss-pades").rglob(name)
    return path


def every_file(corpora: Path) -> list[Path]:
    return [corpora / "signed-documents" / path for path in expected(corpora)]


def forbidden(signature: SignatureEvidence) -> bool:
    return any(not change.allowed for change in signature.changes)


def test_every_positive_control_is_intact(corpora):
    """A class that does not override checkBLevelValid asserts that references and value are intact."""
    controls = 0
    for path, tests in expected(corpora).items():
        if any("checkBLevelValid" in test["overrides"] for test in tests) or Path(path).name in UNREAD:
            continue
        found = evidence(corpora / "signed-documents" / path)
        assert all(signature.integrity is True for signature in found), path
        controls += bool(found)
    assert controls == 56


def test_signatures_that_are_not_intact(corpora):
    for name, fields in NOT_INTACT.items():
        broken = {s.name for s in evidence(file_named(corpora, name)) if s.integrity is False}
        assert broken == fields, name
        assert all(s.structure for s in evidence(file_named(corpora, name)) if s.name in fields), name


def test_changes_are_permitted_or_not(corpora):
    for path in every_file(corpora):
        if path.name == "pdf-signed-corrupted.pdf":
            continue
        found = {s.name for s in evidence(path) if forbidden(s)}
        assert found == FORBIDDEN.get(path.name, set()), path.name


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("pades-signed-filled-form.pdf", {ChangeKind.FORM_FILLED, ChangeKind.METADATA}),
        ("DSS-3577.pdf", {ChangeKind.FORM_FILLED, ChangeKind.METADATA}),
        ("pades-signed-annot-added.pdf", {ChangeKind.ANNOTATION, ChangeKind.METADATA}),
        ("DSS-1983.pdf", {ChangeKind.VALIDATION_DATA_ADDED, ChangeKind.TIMESTAMP_ADDED}),
        ("hello_signed_INCSAVE_signed.pdf", {ChangeKind.SIGNATURE_ADDED}),
        ("pades-spoofing-replaced-reason.pdf", {ChangeKind.CONTENT_CHANGED}),
        ("pdf-signed-added-page.pdf", {ChangeKind.CONTENT_CHANGED}),
    ],
)
def test_kinds_of_changes(corpora, name, kinds):
    assert {change.kind for change in evidence(file_named(corpora, name))[0].changes} == kinds


def test_pages_that_came_and_went(corpora):
    added = evidence(file_named(corpora, "pdf-signed-added-page.pdf"))[0].changes
    assert [c.where for c in added] == ["page 2 added"]
    removed = evidence(file_named(corpora, "pdf-removed-pages.pdf"))[0].changes
    assert [c.where for c in removed] == ["page 1 removed", "page 3 removed"]


def test_a_corrupted_file_has_no_intact_signature(corpora):
    path = file_named(corpora, "pdf-signed-corrupted.pdf")
    with pytest.raises(MalformedPdf):
        parse(document(path.read_bytes()))
    assert [s.integrity for s in evidence(path)] == [False]


def test_numbers_of_signatures_and_time_stamps(corpora):
    """Where a test asserts how many signatures there are."""
    checked = 0
    for path, tests in expected(corpora).items():
        for wanted, of in (pair for test in tests for pair in test["asserts_equal"]):
            if of in {
                "diagnosticData.getSignatures().size()",
                "signatures.size()",
                "simpleReport.getSignaturesCount()",
            }:
                if Path(path).name == "pdf-signed-corrupted.pdf":
                    continue
                assert len(evidence(corpora / "signed-documents" / path)) == int(wanted), path
                checked += 1
    assert checked >= 15


LEVELS = {
    "PAdES_BASELINE_B": Level.B_B,
    "PAdES_BASELINE_T": Level.B_T,
    "PAdES_BASELINE_LT": Level.B_LT,
    "PAdES_BASELINE_LTA": Level.B_LTA,
    "PAdES_BES": None,
    "PAdES_EPES": None,
    "PAdES_LTV": None,
    "PDF_NOT_ETSI": None,
    "PKCS7_T": None,
    "PKCS7_LT": None,
}
OTHER_LEVELS = {
    "DSS-2821.pdf": "some of its tests extend the signature before they look",
    "doc-firmado-T.pdf": "as DSS-2821.pdf",
    "pades-t-duplicated-doctst.pdf": "a level is claimed by what is there; that its second time-stamp is a copy, validation says",
}


def test_levels(corpora):
    checked = 0
    for path, tests in expected(corpora).items():
        if Path(path).name in OTHER_LEVELS:
            continue
        for wanted, of in (pair for test in tests for pair in test["asserts_equal"]):
            if wanted.startswith("SignatureLevel.") and "getSignatureFormat(" in of:
                found = evidence(corpora / "signed-documents" / path)
                assert found[0].level is LEVELS[wanted.removeprefix("SignatureLevel.")], path
                assert (found[0].level is None) == any(
                    r.code.startswith("PADES_") for r in found[0].level_failings
                ), path
                checked += 1
    assert checked >= 14


def test_every_reason_is_in_the_catalogue(corpora):
    for path in every_file(corpora):
        for signature in evidence(path):
            for each in (*signature.structure, *signature.level_failings):
                assert each.explain("ja"), each.code
                assert each.remedy("en"), each.code
