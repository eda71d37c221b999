"""The list browser with its movable date, one service's history, and why a document is qualified as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.instant import Instant
from shirushi.core.qualification import SUPERVISED, Conclusion, SignatureQualification, TimeStampQualification
from shirushi.core.recognition import EquivalenceVerdict
from shirushi.core.verdict import Verdict
from shirushi.faces.portal.errors import PageUnknown
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.uploads import Kept
from shirushi.faces.portal.visit import Visit
from shirushi.services.trustlist.model import agreements_report, last_part, midnight
from shirushi.services.trustlist.service import TrustedLists

_Q = SignatureQualification
_GOOD: set[Conclusion] = {_Q.QESIG, _Q.QESEAL, _Q.ADESIG_QC, _Q.ADESEAL_QC, TimeStampQualification.QTSA}
_PLAIN: set[Conclusion] = {
    _Q.ADESIG,
    _Q.ADESEAL,
    _Q.UNKNOWN_QC,
    _Q.UNKNOWN_QC_QSCD,
    TimeStampQualification.TSA,
}
_ENDED = ("withdrawn", "ceased", "revoked", "deprecated", "expired", "suspended", "refused")


def pages(service: TrustedLists, kit: Kit, verdict_on: Callable[[Visit, Kept], Verdict]) -> list[Route]:
    """The pages of trusted lists, for everyone. `verdict_on` gives the verdict on a document that a visitor brought."""
    kit.task(Task("lists", "/lists", order=53))

    def territories(visit: Visit) -> Response:
        return visit.page(
            "lists/territories.html",
            standings=service.standings(visit.actor),
            sources=service.sources,
            editions={each.snapshot.digest: each.trusted_list for each in service.lists(visit.actor)},
        )

    def territory(visit: Visit) -> Response:
        found = service.browse(visit.actor, visit.argument("territory"))
        day = _day(visit, found.now)
        wanted = visit.query.get("type", "")
        every = list(found.services(at=midnight(day), language=visit.language))
        shown = [each for each in every if wanted in ("", each.type)]
        return visit.page(
            "lists/territory.html",
            **_WORDS,
            fragment="services",
            found=found,
            types=sorted({each.type for each in every}),
            wanted=wanted,
            providers=[(name, list(those)) for name, those in groupby(shown, lambda each: each.provider)],
            count=len(shown),
            **_dates(day, found.now),
        )

    def one(visit: Visit) -> Response:
        found = service.browse(visit.actor, visit.argument("territory"))
        listed = found.numbered(visit.argument("number"))
        if listed is None:
            raise PageUnknown
        provider, entry = listed
        day = _day(visit, found.now)
        return visit.page(
            "lists/service.html",
            **_WORDS,
            found=found,
            provider=provider,
            service=entry,
            now_at=entry.at(midnight(day)),
            **_dates(day, found.now),
        )

    def agreements(visit: Visit) -> Response:
        now = kit.clock.now()
        return visit.page(
            "lists/agreements.html",
            agreements=agreements_report(service.agreements(visit.actor), now, visit.language),
        )

    def why(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        verdict = verdict_on(visit, kept)
        found = [
            (number, service.explain(visit.actor, each, verdict.validation_time))
            for number, each in enumerate(verdict.signatures, 1)
        ]
        return visit.page(
            "lists/why.html",
            **_WORDS,
            kept=kept,
            verdict=verdict,
            explained=found,
            light_of=conclusion_light,
            answer_light=_ANSWERS,
        )

    return [
        kit.get("/lists", territories),
        kit.get("/lists/agreements", agreements),
        kit.get("/lists/{territory}", territory),
        kit.get("/lists/{territory}/services/{number}", one),
        kit.get("/verdicts/{id}/why", why),
    ]


def _day(visit: Visit, now: Instant) -> date:
    """The day that is asked about; today where none is named."""
    try:
        return date.fromisoformat(visit.query.get("at", ""))
    except ValueError:
        return now.date()


def _dates(day: date, now: Instant) -> dict[str, Any]:
    """The day, those a year away from it, and whether it is today."""
    earlier, later = (_years(day, count) for count in (-1, 1))
    return {"day": day, "earlier": earlier, "later": later if later <= now.date() else None}


def _years(day: date, count: int) -> date:
    return day.replace(year=min(9999, max(1, day.year + count)), day=min(day.day, 28))


def kind(service_type: str) -> str:
    """How a service type is called for short, such as CA/QC."""
    return service_type.rpartition("/Svctype/")[2] or last_part(service_type)


def status_light(status: str) -> str:
    """The light of a service's status: whether it is good, has ended, or is of another scheme."""
    if status in SUPERVISED:
        return "passed"
    return "failed" if any(word in last_part(status).lower() for word in _ENDED) else "neutral"


def conclusion_light(conclusion: Conclusion) -> str:
    """The light of a conclusion."""
    if conclusion in _GOOD:
        return "passed"
    if conclusion in _PLAIN:
        return "neutral"
    return "failed" if conclusion is _Q.NOT_ADES else "indeterminate"


_ANSWERS = {
    EquivalenceVerdict.EQUIVALENT: "passed",
    EquivalenceVerdict.NOT_EQUIVALENT: "neutral",
    EquivalenceVerdict.UNDECIDED: "indeterminate",
}
"""The lights of the answers of mutual recognition."""

_WORDS: dict[str, Any] = {"kind": kind, "last_part": last_part, "status_light": status_light}
"""What the templates say services with."""
