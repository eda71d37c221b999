"""ECDSA and DSA values as XML and JOSE hold them: two numbers of one length, beside each other (RFC 9231, RFC 7518)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedAsn1


def to_raw(value: bytes, bits: int) -> bytes:
    """A value in DER as r and s of a field of `bits`, each in as many octets; raises `MalformedAsn1`."""
    size = (bits + 7) // 8
    try:
        r, s = decode_dss_signature(value)
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    except (ValueError, OverflowError) as error:
        raise MalformedAsn1(detail="not an ECDSA value") from error


def to_der(value: bytes) -> bytes:
    """A raw value in DER; one of an odd length, which is no such value, gives an empty sequence."""
    half, odd = divmod(len(value), 2)
    if odd or not half:
        return der.sequence()
    r, s = value[:half], value[half:]
    return der.sequence(der.integer(int.from_bytes(r, "big")), der.integer(int.from_bytes(s, "big")))
