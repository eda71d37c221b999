"""The pages for signing and sealing: one document or several, and what falls due."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.actor import Role
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.visit import Visit
from shirushi.services.signing.portal import batches, documents
from shirushi.services.signing.portal.asking import WAYS, Way, credentials
from shirushi.services.signing.service import Batches, Signing

_LOOKERS = frozenset({Role.OPERATOR, Role.AUDITOR})


def pages(service: Signing, many: Batches, kit: Kit) -> list[Route]:
    """The pages of signing and of sealing, for signers and operators; the service says who may use which credential."""
    ways = [route for order, way in enumerate(WAYS, 20) for route in _way(service, many, kit, way, order)]
    return [*ways, *_renewals(service, kit)]


def _way(service: Signing, many: Batches, kit: Kit, way: Way, order: int) -> list[Route]:
    kit.task(Task(way.name, f"/{way.name}", way.roles, order))

    def choose(visit: Visit) -> Response:
        return visit.page(
            "signing/choose.html",
            way=way.name,
            credentials=credentials(service, visit, way),
            batches=many.own(visit.actor),
        )

    def take_in(visit: Visit) -> Response:
        if len(visit.form.all_uploads("document")) == 1:
            kept = visit.take_in("document", way=way.name)
            return visit.go(f"/{way.name}/{kept.id}")
        opened = many.open(visit.actor)
        many.add(visit.actor, opened.id, visit.brought("document"))
        return visit.go(f"/{way.name}/batches/{opened.id}")

    here = f"/{way.name}"
    return [
        kit.get(here, choose, roles=way.roles),
        kit.post(here, take_in, roles=way.roles, upload=True, files=batches.MOST_AT_ONCE),
        *batches.pages(service, many, kit, way),
        *documents.pages(service, kit, way),
    ]


def _renewals(service: Signing, kit: Kit) -> list[Route]:
    """The page on what falls due, for operators and auditors."""
    kit.task(Task("renewals", "/renewals", _LOOKERS, order=55))

    def show(visit: Visit) -> Response:
        return visit.page("signing/renewals.html", found=service.renewals(visit.actor))

    return [kit.get("/renewals", show, roles=_LOOKERS)]


__all__ = ["pages"]
