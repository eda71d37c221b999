"""The kit itself: routes, rendering, and what stands around every page."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from math import ceil
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from shirushi.core.actor import Actor, Role
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.core.instant import rfc3339
from shirushi.core.trusted_list import in_language
from shirushi.faces.http.errors import RateLimited
from shirushi.faces.http.limits import Buckets, Limits
from shirushi.faces.portal import languages
from shirushi.faces.portal.errors import PageUnknown
from shirushi.faces.portal.forms import FORM_LIMIT, TOKEN_FIELD, read_form
from shirushi.faces.portal.security import Guarded
from shirushi.faces.portal.sessions import Session, Sessions
from shirushi.faces.portal.static import PATH, portal_files
from shirushi.faces.portal.texts import texts
from shirushi.faces.portal.visit import Visit
from shirushi.ports.access import TokenRefused
from shirushi.ports.clock import Clock
from shirushi.ports.files import Files

FIELDS_ROOM = 64_000
"""Bytes of a form with a file that are not the file's."""

_log = logging.getLogger(__name__)

Page = Callable[[Visit], Response]
"""Answers a visit. It runs in a thread of its own and may take its time."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that people come for: it stands in the navigation and, as a card, on the start page.

    Its texts are `task.<name>` and `task.<name>.about`. `roles` None: for everyone.
    """

    name: str
    address: str
    roles: frozenset[Role] | None = None
    order: int = 50

    def open_to(self, actor: Actor) -> bool:
        """Whether the actor may begin it, or may after signing in where nobody has."""
        return not self.roles or actor.has(*self.roles)


