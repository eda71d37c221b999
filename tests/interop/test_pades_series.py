"""Signatures in series, fields filled by name, and marks that show: as other programs see them."""

import re
import subprocess
from pathlib import Path

import pytest

from shirushi import Indication, Level
from shirushi.codecs.pdf.errors import PdfPageMissing
from shirushi.formats.pades.declined import FieldSigned, MarkOutsidePage, NotASignatureField
from shirushi.formats.protocol import VisibleMark
from tests.interop.ours import ALICE, BOB, CHIKA, SAKURA, Ours
from tests.interop.programs import laid_out, run
from tests.interop.tools import pdfsig, pyhanko_validate, qpdf_check

PRODUCERS = Path(__file__).parents[1] / "fixtures" / "producers"
WITH_FIELD = {"openpdf-signature-field.pdf", "pdfbox-signature-field.pdf"}
SERIES = [
    "chromium-contract.pdf",
    "qpdf-linearized-streams.pdf",
    "libreoffice-writer-form.pdf",
    "pikepdf-pdf20.pdf",
]
DPI = 72


@pytest.mark.needs("pdfsig", "poppler-utils")
@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.parametrize("name", SERIES)
def test_four_sign_one_after_the_other(ours: Ours, name: str) -> None:
    given = PRODUCERS / name
    signed = given.read_bytes()
    for account, level in ((ALICE, Level.B_T), (BOB, Level.B_B), (SAKURA, Level.B_T), (CHIKA, Level.B_T)):
        earlier, signed = signed, ours.sign(signed, account, level)
        assert signed.startswith(earlier)
    assert qpdf_check(signed).new_since(qpdf_check(given)) == ()
    seen = [one for one in pdfsig(signed, [ours.root]) if one.digest == "SHA-256"]  # it is blind for ML-DSA
    assert [(one.valid, one.trusted, one.whole_document) for one in seen] == [(True, True, False)] * 3
    judged = pyhanko_validate(signed, [ours.root], crls=ours.crls)
    assert [one.bottom_line for one in judged] == [True] * 4, [one.summary for one in judged]
    assert [one.coverage for one in judged] == ["ENTIRE_REVISION"] * 3 + ["ENTIRE_FILE"]
    verdict = ours.validate(signed)
    assert [one.indication for one in verdict.signatures] == [Indication.TOTAL_PASSED] * 4
    assert [one.level for one in verdict.signatures] == [Level.B_T, Level.B_B, Level.B_T, Level.B_T]
    assert all(change.allowed for one in verdict.signatures for change in one.signature.changes)


def empty_field(name: str) -> str:
    """The name of the signature field that the producer left empty, as pyHanko reads it."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import enumerate_sig_fields

    with (PRODUCERS / name).open("rb") as stream:
        ((field, _, _),) = enumerate_sig_fields(PdfFileReader(stream), filled_status=False)
    return str(field)


@pytest.mark.needs("pdfsig", "poppler-utils")
@pytest.mark.parametrize("name", sorted(WITH_FIELD))
def test_a_field_is_filled_by_its_name(ours: Ours, name: str) -> None:
    field = empty_field(name)
    signed = ours.sign(PRODUCERS / name, field=field)
    (one,) = pdfsig(signed, [ours.root])
    assert (one.field, one.valid, one.trusted) == (field, True, True)
    (judged,) = pyhanko_validate(signed, [ours.root], crls=ours.crls)
    assert (judged.field, judged.bottom_line) == (field, True)
    with pytest.raises(FieldSigned):
        ours.sign(signed, BOB, field=field)


def test_a_new_field_takes_the_name_that_was_wished(ours: Ours, contract: Path) -> None:
    signed = ours.sign(contract, field="承認")
    (judged,) = pyhanko_validate(signed, [ours.root])
    assert judged.field == "承認"


def test_a_text_field_is_not_signed(ours: Ours) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    given = PRODUCERS / "reportlab-form.pdf"
    with given.open("rb") as stream:
        fields = PdfFileReader(stream).root["/AcroForm"]["/Fields"]
        name = str(fields[0].get_object()["/T"])
    with pytest.raises(NotASignatureField):
        ours.sign(given, field=name)


def text(document: bytes, page: int) -> str:
    with laid_out(document=document) as paths:
        done = run("pdftotext", "-f", str(page), "-l", str(page), str(paths["document"]), "-")
    assert done.returncode == 0, done.stderr
    return done.stdout


def pixels(document: bytes, page: int) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of a page, one pixel a point."""
    with laid_out(document=document) as paths:
        done = subprocess.run(
            ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), str(paths["document"])],
            check=True,
            capture_output=True,
        )
    header = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", done.stdout)
    assert header is not None
    return int(header[1]), int(header[2]), done.stdout[header.end() :]


