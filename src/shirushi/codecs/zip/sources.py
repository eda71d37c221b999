"""Byte sources that an archive is made of: parts of other sources, sources in a row, and what was compressed."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from shirushi.codecs.zip.errors import MalformedZip
from shirushi.core.document import CHUNK, ByteSource


class Window:
    """`size` bytes of another source, from `start`."""

    __slots__ = ("_source", "_start", "size")

    def __init__(self, source: ByteSource, start: int, size: int) -> None:
        self._source = source
        self._start = start
        self.size = size

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the window ends."""
        length = min(length, self.size - offset)
        return self._source.read_at(self._start + offset, length) if length > 0 else b""


class Joined:
    """Sources one after the other: what a large file is put into costs no copy of it."""

    __slots__ = ("_ends", "_parts", "size")

    def __init__(self, parts: Iterable[ByteSource]) -> None:
        self._parts = tuple(part for part in parts if part.size)
        self._ends = tuple(accumulate(part.size for part in self._parts))
        self.size = self._ends[-1] if self._ends else 0

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the last source ends."""
        pieces: list[bytes] = []
        index = bisect_right(self._ends, offset)
        while length > 0 and index < len(self._parts):
            part = self._parts[index]
            piece = part.read_at(offset - (self._ends[index] - part.size), length)
            if not piece:
                break
            pieces.append(piece)
            offset += len(piece)
            length -= len(piece)
            index = bisect_right(self._ends, offset)
        return b"".join(pieces)


class Inflated:
    """The content of a deflated entry (APPNOTE.TXT §4.4.5, method 8). Reading forward is cheap, backward begins anew.

    Memory does not grow with its size. A read raises `MalformedZip` where the data is no deflated data, or is of another
    size than `size`. Not to be shared between threads.
    """

    __slots__ = ("_at", "_consumed", "_engine", "_packed", "_pending", "size")

    def __init__(self, packed: ByteSource, size: int) -> None:
        self._packed = packed
        self.size = size
        self._at = size + 1  # so that the first read begins, and what is never read takes no memory

    def _restart(self) -> None:
        self._engine = zlib.decompressobj(-zlib.MAX_WBITS)
        self._consumed = 0
        self._pending = b""
        self._at = 0

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the content ends."""
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        if offset < self._at:
            self._restart()
        while self._at < offset:
            self._next(min(CHUNK, offset - self._at))
        pieces: list[bytes] = []
        while length > 0:
            piece = self._next(length)
            pieces.append(piece)
            length -= len(piece)
        if self._at == self.size:
            self._finish()
        return b"".join(pieces)

    def _finish(self) -> None:
        """Nothing may follow: a reader that does not trust the size would read it."""
        while not self._engine.eof:
            if not self._pending and self._consumed < self._packed.size:
                self._pending = self._packed.read_at(self._consumed, CHUNK)
                self._consumed += len(self._pending)
            given = len(self._pending)
            more = self._inflate(1)
            if more or (not given and not self._engine.eof and self._consumed >= self._packed.size):
                raise MalformedZip(detail="an entry of two sizes")
        if self._engine.unused_data or self._consumed < self._packed.size:
            raise MalformedZip(detail="compressed data is followed by something")

    def _inflate(self, most: int) -> bytes:
        try:
            piece = self._engine.decompress(self._pending, most)
        except zlib.error as error:
            raise MalformedZip(detail="compressed data is damaged") from error
        self._pending = self._engine.unconsumed_tail
        return piece

    def _next(self, most: int) -> bytes:
        while True:
            if not self._pending and self._consumed < self._packed.size:
                self._pending = self._packed.read_at(self._consumed, CHUNK)
                self._consumed += len(self._pending)
            given = len(self._pending)
            piece = self._inflate(most)
            if piece:
                self._at += len(piece)
                return piece
            if self._engine.eof or (not given and self._consumed >= self._packed.size):
                raise MalformedZip(detail="compressed data ends too early")
