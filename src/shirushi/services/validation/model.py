"""What a validation answers, and how it is told."""

from __future__ import annotations

from typing import Any

from shirushi.core.catalogue import Language
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import rfc3339
from shirushi.core.reason import Reason
from shirushi.core.representation import representation_of
from shirushi.core.verdict import Missing, SignatureVerdict, Verdict


class UnknownFormat(MalformedInput):
    """A document in which no known signature format could be looked for."""

    code = "UNKNOWN_DOCUMENT_FORMAT"


_INTEGRITY = {True: "intact", False: "altered", None: "unknown"}


def report(verdict: Verdict, language: Language) -> dict[str, Any]:
    """The verdict as plain data for JSON: indications, integrity apart from trust, and every reason with its remedy."""
    return {
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
        "reasons": [_reason(reason, language) for reason in verdict.reasons],
        "warnings": [_reason(reason, language) for reason in verdict.warnings],
        "information": [_reason(reason, language) for reason in verdict.information],
        "missing": [_missing(missing) for missing in verdict.missing],
        "notes": [_reason(reason, language) for reason in evidence.level_failings],
        "time_stamps": [
            {
                "kind": kinds[stamp.id].value,
                "indication": stamp.indication.value,
                "sub_indication": stamp.sub_indication.value if stamp.sub_indication else None,
                "time": rfc3339(stamp.gen_time),
                "reasons": [_reason(reason, language) for reason in stamp.reasons],
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


def _reason(reason: Reason, language: Language) -> dict[str, str]:
    return {"code": reason.code, "message": reason.explain(language), "remedy": reason.remedy(language)}
