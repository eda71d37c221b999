"""HTTP/1.1 with bounds: how long and how large a request's head may be, how long an answer may wait to be read."""

from __future__ import annotations

import asyncio
import json
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from shirushi.core.errors import ShirushiError
from shirushi.faces.http.credentials import CERTIFICATE, PEER
from shirushi.faces.http.problems import MEDIA_TYPE, problem

LARGEST_HEAD = 65_536
"""Bytes of a request line and its header fields."""
UNREAD_SECONDS = 2.0
"""How long the rest of a body may still come after it was answered."""
UNTAKEN_SECONDS = 60.0
"""How long a client may leave an answer unread before the connection is cut."""


class HeadTooLarge(ShirushiError):
    """The header fields are too large."""

    code = "HEAD_TOO_LARGE"


class HeadTooSlow(ShirushiError):
    """The header fields do not arrive in time."""

    code = "HEAD_TOO_SLOW"


class HttpMalformed(ShirushiError):
    """What arrived is no HTTP request."""

    code = "HTTP_MALFORMED"


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol with the bounds that it lacks."""

    head_seconds: ClassVar[float] = 10.0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._timer: asyncio.TimerHandle | None = None
        self._untaken: asyncio.TimerHandle | None = None
        self._in_head = False
        self._whole = True
        self._head_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """A client has connected: its first request begins now."""
        super().connection_made(transport)
        self._arm(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._disarm()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Octets have arrived."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_size += len(data)
            if self._head_size > LARGEST_HEAD:
                self._refuse(HeadTooLarge())
        elif self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._arm(self.head_seconds)

    def on_message_begin(self) -> None:
        """A request has begun."""
        super().on_message_begin()
        self._in_head, self._whole, self._head_size = True, False, 0
        self.scope[PEER] = self.client[0] if self.client else ""  # type: ignore[literal-required]  # our own words
        tls = self.transport.get_extra_info("ssl_object")
        self.scope[CERTIFICATE] = tls.getpeercert(binary_form=True) if tls else None  # type: ignore[literal-required]  # as above
        self._arm(self.head_seconds)

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        self._in_head = False
        self._disarm()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """It is whole."""
        self._whole = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It was answered, perhaps before its body was whole."""
        super().on_response_complete()
        if not self._whole and not self._in_head:
            self._arm(UNREAD_SECONDS)

    def pause_writing(self) -> None:
        """The client does not read as fast as is written."""
        super().pause_writing()
        self._untaken = self.loop.call_later(UNTAKEN_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None
        if self.flow is not None:
            super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  its text is uvicorn's
        """What arrived is no HTTP."""
        self._refuse(HttpMalformed())

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._timer = self.loop.call_later(seconds, self._late)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self._in_head:
            self._refuse(HeadTooSlow())
        else:
            self.transport.close()

    def _refuse(self, error: ShirushiError) -> None:
        """Answer without the application, unless an answer is under way, and close."""
        self._disarm()
        cycle = self.cycle
        if cycle is None or cycle.response_complete or not cycle.response_started:
            members = problem(error, "en")
            body = json.dumps(members, ensure_ascii=False).encode()
            head = (
                f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
                "cache-control: no-store\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(STATUS_LINE[members["status"]] + head.encode() + body)
        self.transport.close()
