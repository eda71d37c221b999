"""Evidence records among the unsigned properties of a XAdES signature (TS 119 132-3 §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shirushi.codecs.xml.c14n import Canonicalization
from shirushi.codecs.xml.evidence_record import is_evidence_record, read_evidence_record
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
    resolved: Sequence[Resolved],
    unsigned: Sequence[Element],
    identifiers: Iterable[str],
    name: str,
) -> tuple[tuple[RecordEvidence, ...], tuple[Reason, ...]]:
    """The records of a signature, and what could not be read. `identifiers` is everything that a record covers.

    A record is over the parts that an archive time-stamp in its place would be over, each digested by itself; detached
    documents are objects of their own.
    """
    found: list[RecordEvidence] = []
    unread: list[Reason] = []
    detached = tuple(each for each in resolved if _is_detached(each))
    for index, place in enumerate(unsigned):
        for element in place if place.tag == SEALING else ():
            if not is_evidence_record(element):
                continue
            try:
                record = read_evidence_record(covered.document, element)
                digests = frozenset(_sealed(covered, resolved, record, unsigned[:index]))
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
    covered: Covered, resolved: Sequence[Resolved], record: EvidenceRecord, before: Sequence[Element]
) -> Iterator[Digest]:
    """The digest over the digests of all parts of the signature, in their order or in that of their size.

    Parts are made canonical by the exclusive method where the record was made for XAdES, else by the record's own.
    """
    methods = [Canonicalization.of(uri) for uri in record.canonicalizations]
    for method in dict.fromkeys((Canonicalization.EXCLUSIVE, *(m for m in methods if m))):
        around = covered.around(method, before)
        for algorithm in leaf_algorithms(record):
            selected = [_digest(each, algorithm, method) for each in resolved]
            if None in selected:
                continue
            parts = [each for each in selected if each] + [algorithm.digest(each) for each in around]
            for ordered in (parts, sorted(parts)):
                yield Digest(algorithm, algorithm.digest(b"".join(ordered)))


def _digest(resolved: Resolved, algorithm: DigestAlgorithm, method: Canonicalization) -> bytes | None:
    """The digest of what a reference selects; of a document that is not at hand, the signed one."""
    octets = resolved.octets(method)
    if isinstance(octets, Document):
        return octets.digest(algorithm).value
    if octets is not None:
        return algorithm.digest(octets)
    signed = resolved.reference
    return signed.digest_value if signed.digest_algorithm is algorithm else None
