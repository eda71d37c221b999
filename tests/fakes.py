"""The doubles that tests may use: a clock that is set by hand, and entropy that repeats."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from shirushi.core.instant import Instant

START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is set or advanced."""

    def __init__(self, at: Instant = START) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at

    def set(self, at: Instant) -> None:
        self.at = at.astimezone(UTC)

    def advance(self, **units: float) -> None:
        """`advance(seconds=5)`, `advance(days=400)`."""
        self.at += timedelta(**units)


class SeededEntropy:
    """The same bytes in every run."""

    def __init__(self, seed: int | str = 0) -> None:
        self._generator = random.Random(seed)

    def bytes(self, length: int) -> bytes:
        return self._generator.randbytes(length)
