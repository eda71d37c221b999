"""A signature's XML, written in its canonical form: what a digest covers is the text itself.

Under Exclusive XML Canonicalization a part does not depend on where it stands, so that no parser is needed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.attribute_certificate import attribute_certificate
from shirushi.codecs.asn1.x509 import issuer_and_serial
from shirushi.codecs.xml.algorithms import digest_uri, signature_uri
from shirushi.codecs.xml.c14n import Canonicalization
from shirushi.codecs.xml.names import DS, EXCLUSIVE, XADES, XADES_141
from shirushi.codecs.xml.text import encode_base64, write_date_time
from shirushi.codecs.xml.transforms import BASE64, ENVELOPED, XPATH
from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.evidence import Certificate, SignaturePolicyIdentifier
from shirushi.formats.protocol import ProductionPlace
from shirushi.formats.xades.declined import ParameterUnsupported
from shirushi.formats.xades.draft import Draft, DraftReference

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_DS = f' xmlns:ds="{DS}"'
_XADES = f' xmlns:xades="{XADES}"'
_PLAIN = re.compile(r"[A-Za-z0-9 +,./:;=?@_#%()-]*").fullmatch
"""Text that stands as it is, wherever it stands."""
_FOREIGN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no character of XML 1.0 (§2.2)."""
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"}
_TEXT = str.maketrans(_ESCAPES)
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)
_PARAMETERS = {
    ENVELOPED: "",
    EXCLUSIVE: "",
    Canonicalization.INCLUSIVE.uri: "",
    BASE64: "",
    XPATH: "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>",
}


def text(value: str) -> str:
    """Text as canonical form has it; raises `ParameterUnsupported` for characters that XML has not."""
    if _PLAIN(value):
        return value
    foreign = _FOREIGN.search(value)
    if foreign:
        raise ParameterUnsupported(parameter=f"U+{ord(foreign[0]):04X}")
    return value.translate(_TEXT)


def attribute(value: str) -> str:
    """The value of an attribute as canonical form has it."""
    if _PLAIN(value):
        return value
    text(value)
    return value.translate(_ATTRIBUTE)


def signed_info(algorithm: SignatureAlgorithm, references: Iterable[DraftReference]) -> str:
    """`ds:SignedInfo`; raises `UnsupportedAlgorithm`."""
    written = "".join(map(_reference, references))
    return (
        f'<ds:SignedInfo{_DS}><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{signature_uri(algorithm)}"></ds:SignatureMethod>{written}</ds:SignedInfo>'
    )


def _reference(reference: DraftReference) -> str:
    id_ = f' Id="{reference.id}"' if reference.id else ""
    kind = f' Type="{reference.type}"' if reference.type else ""
    how = _how(reference.transforms, reference.digest.algorithm.oid)
    return (
        f'<ds:Reference{id_}{kind} URI="{attribute(reference.uri)}">{how}'
        f"<ds:DigestValue>{encode_base64(reference.digest.value)}</ds:DigestValue></ds:Reference>"
    )


@lru_cache(maxsize=256)
def _how(transforms: tuple[str, ...], digest_oid: str) -> str:
    """The transforms of a reference, and its digest's method."""
    steps = "".join(
        f'<ds:Transform Algorithm="{each}">{_PARAMETERS[each]}</ds:Transform>' for each in transforms
    )
    within = f"<ds:Transforms>{steps}</ds:Transforms>" if steps else ""
    method = digest_uri(DigestAlgorithm.from_oid(digest_oid))
    return f'{within}<ds:DigestMethod Algorithm="{method}"></ds:DigestMethod>'


