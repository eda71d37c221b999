"""Validation context initialisation (EN 319 102-1 §5.2.4)."""

from __future__ import annotations

from shirushi.core.evidence import SignatureEvidence
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.model import PASSED, Conclusion, indeterminate
from shirushi.rules.ades.policy import ValidationPolicy
from shirushi.rules.ades.severity import Severity


def initialise_context(signature: SignatureEvidence, policy: ValidationPolicy) -> Conclusion:
    """PASSED where the constraints are known, else INDETERMINATE with SIGNATURE_POLICY_NOT_AVAILABLE.

    The constraints come from `policy`, as §5.1.4.1 permits. A signature policy that the signer named must be among
    those that `policy` accepts, if it limits them: a verdict under other rules than the named ones would mislead.
    """
    named = signature.policy
    accepted = policy.acceptable_signature_policies
    if named is None or not named.oid or accepted is None or named.oid in accepted:
        return PASSED
    unknown = reason("SIGNATURE_POLICY_UNKNOWN", policy=named.oid)
    if policy.signature_policy is Severity.FAIL:
        return indeterminate(SubIndication.SIGNATURE_POLICY_NOT_AVAILABLE, unknown)
    return PASSED.warned([unknown] if policy.signature_policy is Severity.WARN else [])
