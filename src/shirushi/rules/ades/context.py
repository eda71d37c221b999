"""Validation context initialisation (EN 319 102-1 §5.2.4)."""

from __future__ import annotations

from shirushi.core.evidence import SignatureEvidence, SignaturePolicyIdentifier
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.model import PASSED, Conclusion, indeterminate
from shirushi.rules.ades.policy import ValidationPolicy
from shirushi.rules.ades.severity import Severity

_S = SubIndication


def initialise_context(signature: SignatureEvidence, policy: ValidationPolicy) -> Conclusion:
    """PASSED where the constraints are known, else INDETERMINATE.

    The constraints come from `policy`, as §5.1.4.1 permits. A signature policy that the signer named must be among
    those that `policy` accepts, if it limits them, for a verdict under other rules than the named ones would mislead;
    where `policy` asks for its document, that is at hand: else SIGNATURE_POLICY_NOT_AVAILABLE. A document that is not
    the one whose digest was signed cannot be processed: POLICY_PROCESSING_ERROR (table 6).
    """
    named = signature.policy
    if named is None or not named.oid:
        return PASSED
    accepted = policy.acceptable_signature_policies
    result = PASSED
    if accepted is not None and named.oid not in accepted:
        result = _weighed(
            result,
            policy.signature_policy,
            _S.SIGNATURE_POLICY_NOT_AVAILABLE,
            "SIGNATURE_POLICY_UNKNOWN",
            named,
        )
    at_hand = [each for each in policy.signature_policy_documents if each.oid == named.oid]
    if not at_hand:
        return _weighed(
            result,
            policy.signature_policy_document,
            _S.SIGNATURE_POLICY_NOT_AVAILABLE,
            "SIGNATURE_POLICY_DOCUMENT_MISSING",
            named,
        )
    if named.digest is not None and not any(named.digest in each.digests for each in at_hand):
        return _weighed(
            result,
            policy.signature_policy_digest,
            _S.POLICY_PROCESSING_ERROR,
            "SIGNATURE_POLICY_DOCUMENT_ANOTHER",
            named,
        )
    return result


def _weighed(
    before: Conclusion,
    severity: Severity,
    sub_indication: SubIndication,
    code: str,
    named: SignaturePolicyIdentifier,
) -> Conclusion:
    """What the policy makes of it; what was concluded before stands, if it is not PASSED."""
    why = reason(code, policy=named.oid)
    if severity is Severity.FAIL and before.passed:
        return indeterminate(sub_indication, why).warned(before.warnings)
    return before.warned(severity.told(why))
