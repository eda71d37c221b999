"""Cryptographic verification (EN 319 102-1 §5.2.7)."""

from __future__ import annotations

from shirushi.core.evidence import SignatureEvidence
from shirushi.core.reason import reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.model import PASSED, Conclusion, failed, indeterminate


def verify_cryptographically(signature: SignatureEvidence) -> Conclusion:
    """PASSED only where every reference was found intact and the value verified (§5.2.7.4).

    FAILED with HASH_FAILURE or SIG_CRYPTO_FAILURE, INDETERMINATE with SIGNED_DATA_NOT_FOUND. A value that could not be
    verified here, for its algorithm is unknown, is INDETERMINATE with CRYPTO_CONSTRAINTS_FAILURE. What is found broken
    is said before what is not found.
    """
    broken = [r for r in signature.references if r.intact is False]
    if broken:
        return failed(
            SubIndication.HASH_FAILURE, *(reason("REFERENCE_CHANGED", name=r.name or "?") for r in broken)
        )
    absent = [r for r in signature.references if not r.found or r.intact is None]
    if absent or not signature.references:
        return indeterminate(
            SubIndication.SIGNED_DATA_NOT_FOUND,
            *(reason("REFERENCE_NOT_FOUND", name=r.name or "?") for r in absent),
        )
    if signature.value_intact is None:
        return indeterminate(
            SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
            reason(
                "VALUE_NOT_VERIFIABLE",
                algorithm=signature.signature_algorithm or signature.signature_oid or "?",
            ),
        )
    if not signature.value_intact:
        return failed(SubIndication.SIG_CRYPTO_FAILURE)
    return PASSED
