"""Several documents: bring them, agree once, watch, cancel, take home what was signed."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.actor import Role
from shirushi.core.catalogue import lookup
from shirushi.core.errors import ShirushiError
from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.visit import Visit
from shirushi.services.signing.model import (
    ActivationForeign,
    Batch,
    BatchDocument,
    BatchOrder,
    BatchState,
)
from shirushi.services.signing.portal.asking import Way, asked, wish
from shirushi.services.signing.service import Batches, Signing

MOST_AT_ONCE = 1_000
"""Files that one form brings; further ones are added."""
SHOWN = 100
"""Documents on a page."""


def pages(service: Signing, batches: Batches, kit: Kit, way: Way) -> list[Route]:
    """The pages on several documents."""

    def place(visit: Visit) -> str:
        return f"/{way.name}/batches/{visit.argument('id')}"

    def show(visit: Visit) -> Response:
        found = batches.find(visit.actor, visit.argument("id"))
        return check(visit, found) if found.state is BatchState.COLLECTING else progress(visit, found)

    def check(visit: Visit, found: Batch, error: ShirushiError | None = None) -> Response:
        return visit.page(
            "signing/batch.html",
            status=lookup(error.code).http_status if error else 200,
            batch=found,
            documents=batches.documents(visit.actor, found.id, limit=SHOWN),
            **asked(visit, service, way, is_pdf=True, error=error),
        )

    def progress(visit: Visit, found: Batch) -> Response:
        given = visit.query.get("after", "")
        after = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
        documents = batches.documents(visit.actor, found.id, after=after, limit=SHOWN)
        return visit.page(
            "signing/progress.html",
            fragment="progress",
            way=way.name,
            batch=found,
            light=_light(found),
            after=after,
            documents=[(each, _told(visit, each)) for each in documents],
            next=documents[-1].number if len(documents) == SHOWN else None,
        )

    def add(visit: Visit) -> Response:
        batches.add(visit.actor, visit.argument("id"), visit.brought("document"))
        return visit.go(place(visit))

    def begin(visit: Visit) -> Response:
        found = batches.find(visit.actor, visit.argument("id"))
        if found.state is not BatchState.COLLECTING:
            return visit.go(place(visit))
        try:
            wanted = wish(visit, service, kit, way)
            order = BatchOrder(
                found,
                wanted.credential,
                wanted.level,
                wanted.said,
                wanted.form,
                wanted.on_behalf_of,
                wanted.content_timestamp,
                wanted.fitted,
            )
            if (
                visit.form.get("covers") != found.digest.hex()
            ):  # documents were added that the page did not show
                raise ActivationForeign(id=wanted.credential.id)
            activation = wanted.credential.activate(order, visit.form.fields.get("pin"))
            batches.begin(visit.actor, order, activation)
        except ShirushiError as error:
            return check(visit, found, error)
        return visit.go(place(visit))

    def cancel(visit: Visit) -> Response:
        batches.cancel(visit.actor, visit.argument("id"))
        return visit.go(place(visit))

    def remove(visit: Visit) -> Response:
        batches.remove(visit.actor, visit.argument("id"))
        return visit.go(f"/{way.name}", "batch.removed")

    def hand_out(visit: Visit) -> Response:
        found = batches.result(visit.actor, visit.argument("id"), int(visit.argument("number")))
        return visit.download(found, found.name)

    def hand_out_all(visit: Visit) -> Response:
        found = batches.archive(visit.actor, visit.argument("id"))
        return visit.download(found, found.name)

    here = f"/{way.name}/batches/{{id}}"
    return [
        kit.get(here, show, roles=way.roles),
        kit.post(here, begin, roles=way.roles),
        kit.post(f"{here}/documents", add, roles=way.roles, upload=True, files=MOST_AT_ONCE),
        kit.post(f"{here}/cancel", cancel, roles=way.roles),
        kit.post(f"{here}/remove", remove, roles=way.roles),
        kit.get(f"{here}/documents/{{number:int}}", hand_out, roles=way.roles),
        kit.get(f"{here}/archive", hand_out_all, roles=way.roles),
    ]


def _light(batch: Batch) -> str:
    if batch.failed:
        return "indeterminate" if batch.signed else "failed"
    if batch.state is BatchState.INTERRUPTED:
        return "indeterminate"
    return "passed" if batch.state is BatchState.DONE else "neutral"


def _told(visit: Visit, document: BatchDocument) -> ShirushiError | None:
    """What kept the document from being signed; what failed inside is for operators."""
    failure = document.failure
    if failure and lookup(failure.code).http_status == 500 and not visit.actor.has(Role.OPERATOR):
        return ShirushiError()
    return failure
