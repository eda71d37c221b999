"""What signing and validation need of a PDF, whoever read it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, Protocol

from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.core.document import Document


class XrefStyle(Enum):
    """How a revision lists its objects: as text (ISO 32000-2 §7.5.4) or in a stream (§7.5.8)."""

    TABLE = "table"
    STREAM = "stream"


class Entry(NamedTuple):
    """What a cross-reference section says of an object (ISO 32000-2 table 18).

    `PLAIN`: `place` is the offset as written, `ordinal` the generation. `PACKED`: `place` is the number of the object
    stream, `ordinal` the position in it. `FREE`: the object does not exist.
    """

    kind: int
    place: int
    ordinal: int


FREE, PLAIN, PACKED = 0, 1, 2
"""The kinds of entries, by their numbers in ISO 32000-2 table 18."""


class PdfView(Protocol):
    """A PDF as one of its revisions shows it. All methods raise a `MalformedPdf` where the file is damaged."""

    @property
    def document(self) -> Document:
        """The file."""
        ...

    @property
    def trailer(self) -> PdfDict:
        """The trailer dictionary of the revision."""
        ...

    @property
    def root(self) -> PdfDict:
        """The document catalogue."""
        ...

    @property
    def root_reference(self) -> Reference:
        """Where the catalogue stands."""
        ...

    @property
    def startxref(self) -> int:
        """The offset that `/Prev` of an update names."""
        ...

    @property
    def xref_style(self) -> XrefStyle:
        """How the revision lists its objects."""
        ...

    @property
    def base(self) -> int:
        """How many bytes stand before the header; the offsets in the file count from there."""
        ...

    @property
    def next_number(self) -> int:
        """The lowest object number above all that are in use."""
        ...

    @property
    def listed(self) -> Mapping[int, Entry] | None:
        """Every object, where the file's own sections cannot be followed and an update must list them all; else None."""
        ...

    def get(self, reference: Reference) -> PdfValue:
        """The object, None where there is none (ISO 32000-2 §7.3.10)."""
        ...

    def resolve(self, value: PdfValue) -> PdfValue:
        """The value, or the object it refers to."""
        ...

    def raw(self, reference: Reference) -> bytes | None:
        """The object's value as it stands in the file; None where it is a stream or lies in an object stream."""
        ...

    def unparsed(self, reference: Reference) -> bytes | None:
        """The object's value as it stands, where it is a dictionary so plain that its end shows without parsing.

        Its keys are written as they are, and names in it are all there is of text: no string, comment or stream.
        """
        ...


def dictionary(view: PdfView, value: PdfValue) -> PdfDict | None:
    """The value as a dictionary, resolved; None where it is no dictionary."""
    if isinstance(value, Reference):
        value = view.get(value)
    return value if isinstance(value, dict) else None


def array(view: PdfView, value: PdfValue) -> list[PdfValue] | None:
    """The value as an array, resolved; None where it is no array."""
    if isinstance(value, Reference):
        value = view.get(value)
    return value if isinstance(value, list) else None


def integer(view: PdfView, value: PdfValue) -> int | None:
    """The value as an integer, resolved; None where it is none."""
    if isinstance(value, Reference):
        value = view.get(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
