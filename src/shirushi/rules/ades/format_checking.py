"""Format checking (EN 319 102-1 §5.2.2)."""

from __future__ import annotations

from shirushi.core.evidence import Change, ChangeKind, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.model import PASSED, Conclusion, Findings, failed
from shirushi.rules.ades.policy import ValidationPolicy


def check_format(signature: SignatureEvidence, policy: ValidationPolicy) -> Conclusion:
    """PASSED, or FAILED with FORMAT_FAILURE.

    Changes that the signature did not permit are a failure of format, not INDETERMINATE: no further material could
    make them permitted, and the block knows no other outcome. The same is done by the EU's validation library where
    pages differ after signing. That references and value are intact is said apart, in the evidence's `integrity`.
    """
    findings = Findings().add(policy.structure, *signature.structure)
    forbidden = [_named(change) for change in signature.changes if not change.allowed]
    findings = findings.add(policy.changes, *dict.fromkeys(forbidden))
    if not signature.covers_whole_document:
        findings = findings.add(policy.whole_document, reason("DOCUMENT_NOT_WHOLLY_SIGNED"))
    if findings.failures:
        return failed(SubIndication.FORMAT_FAILURE, *findings.failures).warned(findings.warnings)
    return PASSED.warned(findings.warnings)


def _named(change: Change) -> Reason:
    if change.kind is ChangeKind.UNEXPLAINED_BYTES:
        return reason("UNEXPLAINED_BYTES_AFTER_SIGNING", where=change.where or "?")
    return reason("FORBIDDEN_CHANGE_AFTER_SIGNING", kind=change.kind.value, where=change.where or "?")
