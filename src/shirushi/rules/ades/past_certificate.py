"""Past certificate validation (EN 319 102-1 §5.6.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.core.instant import Instant
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.chain_constraints import chain_constraints
from shirushi.rules.ades.model import PASSED, Conclusion, ValidationContext, indeterminate
from shirushi.rules.ades.poe import ProofsOfExistence
from shirushi.rules.ades.sliding import slide_validation_time
from shirushi.rules.path.model import Path, PathFailureKind
from shirushi.rules.path.validation import validate_path


@dataclass(frozen=True, slots=True)
class PastCertificateResult:
    """PASSED with the control time up to which the chain can be relied upon, or INDETERMINATE without one."""

    conclusion: Conclusion
    control_time: Instant | None = None


def validate_past_certificate(
    path: Path, proofs: ProofsOfExistence, context: ValidationContext
) -> PastCertificateResult:
    """Whether the chain could be relied upon at some time in the past, and until when (§5.6.2.1.4).

    `path` is the prospective chain of step 1: the caller tries one after another.
    """
    if not path.certificates:
        control = (
            context.time if path.anchor.valid_until is None else min(context.time, path.anchor.valid_until)
        )
        return PastCertificateResult(PASSED, control)
    # Step 2, shell model: a date from the intersection of all validity periods, whatever the anchor's sunset date.
    date = min(certificate.not_after for certificate in path.certificates)
    outcome = validate_path(path, date, context.material, context.policy.path_parameters)
    broken = [f.reason for f in outcome.failures if f.kind is not PathFailureKind.TRUST]
    if broken:
        return PastCertificateResult(indeterminate(SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE, *broken))
    slid = slide_validation_time(path, proofs, context)  # step 3
    if not slid.conclusion.passed:
        return PastCertificateResult(slid.conclusion)
    constraints = chain_constraints(path.target, context)  # step 4
    if constraints.failures:
        return PastCertificateResult(
            indeterminate(SubIndication.CHAIN_CONSTRAINTS_FAILURE, *constraints.failures)
        )
    return PastCertificateResult(PASSED, slid.control_time)
