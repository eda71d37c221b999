"""What a validation answers, and how it is told."""

from __future__ import annotations

from typing import Any

from shirushi.core.catalogue import Language
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.core.representation import representation_of
from shirushi.core.verdict import Indication, Missing, SignatureVerdict, SubIndication, Verdict


class UnknownFormat(MalformedInput):
    """A document in which no known signature format could be looked for."""

    code = "UNKNOWN_DOCUMENT_FORMAT"


_EXPIRED = {SubIndication.OUT_OF_BOUNDS_NO_POE, SubIndication.OUT_OF_BOUNDS_NOT_REVOKED}
_REVOKED = {SubIndication.REVOKED_NO_POE, SubIndication.REVOKED_CA_NO_POE}
_STATUS_UNKNOWN = {SubIndication.TRY_LATER, SubIndication.REVOCATION_OUT_OF_BOUNDS_NO_POE}


def answer(verdict: Verdict) -> Reason:
    """The answer for who has to rely on the document: in one sentence, with what follows from it as its remedy."""
    worst = verdict.worst
    if worst is None:
        return reason("VERDICT_NONE")
    passed = worst.indication is Indication.TOTAL_PASSED
    if all(each.signature.stands_alone for each in verdict.signatures):
        if passed and worst.best_signature_time is not None:
            return reason("VERDICT_EXISTENCE_PROVEN", at=rfc3339(worst.best_signature_time))
        other = worst.sub_indication is SubIndication.HASH_FAILURE
        return reason("VERDICT_EXISTENCE_REFUTED" if other else "VERDICT_EXISTENCE_UNPROVEN")
    if passed:
        count = len(verdict.signatures)
        return reason("VERDICT_ALL_VALID", count=count) if count > 1 else reason("VERDICT_VALID")
    found = {each.signature.integrity for each in verdict.signatures}
    integrity = False if False in found else None if None in found else True
    if integrity is False:
        return reason("VERDICT_CHANGED")
    if worst.indication is Indication.TOTAL_FAILED:
        return reason("VERDICT_FAILED" if integrity else "VERDICT_FAILED_UNREAD")
    return _what_lacks(verdict, worst) if integrity else reason("VERDICT_UNCLEAR")


def _what_lacks(verdict: Verdict, worst: SignatureVerdict) -> Reason:
    """The answer where everything is intact and yet not enough is known."""
    if any(not change.allowed for each in verdict.signatures for change in each.signature.changes):
        return reason("VERDICT_ADDED_LATER")
    if not worst.trust:
        return reason("VERDICT_UNTRUSTED")
    if worst.sub_indication in _EXPIRED:
        return reason("VERDICT_EXPIRED")
    if worst.sub_indication in _REVOKED:
        return reason("VERDICT_REVOKED")
    if worst.sub_indication in _STATUS_UNKNOWN:
        return reason("VERDICT_STATUS_UNKNOWN")
    return reason("VERDICT_UNCONFIRMED")


_INTEGRITY = {True: "intact", False: "altered", None: "unknown"}


def report(verdict: Verdict, language: Language) -> dict[str, Any]:
    """The verdict as plain data for JSON: indications, integrity apart from trust, and every reason with its remedy."""
    return {
        "answer": _reason(answer(verdict), language),
        "indication": verdict.indication.value if verdict.indication else None,
        "sub_indication": verdict.sub_indication.value if verdict.sub_indication else None,
        "validation_time": rfc3339(verdict.validation_time),
        "policy": verdict.policy_digest,
        "policy_name": verdict.policy_name,
        "policy_unmapped": list(verdict.policy_unmapped),
        "signatures": [_signature(signature, language) for signature in verdict.signatures],
    }


def _signature(verdict: SignatureVerdict, language: Language) -> dict[str, Any]:
    evidence = verdict.signature
    signer = evidence.signing_certificate
    represented = representation_of(evidence)
    kinds = {each.id: each.kind for each in evidence.every_time_stamp}
    return {
        "format": evidence.format.value,
        "level": verdict.level.value if verdict.level else None,
        "indication": verdict.indication.value,
        "sub_indication": verdict.sub_indication.value if verdict.sub_indication else None,
        "integrity": _INTEGRITY[evidence.integrity],
        "changes": [{"kind": c.kind.value, "allowed": c.allowed, "where": c.where} for c in evidence.changes],
        "signer": signer.subject.text if signer else None,
        "representation": represented.representation.value if represented else None,
        "on_behalf_of": (represented.user or None) if represented else None,
        "trust": verdict.trust or None,
        "qualification": verdict.qualification.conclusion.value if verdict.qualification else None,
        "lists": list(verdict.qualification.consulted) if verdict.qualification else [],
        "best_signature_time": rfc3339(verdict.best_signature_time) if verdict.best_signature_time else None,
        "reasons": [_reason(each, language) for each in verdict.reasons],
        "warnings": [_reason(each, language) for each in verdict.warnings],
        "information": [_reason(each, language) for each in verdict.information],
        "missing": [_missing(missing) for missing in verdict.missing],
        "notes": [_reason(each, language) for each in evidence.level_failings],
        "time_stamps": [
            {
                "kind": kinds[stamp.id].value,
                "indication": stamp.indication.value,
                "sub_indication": stamp.sub_indication.value if stamp.sub_indication else None,
                "time": rfc3339(stamp.gen_time),
                "reasons": [_reason(each, language) for each in stamp.reasons],
            }
            for stamp in verdict.time_stamps
        ],
    }


def _missing(missing: Missing) -> dict[str, str | None]:
    return {
        "kind": missing.kind.value,
        "certificate": missing.certificate.subject.text,
        "sha256": missing.certificate.id,
        "at": rfc3339(missing.at) if missing.at else None,
    }


def _reason(told: Reason, language: Language) -> dict[str, str]:
    return {"code": told.code, "message": told.explain(language), "remedy": told.remedy(language)}
