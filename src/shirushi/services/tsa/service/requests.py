"""What a client asks, read and checked: each refusal is what RFC 3161 §2.4.2 calls it."""

from __future__ import annotations

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.algorithms import encode_digest_algorithm
from shirushi.codecs.asn1.tsp import TimeStampRequest, TimeStampVersionUnknown, parse_timestamp_request
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.services.tsa.model import (
    ACCEPTED_IMPRINTS,
    ExtensionRefused,
    ImprintRefused,
    RequestMalformed,
    RequestVersionRefused,
)


def read_request(encoding: bytes) -> TimeStampRequest:
    """Read a TimeStampReq and check all of it but its policy; raises a `StampRefused`."""
    try:
        asked = parse_timestamp_request(encoding)
    except UnsupportedAlgorithm as error:
        raise ImprintRefused(**error.parameters) from error
    except TimeStampVersionUnknown as error:
        raise RequestVersionRefused(detail=error.parameters["detail"]) from error
    except MalformedInput as error:
        raise RequestMalformed(detail=error.code) from error
    check_imprint(asked.imprint)
    algorithm = der.single(asked.imprint_der).children()[0].raw
    if algorithm not in identifiers(asked.imprint.algorithm):
        raise ImprintRefused(algorithm=f"{asked.imprint.algorithm.label} with parameters")
    if asked.extensions:
        raise ExtensionRefused(extensions=", ".join(sorted(asked.extensions)))
    return asked


def identifiers(algorithm: DigestAlgorithm) -> tuple[bytes, ...]:
    """The AlgorithmIdentifiers of a digest that are taken: as RFC 5754 §2 has it, and with NULL as many write it."""
    plain = encode_digest_algorithm(algorithm)
    parts = der.single(plain).children()
    return (plain,) if len(parts) > 1 else (plain, der.sequence(parts[0].raw, der.NULL_DER))


def check_imprint(imprint: Digest) -> None:
    """Raise `ImprintRefused` for a digest that is weak today, `RequestMalformed` for one of a wrong length."""
    if imprint.algorithm not in ACCEPTED_IMPRINTS:
        raise ImprintRefused(algorithm=imprint.algorithm.label)
    if len(imprint.value) != imprint.algorithm.size:
        raise RequestMalformed(detail=f"{len(imprint.value)} ≠ {imprint.algorithm.size}")
