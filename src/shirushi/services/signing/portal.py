"""The pages for signing and sealing: bring a document, look at it, agree, take it home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response
from starlette.routing import Route

from shirushi.codecs.pdf.geometry import geometry
from shirushi.codecs.pdf.pages import pages as pdf_pages
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.core.actor import Role
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.catalogue import lookup
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput, ShirushiError
from shirushi.core.evidence import Level
from shirushi.core.representation import Representation
from shirushi.faces.portal import languages
from shirushi.faces.portal.kit import Kit, Task
from shirushi.faces.portal.uploads import Kept, beside
from shirushi.faces.portal.visit import Visit
from shirushi.formats.protocol import SignatureParameters, VisibleMark
from shirushi.services.signing.model import Credential, CredentialKind, PinLocked, PinState, WrongPin
from shirushi.services.signing.service import Signing

PLACES = tuple(
    f"{row}-{column}" for row in ("top", "middle", "bottom") for column in ("left", "centre", "right")
)
"""Where on a page the mark may stand, in the order in which people read the page."""
MARK_WIDTH, MARK_HEIGHT, MARGIN = 190.0, 58.0, 36.0
"""The mark's size and its distance from the edges, in points."""

PDF = "application/pdf"
_LOOKERS = frozenset({Role.OPERATOR, Role.AUDITOR})
_LEVELS = {level.value: level for level in (Level.B_T, Level.B_LTA, Level.B_B)}


@dataclass(frozen=True, slots=True)
class Pages:
    """What is known of a PDF's pages: how many there are, and the size of the first and the last one in points."""

    count: int
    first: tuple[float, float]
    last: tuple[float, float]

    @property
    def broad(self) -> bool:
        """Whether the first page lies on its side."""
        return self.first[0] > self.first[1]


@dataclass(frozen=True, slots=True)
class _Way:
    """The two ways through these pages: a person's signature, and a company's seal."""

    name: str
    kind: CredentialKind
    roles: frozenset[Role]
    done: str


_WAYS = (
    _Way("sign", CredentialKind.SIGNATURE, frozenset({Role.SIGNER, Role.OPERATOR}), "signed"),
    _Way("seal", CredentialKind.SEAL, frozenset({Role.SIGNER, Role.OPERATOR}), "sealed"),
)


def pages(service: Signing, kit: Kit) -> list[Route]:
    """The pages of signing and of sealing, for signers and operators; the service says who may use which credential."""
    ways = [route for order, way in enumerate(_WAYS, 20) for route in _way(service, kit, way, order)]
    return [*ways, *_renewals(service, kit)]


