"""Work that outlasts the call that began it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from shirushi.core.errors import ShirushiError

Work: TypeAlias = Callable[[Callable[[], bool]], object]
"""Takes a question, to be asked between its steps: whether the process stops, and the work with it."""


class ProcessStopping(ShirushiError):
    """The process is about to end, and begins nothing more."""

    code = "SERVER_STOPPING"


class Background(Protocol):
    """Carries work out in this process, a few at once, the others in their order.

    The work is not durable: what has begun says so where the next process finds it, and ends what it can no longer do.
    """

    def start(self, work: Work) -> None:
        """Carry `work` out as soon as there is room; raises `ProcessStopping` where the process is about to end."""
        ...
