"""A child of the supervisor: `python -m shirushi.serve.child web|jobs …`. It builds its own domain after it starts."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from shirushi.adapters.logs import configure_logs
from shirushi.core.errors import ShirushiError
from shirushi.domain import open_domain
from shirushi.faces.cli import told
from shirushi.serve.jobs import run_jobs
from shirushi.serve.web import run_web


def main() -> None:
    """Run as what the arguments say, until told to stop, or until the supervisor is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("web", "jobs"))
    parser.add_argument("data", type=Path)
    parser.add_argument("--ready", type=int, required=True, help="is written to once the child works")
    parser.add_argument("--lifeline", type=int, required=True, help="ends when the supervisor does")
    parser.add_argument("--listening", type=int, help="the socket that listens")
    arguments = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    with told(), open_domain(arguments.data) as domain:
        configure_logs(domain.configuration.log.level)

        def ready() -> None:
            os.write(arguments.ready, b"+")
            os.close(arguments.ready)

        if arguments.kind == "web":
            run_web(domain, arguments.data, arguments.listening, arguments.lifeline, ready)
        else:
            run_jobs(domain, arguments.lifeline, ready)


if __name__ == "__main__":
    try:
        main()
    except ShirushiError as error:
        sys.exit(str(error))
