"""Time and entropy, the two things that no pure floor may take for itself."""

from __future__ import annotations

from typing import Protocol

from shirushi.core.instant import Instant


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> Instant:
        """The present instant in UTC, to the microsecond."""
        ...


class Entropy(Protocol):
    """Gives unpredictable bytes, fit for keys, serial numbers and nonces."""

    def bytes(self, length: int) -> bytes:
        """`length` unpredictable bytes."""
        ...
