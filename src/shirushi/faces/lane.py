"""Lanes: HTTP/1.1 for one kind of request at high rates, with whole answers and bodies of known length alone.

httptools reads each request's head once; heads that were seen before are known by their octets. A connection has one
request in hand at a time, and its next is not looked at before that is answered: what comes meanwhile waits, within
bounds. Whoever is slow is cut off by one timer a process. What is asked and what is answered is a `Desk`'s affair.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from email.utils import formatdate
from typing import NamedTuple, Protocol

import httptools

LARGEST_HEAD = 8_192
LARGEST_BODY = 16_384
"""Bytes: a request of the kinds that lanes answer has a few hundred."""
REQUEST_SECONDS = 10.0
"""How long a request may take to arrive, and its answer to be taken."""
IDLE_SECONDS = 75.0
"""How long a connection may stay without a request."""
BACKLOG = 1024
"""Clients that may wait to be taken in while answers are made: beyond it, a client's system tries again after a second."""

CONNECTIONS = 4_096
"""How many connections a process holds at once; further ones are told to come back."""
AT_ONCE = 128
"""How many requests are answered in one go, before the sockets are looked at again."""
_HEADS = 4_096
_KEPT_HEAD = 1_024
_PLAIN = b"content-type: text/plain\r\n"
_END = b"\r\n\r\n"
_WORDS = {
    200: b"200 OK", 304: b"304 Not Modified", 400: b"400 Bad Request", 404: b"404 Not Found",
    405: b"405 Method Not Allowed", 408: b"408 Request Timeout", 411: b"411 Length Required",
    413: b"413 Content Too Large", 415: b"415 Unsupported Media Type",
    431: b"431 Request Header Fields Too Large", 503: b"503 Service Unavailable",
}  # fmt: skip


class Target(NamedTuple):
    """What a request is about: its method, its path without a query, its body's media type, and the copy at hand."""

    method: bytes
    path: bytes
    media_type: bytes
    if_none_match: bytes


class Head(NamedTuple):
    """What the head of a request says: a status other than 200 refuses it."""

    status: int
    length: int
    keep_alive: bool
    expects: bool
    target: Target


class Asked(NamedTuple):
    """A request in hand; it is answered by `connection.answered`, now or later."""

    connection: LaneProtocol
    target: Target
    body: bytes


class Desk(Protocol):
    """What a lane is for."""

    methods: bytes
    """What `Allow` says."""

    def judge(self, target: Target) -> int:
        """200, or the status that refuses such a request."""
        ...

    def answer_all(self, asked: Sequence[Asked]) -> None:
        """Answer requests that arrived together."""
        ...


class _HeadReader:
    """What httptools tells of a head."""

    def __init__(self) -> None:
        self.url = b""
        self.fields: dict[bytes, bytes] = {}

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields[name.lower()] = value

    def head(self, octets: bytes, desk: Desk) -> Head:
        parser = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(octets)
        except httptools.HttpParserUpgrade:
            pass
        except httptools.HttpParserError:
            nothing = Target(b"", b"", b"", b"")
            return Head(400, 0, keep_alive=False, expects=False, target=nothing)
        target = Target(
            parser.get_method(),
            self.url.partition(b"?")[0],
            self.fields.get(b"content-type", b"").partition(b";")[0].strip().lower(),
            self.fields.get(b"if-none-match", b""),
        )
        length = self.fields.get(b"content-length", b"0" if target.method == b"GET" else b"")
        status = desk.judge(target)
        if status in {200, 415}:
            if b"transfer-encoding" in self.fields or not length.isdigit():
                status = 411
            elif len(length) > 9 or int(length) > LARGEST_BODY:
                status = 413
        expects = self.fields.get(b"expect", b"").lower() == b"100-continue"
        size = int(length) if status == 200 else 0
        return Head(status, size, parser.should_keep_alive(), expects, target)


class Lane:
    """What the connections of a process share."""

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self._desk = desk
        self._loop = loop
        self._asked: list[Asked] = []
        self.connections: set[LaneProtocol] = set()
        self.stopping = False
        self.batches = 0
        """In how many goes requests were answered."""
        self._known: dict[bytes, Head] = {}
        self._heads: dict[tuple[int, bytes, int], bytes] = {}

    def ask(self, asked: Asked) -> None:
        """Have a request answered, together with all that have arrived by now."""
        if not self._asked:
            self._loop.call_soon(self._answer)
        self._asked.append(asked)

    def _answer(self) -> None:
        asked, self._asked = self._asked, self._asked[AT_ONCE:]
        if self._asked:
            self._loop.call_soon(self._answer)
        self.batches += 1
        self._desk.answer_all([each for each in asked[:AT_ONCE] if each.connection.here])

    def head(self, octets: bytes) -> Head:
        """What a head says, up to and with its empty line."""
        known = self._known.get(octets)
        if known is None:
            known = _HeadReader().head(octets, self._desk)
            if len(octets) <= _KEPT_HEAD:
                if len(self._known) >= _HEADS:
                    self._known.clear()
                self._known[octets] = known
        return known

    def reply_head(self, status: int, fields: bytes, size: int, *, keep_alive: bool = True) -> bytes:
        """The head of an answer; `fields` are its own header lines. It is made once a second."""
        key = status, fields, size
        head = self._heads.get(key) if keep_alive else None
        if head is None:
            head = b"HTTP/1.1 %b\r\ndate: %b\r\n%b%b%b%b\r\n" % (
                _WORDS[status],
                formatdate(usegmt=True).encode(),
                fields,
                b"" if status == 304 else b"content-length: %d\r\n" % size,
                b"allow: %b\r\n" % self._desk.methods if status == 405 else b"",
                b"" if keep_alive else b"connection: close\r\n",
            )
            if keep_alive:
                if len(self._heads) >= _HEADS:
                    self._heads.clear()
                self._heads[key] = head
        return head

    def tick(self, now: float) -> None:
        """Once a second: let the date be told anew, and cut off who is slow."""
        self._heads.clear()
        for connection in tuple(self.connections):
            connection.look(now)


