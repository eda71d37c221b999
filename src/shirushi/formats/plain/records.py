"""Evidence records as evidence: their tokens read, and the digests of what they should cover (RFC 4998, RFC 6283)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from shirushi.codecs.asn1.errors import MalformedEvidenceRecord
from shirushi.codecs.asn1.evidence_record import parse_evidence_record
from shirushi.codecs.xml.c14n import Canonicalization, NodeSet, canonical
from shirushi.codecs.xml.effort import Effort
from shirushi.codecs.xml.evidence_record import read_evidence_record
from shirushi.codecs.xml.reader import parse_xml
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import (
    EvidenceRecord,
    RecordEvidence,
    RecordObject,
    RecordSyntax,
    Reference,
    SignatureEvidence,
    SignatureFormat,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import (
    readable_certificates,
    readable_crls,
    readable_ocsp_responses,
)

ERS_TYPE = "application/x-evidence-record"
"""No media type is registered for RFC 4998."""
LARGEST = 64 << 20
_MOST_TOKENS = 256
_FORMATS = {RecordSyntax.ERS: SignatureFormat.ERS, RecordSyntax.XMLERS: SignatureFormat.XMLERS}


def read_record(encoding: bytes) -> EvidenceRecord:
    """A record in either syntax; raises `MalformedEvidenceRecord`, or what `parse_xml` raises."""
    if encoding[:1] == b"0":
        return parse_evidence_record(encoding)
    document = parse_xml(encoding)
    return read_evidence_record(document, document.root)


def record_evidence(
    record: EvidenceRecord, objects: Iterable[RecordObject] = (), *, name: str = ""
) -> RecordEvidence:
    """The record with its tokens read. Raises `MalformedTimeStamp` where one of them cannot be: the chain ends there."""
    if len(record.time_stamps) > _MOST_TOKENS:
        raise MalformedEvidenceRecord(detail=f"more than {_MOST_TOKENS} time-stamps")
    return RecordEvidence(
        record,
        tuple(_token(each.token) for each in record.time_stamps),
        tuple(objects),
        certificates=readable_certificates(record.certificates),
        crls=readable_crls(record.crls),
        ocsp_responses=readable_ocsp_responses(record.ocsp_responses),
        name=name,
    )


def _token(encoding: bytes) -> TimeStampEvidence:
    return parse_timestamp_token(encoding, TimeStampKind.EVIDENCE_RECORD, lambda _: None)


def leaf_algorithms(record: EvidenceRecord) -> tuple[DigestAlgorithm, ...]:
    """The algorithms under which something may be a leaf; raises `MalformedTimeStamp`."""
    named = (
        each.digest_algorithm or _token(each.token).info.imprint.algorithm for each in record.time_stamps
    )
    return tuple(dict.fromkeys(named))


def octets_object(
    name: str, forms: Iterable[bytes], record: EvidenceRecord, covers: Iterable[str] = ()
) -> RecordObject:
    """Something of which every form is held in memory."""
    algorithms = leaf_algorithms(record)
    digests = {Digest(each, each.digest(form)) for form in dict.fromkeys(forms) for each in algorithms}
    return RecordObject(name, frozenset(digests), frozenset(covers))


def document_object(
    document: Document,
    record: EvidenceRecord,
    covers: Iterable[str] = (),
    effort: Effort | None = None,
) -> RecordObject:
    """A document as it is, and where the record is XML and the document too, in canonical form (RFC 6283 §3.2.1).

    What it costs is spent of `effort`, where that is given; raises `XmlTooComplex` then.
    """
    digests: set[Digest] = set()
    canonical_forms = tuple(_canonical_forms(document, record, effort))
    for algorithm in leaf_algorithms(record):
        if effort is not None:
            effort.spend(document.size)
        try:
            digests.add(document.digest(algorithm))
        except UnsupportedAlgorithm:
            continue
        digests.update(Digest(algorithm, algorithm.digest(form)) for form in canonical_forms)
    return RecordObject(document.name, frozenset(digests), frozenset(covers))


def _canonical_forms(document: Document, record: EvidenceRecord, effort: Effort | None) -> Iterator[bytes]:
    if record.syntax is not RecordSyntax.XMLERS or document.size > LARGEST:
        return
    if not document.read_at(0, 64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    try:
        found = NodeSet(parse_xml(document.read(), effort), comments=True)
        for method in map(Canonicalization.of, record.canonicalizations):
            if method is not None:
                yield canonical(found, method)
    except MalformedInput:
        return


def parse_record(document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
    """A record in a file of its own, over each of `contents`. Raises `MalformedInput`."""
    if document.size > LARGEST:
        raise MalformedEvidenceRecord(detail=f"more than {LARGEST} bytes")
    record = read_record(document.read())
    return (lone_record(record, [document_object(each, record) for each in contents], document.name),)


def lone_record(record: EvidenceRecord, objects: Sequence[RecordObject], name: str) -> SignatureEvidence:
    """A record that belongs to no signature, told as the signature of its first token. Raises `MalformedTimeStamp`."""
    evidence = record_evidence(record, objects, name=name)
    first = evidence.stamps[0].signature
    return dataclasses.replace(
        first,
        id=record.id,
        format=_FORMATS[record.syntax],
        references=tuple(
            Reference(each.name, found=bool(each.digests), intact=None) for each in evidence.objects
        ),
        evidence_records=(evidence,),
        name=name,
    )


def unreadable(error: MalformedInput) -> str:
    """Why a record could not be read, for a reason's `detail`."""
    return str(error.parameters.get("detail", error.code))
