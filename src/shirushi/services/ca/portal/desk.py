"""The desk: what waits for somebody, and whether relying parties are told what they should be."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.actor import Actor
from shirushi.core.instant import Instant
from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model.searching import Sought, Standing
from shirushi.services.ca.model.subject_request import RequestState
from shirushi.services.ca.portal.sections import EVERYBODY, LOOKERS, shown
from shirushi.services.ca.service.enrolment import Enrolment

SOON = timedelta(days=30)


def desk_pages(enrolment: Enrolment, kit: Kit) -> list[Route]:
    """The page under `/ca`; subscribers are sent to their requests."""
    ca = enrolment.ca

    def desk(visit: Visit) -> Response:
        if not visit.actor.has(*LOOKERS):
            return visit.go("/ca/requests")
        now = kit.clock.now()
        published = [
            each for each in ca.publications(visit.actor) if each.authority.certificate.not_after > now
        ]
        missing = [each.authority.name for each in published if any(not one.record for one in each.lists)]
        overdue = [
            each.authority.name
            for each in published
            if any(one.record and one.overdue(now) for one in each.lists)
        ]
        return shown(
            visit,
            "desk.html",
            waiting=_waiting(visit.actor, now),
            overdue=overdue,
            missing=missing,
            soon=SOON.days,
        )

    def _waiting(actor: Actor, now: Instant) -> list[tuple[str, str, int, str]]:
        """What waits: name, address, how many, and the light where there are any."""
        waiting = len(enrolment.requests.list_(actor, RequestState.WAITING))
        approved = len(enrolment.requests.list_(actor, RequestState.APPROVED))
        return [
            ("requests", "/ca/requests", waiting + approved, "indeterminate"),
            ("flags", "/ca/registers#flags", len(ca.flags(actor)), "indeterminate"),
            (
                "held",
                "/ca/certificates?standing=on-hold",
                ca.count(actor, Sought(standing=Standing.ON_HOLD)),
                "indeterminate",
            ),
            (
                "ending",
                f"/ca/certificates?days={SOON.days}",
                ca.count(actor, Sought(ends_before=now + SOON)),
                "neutral",
            ),
        ]

    return [kit.get("/ca", desk, roles=EVERYBODY)]
