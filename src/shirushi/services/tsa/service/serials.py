"""Serial numbers that no other token has, each with the time at which it was taken."""

from __future__ import annotations

from threading import Lock

from shirushi.core.instant import Instant, rfc3339
from shirushi.ports.clock import Clock, TimeNotAvailable
from shirushi.ports.database import Database
from shirushi.services.tsa import store

SERIALS_AT_ONCE = 1 << 10
"""How many serial numbers a process reserves durably at a time; those it does not use are never used."""


class Serials:
    """Serial numbers from durably reserved blocks: no trip to the database a token, and none twice. Thread-safe."""

    def __init__(self, database: Database, clock: Clock, at_once: int = SERIALS_AT_ONCE) -> None:
        self._database = database
        self._now = clock.now
        self._at_once = at_once
        self._lock = Lock()
        self._next = self._end = 0
        self._latest: Instant | None = None

    def take(self) -> tuple[int, Instant]:
        """A serial number that was never given before, and the present time; raises `TimeNotAvailable`."""
        (serial_number,), now = self.take_all(1)
        return serial_number, now

    def take_all(self, count: int) -> tuple[list[int], Instant]:
        """As many serial numbers that were never given before, and one present time; raises `TimeNotAvailable`."""
        with self._lock:
            now = self._now()
            given: list[int] = []
            while True:
                end = min(self._next + count - len(given), self._end)
                given += range(self._next, end)
                self._next = end
                if len(given) == count:
                    break
                with self._database.unit() as connection:
                    block = store.reserve_serials(connection, self._at_once, now)
                self._next, self._end = block.first, block.end
                self._latest = max(filter(None, (self._latest, block.latest)), default=None)
                now = self._now()  # another process may have reserved later while this one waited
            if self._latest is not None and now < self._latest:
                raise TimeNotAvailable(detail=f"{rfc3339(now)} < {rfc3339(self._latest)}")
            self._latest = now
            return given, now
