"""PDF objects as plain values (ISO 32000-2 §7.3).

A null is None, a string is `bytes`, an array a `list`, a dictionary a `dict` keyed by names without their slash.
Values that a reader hands out are shared: they are never changed, only copied and replaced.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias


class Name(str):
    """A name without its slash, its bytes read as ISO 8859-1 after `#xx` was undone, so that nothing is lost."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"/{self}"


class Reference(NamedTuple):
    """An indirect reference: object number and generation."""

    number: int
    generation: int = 0

    def __str__(self) -> str:
        return f"{self.number} {self.generation} R"


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary, and `read`, which gives its bytes as they stand in the file, still encoded."""

    dictionary: PdfDict
    read: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """The serialised form of a value in one or more parts, taken over as it is. Only writers make these."""

    parts: tuple[bytes, ...]


PdfValue: TypeAlias = (
    "bool | int | float | bytes | Name | Reference | Stream | Verbatim"
    " | list[PdfValue] | dict[str, PdfValue] | None"
)
PdfDict: TypeAlias = "dict[str, PdfValue]"
PdfArray: TypeAlias = "list[PdfValue]"


def stream(dictionary: PdfDict, data: bytes) -> Stream:
    """A new stream of `data`, which is already encoded as the dictionary says."""
    return Stream({**dictionary, "Length": len(data)}, lambda: data)


def verbatim(*parts: bytes) -> Verbatim:
    """A value that is written already."""
    return Verbatim(parts)
