"""TBSCertificate (RFC 5280 §4.1) and the frame that certificates and CRLs share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.codecs.asn1.keys import subject_key_bits
from shirushi.core.algorithms import SignatureAlgorithm
from shirushi.core.instant import Instant

_VERSION_3 = der.tlv(0xA0, der.integer(2))


def key_identifier(spki: bytes) -> bytes:
    """The SHA-1 of the public key's bits: method 1 of RFC 5280 §4.2.1.2, and the KeyHash of RFC 6960 §4.2.1."""
    return hashlib.sha1(subject_key_bits(spki), usedforsecurity=False).digest()


def tbs_certificate(
    *,
    serial_number: int,
    algorithm: SignatureAlgorithm,
    issuer: bytes,
    not_before: Instant,
    not_after: Instant,
    subject: bytes,
    spki: bytes,
    extensions: Iterable[bytes],
) -> bytes:
    """The DER of a version 3 TBSCertificate.

    `issuer` and `subject` are Names in DER, `extensions` the DER of each Extension. Times are cut to seconds.
    """
    return der.sequence(
        _VERSION_3,
        der.integer(serial_number),
        encode_signature_algorithm(algorithm),
        issuer,
        der.sequence(times.time(not_before), times.time(not_after)),
        subject,
        spki,
        der.tlv(0xA3, der.sequence(*extensions)),
    )


def signed(tbs: bytes, algorithm: SignatureAlgorithm, value: bytes) -> bytes:
    """The certificate, or the CRL, that `value` signs: SEQUENCE { tbs, signatureAlgorithm, signatureValue }."""
    return der.sequence(tbs, encode_signature_algorithm(algorithm), der.bits(value))
