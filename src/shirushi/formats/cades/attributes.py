"""What a signer says in signed attributes (EN 319 122-1 §5.2): written from parameters, read as claims."""

from __future__ import annotations

from shirushi.codecs.asn1 import der, names, times
from shirushi.codecs.asn1.algorithms import encode_digest_algorithm
from shirushi.codecs.asn1.attribute_certificate import attribute_certificate, certified_roles
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignaturePolicyIdentifier
from shirushi.core.instant import Instant
from shirushi.formats.cades import oids
from shirushi.formats.cades.declined import ParameterUnsupported
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.cms.attributes import attribute
from shirushi.formats.cms.reading import all_values
from shirushi.formats.cms.structure import Signer
from shirushi.formats.protocol import ProductionPlace, SignatureParameters

_UNSUPPORTED = ("field", "name", "reason", "mark", "certification")
_LONGEST_NOTICE = 200
"""Characters of a DisplayText (RFC 5280 §4.2.1.4)."""
_UNKNOWN_TYPE = "application/octet-stream"
_COMMITMENTS = {
    f"1.2.840.113549.1.9.16.6.{number}": name
    for number, name in enumerate(
        (
            "proof of origin",
            "proof of receipt",
            "proof of delivery",
            "proof of sender",
            "proof of approval",
            "proof of creation",
        ),
        1,
    )
}
"""The commitment types of EN 319 122-1 annex; they show as words."""


def signed_extra(
    parameters: SignatureParameters, *, time: Instant | None, media_type: str = _UNKNOWN_TYPE
) -> tuple[bytes, ...]:
    """The signed attributes that `parameters` ask for, in DER, with the signing time where there is one.

    Raises `ParameterUnsupported` for what CAdES cannot say, `MalformedAsn1` for certified roles that are none.
    """
    for each in _UNSUPPORTED:
        if getattr(parameters, each):
            raise ParameterUnsupported(parameter=each)
    found: list[bytes] = []
    if time is not None:
        found.append(attribute(cms_oids.SIGNING_TIME, times.time(time)))
    if parameters.location or parameters.place:
        location = _location(parameters.location or "", parameters.place or ProductionPlace())
        found.append(attribute(oids.SIGNER_LOCATION, location))
    found.extend(shared_extra(parameters))
    if media_type and media_type != _UNKNOWN_TYPE and not parameters.countersigns:
        found.append(attribute(oids.MIME_TYPE, _utf8(media_type)))
    return tuple(found)


def shared_extra(parameters: SignatureParameters) -> tuple[bytes, ...]:
    """Commitment, roles and policy: what a signature in a PDF says in attributes too (EN 319 142-1 §6.3).

    Raises `ParameterUnsupported`, `MalformedAsn1`.
    """
    found: list[bytes] = []
    if parameters.commitment:
        found.append(attribute(oids.COMMITMENT_TYPE, der.sequence(_oid(parameters.commitment))))
    if parameters.claimed_roles or parameters.certified_roles:
        value = _roles(parameters.claimed_roles, parameters.certified_roles)
        found.append(attribute(oids.SIGNER_ATTRIBUTES_V2, value))
    if parameters.policy is not None:
        found.append(attribute(cms_oids.SIGNATURE_POLICY, _policy(parameters.policy)))
    return tuple(found)


def _location(locality: str, place: ProductionPlace) -> bytes:
    """SignerLocation (EN 319 122-1 §5.2.5): countryName [0], localityName [1], postalAddress [2]."""
    lines = [each for each in (place.street, place.region, place.postal_code) if each]
    return der.sequence(
        der.tlv(0xA0, _utf8(place.country)) if place.country else b"",
        der.tlv(0xA1, _utf8(locality)) if locality else b"",
        der.tlv(0xA2, der.sequence(*map(_utf8, lines))) if lines else b"",
    )


def _roles(claimed: tuple[str, ...], certified: tuple[bytes, ...]) -> bytes:
    """SignerAttributeV2 (EN 319 122-1 §5.2.6.1): claimedAttributes [0], certifiedAttributesV2 [1]."""
    roles = (der.sequence(der.oid(oids.ROLE), der.tlv(der.SET, _utf8(each))) for each in claimed)
    held = [der.tlv(0xA0, attribute_certificate(each)) for each in certified]
    return der.sequence(
        der.tlv(0xA0, der.sequence(*roles)) if claimed else b"",
        der.tlv(0xA1, der.sequence(*held)) if held else b"",
    )


def _utf8(text: str) -> bytes:
    return der.tlv(der.UTF8_STRING, text.encode())


def _oid(dotted: str) -> bytes:
    try:
        return der.oid(dotted.removeprefix("urn:oid:"))
    except ValueError:
        raise ParameterUnsupported(parameter=f"commitment {dotted}") from None


