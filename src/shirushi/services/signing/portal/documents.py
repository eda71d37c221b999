"""One document: bring it, look at it, agree, take it home."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.catalogue import lookup
from shirushi.core.document import beside
from shirushi.core.errors import ShirushiError
from shirushi.core.representation import Representation
from shirushi.faces.portal.kit import Kit
from shirushi.faces.portal.uploads import Kept
from shirushi.faces.portal.visit import Visit
from shirushi.services.signing.model import CredentialKind
from shirushi.services.signing.portal.asking import Way, asked, wish
from shirushi.services.signing.portal.marks import pages_of
from shirushi.services.signing.service import Signing

PDF = "application/pdf"


def pages(service: Signing, kit: Kit, way: Way) -> list[Route]:
    """The pages on one document."""

    def check(visit: Visit) -> Response:
        return form(visit, visit.kept(visit.argument("id")))

    def form(visit: Visit, kept: Kept, error: ShirushiError | None = None) -> Response:
        is_pdf = kept.document.media_type == PDF
        return visit.page(
            "signing/check.html",
            status=lookup(error.code).http_status if error else 200,
            kept=kept,
            digest=kept.document.digest(DigestAlgorithm.SHA256).value.hex(),
            pages=pages_of(kept.document),
            is_pdf=is_pdf,
            **asked(visit, service, way, is_pdf=is_pdf, error=error),
        )

    def look(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        shown = kept.document.media_type == PDF
        return visit.download(kept.document, kept.document.name, shown=shown)

    def sign(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        try:
            wanted = wish(visit, service, kit, way)
            credential = wanted.credential
            request = service.prepare(
                visit.actor,
                kept.document,
                credential,
                level=wanted.level,
                parameters=wanted.fitted(kept.document, wanted.said),
                content_timestamp=wanted.content_timestamp,
                form=wanted.form,
                on_behalf_of=wanted.on_behalf_of,
            )
            activation = credential.activate(request, visit.form.fields.get("pin"))
            signed = service.sign(visit.actor, request, activation)
        except ShirushiError as error:
            return form(visit, kept, error)
        same = signed.name in {"", kept.document.name}
        made = visit.put(
            signed,
            beside(kept.document.name, way.done) if same else signed.name,
            way=way.name,
            by=credential.id,
            level=wanted.level.value,
            representation=representation(way, wanted.on_behalf_of).value,
            user=wanted.on_behalf_of,
        )
        return visit.go(f"/{way.name}/{made.id}/done")

    def done(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        digest = kept.document.digest(DigestAlgorithm.SHA256).value.hex()
        return visit.page("signing/done.html", way=way.name, kept=kept, digest=digest)

    def hand_out(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        return visit.download(kept.document, kept.document.name)

    here = f"/{way.name}"
    return [
        kit.get(f"{here}/{{id}}", check, roles=way.roles),
        kit.post(f"{here}/{{id}}", sign, roles=way.roles),
        kit.get(f"{here}/{{id}}/document", look, roles=way.roles),
        kit.get(f"{here}/{{id}}/done", done, roles=way.roles),
        kit.get(f"{here}/{{id}}/download", hand_out, roles=way.roles),
    ]


def representation(way: Way, user: str) -> Representation:
    """Whose the signature is."""
    if way.kind is CredentialKind.SIGNATURE:
        return Representation.OWN
    return Representation.ON_BEHALF if user else Representation.SEAL
