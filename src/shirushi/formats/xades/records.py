"""Evidence records among the unsigned properties of a XAdES signature (TS 119 132-3 §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shirushi.codecs.xml.c14n import Canonicalization
from shirushi.codecs.xml.evidence_record import is_evidence_record, read_evidence_record
from shirushi.codecs.xml.names import ds
from shirushi.codecs.xml.reader import Element
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import EvidenceRecord, RecordEvidence, RecordObject
from shirushi.core.reason import Reason, reason
from shirushi.formats.plain.records import (
    document_object,
    leaf_algorithms,
    record_evidence,
    unreadable,
)
from shirushi.formats.xades.references import Resolved
from shirushi.formats.xades.stamps import Covered

SEALING = "{http://uri.etsi.org/19132/v1.1.1#}SealingEvidenceRecords"


def read_records(
    covered: Covered,
    listed: Sequence[Resolved],
    unsigned: Sequence[Element],
    identifiers: Iterable[str],
    name: str,
) -> tuple[tuple[RecordEvidence, ...], tuple[Reason, ...]]:
    """The records of a signature, and what could not be read. `identifiers` is everything that a record covers.

    A record is over one digest for the whole signature; detached documents are objects of their own as well. `listed`
    are the references of the manifests that it signs.
    """
    found: list[RecordEvidence] = []
    unread: list[Reason] = []
    detached = tuple(each for each in covered.resolved if _is_detached(each))
    for index, place in enumerate(unsigned):
        for element in place if place.tag == SEALING else ():
            if not is_evidence_record(element):
                continue
            try:
                record = read_evidence_record(covered.document, element)
                digests = frozenset(_sealed(covered, (*covered.resolved, *listed), record, unsigned[:index]))
                signature = RecordObject(name or "Signature", digests, frozenset(identifiers))
                others = [_object(each, record) for each in detached]
                found.append(record_evidence(record, [signature, *others], name=name))
            except MalformedInput as error:
                unread.append(reason("EVIDENCE_RECORD_UNREADABLE", detail=unreadable(error)))
    return tuple(found), tuple(unread)


def _is_detached(resolved: Resolved) -> bool:
    uri = resolved.reference.uri
    return isinstance(resolved.source, Document) or (
        resolved.source is None and uri is not None and not uri.startswith("#") and uri != ""
    )


def _object(resolved: Resolved, record: EvidenceRecord) -> RecordObject:
    """A detached document. Its signed digest does not tell, for a record may be over its canonical form."""
    name = resolved.reference.uri or "document"
    if not isinstance(resolved.source, Document):
        return RecordObject(name, frozenset())
    return RecordObject(name, document_object(resolved.source, record).digests)


def _sealed(
    covered: Covered, selected: Sequence[Resolved], record: EvidenceRecord, before: Sequence[Element]
) -> Iterator[Digest]:
    """The digest for the signature: over those of all its parts, in their order of size (RFC 4998 §4.2, RFC 6283 §3.2.1).

    Parts are what the references and those of signed manifests select, and what an archive time-stamp in the record's
    place would cover besides, made canonical as `ds:SignedInfo` is. Nothing where a part cannot be digested: a document
    that is not at hand and was signed under another algorithm, or a manifest in a manifest.
    """
    method = covered.canonicalization
    around = covered.around(method, before)
    for algorithm in leaf_algorithms(record):
        parts = [_digest(each, algorithm, method) for each in selected]
        known = [each for each in parts if each is not None]
        if len(known) == len(parts):
            yield Digest(
                algorithm, algorithm.digest(b"".join(sorted((*known, *map(algorithm.digest, around)))))
            )


def _digest(resolved: Resolved, algorithm: DigestAlgorithm, method: Canonicalization) -> bytes | None:
    """The digest of what a reference selects; of a document that is not at hand, the signed one."""
    if _is_manifest(resolved.element) and _is_manifest(resolved.reference.element.getparent()):
        return None
    octets = resolved.octets(method)
    if isinstance(octets, Document):
        return octets.digest(algorithm).value
    if octets is not None:
        return algorithm.digest(octets)
    signed = resolved.reference
    return signed.digest_value if signed.digest_algorithm is algorithm else None


def _is_manifest(element: Element | None) -> bool:
    return element is not None and element.tag == ds("Manifest")
