"""Signature validation: EN 319 102-1 V1.4.1 over evidence, policy, trust and time."""

from shirushi.rules.ades.policy import EU, JAPAN, PKI, PRESETS, ValidationPolicy
from shirushi.rules.ades.severity import Severity
from shirushi.rules.ades.verdict import validate_signature, validate_signatures

__all__ = [
    "EU",
    "JAPAN",
    "PKI",
    "PRESETS",
    "Severity",
    "ValidationPolicy",
    "validate_signature",
    "validate_signatures",
]
