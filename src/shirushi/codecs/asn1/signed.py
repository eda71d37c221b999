"""SIGNED{ToBeSigned} (X.509 §6.2): the three parts that certificates, CRLs and OCSP responses share, as found.

    SEQUENCE { toBeSigned ToBeSigned, algorithmIdentifier AlgorithmIdentifier, signature BIT STRING, … }

RFC 5280 §4.1 and §5.1; a BasicOCSPResponse (RFC 6960 §4.2.1) adds its certificates.
"""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedAsn1


@dataclass(frozen=True, slots=True)
class Signed:
    """What is signed, the AlgorithmIdentifier in DER, the signature value, and what follows (certs of an OCSP response)."""

    tbs: bytes
    algorithm: bytes
    value: bytes
    rest: tuple[der.Element, ...] = ()


def signed(encoding: bytes) -> Signed:
    """Take a certificate, CRL or BasicOCSPResponse apart; raises `MalformedAsn1`."""
    parts = der.single(encoding, der.SEQUENCE).children()
    if len(parts) < 3:
        raise MalformedAsn1(detail="not the three parts of a signed object")
    tbs, algorithm, value, *rest = parts
    return Signed(
        tbs.expect(der.SEQUENCE).raw,
        algorithm.expect(der.SEQUENCE).raw,
        der.read_bits(value.expect(der.BIT_STRING).value),
        tuple(rest),
    )
