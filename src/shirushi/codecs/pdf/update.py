"""Incremental updates: what is appended to a PDF to change it (ISO 32000-2 §7.5.6). What stands is never touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shirushi.codecs.pdf.errors import PdfLimitExceeded
from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, Stream
from shirushi.codecs.pdf.view import PdfView, XrefStyle, array
from shirushi.codecs.pdf.writer import serialise, serialise_dictionary

_OF_THE_SECTION = frozenset(
    {"Prev", "XRefStm", "Size", "ID", "Type", "W", "Index", "Length", "Filter", "DecodeParms", "F", "FFilter",
     "FDecodeParms", "DL"}
)  # fmt: skip
_LARGEST_TABLE_OFFSET = 10**10
ENTROPY = 16
"""How many random bytes an update takes for the file identifier (ISO 32000-2 §14.4)."""


@dataclass(frozen=True, slots=True)
class Update:
    """Bytes to append, and where in them the value of each object begins."""

    appended: bytes = field(repr=False)
    values: Mapping[Reference, int]


def write_update(view: PdfView, objects: Mapping[Reference, PdfValue], entropy: bytes) -> Update:
    """Append `objects`, new or changed, as a revision that lists them in the way the last one does.

    `entropy` are 16 random bytes that become the second part of the file identifier. Raises `PdfLimitExceeded` where
    the file outgrows what a cross-reference table can address.
    """
    document = view.document
    size = document.size
    position = size
    parts: list[bytes] = []
    if document.read_at(size - 1, 1) not in {b"\n", b"\r"}:
        parts.append(b"\n")
        position += 1
    places: dict[int, tuple[int, int]] = {}
    values: dict[Reference, int] = {}
    for reference, value in objects.items():
        number, generation = reference
        head = b"%d %d obj\n" % (number, generation)
        places[number] = (position - view.base, generation)
        values[reference] = position + len(head) - size
        if isinstance(value, Stream):
            data = value.read()
            body = b"%b\nstream\n%b\nendstream" % (
                serialise_dictionary({**value.dictionary, "Length": len(data)}),
                data,
            )
        else:
            body = serialise(value)
        written = b"%b%b\nendobj\n" % (head, body)
        parts.append(written)
        position += len(written)
    trailer = {key: value for key, value in view.trailer.items() if key not in _OF_THE_SECTION}
    trailer["ID"] = _identifier(view, entropy)
    if view.startxref:
        trailer["Prev"] = view.startxref
    next_number = max(view.next_number, max(places) + 1)
    offset = position - view.base
    if view.xref_style is XrefStyle.STREAM:
        parts.append(_stream(places, trailer, Reference(next_number), offset))
    else:
        if offset >= _LARGEST_TABLE_OFFSET:
            raise PdfLimitExceeded(limit="file size")
        parts.append(_table(places, trailer, next_number))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % offset)
    return Update(b"".join(parts), values)


def _identifier(view: PdfView, entropy: bytes) -> PdfValue:
    """The first part stays what it was, the second is new."""
    given = array(view, view.trailer.get("ID"))
    first = view.resolve(given[0]) if given else None
    return [first if isinstance(first, bytes) and first else entropy, entropy]


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as pairs of the first and how many."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def _table(places: dict[int, tuple[int, int]], trailer: PdfDict, size: int) -> bytes:
    lines = [b"xref\n"]
    for first, count in _runs(sorted(places)):
        lines.append(b"%d %d\n" % (first, count))
        lines.extend(b"%010d %05d n \n" % places[number] for number in range(first, first + count))
    lines.append(b"trailer\n%b\n" % serialise_dictionary({"Size": size, **trailer}))
    return b"".join(lines)


def _stream(places: dict[int, tuple[int, int]], trailer: PdfDict, own: Reference, offset: int) -> bytes:
    places = {**places, own.number: (offset, 0)}
    width = (offset.bit_length() + 7) // 8
    runs = _runs(sorted(places))
    data = b"".join(
        b"\x01" + places[number][0].to_bytes(width, "big") + places[number][1].to_bytes(2, "big")
        for number in sorted(places)
    )
    dictionary: PdfDict = {
        "Type": Name("XRef"),
        "Size": own.number + 1,
        "W": [1, width, 2],
        "Index": [item for run in runs for item in run],
        **trailer,
        "Length": len(data),
    }
    return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (
        own.number,
        serialise_dictionary(dictionary),
        data,
    )
