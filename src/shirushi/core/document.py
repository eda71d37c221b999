"""Documents: bytes that may be large, read in place, never loaded whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import ShirushiError

CHUNK = 1 << 20
"""How much is read at once, in bytes."""


class ByteSource(Protocol):
    """Bytes at rest. An adapter opens a file as one; it must not change while it is used."""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the source ends."""
        ...


@dataclass(frozen=True, slots=True)
class Bytes:
    """A `ByteSource` in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the data ends."""
        return self.data[offset : offset + length]


@dataclass(frozen=True, slots=True)
class Document:
    """A named sequence of bytes: a source, and what was appended to it.

    Assembling a signature into a PDF appends; the source is never copied or touched, so size costs nothing.
    """

    source: ByteSource
    appended: bytes = b""
    name: str = ""
    media_type: str = "application/octet-stream"

    @property
    def size(self) -> int:
        """The length in bytes."""
        return self.source.size + len(self.appended)

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the document ends."""
        head = self.source.size
        if offset >= head:
            return self.appended[offset - head : offset - head + length]
        data = self.source.read_at(offset, min(length, head - offset))
        rest = length - (head - offset)
        return data + self.appended[:rest] if rest > 0 else data

    def chunks(self, ranges: Iterable[tuple[int, int]] | None = None) -> Iterator[bytes]:
        """The bytes of `ranges`, pairs of offset and length, or all of them, in pieces of at most `CHUNK`."""
        for offset, length in [(0, self.size)] if ranges is None else ranges:
            end = min(offset + length, self.size)
            for start in range(offset, end, CHUNK):
                yield self.read_at(start, min(CHUNK, end - start))

    def digest(self, algorithm: DigestAlgorithm, ranges: Iterable[tuple[int, int]] | None = None) -> Digest:
        """The digest over `ranges`, or over all of it."""
        if ranges is None and self.size <= CHUNK:
            return Digest(algorithm, algorithm.digest(self.read()))
        hasher = algorithm.new()
        for chunk in self.chunks(ranges):
            hasher.update(chunk)
        return Digest(algorithm, hasher.digest())

    def read(self) -> bytes:
        """All bytes at once: for documents known to be small."""
        return self.read_at(0, self.size)


class ContentUndisclosed(ShirushiError):
    """Of this document the digests alone are known: `needed` is what was asked for."""

    code = "CONTENT_UNDISCLOSED"


@dataclass(frozen=True, slots=True)
class _Undisclosed:
    """A `ByteSource` whose bytes stay with their owner."""

    size: int = 0

    def read_at(self, offset: int, length: int) -> bytes:  # noqa: ARG002  there is nothing to read
        """Raises `ContentUndisclosed`."""
        raise ContentUndisclosed(needed="-")


@dataclass(frozen=True, slots=True)
class DigestedDocument(Document):
    """A document of which only digests over all its bytes are known: whoever signs never sees what it says."""

    source: ByteSource = _Undisclosed()
    digests: tuple[Digest, ...] = ()

    def chunks(self, ranges: Iterable[tuple[int, int]] | None = None) -> Iterator[bytes]:  # noqa: ARG002  as above
        """Raises `ContentUndisclosed`."""
        raise ContentUndisclosed(needed="-")

    def digest(self, algorithm: DigestAlgorithm, ranges: Iterable[tuple[int, int]] | None = None) -> Digest:
        """The known digest over all of it; raises `ContentUndisclosed` for another algorithm, or a part."""
        for known in self.digests:
            if known.algorithm is algorithm and ranges is None:
                return known
        raise ContentUndisclosed(needed=algorithm.label)

    def read(self) -> bytes:
        """Raises `ContentUndisclosed`."""
        raise ContentUndisclosed(needed="-")


def document(data: bytes, name: str = "", media_type: str = "application/octet-stream") -> Document:
    """A document in memory."""
    return Document(Bytes(data), b"", name, media_type)


def beside(name: str, word: str) -> str:
    """A file name with a word in it: `contract.pdf` and `signed` make `contract.signed.pdf`."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{word}.{ending}" if dot else f"{name}.{word}"
