"""What runs later: each service says what, and how often; the jobs runner runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Job:
    """Work that runs again `every` so often, and once more at the end where `at_stop` says so.

    It may run in several processes at once, on several machines, and may be killed at any point: it does no harm to run
    it again.
    """

    name: str
    every: timedelta
    run: Callable[[], object]
    at_stop: bool = False
