"""Identification of the signing certificate (EN 319 102-1 §5.2.3)."""

from __future__ import annotations

from shirushi.core.evidence import SignatureEvidence
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.model import PASSED, Conclusion, Findings, indeterminate
from shirushi.rules.ades.policy import ValidationPolicy


def identify_signing_certificate(signature: SignatureEvidence, policy: ValidationPolicy) -> Conclusion:
    """PASSED, or INDETERMINATE with NO_SIGNING_CERTIFICATE_FOUND.

    A certificate whose digest is not the signed one was put in the signer's place: it is not the signing certificate
    (§5.2.3.4 step 2). An issuer and serial number that do not match are reported as the policy says (step 3).
    """
    if signature.signing_certificate is None:
        return indeterminate(SubIndication.NO_SIGNING_CERTIFICATE_FOUND)
    reference = signature.certificate_reference
    if reference is None:
        return PASSED
    if not reference.matches:
        return indeterminate(
            SubIndication.NO_SIGNING_CERTIFICATE_FOUND,
            reason(
                "SIGNING_CERTIFICATE_NOT_THE_REFERENCED",
                certificate=signature.signing_certificate.subject.text,
            ),
        )
    findings = Findings()
    if reference.issuer_serial_matches is False:
        findings = findings.add(policy.issuer_serial, reason("ISSUER_SERIAL_MISMATCH"))
    if findings.failures:
        return indeterminate(SubIndication.NO_SIGNING_CERTIFICATE_FOUND, *findings.failures)
    return PASSED.warned(findings.warnings)
