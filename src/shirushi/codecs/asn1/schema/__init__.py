"""ASN.1 modules as their RFCs write them, and one way to read and write their types.

Two departures, both for reading what real encoders wrote. A field with a DEFAULT is declared OPTIONAL, so that a default
that was encoded all the same is taken; it is written as None. What a signature covers (TBSCertificate, TBSCertList,
ResponseData) is taken out of its frame as found by `signed`, so the frames are not declared. Names, times in certificates and general names are `Any`
and read by `names` and `times`, which take strings and times that DER forbids.
"""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from cryptography.hazmat import asn1

from shirushi.codecs.asn1 import ber
from shirushi.codecs.asn1.errors import MalformedAsn1

Any: TypeAlias = asn1.TLV
"""ANY: one element of whatever type."""
AnyOptional: TypeAlias = asn1.Null | asn1.TLV | None
"""ANY OPTIONAL. NULL reads as `Null()`, which tells a NULL from nothing."""

T = TypeVar("T")


def decode(kind: type[T], data: bytes) -> T:
    """Read a declared type: as DER, else as BER with as little rewritten as possible.

    Raises `MalformedAsn1`, `Asn1TooComplex`.
    """
    for rewrite in (bytes, ber.definite, ber.canonical):
        try:
            return asn1.decode_der(kind, rewrite(data))
        except (ValueError, OverflowError):
            continue
    raise MalformedAsn1(detail=f"not a {kind.__name__}")


def encode(value: object) -> bytes:
    """Write a declared type as DER; ValueError where a value does not fit its type."""
    return asn1.encode_der(value)


def raw(value: Any | asn1.Null) -> bytes:
    """The encoding of a value of a field of type ANY."""
    return asn1.encode_der(value)
