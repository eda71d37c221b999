"""Every PDF of the corpora: read, laid out, and held against qpdf and pdfsig."""

import hashlib
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shirushi.codecs.pdf import window
from shirushi.codecs.pdf.errors import MalformedPdf, PdfStructureDamaged, PdfXrefDamaged
from shirushi.codecs.pdf.form import signature_fields
from shirushi.codecs.pdf.objects import Reference
from shirushi.codecs.pdf.pages import pages
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.codecs.pdf.view import PdfView
from shirushi.core.document import document
from shirushi.core.errors import MalformedInput
from shirushi.formats.pades.layout import SignatureFieldParameters, lay_out
from tests.interop.programs import run
from tests.interop.tools import qpdf_check

pytestmark = pytest.mark.corpora
PARAMETERS = SignatureFieldParameters(bytes(16), 2000, time=datetime(2026, 4, 1, tzinfo=UTC), name="印 & co")

DECLINED = {
    # the startxref of these misses its section, by hand (the Ruhr attack) or by ten lost bytes (DSS)
    "replace/variant-2_replace-via-overwrite/4_original-document-shadowed-signed-manipulated.pdf": "PDF_XREF_DAMAGED",
    "validation/pdf-signed-corrupted.pdf": "PDF_XREF_DAMAGED",
    # its last update says /Prev 0, so that the pages are lost to whoever follows the sections
    "validation/pades-5-signatures-and-1-document-timestamp.pdf": "PDF_XREF_DAMAGED",
    # signatures that permit no changes, or lock every field
    "validation/AD-RB.pdf": "PDF_CERTIFIED_NO_CHANGES",
    "validation/pkcs7-no-message-digest.pdf": "PDF_CERTIFIED_NO_CHANGES",
    "validation/dss-2236/annotation-and-visible-change.pdf": "PDF_FIELD_LOCKED",
}


def _files(corpora: Path) -> list[Path]:
    found = [
        *(corpora / "signed-documents" / "dss-pades").rglob("*.pdf"),
        *(corpora / "pdf-attacks").rglob("*.pdf"),
    ]
    assert len(found) >= 85
    return sorted(found)


def _open(data: bytes) -> PdfView:
    try:
        reader = PdfReader(document(data))
        list(pages(reader))
    except (PdfXrefDamaged, PdfStructureDamaged):
        return RebuiltPdf(document(data))
    return reader


def _digest(view: PdfReader) -> str:
    """Everything that can be read of every revision, in one value."""
    collected = hashlib.sha256()
    for revision in view.revisions:
        collected.update(repr((revision.start, revision.end, revision.eof)).encode())
        earlier = view.at(revision)
        for number, entry in sorted(revision.entries().items()):
            try:
                value = earlier.get(Reference(number, entry.ordinal if entry.kind == 1 else 0))
            except MalformedPdf as error:
                value = error.code.encode()
            collected.update(repr((number, entry, value)).encode())
    return collected.hexdigest()


def test_files_read_in_parts_give_what_they_give_whole(
    corpora: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0
    for path in _files(corpora):
        data = path.read_bytes()
        if len(data) > 200_000:
            continue
        try:
            whole = _digest(PdfReader(document(data)))
        except MalformedPdf:
            continue
        with monkeypatch.context() as patch:
            patch.setattr(window, "_SMALL", 0)
            patch.setattr(window, "_BLOCK", 512)
            patch.setattr(window, "_GROWTH", (64, 512, 1 << 14, 1 << 24))
            assert _digest(PdfReader(document(data))) == whole, path
        compared += 1
    assert compared >= 50


def test_rebuilding_a_sound_file_finds_what_its_sections_say(corpora: Path) -> None:
    for path in _files(corpora):
        data = path.read_bytes()
        view = _open(data)
        if isinstance(view, RebuiltPdf):
            continue
        rebuilt = RebuiltPdf(document(data))
        assert len(list(pages(rebuilt))) == len(list(pages(view))), path
        assert [each.name for each in signature_fields(rebuilt)] == [
            each.name for each in signature_fields(view)
        ], path


@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.needs("pdfsig", "poppler-utils")
def test_every_file_takes_a_further_signature_or_is_declined_with_its_reason(
    corpora: Path, tmp_path: Path
) -> None:
    outcomes: Counter[str] = Counter()
    for path in _files(corpora):
        data = path.read_bytes()
        name = path.relative_to(corpora).as_posix()
        expected = next((code for tail, code in DECLINED.items() if name.endswith(tail)), "laid out")
        try:
            layout = lay_out(_open(data), PARAMETERS)
            outcome = "laid out"
        except MalformedInput as error:
            outcome = error.code
        assert outcome == expected, name
        outcomes[outcome] += 1
        if outcome != "laid out":
            continue
        grown = layout.fill(b"\x30\x03\x02\x01\x05").read()
        assert grown.startswith(data)
        (signed,) = [
            each.signature
            for each in signature_fields(PdfReader(layout.document))
            if each.name == layout.field_name
        ]
        assert signed is not None
        assert signed.byte_range == layout.byte_range
        assert signed.contents_span == layout.byte_range[1:3]
        out = tmp_path / "signed.pdf"
        out.write_bytes(grown)
        assert qpdf_check(out).new_since(qpdf_check(path)) == (), name
        fields = re.findall(r"Signature Field Name: (.*)", run("pdfsig", "-nocert", str(out)).stdout)
        assert fields.count(layout.field_name) == 1, name
    assert outcomes["laid out"] >= 79