def changed(before: tuple[int, int, bytes], after: tuple[int, int, bytes]) -> list[tuple[int, int, bytes]]:
    """Where two pictures of a page differ, from the lower left corner, with the new colour."""
    width, height, old = before
    assert after[:2] == (width, height)
    new = after[2]
    return [
        (index % width, height - 1 - index // width, new[3 * index : 3 * index + 3])
        for index in range(width * height)
        if old[3 * index : 3 * index + 3] != new[3 * index : 3 * index + 3]
    ]


LINES = ("有栖 花子", "株式会社さくら商事 代表取締役", "Approved 2026-11-21")
MARKED = ["chromium-contract.pdf", "pdftk-rotated.pdf", "typst-pdf20.pdf"]


@pytest.mark.needs("pdftotext", "poppler-utils")
@pytest.mark.needs("pdftoppm", "poppler-utils")
@pytest.mark.parametrize("name", MARKED)
def test_a_mark_in_japanese_shows_where_it_should_and_nowhere_else(ours: Ours, name: str) -> None:
    given = PRODUCERS / name
    box = (40.0, 50.0, 220.0, 70.0)
    signed = ours.sign(given, mark=VisibleMark(LINES, page=1, box=box), reason="承認")
    shown = re.sub(r"\s", "", text(signed, 1))
    for line in LINES:
        assert re.sub(r"\s", "", line) in shown
    assert "有栖" not in text(given.read_bytes(), 1)
    touched = changed(pixels(given.read_bytes(), 1), pixels(signed, 1))
    assert len(touched) > 1000
    left, bottom, width, height = box
    assert all(left - 1 <= x <= left + width + 1 for x, _, _ in touched)
    assert all(bottom - 1 <= y <= bottom + height + 1 for _, y, _ in touched)
    assert any(c[0] > 150 and c[1] < 90 and c[2] < 90 for _, _, c in touched)  # vermilion
    assert any(max(c) < 90 for _, _, c in touched)  # ink
    assert ours.validate(signed).indication is Indication.TOTAL_PASSED
    (judged,) = pyhanko_validate(signed, [ours.root], crls=ours.crls)
    assert judged.bottom_line, judged.summary


@pytest.mark.needs("pdftotext", "poppler-utils")
def test_a_second_mark_leaves_the_first_signature_as_it_was(ours: Ours, contract: Path) -> None:
    first = ours.sign(contract, mark=VisibleMark(("有栖 花子",), box=(40, 40, 150, 50)))
    second = ours.sign(first, BOB, mark=VisibleMark(("Bob Baker",), box=(240, 40, 150, 50)))
    shown = text(second, 1)
    assert "有栖 花子" in shown
    assert "Bob Baker" in shown
    judged = pyhanko_validate(second, [ours.root], crls=ours.crls)
    assert [one.bottom_line for one in judged] == [True, True]
    assert ours.validate(second).indication is Indication.TOTAL_PASSED


def test_a_mark_that_cannot_be_placed_is_declined(ours: Ours, contract: Path) -> None:
    with pytest.raises(MarkOutsidePage):
        ours.sign(contract, mark=VisibleMark(("x",), box=(5000, 40, 150, 50)))
    with pytest.raises(PdfPageMissing):
        ours.sign(contract, mark=VisibleMark(("x",), page=99))
