"""OCSP-2013-08 (RFC 6960 appendix B). An ENUMERATED is ANY, for the library has no such type."""

from __future__ import annotations

from typing import Annotated, Literal

from cryptography.hazmat.asn1 import (
    Explicit,
    GeneralizedTime,
    Implicit,
    Null,
    Variant,
    sequence,
)
from cryptography.x509 import ObjectIdentifier

from shirushi.codecs.asn1.schema import Any, AnyOptional
from shirushi.codecs.asn1.schema.x509 import AlgorithmIdentifier, Extension


@sequence
class CertId:
    """CertID (RFC 6960 §4.1.1)."""

    hash_algorithm: AlgorithmIdentifier
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial_number: int


@sequence
class RevokedInfo:
    """RFC 6960 §4.2.1."""

    revocation_time: GeneralizedTime
    revocation_reason: Annotated[AnyOptional, Explicit(0)] = None  # CRLReason


@sequence
class SingleResponseSyntax:
    """SingleResponse (RFC 6960 §4.2.1)."""

    cert_id: CertId
    cert_status: (
        Annotated[Variant[Null, Literal["good"]], Implicit(0)]
        | Annotated[Variant[RevokedInfo, Literal["revoked"]], Implicit(1)]
        | Annotated[Variant[Null, Literal["unknown"]], Implicit(2)]
    )
    this_update: GeneralizedTime
    next_update: Annotated[GeneralizedTime | None, Explicit(0)] = None
    single_extensions: Annotated[list[Extension] | None, Explicit(1)] = None


@sequence
class ResponseData:
    """RFC 6960 §4.2.1."""

    version: Annotated[int | None, Explicit(0)] = None  # DEFAULT v1
    responder_id: (
        Annotated[Variant[Any, Literal["byName"]], Explicit(1)]
        | Annotated[Variant[bytes, Literal["byKey"]], Explicit(2)]
    )
    produced_at: GeneralizedTime
    responses: list[SingleResponseSyntax]
    response_extensions: Annotated[list[Extension] | None, Explicit(1)] = None


@sequence
class ResponseBytes:
    """RFC 6960 §4.2.1."""

    response_type: ObjectIdentifier
    response: bytes


@sequence
class OcspResponseSyntax:
    """OCSPResponse (RFC 6960 §4.2.1)."""

    response_status: Any  # ENUMERATED
    response_bytes: Annotated[ResponseBytes | None, Explicit(0)] = None
