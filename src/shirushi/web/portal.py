"""The portal of a trust domain: every service's pages in one kit, and the page on the platform's health."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope

from shirushi.core.actor import Role
from shirushi.domain import Domain, LocalFiles
from shirushi.faces.http import Limits
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.sessions import Sessions
from shirushi.faces.portal.visit import Visit
from shirushi.services.assurance import portal as assurance
from shirushi.services.audit import portal as audit
from shirushi.services.ca import portal as ca
from shirushi.services.clock import portal as clock
from shirushi.services.signing import portal as signing
from shirushi.services.trustlist import portal as trustlist
from shirushi.services.tsa import portal as tsa
from shirushi.services.validation import portal as validation
from shirushi.web.readiness import conditions, readiness_report

_LOOKERS = frozenset({Role.OPERATOR, Role.AUDITOR})


class Pages(Mount):
    """The portal, for the addresses of its pages; and for browsers, which get a page to say that there is none."""

    def __init__(self, kit: Kit, routes: list[Route]) -> None:
        super().__init__("", app=kit.application(routes))
        self._pages: list[BaseRoute] = [*kit.own_routes, *routes]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the portal answers."""
        if any(page.matches(scope)[0] is not Match.NONE for page in self._pages) or _is_browser(scope):
            return super().matches(scope)
        return Match.NONE, {}


def portal(domain: Domain, limits: Limits) -> Pages:
    """The portal of `domain`."""
    ports, services, said = domain.ports, domain.services, domain.configuration
    kit = Kit(
        name=domain.name,
        sessions=Sessions(ports.visits, ports.clock, ports.tokens),
        files=LocalFiles(),
        clock=ports.clock,
        secure=said.domain.address.startswith("https:") or bool(said.serve.certificate),
        limits=limits,
    )
    verdicts = validation.Verdicts(services.validation)
    return Pages(
        kit,
        [
            *validation.pages(verdicts, kit),
            *signing.pages(services.signing, services.batches, kit),
            *tsa.pages(services.tsa, kit),
            *ca.pages(services.enrolment, kit),
            *assurance.pages(services.assurance, kit),
            *audit.pages(services.audit, kit),
            *clock.pages(services.clock, kit),
            *trustlist.pages(services.trusted_lists, kit, verdicts.of),
            *_health(domain, kit),
        ],
    )


def _health(domain: Domain, kit: Kit) -> list[Route]:
    """The page on the platform's health, for operators and auditors."""
    kit.task(Task("health", "/health", _LOOKERS, order=60))

    def show(visit: Visit) -> Response:
        found = readiness_report(conditions(domain), visit.language)
        return visit.page("health.html", fragment="conditions", found=found, at=domain.ports.clock.now())

    return [kit.get("/health", show, roles=_LOOKERS)]


def _is_browser(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or scope["path"].startswith("/api/"):
        return False
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
