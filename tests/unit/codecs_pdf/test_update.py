import pytest

from shirushi.codecs.pdf.objects import Name, PdfValue, Reference, Stream, stream
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.codecs.pdf.update import write_update
from shirushi.codecs.pdf.view import PdfView, XrefStyle
from shirushi.core.document import Document
from tests.unit.codecs_pdf.builder import (
    HEADER,
    IDENTIFIER,
    OBJECTS,
    PAGE,
    classic,
    doc,
    hybrid,
    linearised,
    with_xref_stream,
)

ENTROPY = bytes(range(16))
CHANGES: dict[Reference, PdfValue] = {
    Reference(3): {"Type": Name("Page"), "Parent": Reference(2), "MediaBox": [0, 0, 1, 1]},
    Reference(50): [1, 2.5, b"(x)", None, True],
    Reference(51): stream({"A": 1}, b"data"),
}


def _updated(view: PdfView) -> PdfReader:
    update = write_update(view, CHANGES, ENTROPY)
    grown = Document(view.document.source, view.document.appended + update.appended)
    assert grown.read().startswith(view.document.read())
    assert len(update.appended) == update.size
    for reference, place in update.values.items():
        assert update.parts[place - 1] == b"%d 0 obj\n" % reference.number
    return PdfReader(grown)


@pytest.mark.parametrize(
    "data",
    [
        classic(),
        classic()[:-1],
        classic(trailer=b"/Root 1 0 R/Info 9 0 R/Odd(kept)" + IDENTIFIER),
        with_xref_stream({}, OBJECTS, predictor=12),
        with_xref_stream({}, OBJECTS)[:-1],
        hybrid(),
        linearised(),
        b"junk\n" + classic().replace(b"%PDF-1.7", b"%PDF-1.7"),
    ],
)
def test_an_update_speaks_as_the_last_revision_did(data: bytes) -> None:
    before = PdfReader(doc(data))
    after = _updated(before)
    assert after.xref_style is before.xref_style
    assert len(after.revisions) == len(before.revisions) + 1
    assert after.revisions[-1].end == after.size
    assert after.get(Reference(3)) == CHANGES[Reference(3)]
    assert after.get(Reference(50)) == CHANGES[Reference(50)]
    value = after.get(Reference(51))
    assert isinstance(value, Stream)
    assert (value.read(), value.dictionary["A"]) == (b"data", 1)
    assert after.at(0).get(Reference(3)) == before.get(Reference(3))
    size = after.trailer["Size"]
    assert isinstance(size, int)
    assert size >= 52
    assert "XRefStm" not in after.trailer


def test_the_identifier_keeps_its_first_half_and_other_entries_stay() -> None:
    trailer = _updated(PdfReader(doc(classic(trailer=b"/Root 1 0 R/Odd(kept)" + IDENTIFIER)))).trailer
    assert trailer["ID"] == [bytes.fromhex("00112233445566778899aabbccddeeff"), ENTROPY]
    assert trailer["Odd"] == b"kept"
    assert _updated(PdfReader(doc(classic()))).trailer["ID"] == [ENTROPY, ENTROPY]


def test_updates_follow_each_other() -> None:
    once = _updated(PdfReader(doc(with_xref_stream({}, OBJECTS))))
    twice = _updated(once)
    assert [revision.end for revision in twice.revisions][:2] == [revision.end for revision in once.revisions]


@pytest.mark.parametrize(
    ("data", "style"), [(classic(), XrefStyle.TABLE), (with_xref_stream({}, OBJECTS), XrefStyle.STREAM)]
)
def test_what_is_appended_to_a_damaged_file_makes_it_regular(data: bytes, style: XrefStyle) -> None:
    damaged = data.replace(b"startxref\n", b"startxref\n9")
    after = _updated(RebuiltPdf(doc(damaged)))
    assert (after.xref_style, "Prev" in after.trailer, after.root["Type"]) == (style, False, "Catalog")
    assert after.get(Reference(50)) == CHANGES[Reference(50)]


def test_numbers_that_only_an_old_section_uses_are_not_taken_again() -> None:
    data = classic({**OBJECTS, 70: b"(far)"}).replace(b"/Size 71", b"/Size 4")
    assert PdfReader(doc(data)).next_number == 71
    assert HEADER in data
    assert PAGE in data
