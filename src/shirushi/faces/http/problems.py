"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shirushi.core.actor import Actor, Role
from shirushi.core.catalogue import Language, lookup
from shirushi.core.errors import ShirushiError
from shirushi.faces.http.errors import RateLimited, ServerBusy, TokenMissing
from shirushi.faces.http.intake import discard
from shirushi.ports.access import TokenRefused
from shirushi.ports.replies import IdempotencyInProgress

MEDIA_TYPE = "application/problem+json"


def problem(error: ShirushiError, language: Language, actor: Actor | None = None) -> dict[str, Any]:
    """The members of the problem.

    What failed inside, and where, is for operators: others learn its code.
    """
    status = lookup(error.code).http_status
    told = error
    if status == HTTPStatus.INTERNAL_SERVER_ERROR and not (actor and actor.has(Role.OPERATOR)):
        told = ShirushiError()
    return {
        "type": f"urn:shirushi:problem:{error.code.lower().replace('_', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": told.explain(language),
        "code": error.code,
        "remedy": told.remedy(language),
    }


class ProblemResponse(Response):
    """An error as an answer. What is left of the request's body is read for a moment, so that the client sees it."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        error: ShirushiError,
        language: Language,
        actor: Actor | None = None,
        headers: dict[str, str] | None = None,
        *,
        unread: bool = False,
        type_: str | None = None,
    ) -> None:
        members = problem(error, language, actor)
        members["type"] = type_ or members["type"]
        headers = {"Content-Language": language, "Cache-Control": "no-store", **(headers or {})}
        if isinstance(error, TokenMissing):
            headers["WWW-Authenticate"] = 'Bearer realm="shirushi"'
        elif isinstance(error, TokenRefused):
            headers["WWW-Authenticate"] = 'Bearer realm="shirushi", error="invalid_token"'
        elif isinstance(error, RateLimited | ServerBusy | IdempotencyInProgress):
            headers["Retry-After"] = str(error.parameters.get("seconds", 1))
        if unread:
            headers["Connection"] = "close"
        self._unread = unread
        super().__init__(json.dumps(members, ensure_ascii=False), members["status"], headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; where a body is still coming, close only after the client had time to read it."""
        if not self._unread:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        await discard(scope, receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
