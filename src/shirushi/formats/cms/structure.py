"""SignedData taken apart, with everything that a digest or a signature covers as found (RFC 5652 §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shirushi.codecs.asn1 import ber, der, names
from shirushi.codecs.asn1.algorithms import cms_signature_algorithm, digest_algorithm, oid_of
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedCms
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.schema import Any, AnyOptional, decode, encode, raw
from shirushi.codecs.asn1.schema import cms as schema
from shirushi.codecs.asn1.schema.x509 import AlgorithmIdentifier
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, Crl, Name, OcspResponse
from shirushi.formats.cms import oids


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute with the DER of each of its values."""

    oid: str
    values: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Signer:
    """A SignerInfo (RFC 5652 §5.3).

    `issuer` and `serial_number` name the certificate, or `key_identifier` does. `signed_bytes` are the signed
    attributes as the value covers them: as found, under the tag of a SET (RFC 5652 §5.4); None where there are none.
    An algorithm that is unknown here is None.
    """

    issuer: Name | None
    serial_number: int | None
    key_identifier: bytes | None
    digest_identifier: bytes
    signature_identifier: bytes
    signed: tuple[Attribute, ...]
    unsigned: tuple[Attribute, ...]
    signed_bytes: bytes | None = field(repr=False)
    value: bytes = field(repr=False)

    @property
    def digest_algorithm(self) -> DigestAlgorithm | None:
        """The digest of the content."""
        return digest_algorithm(self.digest_identifier)

    @property
    def signature_oid(self) -> str:
        """The identifier of the signature algorithm."""
        return oid_of(self.signature_identifier)

    @property
    def signature_algorithm(self) -> SignatureAlgorithm | None:
        """The signature algorithm."""
        return cms_signature_algorithm(self.signature_identifier, self.digest_algorithm)

    def names(self, certificate: Certificate) -> bool:
        """Whether the signer is named as the holder of `certificate`."""
        if self.key_identifier is not None:
            return self.key_identifier == certificate.extensions.subject_key_identifier
        return self.serial_number == certificate.serial_number and self.issuer == certificate.issuer


@dataclass(frozen=True, slots=True)
class SignedData:
    """A SignedData (RFC 5652 §5.1).

    `content` are the octets that the message digest covers, None where detached. `trailing` is whether anything but
    zeros stands after its end.
    """

    content_type: str
    content: bytes | None = field(repr=False)
    signers: tuple[Signer, ...]
    certificates: tuple[Certificate, ...]
    crls: tuple[Crl, ...] = ()
    ocsp_responses: tuple[OcspResponse, ...] = ()
    trailing: bool = False


_CERTIFICATE_CHOICES = frozenset((der.SEQUENCE, 0xA0, 0xA1, 0xA2, 0xA3))
"""The tags of CertificateChoices (RFC 5652 §10.2.2)."""

MOST_SIGNERS = 500
"""How many signers a SignedData may have, and how many counter-signatures of it are read: each is judged by itself."""


def read_signed_data(encoding: bytes) -> SignedData:
    """Read a ContentInfo with a SignedData, in DER or BER, whatever follows it.

    Certificates and revocation data of kinds that cannot be read are as good as absent; they are never broken as
    encodings. Raises `MalformedCms` and nothing else.
    """
    try:
        return _signed_data(encoding)
    except MalformedInput as error:
        raise MalformedCms(detail=error.parameters.get("detail", "")) from error


def _signed_data(encoding: bytes) -> SignedData:
    first, trailing = first_element(encoding)
    info = decode(schema.ContentInfo, first)
    if info.content_type.dotted_string != oids.SIGNED_DATA:
        raise MalformedAsn1(detail=f"content of type {info.content_type.dotted_string}")
    found = decode(schema.SignedData, raw(info.content))
    for identifier in _set(found.digest_algorithms):
        decode(AlgorithmIdentifier, identifier)
    crls, ocsp_responses = _revocation_data(found.crls or ())
    certificates = [raw(c) for c in found.certificates or ()]
    readable = readable_certificates(certificates)
    if len(readable) < len(certificates):
        for choice in certificates:
            if choice[0] not in _CERTIFICATE_CHOICES:
                raise MalformedAsn1(detail=f"tag {choice[0]:#x} among certificates")
            der.check_nested(choice)
    if len(crls) < len(found.crls or ()):
        for crl in found.crls or ():
            der.check_nested(raw(crl))
    signers = _set(found.signer_infos)
    if len(signers) > MOST_SIGNERS:
        raise MalformedAsn1(detail=f"more than {MOST_SIGNERS} signers")
    return SignedData(
        content_type=found.encap_content_info.e_content_type.dotted_string,
        content=_content(found.encap_content_info.e_content),
        signers=tuple(read_signer(raw_signer) for raw_signer in signers),
        certificates=readable,
        crls=crls,
        ocsp_responses=ocsp_responses,
        trailing=trailing,
    )


