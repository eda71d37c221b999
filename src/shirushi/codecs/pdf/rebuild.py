"""Opens a PDF whose cross-reference data cannot be followed: finds the objects where they stand.

Of an object that stands twice the last one counts, as in other programs' repair. What is appended to such a file lists
every object anew (`PdfView.listed`), so that the result is regular and shows the same to every reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shirushi.codecs.pdf.errors import MalformedPdf, PdfLimitExceeded, PdfXrefDamaged
from shirushi.codecs.pdf.lexer import Unreadable
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference, Stream
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.codecs.pdf.view import PACKED, PLAIN, Entry, XrefStyle
from shirushi.codecs.pdf.xref import Section
from shirushi.core.document import Document

_BLOCK = 1 << 20
_LONGEST_MARK = 64
_MOST_OBJECTS = 1 << 20
_mark = re.compile(
    rb"(?<![^\x00\t\n\x0c\r >\])])"
    rb"(?:(\d{1,10})[\x00\t\n\x0c\r ]{1,8}(\d{1,5})[\x00\t\n\x0c\r ]{1,8}obj(?![A-Za-z])"
    rb"|(stream)(?:\r\n|\n|\r)"
    rb"|(trailer)[\x00\t\n\x0c\r ]*<<)"
)
_endstream = re.compile(rb"endstream")


class ListedSection(Section):
    """A section of entries that were found, not read."""

    __slots__ = ("_found",)

    def __init__(self, reader: PdfReader, found: dict[int, Entry], trailer: PdfDict) -> None:
        super().__init__(reader.window, 0, reader.window.size, trailer, [])
        self._found = found

    def find(self, number: int) -> Entry | None:
        """The entry of an object number, None where no such object was found."""
        return self._found.get(number)

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Every object that was found."""
        yield from self._found.items()

    @property
    def next_number(self) -> int:
        """One more than the highest object number."""
        return max(self._found, default=0) + 1


class RebuiltPdf(PdfReader):
    """A `PdfView` of a damaged file as its objects show it; raises a `MalformedPdf` where they do not suffice.

    A file whose end is missing stays `PdfTruncated`: what is left of it is not the document.
    """

    __slots__ = ("_listed",)

    def __init__(self, document: Document) -> None:
        self._listed: dict[int, Entry] = {}
        super().__init__(document)

    @property
    def listed(self) -> Mapping[int, Entry]:
        """Every object, for an update to list."""
        return self._listed

    @property
    def startxref(self) -> int:
        """Zero: an update refers to no earlier section."""
        return 0

    @property
    def xref_style(self) -> XrefStyle:
        """A stream where objects lie in object streams, which a table cannot list."""
        packed = any(entry.kind == PACKED for entry in self._listed.values())
        return XrefStyle.STREAM if packed else XrefStyle.TABLE

    def _read_revisions(self) -> tuple[Revision, ...]:
        return (Revision(0, 0, self.size, self.size, tuple(self._sections)),)

    def _open_sections(self, header: int) -> None:
        self._find_startxref()  # a file that was cut off is not made whole by what is left
        self.base = header
        self._sections_done = True
        trailers = self._scan()
        section = ListedSection(self, self._listed, {})
        self._sections = [section]
        section.trailer = self._choose_trailer(trailers)
        self._unpack_all()

    def _scan(self) -> list[int]:
        """Note where objects stand; gives the places of the dictionaries of trailers."""
        trailers: list[int] = []
        start, size = 0, self.window.size
        while start < size:
            data = self.window.read(start, _BLOCK + _LONGEST_MARK)
            position = 0
            while found := _mark.search(data, position, min(len(data), _BLOCK + _LONGEST_MARK)):
                position = found.end()
                if found[1]:
                    if len(self._listed) >= _MOST_OBJECTS:
                        raise PdfLimitExceeded(limit="objects")
                    place = start + found.start() - self.base
                    self._listed[int(found[1])] = Entry(PLAIN, place, int(found[2]))
                elif found[4]:
                    trailers.append(start + found.end())
                else:
                    ended = self.window.locate(_endstream, start + position, size)
                    position = (ended[0] if ended else size) - start
                    if position >= len(data):
                        break
            start += max(_BLOCK, position) if start + len(data) < size else size
        return trailers

    def _choose_trailer(self, trailers: list[int]) -> PdfDict:
        """The last trailer that names a catalogue, be it a table's or a stream's; else one for the catalogue found."""
        for place in reversed(trailers):
            try:
                trailer, _ = self.window.dictionary(place)
            except Unreadable:
                continue
            if isinstance(trailer.get("Root"), Reference):
                return trailer
        catalogue: PdfDict | None = None
        for number, entry in sorted(self._listed.items(), key=lambda item: -item[1].place):
            value = self._try(Reference(number, entry.ordinal))
            if isinstance(value, Stream) and value.dictionary.get("Type") == "XRef":
                if isinstance(value.dictionary.get("Root"), Reference):
                    return value.dictionary
            elif isinstance(value, dict) and value.get("Type") == "Catalog" and catalogue is None:
                catalogue = {"Root": Reference(number, entry.ordinal)}
        if catalogue is None:
            raise PdfXrefDamaged(offset=0)
        return catalogue

    def _unpack_all(self) -> None:
        """List what lies in object streams, where no object that can be read stands in its own right."""
        streams: list[int] = []
        for number, entry in sorted(self._listed.items(), key=lambda item: item[1].place):
            try:
                value = self.get(Reference(number, entry.ordinal))
            except MalformedPdf:
                del self._listed[number]
                continue
            if isinstance(value, Stream) and value.dictionary.get("Type") == "ObjStm":
                streams.append(number)
        for number in streams:
            try:
                header, _, _ = self._open_object_stream(number)
            except MalformedPdf:
                continue
            for index, inner in enumerate(header[::2]):
                known = self._listed.get(inner)
                if known is None or known.kind == PACKED:
                    self._listed[inner] = Entry(PACKED, number, index)
        self._cache.clear()

    def _try(self, reference: Reference) -> PdfValue:
        try:
            return self.get(reference)
        except MalformedPdf:
            return None
