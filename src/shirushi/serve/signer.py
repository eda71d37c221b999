"""A signer process: it serves the keys of one PKCS#11 token to the other processes of the platform."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.logs import configure_logs
from shirushi.adapters.metrics import Metrics
from shirushi.adapters.pkcs11.client import settings_of, socket_path
from shirushi.adapters.pkcs11.frames import listen
from shirushi.adapters.pkcs11.server import serve_token


@contextmanager
def signer_sockets(directory: DataDirectory, tokens: Iterable[str]) -> Iterator[dict[str, socket.socket]]:
    """The sockets on which the supervised signer processes listen, by token."""
    with ExitStack() as ends:
        yield {token: ends.enter_context(listen(socket_path(directory, token))) for token in tokens}


def run_signer(data: Path, token: str, listening: int, lifeline: int, ready: Callable[[], None]) -> None:
    """Serve the token's keys until SIGTERM, or until the supervisor is gone.

    It works also while the token cannot be used: whoever asks is told why, readiness and the metrics say so.
    """
    directory = DataDirectory(data)
    configuration = read_configuration(directory.configuration)
    configure_logs(configuration.log.level)
    section = next(each for each in configuration.pkcs11 if each.name == token)
    with socket.socket(fileno=listening) as sock:
        serve_token(settings_of(directory, section), sock, lifeline, ready, Metrics())
