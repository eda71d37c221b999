"""Stream filters (ISO 32000-2 §7.4): those in which structure is kept. Image filters are nobody's concern here."""

from __future__ import annotations

import base64
import binascii
import zlib
from itertools import accumulate

from shirushi.codecs.pdf.effort import PREDICTED, UNPACKED, Effort
from shirushi.codecs.pdf.errors import PdfFilterUnsupported, PdfLimitExceeded, PdfStructureDamaged
from shirushi.codecs.pdf.objects import PdfDict, PdfValue

LARGEST = 64 << 20
"""The most that one stream may decode to, in bytes."""
_MOST_FILTERS = 8


def decode(dictionary: PdfDict, data: bytes, limit: int = LARGEST, effort: Effort | None = None) -> bytes:
    """Undo the filters of a stream; `Filter` and `DecodeParms` must be direct or already resolved.

    What is unpacked is spent of `effort`, where that is given.

    Raises `PdfFilterUnsupported`, `PdfLimitExceeded` or `PdfStructureDamaged`.
    """
    filters = _listed(dictionary.get("Filter"))
    if not filters:
        return data
    if len(filters) > _MOST_FILTERS:
        raise PdfLimitExceeded(limit="filters")
    effort = effort or Effort(LARGEST)
    parameters = _listed(dictionary.get("DecodeParms"))
    for index, filter_ in enumerate(filters):
        given = parameters[index] if index < len(parameters) else None
        data = _undo(str(filter_), data, given if isinstance(given, dict) else {}, limit, effort)
        if len(data) > limit:
            raise PdfLimitExceeded(limit="decoded stream")
    return data


def _listed(value: PdfValue) -> list[PdfValue]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _undo(filter_: str, data: bytes, parameters: PdfDict, limit: int, effort: Effort) -> bytes:
    try:
        if filter_ in {"FlateDecode", "Fl"}:
            return _predicted(_inflate(data, min(limit, effort.left), effort), parameters, effort)
        effort.spend(UNPACKED * len(data))
        if filter_ in {"ASCIIHexDecode", "AHx"}:
            digits = b"".join(data.partition(b">")[0].split())
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
        if filter_ in {"ASCII85Decode", "A85"}:
            return base64.a85decode(
                data.partition(b"~>")[0].removeprefix(b"<~"), ignorechars=b"\x00\t\n\x0c\r "
            )
    except (zlib.error, ValueError) as error:
        raise PdfStructureDamaged(place=filter_) from error
    raise PdfFilterUnsupported(filter=filter_)


def _inflate(data: bytes, limit: int, effort: Effort) -> bytes:
    inflater = zlib.decompressobj()
    plain = inflater.decompress(data, limit + 1)
    effort.spend(UNPACKED * len(plain))
    if len(plain) > limit:
        raise PdfLimitExceeded(limit="decoded stream")
    return plain


def _predicted(data: bytes, parameters: PdfDict, effort: Effort) -> bytes:
    """Undo a predictor (ISO 32000-2 §7.4.4.4); of TIFF prediction, bytes alone."""
    predictor = _whole(parameters, "Predictor", 1)
    if predictor < 2:
        return data
    colors = _whole(parameters, "Colors", 1)
    bits = _whole(parameters, "BitsPerComponent", 8)
    columns = _whole(parameters, "Columns", 1)
    pixel = max(1, colors * bits // 8)
    row = (colors * bits * columns + 7) // 8
    if predictor == 2:
        if bits != 8:
            raise PdfFilterUnsupported(filter="TIFF predictor")
        effort.spend(PREDICTED * len(data))
        return b"".join(_left(data[at : at + row], pixel) for at in range(0, len(data), row))
    if data and set(data[:: row + 1]) == {2}:
        effort.spend(2 * len(data))
        return _all_up(data, row)
    effort.spend(PREDICTED * len(data))
    rows = bytearray()
    above = bytes(row)
    for at in range(0, len(data), row + 1):
        above = _png_row(data[at], data[at + 1 : at + 1 + row], above, pixel)
        rows += above
    return bytes(rows)


def _whole(parameters: PdfDict, key: str, default: int) -> int:
    value = parameters.get(key, default)
    if not isinstance(value, int) or not 0 < value <= 1 << 16:
        raise PdfStructureDamaged(place=key)
    return value


def _all_up(data: bytes, row: int) -> bytes:
    """Every row is PNG's `Up`, as in most cross-reference streams: a running sum of each column."""
    count = -(-len(data) // (row + 1))
    data = data.ljust(count * (row + 1), b"\x00")
    plain = bytearray(count * row)
    for column in range(row):
        plain[column::row] = bytes([value & 255 for value in accumulate(data[column + 1 :: row + 1])])
    return bytes(plain)


def _left(line: bytes, pixel: int) -> bytes:
    out = bytearray(line)
    for index in range(pixel, len(out)):
        out[index] = (out[index] + out[index - pixel]) & 255
    return bytes(out)


def _png_row(kind: int, line: bytes, above: bytes, pixel: int) -> bytes:
    if kind == 0:
        return line
    if kind == 1:
        return _left(line, pixel)
    out = bytearray(line)
    for index, value in enumerate(line):
        left = out[index - pixel] if index >= pixel else 0
        up = above[index] if index < len(above) else 0
        if kind == 2:
            out[index] = (value + up) & 255
        elif kind == 3:
            out[index] = (value + (left + up) // 2) & 255
        elif kind == 4:
            corner = above[index - pixel] if index >= pixel else 0
            out[index] = (value + _paeth(left, up, corner)) & 255
        else:
            raise PdfStructureDamaged(place="Predictor")
    return bytes(out)


def _paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    by_left, by_up, by_corner = abs(estimate - left), abs(estimate - up), abs(estimate - corner)
    if by_left <= by_up and by_left <= by_corner:
        return left
    return up if by_up <= by_corner else corner
