import pytest

from shirushi.codecs.pdf import window as window_module
from shirushi.codecs.pdf.errors import (
    MalformedPdf,
    NotAPdf,
    PdfEmpty,
    PdfEncrypted,
    PdfFilterUnsupported,
    PdfLimitExceeded,
    PdfObjectDamaged,
    PdfPageMissing,
    PdfStructureDamaged,
    PdfTruncated,
    PdfXrefDamaged,
)
from shirushi.codecs.pdf.objects import Reference, Stream
from shirushi.codecs.pdf.pages import page_at, pages
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.view import XrefStyle
from shirushi.core.errors import MalformedInput
from tests.unit.codecs_pdf.builder import (
    HEADER,
    OBJECTS,
    PAGE,
    appended,
    classic,
    doc,
    hybrid,
    last_startxref,
    linearised,
    object_stream,
    stream,
    with_xref_stream,
)

PACKED = with_xref_stream({}, OBJECTS)


@pytest.mark.parametrize(
    ("data", "style"),
    [
        (classic(), XrefStyle.TABLE),
        (classic(head=b"mail header\r\n\r\n" + HEADER), XrefStyle.TABLE),
        (classic().replace(b" \n", b"\r\n"), XrefStyle.TABLE),
        (classic().replace(b"0 1\n0000", b"1 1\n0000", 1), XrefStyle.TABLE),
        (PACKED, XrefStyle.STREAM),
        (with_xref_stream({}, OBJECTS, predictor=12), XrefStyle.STREAM),
        (hybrid(), XrefStyle.TABLE),
        (linearised(), XrefStyle.TABLE),
        (classic() + b"\n" * 5000, XrefStyle.TABLE),
    ],
)
@pytest.mark.parametrize("small", [0, 1 << 20])
def test_regular_files_of_every_style_are_read_whole_or_in_parts(
    data: bytes, style: XrefStyle, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_module, "_SMALL", small)
    reader = PdfReader(doc(data))
    assert reader.xref_style is style
    assert reader.root["Type"] == "Catalog"
    (page,) = pages(reader)
    assert page.get("MediaBox") == [0, 0, 595, 842]
    assert page_at(reader, -1) == page_at(reader, 1)


def test_offsets_may_count_from_a_header_that_stands_late() -> None:
    junk = b"POST /upload HTTP/1.1\r\n"
    reader = PdfReader(doc(junk + classic()))
    assert (reader.base, reader.root["Type"]) == (len(junk), "Catalog")
    assert reader.offset_of(Reference(1)) == len(junk) + len(HEADER)
    assert reader.revisions[0].end == len(junk + classic())


def _cut(data: bytes) -> bytes:
    return data[: data.rfind(b"startxref")]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", PdfEmpty),
        (b"PK\x03\x04 not a PDF", NotAPdf),
        (HEADER, PdfTruncated),
        (_cut(classic()), PdfTruncated),
        (classic().replace(b"startxref\n", b"startxref\nx"), PdfTruncated),
        (classic(trailer=b"/Root 1 0 R/Encrypt 9 0 R"), PdfEncrypted),
        (classic().replace(b"startxref\n", b"startxref\n9"), PdfXrefDamaged),
        (classic().replace(b"startxref\n1", b"startxref\n"), PdfXrefDamaged),
        (classic().replace(b"trailer", b"trailed"), PdfXrefDamaged),
        (classic().replace(b"0 1\n0000", b"0 9999999\n0000"), PdfXrefDamaged),
        (classic(trailer=b""), PdfStructureDamaged),
        (classic(trailer=b"/Root 2 0 R").replace(b"2 0 obj\n<<", b"2 0 obj\n(<"), MalformedPdf),
        (classic(trailer=b"/Root 8 0 R"), PdfStructureDamaged),
        (classic().replace(b"1 0 obj", b"7 0 obj"), PdfObjectDamaged),
        (PACKED.replace(b"/W[1 3 2]", b"/W[1 9 2]"), PdfXrefDamaged),
        (PACKED.replace(b"/W[1 3 2]", b"/W[1 3 7]"), PdfXrefDamaged),
        (PACKED.replace(b"/FlateDecode", b"/SlateDecode"), PdfFilterUnsupported),
    ],
)
def test_each_damage_has_its_name(data: bytes, error: type[MalformedPdf]) -> None:
    with pytest.raises(error) as caught:
        PdfReader(doc(data))
    assert isinstance(caught.value, MalformedInput)
    assert "{" not in caught.value.explain("ja") + caught.value.explain("en")
    assert caught.value.remedy("ja")


def test_sections_that_name_each_other_are_a_loop() -> None:
    once = classic()
    data = appended(once, {3: PAGE})
    start = last_startxref(data)
    looped = data.replace(b"/Prev %d" % last_startxref(once), b"/Prev %d" % start)
    with pytest.raises(PdfXrefDamaged):
        PdfReader(doc(looped)).revisions  # noqa: B018  reading them is the test


