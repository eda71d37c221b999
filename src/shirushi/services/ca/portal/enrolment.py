"""Enrolment by protocol: ACME accounts and orders, and the codes of devices, which operators make."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model.est import EnrolmentCode
from shirushi.services.ca.portal.sections import LOOKERS, OPERATORS, shown
from shirushi.services.ca.service.enrolment import Enrolment

_HERE = "/ca/enrolment"


def enrolment_pages(enrolment: Enrolment, kit: Kit) -> list[Route]:
    """The page on ACME and EST."""

    def show(visit: Visit, made: EnrolmentCode | None = None, secret: str | None = None) -> Response:
        acme = enrolment.acme
        accounts, orders = acme.overview(visit.actor) if acme else ([], [])
        return shown(
            visit,
            "enrolment.html",
            acme=acme.terms if acme else None,
            codes=enrolment.est.codes(visit.actor),
            accounts=accounts,
            orders=orders,
            est=tuple(enrolment.est.terms.values()),
            base=str(visit.request.base_url).rstrip("/"),
            now=kit.clock.now(),
            made=made,
            secret=secret,
        )

    def make(visit: Visit) -> Response:
        label, subject = visit.form.get("label") or "", visit.form.get("subject") or None
        made, secret = enrolment.est.new_code(visit.actor, label, subject)
        return show(visit, made, secret)

    return [kit.get(_HERE, show, roles=LOOKERS), kit.post(_HERE, make, roles=OPERATORS)]
