"""Trusted lists as this service reports them to programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shirushi.core.catalogue import Language
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import CertificateQualification, ServiceSource, Step
from shirushi.core.recognition import Equivalence, NativeFinding, Treaty
from shirushi.rules.lists import ListJudgement, ListSignature
from shirushi.services.trustlist.model.words import Explanation, ListStanding


@dataclass(frozen=True, slots=True)
class Totals:
    """What a load brought. Providers to certificates are counted in the lists that were not rejected.

    `history` counts past periods; `certificates` the different certificates that identify services; `verified` the
    lists whose signature holds, `pinned` those among them whose signer is pinned.
    """

    lists: int
    providers: int
    services: int
    history: int
    certificates: int
    verified: int
    pinned: int


def totals(judgements: Sequence[ListJudgement]) -> Totals:
    """Count what a load brought."""
    sound = [each for each in judgements if each.signature is not ListSignature.REJECTED]
    read = [each.candidate.trusted_list for each in sound if each.candidate.trusted_list]
    services = [service for each in read for service in each.services]
    certificates = {
        certificate
        for service in services
        for period in service.periods
        for certificate in period.identity.certificates
    }
    return Totals(
        lists=len(judgements),
        providers=sum(len(each.providers) for each in read),
        services=len(services),
        history=sum(len(service.periods) - 1 for service in services),
        certificates=len(certificates),
        verified=len(sound),
        pinned=sum(each.signature is ListSignature.VERIFIED for each in sound),
    )


def report(judgements: Sequence[ListJudgement], language: Language) -> dict[str, Any]:
    """The answer to a load, for programs."""
    counted = totals(judgements)
    return {
        "totals": {name: getattr(counted, name) for name in Totals.__slots__},
        "lists": [_row(each, language) for each in judgements],
    }


def _row(judgement: ListJudgement, language: Language) -> dict[str, Any]:
    trusted_list = judgement.candidate.trusted_list
    return {
        "file": judgement.candidate.name,
        "territory": trusted_list.territory if trusted_list else None,
        "sequence": trusted_list.sequence if trusted_list else None,
        "signature": judgement.signature.value,
        "reason": "; ".join(f"{each.code}: {each.explain(language)}" for each in judgement.reasons) or None,
    }


def explanation_report(explanation: Explanation, language: Language) -> dict[str, Any]:
    """The explanation, for programs: every step with its clause, what it rested on, and its outcome."""
    verdict, found = explanation.verdict, explanation.qualification
    return {
        "indication": verdict.indication.value,
        "qualification": found.conclusion.value,
        "best_signature_time": rfc3339(verdict.best_signature_time) if verdict.best_signature_time else None,
        "at_issuance": _certificate_row(found.at_issuance, language),
        "at_best_signature_time": _certificate_row(found.at_best_signature_time, language),
        "time_stamps": [{"id": each, "qualification": kind.value} for each, kind in found.time_stamps],
        "snapshots": [
            {"territory": each.territory, "sequence": each.sequence, "digest": each.digest}
            for each in explanation.snapshots
        ],
        "consulted": list(found.consulted),
        "alternatives": [
            {"if": said.explain(language), "code": said.code, "qualification": conclusion.value}
            for said, conclusion in explanation.alternatives
        ],
        "standings": [
            {
                "of": each.native.subject or "signature",
                "kind": each.native.kind.value,
                "party": each.native.party,
                "conclusion": each.native.conclusion,
                "title": each.words(language),
                "steps": _step_rows(each.native.steps, language),
            }
            for each in explanation.standings
        ],
        "equivalences": [equivalence_report(each, language) for each in explanation.equivalences],
    }


def equivalence_report(found: Equivalence, language: Language) -> dict[str, Any]:
    """The answer of mutual recognition, for programs: verdict and level, both times, rule, steps, digests, alternatives."""
    native = found.native
    return {
        "of": native.subject or "signature",
        "kind": native.kind.value,
        "from": native.party,
        "to": found.recognising,
        "verdict": found.verdict.value,
        "service": found.grade.service if found.grade else None,
        "level": found.grade.level or None if found.grade else None,
        "native": native.conclusion,
        "at_issuance": _native_row(native.at_issuance),
        "at_best_signature_time": _native_row(native.at_best_signature_time),
        "agreements": list(found.agreements),
        "rules": list(found.rules),
        "steps": _step_rows(found.steps, language),
        "snapshots": list(found.snapshots),
        "alternatives": [
            {
                "if": said.explain(language),
                "code": said.code,
                "verdict": verdict.value,
                "grade": str(graded) if graded else None,
            }
            for said, verdict, graded in found.alternatives
        ],
    }


def _native_row(found: NativeFinding) -> dict[str, Any]:
    return {"at": rfc3339(found.at), "conclusion": found.conclusion, "service": _source_row(found.source)}


def agreements_report(treaty: Treaty, at: Instant, language: Language) -> list[dict[str, Any]]:
    """Every agreement with its legal basis, both legislations, its dates and pairs, and whether it counts at `at`."""
    names = {each.id: each.name.text(language) for each in treaty.parties}
    legislations = {each.id: each.legislation.text(language) for each in treaty.parties}
    titles = {
        (party.id, each.name): each.title.text(language)
        for party in treaty.parties
        for each in party.conclusions
        if each.title
    }
    return [
        {
            "id": each.id,
            "parties": list(each.parties),
            "names": [names[party] for party in each.parties],
            "legislations": [legislations[party] for party in each.parties],
            "legal_basis": each.legal_basis.text(language),
            "fictitious": each.fictitious,
            "valid_from": rfc3339(each.valid_from),
            "valid_until": rfc3339(each.valid_until) if each.valid_until else None,
            "repealed_at": rfc3339(each.repealed_at) if each.repealed_at else None,
            "standing": each.standing(at).value,
            "digest": each.digest,
            "pairs": [
                {
                    "id": pair.id,
                    "rank": pair.rank,
                    "from": pair.origin,
                    "to": pair.recognising,
                    "native": sorted(pair.native),
                    "native_titles": [titles.get((pair.origin, name), name) for name in sorted(pair.native)],
                    "service": pair.grade.service,
                    "level": pair.grade.level or None,
                    "grade_title": titles.get((pair.recognising, str(pair.grade)), str(pair.grade)),
                }
                for pair in each.pairs
            ],
        }
        for each in treaty.agreements
    ]


def _certificate_row(found: CertificateQualification, language: Language) -> dict[str, Any]:
    return {
        "at": rfc3339(found.at),
        "qualified": found.qualified,
        "purpose": found.purpose.value if found.purpose else None,
        "qscd": found.qscd,
        "service": _source_row(found.source),
        "steps": _step_rows(found.steps, language),
    }


def _source_row(source: ServiceSource | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "territory": source.territory,
        "provider": source.provider,
        "name": source.service,
        "type": source.service_type,
        "status": source.status,
        "since": rfc3339(source.period_start),
        "ground": source.ground.value,
        "rule": source.agreement or None,
        "snapshot": source.snapshot,
        "carried_by": source.carried_by or None,
    }


def _step_rows(steps: Sequence[Step], language: Language) -> list[dict[str, Any]]:
    return [
        {
            "clause": step.clause,
            "passed": step.passed,
            "code": step.reason.code,
            "reason": step.reason.explain(language),
            "input": dict(step.reason.parameters),
        }
        for step in steps
    ]


def standing_report(standing: ListStanding, language: Language) -> dict[str, Any]:
    """How a territory's list stands, for programs."""
    held, place = standing.held, standing.place
    return {
        "territory": standing.territory,
        "list_type": standing.list_type,
        "counts": standing.counts,
        "sequence": held.sequence if held else None,
        "issued": rfc3339(held.issued) if held else None,
        "next_update": _when(held.next_update) if held else None,
        "digest": held.digest if held else None,
        "location": place.location if place else None,
        "tried_at": _when(place.tried_at) if place else None,
        "succeeded_at": _when(place.succeeded_at) if place else None,
        "failed_at": _when(place.failed_at) if place else None,
        "failing": place.failing if place else False,
        "failures": [
            {"code": each.code, "message": each.explain(language), "remedy": each.remedy(language)}
            for each in (place.failure if place else ())
        ],
    }


def _when(value: Instant | None) -> str | None:
    return rfc3339(value) if value else None
