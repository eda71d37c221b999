"""X.509 validation constraints on a chain (EN 319 102-1 §5.1.4.2.1, applied in §5.2.6.4)."""

from __future__ import annotations

from collections.abc import Iterable

from shirushi.core.evidence import Certificate
from shirushi.core.reason import reason
from shirushi.rules.ades.model import Findings, Purpose, ValidationContext
from shirushi.rules.ades.policy import ID_KP_TIME_STAMPING
from shirushi.rules.ades.requirements import Requirement, unmet

EXT_KEY_USAGE = "2.5.29.37"


def chain_constraints(target: Certificate, context: ValidationContext) -> Findings:
    """Whether the signing certificate may be used for what it signed.

    A TSU's certificate has extended key usage with id-kp-timeStamping alone, critical (RFC 3161 §2.3). A signer's
    certificate with key usage has one of the bits that the policy names.
    """
    policy, extensions = context.policy, target.extensions
    findings = Findings()
    for requirement, why in unmet(_of_target(context), target):
        if not requirement.aspect.of_profile:
            findings = findings.add(requirement.severity, why)
    if context.purpose is Purpose.TIME_STAMP:
        name = target.subject.text
        usages = extensions.extended_key_usage or frozenset()
        if ID_KP_TIME_STAMPING not in usages:
            return findings.add(
                policy.time_stamp_key_usage, reason("NOT_FOR_TIME_STAMPING", certificate=name)
            )
        if len(usages) > 1 or EXT_KEY_USAGE not in extensions.critical:
            return findings.add(
                policy.time_stamp_key_usage_exclusive, reason("NOT_FOR_TIME_STAMPING_ALONE", certificate=name)
            )
        return findings
    usage = extensions.key_usage
    if usage is None or not policy.signer_key_usage or usage & policy.signer_key_usage:
        return findings
    return findings.add(policy.key_usage, reason("NOT_FOR_SIGNING", certificate=target.subject.text))


def profile_constraints(certificates: Iterable[Certificate], context: ValidationContext) -> Findings:
    """Whether the certificates of a chain, the signing certificate first, have the form that the policy demands.

    Of the CA certificates, every demand is one on the chain (EN 319 102-1 §5.2.6.4 step 4).
    """
    findings = Findings()
    for index, certificate in enumerate(certificates):
        demands = _of_target(context) if index == 0 else context.policy.ca_requirements
        for requirement, why in unmet(demands, certificate):
            if index > 0 or requirement.aspect.of_profile:
                findings = findings.add(requirement.severity, why)
    return findings


def _of_target(context: ValidationContext) -> tuple[Requirement, ...]:
    policy = context.policy
    signer = context.purpose is Purpose.SIGNATURE
    return policy.signer_requirements if signer else policy.time_stamp_requirements
