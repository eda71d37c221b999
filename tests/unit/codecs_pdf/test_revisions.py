import pytest

from shirushi.codecs.pdf.errors import MalformedPdf, PdfObjectDamaged, PdfTruncated, PdfXrefDamaged
from shirushi.codecs.pdf.objects import Reference
from shirushi.codecs.pdf.outside import behind, outside
from shirushi.codecs.pdf.pages import pages
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from tests.unit.codecs_pdf.builder import (
    HEADER,
    OBJECTS,
    PAGE,
    appended,
    classic,
    doc,
    hybrid,
    linearised,
    with_xref_stream,
)

FIRST = classic({**OBJECTS, 4: b"(first)"})
SECOND = appended(FIRST, {4: b"(second)", 5: b"(new)"})


def test_revisions_follow_each_other_without_gap() -> None:
    reader = PdfReader(doc(SECOND))
    first, second = reader.revisions
    assert (first.start, first.end, second.start, second.end) == (0, len(FIRST), len(FIRST), len(SECOND))
    assert SECOND[: first.eof].endswith(b"%%EOF")
    assert set(second.entries()) == {4, 5}
    assert first.find(5) is None
    assert reader.get(Reference(4)) == b"second"
    earlier = reader.at(first)
    assert (earlier.get(Reference(4)), earlier.get(Reference(5)), earlier.size) == (
        b"first",
        None,
        len(FIRST),
    )
    assert earlier.revisions[0].end == first.end


@pytest.mark.parametrize("ending", [b"", b"\r", b"\r\n", b" \n"])
def test_the_end_of_a_revision_takes_its_line_end_along(ending: bytes) -> None:
    reader = PdfReader(doc(appended(FIRST[:-1] + ending, {4: b"1"})))
    assert reader.revisions[0].end == len(FIRST) - 1 + len(ending)


def test_the_sections_of_a_linearised_file_are_one_revision() -> None:
    data = linearised()
    (only,) = PdfReader(doc(data)).revisions
    assert (len(only.sections), only.end) == (2, len(data))
    assert set(only.entries()) == {0, 1, 2, 3}
    updated = PdfReader(doc(appended(data, {3: PAGE})))
    assert [len(revision.sections) for revision in updated.revisions] == [2, 1]


def test_hidden_entries_of_a_hybrid_file_count() -> None:
    (only,) = PdfReader(doc(hybrid())).revisions
    assert only.entries()[3].place == 4


def test_an_earlier_revision_never_reads_behind_its_end() -> None:
    place = FIRST.index(b"4 0 obj")
    trap = FIRST.replace(b"%010d" % place, b"%010d" % len(FIRST))
    reader = PdfReader(doc(appended(trap, {4: b"(late)"})))
    assert reader.get(Reference(4)) == b"late"
    with pytest.raises(PdfObjectDamaged):
        reader.at(0).get(Reference(4))


def test_all_bytes_of_honest_files_are_accounted_for() -> None:
    for data in (SECOND, with_xref_stream({}, OBJECTS), linearised(), hybrid()):
        reader = PdfReader(doc(data))
        assert [outside(reader, revision) for revision in reader.revisions] == [()] * len(reader.revisions)
        assert behind(reader) == ()


def test_objects_behind_the_last_end_of_file_are_found() -> None:
    extra = b"3 0 obj\n<</Type/Page/Evil true>>\nendobj\n"
    (found,) = behind(PdfReader(doc(SECOND + extra)))
    assert (found.start, found.end, found.number) == (len(SECOND), len(SECOND + extra), 3)
    (blob,) = behind(PdfReader(doc(SECOND + b"\x00\x00 \xff\xfe junk")))
    assert blob.number is None


def test_objects_that_no_section_lists_are_found() -> None:
    hidden = appended(FIRST + b"4 0 obj\n(hidden)\nendobj\n", {5: b"(new)"})
    reader = PdfReader(doc(hidden))
    assert outside(reader, reader.revisions[0]) == ()
    (found,) = outside(reader, reader.revisions[1])
    assert (found.start, found.number) == (len(FIRST), 4)


def test_long_gaps_are_not_taken_for_blank() -> None:
    data = appended(FIRST + b" " * 70000, {5: b"(new)"})
    reader = PdfReader(doc(data))
    assert outside(reader, reader.revisions[1])[0].number is None


def _damaged(data: bytes) -> bytes:
    return data.replace(b"startxref\n", b"startxref\n9")


@pytest.mark.parametrize("data", [SECOND, with_xref_stream({}, OBJECTS), linearised(), hybrid()])
def test_a_damaged_file_is_rebuilt_from_its_objects(data: bytes) -> None:
    with pytest.raises(PdfXrefDamaged):
        PdfReader(doc(_damaged(data)))
    rebuilt = RebuiltPdf(doc(_damaged(data)))
    assert [page.get("MediaBox") for page in pages(rebuilt)] == [[0, 0, 595, 842]]
    assert rebuilt.startxref == 0
    assert rebuilt.listed.keys() >= {1, 2, 3}
    assert rebuilt.revisions[0].end == len(_damaged(data))


def test_rebuilding_takes_the_last_of_two_objects_and_passes_over_streams() -> None:
    objects = {**OBJECTS, 4: b"(a)", 6: b"<</Length 30>>\nstream\n1 0 obj (no object) endobj     \nendstream"}
    data = _damaged(appended(classic(objects), {4: b"(b)"}))
    rebuilt = RebuiltPdf(doc(data))
    assert rebuilt.get(Reference(4)) == b"b"
    assert rebuilt.root["Type"] == "Catalog"


def test_rebuilding_finds_the_catalogue_without_a_trailer_and_drops_what_cannot_be_read() -> None:
    data = _damaged(classic({**OBJECTS, 7: b"<</Broken"})).replace(b"trailer", b"failure")
    rebuilt = RebuiltPdf(doc(data))
    assert rebuilt.root_reference == Reference(1)
    assert 7 not in rebuilt.listed


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (FIRST[: FIRST.rfind(b"startxref")], PdfTruncated),
        (HEADER + b"nothing\nstartxref\n5\n%%EOF", PdfXrefDamaged),
        (_damaged(classic(trailer=b"/Root 1 0 R/Encrypt 5 0 R")), MalformedPdf),
    ],
)
def test_some_files_cannot_be_rebuilt(data: bytes, error: type[MalformedPdf]) -> None:
    with pytest.raises(error):
        RebuiltPdf(doc(data))
