"""Reads parts of a file: a small file whole, a large one in blocks of which a few are kept."""

from __future__ import annotations

import re
from typing import NamedTuple

from shirushi.codecs.pdf.effort import PARSED, Effort
from shirushi.codecs.pdf.errors import PdfObjectDamaged
from shirushi.codecs.pdf.lexer import (
    Unreadable,
    object_header,
    object_tail,
    parse_dictionary,
    parse_value,
    skip,
)
from shirushi.codecs.pdf.objects import PdfDict, PdfValue
from shirushi.core.document import Document

_SMALL = 1 << 20
_BLOCK = 1 << 16
_SEARCHED = 1 << 20
_KEPT = 16
_GROWTH = (1 << 12, 1 << 16, 1 << 20, 1 << 24)
_TAIL = 32
"""A value that ends this near to the end of a buffer may have been cut."""


_new = tuple.__new__


class Indirect(NamedTuple):
    """An indirect object as it stands in the file; offsets count from the first byte of the file.

    `value_start` to `value_end` is its value; `stream_start` is the first byte of stream data, or -1; `end` follows
    `endobj`, or for a stream the keyword `stream` with its line end.
    """

    number: int
    generation: int
    value: PdfValue
    value_start: int
    value_end: int
    stream_start: int
    end: int


class Window:
    """The bytes of a document up to `size`; `whole` are all of them where they are few.

    `effort` is what reading may still cost, by default that of a file of this size.
    """

    __slots__ = ("_blocks", "document", "effort", "size", "whole")

    def __init__(self, document: Document, size: int | None = None, effort: Effort | None = None) -> None:
        self.document = document
        self.size = document.size if size is None else size
        self.effort = effort or Effort(self.size)
        self.whole = document.read_at(0, self.size) if self.size <= _SMALL else None
        self._blocks: list[tuple[int, bytes]] = []

    def at(self, offset: int, length: int) -> tuple[bytes, int]:
        """A buffer that holds `length` bytes from `offset`, or all up to the end, and where in it `offset` is."""
        if self.whole is not None:
            return self.whole, offset
        end = min(offset + length, self.size)
        for start, block in self._blocks:
            if start <= offset and end <= start + len(block):
                return block, offset - start
        start = offset - offset % _BLOCK if length <= _BLOCK // 4 else offset
        block = self.document.read_at(start, min(max(end - start, _BLOCK), self.size - start))
        if len(block) <= 4 * _BLOCK:
            self._blocks.insert(0, (start, block))
            del self._blocks[_KEPT:]
        return block, offset - start

    def read(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the file ends."""
        if self.whole is not None:
            return self.whole[offset : offset + length]
        return self.document.read_at(offset, max(0, min(length, self.size - offset)))

    def locate(
        self, pattern: re.Pattern[bytes], start: int, end: int, longest: int = 64
    ) -> tuple[int, re.Match[bytes]] | None:
        """The first match that begins within `start` to `end`: its offset in the file and the match itself."""
        end = min(end, self.size)
        if self.whole is not None:
            found = pattern.search(self.whole, start, end)
            return (found.start(), found) if found else None
        while start < end:
            data = self.read(start, min(_SEARCHED + longest, end - start))
            found = pattern.search(data)
            if found:
                return start + found.start(), found
            start += _SEARCHED
        return None

    def dictionary(self, offset: int) -> tuple[PdfDict, int]:
        """The dictionary whose `<<` ends before `offset`, and the offset after it; raises `Unreadable`."""
        for length in _GROWTH:
            data, index = self.at(offset, length)
            try:
                value, end = parse_dictionary(data, index)
            except Unreadable:
                if offset - index + len(data) >= self.size:
                    raise
                continue
            return value, offset - index + end
        raise Unreadable(offset)

    def indirect(self, offset: int, number: int = 0) -> Indirect:
        """The indirect object at `offset`, which must be that of `number` where one is given.

        Raises `PdfObjectDamaged`, which names `number`, where it does not stand there.
        """
        for length in _GROWTH:
            data, index = self.at(offset, length)
            shift = offset - index
            header = object_header(data, index)
            if header is None or (number and int(header[1]) != number):
                self.effort.spend(PARSED * ((header.end() if header else skip(data, index)) - index))
                break
            value: PdfValue
            try:
                start = header.end()
                if header[3]:
                    value, end = parse_dictionary(data, start)
                    start -= 2
                else:
                    value, end = parse_value(data, start)
            except Unreadable as unreadable:
                self.effort.spend(PARSED * (unreadable.position - index))
                if shift + len(data) >= self.size:
                    break
                continue
            self.effort.spend(PARSED * (end - index))
            if end + _TAIL > len(data) and shift + len(data) < self.size:
                continue
            tail = object_tail(data, end)
            found = tail.end() if tail else end
            stream = shift + found if tail and tail[1] is None else -1
            place = (shift + start, shift + end, stream, shift + found)
            return _new(Indirect, (int(header[1]), int(header[2]), value, *place))
        raise PdfObjectDamaged(number=number, offset=offset)
