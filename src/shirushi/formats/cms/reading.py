"""What the attributes of a signer say; what they say wrongly is collected, not raised."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from shirushi.codecs.asn1 import der, names, times
from shirushi.codecs.asn1.algorithms import digest_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.codecs.asn1.schema import cms as schema
from shirushi.codecs.asn1.schema import decode, encode, raw
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import (
    Certificate,
    CertificateReference,
    Crl,
    GeneralNameKind,
    Name,
    OcspResponse,
    SignaturePolicyIdentifier,
)
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.formats.cms import oids
from shirushi.formats.cms.structure import (
    Attribute,
    Signer,
    readable_certificates,
    readable_crls,
    readable_ocsp_responses,
)

T = TypeVar("T")

_SINGLE = {
    oids.CONTENT_TYPE: "content-type",
    oids.MESSAGE_DIGEST: "message-digest",
    oids.SIGNING_TIME: "signing-time",
    oids.ALGORITHM_PROTECTION: "cms-algorithm-protection",
    oids.SIGNING_CERTIFICATE: "signing-certificate",
    oids.SIGNING_CERTIFICATE_V2: "signing-certificate-v2",
    oids.SIGNATURE_POLICY: "signature-policy-identifier",
}
"""Signed attributes that stand once, with one value (RFC 5652 §11, RFC 5035 §3, EN 319 122-1 §5)."""


@dataclass(frozen=True, slots=True)
class EssReference:
    """The first ESSCertID or ESSCertIDv2: the reference to the signing certificate (RFC 5035 §3)."""

    digest: Digest
    issuer: Name | None = None
    serial_number: int | None = None

    def digest_matches(self, certificate: Certificate) -> bool:
        """Whether the digest is that of `certificate`; False where this machine has no such digest."""
        try:
            return self.digest.algorithm.digest(certificate.der) == self.digest.value
        except UnsupportedAlgorithm:
            return False

    def to(self, certificate: Certificate) -> CertificateReference:
        """What the reference says of the certificate that was used."""
        issuer_serial: bool | None = None
        if self.serial_number is not None:
            issuer_serial = (
                self.serial_number == certificate.serial_number and self.issuer == certificate.issuer
            )
        return CertificateReference(self.digest, self.digest_matches(certificate), issuer_serial)


@dataclass(frozen=True, slots=True)
class SignedSays:
    """What the signed attributes say. `failings` are those of the structure (EN 319 102-1 §5.2.2)."""

    content_type: str | None = None
    message_digest: bytes | None = None
    signing_time: Instant | None = None
    reference: EssReference | None = None
    policy: SignaturePolicyIdentifier | None = None
    content_timestamps: tuple[bytes, ...] = ()
    failings: tuple[Reason, ...] = ()


class _Reader:
    """Reads values of attributes and collects the failings."""

    def __init__(self, attributes: Iterable[Attribute]) -> None:
        self._attributes = tuple(attributes)
        self.failings: list[Reason] = []

    def one(self, oid: str, read: Callable[[bytes], T]) -> T | None:
        """The value of a single-valued attribute."""
        values = [value for a in self._attributes if a.oid == oid for value in a.values]
        count = sum(a.oid == oid for a in self._attributes)
        if count and (count, len(values)) != (1, 1):
            self.failings.append(reason("CMS_ATTRIBUTE_REPEATED", attribute=_SINGLE[oid]))
        if not values:
            return None
        try:
            return read(values[0])
        except MalformedInput:
            self.failings.append(reason("CMS_ATTRIBUTE_MALFORMED", attribute=_SINGLE[oid]))
            return None


def all_values(attributes: Iterable[Attribute], oid: str) -> tuple[bytes, ...]:
    """Every value of every instance of an attribute."""
    return tuple(value for a in attributes if a.oid == oid for value in a.values)


def names_certificate(signer: Signer) -> bool:
    """Whether there is a signed reference to the signing certificate, without which a CMS is no AdES."""
    return any(a.oid in {oids.SIGNING_CERTIFICATE, oids.SIGNING_CERTIFICATE_V2} for a in signer.signed)


def signed_says(signer: Signer) -> SignedSays:
    """Read the signed attributes of a signer; never raises."""
    reader = _Reader(signer.signed)
    reference = reader.one(oids.SIGNING_CERTIFICATE_V2, _reference_v2) or reader.one(
        oids.SIGNING_CERTIFICATE, _reference_v1
    )
    says = SignedSays(
        content_type=reader.one(oids.CONTENT_TYPE, _oid),
        message_digest=reader.one(oids.MESSAGE_DIGEST, lambda v: der.single(v, der.OCTET_STRING).value),
        signing_time=reader.one(oids.SIGNING_TIME, _time),
        reference=reference,
        policy=reader.one(oids.SIGNATURE_POLICY, _policy),
        content_timestamps=all_values(signer.signed, oids.CONTENT_TIMESTAMP),
    )
    if reader.one(oids.ALGORITHM_PROTECTION, lambda value: _protects(value, signer)) is False:
        reader.failings.append(reason("CMS_ALGORITHM_PROTECTION_BROKEN"))
    return dataclasses.replace(says, failings=tuple(reader.failings))


def _oid(value: bytes) -> str:
    return der.read_oid(der.single(value, der.OBJECT_IDENTIFIER).value)


def _time(value: bytes) -> Instant:
    found = der.single(value)
    return times.read(found.tag, found.value)


def _reference_v2(value: bytes) -> EssReference:
    found = decode(schema.SigningCertificateV2, value)
    if not found.certs:
        raise MalformedAsn1(detail="no reference")
    first = found.certs[0]
    digest: DigestAlgorithm | None = DigestAlgorithm.SHA256
    if first.hash_algorithm is not None:
        digest = digest_algorithm(encode(first.hash_algorithm))
    if digest is None:
        raise MalformedAsn1(detail="an unknown digest")
    return EssReference(Digest(digest, first.cert_hash), *_issuer_serial(first.issuer_serial))


def _reference_v1(value: bytes) -> EssReference:
    found = decode(schema.SigningCertificate, value)
    if not found.certs:
        raise MalformedAsn1(detail="no reference")
    first = found.certs[0]
    return EssReference(Digest(DigestAlgorithm.SHA1, first.cert_hash), *_issuer_serial(first.issuer_serial))


def _issuer_serial(found: schema.IssuerSerial | None) -> tuple[Name | None, int | None]:
    """The name and number of an IssuerSerial; a name that is no directory name matches no certificate."""
    if found is None:
        return None, None
    general = (names.general_name(raw(n)) for n in found.issuer)
    directory = (
        n.value for n in general if n.kind is GeneralNameKind.DIRECTORY and isinstance(n.value, Name)
    )
    return next(directory, None), found.serial_number


def _policy(value: bytes) -> SignaturePolicyIdentifier:
    """The signature policy (EN 319 122-1 §5.2.9)."""
    if der.single(value).tag == der.NULL:
        return SignaturePolicyIdentifier("")
    found = decode(schema.SignaturePolicyId, value)
    digest: Digest | None = None
    if found.sig_policy_hash is not None:
        algorithm = digest_algorithm(encode(found.sig_policy_hash.hash_algorithm))
        digest = Digest(algorithm, found.sig_policy_hash.hash_value) if algorithm else None
    uri: str | None = None
    notice: str | None = None
    for qualifier in found.sig_policy_qualifiers or ():
        if qualifier.sig_qualifier is None:
            continue
        kind, told = qualifier.sig_policy_qualifier_id.dotted_string, der.single(raw(qualifier.sig_qualifier))
        if kind == oids.POLICY_URI:
            uri = names.text_of(told.tag, told.value)
        elif kind == oids.POLICY_NOTICE:
            for each in told.children():  # after the noticeRef, a SEQUENCE, comes the explicitText
                notice = notice if each.tag == der.SEQUENCE else names.text_of(each.tag, each.value)
    return SignaturePolicyIdentifier(found.sig_policy_id.dotted_string, digest, uri, notice)


def _protects(value: bytes, signer: Signer) -> bool:
    """Whether CMSAlgorithmProtection names the algorithms that the SignerInfo does (RFC 6211 §3)."""
    found = decode(schema.CmsAlgorithmProtection, value)
    signature = found.signature_algorithm
    return (
        encode(found.digest_algorithm) == signer.digest_identifier
        and signature is not None
        and encode(signature) == signer.signature_identifier
        and found.mac_algorithm is None
    )


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Certificates and revocation data that attributes carry."""

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[Crl, ...] = ()
    ocsp_responses: tuple[OcspResponse, ...] = ()


def enclosed(signer: Signer) -> Enclosed:
    """What the attributes of ISO 32000-1 and EN 319 122-1 enclose; what cannot be read is as good as absent."""
    certificates: list[bytes] = []
    crls: list[bytes] = []
    responses: list[bytes] = []
    for value in all_values(signer.unsigned, oids.CERTIFICATE_VALUES):
        try:
            certificates.extend(c.raw for c in der.single(value, der.SEQUENCE).children())
        except MalformedInput:
            continue
    for value in all_values(signer.unsigned, oids.REVOCATION_VALUES):
        try:
            values = decode(schema.RevocationValues, value)
        except MalformedInput:
            continue
        crls.extend(raw(c) for c in values.crl_vals or ())
        responses.extend(raw(r) for r in values.ocsp_vals or ())
    for value in all_values((*signer.signed, *signer.unsigned), oids.REVOCATION_INFO_ARCHIVAL):
        try:
            archival = decode(schema.RevocationInfoArchival, value)
        except MalformedInput:
            continue
        crls.extend(raw(c) for c in archival.crl or ())
        responses.extend(raw(r) for r in archival.ocsp or ())
    return Enclosed(
        readable_certificates(certificates), readable_crls(crls), readable_ocsp_responses(responses)
    )
