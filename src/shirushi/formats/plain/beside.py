"""Evidence records and time-stamp tokens that stand beside a signed file, over all of its bytes (EN 319 102-1 §5.6.2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shirushi.codecs.asn1.errors import MalformedEvidenceRecord
from shirushi.core.evidence import (
    RecordEvidence,
    SignatureEvidence,
    TimeStampEvidence,
    TimeStampKind,
)


def only_proof(found: Sequence[SignatureEvidence]) -> SignatureEvidence:
    """What a file beside was read as: one lone record or token; raises `MalformedEvidenceRecord` for anything else."""
    if len(found) != 1 or not found[0].stands_alone:
        raise MalformedEvidenceRecord(detail="neither an evidence record nor a time-stamp token")
    return found[0]


def with_proofs(
    signatures: Sequence[SignatureEvidence], proofs: Sequence[SignatureEvidence]
) -> tuple[SignatureEvidence, ...]:
    """Each of a file's signatures with proofs that are over the file, and so over everything inside.

    The proofs were parsed with that file as their only content: a lone evidence record serves every signature as one
    that it carries, a lone token as a document time-stamp. None covers another, for they stand outside.
    """
    inside = frozenset[str]().union(*map(_identifiers, signatures))
    stamps = tuple(_stamp(each.time_stamp, inside) for each in proofs if each.time_stamp)
    records = tuple(_over(record, inside) for each in proofs for record in each.evidence_records)
    return tuple(
        replace(
            each,
            archive_timestamps=(*each.archive_timestamps, *stamps),
            evidence_records=(*each.evidence_records, *records),
        )
        for each in signatures
    )


def _identifiers(signature: SignatureEvidence) -> frozenset[str]:
    """The ids of everything in the file: the signature's, those of its evidence records, and of the token that it is."""
    own = signature.time_stamp.identifiers if signature.time_stamp else frozenset[str]()
    return signature.identifiers.union(own, *(record.identifiers for record in signature.evidence_records))


def _stamp(stamp: TimeStampEvidence, inside: frozenset[str]) -> TimeStampEvidence:
    covers = inside if stamp.imprint_intact else frozenset[str]()
    return replace(stamp, kind=TimeStampKind.DOCUMENT, covers=covers)


def _over(record: RecordEvidence, inside: frozenset[str]) -> RecordEvidence:
    return replace(record, objects=tuple(replace(each, covers=inside) for each in record.objects))
