"""Incremental updates: what is appended to a PDF to change it (ISO 32000-2 §7.5.6). What stands is never touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shirushi.codecs.pdf.errors import PdfLimitExceeded
from shirushi.codecs.pdf.objects import PdfValue, Reference, Stream, Verbatim
from shirushi.codecs.pdf.view import FREE, PLAIN, Entry, PdfView, XrefStyle, array
from shirushi.codecs.pdf.writer import serialise, serialise_dictionary, serialise_name

_OF_THE_SECTION = frozenset(
    {"Prev", "XRefStm", "Size", "ID", "Type", "W", "Index", "Length", "Filter", "DecodeParms", "F", "FFilter",
     "FDecodeParms", "DL"}
)  # fmt: skip
_HEAD_OF_FREE = 65535
"""The generation of object 0, the head of the list of free objects (ISO 32000-2 §7.5.4)."""
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
    others: dict[int, Entry] = {}
    if view.listed is not None:
        others = {0: Entry(FREE, 0, _HEAD_OF_FREE), **view.listed}
    values: dict[Reference, int] = {}
    for reference, value in objects.items():
        number, generation = reference
        head = b"%d %d obj\n" % (number, generation)
        places[number] = (position - view.base, generation)
        values[reference] = position + len(head) - size
        if isinstance(value, Verbatim):
            body = value.data
        elif isinstance(value, Stream):
            data = value.read()
            entries = serialise_dictionary({**value.dictionary, "Length": len(data)})
            body = b"%b\nstream\n%b\nendstream" % (entries, data)
        else:
            body = serialise(value)
        parts += (head, body, b"\nendobj\n")
        position += len(head) + len(body) + 8
    for number in places:
        others.pop(number, None)
    next_number = max(view.next_number, *[number + 1 for number in places])
    trailer = _trailer(view, entropy)
    offset = position - view.base
    if view.xref_style is XrefStyle.STREAM:
        parts.append(_stream(places, others, trailer, next_number, offset))
    else:
        if offset >= _LARGEST_TABLE_OFFSET:
            raise PdfLimitExceeded(limit="file size")
        parts.append(_table(places, others, trailer, next_number))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % offset)
    return Update(b"".join(parts), values)


def _trailer(view: PdfView, entropy: bytes) -> bytes:
    """The entries of a trailer that do not belong to one section alone, and `/Prev`."""
    parts: list[bytes] = []
    for key, value in view.trailer.items():
        if key not in _OF_THE_SECTION and value is not None:
            parts += (serialise_name(key), b" ", serialise(value))
    parts.append(_identifier(view, entropy))
    if view.startxref:
        parts.append(b"/Prev %d" % view.startxref)
    return b"".join(parts)


def _identifier(view: PdfView, entropy: bytes) -> bytes:
    """The file identifier: the first part stays what it was, the second is new."""
    given = array(view, view.trailer.get("ID"))
    first = view.resolve(given[0]) if given else None
    second = entropy.hex().encode("ascii")
    return b"/ID[<%b><%b>]" % (first.hex().encode("ascii") if isinstance(first, bytes) else second, second)


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Consecutive numbers as pairs of the first and how many."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((number, 1))
    return runs


def _table(places: dict[int, tuple[int, int]], others: dict[int, Entry], trailer: bytes, size: int) -> bytes:
    lines = {number: b"%010d %05d n \n" % place for number, place in places.items()}
    for number, (kind, place, ordinal) in others.items():
        lines[number] = b"%010d %05d %b \n" % (place, ordinal, b"n" if kind == PLAIN else b"f")
    parts = [b"xref\n"]
    for first, count in _runs(sorted(lines)):
        parts.append(b"%d %d\n" % (first, count))
        parts += [lines[number] for number in range(first, first + count)]
    parts.append(b"trailer\n<</Size %d%b>>\n" % (size, trailer))
    return b"".join(parts)


def _stream(
    places: dict[int, tuple[int, int]], others: dict[int, Entry], trailer: bytes, own: int, offset: int
) -> bytes:
    entries: dict[int, tuple[int, int, int]] = {number: (PLAIN, *place) for number, place in places.items()}
    entries |= others
    entries[own] = (PLAIN, offset, 0)
    width = (max(offset, own).bit_length() + 7) // 8
    numbers = sorted(entries)
    index = b" ".join([b"%d %d" % run for run in _runs(numbers)])
    data = bytearray()
    for kind, place, ordinal in map(entries.__getitem__, numbers):
        data += b"%c%b%b" % (kind, place.to_bytes(width, "big"), ordinal.to_bytes(2, "big"))
    return b"%d 0 obj\n<</Type/XRef/Size %d/W[1 %d 2]/Index[%b]%b/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        own, own + 1, width, index, trailer, len(data), bytes(data)
    )  # fmt: skip
