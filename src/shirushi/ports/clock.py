"""Time and entropy, the two things that no pure floor may take for itself."""

from __future__ import annotations

from typing import Protocol

from shirushi.core.catalogue import Language
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason


class TimeNotAvailable(ShirushiError):
    """The time cannot be relied upon: no token rather than a false one (EN 319 421 §7.7.2).

    `cause` says why, in both languages; where there is none, the parameter `detail` does.
    """

    code = "TIME_NOT_AVAILABLE"

    def __init__(self, cause: Reason | None = None, **parameters: object) -> None:
        self.cause = cause
        super().__init__(**parameters)

    def explain(self, language: Language) -> str:
        """What happened, for a person."""
        if self.cause is not None:
            self.parameters["detail"] = self.cause.explain(language).rstrip(".。")
        return super().explain(language)

    def remedy(self, language: Language) -> str:
        """What the person can do about it."""
        return self.cause.remedy(language) if self.cause else super().remedy(language)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> Instant:
        """The present instant in UTC, to the microsecond; a guarded clock raises `TimeNotAvailable`."""
        ...


class Entropy(Protocol):
    """Gives unpredictable bytes, fit for keys, serial numbers and nonces."""

    def bytes(self, length: int) -> bytes:
        """`length` unpredictable bytes."""
        ...
