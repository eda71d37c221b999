"""A lane: a process that answers time-stamp requests alone, on a port of its own."""

from __future__ import annotations

import asyncio
import gc
import logging
import select
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable

import uvloop

from shirushi.adapters.chain_file import ChainFile
from shirushi.adapters.metrics import Metrics
from shirushi.core.errors import ShirushiError
from shirushi.domain import Domain
from shirushi.services.tsa.lane import GroupCommit, Lane, LaneStamper, serve
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


def run_lane(domain: Domain, address: tuple[str, int], lifeline: int, ready: Callable[[], None]) -> None:
    """Answer time-stamp requests until SIGTERM, or until the supervisor is gone; requests in hand are finished.

    Where the chain cannot go on, it answers nobody and says why; the other lanes take its clients. It ends after a while,
    so that the one that takes its place tries again.
    """
    try:
        chain = ChainFile(domain.ports.chains, node=domain.configuration.clock.node)
    except ShirushiError as error:
        _log.critical("lane.refuses", extra={"code": error.code, "detail": str(error)})
        ready()
        select.select([lifeline], [], [], REFUSING_SECONDS)
        return
    with chain, lane_socket(*address) as listening:
        uvloop.run(_run(domain, chain, listening, lifeline, ready))


class Telling:
    """Adds what a lane has done since the last time to the counts of all processes."""

    def __init__(self, lane: Lane, commit: GroupCommit) -> None:
        self._lane, self._commit = lane, commit
        self._metrics = Metrics()
        self._told: dict[str, float] = {}
        self._refusals: Counter[str] = Counter()

    def __call__(self) -> None:
        """Do so; cheap enough for every second, and never on a request's way."""
        now = self._lane.done | {
            "commits": self._commit.commits,
            "commit_seconds": self._commit.seconds,
            "cpu_seconds": time.process_time(),
        }
        grown = {name: count - self._told.get(name, 0) for name, count in now.items()}
        refusals = self._lane.refusals - self._refusals
        self._metrics.lane(grown, refusals, len(self._lane.connections))
        self._told, self._refusals = dict(now), Counter(self._lane.refusals)


async def _run(
    domain: Domain, chain: ChainFile, listening: socket.socket, lifeline: int, ready: Callable[[], None]
) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_reader(lifeline, stop.set)
    serials = Serials(domain.ports.database, domain.ports.guarded_clock, SERIALS_AT_ONCE)
    commit = GroupCommit(chain, loop, broken=stop.set)
    stamper = LaneStamper(domain.services.tsa.units, domain.keys, serials)
    lane = Lane(stamper, commit, loop)

    tell = Telling(lane, commit)

    def tell_again() -> None:
        tell()
        loop.call_later(TELL_SECONDS, tell_again)

    def look_again() -> None:
        """Take up the keys that units were given meanwhile; without the database, those go on that are known."""
        try:
            stamper.use(domain.services.tsa.units)
        except ShirushiError as error:
            _log.error("lane.units_unknown", extra={"code": error.code})
        loop.call_later(LOOK_AGAIN_SECONDS, look_again)

    loop.call_later(LOOK_AGAIN_SECONDS, look_again)
    tell_again()
    gc.collect()
    gc.freeze()  # what was loaded stays: no collection goes through it again
    gc.set_threshold(GARBAGE_AT_ONCE)
    listening.listen(2048)
    listening.setblocking(False)  # noqa: FBT003  as the library has it
    ready()
    await serve(lane, listening, stop, domain.configuration.serve.stop_seconds)
    commit.close()
    tell()
