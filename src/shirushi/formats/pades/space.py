"""The space for a signature's value: reserved with zeros, filled once (ISO 32000-2 §12.8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from shirushi.core.document import Document
from shirushi.formats.pades.declined import ReservedTooSmall

BYTE_RANGE = b"/ByteRange[0 %-10d %-10d %-10d]"
"""The entry, of the same length whatever the numbers."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A document with the space for a signature.

    `byte_range` is the `/ByteRange`: what is digested is `ranges`; between them stands `/Contents`, `<` and `>`
    included, filled with zeros.
    """

    document: Document
    field_name: str
    byte_range: tuple[int, int, int, int]

    @property
    def ranges(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """What the signature covers, as pairs of offset and length."""
        return self.byte_range[:2], self.byte_range[2:]

    def fill(self, value: bytes) -> Document:
        """The document with `value` in its place; raises `ReservedTooSmall`."""
        return fill(self.document, self.byte_range, value)


def fill(document: Document, byte_range: tuple[int, int, int, int], value: bytes) -> Document:
    """Put a signature's value, padded with zeros, into the space that was laid out for it.

    Raises `ReservedTooSmall`.
    """
    start = byte_range[1] + 1 - document.source.size
    reserved = byte_range[2] - byte_range[1] - 2
    digits = value.hex().encode("ascii")
    if len(digits) > reserved:
        raise ReservedTooSmall(needed=len(value), reserved=reserved // 2)
    appended = memoryview(document.appended)
    return with_appended(document, appended[:start], digits, appended[start + len(digits) :])


@lru_cache(8)
def contents_space(reserved: int) -> bytes:
    """The `/Contents` of so many bytes, yet to be filled."""
    return b"<%b>" % (b"0" * (2 * reserved))


def with_appended(document: Document, *parts: bytes | memoryview) -> Document:
    """The document's source with `parts` as what is appended to it."""
    return Document(document.source, b"".join(parts), document.name, document.media_type)
