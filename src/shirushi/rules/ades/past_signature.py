"""Past signature validation building block (EN 319 102-1 §5.6.2.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shirushi.core.evidence import Certificate, SignatureEvidence
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.acceptance import weak_algorithm, weak_algorithms
from shirushi.rules.ades.certificate import out_of_validity
from shirushi.rules.ades.model import (
    PASSED,
    BasicResult,
    ChainFinding,
    ChainResult,
    Conclusion,
    ValidationContext,
    indeterminate,
)
from shirushi.rules.ades.past_certificate import validate_past_certificate
from shirushi.rules.ades.poe import ProofsOfExistence
from shirushi.rules.ades.revocation import (
    data_about,
    revocation_required,
    signers_of_data,
    still_stale,
)
from shirushi.rules.ades.severity import Severity
from shirushi.rules.ades.with_time import not_yet_valid
from shirushi.rules.path.model import Path

_S = SubIndication

PAST = (
    _S.REVOKED_NO_POE,
    _S.REVOKED_CA_NO_POE,
    _S.OUT_OF_BOUNDS_NO_POE,
    _S.OUT_OF_BOUNDS_NOT_REVOKED,
    _S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    _S.REVOCATION_OUT_OF_BOUNDS_NO_POE,
    _S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE,
    _S.TRY_LATER,
)
"""The outcomes at the current time that proofs of existence can heal.

