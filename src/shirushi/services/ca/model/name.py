"""Names of subjects, and what a name may hold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import starmap

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.issue import ATTRIBUTE_TYPES, encode_name
from shirushi.services.ca.model.errors import SubjectNameRefused
from shirushi.services.ca.model.homographs import check_text
from shirushi.services.ca.model.identifiers import check_organization_identifier, hidden_ideograph
from shirushi.services.ca.model.refusals import SubjectNameConfusable

_UPPER_BOUNDS = {  # RFC 5280 appendix A.1, in characters; X.520 sets none for organizationIdentifier
    "commonName": 64,
    "surname": 32768,
    "serialNumber": 64,
    "countryName": 2,
    "localityName": 128,
    "stateOrProvinceName": 128,
    "streetAddress": 128,
    "organizationName": 64,
    "organizationalUnitName": 64,
    "title": 64,
    "businessCategory": 128,
    "postalCode": 40,
    "givenName": 32768,
    "dnQualifier": 64,
    "pseudonym": 128,
    "organizationIdentifier": 256,
    "domainComponent": 63,
    "emailAddress": 255,
}
_PRINTABLE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?")
_PRINTABLE_ONLY = {"countryName", "serialNumber", "dnQualifier"}
_ASCII_ONLY = {"domainComponent", "emailAddress"}
_REGISTER_KEYS = ("organizationIdentifier", "serialNumber")
_UNSEEN = {
    "Cc",
    "Cf",
    "Co",
    "Cs",
    "Cn",
    "Zl",
    "Zp",
}  # controls, formats, private, surrogates, unassigned, separators


@dataclass(frozen=True, slots=True)
class DistinguishedName:
    """A subject's name: (attribute type by its X.520 name, value) in the order in which they are encoded.

    `DistinguishedName.of(countryName="JP", commonName="…")` writes one down.
    """

    attributes: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, **attributes: str) -> DistinguishedName:
        """A name of these attributes, in this order."""
        return cls(tuple(attributes.items()))

    @classmethod
    def decode(cls, name: bytes) -> DistinguishedName:
        """The name that `encode` wrote; raises `MalformedAsn1`, `SubjectNameRefused` for attributes of other kinds."""
        known = {oid: kind for kind, oid in ATTRIBUTE_TYPES.items()}
        found = []
        for relative in der.single(name, der.SEQUENCE).children():
            for attribute in relative.children():
                oid, value = attribute.children()
                kind = known.get(der.read_oid(oid.value))
                if kind is None:
                    raise SubjectNameRefused(
                        attribute=der.read_oid(oid.value), detail="unknown attribute type"
                    )
                found.append((kind, value.value.decode(errors="replace")))
        return cls(tuple(found))

    @property
    def types(self) -> frozenset[str]:
        """The attribute types that the name has."""
        return frozenset(kind for kind, _ in self.attributes)

    @property
    def register_keys(self) -> tuple[str, ...]:
        """By what registers know the subject: its organizationIdentifier, a person's serialNumber."""
        return tuple(value for kind, value in self.attributes if kind in _REGISTER_KEYS)

    @property
    def text(self) -> str:
        """The name for people, in the order in which it is encoded."""
        return ", ".join(f"{kind}={value}" for kind, value in self.attributes)

    def encode(self) -> bytes:
        """The DER of the Name; raises `SubjectNameRefused` for an empty name and for values that RFC 5280 refuses."""
        if not self.attributes:
            raise SubjectNameRefused(attribute="-", detail="0 attributes")
        return encode_name(starmap(_checked, self.attributes))


def _checked(kind: str, value: str) -> tuple[str, str]:
    """The object identifier and the value, composed (Unicode NFC, as RFC 5280 §7.1 compares them)."""
    if kind not in ATTRIBUTE_TYPES:
        raise SubjectNameRefused(attribute=kind, detail="unknown attribute type")
    value = unicodedata.normalize("NFC", value)
    if not value or value != value.strip():
        raise SubjectNameRefused(attribute=kind, detail="empty, or blanks at an end")
    if len(value) > _UPPER_BOUNDS[kind]:
        raise SubjectNameRefused(attribute=kind, detail=f"{len(value)} > {_UPPER_BOUNDS[kind]} characters")
    unseen = next((c for c in value if unicodedata.category(c) in _UNSEEN), None)
    if unseen is not None:
        raise SubjectNameRefused(attribute=kind, detail=f"U+{ord(unseen):04X}")
    if kind in _PRINTABLE_ONLY and not _PRINTABLE.issuperset(value):
        raise SubjectNameRefused(attribute=kind, detail="PrintableString")
    if kind in _ASCII_ONLY and not value.isascii():
        raise SubjectNameRefused(attribute=kind, detail="IA5String")
    if kind == "countryName" and not (len(value) == 2 and value.isalpha() and value.isupper()):
        raise SubjectNameRefused(attribute=kind, detail="ISO 3166-1 alpha-2")
    if kind == "organizationIdentifier":
        check_organization_identifier(value)
    check_text(kind, value)
    hidden = hidden_ideograph(value)
    if hidden is not None:
        raise SubjectNameConfusable(attribute=kind, detail=hidden)
    return ATTRIBUTE_TYPES[kind], value


def natural_person(
    *, country: str, surname: str, given_name: str, serial_number: str, common_name: str
) -> DistinguishedName:
    """A natural person's name (EN 319 412-2 §4.2.4). `serial_number` tells apart people of one name."""
    return DistinguishedName.of(
        countryName=country,
        surname=surname,
        givenName=given_name,
        serialNumber=serial_number,
        commonName=common_name,
    )


def legal_person(
    *, country: str, organization: str, identifier: str, common_name: str | None = None
) -> DistinguishedName:
    """A legal person's name (EN 319 412-3 §4.2.1).

    `identifier` is the organizationIdentifier with its semantics, such as NTRJP-… or VATDE-… (EN 319 412-1 §5.1.4).
    """
    return DistinguishedName.of(
        countryName=country,
        organizationName=organization,
        organizationIdentifier=identifier,
        commonName=common_name or organization,
    )
