"""Cross-reference sections: tables (ISO 32000-2 §7.5.4), streams (§7.5.8) and hybrids of both (§7.5.8.4).

A section is opened without reading its entries: each is looked up where it stands, so that size costs nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from shirushi.codecs.pdf.effort import LISTED
from shirushi.codecs.pdf.errors import PdfObjectDamaged, PdfXrefDamaged
from shirushi.codecs.pdf.filters import decode
from shirushi.codecs.pdf.lexer import SKIP, Unreadable
from shirushi.codecs.pdf.objects import PdfDict, PdfValue
from shirushi.codecs.pdf.view import FREE, PACKED, PLAIN, Entry, XrefStyle
from shirushi.codecs.pdf.window import Window

__all__ = ["FREE", "PACKED", "PLAIN", "Entry", "Section", "open_section"]

_table = re.compile(SKIP + rb"xref[\x00\t\n\x0c\r ]").match
_subsection = re.compile(
    SKIP + rb"(?:(\d{1,10})[ \t]+(\d{1,10})[ \t]*(?:\r\n|\n|\r)|(trailer)" + SKIP + rb"<<)"
).match
_entry = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \n|\r\n| \r|  )").match
_loose_entry = re.compile(rb"[\x00\t\n\x0c\r ]*(\d{1,20})[ \t]+(\d{1,10})[ \t]+([nf])").match
_WIDTH = 20
_MOST_LOOSE = 1 << 20
_MOST_OVERLAPPING = 64
_LARGEST_NUMBER = 1 << 31
_new = tuple.__new__
_NO_PART = (0, 0, -1)


class Section:
    """One cross-reference section with its trailer dictionary.

    `offset` and `end` are where it stands, the trailer included; `hybrid` is the section that `/XRefStm` names.
    """

    __slots__ = (
        "_data",
        "_firsts",
        "_parts",
        "_widths",
        "_window",
        "end",
        "hybrid",
        "offset",
        "style",
        "trailer",
    )

    def __init__(  # noqa: PLR0917  made here alone
        self,
        window: Window,
        offset: int,
        end: int,
        trailer: PdfDict,
        parts: list[tuple[int, int, int]],
        data: bytes | None = None,
        widths: tuple[int, int, int] | None = None,
    ) -> None:
        self.offset = offset
        self.end = end
        self.trailer = trailer
        self.style = XrefStyle.STREAM if widths else XrefStyle.TABLE
        self.hybrid: Section | None = None
        self._window = window
        self._parts = sorted(parts)
        self._firsts = [first for first, _, _ in self._parts]
        self._data = data
        self._widths = widths
        ends = (first + count for first, count, _ in self._parts)
        if any(end > first for end, first in zip(ends, self._firsts[1:], strict=False)):
            if len(parts) > _MOST_OVERLAPPING:
                raise PdfXrefDamaged(offset=offset)
            self._parts, self._firsts = parts, []

    def find(self, number: int) -> Entry | None:
        """The entry of an object number, None where the section does not speak of it; raises `PdfXrefDamaged`."""
        found = None
        first, _, at = self._part_of(number)
        if at >= 0:
            read = self._read_text if self._widths is None else self._read_fields
            found = read(at, number - first)
        if self.hybrid and (found is None or found.kind == FREE):
            hidden = self.hybrid.find(number)
            return hidden if hidden and hidden.kind != FREE else found
        return found

    def _part_of(self, number: int) -> tuple[int, int, int]:
        """The subsection of an object number: of those that overlap the first; one at -1 where none has it."""
        if not self._firsts:
            return next((part for part in self._parts if part[0] <= number < part[0] + part[1]), _NO_PART)
        part = self._parts[bisect_right(self._firsts, number) - 1]
        return part if part[0] <= number < part[0] + part[1] else _NO_PART

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Every object number of the section with its entry; hybrids' hidden ones included."""
        self._window.effort.spend(LISTED * sum(count for _, count, _ in self._parts))
        for first, count, _ in self._parts:
            for number in range(first, first + count):
                found = self.find(number)
                if found is not None:
                    yield number, found
        if self.hybrid:
            for number, entry in self.hybrid.entries():
                if self._part_of(number) is _NO_PART:
                    yield number, entry

    @property
    def next_number(self) -> int:
        """One more than the highest object number of the section."""
        own = max((first + count for first, count, _ in self._parts), default=0)
        return max(own, self.hybrid.next_number) if self.hybrid else own

    def _read_fields(self, at: int, index: int) -> Entry:
        assert self._widths is not None
        kind_width, place_width, index_width = self._widths
        at += index * (kind_width + place_width + index_width)
        data = self._data or b""
        kind = int.from_bytes(data[at : at + kind_width], "big") if kind_width else PLAIN
        at += kind_width
        return Entry(
            kind,
            int.from_bytes(data[at : at + place_width], "big"),
            int.from_bytes(data[at + place_width : at + place_width + index_width], "big"),
        )

    def _read_text(self, at: int, index: int) -> Entry:
        at += index * _WIDTH
        data = self._data or self._window.whole
        if data is None:
            data, at = self._window.at(at, _WIDTH)
        found = _entry(data, at)
        if found is None:
            raise PdfXrefDamaged(offset=at)
        place, generation, kind = found.groups()
        return _new(Entry, (PLAIN if kind == b"n" else FREE, int(place), int(generation)))


