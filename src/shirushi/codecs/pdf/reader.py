"""A reader for regular PDFs. What is not regular is refused by name; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from shirushi.codecs.pdf.effort import FOUND, PARSED
from shirushi.codecs.pdf.errors import (
    MalformedPdf,
    NotAPdf,
    PdfEmpty,
    PdfEncrypted,
    PdfLimitExceeded,
    PdfObjectDamaged,
    PdfStructureDamaged,
    PdfTruncated,
    PdfXrefDamaged,
)
from shirushi.codecs.pdf.filters import decode
from shirushi.codecs.pdf.lexer import Unreadable, object_header, parse_value
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference, Stream
from shirushi.codecs.pdf.revisions import Revision, read_revisions
from shirushi.codecs.pdf.view import FREE, PACKED, PLAIN, Entry, XrefStyle, integer
from shirushi.codecs.pdf.window import Indirect, Window
from shirushi.codecs.pdf.xref import Section, open_section
from shirushi.core.document import Document

__all__ = ["PdfReader", "Revision"]

_HEADER_WITHIN = 1024
_TAIL = 1024
_BACKWARDS = 1 << 16
_MOST_SECTIONS = 800
_MOST_CACHED = 4096
_MOST_OBJECT_STREAMS = 8
_DEEPEST_REFERENCE = 32
_MOST_NUMBERS = 8_388_607
"""The most objects that other readers take (ISO 32000-1 table C.1)."""
_startxref = re.compile(rb"startxref[\x00\t\n\x0c\r ]*(\d{1,19})")
_endstream = re.compile(rb"(?:\r\n|\n|\r)?endstream")


class PdfReader:
    """A regular PDF, read in place; a `PdfView` of its latest revision.

    Opening reads the header and the last cross-reference section; all else is read when it is asked for. Raises a
    `MalformedPdf` with a code that says what is wrong, at opening or at any later call.
    """

    __slots__ = (
        "_cache", "_next_number", "_object_streams", "_offsets", "_places", "_revisions", "_root", "_sections", "_sections_done", "base", "document",
        "root_reference", "trailer", "window",
    )  # fmt: skip

    def __init__(self, document: Document) -> None:
        self._open(Window(document))

    def _open(self, window: Window, base: int = 0, sections: Sequence[Section] = ()) -> None:
        """Read what `window` shows; where `sections` are given, they are all that it has, newest first."""
        self.document = window.document
        self.window = window
        self._cache: dict[Reference, PdfValue] = {}
        self._places: dict[Reference, tuple[int, int]] = {}
        self._object_streams: dict[int, tuple[list[int], bytes, int]] = {}
        self._revisions: tuple[Revision, ...] | None = None
        self._next_number: int | None = None
        header = self._find_header()
        self.base = base
        self._sections: list[Section] = [*sections]
        self._offsets: set[int] = set()
        self._sections_done = bool(sections)
        if not sections:
            self._open_sections(header)
        section = self._sections[0]
        self.trailer = trailer = section.trailer
        if trailer.get("Encrypt") is not None:
            raise PdfEncrypted
        root = trailer.get("Root")
        if not isinstance(root, Reference):
            raise PdfStructureDamaged(place="Root")
        self.root_reference = root
        self._root: PdfDict | None = None
        if self.unparsed(root) is None:
            _ = self.root  # what is not written plainly is read at once, so that damage shows

    @property
    def root(self) -> PdfDict:
        """The document catalogue."""
        if self._root is None:
            catalogue = self.get(self.root_reference)
            if not isinstance(catalogue, dict):
                raise PdfStructureDamaged(place="Root")
            self._root = catalogue
        return self._root

    def _open_sections(self, header: int) -> None:
        """Open the latest section; where it does not stand where it should, bytes before the header may be why."""
        offset = self._find_startxref()
        try:
            section = open_section(self.window, offset)
        except MalformedPdf:
            if not header:
                raise
            self.base = header
            section = open_section(self.window, offset + header)
        self._sections.append(section)
        self._offsets.add(section.offset)
        self._add_hybrid(section)

    @property
    def listed(self) -> Mapping[int, Entry] | None:
        """None: the file's own sections can be followed."""
        return None

    @property
    def startxref(self) -> int:
        """The offset of the latest cross-reference section, counted as the file counts."""
        return self._sections[0].offset - self.base

    @property
    def xref_style(self) -> XrefStyle:
        """How the latest revision lists its objects."""
        return self._sections[0].style

    @property
    def size(self) -> int:
        """The length in bytes of what is read."""
        return self.window.size

    @property
    def next_number(self) -> int:
        """The lowest object number above all that are in use, and above `/Size` where that can be.

        Raises `PdfLimitExceeded` where other readers would take no further object.
        """
        if self._next_number is None:
            size = integer(self, self.trailer.get("Size")) or 0
            listed = max(section.next_number for section in self.sections())
            self._next_number = max(listed, size if size <= _MOST_NUMBERS else 0)
        if self._next_number > _MOST_NUMBERS:
            raise PdfLimitExceeded(limit="object numbers")
        return self._next_number

    def sections(self) -> Iterator[Section]:
        """The cross-reference sections, newest first; raises `PdfXrefDamaged` where they form a loop."""
        index = 0
        while True:
            while index < len(self._sections):
                yield self._sections[index]
                index += 1
            if self._sections_done:
                return
            self._read_previous()

    def _read_previous(self) -> None:
        last = self._sections[-1]
        previous = last.trailer.get("Prev")
        if isinstance(previous, Reference):
            raise PdfXrefDamaged(offset=last.offset)
        if not isinstance(previous, (int, float)) or not previous:
            self._sections_done = True
            return
        offset = int(previous) + self.base
        if offset in self._offsets:
            raise PdfXrefDamaged(offset=offset)
        if len(self._sections) >= _MOST_SECTIONS:
            raise PdfLimitExceeded(limit="revisions")
        section = open_section(self.window, offset)
        self._add_hybrid(section)
        self._sections.append(section)
        self._offsets.add(offset)

    def _add_hybrid(self, section: Section) -> None:
        offset = section.trailer.get("XRefStm")
        if section.style is XrefStyle.TABLE and isinstance(offset, int):
            section.hybrid = open_section(self.window, offset + self.base)

    def find(self, number: int) -> Entry | None:
        """What the newest section that speaks of the object says of it."""
        entry = self._sections[0].find(number)
        if entry is not None:
            return entry
        looked = 0
        for section in self.sections():
            looked += 1
            entry = section.find(number)
            if entry is not None:
                break
        self.window.effort.spend(FOUND * looked)
        return entry

    def get(self, reference: Reference) -> PdfValue:
        """The object, None where there is none; raises `PdfObjectDamaged`."""
        value: PdfValue
        if reference in self._cache:
            return self._cache[reference]
        entry = self.find(reference.number)
        if entry is None or entry.kind == FREE:
            value = None
        elif entry.kind == PLAIN:
            value = self._load(reference, entry)
        elif entry.kind == PACKED and reference.generation == 0:
            value = self._unpack(reference.number, entry)
        else:
            value = None  # entries of unknown kinds refer to null (ISO 32000-2 table 18)
        if len(self._cache) >= _MOST_CACHED:
            self._cache.clear()
            self._places.clear()
        self._cache[reference] = value
        return value

    def resolve(self, value: PdfValue) -> PdfValue:
        """The value, or the object it refers to, through any number of references."""
        for _ in range(_DEEPEST_REFERENCE):
            if not isinstance(value, Reference):
                return value
            value = self.get(value)
        raise PdfLimitExceeded(limit="references")

    def raw(self, reference: Reference) -> bytes | None:
        """The object's value as it stands in the file; None where it is a stream or lies in an object stream."""
        if self.get(reference) is None or reference not in self._places:
            return None
        start, end = self._places[reference]
        return self.window.read(start, end - start)

    def unparsed(self, reference: Reference) -> bytes | None:
        """The object's value as it stands, where it is a dictionary so plain that its end shows without parsing."""
        entry = self.find(reference.number)
        data = self.window.whole
        if data is None or entry is None or entry.kind != PLAIN or entry.ordinal != reference.generation:
            return None
        found = object_header(data, entry.place + self.base)
        if not found or not found[3] or (int(found[1]), int(found[2])) != reference:
            return None
        start = found.end() - 2
        value = data[start : data.find(b"endobj", start)].rstrip()
        # bytes.find, for `in` raises and drops an exception at every call
        if (
            value.find(b"stream") >= 0
            or value.find(b"obj") >= 0
            or len(value.translate(None, b"(%#")) != len(value)
        ):
            return None
        return value if value.endswith(b">>") and value.count(b"<<") == value.count(b">>") else None

    def offset_of(self, reference: Reference) -> int | None:
        """Where the object stands in the file; None where it does not exist or lies in an object stream."""
        entry = self.find(reference.number)
        if entry is None or entry.kind != PLAIN or entry.ordinal != reference.generation or not entry.place:
            return None
        return entry.place + self.base

    def _load(self, reference: Reference, entry: Entry) -> PdfValue:
        if entry.ordinal != reference.generation or not entry.place:
            return None
        offset = entry.place + self.base
        if offset >= self.window.size:
            raise PdfObjectDamaged(number=reference.number, offset=offset)
        found = self.window.indirect(offset, reference.number)
        if found.number != reference.number or found.generation != reference.generation:
            raise PdfObjectDamaged(number=reference.number, offset=offset)
        if found.stream_start < 0:
            self._places[reference] = (found.value_start, found.value_end)
            return found.value
        if not isinstance(found.value, dict):
            raise PdfObjectDamaged(number=reference.number, offset=offset)
        return Stream(found.value, partial(self._read_stream, found))

    def _read_stream(self, found: Indirect) -> bytes:
        start, end = self.stream_extent(found)
        return self.window.read(start, end - start)

    def stream_extent(self, found: Indirect) -> tuple[int, int]:
        """Where a stream's data begins and ends.

        A `Length` that does not lead to `endstream` is overruled by where `endstream` stands.
        """
        start = found.stream_start
        assert isinstance(found.value, dict)
        length = integer(self, found.value.get("Length"))
        if length is not None and 0 <= length <= self.window.size - start:
            data, index = self.window.at(start + length, 16)
            if _endstream.match(data, index):
                return start, start + length
        located = self.window.locate(_endstream, start, self.window.size)
        if located is None:
            raise PdfObjectDamaged(number=found.number, offset=start)
        return start, located[0]

    def decoded(self, stream: Stream) -> bytes:
        """The data of a stream with its filters undone, at most 64 MiB."""
        dictionary = {
            key: self._plain(value)
            for key, value in stream.dictionary.items()
            if key in {"Filter", "DecodeParms"}
        }
        return decode(dictionary, stream.read(), effort=self.window.effort)

    def _plain(self, value: PdfValue) -> PdfValue:
        value = self.resolve(value)
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        return value

    def _unpack(self, number: int, entry: Entry) -> PdfValue:
        """An object from its object stream (ISO 32000-2 §7.5.7)."""
        if entry.place not in self._object_streams:
            if len(self._object_streams) >= _MOST_OBJECT_STREAMS:
                self._object_streams.clear()
            self._object_streams[entry.place] = self._open_object_stream(entry.place)
        header, data, first = self._object_streams[entry.place]
        position = 2 * entry.ordinal
        if position >= len(header) or header[position] != number:
            self.window.effort.spend(len(header))
            numbers = header[::2]
            if number not in numbers:
                raise PdfObjectDamaged(number=number, offset=first)
            position = 2 * numbers.index(number)
        start = first + header[position + 1]
        try:
            value, end = parse_value(data, start)
        except Unreadable as unreadable:
            self.window.effort.spend(PARSED * max(0, unreadable.position - start))
            raise PdfObjectDamaged(number=number, offset=start) from None
        self.window.effort.spend(PARSED * max(0, end - start))
        return value

    def _open_object_stream(self, number: int) -> tuple[list[int], bytes, int]:
        entry = self.find(number)
        if entry is None or entry.kind != PLAIN:
            raise PdfObjectDamaged(number=number, offset=0)
        value = self.get(Reference(number, entry.ordinal))
        if not isinstance(value, Stream) or value.dictionary.get("Type") != "ObjStm":
            raise PdfObjectDamaged(number=number, offset=entry.place)
        data = self.decoded(value)
        count = integer(self, value.dictionary.get("N"))
        first = integer(self, value.dictionary.get("First"))
        if count is None or first is None or not 0 <= first <= len(data) or count < 0:
            raise PdfObjectDamaged(number=number, offset=entry.place)
        self.window.effort.spend(PARSED * first)
        try:
            header = [int(item) for item in data[:first].split()[: 2 * count]]
        except ValueError:
            raise PdfObjectDamaged(number=number, offset=entry.place) from None
        if len(header) != 2 * count:
            raise PdfObjectDamaged(number=number, offset=entry.place)
        return header, data, first

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions, oldest first.

        A section that stands behind the one that names it in `/Prev` belongs to the same saving (linearised files).
        """
        if self._revisions is None:
            self._revisions = self._read_revisions()
        return self._revisions

    def _read_revisions(self) -> tuple[Revision, ...]:
        return read_revisions(self.window, list(self.sections()), self.base)

    def at(self, revision: Revision | int) -> PdfReader:
        """The document as it was when the revision was saved; nothing behind its end is read."""
        chosen = self.revisions[revision] if isinstance(revision, int) else revision
        sections = [s for each in reversed(self.revisions[: chosen.index + 1]) for s in each.sections]
        for section in sections:
            beyond = max(section.end, section.hybrid.end if section.hybrid else 0)
            if beyond > chosen.end:
                raise PdfXrefDamaged(offset=section.offset)
        reader = PdfReader.__new__(PdfReader)
        window = Window(self.document, chosen.end, self.window.effort)
        reader._open(window, self.base, sections)  # noqa: SLF001  its own class
        return reader

    def _find_header(self) -> int:
        if not self.window.size:
            raise PdfEmpty
        data, _ = self.window.at(0, _HEADER_WITHIN)
        header = data.find(b"%PDF-", 0, _HEADER_WITHIN)
        if header < 0:
            raise NotAPdf
        return header

    def _find_startxref(self) -> int:
        end = self.window.size
        start = max(0, end - _TAIL)
        while True:
            data, index = self.window.at(start, end - start)
            position = data.rfind(b"startxref", index)
            if position >= 0:
                found = _startxref.match(data, position)
                if found is None:
                    raise PdfTruncated
                return int(found[1])
            if start == 0:
                raise PdfTruncated
            start, end = max(0, start - _BACKWARDS), start + 32
