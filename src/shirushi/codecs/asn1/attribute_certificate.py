"""Attribute certificates (RFC 5755): which roles somebody else certified."""

from __future__ import annotations

from shirushi.codecs.asn1 import der, names
from shirushi.codecs.asn1.errors import MalformedAsn1

_ROLE = der.oid("2.5.4.72")
_ATTRIBUTES = 6
"""The place of the attributes in an AttributeCertificateInfo without its optional parts (RFC 5755 §4.1)."""


def certified_roles(encoding: bytes) -> tuple[str, ...]:
    """The roles that an attribute certificate names, in words; of other attributes it has, their types.

    Neither its signature nor its holder is looked at. Raises `MalformedAsn1`.
    """
    outer = der.single(encoding, der.SEQUENCE).children()
    if len(outer) != 3:
        raise MalformedAsn1(detail="not an AttributeCertificate")
    info = outer[0].expect(der.SEQUENCE).children()
    if len(info) <= _ATTRIBUTES:
        raise MalformedAsn1(detail="not an AttributeCertificateInfo")
    found: list[str] = []
    for attribute in info[_ATTRIBUTES].expect(der.SEQUENCE).children():
        kind, values = attribute.expect(der.SEQUENCE).children()[:2]
        if kind.raw != _ROLE:
            found.append(der.read_oid(kind.value))
            continue
        found.extend(_role(each) for each in values.children())
    return tuple(found)


def attribute_certificate(encoding: bytes) -> bytes:
    """The encoding itself; raises `MalformedAsn1` where it is no attribute certificate."""
    certified_roles(encoding)
    return encoding


def _role(value: der.Element) -> str:
    """The roleName [1] of a RoleSyntax (RFC 5755 §4.4.5), or the role as plain text."""
    if value.tag != der.SEQUENCE:
        return names.text_of(value.tag, value.value) or ""
    for field in value.children():
        if field.tag == 0xA1:
            name = names.general_name(field.only().raw).value
            return name if isinstance(name, str) else getattr(name, "text", "")
    raise MalformedAsn1(detail="a role without a name")
