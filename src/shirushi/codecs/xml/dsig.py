"""The structure of an XML signature (XMLDSig §4): what `ds:Signature` holds, read where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from shirushi.codecs.xml.algorithms import read_digest, read_signature_method
from shirushi.codecs.xml.c14n import Canonicalization, NodeSet, canonical
from shirushi.codecs.xml.errors import MalformedXml, XmlTooComplex, XmlTransformUnsupported
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import Element, XmlDocument
from shirushi.codecs.xml.text import bytes_of
from shirushi.codecs.xml.transforms import Transform, prefix_list, read_transforms
from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm

OBJECT = "http://www.w3.org/2000/09/xmldsig#Object"
MANIFEST = "http://www.w3.org/2000/09/xmldsig#Manifest"
MOST_REFERENCES = 10_000


@dataclass(frozen=True, slots=True)
class DsReference:
    """A `ds:Reference`. `uri` is None where the attribute is absent; `digest_algorithm` where it is unknown here."""

    uri: str | None
    type: str
    id: str
    transforms: tuple[Transform, ...]
    digest_algorithm: DigestAlgorithm | None
    digest_value: bytes
    element: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedInfo:
    """`ds:SignedInfo`. `octets` is its canonical form, which the value signs; `canonicalization` the method named."""

    octets: bytes = field(repr=False)
    canonicalization: Canonicalization
    signature_uri: str
    signature_algorithm: SignatureAlgorithm | None
    references: tuple[DsReference, ...]


@dataclass(frozen=True, slots=True)
class DsSignature:
    """A `ds:Signature` and its children. `objects` are in their order."""

    document: XmlDocument = field(repr=False)
    element: Element
    signed_info_element: Element
    signed_info: SignedInfo
    value_element: Element
    value: bytes = field(repr=False)
    key_info: Element | None
    objects: tuple[Element, ...]

    @property
    def id(self) -> str:
        """The attribute `Id`, empty where there is none."""
        found: str = self.element.get("Id", "")
        return found


def read_signature(document: XmlDocument, element: Element) -> DsSignature:
    """Read a `ds:Signature`.

    Raises `MalformedXml`, `XmlTooComplex`, or `XmlTransformUnsupported` for a canonicalization that is not known here.
    """
    info, value = _only(element, "SignedInfo"), _only(element, "SignatureValue")
    key_infos = element.findall(ds("KeyInfo"))
    if len(key_infos) > 1:
        raise MalformedXml(detail="KeyInfo stands twice")
    return DsSignature(
        document,
        element,
        info,
        _signed_info(document, info),
        value,
        bytes_of(value),
        key_infos[0] if key_infos else None,
        tuple(element.findall(ds("Object"))),
    )


def _signed_info(document: XmlDocument, element: Element) -> SignedInfo:
    canonicalization = _only(element, "CanonicalizationMethod")
    algorithm = canonicalization.get("Algorithm", "")
    method = Canonicalization.of(algorithm)
    if method is None:
        raise XmlTransformUnsupported(transform=algorithm or "?")
    octets = canonical(NodeSet(document, element, comments=True), method, prefix_list(canonicalization))
    uri, signature_algorithm = read_signature_method(_only(element, "SignatureMethod"))
    references = read_references(element)
    if not references:
        raise MalformedXml(detail="it has no Reference")
    return SignedInfo(octets, method, uri, signature_algorithm, references)


def read_references(parent: Element) -> tuple[DsReference, ...]:
    """The `ds:Reference` children of a `ds:SignedInfo` or `ds:Manifest`; raises `MalformedXml`, `XmlTooComplex`."""
    found = parent.findall(ds("Reference"))
    if len(found) > MOST_REFERENCES:
        raise XmlTooComplex(what="references", limit=MOST_REFERENCES)
    return tuple(_reference(each) for each in found)


def _reference(element: Element) -> DsReference:
    return DsReference(
        uri=element.get("URI"),
        type=element.get("Type", ""),
        id=element.get("Id", ""),
        transforms=read_transforms(element.find(ds("Transforms"))),
        digest_algorithm=read_digest(element.find(ds("DigestMethod"))),
        digest_value=bytes_of(_only(element, "DigestValue")),
        element=element,
    )


def _only(parent: Element, name: str) -> Element:
    found = parent.findall(ds(name))
    if len(found) != 1:
        raise MalformedXml(detail=f"{len(found)} {name} where there must be one")
    return found[0]
