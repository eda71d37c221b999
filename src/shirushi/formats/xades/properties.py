"""What the signed properties say (EN 319 132-1 §5.2); what they say wrongly is collected, not raised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from shirushi.codecs.asn1 import der, names
from shirushi.codecs.asn1.attribute_certificate import certified_roles
from shirushi.codecs.xml.algorithms import localname, read_digest
from shirushi.codecs.xml.errors import MalformedXml
from shirushi.codecs.xml.names import XADES, XADES_111, XADES_122, XADES_141, ds
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.text import bytes_of, decode_base64, read_date_time, text_of
from shirushi.core.algorithms import Digest
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import (
    Certificate,
    CertificateReference,
    GeneralNameKind,
    Name,
    SignaturePolicyIdentifier,
)
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason

T = TypeVar("T")

NAMESPACES = (XADES, XADES_122, XADES_111)
"""Of the main elements, through the versions."""
_ALL_NAMESPACES = (*NAMESPACES, XADES_141)
CONTENT_STAMPS = ("AllDataObjectsTimeStamp", "IndividualDataObjectsTimeStamp")
_PLACE = ("City", "StreetAddress", "StateOrProvince", "PostalCode", "CountryName")


def is_xades(element: Element, *names_: str) -> bool:
    """Whether an element is of XAdES, of any version, and has one of those names."""
    return element.tag in _tags(names_)


@lru_cache(maxsize=256)
def _tags(names_: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{{namespace}}}{name}" for namespace in _ALL_NAMESPACES for name in names_)


def children(element: Element | None, *names_: str) -> list[Element]:
    """The children of those names."""
    return [] if element is None else list(element.iterchildren(*_tags(names_)))


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that name."""
    return next(iter(children(element, name)), None)


def descendants(element: Element, *names_: str) -> Iterator[Element]:
    """The descendants of those names, in document order."""
    return iter(element.iter(*_tags(names_)))


@dataclass(frozen=True, slots=True)
class CertReference:
    """One `Cert` of SigningCertificate or SigningCertificateV2 (EN 319 132-1 §5.2.2)."""

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
        matches: bool | None = None
        if self.serial_number is not None:
            matches = self.serial_number == certificate.serial_number and self.issuer in {
                None,
                certificate.issuer,
            }
        return CertificateReference(self.digest, self.digest_matches(certificate), matches)


@dataclass(frozen=True, slots=True)
class DataObjectFormat:
    """DataObjectFormat (EN 319 132-1 §5.2.4)."""

    object_reference: str
    mime_type: str


@dataclass(frozen=True, slots=True)
class SignedSays:
    """What the signed properties say. `failings` are those of the structure (EN 319 102-1 §5.2.2)."""

    signing_time: Instant | None = None
    references: tuple[CertReference, ...] = ()
    first_version: bool = False
    """Whether the certificate is named by SigningCertificate, which EN 319 132-1 replaced."""
    policy: SignaturePolicyIdentifier | None = None
    formats: tuple[DataObjectFormat, ...] = ()
    content_timestamps: tuple[Element, ...] = field(default=(), repr=False)
    claims: tuple[tuple[str, str], ...] = ()
    failings: tuple[Reason, ...] = ()


class _Reader:
    """Reads properties and collects the failings."""

    def __init__(self, signature: Element | None, data: Element | None) -> None:
        self.signature = signature
        self.data = data
        self.failings: list[Reason] = []

    def one(self, name: str, read: Callable[[Element], T]) -> T | None:
        """The value of a property that stands once among those of the signature."""
        found = children(self.signature, name)
        if len(found) > 1:
            self.failings.append(reason("XADES_PROPERTY_REPEATED", property=name))
        return self.read(name, found[0], read) if found else None

    def read(self, name: str, element: Element, read: Callable[[Element], T]) -> T | None:
        """The value of an element."""
        try:
            return read(element)
        except MalformedInput:
            self.failings.append(reason("XADES_PROPERTY_MALFORMED", property=name))
            return None


def signed_says(properties: Element) -> SignedSays:
    """Read a `SignedProperties`; never raises."""
    reader = _Reader(
        child(properties, "SignedSignatureProperties"), child(properties, "SignedDataObjectProperties")
    )
    second = reader.one("SigningCertificateV2", _references)
    first = reader.one("SigningCertificate", _references)
    formats = [
        reader.read("DataObjectFormat", each, _format) for each in children(reader.data, "DataObjectFormat")
    ]
    return SignedSays(
        signing_time=reader.one("SigningTime", lambda each: read_date_time(text_of(each))),
        references=second or first or (),
        first_version=not second and bool(first),
        policy=reader.one("SignaturePolicyIdentifier", _policy),
        formats=tuple(each for each in formats if each is not None),
        content_timestamps=tuple(children(reader.data, *CONTENT_STAMPS)),
        claims=tuple(_claims(reader)),
        failings=tuple(reader.failings),
    )


