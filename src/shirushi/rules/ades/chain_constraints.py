"""X.509 validation constraints on a chain (EN 319 102-1 §5.1.4.2.1, applied in §5.2.6.4)."""

from __future__ import annotations

from shirushi.core.evidence import Certificate
from shirushi.core.reason import reason
from shirushi.rules.ades.model import Findings, Purpose, ValidationContext
from shirushi.rules.ades.policy import ID_KP_TIME_STAMPING

EXT_KEY_USAGE = "2.5.29.37"


def chain_constraints(target: Certificate, context: ValidationContext) -> Findings:
    """Whether the signing certificate may be used for what it signed.

    A TSU's certificate has extended key usage with id-kp-timeStamping alone, critical (RFC 3161 §2.3). A signer's
    certificate with key usage has one of the bits that the policy names.
    """
    policy, extensions = context.policy, target.extensions
    if context.purpose is Purpose.TIME_STAMP:
        name = target.subject.text
        usages = extensions.extended_key_usage or frozenset()
        if ID_KP_TIME_STAMPING not in usages:
            return Findings().add(
                policy.time_stamp_key_usage, reason("NOT_FOR_TIME_STAMPING", certificate=name)
            )
        if len(usages) > 1 or EXT_KEY_USAGE not in extensions.critical:
            return Findings().add(
                policy.time_stamp_key_usage_exclusive, reason("NOT_FOR_TIME_STAMPING_ALONE", certificate=name)
            )
        return Findings()
    usage = extensions.key_usage
    if usage is None or not policy.signer_key_usage or usage & policy.signer_key_usage:
        return Findings()
    return Findings().add(policy.key_usage, reason("NOT_FOR_SIGNING", certificate=target.subject.text))
