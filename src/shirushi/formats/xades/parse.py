"""XML signatures as evidence: every `ds:Signature` of a document."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from shirushi.codecs.xml.dsig import read_signature
from shirushi.codecs.xml.errors import XmlTooComplex
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import Element, XmlDocument, parse_xml
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence
from shirushi.core.reason import reason
from shirushi.formats.xades.evidence import Examination, counter_signed, unreadable
from shirushi.formats.xades.level import baseline_failings, claimed_level
from shirushi.formats.xades.properties import is_xades
from shirushi.formats.xades.references import Digests, Surroundings

MOST_SIGNATURES = 512


def parse(document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
    """Every signature in document order, counter-signatures after what they counter-sign; empty where there is none.

    `contents` are what detached signatures cover. Raises what `parse_xml` raises.
    """
    return tuple(evidences(parse_xml(document.read()), contents))


def signature_elements(document: XmlDocument) -> list[Element]:
    """Every `ds:Signature`; raises `XmlTooComplex`."""
    found = list(document.root.iter(ds("Signature")))
    if len(found) > MOST_SIGNATURES:
        raise XmlTooComplex(what="signatures", limit=MOST_SIGNATURES)
    return found


def evidences(
    document: XmlDocument, contents: Sequence[Document] = (), digests: Digests | None = None
) -> Iterator[SignatureEvidence]:
    """As `parse`, of a document that was read already; `digests` as `Surroundings` says."""
    around = Surroundings(document, contents, digests)
    for element in signature_elements(document):
        yield examined(around, element)


def examined(around: Surroundings, element: Element) -> SignatureEvidence:
    """The evidence of one signature with the level that it claims; never raises."""
    try:
        examination = Examination(read_signature(around.document, element), around)
        evidence = counter_signed(examination, _countersigned_value(element))
    except MalformedInput as error:
        return unreadable(element, error)
    failings = baseline_failings(examination)
    warnings = [reason("XADES_SIGNING_CERTIFICATE_V1")] if examination.says.first_version else []
    return dataclasses.replace(
        evidence,
        level=claimed_level(evidence, failings),
        level_failings=(*evidence.level_failings, *failings, *warnings),
    )


def _countersigned_value(element: Element) -> Element | None:
    """The value of the signature that this one counter-signs (EN 319 132-1 §5.2.7.2); None where it does not."""
    parent = element.getparent()
    if parent is None or not is_xades(parent, "CounterSignature"):
        return None
    around = next(parent.iterancestors(ds("Signature")), None)
    return None if around is None else around.find(ds("SignatureValue"))