def signed_properties(draft: Draft, certificate: Certificate, content_timestamp: bytes | None) -> str:
    """`xades:SignedProperties` in the order of its schema (EN 319 132-1 annex C)."""
    said = draft.parameters
    formats = "".join(
        f'<xades:DataObjectFormat ObjectReference="#{each.id}"><xades:MimeType>{text(each.mime_type)}'
        "</xades:MimeType></xades:DataObjectFormat>"
        for each in draft.references
        if each.mime_type
    )
    data = f"{formats}{_commitment(said.commitment)}"
    if content_timestamp is not None:
        data += time_stamp("xades:AllDataObjectsTimeStamp", content_timestamp, _DS)
    about_data = (
        f"<xades:SignedDataObjectProperties>{data}</xades:SignedDataObjectProperties>" if data else ""
    )
    return (
        f'<xades:SignedProperties{_XADES} Id="{draft.properties_id}"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{write_date_time(draft.time)}</xades:SigningTime>{_signing_certificate(certificate.der)}"
        f"{_policy(said.policy)}{_place(said.location, said.place)}{_roles(said.claimed_roles, said.certified_roles)}"
        f"</xades:SignedSignatureProperties>{about_data}</xades:SignedProperties>"
    )


@lru_cache(maxsize=256)
def _signing_certificate(certificate: bytes) -> str:
    """SigningCertificateV2 (EN 319 132-1 §5.2.2) with its IssuerSerialV2 (RFC 5035 §5)."""
    issuer, serial_number = issuer_and_serial(certificate)
    serial = der.sequence(der.sequence(der.tlv(0xA4, issuer)), serial_number)
    digest = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(certificate))
    return (
        f"<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{_digest(digest)}</xades:CertDigest>"
        f"<xades:IssuerSerialV2>{encode_base64(serial)}</xades:IssuerSerialV2></xades:Cert></xades:SigningCertificateV2>"
    )


def _digest(digest: Digest) -> str:
    return (
        f'<ds:DigestMethod{_DS} Algorithm="{digest_uri(digest.algorithm)}"></ds:DigestMethod>'
        f"<ds:DigestValue{_DS}>{encode_base64(digest.value)}</ds:DigestValue>"
    )


def _identifier(name: str) -> str:
    """An ObjectIdentifierType's Identifier: an OID as URN, or a URI (EN 319 132-1 §5.1.2)."""
    if name.replace(".", "").isdecimal():
        return f'<xades:Identifier Qualifier="OIDAsURN">urn:oid:{name}</xades:Identifier>'
    return f"<xades:Identifier>{text(name)}</xades:Identifier>"


def _policy(policy: SignaturePolicyIdentifier | None) -> str:
    """SignaturePolicyIdentifier (EN 319 132-1 §5.2.9)."""
    if policy is None:
        return ""
    inner = "<xades:SignaturePolicyImplied></xades:SignaturePolicyImplied>"
    if policy.oid:
        if policy.digest is None:
            raise ParameterUnsupported(parameter="policy without digest")
        told = [f"<xades:SPURI>{text(policy.uri)}</xades:SPURI>"] if policy.uri else []
        if policy.notice:
            notice = f"<xades:ExplicitText>{text(policy.notice)}</xades:ExplicitText>"
            told.append(f"<xades:SPUserNotice>{notice}</xades:SPUserNotice>")
        each = "".join(f"<xades:SigPolicyQualifier>{one}</xades:SigPolicyQualifier>" for one in told)
        qualifiers = f"<xades:SigPolicyQualifiers>{each}</xades:SigPolicyQualifiers>" if told else ""
        inner = (
            f"<xades:SignaturePolicyId><xades:SigPolicyId>{_identifier(policy.oid)}</xades:SigPolicyId>"
            f"<xades:SigPolicyHash>{_digest(policy.digest)}</xades:SigPolicyHash>{qualifiers}</xades:SignaturePolicyId>"
        )
    return f"<xades:SignaturePolicyIdentifier>{inner}</xades:SignaturePolicyIdentifier>"