def first_element(encoding: bytes) -> tuple[bytes, bool]:
    """The element that `encoding` begins with, and whether anything but zeros follows it.

    One of indefinite length is made definite. Raises `MalformedAsn1`, `Asn1TooComplex`.
    """
    try:
        first = der.element(encoding)
        found, end = first.raw, first.end
    except MalformedAsn1:
        found, end = ber.definite_prefix(encoding)
    return found, bool(encoding[end:].strip(b"\x00"))


def _content(found: AnyOptional) -> bytes | None:
    """The octets of the eContent; what is no OCTET STRING, as PKCS #7 allows, without tag and length (§5.2.1)."""
    if found is None:
        return None
    encoding = raw(found)
    if encoding[0] == der.OCTET_STRING | der.CONSTRUCTED:
        encoding = ber.definite(encoding)
    return der.single(encoding).value


def _set(found: Any) -> list[bytes]:
    """The elements of a SET OF, in whatever order."""
    return [element.raw for element in der.single(raw(found), der.SET).children()]


def read_signer(encoding: bytes) -> Signer:
    """Read a SignerInfo; raises `MalformedAsn1`, `Asn1TooComplex`."""
    found = decode(schema.SignerInfo, encoding)
    sid = found.sid
    named = sid if isinstance(sid, schema.IssuerAndSerialNumber) else None
    attributes = None if found.signed_attrs is None else [raw(a) for a in found.signed_attrs]
    return Signer(
        issuer=names.name(raw(named.issuer)) if named else None,
        serial_number=named.serial_number if named else None,
        key_identifier=sid if isinstance(sid, bytes) else None,
        digest_identifier=encode(found.digest_algorithm),
        signature_identifier=encode(found.signature_algorithm),
        signed=_attributes(attributes or ()),
        unsigned=_attributes(raw(a) for a in found.unsigned_attrs or ()),
        signed_bytes=None if attributes is None else der.tlv(der.SET, *attributes),
        value=found.signature,
    )


def _attributes(found: Iterable[bytes]) -> tuple[Attribute, ...]:
    decoded = (decode(schema.Attribute, encoding) for encoding in found)
    return tuple(Attribute(a.attr_type.dotted_string, tuple(_set(a.attr_values))) for a in decoded)


def readable_certificates(found: Iterable[bytes]) -> tuple[Certificate, ...]:
    """The X.509 certificates among CertificateChoices (RFC 5652 §10.2.2) that can be read, each once."""
    return tuple({c.id: c for c in _readable(found)}.values())


def _readable(found: Iterable[bytes]) -> Iterator[Certificate]:
    for encoding in found:
        try:
            yield parse_certificate(encoding)
        except MalformedInput:
            continue


def _revocation_data(found: Iterable[Any]) -> tuple[tuple[Crl, ...], tuple[OcspResponse, ...]]:
    """The RevocationInfoChoices (RFC 5652 §10.2.1, RFC 5940 §2.1)."""
    lists: list[bytes] = []
    responses: list[bytes] = []
    for choice in found:
        if choice.tag_bytes == b"\x30":
            lists.append(raw(choice))
        elif choice.tag_bytes == b"\xa1":
            responses.extend(_other_ocsp_responses(choice))
    return readable_crls(lists), readable_ocsp_responses(responses)


def _other_ocsp_responses(choice: Any) -> Iterator[bytes]:
    try:
        other = decode(schema.OtherRevocationInfoFormat, der.sequence(bytes(choice.data)))
    except MalformedInput:
        return
    if other.other_rev_info_format.dotted_string in {oids.OCSP_RESPONSE, oids.OCSP_BASIC}:
        yield raw(other.other_rev_info)


def readable_crls(found: Iterable[bytes]) -> tuple[Crl, ...]:
    """The lists that can be read."""
    lists: list[Crl] = []
    for encoding in found:
        try:
            lists.append(parse_crl(encoding))
        except MalformedInput:
            continue
    return tuple(lists)


def readable_ocsp_responses(found: Iterable[bytes]) -> tuple[OcspResponse, ...]:
    """The responses that can be read and tell something."""
    responses: list[OcspResponse] = []
    for encoding in found:
        try:
            responses.append(parse_ocsp_response(encoding))
        except MalformedInput:
            continue
    return tuple(responses)
