"""A lane in this process, on a free port of the loopback, over a trust domain's units and a chain file of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shirushi.adapters.chain_file import ChainFile
from shirushi.codecs.asn1.tsp import (
    TimeStampRequest,
    TimeStampResponse,
    encode_timestamp_request,
    parse_timestamp_response,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.domain import Domain
from shirushi.faces.lane import Desk, Lane, serve
from shirushi.ports.audit import AuditChain
from shirushi.serve.lane import lane_socket
from shirushi.services.tsa.lane import GroupCommit, LaneStamper, StampDesk
from shirushi.services.tsa.service.serials import Serials

IMPRINT = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(b"deed"))


def query(**changes: object) -> bytes:
    """A TimeStampReq."""
    return encode_timestamp_request(
        TimeStampRequest(**{"imprint": IMPRINT, "certificates_requested": True, **changes})  # type: ignore[arg-type]  # by name
    )


def post(body: bytes, *, fields: str = "", length: int | None = None) -> bytes:
    """A request over HTTP."""
    size = len(body) if length is None else length
    head = f"POST / HTTP/1.1\r\nHost: tsa\r\nContent-Type: application/timestamp-query\r\nContent-Length: {size}\r\n{fields}\r\n"
    return head.encode() + body


def take(connection: socket.socket) -> tuple[int, bytes]:
    """The status and the body of the next answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += (got := connection.recv(1)) or b""
        if not got:
            raise ConnectionError(data)
    head = data.decode()
    size = int(head.lower().split("content-length: ")[1].split("\r\n")[0])
    body = b""
    while len(body) < size:
        got = connection.recv(size - len(body))
        if not got:
            raise ConnectionError(body)
        body += got
    return int(head.split()[1]), body


@dataclass
class RunningLane:
    """A lane that runs."""

    port: int
    broken: threading.Event = field(default_factory=threading.Event)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, request: bytes) -> tuple[int, TimeStampResponse]:
        """One request on a connection of its own."""
        with self.connect() as connection:
            connection.sendall(post(request))
            status, body = take(connection)
            return status, parse_timestamp_response(body)


@contextmanager
def running(domain: Domain, folder: Path, chain: AuditChain | None = None) -> Iterator[RunningLane]:
    """Run a lane over the units of `domain`, with its chain in `folder`."""
    broken = threading.Event()
    own = None if chain else ChainFile(folder)
    serials = Serials(domain.ports.database, domain.ports.guarded_clock)
    stamper = LaneStamper(domain.services.tsa.units, domain.keys, serials)
    commits: list[GroupCommit] = []

    def desk(loop: asyncio.AbstractEventLoop) -> Desk:
        commits.append(GroupCommit(chain or own, loop, broken=broken.set))  # type: ignore[arg-type]  # one of them is there
        return StampDesk(stamper, commits[0])

    try:
        with at_desk(desk) as found:
            yield RunningLane(found.port, broken)
    finally:
        for commit in commits:
            commit.close()
        if own:
            own.close()


@contextmanager
def at_desk(desk: Callable[[asyncio.AbstractEventLoop], Desk]) -> Iterator[RunningLane]:
    """Run a lane with that desk."""
    listening = lane_socket("127.0.0.1", 0)
    listening.listen(100)
    listening.setblocking(False)  # noqa: FBT003  as the library has it
    ended: list[object] = []

    async def work() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        ended.extend((loop, stop))
        lane = Lane(desk(loop), loop)
        started.set()
        await serve(lane, listening, stop, 5.0)

    started = threading.Event()
    thread = threading.Thread(target=asyncio.run, args=(work(),))
    thread.start()
    started.wait(20)
    try:
        yield RunningLane(listening.getsockname()[1])
    finally:
        loop, stop = ended
        loop.call_soon_threadsafe(stop.set)  # type: ignore[attr-defined]  # a loop and an event
        thread.join(20)
