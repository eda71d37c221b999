"""Validation process for signatures with time and signatures with long-term validation material (EN 319 102-1 §5.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shirushi.core.evidence import Certificate, SignatureEvidence, TimeStampKind
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.acceptance import accept_signature
from shirushi.rules.ades.certificate import label
from shirushi.rules.ades.model import (
    BasicResult,
    ChainFinding,
    ChainResult,
    Conclusion,
    Findings,
    ValidationContext,
    failed,
    indeterminate,
)
from shirushi.rules.ades.revocation import still_stale
from shirushi.rules.ades.time_stamp import TimeStampResult

_S = SubIndication

_CONTINUE = (
    _S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    _S.REVOKED_NO_POE,
    _S.REVOKED_CA_NO_POE,
    _S.TRY_LATER,
    _S.OUT_OF_BOUNDS_NO_POE,
    _S.OUT_OF_BOUNDS_NOT_REVOKED,
)
"""The outcomes of step 2 with which the process goes on; every other one stands."""


@dataclass(frozen=True, slots=True)
class TimedResult:
    """What the process returned, the earliest time at which the signature is proven to have existed, and its chain."""

    conclusion: Conclusion
    best_signature_time: Instant
    chain: ChainResult


def validate_with_time(
    signature: SignatureEvidence,
    basic: BasicResult,
    stamps: Sequence[TimeStampResult],
    context: ValidationContext,
) -> TimedResult:
    """Judge a signature in the light of its time-stamps (§5.5.4). `stamps` are all of its time-stamps, judged."""
    valid = [s for s in stamps if s.conclusion.passed]
    proving = [s for s in valid if proves_signature(s, signature)]
    best = min([context.time, *(s.gen_time for s in proving)])  # steps 1 and 3
    conclusion = basic.conclusion
    signer = signature.signing_certificate
    if signer is None or (not conclusion.passed and not conclusion.is_indeterminate(*_CONTINUE)):
        return TimedResult(conclusion, best, basic.chain)
    early = not_yet_valid(signer, best)
    # Step 4 a), b) and d). In c), of weak algorithms, nothing is said; one must not pass where a strong one fails.
    if early is not None:
        return TimedResult(early, best, basic.chain)
    chain, standing = _healed_chain(basic.chain, best, signer, context)
    if standing is not None:
        return TimedResult(standing.warned(conclusion.warnings), best, chain)
    warnings = conclusion.warnings
    if proving:
        order = Findings().add(
            context.policy.time_stamp_order, *time_stamp_disorder(valid, signature)
        )  # step 4 e)
        warnings += order.warnings
        if order.failures:
            return TimedResult(indeterminate(_S.TIMESTAMP_ORDER_FAILURE, *order.failures), best, chain)
        late = time_stamp_delay(signature, best, context)  # step 5
        if late is not None:
            return TimedResult(late, best, chain)
    accepted = accept_signature(signature, best, context)  # steps 4 c), 8 and 9
    return TimedResult(accepted.warned(warnings), best, chain)


def _healed_chain(
    first: ChainResult, best: Instant, signer: Certificate, context: ValidationContext
) -> tuple[ChainResult, Conclusion | None]:
    """The first chain of which no finding stands, with None; else the first chain with what stands."""
    remains: Conclusion | None = None
    for chain in (first, *first.others):
        left = (_standing(finding, best, signer, context) for finding in chain.findings)
        standing = next((conclusion for conclusion in left if conclusion is not None), None)
        if standing is None:
            return chain, None
        remains = remains or standing
    return first, remains


def proves_signature(stamp: TimeStampResult, signature: SignatureEvidence) -> bool:
    """Whether the time-stamp is over the signature value, and so proves its existence.

    A document's time-stamp is (EN 319 142-1 §5.4.3), unless it is of a revision before the signature.
    """
    if stamp.evidence.kind is TimeStampKind.DOCUMENT:
        return stamp.evidence.covers is None or signature.id in stamp.evidence.covers
    return stamp.evidence.kind is TimeStampKind.SIGNATURE


def not_yet_valid(signer: Certificate, best: Instant) -> Conclusion | None:
    """FAILED with NOT_YET_VALID where the signature existed before its certificate."""
    if best >= signer.not_before:
        return None
    return failed(
        _S.NOT_YET_VALID,
        reason(
            "SIGNED_BEFORE_ISSUANCE",
            certificate=label(signer),
            since=rfc3339(signer.not_before),
            at=rfc3339(best),
        ),
    )


def _standing(
    finding: ChainFinding, best: Instant, signer: Certificate, context: ValidationContext
) -> Conclusion | None:
    """What remains of a finding about the chain, given that the signature existed at `best`: None where it is healed.

    Steps 4 a), 4 d), 6 and 7; step 10 lets weak algorithms of certificates and revocation data stand.
    """
    conclusion = finding.conclusion
    revoked = finding.revocation_time
    if conclusion.is_indeterminate(_S.REVOKED_NO_POE, _S.REVOKED_CA_NO_POE):
        if revoked is None or revoked <= best:
            return conclusion
        return expired_at(signer, best)
    if conclusion.is_indeterminate(_S.OUT_OF_BOUNDS_NOT_REVOKED):
        return None if best <= signer.not_after else conclusion
    if conclusion.is_indeterminate(_S.TRY_LATER) and finding.status is not None:
        if finding.suspended:
            return None if revoked is not None and best < revoked else conclusion
        stale = still_stale(finding.status, best, context)
        known = finding.status.status.issued_at is not None
        return None if stale is None else replace(conclusion, reasons=(stale,)) if known else conclusion
    return conclusion


def expired_at(signer: Certificate, best: Instant) -> Conclusion | None:
    """INDETERMINATE with OUT_OF_BOUNDS_NOT_REVOKED where the certificate had expired at the best signature time."""
    if best <= signer.not_after:
        return None
    return indeterminate(
        _S.OUT_OF_BOUNDS_NOT_REVOKED,
        reason(
            "SIGNER_CERTIFICATE_EXPIRED",
            certificate=label(signer),
            until=rfc3339(signer.not_after),
            at=rfc3339(best),
        ),
    )


def time_stamp_disorder(valid: Sequence[TimeStampResult], signature: SignatureEvidence) -> tuple[Reason, ...]:
    """The pairs of time-stamps whose times contradict what one says of the other (step 4 e, RFC 3161 §2.4.2).

    A time-stamp on the signature comes after those on the content; one that covers another comes after it. Two times
    contradict each other only where they differ by more than both accuracies.
    """
    found = []
    for earlier in valid:
        for later in valid:
            covered = earlier.evidence.id in (later.evidence.covers or ())
            by_kind = earlier.evidence.kind is TimeStampKind.CONTENT and proves_signature(later, signature)
            if not covered and not by_kind:
                continue
            slack = earlier.evidence.info.accuracy + later.evidence.info.accuracy
            if later.gen_time + slack < earlier.gen_time:
                found.append(
                    reason(
                        "TIME_STAMPS_OUT_OF_ORDER",
                        outer=rfc3339(later.gen_time),
                        inner=rfc3339(earlier.gen_time),
                    )
                )
    return tuple(dict.fromkeys(found))


def time_stamp_delay(
    signature: SignatureEvidence, best: Instant, context: ValidationContext
) -> Conclusion | None:
    """Step 5: whether the signature was time-stamped as soon after the claimed signing time as the policy demands."""
    delay = context.policy.time_stamp_delay
    if delay is None:
        return None
    claimed = signature.claimed_signing_time
    if claimed is None:
        return indeterminate(_S.SIG_CONSTRAINTS_FAILURE, reason("CLAIMED_SIGNING_TIME_MISSING"))
    if claimed + delay >= best:
        return None
    return indeterminate(
        _S.SIG_CONSTRAINTS_FAILURE,
        reason("TIME_STAMPED_TOO_LATE", claimed=rfc3339(claimed), at=rfc3339(best)),
    )