class LaneProtocol(asyncio.Protocol):
    """One connection."""

    __slots__ = (
        "_busy",
        "_full",
        "_keep_alive",
        "_lane",
        "_since",
        "_time",
        "_transport",
        "_unread",
        "_untaken",
        "waits",
    )

    def __init__(self, lane: Lane, loop: asyncio.AbstractEventLoop) -> None:
        self._lane = lane
        self._time = loop.time
        self._transport: asyncio.Transport | None = None
        self._since = 0.0
        self._unread = b""
        self.waits = (
            False  # the answer waits for what is done elsewhere, such as a record that goes to the disk
        )
        self._keep_alive = True
        self._busy = False  # a request is in hand, or the last answer has been given
        self._untaken = False  # the client does not take what is written
        self._full = False  # nothing more is read

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's it is
        """A client has connected."""
        self._transport = transport
        self._since = self._time()
        if len(self._lane.connections) >= CONNECTIONS or self._lane.stopping:
            self._refuse(503)
        else:
            self._lane.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  whatever the cause
        """The client is gone, whatever was in hand: its answer is dropped."""
        self._transport = None
        self._unread = b""
        self._lane.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Octets have arrived."""
        if self._unread:
            self._unread += data
        else:
            self._unread = data
            if not self._busy and not self._untaken:
                self._since = self._time()
        if not self._busy and not self._untaken:
            self._proceed()
        elif len(self._unread) > LARGEST_HEAD + LARGEST_BODY and self._transport is not None:
            self._full = True
            self._transport.pause_reading()

    def eof_received(self) -> bool:
        """The client sends no more; what is in hand it may still want to hear."""
        self._keep_alive = False
        return self._busy

    def pause_writing(self) -> None:
        """The client does not take its answers: nothing more is done for it."""
        self._untaken = True
        self._since = self._time()

    def resume_writing(self) -> None:
        """It takes them again."""
        self._untaken = False
        self._proceed()

    def _proceed(self) -> None:
        """Take up what has arrived, until an answer must be waited for."""
        while self._unread and not self._busy and not self._untaken and self._next():
            pass
        if self._full and not self._busy and not self._untaken and self._transport is not None:
            self._full = False
            self._transport.resume_reading()

    def _next(self) -> bool:
        """Take the next request in hand; false where it is not whole."""
        data = self._unread
        end = data.find(_END) + len(_END)
        if end < len(_END) or end > LARGEST_HEAD:
            if len(data) > LARGEST_HEAD:
                self._refuse(431)
            return False
        head = self._lane.head(data[:end])
        if head.status != 200:
            self._refuse(head.status)
            return False
        size = end + head.length
        if len(data) < size:
            if head.expects and len(data) == end and self._transport is not None:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return False
        self._unread = data[size:]
        self._busy = True
        self._keep_alive = self._keep_alive and head.keep_alive
        self._lane.ask(Asked(self, head.target, data[end:size]))
        return True

    @property
    def here(self) -> bool:
        """Whether the client is still there."""
        return self._transport is not None

    def answered(self, status: int, fields: bytes, body: bytes) -> None:
        """The request in hand is answered; `fields` are header lines."""
        self._reply(status, fields, body)
        if self._unread or self._full:
            self._proceed()

    def _reply(self, status: int, fields: bytes, body: bytes) -> None:
        if self._transport is None:
            return
        self._since = self._time()
        if not self._keep_alive or self._lane.stopping:
            head = self._lane.reply_head(status, fields, len(body), keep_alive=False)
            self._transport.write(head + body)
            self._transport.close()
            return
        self._busy = False
        self._transport.write(self._lane.reply_head(status, fields, len(body)) + body)

    def _refuse(self, status: int) -> None:
        """Say what is wrong, and close: what follows cannot be told apart."""
        self._unread, self._busy = b"", True
        if self._transport is not None:
            body = _WORDS[status] + b"\n"
            head = self._lane.reply_head(status, _PLAIN, len(body), keep_alive=False)
            self._transport.write(head + body)
            self._transport.close()

    def look(self, now: float) -> None:
        """Cut the connection off where it has been slow; not while its answer waits for what is done elsewhere."""
        if self._transport is None or self.waits:
            return
        waited = now - self._since
        if self._busy or self._untaken:
            if waited > REQUEST_SECONDS:
                self._transport.abort()
        elif self._unread:
            if waited > REQUEST_SECONDS:
                self._refuse(408)
        elif waited > IDLE_SECONDS or self._lane.stopping:
            self._transport.close()

    def cut(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()


async def serve(lane: Lane, listening: socket.socket, stop: asyncio.Event, seconds: float) -> None:
    """Answer until `stop` is set; then finish what is in hand, within `seconds`."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: LaneProtocol(lane, loop), sock=listening, backlog=BACKLOG)
    while not stop.is_set():
        lane.tick(loop.time())
        try:
            await asyncio.wait_for(stop.wait(), 1.0)
        except TimeoutError:
            continue
    server.close()
    lane.stopping = True
    deadline = loop.time() + seconds
    while lane.connections and loop.time() < deadline:
        lane.tick(loop.time())
        await asyncio.sleep(0.02)
    for connection in tuple(lane.connections):
        connection.cut()
