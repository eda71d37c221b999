"""Past certificate validation (EN 319 102-1 §5.6.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.certificate import no_chain
from shirushi.rules.ades.chain_constraints import chain_constraints
from shirushi.rules.ades.model import PASSED, Conclusion, ValidationContext, indeterminate
from shirushi.rules.ades.poe import ProofsOfExistence
from shirushi.rules.ades.sliding import slide_validation_time
from shirushi.rules.path.building import candidate_paths
from shirushi.rules.path.model import Path, PathFailureKind
from shirushi.rules.path.validation import validate_path


@dataclass(frozen=True, slots=True)
class PastCertificateResult:
    """PASSED with the chain and the control time up to which it can be relied upon, or INDETERMINATE."""

    conclusion: Conclusion
    path: Path | None = None
    control_time: Instant | None = None


def validate_past_certificate(
    target: Certificate, proofs: ProofsOfExistence, context: ValidationContext
) -> PastCertificateResult:
    """Find a chain for `target` that could be relied upon at some time in the past (§5.6.2.1.4).

    Of several such chains the one with the latest control time is returned.
    """
    status: PastCertificateResult | None = None
    best: PastCertificateResult | None = None
    for path in candidate_paths(target, context.material, context.usable_anchors):
        result = _examine(path, proofs, context)
        if not result.conclusion.passed:
            status = status or result
        elif best is None or _control(result) > _control(best):
            best = result
    return best or status or PastCertificateResult(no_chain(target, context))


def _control(result: PastCertificateResult) -> Instant:
    assert result.control_time is not None
    return result.control_time


def _examine(path: Path, proofs: ProofsOfExistence, context: ValidationContext) -> PastCertificateResult:
    if not path.certificates:
        control = (
            context.time if path.anchor.valid_until is None else min(context.time, path.anchor.valid_until)
        )
        return PastCertificateResult(PASSED, path, control)
    # Step 2, shell model: a date from the intersection of all validity periods, whatever the anchor's sunset date.
    date = min(certificate.not_after for certificate in path.certificates)
    outcome = validate_path(path, date, context.material, context.policy.path_parameters)
    broken = [f.reason for f in outcome.failures if f.kind is not PathFailureKind.TRUST]
    if broken:
        return PastCertificateResult(
            indeterminate(SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE, *broken), path
        )
    slid = slide_validation_time(path, proofs, context)  # step 3
    if not slid.conclusion.passed:
        return PastCertificateResult(slid.conclusion, path)
    constraints = chain_constraints(path.target, context)  # step 4
    if constraints.failures:
        return PastCertificateResult(
            indeterminate(SubIndication.CHAIN_CONSTRAINTS_FAILURE, *constraints.failures), path
        )
    return PastCertificateResult(PASSED, path, slid.control_time)
