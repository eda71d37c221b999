"""A lane: a process that answers one kind of request alone, time-stamps or OCSP, on a port of its own."""

from __future__ import annotations

import asyncio
import gc
import logging
import select
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import uvloop

from shirushi.adapters.chain_file import ChainFile
from shirushi.adapters.metrics import Metrics
from shirushi.core.errors import ShirushiError
from shirushi.domain import Domain
from shirushi.faces.lane import Lane, serve
from shirushi.services.ca.lane import OcspDesk
from shirushi.services.tsa.lane import GroupCommit, LaneStamper, StampDesk
from shirushi.services.tsa.service.serials import Serials
from shirushi.services.tsa.service.units import LOOK_AGAIN_SECONDS

_log = logging.getLogger(__name__)

SERIALS_AT_ONCE = 1 << 17
"""Serial numbers reserved at a time: enough for seconds, so that the database is hardly asked."""

GARBAGE_AT_ONCE = 50_000
"""How many objects more than before are looked through for cycles: a request makes none."""

TELL_SECONDS = 2.0
"""How often a lane adds what it did to the counts that `/metrics` tells."""
REFUSING_SECONDS = 60.0
"""How long a lane whose chain cannot go on stands still before it is tried again."""


def lane_socket(host: str, port: int) -> socket.socket:
    """A socket that is bound with SO_REUSEPORT, and does not listen: it keeps a port for the lanes, and finds a free one."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    found = socket.socket(family, kind)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    found.bind(address)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lane answers, the supervisor's lifeline, whom it tells that it answers, and how long it may take to stop."""

    address: tuple[str, int]
    lifeline: int
    ready: Callable[[], None]
    stop_seconds: float


def run_lane(domain: Domain, place: Place) -> None:
    """Answer time-stamp requests until SIGTERM, or until the supervisor is gone; requests in hand are finished.

    Where the chain cannot go on, it answers nobody and says why; the other lanes take its clients. It ends after a while,
    so that the one that takes its place tries again.
    """
    try:
        chain = ChainFile(domain.ports.chains, node=domain.configuration.clock.node)
    except ShirushiError as error:
        _log.critical("lane.refuses", extra={"code": error.code, "detail": str(error)})
        place.ready()
        select.select([place.lifeline], [], [], REFUSING_SECONDS)
        return
    with chain, lane_socket(*place.address) as listening:
        uvloop.run(_stamp(domain, chain, place, listening))


def run_ocsp_lane(domain: Domain, place: Place) -> None:
    """Answer OCSP requests until SIGTERM, or until the supervisor is gone; requests in hand are finished."""
    with lane_socket(*place.address) as listening:
        uvloop.run(_answer_ocsp(domain, place, listening))


LANES: Mapping[str, Callable[[Domain, Place], None]] = {"lane": run_lane, "ocsp": run_ocsp_lane}
"""The kinds of lanes, as the supervisor calls them."""


class Telling:
    """Adds what a lane that stamps has done since the last time to the counts of all processes."""

    def __init__(self, lane: Lane, desk: StampDesk, commit: GroupCommit) -> None:
        self._lane, self._desk, self._commit = lane, desk, commit
        self._metrics = Metrics()
        self._told: dict[str, float] = {}
        self._refusals: Counter[str] = Counter()

    def __call__(self) -> None:
        """Do so; cheap enough for every second, and never on a request's way."""
        now = self._desk.done | {
            "batches": self._lane.batches,
            "commits": self._commit.commits,
            "commit_seconds": self._commit.seconds,
            "cpu_seconds": time.process_time(),
        }
        grown = {name: count - self._told.get(name, 0) for name, count in now.items()}
        refusals = self._desk.refusals - self._refusals
        self._metrics.lane(grown, refusals, len(self._lane.connections))
        self._told, self._refusals = dict(now), Counter(self._desk.refusals)


async def _stamp(domain: Domain, chain: ChainFile, place: Place, listening: socket.socket) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    serials = Serials(domain.ports.database, domain.ports.guarded_clock, SERIALS_AT_ONCE)
    commit = GroupCommit(chain, loop, broken=stop.set)
    stamper = LaneStamper(domain.services.tsa.units, domain.keys, serials)
    desk = StampDesk(stamper, commit)
    lane = Lane(desk, loop)
    tell = Telling(lane, desk, commit)

    def look_again() -> None:
        """Take up the keys that units were given meanwhile; without the database, those go on that are known."""
        try:
            stamper.use(domain.services.tsa.units)
        except ShirushiError as error:
            _log.error("lane.units_unknown", extra={"code": error.code})
        loop.call_later(LOOK_AGAIN_SECONDS, look_again)

    loop.call_later(LOOK_AGAIN_SECONDS, look_again)
    await _serve(lane, tell, stop, place, listening)
    commit.close()
    tell()


async def _answer_ocsp(domain: Domain, place: Place, listening: socket.socket) -> None:
    desk, metrics, told = OcspDesk(domain.services.ca), Metrics(), Counter[str]()
    lane = Lane(desk, asyncio.get_running_loop())

    def tell() -> None:
        metrics.ocsp(desk.answers - told, len(lane.connections))
        told.update(desk.answers - told)

    await _serve(lane, tell, asyncio.Event(), place, listening)
    tell()


async def _serve(
    lane: Lane, tell: Callable[[], None], stop: asyncio.Event, place: Place, listening: socket.socket
) -> None:
    """Listen, say so, and answer until told to stop; `tell` what was done every so often."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_reader(place.lifeline, stop.set)

    def tell_again() -> None:
        tell()
        loop.call_later(TELL_SECONDS, tell_again)

    tell_again()
    gc.collect()
    gc.freeze()  # what was loaded stays: no collection goes through it again
    gc.set_threshold(GARBAGE_AT_ONCE)
    listening.listen(2048)
    listening.setblocking(False)  # noqa: FBT003  as the library has it
    place.ready()
    await serve(lane, listening, stop, place.stop_seconds)
