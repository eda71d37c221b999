"""Validation process for signatures providing long-term availability and integrity of validation material (§5.6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shirushi.core.evidence import SignatureEvidence, TimeStampKind
from shirushi.core.instant import Instant
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.acceptance import accept_signature
from shirushi.rules.ades.model import BasicResult, ChainResult, Conclusion, ValidationContext, indeterminate
from shirushi.rules.ades.past_signature import PAST, validate_past_signature
from shirushi.rules.ades.poe import ProofsOfExistence, extract_proofs
from shirushi.rules.ades.severity import Severity
from shirushi.rules.ades.time_stamp import TimeStampResult, imprint_weakness
from shirushi.rules.ades.with_time import TimedResult, time_stamp_delay

_S = SubIndication


@dataclass(frozen=True, slots=True)
class LongTermResult:
    """What the process returned, with the chain relied upon and the time-stamps as finally judged."""

    conclusion: Conclusion
    best_signature_time: Instant
    chain: ChainResult
    stamps: tuple[TimeStampResult, ...]


def has_long_term_material(signature: SignatureEvidence) -> bool:
    """Whether the signature carries a time-stamp that protects its validation material: step 3 asks for one."""
    every = (*signature.signature_timestamps, *signature.archive_timestamps)
    covered = {identifier for stamp in every for identifier in stamp.covers or ()}
    return bool(signature.archive_timestamps) or any(stamp.id in covered for stamp in every)


def _recorded(stamps: Sequence[TimeStampResult]) -> bool:
    """Whether an evidence record that holds together covers something: it serves as an archive time-stamp does."""
    return any(s.evidence.kind is TimeStampKind.EVIDENCE_RECORD and s.evidence.covers for s in stamps)


def validate_long_term(
    signature: SignatureEvidence,
    basic: BasicResult,
    timed: TimedResult,
    stamps: Sequence[TimeStampResult],
    context: ValidationContext,
) -> LongTermResult:
    """Judge a signature whose validation material is itself protected by time-stamps (§5.6.3.4)."""
    current = timed.conclusion
    judged, proofs = past_time_stamps(signature, stamps, timed.best_signature_time, context)
    best = proofs.earliest(signature.id)  # step 6
    # Step 3. A sunset anchor is healed by any time-stamp: §5.5.4 knows no way to do so, and an anchor that retires
    # must not take what was proven before with it.
    sunset = current.is_indeterminate(_S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE)
    provable = has_long_term_material(signature) or _recorded(stamps) or sunset
    healable = current.is_indeterminate(*PAST, _S.SIG_CONSTRAINTS_FAILURE)
    if not provable or not healable:
        return LongTermResult(current, best if provable else timed.best_signature_time, timed.chain, judged)
    past = validate_past_signature(signature, current, basic, proofs, context)  # step 7
    if not past.conclusion.passed:
        return LongTermResult(past.conclusion.warned(current.warnings), best, past.chain, judged)
    late = time_stamp_delay(signature, best, context)  # step 8
    if late is not None:
        return LongTermResult(late, best, past.chain, judged)
    accepted = accept_signature(signature, best, context)  # step 9
    return LongTermResult(accepted.warned(past.conclusion.warnings), best, past.chain, judged)


def past_time_stamps(
    signature: SignatureEvidence,
    stamps: Sequence[TimeStampResult],
    best: Instant,
    context: ValidationContext,
) -> tuple[tuple[TimeStampResult, ...], ProofsOfExistence]:
    """Steps 4 and 5: judge the time-stamps from the newest to the oldest, each by the proofs that the newer ones give."""
    proofs = ProofsOfExistence(context.time).adding([signature.id], best)
    judged: dict[str, TimeStampResult] = {}
    for stamp in sorted(stamps, key=lambda s: s.gen_time, reverse=True):
        result = _past_time_stamp(stamp, proofs, context)
        judged[stamp.evidence.id] = result
        if (
            result.conclusion.passed
        ):  # step 5 b): the imprint's digest, too, was reliable when it is proven to have existed
            proofs = extract_proofs(proofs, stamp.evidence, signature)
    return tuple(judged[s.evidence.id] for s in stamps), proofs


def _past_time_stamp(
    stamp: TimeStampResult, proofs: ProofsOfExistence, context: ValidationContext
) -> TimeStampResult:
    """Step 5 c): a time-stamp that does not pass now may have passed when it is proven to have existed."""
    if stamp.conclusion.passed or not stamp.conclusion.is_indeterminate(*PAST):
        return stamp
    own = context.for_time_stamps()
    token = stamp.evidence.signature
    existed = proofs.earliest(stamp.evidence.id)
    past = validate_past_signature(
        token, stamp.conclusion, stamp.basic, proofs.adding([token.id], existed), own
    )
    conclusion = past.conclusion
    if conclusion.passed:
        accepted = imprint_weakness(stamp.evidence, existed, own) or accept_signature(token, existed, own)
        conclusion = accepted.warned(conclusion.warnings)
    return TimeStampResult(stamp.evidence, BasicResult(conclusion, past.chain))


def content_times(stamps: Sequence[TimeStampResult]) -> tuple[Instant, ...]:
    """The generation times of the content time-stamps that passed."""
    return tuple(
        s.gen_time for s in stamps if s.evidence.kind is TimeStampKind.CONTENT and s.conclusion.passed
    )


def with_content_stamps(
    result: LongTermResult, signature: SignatureEvidence, context: ValidationContext
) -> Conclusion:
    """The conclusion with what the policy makes of content time-stamps that do not pass (§5.2.8.4.2).

    With long-term material at hand, nothing more can come to heal one: its own conclusion is the signature's. Without,
    it is SIG_CONSTRAINTS_FAILURE.
    """
    kind = TimeStampKind.CONTENT
    invalid = [s for s in result.stamps if s.evidence.kind is kind and not s.conclusion.passed]
    severity, conclusion = context.policy.content_time_stamps, result.conclusion
    if not invalid or not conclusion.passed:
        return conclusion
    why = reason("CONTENT_TIME_STAMP_INVALID")
    if severity is not Severity.FAIL:
        return conclusion.warned(severity.told(why))
    if has_long_term_material(signature):
        first = invalid[0].conclusion
        return replace(first, reasons=(why, *first.reasons)).warned(conclusion.warnings)
    return indeterminate(_S.SIG_CONSTRAINTS_FAILURE, why).warned(conclusion.warnings)
