"""CryptographicMessageSyntax2004 (RFC 5652 §12.1) and the attributes of RFC 5035 and EN 319 122-1.

A SET OF is ANY, or a SEQUENCE OF where an implicit tag hides which it is: real ones are not in DER's order, and they
are to be had as found.
"""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat.asn1 import Explicit, Implicit, sequence
from cryptography.x509 import ObjectIdentifier

from shirushi.codecs.asn1.schema import Any, AnyOptional
from shirushi.codecs.asn1.schema.x509 import AlgorithmIdentifier


@sequence
class ContentInfo:
    """RFC 5652 §3."""

    content_type: ObjectIdentifier
    content: Annotated[Any, Explicit(0)]


@sequence
class EncapsulatedContentInfo:
    """RFC 5652 §5.2. The eContent is an OCTET STRING; in PKCS #7 it is ANY (RFC 5652 §5.2.1)."""

    e_content_type: ObjectIdentifier
    e_content: Annotated[AnyOptional, Explicit(0)] = None


@sequence
class Attribute:
    """RFC 5652 §5.3."""

    attr_type: ObjectIdentifier
    attr_values: Any  # SET OF AttributeValue


@sequence
class IssuerAndSerialNumber:
    """RFC 5652 §10.2.4."""

    issuer: Any
    serial_number: int


@sequence
class SignerInfo:
    """RFC 5652 §5.3."""

    version: int
    sid: IssuerAndSerialNumber | Annotated[bytes, Implicit(0)]
    digest_algorithm: AlgorithmIdentifier
    signed_attrs: Annotated[list[Any] | None, Implicit(0)] = None  # SET OF Attribute
    signature_algorithm: AlgorithmIdentifier
    signature: bytes
    unsigned_attrs: Annotated[list[Any] | None, Implicit(1)] = None  # SET OF Attribute


@sequence
class SignedData:
    """RFC 5652 §5.1."""

    version: int
    digest_algorithms: Any  # SET OF AlgorithmIdentifier
    encap_content_info: EncapsulatedContentInfo
    certificates: Annotated[list[Any] | None, Implicit(0)] = None  # SET OF CertificateChoices
    crls: Annotated[list[Any] | None, Implicit(1)] = None  # SET OF RevocationInfoChoice
    signer_infos: Any  # SET OF SignerInfo


@sequence
class OtherRevocationInfoFormat:
    """RFC 5652 §10.2.1, as it stands under its tag [1]."""

    other_rev_info_format: ObjectIdentifier
    other_rev_info: Any


@sequence
class CmsAlgorithmProtection:
    """CMSAlgorithmProtection (RFC 6211 §2)."""

    digest_algorithm: AlgorithmIdentifier
    signature_algorithm: Annotated[AlgorithmIdentifier | None, Implicit(1)] = None
    mac_algorithm: Annotated[AlgorithmIdentifier | None, Implicit(2)] = None


@sequence
class IssuerSerial:
    """RFC 5035 §5. The issuer is GeneralNames with one directoryName."""

    issuer: list[Any]
    serial_number: int


@sequence
class EssCertId:
    """ESSCertID (RFC 2634 §5.4.1): the hash is SHA-1."""

    cert_hash: bytes
    issuer_serial: IssuerSerial | None = None


@sequence
class EssCertIdV2:
    """ESSCertIDv2 (RFC 5035 §4)."""

    hash_algorithm: AlgorithmIdentifier | None = None  # DEFAULT id-sha256
    cert_hash: bytes
    issuer_serial: IssuerSerial | None = None


@sequence
class SigningCertificate:
    """RFC 2634 §5.4."""

    certs: list[EssCertId]
    policies: list[Any] | None = None


@sequence
class SigningCertificateV2:
    """RFC 5035 §3."""

    certs: list[EssCertIdV2]
    policies: list[Any] | None = None


@sequence
class SigPolicyHash:
    """OtherHashAlgAndValue (EN 319 122-1 §5.2.9.1)."""

    hash_algorithm: AlgorithmIdentifier
    hash_value: bytes


@sequence
class SigPolicyQualifierInfo:
    """EN 319 122-1 §5.2.9.2."""

    sig_policy_qualifier_id: ObjectIdentifier
    sig_qualifier: AnyOptional = None


@sequence
class SignaturePolicyId:
    """EN 319 122-1 §5.2.9.1; the implied policy is NULL in its place."""

    sig_policy_id: ObjectIdentifier
    sig_policy_hash: SigPolicyHash | None = None
    sig_policy_qualifiers: list[SigPolicyQualifierInfo] | None = None


@sequence
class RevocationValues:
    """EN 319 122-1 annex A.1.1.2."""

    crl_vals: Annotated[list[Any] | None, Explicit(0)] = None
    ocsp_vals: Annotated[list[Any] | None, Explicit(1)] = None
    other_rev_vals: Annotated[AnyOptional, Explicit(2)] = None


@sequence
class RevocationInfoArchival:
    """The attribute adbe-revocationInfoArchival (ISO 32000-1 §12.8.3.3.2)."""

    crl: Annotated[list[Any] | None, Explicit(0)] = None
    ocsp: Annotated[list[Any] | None, Explicit(1)] = None
    other_rev_info: Annotated[list[Any] | None, Explicit(2)] = None