def _policy(policy: SignaturePolicyIdentifier) -> bytes:
    """SignaturePolicy (EN 319 122-1 §5.2.9.1); a policy that is named comes with its digest."""
    if not policy.oid:
        return der.NULL_DER
    if policy.digest is None:
        raise ParameterUnsupported(parameter="policy without a digest")
    qualifiers: list[bytes] = []
    if policy.uri:
        uri = der.tlv(der.IA5_STRING, policy.uri.encode("ascii", "backslashreplace"))
        qualifiers.append(der.sequence(der.oid(cms_oids.POLICY_URI), uri))
    if policy.notice:
        if len(policy.notice) > _LONGEST_NOTICE:
            raise ParameterUnsupported(parameter="policy notice")
        qualifiers.append(der.sequence(der.oid(cms_oids.POLICY_NOTICE), der.sequence(_utf8(policy.notice))))
    return der.sequence(
        der.oid(policy.oid.removeprefix("urn:oid:")),
        der.sequence(encode_digest_algorithm(policy.digest.algorithm), der.octets(policy.digest.value)),
        der.sequence(*qualifiers) if qualifiers else b"",
    )


def claims(signer: Signer) -> tuple[tuple[str, str], ...]:
    """What the signer says of itself and of the content, which nobody checked; what cannot be read says nothing."""
    found: list[tuple[str, str]] = []
    readers = (
        (oids.COMMITMENT_TYPE, _read_commitment),
        (oids.SIGNER_LOCATION, _read_location),
        (oids.SIGNER_ATTRIBUTES_V2, _read_roles),
        (oids.SIGNER_ATTRIBUTES, _read_roles),
        (oids.MIME_TYPE, _read_mime_type),
        (oids.CONTENT_HINTS, _read_hints),
    )
    for oid, read in readers:
        for value in all_values(signer.signed, oid):
            try:
                found.extend(read(value))
            except MalformedInput:
                continue
    return tuple(found)


def _text(element: der.Element) -> str:
    return names.text_of(element.tag, element.value) or ""


def _read_commitment(value: bytes) -> list[tuple[str, str]]:
    first = der.single(value, der.SEQUENCE).children()[:1]
    dotted = [der.read_oid(each.expect(der.OBJECT_IDENTIFIER).value) for each in first]
    return [("Commitment", _COMMITMENTS.get(oid, oid)) for oid in dotted]


def _read_location(value: bytes) -> list[tuple[str, str]]:
    parts: list[str] = []
    for field in der.single(value, der.SEQUENCE).children():
        if field.tag == 0xA2:
            parts.extend(_text(line) for line in _inner(field, der.SEQUENCE))
        else:
            parts.extend(_text(text) for text in field.children())
    return [("Location", ", ".join(parts))] if parts else []


def _inner(field: der.Element, tag: int) -> list[der.Element]:
    """The elements under a tag, explicit or not."""
    children = field.children()
    return children[0].children() if len(children) == 1 and children[0].tag == tag else children


def _read_roles(value: bytes) -> list[tuple[str, str]]:
    roles: list[tuple[str, str]] = []
    for field in der.single(value, der.SEQUENCE).children():
        if field.tag == 0xA1:
            for each in field.only().children() if _chosen(field) else field.children():
                if each.tag == 0xA0:  # attributeCertificate of CertifiedAttributesV2
                    roles.extend(("CertifiedRole", role) for role in certified_roles(each.only().raw))
        if field.tag != 0xA0:
            continue
        for each in _inner(field, der.SEQUENCE) if _nested(field) else field.children():
            parts = each.expect(der.SEQUENCE).children()
            if len(parts) < 2:
                raise MalformedInput(detail="a role without a value")
            kind, values = parts[:2]
            label = "Role" if kind.raw == der.oid(oids.ROLE) else der.read_oid(kind.value)
            roles.extend((label, _text(text)) for text in values.children())
    return roles


def _chosen(field: der.Element) -> bool:
    """Whether the one element inside is the SEQUENCE of the choices."""
    children = field.children()
    return len(children) == 1 and children[0].tag == der.SEQUENCE


def _nested(field: der.Element) -> bool:
    """Whether the attributes stand in a SEQUENCE of their own: an attribute begins with its type."""
    children = field.children()
    if len(children) != 1:
        return False
    inner = children[0].children()
    return bool(inner) and inner[0].tag == der.SEQUENCE


def _read_mime_type(value: bytes) -> list[tuple[str, str]]:
    return [("MimeType", _text(der.single(value)))]


def _read_hints(value: bytes) -> list[tuple[str, str]]:
    first = der.single(value, der.SEQUENCE).children()
    return [("ContentHints", _text(each)) for each in first if each.tag == der.UTF8_STRING]
