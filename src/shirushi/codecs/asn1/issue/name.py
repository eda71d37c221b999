"""Distinguished names (RFC 5280 §4.1.2.4, X.520)."""

from __future__ import annotations

from collections.abc import Iterable

from shirushi.codecs.asn1 import der

ATTRIBUTE_TYPES = {
    "commonName": "2.5.4.3",
    "surname": "2.5.4.4",
    "serialNumber": "2.5.4.5",
    "countryName": "2.5.4.6",
    "localityName": "2.5.4.7",
    "stateOrProvinceName": "2.5.4.8",
    "streetAddress": "2.5.4.9",
    "organizationName": "2.5.4.10",
    "organizationalUnitName": "2.5.4.11",
    "title": "2.5.4.12",
    "businessCategory": "2.5.4.15",
    "postalCode": "2.5.4.17",
    "givenName": "2.5.4.42",
    "dnQualifier": "2.5.4.46",
    "pseudonym": "2.5.4.65",
    "organizationIdentifier": "2.5.4.97",
    "domainComponent": "0.9.2342.19200300.100.1.25",
    "emailAddress": "1.2.840.113549.1.9.1",
}
"""Attribute types by the names of X.520, RFC 4519 and RFC 2985."""

_PRINTABLE = {ATTRIBUTE_TYPES[name] for name in ("countryName", "serialNumber", "dnQualifier")}
_IA5 = {ATTRIBUTE_TYPES[name] for name in ("domainComponent", "emailAddress")}


def encode_name(attributes: Iterable[tuple[str, str]]) -> bytes:
    """The DER of a Name from (attribute type's object identifier, value), one attribute an RDN.

    Values are UTF8String, but PrintableString or IA5String where RFC 5280 appendix A.1 leaves no choice; a value that
    such a type cannot hold raises `UnicodeEncodeError`.
    """
    return der.sequence(*(_rdn(oid, value) for oid, value in attributes))


def _rdn(oid: str, value: str) -> bytes:
    if oid in _PRINTABLE:
        encoded = der.tlv(der.PRINTABLE_STRING, value.encode("ascii"))
    elif oid in _IA5:
        encoded = der.tlv(der.IA5_STRING, value.encode("ascii"))
    else:
        encoded = der.tlv(der.UTF8_STRING, value.encode())
    return der.set_of(der.sequence(der.oid(oid), encoded))
