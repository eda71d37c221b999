"""Evidence records in XML (RFC 6283)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from shirushi.codecs.xml.algorithms import localname, read_digest
from shirushi.codecs.xml.c14n import Canonicalization, NodeSet, canonical
from shirushi.codecs.xml.errors import MalformedXml, XmlTooComplex, XmlTransformUnsupported
from shirushi.codecs.xml.reader import Element, XmlDocument
from shirushi.codecs.xml.text import bytes_of
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.evidence import ArchiveTimeStamp, EvidenceRecord, RecordSyntax

NAMESPACE = "urn:ietf:params:xml:ns:ers"
MOST_HASHES = 100_000
_RFC_3161 = "RFC3161"


def ers(name: str) -> str:
    """An element of XMLERS."""
    return f"{{{NAMESPACE}}}{name}"


def is_evidence_record(element: Element) -> bool:
    """Whether the element is an EvidenceRecord."""
    return bool(element.tag == ers("EvidenceRecord"))


def read_evidence_record(document: XmlDocument, element: Element) -> EvidenceRecord:
    """Read an EvidenceRecord where it stands (§2.1). Its tokens are not looked into.

    Raises `MalformedXml`, `XmlTooComplex`, or `XmlTransformUnsupported` for a canonicalization that is not known here.
    """
    if not is_evidence_record(element):
        raise MalformedXml(detail=f"{localname(element)} is no EvidenceRecord")
    if element.get("Version") != "1.0":
        raise MalformedXml(detail="a record of an unknown version")
    if element.find(ers("EncryptionInformation")) is not None:
        raise MalformedXml(detail="a record over encrypted data")
    if sum(1 for _ in element.iter(ers("DigestValue"))) > MOST_HASHES:
        raise XmlTooComplex(what="hashes", limit=MOST_HASHES)
    sequence = _only(element, "ArchiveTimeStampSequence")
    chains = _ordered(sequence, "ArchiveTimeStampChain")
    read = tuple(
        _chain(document, chain, chains[number:] if number else (), sequence)
        for number, chain in enumerate(chains)
    )
    return EvidenceRecord(
        hashlib.sha256(canonical(NodeSet(document, element), Canonicalization.EXCLUSIVE)).hexdigest(),
        RecordSyntax.XMLERS,
        read,
        certificates=_information(element, "CERT"),
        crls=_information(element, "CRL"),
        ocsp_responses=_information(element, "OCSP"),
        canonicalizations=tuple(
            dict.fromkeys(each.get("Algorithm", "") for each in element.iter(ers("CanonicalizationMethod")))
        ),
    )


def _chain(
    document: XmlDocument, chain: Element, following: Sequence[Element], sequence: Element
) -> tuple[ArchiveTimeStamp, ...]:
    """`following` are the chains to be left out of what the first time-stamp renews (§4.2.1), itself among them."""
    algorithm = read_digest(_child(chain, "DigestMethod"))
    if algorithm is None:
        raise MalformedXml(detail="a chain under an unknown digest")
    named = _child(chain, "CanonicalizationMethod")
    method = Canonicalization.of("" if named is None else named.get("Algorithm", ""))
    if method is None:
        raise XmlTransformUnsupported(transform="" if named is None else named.get("Algorithm", ""))
    renews: tuple[bytes, ...] = ()
    if following:
        renews = (canonical(NodeSet(document, sequence, comments=True).without(following), method),)
    found: list[ArchiveTimeStamp] = []
    for each in _ordered(chain, "ArchiveTimeStamp"):
        stamp = _only(each, "TimeStamp")
        found.append(_archive_time_stamp(each, stamp, algorithm, renews))
        renews = (canonical(NodeSet(document, stamp, comments=True), method),)
    return tuple(found)


def _archive_time_stamp(
    element: Element, stamp: Element, algorithm: DigestAlgorithm | None, renews: tuple[bytes, ...]
) -> ArchiveTimeStamp:
    token = _only(stamp, "TimeStampToken")
    if token.get("Type") != _RFC_3161:
        raise MalformedXml(detail=f"a token of type {token.get('Type', '?')[:40]}")
    tree = _child(element, "HashTree")
    groups = tuple(
        tuple(bytes_of(value) for value in group.findall(ers("DigestValue")))
        for group in ([] if tree is None else _ordered(tree, "Sequence"))
    )
    if not all(groups):
        raise MalformedXml(detail="an empty group of hashes")
    return ArchiveTimeStamp(algorithm, groups, bytes_of(token), renews)


def _information(element: Element, kind: str) -> tuple[bytes, ...]:
    """The CryptographicInformation of a kind, of all time-stamps (§3.1.3)."""
    return tuple(
        bytes_of(each)
        for each in element.iter(ers("CryptographicInformation"))
        if each.get("Type", "").upper() == kind
    )


def _child(parent: Element, name: str) -> Element | None:
    return parent.find(ers(name))


def _only(parent: Element, name: str) -> Element:
    found = parent.findall(ers(name))
    if len(found) != 1:
        raise MalformedXml(detail=f"{len(found)} {name} where there must be one")
    return found[0]


def _ordered(parent: Element, name: str) -> list[Element]:
    """The children of a name by their `Order`, which counts from 1 without a gap (§2.1)."""
    found = parent.findall(ers(name))
    places = {each.get("Order", ""): each for each in found}
    wanted = [str(number) for number in range(1, len(found) + 1)]
    if not found or set(places) != set(wanted):
        raise MalformedXml(detail=f"{name} out of order")
    return [places[number] for number in wanted]
