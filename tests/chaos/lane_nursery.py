"""Lanes that start in a moment: this program has loaded everything, and forks one for each line that it reads.

Usage: python lane_nursery.py DATA PORT. Prints the port, then the process of each lane once it listens.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial

from shirushi.domain import open_domain
from shirushi.serve.lane import Place, lane_socket, run_lane


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    data, port = sys.argv[1], int(sys.argv[2])
    with lane_socket("127.0.0.1", port) as keeper:
        address = keeper.getsockname()
        say(address[1])
        with open_domain(data) as domain:
            domain.services.clock.look_once()  # no guard runs here, and lanes that start at once would not wait
        lifeline, held = os.pipe()
        for _ in sys.stdin:
            heard, tell = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(held)
                with open_domain(data) as domain:
                    run_lane(domain, Place(address, lifeline, partial(os.write, tell, b"+"), 10.0))
                os._exit(0)
            os.close(tell)
            os.read(heard, 1)
            os.close(heard)
            say(child)


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
