"""BER to DER, for what strict readers refuse (X.690 §8, §10, §11). Total, with limits on depth and size.

`definite` only makes lengths definite and joins strings sent in segments: what a digest covers stays as found.
`canonical` also rewrites the universal types in their one DER form; for reading, never for digests.
"""

from __future__ import annotations

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.errors import Asn1TooComplex, MalformedAsn1

MAX_DEPTH = 96
"""Archive time-stamps nest a SignedData in an attribute of another some times over; nothing honest nests deeper."""
MAX_SIZE = 1 << 28
"""In bytes: content that is larger is signed detached."""

_SEGMENTED = {  # universal string types, which BER may send in segments (X.690 §8.21)
    der.BIT_STRING, der.OCTET_STRING, der.UTF8_STRING, 0x12, der.PRINTABLE_STRING, 0x14, 0x15, der.IA5_STRING,
    der.UTC_TIME, der.GENERALIZED_TIME, 0x19, 0x1A, 0x1B, 0x1C, 0x1E,
}  # fmt: skip


def definite(data: bytes) -> bytes:
    """The element `data` with definite, minimal lengths and unsegmented strings; else as found."""
    return _whole(data, canonical=False)


def canonical(data: bytes) -> bytes:
    """The element `data` in DER, as far as that can be told without its schema: defaults stay where they are."""
    return _whole(data, canonical=True)


def definite_prefix(data: bytes) -> tuple[bytes, int]:
    """As `definite`, of the element that `data` begins with, whatever follows; and where that element ended."""
    return _first(data, canonical=False)


def _whole(data: bytes, *, canonical: bool) -> bytes:
    result, end = _first(data, canonical=canonical)
    if end != len(data):
        raise MalformedAsn1(detail="something follows the end")
    return result


def _first(data: bytes, *, canonical: bool) -> tuple[bytes, int]:
    if len(data) > MAX_SIZE:
        raise Asn1TooComplex(limit=f"{MAX_SIZE} bytes", detail=f"{len(data)} bytes")
    return _element(data, 0, len(data), 0, canonical=canonical)


def _element(data: bytes, offset: int, limit: int, depth: int, *, canonical: bool) -> tuple[bytes, int]:
    """The rewritten element at `offset`, and where it ends."""
    if depth > MAX_DEPTH:
        raise Asn1TooComplex(limit=f"{MAX_DEPTH} levels", detail="nested too deep")
    start = _after_tag(data, offset, limit)
    identifier = data[offset:start]
    if start >= limit:
        raise MalformedAsn1(detail="it ends too early")
    constructed = bool(identifier[0] & der.CONSTRUCTED)
    if data[start] == 0x80:
        if not constructed:
            raise MalformedAsn1(detail="an indefinite length of a primitive")
        parts: list[bytes] = []
        position = start + 1
        while data[position : position + 2] != b"\x00\x00":
            part, position = _element(data, position, limit, depth + 1, canonical=canonical)
            parts.append(part)
        return _joined(identifier, parts, canonical=canonical), position + 2
    found = der.element(data, offset, limit)
    if not constructed:
        content = _primitive(identifier[0], found.value) if canonical else found.value
        return _encode(identifier, content), found.end
    parts = []
    position = found.content
    while position < found.end:
        part, position = _element(data, position, found.end, depth + 1, canonical=canonical)
        parts.append(part)
    return _joined(identifier, parts, canonical=canonical), found.end


def _after_tag(data: bytes, offset: int, limit: int) -> int:
    position = offset + 1
    if offset < limit and data[offset] & 0x1F == 0x1F:
        while position < limit and data[position] & 0x80:
            position += 1
        position += 1
    return position


def _joined(identifier: bytes, parts: list[bytes], *, canonical: bool) -> bytes:
    universal = identifier[0] & 0x1F
    if identifier[0] < der.CONTEXT and universal in _SEGMENTED:
        return _unsegmented(universal, parts, canonical=canonical)
    if canonical and identifier[0] == der.SET:
        parts.sort()
    return _encode(identifier, b"".join(parts))


def _unsegmented(tag: int, parts: list[bytes], *, canonical: bool) -> bytes:
    values = [der.single(part).value for part in parts]
    if tag == der.BIT_STRING:
        if any(not value for value in values) or any(value[0] for value in values[:-1]):
            raise MalformedAsn1(detail="a bit string in segments that do not join")
        content = (values[-1][:1] if values else b"\x00") + b"".join(value[1:] for value in values)
    else:
        content = b"".join(values)
    return _encode(bytes((tag,)), _primitive(tag, content) if canonical else content)


def _primitive(tag: int, content: bytes) -> bytes:
    match tag:
        case der.BOOLEAN if content and content != b"\x00":
            return b"\xff"
        case der.INTEGER | der.ENUMERATED if len(content) > 1:
            return der.single(der.integer(der.read_integer(content))).value
        case der.BIT_STRING if len(content) > 1 and 0 < content[0] < 8:
            return content[:-1] + bytes((content[-1] & 0xFF << content[0] & 0xFF,))
        case der.UTC_TIME | der.GENERALIZED_TIME:
            return times.canonical(tag, content)
        case _:
            return content


def _encode(identifier: bytes, content: bytes) -> bytes:
    return identifier + der.tlv(0, content)[1:]