def open_section(window: Window, offset: int) -> Section:
    """The section at `offset` of the file; raises `PdfXrefDamaged`."""
    if not 0 <= offset < window.size:
        raise PdfXrefDamaged(offset=offset)
    data, index = window.at(offset, 64)
    found = _table(data, index)
    try:
        if found:
            return _open_table(window, offset, offset - index + found.end())
        return _open_stream(window, offset)
    except (Unreadable, PdfObjectDamaged):
        raise PdfXrefDamaged(offset=offset) from None


def _open_table(window: Window, offset: int, position: int) -> Section:
    """A table whose first subsection begins at `position`, its entries not read; irregular ones are read at once."""
    parts: list[tuple[int, int, int]] = []
    text = None
    start = position
    data, index = window.at(position, 256)
    found = _subsection(data, index)
    while found and not found[3]:
        position += found.end() - index
        first, count = int(found[1]), int(found[2])
        if first == 1 and _read_free_head(window, position):
            first = 0
        parts.append((first, count, position))
        # regular: the last entry, and what follows, stand where entries of 20 bytes put them
        regular = True
        if count:
            position += (count - 1) * _WIDTH
            data, index = window.at(position, 256)
            regular = _entry(data, index) is not None
            position += _WIDTH
            index += _WIDTH
        else:
            data, index = window.at(position, 256)
        found = _subsection(data, index) if regular else None
        if found is None:
            parts, text, position = _open_loose(window, start)
            data, index = window.at(position, 256)
            found = _subsection(data, index)
    if found is None:
        raise PdfXrefDamaged(offset=position)
    trailer, end = window.dictionary(position + found.end() - index)
    return Section(window, offset, end, trailer, parts, text)


def _read_free_head(window: Window, position: int) -> bool:
    """Whether the entry is that of object 0: a well-known slip numbers it 1."""
    return window.read(position, 18) == b"0000000000 65535 f"


def _open_loose(window: Window, position: int) -> tuple[list[tuple[int, int, int]], bytes, int]:
    """A table whose entries are not 20 bytes long: gives its parts, its entries made regular, and where `trailer` stands."""
    parts: list[tuple[int, int, int]] = []
    lines: list[bytes] = []
    while True:
        data, index = window.at(position, 256)
        found = _subsection(data, index)
        if found is None:
            raise PdfXrefDamaged(offset=position)
        if found[3]:
            return parts, b"".join(lines), position
        position += found.end() - index
        first, count = int(found[1]), int(found[2])
        if len(lines) + count > _MOST_LOOSE:
            raise PdfXrefDamaged(offset=position)
        at = len(lines)
        for _ in range(count):
            data, index = window.at(position, 64)
            entry = _loose_entry(data, index)
            if entry is None:
                raise PdfXrefDamaged(offset=position)
            position += entry.end() - index
            lines.append(b"%010d %05d %b \n" % (int(entry[1]), int(entry[2]), entry[3]))
        if first == 1 and count and lines[at].startswith(b"0000000000 65535 f"):
            first = 0
        parts.append((first, count, at * _WIDTH))


def _open_stream(window: Window, offset: int) -> Section:
    found = window.indirect(offset)
    trailer = found.value
    if found.stream_start < 0 or not isinstance(trailer, dict) or trailer.get("Type") != "XRef":
        raise PdfXrefDamaged(offset=offset)
    length, size = trailer.get("Length"), trailer.get("Size")
    widths = _integers(trailer.get("W"))
    if not isinstance(length, int) or not isinstance(size, int) or len(widths) < 3 or max(widths) > 8:
        raise PdfXrefDamaged(offset=offset)
    raw = window.read(found.stream_start, length)
    if len(raw) != length:
        raise PdfXrefDamaged(offset=offset)
    data = decode(trailer, raw, effort=window.effort)
    index = _integers(trailer.get("Index")) if "Index" in trailer else [0, size]
    width = sum(widths)
    parts: list[tuple[int, int, int]] = []
    at = 0
    for first, count in zip(index[::2], index[1::2], strict=False):
        parts.append((first, count, at))
        at += count * width
    if not width or at > len(data):
        raise PdfXrefDamaged(offset=offset)
    return Section(
        window,
        offset,
        found.stream_start + length,
        trailer,
        parts,
        data,
        (widths[0], widths[1], sum(widths[2:])),
    )


def _integers(value: PdfValue) -> list[int]:
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, int) and 0 <= item < _LARGEST_NUMBER]
