"""CertificateList and its extensions (RFC 5280 §5, appendix A)."""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat.asn1 import BitString, Explicit, GeneralizedTime, Implicit, UTCTime, sequence

from shirushi.codecs.asn1.schema import Any, AnyOptional
from shirushi.codecs.asn1.schema.x509 import AlgorithmIdentifier, Extension


@sequence
class RevokedCertificate:
    """An element of revokedCertificates (RFC 5280 §5.1)."""

    user_certificate: int
    revocation_date: UTCTime | GeneralizedTime
    crl_entry_extensions: list[Extension] | None = None


@sequence
class TbsCertList:
    """RFC 5280 §5.1. The issuer is a Name."""

    version: int | None = None
    signature: AlgorithmIdentifier
    issuer: Any
    this_update: UTCTime | GeneralizedTime
    next_update: UTCTime | GeneralizedTime | None = None
    revoked_certificates: list[RevokedCertificate] | None = None
    crl_extensions: Annotated[list[Extension] | None, Explicit(0)] = None


@sequence
class IssuingDistributionPointSyntax:
    """IssuingDistributionPoint (RFC 5280 §5.2.5)."""

    distribution_point: Annotated[AnyOptional, Explicit(0)] = None  # DistributionPointName
    only_contains_user_certs: Annotated[bool | None, Implicit(1)] = None  # DEFAULT FALSE
    only_contains_ca_certs: Annotated[bool | None, Implicit(2)] = None  # DEFAULT FALSE
    only_some_reasons: Annotated[BitString | None, Implicit(3)] = None
    indirect_crl: Annotated[bool | None, Implicit(4)] = None  # DEFAULT FALSE
    only_contains_attribute_certs: Annotated[bool | None, Implicit(5)] = None  # DEFAULT FALSE
