"""Validation process for basic signatures (EN 319 102-1 §5.3)."""

from __future__ import annotations

from collections.abc import Iterable

from shirushi.core.evidence import Certificate, SignatureEvidence
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.acceptance import accept_signature, value_reliable_until
from shirushi.rules.ades.certificate import label, validate_certificate
from shirushi.rules.ades.context import initialise_context
from shirushi.rules.ades.cryptographic import verify_cryptographically
from shirushi.rules.ades.format_checking import check_format
from shirushi.rules.ades.model import (
    BasicResult,
    ChainResult,
    Conclusion,
    ValidationContext,
    failed,
    indeterminate,
)
from shirushi.rules.ades.signing_certificate import identify_signing_certificate

_S = SubIndication


def validate_basic(
    signature: SignatureEvidence, context: ValidationContext, content_times: Iterable[Instant] = ()
) -> BasicResult:
    """Judge a signature at the context's time, without regard to proofs of existence (§5.3.4).

    `content_times` are the generation times of its content time-stamps that passed their own validation: the signature
    was made after them.
    """
    after = max(content_times, default=None)
    format_result = check_format(signature, context.policy)
    warnings = format_result.warnings
    if not format_result.passed:
        return BasicResult(format_result)
    identified = identify_signing_certificate(signature, context.policy)
    warnings += identified.warnings
    signer = signature.signing_certificate
    if not identified.passed or signer is None:
        return BasicResult(identified.warned(warnings))
    initialised = initialise_context(signature, context.policy)
    warnings += initialised.warnings
    if not initialised.passed:
        return BasicResult(initialised.warned(warnings))
    chain = validate_certificate(signer, context)
    x509_status = _made_too_late(signer, chain, after) or chain.conclusion
    verified = verify_cryptographically(signature, context.policy)
    if not verified.passed:
        return BasicResult(verified.warned(warnings), chain)
    warnings += verified.warnings
    if not x509_status.passed:
        return BasicResult(x509_status.warned(warnings), chain)
    accepted = accept_signature(signature, context.time, context)
    warnings += chain.warnings
    weak = accepted.is_indeterminate(_S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
    if weak and after is not None:
        until = value_reliable_until(signature, context)  # step 6: of the signature value alone
        if until is not None and after >= until:
            retired = indeterminate(_S.CRYPTO_CONSTRAINTS_FAILURE, *accepted.reasons)
            return BasicResult(retired.warned(warnings), chain)
    return BasicResult(accepted.warned(warnings), chain, weak)


def _made_too_late(signer: Certificate, chain: ChainResult, after: Instant | None) -> Conclusion | None:
    """§5.3.4 step 4: a content time-stamp can prove that the signature was made after revocation or expiration."""
    if after is None:
        return None
    for finding in chain.findings:
        revoked = finding.revocation_time
        if finding.conclusion.is_indeterminate(_S.REVOKED_NO_POE) and revoked and after > revoked:
            return failed(
                _S.REVOKED,
                reason(
                    "SIGNED_AFTER_REVOCATION",
                    certificate=label(signer),
                    at=rfc3339(revoked),
                    after=rfc3339(after),
                ),
            )
        out_of_bounds = finding.conclusion.is_indeterminate(
            _S.OUT_OF_BOUNDS_NO_POE, _S.OUT_OF_BOUNDS_NOT_REVOKED
        )
        if out_of_bounds and after > signer.not_after:
            return failed(
                _S.EXPIRED,
                reason(
                    "SIGNED_AFTER_EXPIRATION",
                    certificate=label(signer),
                    at=rfc3339(signer.not_after),
                    after=rfc3339(after),
                ),
            )
    return None
