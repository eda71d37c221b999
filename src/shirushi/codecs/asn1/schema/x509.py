"""PKIX1Explicit88 and PKIX1Implicit88 (RFC 5280 appendix A), with what RFC 3739, RFC 6960 and EN 319 412 add."""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat.asn1 import BitString, Explicit, Implicit, sequence
from cryptography.x509 import ObjectIdentifier

from shirushi.codecs.asn1.schema import Any, AnyOptional


@sequence
class AlgorithmIdentifier:
    """RFC 5280 §4.1.1.2."""

    algorithm: ObjectIdentifier
    parameters: AnyOptional = None


@sequence
class RsaSsaPssParameters:
    """RSASSA-PSS-params (RFC 4055 §3.1)."""

    hash_algorithm: Annotated[AlgorithmIdentifier | None, Explicit(0)] = None  # DEFAULT sha1
    mask_gen_algorithm: Annotated[AlgorithmIdentifier | None, Explicit(1)] = None  # DEFAULT mgf1SHA1
    salt_length: Annotated[int | None, Explicit(2)] = None  # DEFAULT 20
    trailer_field: Annotated[int | None, Explicit(3)] = None  # DEFAULT 1


@sequence
class Extension:
    """RFC 5280 §4.1."""

    extn_id: ObjectIdentifier
    critical: bool | None = None  # DEFAULT FALSE
    extn_value: bytes


@sequence
class Validity:
    """RFC 5280 §4.1.2.5; each is a Time."""

    not_before: Any
    not_after: Any


@sequence
class TbsCertificate:
    """RFC 5280 §4.1. Issuer and subject are Names."""

    version: Annotated[int | None, Explicit(0)] = None  # DEFAULT v1
    serial_number: int
    signature: AlgorithmIdentifier
    issuer: Any
    validity: Validity
    subject: Any
    subject_public_key_info: Any  # SubjectPublicKeyInfo, kept as found
    issuer_unique_id: Annotated[BitString | None, Implicit(1)] = None
    subject_unique_id: Annotated[BitString | None, Implicit(2)] = None
    extensions: Annotated[list[Extension] | None, Explicit(3)] = None


# Extensions (RFC 5280 §4.2). A GeneralName is ANY throughout.


@sequence
class BasicConstraintsSyntax:
    """RFC 5280 §4.2.1.9."""

    ca: bool | None = None  # DEFAULT FALSE
    path_len_constraint: int | None = None


@sequence
class AuthorityKeyIdentifier:
    """RFC 5280 §4.2.1.1."""

    key_identifier: Annotated[bytes | None, Implicit(0)] = None
    authority_cert_issuer: Annotated[list[Any] | None, Implicit(1)] = None
    authority_cert_serial_number: Annotated[int | None, Implicit(2)] = None


@sequence
class PolicyInformationSyntax:
    """RFC 5280 §4.2.1.4; certificatePolicies is a SEQUENCE OF these."""

    policy_identifier: ObjectIdentifier
    policy_qualifiers: list[Any] | None = None  # PolicyQualifierInfo


@sequence
class PolicyMapping:
    """RFC 5280 §4.2.1.5; policyMappings is a SEQUENCE OF these."""

    issuer_domain_policy: ObjectIdentifier
    subject_domain_policy: ObjectIdentifier


@sequence
class PolicyConstraintsSyntax:
    """RFC 5280 §4.2.1.11."""

    require_explicit_policy: Annotated[int | None, Implicit(0)] = None
    inhibit_policy_mapping: Annotated[int | None, Implicit(1)] = None


@sequence
class GeneralSubtree:
    """RFC 5280 §4.2.1.10."""

    base: Any
    minimum: Annotated[int | None, Implicit(0)] = None  # DEFAULT 0
    maximum: Annotated[int | None, Implicit(1)] = None


@sequence
class NameConstraintsSyntax:
    """RFC 5280 §4.2.1.10."""

    permitted_subtrees: Annotated[list[GeneralSubtree] | None, Implicit(0)] = None
    excluded_subtrees: Annotated[list[GeneralSubtree] | None, Implicit(1)] = None


@sequence
class DistributionPointSyntax:
    """DistributionPoint (RFC 5280 §4.2.1.13); cRLDistributionPoints is a SEQUENCE OF these."""

    distribution_point: Annotated[AnyOptional, Explicit(0)] = None  # DistributionPointName
    reasons: Annotated[BitString | None, Implicit(1)] = None
    crl_issuer: Annotated[list[Any] | None, Implicit(2)] = None


@sequence
class AccessDescription:
    """RFC 5280 §4.2.2.1; authorityInfoAccess is a SEQUENCE OF these."""

    access_method: ObjectIdentifier
    access_location: Any


@sequence
class QcStatementSyntax:
    """QCStatement (RFC 3739 §3.2.6); qcStatements is a SEQUENCE OF these."""

    statement_id: ObjectIdentifier
    statement_info: AnyOptional = None
