"""TBSCertList (RFC 5280 §5.1)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.codecs.asn1.issue.extensions import extension
from shirushi.core.algorithms import SignatureAlgorithm
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant

_VERSION_2 = der.integer(1)
_REASONS = {
    reason: der.sequence(extension("2.5.29.21", der.integer(reason.value, der.ENUMERATED)))
    for reason in RevocationReason
} | {RevocationReason.UNSPECIFIED: b""}
_time = lru_cache(maxsize=1024)(times.time)


def crl_entry(serial_number: int, revocation_time: Instant, reason: RevocationReason) -> bytes:
    """The DER of one revoked certificate; UNSPECIFIED is said by leaving the reason out (RFC 5280 §5.3.1)."""
    return der.sequence(der.integer(serial_number), _time(revocation_time), _REASONS[reason])


def tbs_cert_list(
    *,
    algorithm: SignatureAlgorithm,
    issuer: bytes,
    this_update: Instant,
    next_update: Instant,
    entries: Iterable[bytes],
    extensions: Iterable[bytes],
) -> bytes:
    """The DER of a version 2 TBSCertList. `entries` come from `crl_entry`, already encoded; without any the field is absent.

    `issuer` is a Name in DER, `extensions` the DER of each Extension. Times are cut to seconds.
    """
    revoked = b"".join(entries)
    return der.sequence(
        _VERSION_2,
        encode_signature_algorithm(algorithm),
        issuer,
        times.time(this_update),
        times.time(next_update),
        der.sequence(revoked) if revoked else b"",
        der.tlv(0xA0, der.sequence(*extensions)),
    )
