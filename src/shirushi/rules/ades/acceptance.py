"""Signature acceptance validation (EN 319 102-1 §5.2.8)."""

from __future__ import annotations

from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.evidence import PublicKey, SignatureEvidence, SignatureFormat
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.model import PASSED, Conclusion, Findings, Purpose, ValidationContext, indeterminate
from shirushi.rules.ades.policy import ValidationPolicy
from shirushi.rules.ades.severity import Severity
from shirushi.rules.suites import AlgorithmCatalogue, acceptable, acceptable_digest, reliable_until

_ADES = frozenset(
    {SignatureFormat.PADES, SignatureFormat.CADES, SignatureFormat.XADES, SignatureFormat.JADES}
)


def accept_signature(signature: SignatureEvidence, at: Instant, context: ValidationContext) -> Conclusion:
    """PASSED, or INDETERMINATE with SIG_CONSTRAINTS_FAILURE or CRYPTO_CONSTRAINTS_FAILURE_NO_POE, judged for `at`."""
    findings = _element_constraints(signature, at, context)
    if findings.failures:
        return indeterminate(SubIndication.SIG_CONSTRAINTS_FAILURE, *findings.failures).warned(
            findings.warnings
        )
    weak = weak_algorithms(signature, at, context)
    severity = context.policy.cryptography
    if not weak or severity is not Severity.FAIL:
        return PASSED.warned((*findings.warnings, *severity.told(*weak)))
    return indeterminate(SubIndication.CRYPTO_CONSTRAINTS_FAILURE_NO_POE, *weak).warned(findings.warnings)


def weak_algorithms(
    signature: SignatureEvidence, at: Instant, context: ValidationContext
) -> tuple[Reason, ...]:
    """Which algorithms, of those that value, references and signed attributes depend on, are unreliable at `at`."""
    catalogue = context.policy.catalogue
    reasons: list[Reason | None] = []
    if signature.signing_certificate is not None:
        key = signature.signing_certificate.public_key
        reasons.append(acceptable(signature.signature_algorithm, key, at, catalogue))
    reasons += [acceptable_digest(each, at, catalogue) for each in _digests(signature, context.policy)]
    return tuple(dict.fromkeys(each for each in reasons if each))


def value_reliable_until(signature: SignatureEvidence, context: ValidationContext) -> Instant | None:
    """Until when the signature value's own algorithm is reliable; None without an end, or without a certificate."""
    if signature.signing_certificate is None:
        return None
    key = signature.signing_certificate.public_key
    return reliable_until(signature.signature_algorithm, key, context.policy.catalogue)


def weak_algorithm(
    algorithm: SignatureAlgorithm | None,
    key: PublicKey,
    at: Instant,
    context: ValidationContext,
    catalogue: AlgorithmCatalogue | None = None,
) -> tuple[Reason, ...]:
    """Why a certificate's or revocation list's own algorithm is unreliable at `at`, where the policy minds."""
    if context.policy.cryptography is Severity.IGNORE:
        return ()
    found = acceptable(algorithm, key, at, catalogue or context.policy.catalogue)
    return (found,) if found else ()


def _digests(signature: SignatureEvidence, policy: ValidationPolicy) -> tuple[DigestAlgorithm, ...]:
    digests = [r.digest_algorithm for r in signature.references if r.digest_algorithm]
    digests += signature.attributes_digest_algorithms
    if signature.certificate_reference and policy.certificate_reference_digest is Severity.FAIL:
        digests.append(signature.certificate_reference.digest.algorithm)
    return tuple(dict.fromkeys(digests))


def _element_constraints(signature: SignatureEvidence, at: Instant, context: ValidationContext) -> Findings:
    """The signature elements constraints that the policy sets (§5.2.8.4.2)."""
    policy = context.policy
    findings = Findings()
    reference = signature.certificate_reference
    digest_severity = policy.certificate_reference_digest
    if reference is not None and digest_severity is not Severity.FAIL:
        aged = acceptable_digest(reference.digest.algorithm, at, policy.catalogue)
        findings = findings.add(digest_severity, *([aged] if aged else []))
    if reference is None:
        if context.purpose is Purpose.TIME_STAMP:
            severity = policy.time_stamp_certificate_reference
        elif signature.format in _ADES:
            severity = policy.certificate_reference
        else:
            severity = policy.legacy_certificate_reference
        findings = findings.add(severity, reason("CERTIFICATE_REFERENCE_MISSING"))
    if context.purpose is Purpose.TIME_STAMP:
        return findings
    claimed = signature.claimed_signing_time
    signer = signature.signing_certificate
    if claimed is None:
        return findings.add(policy.claimed_signing_time, reason("CLAIMED_SIGNING_TIME_MISSING"))
    if signer is not None and not signer.not_before <= claimed <= signer.not_after:
        outside = reason(
            "CLAIMED_SIGNING_TIME_OUTSIDE_VALIDITY",
            claimed=rfc3339(claimed),
            not_before=rfc3339(signer.not_before),
            not_after=rfc3339(signer.not_after),
        )
        findings = findings.add(policy.claimed_signing_time_in_validity, outside)
    return findings