def _way(service: Signing, kit: Kit, way: _Way, order: int) -> list[Route]:
    kit.task(Task(way.name, f"/{way.name}", way.roles, order))

    def choose(visit: Visit) -> Response:
        return visit.page("signing/choose.html", way=way.name, credentials=_credentials(service, visit, way))

    def take_in(visit: Visit) -> Response:
        kept = visit.take_in("document", way=way.name)
        return visit.go(f"/{way.name}/{kept.id}")

    def check(visit: Visit) -> Response:
        return form(visit, visit.kept(visit.argument("id")))

    def form(visit: Visit, kept: Kept, error: ShirushiError | None = None) -> Response:
        credentials = _credentials(service, visit, way)
        return visit.page(
            "signing/check.html",
            status=lookup(error.code).http_status if error else 200,
            way=way.name,
            kept=kept,
            digest=kept.document.digest(DigestAlgorithm.SHA256).value.hex(),
            pages=pages_of(kept.document),
            is_pdf=kept.document.media_type == PDF,
            places=PLACES,
            levels=_LEVELS,
            credentials=credentials,
            forms=service.forms(visit.actor),
            given=visit.form,
            error=error,
            pin_wrong=isinstance(error, (WrongPin, PinLocked)),
            takes_pin=way.kind is CredentialKind.SIGNATURE,
        )

    def look(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        shown = kept.document.media_type == PDF
        return visit.download(kept.document, kept.document.name, shown=shown)

    def sign(visit: Visit) -> Response:
        kept = visit.kept(visit.argument("id"))
        try:
            credential = service.credential(visit.actor, visit.form.get("as"))
            level = _LEVELS.get(visit.form.get("level"), Level.B_T)
            form_name = visit.form.get("format") or None
            user = visit.form.get("behalf")[:200] if way.kind is CredentialKind.SEAL else ""
            parameters = _parameters(visit, kit, kept.document, credential, way)
            request = service.prepare(
                visit.actor,
                kept.document,
                credential,
                level=level,
                parameters=parameters if form_name in {None, "pades"} else replace(parameters, mark=None),
                form=form_name,
                on_behalf_of=user,
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
            level=level.value,
            representation=_representation(way, user).value,
            user=user,
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
        kit.get(here, choose, roles=way.roles),
        kit.post(here, take_in, roles=way.roles, upload=True),
        kit.get(f"{here}/{{id}}", check, roles=way.roles),
        kit.post(f"{here}/{{id}}", sign, roles=way.roles),
        kit.get(f"{here}/{{id}}/document", look, roles=way.roles),
        kit.get(f"{here}/{{id}}/done", done, roles=way.roles),
        kit.get(f"{here}/{{id}}/download", hand_out, roles=way.roles),
    ]


def _representation(way: _Way, user: str) -> Representation:
    if way.kind is CredentialKind.SIGNATURE:
        return Representation.OWN
    return Representation.ON_BEHALF if user else Representation.SEAL


def _renewals(service: Signing, kit: Kit) -> list[Route]:
    """The page on what falls due, for operators and auditors."""
    kit.task(Task("renewals", "/renewals", _LOOKERS, order=55))

    def show(visit: Visit) -> Response:
        return visit.page("signing/renewals.html", found=service.renewals(visit.actor))

    return [kit.get("/renewals", show, roles=_LOOKERS)]


def _credentials(service: Signing, visit: Visit, way: _Way) -> Sequence[tuple[Credential, PinState]]:
    found: list[tuple[Credential, PinState]] = []
    after: str | None = ""
    while after is not None:
        page = service.credentials(visit.actor, after=after)
        found += [each for each in page.credentials if each[0].kind is way.kind]
        after = page.next_after
    return found


def pages_of(document: Document) -> Pages | None:
    """What is known of the document's pages; None where it is no PDF of regular structure."""
    try:
        view = PdfReader(document)
        every = list(pdf_pages(view))
        first, last = geometry(view, every[0]), geometry(view, every[-1])
    except (MalformedInput, IndexError):
        return None
    return Pages(len(every), (first.width, first.height), (last.width, last.height))


def box_at(place: str, size: tuple[float, float]) -> tuple[float, float, float, float]:
    """The mark's rectangle (left, bottom, width, height in points) at one of `PLACES` on a page of that size."""
    row, column = place.split("-")
    width, height = min(MARK_WIDTH, size[0] * 0.8), min(MARK_HEIGHT, size[1] * 0.2)
    across, up = size[0] - width, size[1] - height
    left = {"left": min(MARGIN, across / 2), "centre": across / 2, "right": max(across - MARGIN, across / 2)}
    bottom = {"bottom": min(MARGIN, up / 2), "middle": up / 2, "top": max(up - MARGIN, up / 2)}
    return left[column], bottom[row], width, height


def _parameters(
    visit: Visit, kit: Kit, document: Document, credential: Credential, way: _Way
) -> SignatureParameters:
    reason = visit.form.get("reason")[:200] or None
    place, page = visit.form.get("place", "bottom-right"), visit.form.get("mark")
    known = pages_of(document)
    if page not in {"first", "last"} or place not in PLACES or known is None:
        return SignatureParameters(reason=reason)
    name = languages.common_name(credential.chain[0].subject.text)
    day = languages.date(kit.clock.now(), visit.language)
    mark = VisibleMark(
        (name, visit.say(f"{way.name}.mark.line", day=day)),
        page=1 if page == "first" else -1,
        box=box_at(place, known.first if page == "first" else known.last),
    )
    return SignatureParameters(reason=reason, mark=mark)
