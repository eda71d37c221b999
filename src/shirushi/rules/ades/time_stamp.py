"""Time-stamp validation building block (EN 319 102-1 §5.4)."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.core.evidence import TimeStampEvidence
from shirushi.core.instant import Instant
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication, TimeStampVerdict
from shirushi.rules.ades.basic import validate_basic
from shirushi.rules.ades.model import BasicResult, Conclusion, ValidationContext, failed, indeterminate
from shirushi.rules.ades.severity import Severity
from shirushi.rules.suites import acceptable_digest


@dataclass(frozen=True, slots=True)
class TimeStampResult:
    """A time-stamp token with what its validation returned."""

    evidence: TimeStampEvidence
    basic: BasicResult

    @property
    def conclusion(self) -> Conclusion:
        """What the validation returned."""
        return self.basic.conclusion

    @property
    def gen_time(self) -> Instant:
        """The generation time of the token."""
        return self.evidence.info.gen_time

    def verdict(self) -> TimeStampVerdict:
        """The result for people."""
        return TimeStampVerdict(
            self.evidence.id,
            self.conclusion.indication,
            self.conclusion.sub_indication,
            self.conclusion.reasons,
            self.gen_time,
            self.basic.chain.trust,
            self.basic.chain.chain,
        )


def validate_time_stamp(stamp: TimeStampEvidence, context: ValidationContext) -> TimeStampResult:
    """Judge a token as a basic signature of its TSU (§5.4.4), and whether its imprint is of what it should cover.

    The imprint comes first: of a token over something else, nothing more is asked (§5.5.4 step 3 a).
    """
    if stamp.imprint_intact is None:
        conclusion = indeterminate(
            SubIndication.SIGNED_DATA_NOT_FOUND,
            reason("TIME_STAMPED_DATA_NOT_FOUND", time_stamp=stamp.kind.value),
        )
        return TimeStampResult(stamp, BasicResult(conclusion))
    if not stamp.imprint_intact:
        conclusion = failed(
            SubIndication.HASH_FAILURE, reason("IMPRINT_MISMATCH", time_stamp=stamp.kind.value)
        )
        return TimeStampResult(stamp, BasicResult(conclusion))
    basic = validate_basic(stamp.signature, context.for_time_stamps())
    if basic.conclusion.passed and context.policy.cryptography is Severity.FAIL:
        weak = imprint_weakness(stamp, context.time, context)
        if weak is not None:
            return TimeStampResult(stamp, BasicResult(weak, basic.chain, weak=True))
    return TimeStampResult(stamp, basic)


def imprint_weakness(stamp: TimeStampEvidence, at: Instant, context: ValidationContext) -> Conclusion | None:
    """CRYPTO_CONSTRAINTS_FAILURE_NO_POE where the digest of the imprint was not reliable at `at`."""
    found = acceptable_digest(stamp.info.imprint.algorithm, at, context.policy.catalogue)
    if found is None or context.policy.cryptography is not Severity.FAIL:
        return None
    return indeterminate(SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE, found)
