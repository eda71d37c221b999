"""How much one caller may ask."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 10_000
"""How many callers' buckets a process remembers: those that asked last."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process grants.

    Attributes:
        document_bytes: the largest document that is taken in.
        requests_per_second: how often one caller may ask, an actor or else an address, in the long run.
        burst: how many requests a caller that was quiet may send at once.
        idle_seconds: how long is waited for the next piece of a body.
        bytes_per_second: the least average at which a body must arrive, after `idle_seconds` in hand.
        at_once: how many requests a process has in hand before it sends further ones away.
    """

    document_bytes: int = 100_000_000
    requests_per_second: float = 50.0
    burst: int = 100
    idle_seconds: float = 10.0
    bytes_per_second: int = 8_192
    at_once: int = 256


class Buckets:
    """A token bucket for each caller. For the event loop's thread alone."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> float:
        """Take one token of the caller's: 0 where there was one, else the seconds until there is."""
        now = self._clock()
        level, at = self._buckets.pop(caller, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        granted = level >= 1.0
        self._buckets[caller] = (level - 1.0 if granted else level, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return 0.0 if granted else (1.0 - level) / self._rate
