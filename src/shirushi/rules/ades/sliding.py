"""Validation time sliding process (EN 319 102-1 §5.6.2.2)."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.certificate import label
from shirushi.rules.ades.model import PASSED, CertificateStatus, Conclusion, ValidationContext, indeterminate
from shirushi.rules.ades.poe import ProofsOfExistence
from shirushi.rules.ades.revocation import data_algorithm, fresh_at, missing_data, status_of
from shirushi.rules.ades.severity import Severity
from shirushi.rules.path.model import Path, Status
from shirushi.rules.suites import reliable_until


@dataclass(frozen=True, slots=True)
class SlidingResult:
    """PASSED with the control time up to which the chain can be relied upon, or INDETERMINATE with NO_POE."""

    conclusion: Conclusion
    control_time: Instant


def slide_validation_time(path: Path, proofs: ProofsOfExistence, context: ValidationContext) -> SlidingResult:
    """Move the time of validation into the past until every certificate of `path` can be relied upon (§5.6.2.2.4)."""
    control = context.time
    if path.anchor.valid_until is not None:
        control = min(control, path.anchor.valid_until)  # step 1
    for index in reversed(range(len(path.certificates))):  # step 2: from the one that the anchor issued
        certificate = path.certificates[index]
        at_hand = proofs.material_at(context.material, control)
        item = status_of(path, index, control, context, at_hand)
        proven = proofs.existed(certificate.id, control)
        if item.required is Severity.FAIL and (item.status.status is Status.UNKNOWN or not proven):
            why = reason("NO_POE_OF_REVOCATION_DATA", certificate=label(certificate), at=rfc3339(control))
            missing = (missing_data(item, control),)
            return SlidingResult(
                indeterminate(SubIndication.NO_POE, why, *item.status.reasons, missing=missing), control
            )
        control = min(control, _limit(item, control, context))
        control = min(control, *_reliable(path, index, item, context), control)
    return SlidingResult(PASSED, control)


def _limit(item: CertificateStatus, control: Instant, context: ValidationContext) -> Instant:
    """Steps b) and c): the revocation time in the shell model, or the issuance of data that is not fresh."""
    status = item.status
    if item.required is Severity.IGNORE:
        return control
    if status.status is Status.REVOKED and status.revocation_time is not None:
        return status.revocation_time
    stale = context.policy.sliding_freshness is Severity.FAIL and not fresh_at(item, control, context)
    if stale and status.issued_at is not None:
        return min(control, status.issued_at)
    return control


def _reliable(
    path: Path, index: int, item: CertificateStatus, context: ValidationContext
) -> tuple[Instant, ...]:
    """Step d): until when the algorithms of the certificate and of its revocation data were reliable."""
    if context.policy.cryptography is not Severity.FAIL:
        return ()
    policy = context.policy
    certificate = path.certificates[index]
    own = policy.certificate_catalogue or policy.catalogue
    ends = [reliable_until(certificate.signature_algorithm, path.issuer_of(index).public_key, own)]
    data = data_algorithm(item, context)
    if data is not None:
        ends.append(reliable_until(*data, policy.revocation_catalogue or policy.catalogue))
    return tuple(end for end in ends if end is not None)
