"""Signed attributes (RFC 5652 §11, RFC 5035), as the DER that a key signs.

Whatever is the same for every signature of a certificate is encoded once: a signature costs microseconds here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.algorithms import encode_digest_algorithm, encode_signature_algorithm
from shirushi.codecs.asn1.x509 import issuer_and_serial
from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.instant import Instant
from shirushi.formats.cms import oids

_MESSAGE_DIGEST = der.oid(oids.MESSAGE_DIGEST)
_SIGNING_TIME = der.oid(oids.SIGNING_TIME)


def attribute(oid: str, value: bytes) -> bytes:
    """The DER of an Attribute with one value, itself in DER."""
    return der.sequence(der.oid(oid), der.tlv(der.SET, value))


def signed_attributes(
    message_digest: bytes,
    signing_certificate: bytes,
    *,
    content_type: str = oids.DATA,
    reference_digest: DigestAlgorithm = DigestAlgorithm.SHA256,
    signing_time: Instant | None = None,
    protect: tuple[DigestAlgorithm, SignatureAlgorithm] | None = None,
    extra: Iterable[bytes] = (),
) -> bytes:
    """The DER SET OF that is signed: content-type, message-digest, ESSCertIDv2, and what else is asked for.

    `signing_certificate` is in DER; `reference_digest` is what names it. `protect` puts in CMSAlgorithmProtection with
    the digest algorithm and the signature algorithm (RFC 6211). `extra` are whole attributes in DER.
    """
    parts = [
        _content_type(content_type),
        der.sequence(_MESSAGE_DIGEST, der.tlv(der.SET, der.octets(message_digest))),
        signing_certificate_v2(signing_certificate, reference_digest),
        *extra,
    ]
    if signing_time is not None:
        parts.append(der.sequence(_SIGNING_TIME, der.tlv(der.SET, times.time(signing_time))))
    if protect is not None:
        parts.append(_algorithm_protection(*protect))
    return der.set_of(*parts)


@lru_cache(maxsize=16)
def _content_type(content_type: str) -> bytes:
    return attribute(oids.CONTENT_TYPE, der.oid(content_type))


@lru_cache(maxsize=64)
def _algorithm_protection(digest: DigestAlgorithm, signature: SignatureAlgorithm) -> bytes:
    """CMSAlgorithmProtection (RFC 6211 §2)."""
    inner = der.single(encode_signature_algorithm(signature)).value
    value = der.sequence(encode_digest_algorithm(digest), der.tlv(0xA1, inner))
    return attribute(oids.ALGORITHM_PROTECTION, value)


@lru_cache(maxsize=256)
def signing_certificate_v2(certificate: bytes, digest: DigestAlgorithm = DigestAlgorithm.SHA256) -> bytes:
    """The attribute SigningCertificateV2 (RFC 5035 §3) with one ESSCertIDv2 and its issuerSerial.

    SHA-256 is the default and left out.
    """
    issuer, serial_number = issuer_and_serial(certificate)
    reference = der.sequence(
        b"" if digest is DigestAlgorithm.SHA256 else encode_digest_algorithm(digest),
        der.octets(digest.digest(certificate)),
        der.sequence(der.sequence(der.tlv(0xA4, issuer)), serial_number),
    )
    return attribute(oids.SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(reference)))


def content_timestamp(token: bytes) -> bytes:
    """The signed attribute content-time-stamp (EN 319 122-1 §5.2.8)."""
    return attribute(oids.CONTENT_TIMESTAMP, token)


def signature_timestamp(token: bytes) -> bytes:
    """The unsigned attribute signature-time-stamp (EN 319 122-1 §5.3)."""
    return attribute(oids.SIGNATURE_TIMESTAMP, token)
