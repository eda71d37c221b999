"""Certificates as people hand them over: PEM (RFC 7468), or DER."""

from __future__ import annotations

import binascii
import re

from shirushi.codecs.asn1.errors import MalformedCertificate
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.evidence import Certificate

_ENCAPSULATED = re.compile(
    rb"-----BEGIN (?:X509 )?CERTIFICATE-----(.*?)-----END (?:X509 )?CERTIFICATE-----",
    re.DOTALL,
)


def certificates_in(data: bytes) -> tuple[Certificate, ...]:
    """All certificates of a PEM text, or the one that is in DER; raises `MalformedCertificate` where there is none."""
    if data[:1] == b"\x30":
        return (parse_certificate(data),)
    found = tuple(parse_certificate(_decoded(body)) for body in _ENCAPSULATED.findall(data))
    if not found:
        raise MalformedCertificate(detail="neither PEM nor DER")
    return found


_PUBLIC_KEY = re.compile(rb"-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", re.DOTALL)


def public_key_in(data: bytes) -> bytes:
    """The SubjectPublicKeyInfo, in DER, of a public key in PEM, or of the first certificate in `data`.

    Raises `MalformedCertificate` where there is neither.
    """
    found = _PUBLIC_KEY.search(data)
    return _decoded(found[1]) if found else certificates_in(data)[0].public_key.spki


def _decoded(body: bytes) -> bytes:
    try:
        return binascii.a2b_base64(b"".join(body.split()), strict_mode=True)
    except binascii.Error:
        raise MalformedCertificate(detail="not base64 between the lines of PEM") from None


def to_pem(certificate: Certificate) -> str:
    """A certificate as PEM."""
    return _encapsulated("CERTIFICATE", certificate.der)


def public_key_to_pem(spki: bytes) -> str:
    """A SubjectPublicKeyInfo as PEM (RFC 7468 §13)."""
    return _encapsulated("PUBLIC KEY", spki)


def _encapsulated(label: str, der: bytes) -> str:
    text = binascii.b2a_base64(der, newline=False).decode("ascii")
    lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n"