class Kit:
    """What the services' pages are made with.

    Args:
        name: the trust domain's name.
        sessions: keeps sessions and what people bring.
        files: opens and writes the documents in a session's folder.
        clock: tells what day a mark bears.
        secure: whether browsers reach the portal by HTTPS: cookies are then sent no other way.
        limits: how much one visitor may ask, and bring.
    """

    def __init__(
        self,
        *,
        name: str,
        sessions: Sessions,
        files: Files,
        clock: Clock,
        secure: bool,
        limits: Limits,
    ) -> None:
        self.name = name
        self.sessions = sessions
        self.files = files
        self.clock = clock
        self.tasks: list[Task] = []
        self.upload_limit = limits.document_bytes
        self._limits = limits
        self._buckets = Buckets(limits.requests_per_second, limits.burst)
        self._secure = secure
        self._cookie = "__Host-shirushi" if secure else "shirushi"
        self._static = portal_files()
        self._templates = _templates()

    def task(self, task: Task) -> None:
        """Offer a task."""
        self.tasks.append(task)
        self.tasks.sort(key=lambda each: each.order)

    def get(self, path: str, page: Page, *, roles: Collection[Role] | None = None) -> Route:
        """A page. `roles` None: for everyone; empty: for whoever has signed in."""
        return Route(path, self._endpoint(page, roles, 0, 0), methods=["GET"])

    def post(
        self,
        path: str,
        page: Page,
        *,
        roles: Collection[Role] | None = None,
        upload: bool = False,
        files: int = 1,
    ) -> Route:
        """What a form is sent to; with `upload` it may bring a file, or as many as `files`."""
        limit = self.upload_limit + FIELDS_ROOM if upload else FORM_LIMIT
        return Route(path, self._endpoint(page, roles, limit, files), methods=["POST"])

    def application(self, routes: Sequence[Route]) -> ASGIApp:
        """The portal with these pages, its static files, signing in, and the choice of language."""
        handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
            HTTPException: self._no_page,
            Exception: self._failed,
        }
        every = [*self.own_routes, *routes]
        return Guarded(Starlette(routes=every, exception_handlers=handlers), secure=self._secure)

    @cached_property
    def own_routes(self) -> tuple[Route, ...]:
        """What every portal has beside the services' pages."""
        return (
            Route(f"{PATH}/{{name}}", self._static.serve, methods=["GET"]),
            Route("/language/{language}", self._choose_language, methods=["GET"]),
            self.get("/sign-in", _sign_in),
            self.post("/sign-in", self._signed_in),
            self.post("/sign-out", self._signed_out),
        )

    def render(self, visit: Visit, template: str, fragment: str | None, **context: Any) -> str:
        """The template's text, or that of one of its blocks."""
        found = self._templates.get_template(template)
        everything = {
            "visit": visit,
            "t": visit.say,
            "language": visit.language,
            "other_language": "en" if visit.language == "ja" else "ja",
            "here": visit.request.url.path
            + (f"?{visit.request.url.query}" if visit.request.url.query else ""),
            "path": visit.request.url.path,
            "actor": visit.actor,
            "signed_in": visit.session.signed_in,
            "tasks": self.tasks,
            "domain_name": self.name,
            "static": self._static.address,
            "token_field": TOKEN_FIELD,
            "token": visit.session.token,
            "upload_limit": languages.size(self.upload_limit),
            "known": texts().__contains__,
            "when": lambda at: languages.date_time(at, visit.language),
            "readable": lambda reason: languages.readable(reason, visit.language),
            "place": lambda where: languages.place(where, visit.language),
            "day": lambda at: languages.date(at, visit.language),
            **context,
        }
        if fragment is None:
            return found.render(everything)
        block = found.new_context(everything)
        return "".join(found.blocks[fragment](block))

    def _endpoint(
        self, page: Page, roles: Collection[Role] | None, limit: int, files: int
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            visit = await run_in_threadpool(self._visit, request)
            data = None
            try:
                self._take_turn(visit)
                if limit:
                    visit.form, data = await read_form(request, visit.session, limit, self._limits, files)
                if roles is not None and not visit.session.signed_in:
                    return visit.go(f"/sign-in?next={quote(visit.request.url.path)}")
                if roles and not visit.actor.has(*roles):
                    raise NotPermitted(actor=visit.actor.id, action=visit.request.url.path)
                response = await run_in_threadpool(page, visit)
            except ShirushiError as error:
                response = await run_in_threadpool(visit.problem, error)
            finally:
                if data is not None:
                    await data.close()
            return self._with_cookie(visit.session, response)

        return answer

    def _take_turn(self, visit: Visit) -> None:
        """Raise `RateLimited` where the actor, or else the address, asks too often."""
        client = visit.request.client
        caller = visit.actor.id if visit.session.signed_in else client.host if client else ""
        if seconds := self._buckets.take(caller):
            raise RateLimited(seconds=ceil(seconds))

    def _visit(self, request: Request) -> Visit:
        language = languages.negotiate(
            request.cookies.get(languages.COOKIE), request.headers.get("accept-language", "")
        )
        return Visit(self, request, self.sessions.find(request.cookies.get(self._cookie)), language)

    def _with_cookie(self, session: Session, response: Response) -> Response:
        if session.fresh:
            response.set_cookie(
                self._cookie, session.name, path="/", secure=self._secure, httponly=True, samesite="lax"
            )
        return response

    def _signed_in(self, visit: Visit) -> Response:
        address = local_address(visit.form.get("next"))
        try:
            visit.session = self.sessions.sign_in(visit.session, visit.form.get("sign-in-token"))
        except TokenRefused as refused:
            return visit.page("sign-in.html", status=403, refused=refused, next=address)
        return visit.go(address, "signed-in", name=visit.actor.id)

    def _signed_out(self, visit: Visit) -> Response:
        self.sessions.end(visit.session)
        visit.session = self.sessions.find(None)
        return visit.go("/", "signed-out")

    async def _choose_language(self, request: Request) -> Response:
        visit = await run_in_threadpool(self._visit, request)
        response = visit.go(local_address(request.query_params.get("next", "")))
        language = request.path_params["language"]
        if language in languages.LANGUAGES:
            response.set_cookie(
                languages.COOKIE,
                language,
                max_age=31_536_000,
                path="/",
                secure=self._secure,
                httponly=True,
                samesite="lax",
            )
        return response

    async def _no_page(self, request: Request, error: Exception) -> Response:
        visit = await run_in_threadpool(self._visit, request)
        response = await run_in_threadpool(visit.problem, PageUnknown())
        if isinstance(error, HTTPException):
            response.status_code = error.status_code
            response.headers.update(error.headers or {})
        return response

    async def _failed(self, request: Request, error: Exception) -> Response:
        _log.error("a page failed", exc_info=error)
        visit = await run_in_threadpool(self._visit, request)
        return await run_in_threadpool(visit.problem, ShirushiError())


def local_address(address: str) -> str:
    """The address if it is one of this portal's, else the start page: nobody is sent elsewhere (CWE-601)."""
    local = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if local and address.isprintable() else "/"


def _sign_in(visit: Visit) -> Response:
    return visit.page("sign-in.html", refused=None, next=local_address(visit.query.get("next", "")))


def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(files("shirushi") / "faces" / "portal" / "templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "rfc3339": rfc3339,
        "size": languages.size,
        "short": languages.short,
        "common_name": languages.common_name,
        "items_of": dict,
        "in_language": in_language,
        "sha256": lambda octets: sha256(octets).hexdigest(),
        "spaced": lambda text: " ".join(text[i : i + 4] for i in range(0, len(text), 4)),
    }
    return environment
