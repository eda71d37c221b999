"""Certificates alone in a SignedData without signers (RFC 5751 §3.7 "certs-only"), as EST sends them (RFC 7030 §4.1.3)."""

from __future__ import annotations

from collections.abc import Iterable

from shirushi.codecs.asn1 import der

_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_DATA = der.oid("1.2.840.113549.1.7.1")


def certs_only(certificates: Iterable[bytes]) -> bytes:
    """The DER of a ContentInfo whose SignedData holds these certificates and nothing else (RFC 5652 §5.1)."""
    held = b"".join(sorted(certificates))  # a SET OF, X.690 §11.6
    content = der.sequence(
        der.integer(1), der.tlv(der.SET), der.sequence(_DATA), der.tlv(0xA0, held), der.tlv(der.SET)
    )
    return der.sequence(_SIGNED_DATA, der.tlv(0xA0, content))
