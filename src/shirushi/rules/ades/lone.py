"""Time-stamp tokens and evidence records that stand alone, judged by the blocks of EN 319 102-1 §5.4 and §5.6.

Neither is a signature over a document, yet each proves that it existed; the verdict speaks of that proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shirushi.core.evidence import SignatureEvidence, SignatureFormat, TimeStampEvidence
from shirushi.core.instant import Instant
from shirushi.core.reason import Information, Reason, reason
from shirushi.core.verdict import Missing, SignatureVerdict, SubIndication
from shirushi.rules.ades.long_term import past_time_stamps
from shirushi.rules.ades.model import PASSED, Conclusion, ValidationContext, failed, indeterminate
from shirushi.rules.ades.time_stamp import TimeStampResult, validate_time_stamp
from shirushi.rules.evidence_record import RecordStatus, VerifiedRecord, verify_record

_S = SubIndication

LONE_RECORDS = frozenset({SignatureFormat.ERS, SignatureFormat.XMLERS})


def validate_lone_time_stamp(
    signature: SignatureEvidence, stamp: TimeStampEvidence, context: ValidationContext
) -> SignatureVerdict:
    """The verdict on a token (§5.4), in the light of evidence records and tokens that cover it (§5.6.2.3).

    Other files that it covers through a manifest are references of `signature`, and must be intact.
    """
    records = tuple(verify_record(each) for each in signature.evidence_records)
    over = tuple(validate_time_stamp(s, context) for s in _over(signature, records))
    results, _ = past_time_stamps(
        signature, (validate_time_stamp(stamp, context), *over), context.time, context
    )
    own = results[0]
    conclusion = own.conclusion
    if conclusion.passed and any(each.intact is False for each in signature.references):
        conclusion = failed(_S.HASH_FAILURE)
    elif conclusion.passed and any(each.intact is None for each in signature.references):
        conclusion = indeterminate(_S.SIGNED_DATA_NOT_FOUND)
    best = own.gen_time if own.conclusion.passed else context.time
    return _told(signature, conclusion, best, results, record_warnings(records))


def validate_lone_record(
    signature: SignatureEvidence, records: Sequence[VerifiedRecord], context: ValidationContext
) -> SignatureVerdict:
    """The verdict on an evidence record: its digests, then each token when the next one covers it (RFC 4998 §5.3).

    The first of `records` is the one judged; others are over the file that holds it.
    """
    record, *others = records
    every = (*record.stamps, *_over(signature, others))
    judged = tuple(validate_time_stamp(stamp, context) for stamp in every)
    results, _ = past_time_stamps(signature, judged, context.time, context)
    own = results[: len(record.stamps)]
    told = replace(signature, references=record.references)
    if record.status is RecordStatus.BROKEN:
        structure = signature.evidence_records[0].structure
        sub_indication = _S.FORMAT_FAILURE if structure else _S.HASH_FAILURE
        conclusion = failed(sub_indication, *record.reasons)
    elif record.status is RecordStatus.INCOMPLETE:
        conclusion = indeterminate(_S.SIGNED_DATA_NOT_FOUND, *record.reasons)
    else:
        conclusion = next((r.conclusion for r in own if not r.conclusion.passed), PASSED)
    best = own[0].gen_time if conclusion.passed else context.time
    return _told(told, conclusion, best, results, record_warnings(others))


def _over(signature: SignatureEvidence, records: Iterable[VerifiedRecord]) -> tuple[TimeStampEvidence, ...]:
    """The tokens over the file that holds a lone token or record: by themselves, and in evidence records."""
    return (*signature.archive_timestamps, *(stamp for record in records for stamp in record.stamps))


def _told(
    signature: SignatureEvidence,
    conclusion: Conclusion,
    best: Instant,
    results: Sequence[TimeStampResult],
    warnings: Iterable[Reason] = (),
) -> SignatureVerdict:
    """The verdict with the chain of the first token."""
    chain = results[0].basic.chain
    return SignatureVerdict(
        signature,
        conclusion.indication,
        conclusion.sub_indication,
        conclusion.reasons,
        best,
        chain.chain,
        chain.trust,
        None,
        missing_of(conclusion.missing if not conclusion.passed else (), results),
        tuple(each.verdict() for each in results),
        *sorted_out((*conclusion.warnings, *warnings)),
    )


def sorted_out(told: Iterable[Reason]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Warnings, and what is information only, each once."""
    every = dict.fromkeys(told)
    warnings = tuple(each for each in every if not isinstance(each, Information))
    return warnings, tuple(each for each in every if isinstance(each, Information))


def record_warnings(records: Iterable[VerifiedRecord]) -> tuple[Reason, ...]:
    """What is wrong with records that prove less than they should: the signature itself stands without them."""
    found: list[Reason] = []
    for record in records:
        if record.status is RecordStatus.BROKEN:
            found.append(reason("EVIDENCE_RECORD_BROKEN"))
        found += record.reasons
    return tuple(dict.fromkeys(found))


def missing_of(own: tuple[Missing, ...], stamps: Iterable[TimeStampResult]) -> tuple[Missing, ...]:
    """What the signature and its time-stamps lack, each certificate asked about once."""
    of_stamps = (
        (*s.conclusion.missing, *s.basic.chain.conclusion.missing) for s in stamps if not s.conclusion.passed
    )
    every = (*own, *(missing for wanted in of_stamps for missing in wanted))
    return tuple({(m.kind, m.certificate.id): m for m in reversed(every)}.values())[::-1]