def _place(location: str | None, rest: ProductionPlace | None) -> str:
    """SignatureProductionPlaceV2 (EN 319 132-1 §5.2.5) in the order of its schema."""
    if not location and rest is None:
        return ""
    rest = rest or ProductionPlace()
    parts = (
        ("City", location or ""),
        ("StreetAddress", rest.street),
        ("StateOrProvince", rest.region),
        ("PostalCode", rest.postal_code),
        ("CountryName", rest.country),
    )
    inner = "".join(f"<xades:{name}>{text(value)}</xades:{name}>" for name, value in parts if value)
    return f"<xades:SignatureProductionPlaceV2>{inner}</xades:SignatureProductionPlaceV2>" if inner else ""


def _roles(claimed: tuple[str, ...], certified: tuple[bytes, ...]) -> str:
    """SignerRoleV2 (EN 319 132-1 §5.2.6)."""
    if not claimed and not certified:
        return ""
    inner = "".join(f"<xades:ClaimedRole>{text(role)}</xades:ClaimedRole>" for role in claimed)
    inner = f"<xades:ClaimedRoles>{inner}</xades:ClaimedRoles>" if inner else ""
    held = "".join(
        f"<xades:CertifiedRole><xades:X509AttributeCertificate>{encode_base64(attribute_certificate(each))}"
        "</xades:X509AttributeCertificate></xades:CertifiedRole>"
        for each in certified
    )
    inner += f"<xades:CertifiedRolesV2>{held}</xades:CertifiedRolesV2>" if held else ""
    return f"<xades:SignerRoleV2>{inner}</xades:SignerRoleV2>"


def _commitment(commitment: str | None) -> str:
    if not commitment:
        return ""
    return (
        f"<xades:CommitmentTypeIndication><xades:CommitmentTypeId>{_identifier(commitment)}</xades:CommitmentTypeId>"
        "<xades:AllSignedDataObjects></xades:AllSignedDataObjects></xades:CommitmentTypeIndication>"
    )


def time_stamp(name: str, token: bytes, declared: str = "") -> str:
    """A time-stamp property around its token, whose digest names it; `declared` are declarations of `ds`."""
    id_ = DigestAlgorithm.SHA256.digest(token).hex()
    return (
        f'<{name} Id="ts-{id_}"><ds:CanonicalizationMethod{declared} Algorithm="{EXCLUSIVE}"></ds:CanonicalizationMethod>'
        f'<xades:EncapsulatedTimeStamp Id="ets-{id_}">{encode_base64(token)}</xades:EncapsulatedTimeStamp></{name}>'
    )


def signature_parts(id_: str, info: str, properties: str, chain: Iterable[Certificate]) -> tuple[str, str]:
    """A `ds:Signature` up to its value, and from there up to its further objects and its end tag."""
    head = f'<ds:Signature{_DS} Id="{id_}">{info}<ds:SignatureValue Id="value-{id_}">'
    tail = (
        f"</ds:SignatureValue>{_key_info(tuple([certificate.der for certificate in chain]))}<ds:Object>"
        f'<xades:QualifyingProperties{_XADES} Target="#{id_}">{properties}</xades:QualifyingProperties></ds:Object>'
    )
    return head, tail


@lru_cache(maxsize=256)
def _key_info(chain: tuple[bytes, ...]) -> str:
    """`ds:KeyInfo` with each certificate once."""
    certificates = "".join(
        f"<ds:X509Certificate>{encode_base64(each)}</ds:X509Certificate>" for each in dict.fromkeys(chain)
    )
    return f"<ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>"


def data_object(id_: str, data: bytes) -> str:
    """The `ds:Object` of an enveloping signature (XMLDSig §4.5)."""
    return f'<ds:Object Encoding="{BASE64}" Id="{id_}">{encode_base64(data)}</ds:Object>'


def fragment(inner: str) -> bytes:
    """Properties inside an element that declares their prefixes, to be parsed."""
    return f'<x{_DS}{_XADES} xmlns:xades141="{XADES_141}">{inner}</x>'.encode()
