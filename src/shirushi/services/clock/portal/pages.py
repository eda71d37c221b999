"""How the clock stands, for operators and auditors; operators stop it and return it to service."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.actor import Role
from shirushi.core.reason import reason
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.visit import Visit
from shirushi.rules.clock import GuardState
from shirushi.services.clock.model import status_report
from shirushi.services.clock.portal.plot import plot
from shirushi.services.clock.service import ClockGuard

_LOOKERS = frozenset({Role.OPERATOR, Role.AUDITOR})
_OPERATORS = frozenset({Role.OPERATOR})
SPANS = {"1h": timedelta(hours=1), "24h": timedelta(hours=24)}
GAP = timedelta(minutes=5)
"""Records that lie further apart are not joined in the plot."""
LISTED = 12


def pages(service: ClockGuard, kit: Kit) -> list[Route]:
    """The pages of the clock guard."""
    kit.task(Task("clock", "/clock", _LOOKERS, order=55))

    def show(visit: Visit) -> Response:
        return page(visit)

    def page(visit: Visit, *, missing: bool = False) -> Response:
        found = service.status(visit.actor)
        chosen = visit.query.get("span", "")
        span = chosen if chosen in SPANS else "1h"
        records = service.recent(visit.actor, SPANS[span])
        now = kit.clock.now()
        return visit.page(
            "clock/clock.html",
            status=400 if missing else 200,
            found=found,
            report=status_report(found, visit.language),
            cause=reason(found.code) if found.code else None,
            drawing=plot(records, now - SPANS[span], now, GAP),
            records=records[::-1][:LISTED],
            span=span,
            spans=tuple(SPANS),
            at=now,
            stopped=found.state is GuardState.STOPPED,
            may_act=visit.actor.has(*_OPERATORS),
            missing=missing,
        )

    def act(visit: Visit) -> Response:
        why = (visit.form.get("reason") or "").strip()
        if not why:
            return page(visit, missing=True)
        if visit.form.get("act") == "resume":
            service.resume(visit.actor, why[:500])
            return visit.go("/clock", "clock.resumed")
        service.stop(visit.actor, why[:500])
        return visit.go("/clock", "clock.stopped")

    def verify(visit: Visit) -> Response:
        found = service.verify(visit.actor)
        if found.intact:
            return visit.go("/clock", "clock.verified", count=found.records)
        return visit.page("clock/altered.html", found=found)

    return [
        kit.get("/clock", show, roles=_LOOKERS),
        kit.post("/clock", act, roles=_OPERATORS),
        kit.post("/clock/verify", verify, roles=_LOOKERS),
    ]
