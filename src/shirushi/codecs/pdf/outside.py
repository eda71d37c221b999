"""Bytes that no cross-reference section accounts for: where additions hide that some readers show and others do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shirushi.codecs.pdf.errors import PdfObjectDamaged
from shirushi.codecs.pdf.lexer import SKIP, skip
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.codecs.pdf.view import PLAIN, XrefStyle
from shirushi.codecs.pdf.xref import Section

_object = re.compile(
    rb"(?<![^\x00\t\n\x0c\r \])>])(\d{1,10})[\x00\t\n\x0c\r ]+\d{1,5}[\x00\t\n\x0c\r ]+obj(?![a-zA-Z])"
)
_closing = re.compile(SKIP + rb"endstream" + SKIP + rb"endobj").match
_pointer = re.compile(SKIP + rb"startxref" + SKIP + rb"\d{1,19}[\x00\t\n\x0c\r ]*(?:%%EOF)?").match
_SLIP = 16
"""How far before its object, in white space, an entry may point."""
_LONGEST = 1 << 16
"""A gap longer than this is not looked at for being blank: no writer leaves so much."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Bytes from `start` to `end` that are neither blank nor accounted for.

    `number` is the number of the first object that stands among them, None where there is none.
    """

    start: int
    end: int
    number: int | None = None


def outside(reader: PdfReader, revision: Revision) -> tuple[Outside, ...]:
    """What in a revision belongs to none of its objects, sections and trailers.

    White space, comments and repeated pointers (`startxref`) count as accounted for.
    """
    spans = sorted(_accounted(reader, revision))
    return tuple(_gaps(reader, revision.start, revision.end, spans))


def behind(reader: PdfReader) -> tuple[Outside, ...]:
    """What stands behind the end of the last revision."""
    return tuple(_gaps(reader, reader.revisions[-1].end, reader.size, []))


def _accounted(reader: PdfReader, revision: Revision) -> Iterator[tuple[int, int]]:
    for number, entry in revision.entries().items():
        offset = entry.place + reader.base
        if entry.kind == PLAIN and revision.start - _SLIP <= offset < revision.end:
            try:
                yield _extent(reader, offset, number)
            except PdfObjectDamaged:
                continue
    for section in revision.sections:
        yield _extent_of(reader, section)
        if section.hybrid:
            yield _extent_of(reader, section.hybrid)


def _extent_of(reader: PdfReader, section: Section) -> tuple[int, int]:
    if section.style is XrefStyle.STREAM:
        return _extent(reader, section.offset, 0)
    data, index = reader.window.at(section.end, 256)
    pointer = _pointer(data, index)
    return section.offset, section.end + (pointer.end() - index if pointer else 0)


def _extent(reader: PdfReader, offset: int, number: int) -> tuple[int, int]:
    found = reader.window.indirect(offset, number)
    if number and found.number != number:
        raise PdfObjectDamaged(number=number, offset=offset)
    if found.stream_start < 0:
        return offset, found.end
    _, end = reader.stream_extent(found)
    data, index = reader.window.at(end, 64)
    closing = _closing(data, index)
    return offset, end + (closing.end() - index if closing else 0)


def _gaps(reader: PdfReader, start: int, end: int, spans: list[tuple[int, int]]) -> Iterator[Outside]:
    position = start
    for begin, finish in [*spans, (end, end)]:
        if begin > position:
            found = _look(reader, position, begin)
            if found:
                yield found
        position = max(position, finish)


def _look(reader: PdfReader, start: int, end: int) -> Outside | None:
    """The gap, without blanks at its start, or None where it is all blank."""
    if end - start <= _LONGEST:
        data = reader.window.read(start, end - start)
        position = skip(data, 0)
        while pointer := _pointer(data, position):
            position = skip(data, pointer.end())
        if position >= len(data):
            # a comment that reads as an object: programs that repair a file take it for one
            hidden = _object.search(data)
            if hidden is None:
                return None
            position = hidden.start()
        start += position
    located = reader.window.locate(_object, start, end)
    return Outside(start, end, int(located[1][1]) if located else None)
