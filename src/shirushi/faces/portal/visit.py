"""One request to the portal, as a page function sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from shirushi.core.actor import Actor, Role
from shirushi.core.catalogue import Language, lookup
from shirushi.core.document import Document
from shirushi.core.errors import ShirushiError
from shirushi.faces.portal.forms import Form
from shirushi.faces.portal.sessions import Notice, Session
from shirushi.faces.portal.texts import say
from shirushi.faces.portal.uploads import Brought, Kept, Shelf, plain_name

if TYPE_CHECKING:
    from shirushi.faces.portal.kit import Kit


@dataclass(slots=True)
class Visit:
    """A request with its session, its language, and the form it brought. Page functions turn it into a response."""

    kit: Kit
    request: Request
    session: Session
    language: Language
    form: Form = field(default_factory=Form)

    @property
    def actor(self) -> Actor:
        """On whose behalf services are asked."""
        return self.session.actor

    @property
    def query(self) -> Mapping[str, str]:
        """The parameters of the address, without space around them."""
        return {name: value.strip() for name, value in self.request.query_params.items()}

    def argument(self, name: str) -> str:
        """A part of the address's path."""
        return str(self.request.path_params[name])

    def say(self, key: str, **parameters: object) -> str:
        """The text of that key in the page's language."""
        return say(key, self.language, **parameters)

    def page(
        self, template: str, *, status: int = 200, fragment: str | None = None, **context: Any
    ) -> Response:
        """The page; where htmx asks for `fragment`, that block of it alone."""
        notice = self.session.notice
        if notice and not self._wants(fragment):
            self.session = self.kit.sessions.keep(replace(self.session, notice=None))
        html = self.kit.render(
            self, template, fragment if self._wants(fragment) else None, notice=notice, **context
        )
        return HTMLResponse(html, status)

    def problem(self, error: ShirushiError) -> Response:
        """The page that says what went wrong and what can be done."""
        status = lookup(error.code).http_status
        if status == HTTPStatus.INTERNAL_SERVER_ERROR and not self.actor.has(Role.OPERATOR):
            error = ShirushiError()  # what failed inside, and where, is for operators
        return self.page("problem.html", status=status, error=error, number=status)

    def go(self, address: str, notice: str | None = None, **parameters: object) -> Response:
        """Send the browser on, with a notice for the next page."""
        if notice:
            pairs = tuple((name, str(value)) for name, value in parameters.items())
            self.session = self.kit.sessions.keep(replace(self.session, notice=Notice(notice, pairs)))
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)

    def download(
        self, document: Document, name: str, media_type: str | None = None, *, shown: bool = False
    ) -> Response:
        """The document's bytes, piece by piece, to be saved under `name`; with `shown`, to be looked at instead."""
        kind = "inline" if shown else "attachment"
        headers = {
            "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Length": str(document.size),
        }
        chunks: Iterator[bytes] = document.chunks()
        return StreamingResponse(chunks, headers=headers, media_type=media_type or document.media_type)

    def take_in(self, field_name: str, **facts: Any) -> Kept:
        """Keep the file that the form brought; raises `UploadMissing`, `NoRoomForUploads`."""
        upload = self.form.upload(field_name)
        return self._shelf(keep=True).take_in(upload.name, upload.content, facts)

    def brought(self, field_name: str) -> tuple[Document, ...]:
        """The files that the form brought, readable until it is answered; raises `UploadMissing`."""
        uploads = self.form.all_uploads(field_name)
        return tuple(Document(Brought(each.content), b"", plain_name(each.name)) for each in uploads)

    def put(self, document: Document, name: str, **facts: Any) -> Kept:
        """Keep a document that was made here."""
        return self._shelf(keep=True).put(document, name, facts)

    def kept(self, id_: str) -> Kept:
        """A document that this session keeps; raises `UploadGone`."""
        return self._shelf().find(id_)

    def remember(self, kept: Kept, **facts: Any) -> Kept:
        """Remember these facts about a kept document instead."""
        return self._shelf().remember(kept, facts)

    def drop(self, kept: Kept) -> None:
        """Forget a kept document."""
        self._shelf().drop(kept)

    def _shelf(self, *, keep: bool = False) -> Shelf:
        if keep:
            self.session = self.kit.sessions.keep(self.session)
        return Shelf(self.session.folder, self.kit.files)

    def _wants(self, fragment: str | None) -> bool:
        return fragment is not None and self.request.headers.get("hx-target") == fragment