For time-stamps §5.6.3.4 step 5 c) leaves TRY_LATER out; here it is healed as it is for signatures (§5.6.2.4.4 step 5), or
no older time-stamp would outlive the nextUpdate of the data on its TSU.
"""


@dataclass(frozen=True, slots=True)
class PastResult:
    """What the block returned, and the chain that was relied upon."""

    conclusion: Conclusion
    chain: ChainResult


def validate_past_signature(
    signature: SignatureEvidence,
    current: Conclusion,
    basic: BasicResult,
    proofs: ProofsOfExistence,
    context: ValidationContext,
) -> PastResult:
    """Judge a signature, or a token's, at a time in the past at which it is proven to have existed (§5.6.2.4.4).

    `current` is the indication at the current time; every finding behind it must be healed, not its first alone. Each
    chain found at the current time is tried.
    """
    signer = signature.signing_certificate
    if signer is None:
        return PastResult(current, basic.chain)
    best = proofs.earliest(signature.id)
    early = not_yet_valid(signer, best)
    if early is not None:
        return PastResult(early, basic.chain)
    reliable, issuer_unproven = _with_proven_issuers(signer, proofs, context)  # step 1
    remains: Conclusion | None = None
    for chain in (basic.chain, *basic.chain.others):
        standing = _standing_of_chain(chain, signature, current, proofs, reliable)
        if standing is not None:
            remains = remains or standing
        elif issuer_unproven is not None and context.policy.revocation_issuer_validity is Severity.FAIL:
            return PastResult(issuer_unproven, chain)  # step 7
        else:
            return PastResult(PASSED.warned(current.warnings), replace(chain, findings=(), others=()))
    return PastResult(remains or current, basic.chain)


def _standing_of_chain(
    chain: ChainResult,
    signature: SignatureEvidence,
    current: Conclusion,
    proofs: ProofsOfExistence,
    context: ValidationContext,
) -> Conclusion | None:
    """Steps 2 to 6 with one chain: what stands against it, None where all is healed."""
    signer = signature.signing_certificate
    if chain.path is None or signer is None:
        return current
    past = validate_past_certificate(chain.path, proofs, context)
    if past.control_time is None:
        why = (chain.findings[0].conclusion if chain.findings else current).reasons
        missing = tuple(dict.fromkeys((*current.missing, *past.conclusion.missing)))
        return replace(current, reasons=(*why, *past.conclusion.reasons), missing=missing)
    best = proofs.earliest(signature.id)
    step = _Past(signature, signer, chain.path, best, best <= past.control_time, proofs, context)
    for finding in chain.findings or (ChainFinding(current),):
        standing = _standing(finding, step)
        if standing is not None:
            if not step.in_control:
                late = reason("NO_POE_OF_SIGNATURE", at=rfc3339(best), control=rfc3339(past.control_time))
                standing = replace(standing, reasons=(*standing.reasons, late))
            return standing
    return None


def _with_proven_issuers(
    signer: Certificate, proofs: ProofsOfExistence, context: ValidationContext
) -> tuple[ValidationContext, Conclusion | None]:
    """Step 1: keep the revocation data on `signer` whose own signer is proven to have existed while it was valid.

    Where there is none such, all is kept, and REVOCATION_OUT_OF_BOUNDS_NO_POE is what the block returns in the end.
    """
    if revocation_required(signer, 0, context) is not Severity.FAIL:
        return context, None
    material = context.material
    about = data_about(signer, material)
    unproven = {data for data in about if not _issuer_proven(data, proofs, context)}
    if not about - unproven:
        return context, indeterminate(_S.REVOCATION_OUT_OF_BOUNDS_NO_POE) if about else None
    kept = replace(
        material,
        crls=tuple(c for c in material.crls if c.id not in unproven),
        ocsp_responses=tuple(r for r in material.ocsp_responses if r.id not in unproven),
    )
    return replace(context, material=kept), None


def _issuer_proven(data: str, proofs: ProofsOfExistence, context: ValidationContext) -> bool:
    anchors = {a.certificate.id for a in context.anchors}
    return any(
        c.id in anchors or proofs.existed_within(c.id, c.not_before, c.not_after)
        for c in signers_of_data(data, context)
    )


@dataclass(frozen=True, slots=True)
class _Past:
    """What steps 3 to 6 judge by. `in_control` is whether the signature existed by the control time."""

    signature: SignatureEvidence
    signer: Certificate
    path: Path
    best: Instant
    in_control: bool
    proofs: ProofsOfExistence
    context: ValidationContext


def _standing(finding: ChainFinding, past: _Past) -> Conclusion | None:
    """Steps 3 to 6 for one finding: what remains of it, None where it is healed."""
    conclusion = finding.conclusion
    if conclusion.is_indeterminate(_S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE):  # step 4
        return None if past.in_control and _algorithms_were_reliable(past) else conclusion
    if conclusion.is_indeterminate(_S.TRY_LATER) and not finding.suspended:  # step 5
        item = finding.status
        if item is None or item.status.issued_at is None:
            return conclusion
        stale = still_stale(item, past.best, past.context)
        return replace(conclusion, reasons=(stale,)) if stale else None
    if not past.in_control or not conclusion.is_indeterminate(*PAST):  # step 6
        return conclusion
    if conclusion.is_indeterminate(_S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE, _S.OUT_OF_BOUNDS_NO_POE):
        return _outside(past, _S.OUT_OF_BOUNDS_NO_POE)
    if conclusion.is_indeterminate(_S.REVOKED_CA_NO_POE):
        revoked = finding.revocation_time
        data = data_about(past.signer, past.context.material)
        if revoked is None or not any(past.proofs.existed(identifier, revoked) for identifier in data):
            return conclusion
    return _outside(past, _S.OUT_OF_BOUNDS_NOT_REVOKED)


def _outside(past: _Past, sub_indication: SubIndication) -> Conclusion | None:
    why = out_of_validity(past.signer, past.best, signer=True)
    return indeterminate(sub_indication, why) if why else None


def _algorithms_were_reliable(past: _Past) -> bool:
    """Step 4: every algorithm concerned is proven to have been used before its end.

    The ends of the certificates' and the revocation data's algorithms have bounded the control time (§5.6.2.2.4 d);
    the certificates' are held here against their own proofs as well.
    """
    if weak_algorithms(past.signature, past.best, past.context):
        return False
    for index, certificate in enumerate(past.path.certificates):
        existed = past.proofs.earliest(certificate.id)
        key = past.path.issuer_of(index).public_key
        if weak_algorithm(
            certificate.signature_algorithm,
            key,
            existed,
            past.context,
            past.context.policy.certificate_catalogue,
        ):
            return False
    return True
