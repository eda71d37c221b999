"""The pages of the audit log: search it, verify it."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.actor import Role
from shirushi.core.instant import Instant
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.languages import JAPAN
from shirushi.faces.portal.visit import Visit
from shirushi.services.audit.service import AuditService

AT_ONCE = 25
"""Records on one page."""

_LOOKERS = frozenset({Role.OPERATOR, Role.AUDITOR})


def pages(service: AuditService, kit: Kit) -> list[Route]:
    """The pages of the audit log, for operators and auditors."""
    kit.task(Task("audit", "/audit", _LOOKERS, order=50))

    def search(visit: Visit) -> Response:
        query = visit.query
        until = _day(query.get("until", ""))
        before = query.get("before", "")
        page = service.search(
            visit.actor,
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
            limit=AT_ONCE,
            action=query.get("action") or None,
            subject=query.get("subject") or None,
            done_by=query.get("actor") or None,
            since=_day(query.get("since", "")),
            until=until + timedelta(days=1) if until else None,
            digest=query.get("digest") or None,
            chains=query.get("chains") == "1",
        )
        following = {**query, "before": str(page.next_before)} if page.next_before else {}
        return visit.page(
            "audit/search.html",
            fragment="records",
            records=page.records,
            query=query,
            following=f"/audit?{urlencode(following)}" if following else None,
        )

    def verify(visit: Visit) -> Response:
        return visit.page("audit/verified.html", found=service.verify(visit.actor))

    return [
        kit.get("/audit", search, roles=_LOOKERS),
        kit.post("/audit/verify", verify, roles=_LOOKERS),
    ]


def _day(text: str) -> Instant | None:
    """The beginning of the day in Japan; None where the text is none, for a filter then filters nothing."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=JAPAN)
    except ValueError:
        return None
