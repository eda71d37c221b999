"""ECDSA and DSA values as XML and JOSE hold them: two numbers of one length, beside each other (RFC 9231, RFC 7518)."""

from __future__ import annotations

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedAsn1


def to_raw(value: bytes, bits: int) -> bytes:
    """A value in DER as r and s of a field of `bits`, each in as many octets; raises `MalformedAsn1`."""
    size = (bits + 7) // 8
    numbers = [
        der.read_integer(part.expect(der.INTEGER).value)
        for part in der.single(value, der.SEQUENCE).children()
    ]
    if len(numbers) != 2 or any(not 0 <= number < 1 << (8 * size) for number in numbers):
        raise MalformedAsn1(detail="not an ECDSA value")
    return b"".join(number.to_bytes(size, "big") for number in numbers)


def to_der(value: bytes) -> bytes:
    """A raw value in DER; one of an odd length, which is no such value, gives an empty sequence."""
    half, odd = divmod(len(value), 2)
    if odd or not half:
        return der.sequence()
    r, s = value[:half], value[half:]
    return der.sequence(der.integer(int.from_bytes(r, "big")), der.integer(int.from_bytes(s, "big")))
