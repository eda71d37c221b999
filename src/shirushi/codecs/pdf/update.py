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
    """Bytes to append, in parts, and at which of the parts the value of each object begins.

    The part of a `Verbatim` may still be replaced by one of the same length.
    """

    parts: list[bytes] = field(repr=False)
    values: Mapping[Reference, int]
    size: int

    @property
    def appended(self) -> bytes:
        """The bytes to append."""
        return b"".join(self.parts)


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
        parts.append(head)
        values[reference] = len(parts)
        position += len(head) + 8
        if isinstance(value, Verbatim):
            parts += value.parts
            for part in value.parts:
                position += len(part)
        else:
            body = _body(value)
            parts.append(body)
            position += len(body)
        parts.append(b"\nendobj\n")
    next_number = max(view.next_number, *[number + 1 for number in places])
    offset = position - view.base
    write = write_stream if view.xref_style is XrefStyle.STREAM else write_table
    parts.append(write(view, places, next_number, offset, entropy))
    return Update(parts, values, position - size + len(parts[-1]))


def _body(value: PdfValue) -> bytes:
    if not isinstance(value, Stream):
        return serialise(value)
    data = value.read()
    entries = serialise_dictionary({**value.dictionary, "Length": len(data)})
    return b"%b\nstream\n%b\nendstream" % (entries, data)


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


def _others(view: PdfView, places: Mapping[int, tuple[int, int]]) -> dict[int, Entry]:
    """What else an update of a damaged file lists: everything that is not written anew."""
    if view.listed is None:
        return {}
    listed = {0: Entry(FREE, 0, _HEAD_OF_FREE), **view.listed}
    return {number: entry for number, entry in listed.items() if number not in places}


def write_table(
    view: PdfView, places: Mapping[int, tuple[int, int]], next_number: int, offset: int, entropy: bytes
) -> bytes:
    """A cross-reference table at `offset` with its trailer, to the end of the file (ISO 32000-2 §7.5.4, §7.5.5).

    `places` are offset and generation by object number, offsets counted from the header. Raises `PdfLimitExceeded`.
    """
    if offset >= _LARGEST_TABLE_OFFSET:
        raise PdfLimitExceeded(limit="file size")
    lines = {number: b"%010d %05d n \n" % place for number, place in places.items()}
    for number, (kind, place, ordinal) in _others(view, places).items():
        lines[number] = b"%010d %05d %b \n" % (place, ordinal, b"n" if kind == PLAIN else b"f")
    parts = [b"xref\n"]
    run: list[bytes] = []
    following = -1
    for number in sorted(lines):
        if number != following and run:
            parts += (b"%d %d\n" % (following - len(run), len(run)), *run)
            run = []
        run.append(lines[number])
        following = number + 1
    parts += (b"%d %d\n" % (following - len(run), len(run)), *run)
    parts.append(
        b"trailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF\n" % (next_number, _trailer(view, entropy), offset)
    )
    return b"".join(parts)


def write_stream(
    view: PdfView, places: Mapping[int, tuple[int, int]], next_number: int, offset: int, entropy: bytes
) -> bytes:
    """A cross-reference stream at `offset`, object `next_number`, to the end of the file (ISO 32000-2 §7.5.8)."""
    entries: dict[int, tuple[int, int, int]] = {number: (PLAIN, *place) for number, place in places.items()}
    entries |= _others(view, places)
    entries[next_number] = (PLAIN, offset, 0)
    width = (max(offset, next_number).bit_length() + 7) // 8
    index: list[int] = []
    data = bytearray()
    for number in sorted(entries):
        if index and number == index[-2] + index[-1]:
            index[-1] += 1
        else:
            index += (number, 1)
        kind, place, ordinal = entries[number]
        data += b"%c%b%b" % (kind, place.to_bytes(width, "big"), ordinal.to_bytes(2, "big"))
    return (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 %d 2]/Index%b%b/Length %d>>\nstream\n%b\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (
        next_number, next_number + 1, width, serialise([*index]), _trailer(view, entropy), len(data), bytes(data), offset
    )  # fmt: skip
