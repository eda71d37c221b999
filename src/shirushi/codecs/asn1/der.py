"""TLV by TLV: a reader that is total and takes what real encodings contain, and writers of the few universal types.

The reader takes any definite length, minimal or not, and hands out slices of the bytes as found: what a signature
covers is never encoded anew. It raises `MalformedAsn1` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from shirushi.codecs.asn1.errors import MalformedAsn1

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTF8_STRING = 0x0C
PRINTABLE_STRING = 0x13
IA5_STRING = 0x16
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31
CONSTRUCTED = 0x20
CONTEXT = 0x80


class Element(NamedTuple):
    """One TLV within `source`: identifier octets as a number, where it starts, where its content starts and ends."""

    source: bytes
    tag: int
    start: int
    content: int
    end: int

    @property
    def value(self) -> bytes:
        """The content octets."""
        return self.source[self.content : self.end]

    @property
    def raw(self) -> bytes:
        """The whole encoding as found."""
        return self.source[self.start : self.end]

    def children(self) -> list[Element]:
        """The elements that the content is made of."""
        return list(elements(self.source, self.content, self.end))

    def only(self) -> Element:
        """The one element that the content is made of, as under an explicit tag."""
        inner = element(self.source, self.content, self.end)
        if inner.end != self.end:
            raise MalformedAsn1(detail="more than one element under an explicit tag")
        return inner

    def expect(self, tag: int) -> Element:
        """Itself, if its tag is `tag`."""
        if self.tag != tag:
            raise MalformedAsn1(detail=f"tag {self.tag:#x} where {tag:#x} belongs")
        return self


def element(source: bytes, offset: int = 0, limit: int | None = None) -> Element:
    """The element that starts at `offset` and must end by `limit` (the end of `source` where None)."""
    limit = len(source) if limit is None else limit
    position = offset + 1
    if position >= limit:
        raise MalformedAsn1(detail="it ends too early")
    tag = source[offset]
    if tag & 0x1F == 0x1F:
        while True:
            octet = source[position]
            tag = tag << 8 | octet
            position += 1
            if position >= limit or position - offset > 5:
                raise MalformedAsn1(detail="a tag number is too long")
            if not octet & 0x80:
                break
    length = source[position]
    position += 1
    if length & 0x80:
        octets = length & 0x7F
        if octets == 0:
            raise MalformedAsn1(detail="an indefinite length")
        if octets > 8 or position + octets > limit:
            raise MalformedAsn1(detail="a length is not credible")
        length = int.from_bytes(source[position : position + octets], "big")
        position += octets
    if position + length > limit:
        raise MalformedAsn1(detail="it ends too early")
    return Element(source, tag, offset, position, position + length)


def elements(source: bytes, offset: int, limit: int) -> Iterator[Element]:
    """The elements from `offset` to `limit`, one after the other."""
    while offset < limit:
        found = element(source, offset, limit)
        yield found
        offset = found.end


def single(source: bytes, tag: int | None = None) -> Element:
    """The one element that `source` is; nothing may follow it."""
    found = element(source)
    if found.end != len(source):
        raise MalformedAsn1(detail="something follows the end")
    return found if tag is None else found.expect(tag)


_UNIVERSAL = frozenset((*range(1, 9), ENUMERATED, 12, 13, *range(18, 29), 30))
_UNIVERSAL_CONSTRUCTED = frozenset((SEQUENCE, SET, 0x28, 0x20 | BIT_STRING, 0x20 | OCTET_STRING))
_RELATIVE_OID = 13
_DEPTH = 64


def check_nested(source: bytes, depth: int = _DEPTH) -> None:
    """Raise `MalformedAsn1` unless `source` is elements within elements, of universal types that exist (X.680 §8.4).

    For what cannot be read as the structure that it should be, to tell what is merely unknown from what is broken.
    """
    if depth == 0:
        raise MalformedAsn1(detail="elements nest too deep")
    for found in elements(source, 0, len(source)):
        known = found.tag in _UNIVERSAL or found.tag in _UNIVERSAL_CONSTRUCTED or found.tag >= 0x40
        if not known or not _can_hold(found.tag, found.value):
            raise MalformedAsn1(detail=f"tag {found.tag:#x} where it cannot be")
        if found.tag < 0x100 and found.tag & CONSTRUCTED:
            check_nested(found.value, depth - 1)


def _can_hold(tag: int, value: bytes) -> bool:
    """Whether those can be the contents of that type (X.690 §8.2, §8.3, §8.8, §8.20)."""
    if tag in (BOOLEAN, NULL):
        return len(value) == (tag == BOOLEAN)
    if tag in (INTEGER, ENUMERATED):
        return bool(value)
    if tag in (OBJECT_IDENTIFIER, _RELATIVE_OID):
        return bool(value) and not value[-1] & 0x80 and value[0] != 0x80
    return True


def read_integer(value: bytes) -> int:
    """The number in the content of an INTEGER or ENUMERATED, minimal or not, of any size and sign."""
    if not value:
        raise MalformedAsn1(detail="an empty integer")
    return int.from_bytes(value, "big", signed=True)


@lru_cache(maxsize=4096)
def read_oid(value: bytes) -> str:
    """The dotted form of the content of an OBJECT IDENTIFIER."""
    if not value or value[-1] & 0x80 or len(value) > 128:
        raise MalformedAsn1(detail="an object identifier is not complete")
    arcs: list[int] = []
    arc = 0
    for octet in value:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def read_bits(value: bytes) -> bytes:
    """The octets of the content of a BIT STRING that is made of whole octets, as keys and signatures are."""
    if not value or value[0] > 7:
        raise MalformedAsn1(detail="a bit string without its count of unused bits")
    return value[1:]


def read_named_bits(value: bytes) -> frozenset[int]:
    """The numbers of the bits that are set in the content of a BIT STRING."""
    octets = read_bits(value)
    if len(octets) > 32:
        raise MalformedAsn1(detail="a bit string of flags is too long")
    count = len(octets) * 8 - (value[0] if octets else 0)
    return frozenset(n for n in range(count) if octets[n >> 3] & 0x80 >> (n & 7))


@lru_cache(maxsize=4096)
def head(tag: int, length: int) -> bytes:
    """The identifier and length octets of an element with a one-octet `tag` and so many octets of content."""
    if length < 0x80:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets


def tlv(tag: int, *parts: bytes) -> bytes:
    """The DER of one element with a one-octet `tag` and the joined `parts` as its content."""
    content = b"".join(parts)
    return head(tag, len(content)) + content


def sequence(*parts: bytes) -> bytes:
    """The DER of a SEQUENCE."""
    return tlv(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """The DER of a SET OF: its elements in ascending order of their encodings (X.690 §11.6)."""
    return tlv(SET, *sorted(parts))


def integer(number: int, tag: int = INTEGER) -> bytes:
    """The DER of an INTEGER, or of an ENUMERATED where `tag` says so."""
    return tlv(
        tag, number.to_bytes((number if number >= 0 else ~number).bit_length() // 8 + 1, "big", signed=True)
    )


@lru_cache(maxsize=4096)
def oid(dotted: str) -> bytes:
    """The DER of an OBJECT IDENTIFIER; ValueError where `dotted` is none."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    if not 0 <= first <= 2 or second < 0 or (first < 2 and second > 39) or any(arc < 0 for arc in rest):
        raise ValueError(dotted)
    content = bytearray()
    for arc in (40 * first + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        content.extend(reversed(groups))
    return tlv(OBJECT_IDENTIFIER, bytes(content))


def octets(value: bytes) -> bytes:
    """The DER of an OCTET STRING."""
    return tlv(OCTET_STRING, value)


def bits(value: bytes) -> bytes:
    """The DER of a BIT STRING of whole octets."""
    return tlv(BIT_STRING, b"\x00", value)


def named_bits(numbers: frozenset[int]) -> bytes:
    """The DER of a BIT STRING of flags, without trailing zero bits (X.690 §11.2.2)."""
    if not numbers:
        return tlv(BIT_STRING, b"\x00")
    count = max(numbers) + 1
    size = (count + 7) // 8
    value = sum(1 << (size * 8 - 1 - n) for n in numbers)
    return tlv(BIT_STRING, bytes((size * 8 - count,)), value.to_bytes(size, "big"))


NULL_DER = b"\x05\x00"
TRUE_DER = b"\x01\x01\xff"
