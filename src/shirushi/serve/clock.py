"""The guard process: it asks the sources of time, and looks at the clock every second."""

from __future__ import annotations

import logging
import os
import select
import signal
import time
from collections.abc import Callable

from shirushi.core.actor import service_actor
from shirushi.core.errors import ShirushiError
from shirushi.domain import Domain

_log = logging.getLogger(__name__)
_SELF = service_actor("clock")
LOOK_SECONDS = 1.0
"""How often the system clock is held against the raw clock, whether or not tokens are made."""
WAIT_SECONDS = 0.1
"""How long to wait before trying again to be the guard, while another process is."""


def run_clock(domain: Domain, lifeline: int, ready: Callable[[], None]) -> None:
    """Guard the clock until SIGTERM, or until the supervisor is gone.

    Where another process of this machine is the guard, such as the one that this is to take the place of, it waits for
    that to end; what that one knew goes on to hold.
    """
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)

    def over(seconds: float) -> bool:
        return bool(select.select([lifeline, woken], [], [], max(0.0, seconds))[0])

    told = False
    while True:
        with domain.services.clock.guarding() as mine:
            if mine:
                _round(domain, asking=True)
            if not told:
                ready()
                told = True
            if mine:
                _guard(domain, over)
                return
        if over(WAIT_SECONDS):
            return


def _guard(domain: Domain, over: Callable[[float], bool]) -> None:
    every = domain.configuration.clock.poll_seconds
    due = time.monotonic() + every
    while not over(min(LOOK_SECONDS, due - time.monotonic())):
        asking = time.monotonic() >= due
        if asking:
            due = time.monotonic() + every
        _round(domain, asking=asking)


def _round(domain: Domain, *, asking: bool) -> None:
    """Ask, or only look; what fails is tried again at the next round, and the clock stays judged by what was posted."""
    guard = domain.services.clock
    try:
        if asking:
            guard.observe(_SELF)
        else:
            guard.look(_SELF)
    except ShirushiError as error:
        _log.error("clock.failed", extra={"code": error.code})
    except Exception:  # noqa: BLE001  the next round may do better; without one, tokens end with the hold-over
        _log.exception("clock.failed", extra={"code": "INTERNAL_ERROR"})
