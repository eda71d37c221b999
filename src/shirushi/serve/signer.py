"""A signer process: it serves the keys of one PKCS#11 token to the other processes of the platform."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.logs import configure_logs
from shirushi.adapters.metrics import Metrics
from shirushi.adapters.pkcs11.client import settings_of, socket_path
from shirushi.adapters.pkcs11.frames import listen
from shirushi.adapters.pkcs11.server import signer_server


@contextmanager
def signer_sockets(directory: DataDirectory, tokens: Iterable[str]) -> Iterator[dict[str, socket.socket]]:
    """The sockets on which the supervised signer processes listen, by token."""
    with ExitStack() as ends:
        yield {token: ends.enter_context(listen(socket_path(directory, token))) for token in tokens}


def run_signer(data: Path, token: str, listening: int, lifeline: int, ready: Callable[[], None]) -> None:
    """Serve the token's keys until SIGTERM, or until the supervisor is gone; stand by while another process does.

    So one process at a time has the token open, and tries its PIN. It works also while the token cannot be used: whoever asks is told why, readiness and the metrics say so.
    """
    directory = DataDirectory(data)
    configuration = read_configuration(directory.configuration)
    configure_logs(configuration.log.level)
    section = next(each for each in configuration.pkcs11 if each.name == token)
    server = signer_server(settings_of(directory, section), Metrics())
    ready()
    with socket.socket(fileno=listening) as sock, _turn(socket_path(directory, token).with_suffix(".lock")):
        server.run(sock, lifeline)


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Wait until no other process has its turn; the end of this process, however it comes, ends its own."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def main() -> None:
    """Be the signer process that the supervisor starts; `ready` is written to once it works."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("token")
    for name in ("ready", "lifeline", "listening"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def ready() -> None:
        with suppress(BrokenPipeError):  # the supervisor is gone: the lifeline says so next
            os.write(given.ready, b"+")
        os.close(given.ready)

    run_signer(given.data, given.token, given.listening, given.lifeline, ready)


if __name__ == "__main__":
    main()