def read_digest_value(element: Element) -> Digest:
    """A DigestMethod with its DigestValue; raises `MalformedXml`, also for a digest that is unknown here."""
    value = element.find(ds("DigestValue"))
    algorithm = read_digest(element.find(ds("DigestMethod")))
    if value is None or algorithm is None:
        raise MalformedXml(detail="no digest that is known here")
    return Digest(algorithm, bytes_of(value))


def _references(element: Element) -> tuple[CertReference, ...]:
    found = tuple(_reference(each) for each in children(element, "Cert"))
    if not found:
        raise MalformedXml(detail="it names no certificate")
    return found


def _reference(cert: Element) -> CertReference:
    digest = child(cert, "CertDigest")
    if digest is None:
        raise MalformedXml(detail="a certificate without its digest")
    issuer, serial_number = _issuer_serial(cert)
    return CertReference(read_digest_value(digest), issuer, serial_number)


def _issuer_serial(cert: Element) -> tuple[Name | None, int | None]:
    """IssuerSerialV2 is an IssuerSerial in DER (RFC 5035 §5); of IssuerSerial, text, only the number can be compared."""
    second, first = child(cert, "IssuerSerialV2"), child(cert, "IssuerSerial")
    if second is not None:
        parts = der.single(decode_base64(text_of(second)), der.SEQUENCE).children()
        if len(parts) < 2:
            raise MalformedXml(detail="no IssuerSerial")
        general = names.general_names(parts[0].expect(der.SEQUENCE).value)
        directory = (
            each.value
            for each in general
            if each.kind is GeneralNameKind.DIRECTORY and isinstance(each.value, Name)
        )
        return next(directory, None), der.read_integer(parts[1].expect(der.INTEGER).value)
    number = None if first is None else first.find(ds("X509SerialNumber"))
    if number is None:
        return None, None
    text = text_of(number).strip()
    return None, int(text) if text.isascii() and text.isdecimal() and len(text) < 100 else None


def _policy(element: Element) -> SignaturePolicyIdentifier:
    """SignaturePolicyIdentifier (EN 319 132-1 §5.2.9)."""
    if child(element, "SignaturePolicyImplied") is not None:
        return SignaturePolicyIdentifier("")
    found = child(element, "SignaturePolicyId")
    identifier = child(child(found, "SigPolicyId"), "Identifier")
    if found is None or identifier is None:
        raise MalformedXml(detail="no policy")
    digest_element = child(found, "SigPolicyHash")
    digest: Digest | None = None
    if digest_element is not None and read_digest(digest_element.find(ds("DigestMethod"))):
        digest = read_digest_value(digest_element)
    uri = next(descendants(found, "SPURI"), None)
    notice = next(descendants(found, "ExplicitText"), None)
    name = text_of(identifier).strip()
    return SignaturePolicyIdentifier(
        name.removeprefix("urn:oid:").removeprefix("URN:OID:"),
        digest,
        None if uri is None else text_of(uri).strip(),
        None if notice is None else text_of(notice).strip(),
    )


def _format(element: Element) -> DataObjectFormat:
    mime = child(element, "MimeType")
    return DataObjectFormat(element.get("ObjectReference", ""), "" if mime is None else text_of(mime).strip())


def _claims(reader: _Reader) -> Iterator[tuple[str, str]]:
    """Place, roles and commitments: what the signer says of the signature."""
    for place in children(reader.signature, "SignatureProductionPlace", "SignatureProductionPlaceV2"):
        for each in children(place, *_PLACE):
            yield from _text(reader, localname(each), each)
    for role in children(reader.signature, "SignerRole", "SignerRoleV2"):
        for each in descendants(role, "ClaimedRole"):
            if next(each.iterancestors(*_tags(("ClaimedRole",))), None) is not None:
                continue  # the text of the role around it
            yield from _text(reader, "ClaimedRole", each)
        for each in descendants(role, "X509AttributeCertificate"):
            held = reader.read("CertifiedRole", each, lambda found: certified_roles(bytes_of(found)))
            yield from (("CertifiedRole", name) for name in held or ())
    for commitment in children(reader.data, "CommitmentTypeIndication"):
        identifier = child(child(commitment, "CommitmentTypeId"), "Identifier")
        if identifier is not None:
            yield from _text(reader, "CommitmentType", identifier)


def _text(reader: _Reader, name: str, element: Element) -> Iterator[tuple[str, str]]:
    """A claim; one that holds elements of its own is shown by the text in it."""
    text = " ".join("".join(element.itertext()).split())
    if len(text) > 10_000:
        reader.failings.append(reason("XADES_PROPERTY_MALFORMED", property=name))
    elif text:
        yield name, text
