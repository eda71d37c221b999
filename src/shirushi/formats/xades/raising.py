"""Raising a signature's level: what it lacks, and how that is put in (EN 319 132-1 §5.3 to §5.5, §6.3)."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence

from lxml import etree

from shirushi.codecs.xml.algorithms import localname
from shirushi.codecs.xml.c14n import Canonicalization, canonical_element
from shirushi.codecs.xml.dsig import DsSignature, read_signature
from shirushi.codecs.xml.errors import MalformedXml
from shirushi.codecs.xml.names import ds, xades
from shirushi.codecs.xml.reader import Element, XmlDocument, parse_xml, reparse
from shirushi.codecs.xml.text import encode_base64
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Bytes, Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, Crl, Level, TimeStampKind
from shirushi.formats.cms.structure import readable_certificates, readable_crls, readable_ocsp_responses
from shirushi.formats.long_term import held_ids, path_ids, signature_lacks
from shirushi.formats.protocol import MaterialNeeded, StampNeeded, ValidationMaterial
from shirushi.formats.xades import writing
from shirushi.formats.xades.declined import (
    BreaksSignature,
    BreaksTimeStamp,
    ContentMissing,
    SignatureNotFound,
)
from shirushi.formats.xades.evidence import Examination
from shirushi.formats.xades.parse import evidences, signature_elements
from shirushi.formats.xades.properties import child, is_xades
from shirushi.formats.xades.records import SEALING
from shirushi.formats.xades.references import Surroundings, digest_of
from shirushi.formats.xades.stamps import UNSIGNED_STAMPS

_IMPRINT = DigestAlgorithm.SHA256


def evidence_id(signature: DsSignature) -> str:
    """The id of a signature in evidence."""
    return hashlib.sha256(signature.value).hexdigest()


def find(document: XmlDocument, id_: str) -> DsSignature:
    """The signature of that id, else the last one that counter-signs no other; raises `SignatureNotFound`."""
    elements = signature_elements(document)
    if not id_:
        elements = [e for e in elements if next(e.iterancestors(ds("Signature")), None) is None][-1:]
    for element in elements:
        try:
            found = read_signature(document, element)
        except MalformedInput:
            continue
        if not id_ or evidence_id(found) == id_:
            return found
    raise SignatureNotFound(signature=id_ or "-")


def next_need(
    document: Document,
    level: Level,
    *,
    contents: Sequence[Document],
    signature: str,
    archive_timestamps: int,
    anchor_keys: Collection[bytes],
) -> StampNeeded | MaterialNeeded | None:
    """As `Format.next_need`; a counter-signature under an archive time-stamp needs nothing more than that."""
    if level is Level.B_B:
        return None
    found = find(parse_xml(document.read()), signature)
    if is_archived(found):
        return None
    own = evidence_id(found)
    unsigned = _unsigned(found)
    if not any(is_xades(each, "SignatureTimeStamp") for each in unsigned):
        value = canonical_element(found.document, found.value_element, Canonicalization.EXCLUSIVE)
        return StampNeeded(Digest(_IMPRINT, _IMPRINT.digest(value)), TimeStampKind.SIGNATURE, own)
    if level is Level.B_T:
        return None
    archived = sum(is_xades(each, "ArchiveTimeStamp") for each in unsigned)
    if level is Level.B_LTA and archived >= archive_timestamps:
        return None
    examination = Examination(found, Surroundings(found.document, contents))
    chains = signature_lacks(examination.evidence(), archives=level is Level.B_LTA, anchor_keys=anchor_keys)
    if chains:
        return MaterialNeeded(chains, own)
    if level is Level.B_LT:
        return None
    parts = examination.covered.archive(Canonicalization.EXCLUSIVE, unsigned)
    if parts is None:
        absent = [each.reference.uri or "-" for each in examination.resolved if each.source is None]
        raise ContentMissing(name=", ".join(absent))
    return StampNeeded(digest_of(parts, _IMPRINT), TimeStampKind.ARCHIVE, own)


def _unsigned(signature: DsSignature) -> list[Element]:
    """The unsigned properties, in their order."""
    qualifying = _qualifying(signature)
    place = child(child(qualifying, "UnsignedProperties"), "UnsignedSignatureProperties")
    return [] if place is None else [each for each in place if isinstance(each.tag, str)]


def _qualifying(signature: DsSignature) -> Element | None:
    return next((q for o in signature.objects for q in o if is_xades(q, "QualifyingProperties")), None)


def attach(
    document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
) -> Document:
    """As `Format.attach`."""
    xml = parse_xml(document.read())
    found = find(xml, need.signature)
    alone = len(signature_elements(xml)) == 1
    before = {} if alone else {each.id: each for each in evidences(xml) if each.integrity}
    match need, material:
        case StampNeeded(), bytes():
            name = (
                "xades141:ArchiveTimeStamp"
                if need.kind is TimeStampKind.ARCHIVE
                else "xades:SignatureTimeStamp"
            )
            added = writing.time_stamp(name, material)
        case MaterialNeeded(), ValidationMaterial():
            added = _material(Examination(found, Surroundings(found.document)), material)
        case _:
            raise TypeError("a token for a StampNeeded, ValidationMaterial for a MaterialNeeded")
    place = unsigned_place(found)
    for each in reparse(writing.fragment(added)):
        place.append(each)
    written = etree.tostring(
        xml.tree, encoding="UTF-8", xml_declaration=True, standalone=xml.tree.docinfo.standalone
    )
    if before:
        for each in evidences(parse_xml(written)):
            if each.id in before and each.integrity is False:
                raise BreaksSignature(name=each.name or "-")
    return dataclasses.replace(document, source=Bytes(written), appended=b"")


def is_archived(signature: DsSignature) -> bool:
    """Whether an archive time-stamp or evidence record of a signature around it covers it, which then stays as it is."""
    around = (each for each in signature.element.iterancestors() if is_xades(each, "CounterSignature"))
    return any(
        is_xades(later, "ArchiveTimeStamp") or later.tag == SEALING
        for each in around
        for later in each.itersiblings()
    )


def unsigned_place(signature: DsSignature) -> Element:
    """The `UnsignedSignatureProperties` of a signature, made where there are none; raises `BreaksTimeStamp`."""
    if is_archived(signature):
        raise BreaksTimeStamp(signature=signature.id or "-")
    qualifying = _qualifying(signature)
    if qualifying is None:
        raise MalformedXml(detail="no QualifyingProperties")
    namespace = etree.QName(qualifying).namespace
    place = qualifying
    for name in ("UnsignedProperties", "UnsignedSignatureProperties"):
        found = child(place, name)
        if found is None:
            found = etree.Element(f"{{{namespace}}}{name}", nsmap={qualifying.prefix: namespace})
            if name == "UnsignedProperties":
                place.append(found)
            else:
                place.insert(0, found)
        place = found
    return place


def around_signature(xml: XmlDocument, place: Element, id_: str) -> tuple[bytes, bytes]:
    """The document up to the end of `place`, and behind it: a signature goes between them as text.

    A tree would take over foreign prefixes.
    """
    mark = etree.Comment(f" {id_} ")
    place.append(mark)
    written: bytes = etree.tostring(
        xml.tree, encoding="UTF-8", xml_declaration=True, standalone=xml.tree.docinfo.standalone
    )
    place.remove(mark)
    before, found, after = written.rpartition(f"<!-- {id_} -->".encode())
    assert found
    return before, after


def counter_signature_place(signature: DsSignature) -> Element:
    """A new `CounterSignature` among the unsigned properties (EN 319 132-1 §5.2.7.2)."""
    return etree.SubElement(unsigned_place(signature), xades("CounterSignature"))


def _material(examination: Examination, material: ValidationMaterial) -> str:
    """What the signature does not hold yet: for its own chain, and for those of its time-stamps."""
    evidence = examination.evidence()
    held = held_ids(evidence)
    certificates = [c for c in readable_certificates(material.certificates) if c.id not in held]
    crls = [c for c in readable_crls(material.crls) if c.id not in held]
    responses = {
        response.id: encoding
        for encoding in material.ocsp_responses
        for response in readable_ocsp_responses([encoding])
        if response.id not in held
    }
    own = path_ids(evidence, certificates, crls, readable_ocsp_responses(responses.values()))
    values = {localname(each) for each in examination.unsigned}
    parts: list[str] = []
    rest_certificates, rest_revocation = certificates, (crls, responses)
    if "CertificateValues" not in values:
        parts.append(_certificate_values(c for c in certificates if c.id in own))
        rest_certificates = [c for c in certificates if c.id not in own]
    if "RevocationValues" not in values:
        parts.append(
            _revocation_values(
                [c for c in crls if c.id in own], [e for i, e in responses.items() if i in own]
            )
        )
        rest_revocation = (
            [c for c in crls if c.id not in own],
            {i: e for i, e in responses.items() if i not in own},
        )
    rest = _certificate_values(rest_certificates) + _revocation_values(
        rest_revocation[0], rest_revocation[1].values()
    )
    if rest:
        parts.append(_time_stamp_validation_data(examination, rest))
    return "".join(parts)


def _certificate_values(certificates: Iterable[Certificate]) -> str:
    inner = "".join(
        f"<xades:EncapsulatedX509Certificate>{encode_base64(c.der)}</xades:EncapsulatedX509Certificate>"
        for c in certificates
    )
    return f"<xades:CertificateValues>{inner}</xades:CertificateValues>" if inner else ""


def _revocation_values(crls: Iterable[Crl], responses: Iterable[bytes]) -> str:
    lists = "".join(
        f"<xades:EncapsulatedCRLValue>{encode_base64(c.der)}</xades:EncapsulatedCRLValue>" for c in crls
    )
    answers = "".join(
        f"<xades:EncapsulatedOCSPValue>{encode_base64(r)}</xades:EncapsulatedOCSPValue>" for r in responses
    )
    inner = f"<xades:CRLValues>{lists}</xades:CRLValues>" if lists else ""
    inner += f"<xades:OCSPValues>{answers}</xades:OCSPValues>" if answers else ""
    return f"<xades:RevocationValues>{inner}</xades:RevocationValues>" if inner else ""


def _time_stamp_validation_data(examination: Examination, inner: str) -> str:
    """TimeStampValidationData (EN 319 132-1 §5.5.1), which names the last time-stamp as the one it is for."""
    name = next(_stamp_ids(reversed(examination.unsigned)), "")
    uri = f' URI="#{writing.attribute(name)}"' if name else ""
    return f"<xades141:TimeStampValidationData{uri}>{inner}</xades141:TimeStampValidationData>"


def _stamp_ids(properties: Iterable[Element]) -> Iterator[str]:
    for each in properties:
        if is_xades(each, *UNSIGNED_STAMPS):
            yield each.get("Id", "")