def test_pages_that_contain_themselves_are_refused() -> None:
    data = classic({**OBJECTS, 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"})
    with pytest.raises(PdfLimitExceeded):
        list(pages(PdfReader(doc(data))))
    with pytest.raises(PdfPageMissing):
        page_at(PdfReader(doc(classic())), 2)


def test_pages_inherit() -> None:
    objects = {
        **OBJECTS,
        2: b"<</Type/Pages/Kids[4 0 R]/Count 1/Rotate 90>>",
        3: b"<</Type/Page/Parent 4 0 R>>",
        4: b"<</Type/Pages/Kids[3 0 R null]/Count 1/Parent 2 0 R/MediaBox[0 0 10 20]>>",
    }
    (page,) = pages(PdfReader(doc(classic(objects))))
    assert (page.get("Rotate"), page.get("MediaBox"), page.get("Kids")) == (90, [0, 0, 10, 20], None)


def test_a_stream_whose_length_lies_ends_where_endstream_stands() -> None:
    reader = PdfReader(doc(classic({**OBJECTS, 4: b"<</Length 3>>\nstream\n0123456789\nendstream"})))
    value = reader.get(Reference(4))
    assert isinstance(value, Stream)
    assert value.read() == b"0123456789"


def test_a_length_may_be_indirect_and_filters_follow_each_other() -> None:
    body = b"<</Length 5 0 R/Filter[/AHx/A85]>>\nstream\n" + b"87cURDZ~>".hex().encode() + b">\nendstream"
    length = len(b"87cURDZ~>".hex()) + 1
    reader = PdfReader(doc(classic({**OBJECTS, 4: body, 5: b"%d" % length})))
    value = reader.get(Reference(4))
    assert isinstance(value, Stream)
    assert reader.decoded(value) == b"Hello"


def test_a_bomb_is_refused() -> None:
    reader = PdfReader(doc(classic({**OBJECTS, 4: stream(bytes(70 << 20), packed=True)})))
    value = reader.get(Reference(4))
    assert isinstance(value, Stream)
    with pytest.raises(PdfLimitExceeded):
        reader.decoded(value)


def test_an_object_of_another_generation_or_none_is_null() -> None:
    reader = PdfReader(doc(classic()))
    assert reader.get(Reference(1, 3)) is None
    assert reader.get(Reference(77)) is None
    assert reader.resolve(Reference(0)) is None


def test_references_to_references_end() -> None:
    reader = PdfReader(doc(classic({**OBJECTS, 4: b"5 0 R", 5: b"4 0 R"})))
    with pytest.raises(PdfLimitExceeded):
        reader.resolve(Reference(4))


def test_an_object_stream_inside_itself_is_refused() -> None:
    packed = {1: OBJECTS[1], 2: OBJECTS[2], 3: PAGE, 9: object_stream({8: b"1"}).split(b"\nstream")[0]}
    data = with_xref_stream({}, packed)
    reader = PdfReader(doc(data))
    assert isinstance(reader.get(Reference(9)), dict)
    with pytest.raises(PdfObjectDamaged):
        reader._open_object_stream(9)


def test_values_can_be_had_as_they_stand() -> None:
    data = classic()
    reader = PdfReader(doc(data))
    assert reader.raw(Reference(3)) == PAGE
    assert reader.raw(Reference(50)) is None
    assert PdfReader(doc(PACKED)).raw(Reference(3)) is None


class Sparse:
    """A PDF of more than a gigabyte that is never held: one stream of zeros."""

    def __init__(self, length: int) -> None:
        shell = classic({**OBJECTS, 4: stream(b"")}).partition(b"stream\n\nendstream")
        self.head = shell[0].replace(b"/Length 0", b"/Length %d" % length) + b"stream\n"
        self.zeros = length
        tail = b"\nendstream\nendobj\n"
        start = len(self.head) + length + len(tail)
        offsets = [self.head.index(b"%d 0 obj" % number) for number in range(1, 5)]
        tail += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % each for each in offsets)
        tail += b"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
        self.tail = tail
        self.served = 0

    @property
    def size(self) -> int:
        return len(self.head) + self.zeros + len(self.tail)

    def read_at(self, offset: int, length: int) -> bytes:
        end = min(offset + length, self.size)
        self.served += end - offset
        parts = self.head[offset:end]
        middle = max(0, min(end, len(self.head) + self.zeros) - max(offset, len(self.head)))
        behind = len(self.head) + self.zeros
        return parts + bytes(middle) + self.tail[max(0, offset - behind) : max(0, end - behind)]


def test_a_large_file_is_read_in_small_parts() -> None:
    from shirushi.core.document import Document

    source = Sparse(1 << 30)
    reader = PdfReader(Document(source))
    assert [page.index for page in pages(reader)] == [0]
    assert reader.revisions[0].end == source.size
    found = reader.window.indirect(reader.offset_of(Reference(4)) or 0)
    assert reader.stream_extent(found) == (len(source.head), len(source.head) + (1 << 30))
    assert source.served < 1 << 20
