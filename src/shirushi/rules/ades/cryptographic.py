"""Cryptographic verification (EN 319 102-1 §5.2.7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shirushi.core.evidence import Reference, ReferenceKind, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import SubIndication
from shirushi.rules.ades.model import PASSED, Conclusion, Findings, failed, indeterminate
from shirushi.rules.ades.policy import ValidationPolicy


def verify_cryptographically(signature: SignatureEvidence, policy: ValidationPolicy) -> Conclusion:
    """PASSED only where every reference was found intact and the value verified (§5.2.7.4).

    FAILED with HASH_FAILURE or SIG_CRYPTO_FAILURE, INDETERMINATE with SIGNED_DATA_NOT_FOUND. A value that could not be
    verified here, for its algorithm is unknown, is INDETERMINATE with CRYPTO_CONSTRAINTS_FAILURE. What is found broken
    is said before what is not found. Of the entries of a signed manifest the policy says what must be at hand
    (XMLDSig §5.1: that is for the application to decide).
    """
    entries = [r for r in signature.references if r.kind is ReferenceKind.MANIFEST_ENTRY]
    own = [r for r in signature.references if r.kind is not ReferenceKind.MANIFEST_ENTRY]
    broken = Findings(failures=_named("REFERENCE_CHANGED", (r for r in own if r.intact is False)))
    broken = broken.add(
        policy.manifest_intact, *_named("REFERENCE_CHANGED", (r for r in entries if r.intact is False))
    )
    if broken.failures:
        return failed(SubIndication.HASH_FAILURE, *broken.failures)
    absent = Findings(
        failures=_named("REFERENCE_NOT_FOUND", (r for r in own if not r.found or r.intact is None))
    )
    absent = _entries(absent, own, entries, policy)
    absent = absent.add(policy.reference_names, *_named("REFERENCE_MISNAMED", map(_misnamed, own)))
    absent = absent.add(policy.manifest_names, *_named("REFERENCE_MISNAMED", map(_misnamed, entries)))
    if absent.failures or not own:
        return indeterminate(SubIndication.SIGNED_DATA_NOT_FOUND, *absent.failures)
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
    return PASSED.warned((*broken.warnings, *absent.warnings))


def _entries(
    found: Findings, own: Sequence[Reference], entries: Sequence[Reference], policy: ValidationPolicy
) -> Findings:
    """What is missing of signed manifests: an entry that is at hand, or every one."""
    missing = [r for r in entries if not r.found]
    manifest = [r for r in own if r.kind is ReferenceKind.MANIFEST]
    if (manifest or entries) and len(missing) == len(entries):
        found = found.add(policy.manifest_present, *_named("MANIFEST_NOT_FOUND", manifest or missing[:1]))
    if missing:
        return found.add(policy.manifest_complete, *_named("REFERENCE_NOT_FOUND", missing))
    return found


def _misnamed(reference: Reference) -> Reference | None:
    return reference if reference.found and reference.name_matches is False else None


def _named(code: str, references: Iterable[Reference | None]) -> tuple[Reason, ...]:
    return tuple(reason(code, name=r.name or "?") for r in references if r is not None)
