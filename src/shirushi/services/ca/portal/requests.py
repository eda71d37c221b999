"""Requests: sent in, looked at, approved or declined, issued from; and what subscribers do with their own."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.document import document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import RevocationReason
from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.visit import Visit
from shirushi.services.ca.model import ProfileKind, profile, profile_names
from shirushi.services.ca.model.review import Light
from shirushi.services.ca.model.subject_request import RequestState, WaitingRequest
from shirushi.services.ca.portal.certificates import request_in
from shirushi.services.ca.portal.sections import (
    ASKERS,
    EVERYBODY,
    LOOKERS,
    OPERATORS,
    called,
    reason_in,
    shown,
)
from shirushi.services.ca.service.enrolment import Enrolment

_HERE = "/ca/requests"
REVIEWED = 25
"""So many of the queue are looked at for the list of it; the others when they are opened."""
_OWN_REASONS = (
    RevocationReason.UNSPECIFIED,
    RevocationReason.KEY_COMPROMISE,
    RevocationReason.SUPERSEDED,
    RevocationReason.CESSATION_OF_OPERATION,
    RevocationReason.AFFILIATION_CHANGED,
)
"""For what a subscriber may revoke their own."""
_OPEN = {RequestState.WAITING, RequestState.APPROVED}


def request_pages(enrolment: Enrolment, kit: Kit) -> list[Route]:
    """The queue for operators and auditors; their own requests for everybody who may make some."""
    ca, requests = enrolment.ca, enrolment.requests

    def queue(visit: Visit) -> Response:
        all_ = visit.actor.has(*LOOKERS)
        found = requests.list_(visit.actor) if all_ else enrolment.subscribers.requests(visit.actor)
        return shown(
            visit,
            "requests.html",
            waiting=[
                (each, _second(visit, each), _light(visit, each) if all_ and number < REVIEWED else None)
                for number, each in enumerate(one for one in reversed(found) if one.state in _OPEN)
            ],
            decided=[each for each in found if each.state not in _OPEN],
            everybody=all_,
            may_ask=visit.actor.has(*ASKERS),
        )

    def _light(visit: Visit, request: WaitingRequest) -> Light:
        """The gravest light of its review."""
        lights = {each.light for each in enrolment.reviews.review(visit.actor, request.id).answers}
        return next((grave for grave in (Light.STOP, Light.LOOK) if grave in lights), Light.GOOD)

    def _second(visit: Visit, request: WaitingRequest) -> bool:
        """Whether it takes another operator than the visitor."""
        return profile(request.profile).four_eyes and request.submitted_by == visit.actor.id

    def new(visit: Visit) -> Response:
        return ask(visit)

    def ask(visit: Visit, error: ShirushiError | None = None) -> Response:
        given = visit.form if error else visit.query
        kinds = [name for name in profile_names() if profile(name).kind is ProfileKind.END_ENTITY]
        return shown(
            visit,
            "request-new.html",
            status=400 if error else 200,
            authorities=[each.name for each in ca.authorities(visit.actor) if each.issuer],
            profiles=kinds,
            authority=given.get("authority", ""),
            profile=given.get("profile", ""),
            renews=requests.get(visit.actor, given.get("renews", "")) if given.get("renews") else None,
            csr=visit.form.get("csr"),
            error=error,
        )

    def submit(visit: Visit) -> Response:
        authority, kind, renews = (visit.form.get(name) for name in ("authority", "profile", "renews"))
        try:
            if renews:
                _, chain = enrolment.subscribers.issued(visit.actor, renews)
                made = requests.submit_renewal(visit.actor, chain[0].serial_number, request_in(visit))
            else:
                made = requests.submit(visit.actor, authority, kind, request_in(visit))
        except ShirushiError as error:
            return ask(visit, error)
        return visit.go(f"{_HERE}/{made.id}", "ca.request.sent")

    def look(visit: Visit) -> Response:
        return one(visit)

    def one(visit: Visit, *, unsaid: bool = False, unsure: bool = False) -> Response:
        review = enrolment.reviews.review(visit.actor, visit.argument("id"))
        found = review.request
        issued = None
        if found.serial_number is not None:
            issued, _ = enrolment.subscribers.issued(visit.actor, found.id)
        return shown(
            visit,
            "request.html",
            status=400 if unsaid or unsure else 200,
            review=review,
            request=found,
            issued=issued,
            standing=issued.standing(kit.clock.now()) if issued else None,
            looker=visit.actor.has(*LOOKERS),
            mine=found.submitted_by == visit.actor.id,
            four_eyes=profile(found.profile).four_eyes,
            reasons=_OWN_REASONS,
            unsaid=unsaid,
            unsure=unsure,
            remark=visit.form.get("remark"),
        )

    def decide(visit: Visit) -> Response:
        id_, remark = visit.argument("id"), visit.form.get("remark")
        approve = visit.form.get("decision") == "approve"
        if not approve and not remark:
            return one(visit, unsaid=True)
        decided = requests.decide(visit.actor, id_, approve=approve, remark=remark)
        name = called(decided.subject)
        if not approve:
            return visit.go(_HERE, "ca.request.declined", name=name)
        requests.issue(visit.actor, id_)
        return visit.go(f"{_HERE}/{id_}", "ca.request.issued", name=name)

    def issue(visit: Visit) -> Response:
        id_ = visit.argument("id")
        requests.issue(visit.actor, id_)
        return visit.go(
            f"{_HERE}/{id_}", "ca.request.issued", name=called(requests.get(visit.actor, id_).subject)
        )

    def revoke(visit: Visit) -> Response:
        if visit.form.get("sure") != "yes":
            return one(visit, unsure=True)
        id_ = visit.argument("id")
        enrolment.subscribers.revoke(visit.actor, id_, reason_in(visit))
        name = called(requests.get(visit.actor, id_).subject)
        return visit.go(f"{_HERE}/{id_}", "ca.revoked", name=name)

    def give(visit: Visit) -> Response:
        issued, chain = enrolment.subscribers.issued(visit.actor, visit.argument("id"))
        text = "".join(map(to_pem, chain)).encode()
        return visit.download(document(text), f"{issued.serial_number:x}.chain.pem", "application/x-pem-file")

    place = f"{_HERE}/{{id}}"
    return [
        kit.get(_HERE, queue, roles=EVERYBODY),
        kit.get(f"{_HERE}/new", new, roles=ASKERS),
        kit.post(f"{_HERE}/new", submit, roles=ASKERS, upload=True),
        kit.get(place, look, roles=EVERYBODY),
        kit.post(f"{place}/decision", decide, roles=OPERATORS),
        kit.post(f"{place}/certificate", issue, roles=OPERATORS),
        kit.post(f"{place}/revocation", revoke, roles=ASKERS),
        kit.get(f"{place}/chain", give, roles=EVERYBODY),
    ]
