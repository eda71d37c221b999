"""Every byte of an update belongs to something that its cross-reference data name (ISO 32000-2 §7.5.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.codecs.pdf.view import PLAIN, XrefStyle
from shirushi.codecs.pdf.xref import Section
from shirushi.formats.pades.changes.findings import Finding, unexplained

_MOST_STRAYS = 16
_COMMENT_READ = 1 << 12
_white = re.compile(rb"[\x00\t\n\x0c\r ]*+").match
_comment = re.compile(rb"%[^\r\n]*+").match
_object = re.compile(rb"(\d{1,10})[\x00\t\n\x0c\r ]+(\d{1,10})[\x00\t\n\x0c\r ]+obj").match
_startxref = re.compile(rb"startxref[\x00\t\n\x0c\r ]+\d{1,19}").match
_after_object = re.compile(rb"[\x00\t\n\x0c\r ]*(?:endstream)?[\x00\t\n\x0c\r ]*(?:endobj)?").match


def stray_bytes(reader: PdfReader, revision: Revision) -> Iterator[Finding]:
    """What stands in the bytes of a revision and in none of its objects, sections and marks of its end.

    Programs that repair a file take such objects for real, whatever the cross-reference data say.
    """
    tiles = _Tiles(reader, revision)
    position, strays = revision.start, 0
    while position < revision.end:
        start, position = position, tiles.skip(position)
        if position >= revision.end:
            return
        end, explained = tiles.next(start, position)
        if not explained:
            strays += 1
            yield unexplained(f"bytes {position}–{end}")
            if strays >= _MOST_STRAYS:
                return
        position = max(end, position + 1)


class _Tiles:
    """The places of one revision that are accounted for."""

    def __init__(self, reader: PdfReader, revision: Revision) -> None:
        self._reader = reader
        self._window = reader.window
        self._end = revision.end
        self._objects = {
            number: entry.place + reader.base
            for number, entry in revision.entries().items()
            if entry.kind == PLAIN and revision.start <= entry.place + reader.base < revision.end
        }
        sections = [*revision.sections, *(s.hybrid for s in revision.sections if s.hybrid)]
        self._sections: dict[int, Section] = {section.offset: section for section in sections}

    def skip(self, position: int) -> int:
        """The next position that is neither white space nor in a comment; a comment that reads as an object is none."""
        while position < self._end:
            data, index = self._window.at(position, _COMMENT_READ)
            white = _white(data, index)
            assert white is not None  # it matches nothing as well
            if white.end() > index:
                position += white.end() - index
                continue
            comment = _comment(data, index)
            if comment is None or b"obj" in comment[0]:
                return position
            position += comment.end() - index
        return position

    def next(self, start: int, position: int) -> tuple[int, bool]:
        """Where that ends which stands at `position`, after blanks from `start`, and whether it is accounted for."""
        for offset, section in self._sections.items():
            if start <= offset <= position and section.style is XrefStyle.TABLE:
                return section.end, True
        data, index = self._window.at(position, 64)
        mark = _startxref(data, index)
        if mark:
            return position + mark.end() - index, True
        header = _object(data, index)
        if header is None:
            return self._end, False
        number = int(header[1])
        place = self._objects.get(number, -1)
        listed = start <= place <= position or any(start <= at <= position for at in self._sections)
        try:
            return self._object_end(position), listed
        except MalformedPdf:
            return self._end, False

    def _object_end(self, position: int) -> int:
        """Where the object at `position` ends, `endobj` included."""
        found = self._window.indirect(position)
        end = found.value_end
        if found.stream_start >= 0:
            end = self._reader.stream_extent(found)[1]
        data, index = self._window.at(end, 64)
        closing = _after_object(data, index)
        return end + (closing.end() - index if closing else 0)
