"""A child of the supervisor: a process that has loaded the program, and becomes a web worker, a lane or whatever is needed.

It opens its own domain once it knows what it is. Its descriptors: `order`, from which it reads what to be; `ready`, which
it writes to once it works; `lifeline`, which ends when the supervisor does; `listening`, the socket of the web workers.
"""

from __future__ import annotations

import argparse
import os
import select
import signal
from contextlib import suppress
from pathlib import Path

from shirushi.adapters.logs import configure_logs
from shirushi.domain import open_domain
from shirushi.faces.cli import told
from shirushi.serve.clock import run_clock
from shirushi.serve.jobs import run_jobs
from shirushi.serve.lane import LANES, Place
from shirushi.serve.web import run_web


def main() -> None:
    """Wait to be told what to be; be that until told to stop, or until the supervisor is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    for name in ("order", "ready", "lifeline", "listening"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--lane", nargs=3, action="append", default=[])
    given = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    select.select([given.order, given.lifeline], [], [])
    kind = os.read(given.order, 16).decode().strip()
    os.close(given.order)

    def ready() -> None:
        with suppress(BrokenPipeError):  # the supervisor is gone: the lifeline says so next
            os.write(given.ready, b"+")
        os.close(given.ready)

    if not kind:
        return
    with told(), open_domain(given.data, supervised=True) as domain:
        configure_logs(domain.configuration.log.level)
        if kind == "web":
            run_web(domain, given.data, given.listening, given.lifeline, ready)
            return
        os.close(given.listening)
        if kind in LANES:
            (address,) = ((host, int(port)) for each, host, port in given.lane if each == kind)
            stop_seconds = domain.configuration.serve.stop_seconds
            LANES[kind](domain, Place(address, given.lifeline, ready, stop_seconds))
        elif kind == "clock":
            run_clock(domain, given.lifeline, ready)
        else:
            run_jobs(domain, given.lifeline, ready)


if __name__ == "__main__":
    main()
