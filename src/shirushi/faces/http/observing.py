"""What surrounds every request, of operations and pages alike: a number, a count, a line in the log, safe headers."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Protocol

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shirushi.core.errors import ShirushiError
from shirushi.faces.http.errors import MethodRefused, RouteUnknown, ServerBusy
from shirushi.faces.http.language import preferred
from shirushi.faces.http.problems import ProblemResponse

_log = logging.getLogger(__name__)

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Header fields of every answer that does not set them itself."""


class Meter(Protocol):
    """Counts what happens."""

    def began(self) -> None:
        """A request is in hand."""
        ...

    def ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """It was answered."""
        ...


class Tracer(Protocol):
    """Tells elsewhere what happened."""

    def ended(self, route: str, method: str, status: int, seconds: float, parent: str) -> None:
        """A request was answered; `parent` is the traceparent field that came with it."""
        ...


class Observing:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, meter: Meter, at_once: int, tracer: Tracer | None = None) -> None:
        self._app = app
        self._tracer = tracer
        self._meter = meter
        self._at_once = at_once
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, started = time.perf_counter(), 499, False
        number = secrets.token_hex(8)

        async def observed(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in SAFE.items():
                    headers.setdefault(name, value)
                headers["Request-Id"] = number
            await send(message)

        self._meter.began()
        self._in_hand += 1
        try:
            if self._in_hand > self._at_once:
                await _refusal(scope, ServerBusy())(scope, receive, observed)
            else:
                await self._app(scope, receive, observed)
        except Exception:
            _log.exception("http.failed", extra={"request": number, "route": _route(scope)})
            if started:  # nothing true can be said any more: the server cuts the connection
                raise
            await _refusal(scope, ShirushiError())(scope, receive, observed)
        finally:
            self._in_hand -= 1
            seconds = time.perf_counter() - began
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._meter.ended(_route(scope), method, status, seconds)
            if self._tracer is not None:
                self._tracer.ended(_route(scope), method, status, seconds, _header(scope, b"traceparent"))
            facts = {
                "request": number,
                "route": _route(scope),
                "method": method,
                "status": status,
                "duration_ms": round(seconds * 1000, 1),
                "code": scope.get("shirushi.code"),
            }
            _log.info(
                "http.answered", extra={name: value for name, value in facts.items() if value is not None}
            )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


async def refused(request: Request, error: Exception) -> Response:
    """The answer to what no route takes: for Starlette's table of exception handlers."""
    assert isinstance(error, HTTPException)
    known: ShirushiError = (
        MethodRefused(method=request.method) if error.status_code == 405 else RouteUnknown()
    )
    language = preferred(request.headers.get("accept-language", ""))
    return ProblemResponse(
        known, language, headers=dict(error.headers or {}), unread=_has_body(request.scope)
    )


def _refusal(scope: Scope, error: ShirushiError) -> ProblemResponse:
    return ProblemResponse(error, preferred(_header(scope, b"accept-language")), unread=_has_body(scope))


def _header(scope: Scope, name: bytes) -> str:
    found: bytes = next((value for each, value in scope["headers"] if each == name), b"")
    return found.decode("latin-1")


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


def _route(scope: Scope) -> str:
    if "shirushi.route" in scope:
        return str(scope["shirushi.route"])
    endpoint = scope.get("endpoint")
    return getattr(endpoint, "__name__", type(endpoint).__name__) if endpoint else "unmatched"
