"""Speaks to a signer process: to the one that the running platform supervises, else to one of this process's own."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from shirushi.adapters.configuration import Pkcs11Section
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.pkcs11.errors import SAID, SignerAway, TokenUnusable
from shirushi.adapters.pkcs11.frames import Frame, FrameMalformed, connect, listen, receive
from shirushi.adapters.pkcs11.settings import TokenSettings

PATIENCE_SECONDS = 10.0
"""How long an answer is waited for, over the death of signer processes; a key pair may take longer to make."""
GENERATE_SECONDS = 120.0
PAUSE_SECONDS = 0.02
RESTART_SECONDS = 0.05
"""How long after its death a process of one's own is started anew."""


def socket_path(directory: DataDirectory, name: str) -> Path:
    """Where the supervised signer process of a token listens."""
    return directory.folder("run") / f"{name}.sock"


def settings_of(directory: DataDirectory, section: Pkcs11Section) -> TokenSettings:
    """A token as the configuration of a data directory says."""
    pin_file = directory.resolve(Path(section.pin_file)) if section.pin_file else None
    return TokenSettings(
        section.name, section.module, section.label, section.serial, pin_file, section.personal
    )


class SignerClient:
    """One token's signer process as others see it. Thread-safe.

    A call whose connection is lost is made again: everything that is asked of a token may be asked twice.

    Args:
        directory: the data directory.
        settings: the token.
        supervised: whether the running platform has a supervisor that starts the process; else one is started here
            where none listens, and ends with this client.
        patience: how many seconds an answer is waited for.
    """

    def __init__(
        self,
        directory: DataDirectory,
        settings: TokenSettings,
        *,
        supervised: bool = False,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self.name = settings.name
        self._shared = socket_path(directory, settings.name)
        self._supervised = supervised
        self._patience = patience
        self._own = _OwnProcess(directory, settings)
        self._idle: list[socket.socket] = []
        self._lock = threading.Lock()

    def ask(self, do: str, octets: bytes = b"", **said: Any) -> Frame:
        """The answer. Raises what the signer process says, or `SignerAway`."""
        patience = GENERATE_SECONDS if do == "generate" else self._patience
        asked = Frame(
            {"do": do, **{name: value for name, value in said.items() if value is not None}}, octets
        )
        answer = self._exchange(asked, time.monotonic() + patience)
        code = answer.head.get("error")
        if code is not None:
            raise SAID.get(code, TokenUnusable)(**answer.head.get("parameters", {}))
        return answer

    def check(self) -> int:
        """Raise what keeps the token from signing now; how often its signer process recovered a lost session."""
        return int(self.ask("check").head["recoveries"])

    def close(self) -> None:
        """Let go of the connections, and end the process that was started here."""
        with self._lock:
            idle, self._idle = self._idle, []
        for sock in idle:
            sock.close()
        self._own.close()

    def _exchange(self, asked: Frame, deadline: float) -> Frame:
        message = asked.encode()
        while True:
            sock = None
            left = deadline - time.monotonic()
            if left <= 0:
                raise SignerAway(token=self.name)
            try:
                sock = self._connection(left)
                sock.settimeout(left)
                sock.sendall(message)
                answer = receive(sock)
            except (OSError, FrameMalformed):
                if sock is not None:
                    sock.close()
                time.sleep(min(PAUSE_SECONDS, max(0.0, deadline - time.monotonic())))
                continue
            with self._lock:
                self._idle.append(sock)
            return answer

    def _connection(self, seconds: float) -> socket.socket:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return connect(self._shared, seconds)
        except OSError:
            if self._supervised:
                raise
        return connect(self._own.path(), seconds)


class _OwnProcess:
    """A signer process that was started by this process, and is started anew where it dies."""

    def __init__(self, directory: DataDirectory, settings: TokenSettings) -> None:
        self._directory = directory
        self._settings = settings
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._running: subprocess.Popen[bytes] | None = None
        self._path: Path | None = None
        self._ends = ExitStack()

    def path(self) -> Path:
        """Where it listens, from now on until `close`."""
        with self._lock:
            if self._path is None:
                path = socket_path(
                    self._directory, f"{self._settings.name}-{os.getpid()}-{secrets.token_hex(4)}"
                )
                listening = self._ends.enter_context(listen(path))
                self._ends.callback(path.unlink, missing_ok=True)
                lifeline, kept = os.pipe()
                self._ends.callback(os.close, lifeline)
                self._ends.callback(os.close, kept)
                fds = {"listening": listening.fileno(), "lifeline": lifeline}
                self._running = self._start(fds)
                keeper = threading.Thread(target=self._keep, args=(fds,), daemon=True)
                keeper.start()
                self._ends.callback(keeper.join)
                self._path = path
        return self._path

    def close(self) -> None:
        """End it."""
        with self._lock:
            if self._path is not None:
                self._ended.set()
                if self._running is not None:
                    self._running.terminate()
                self._ends.close()
                self._ended.clear()
                self._path = self._running = None

    def _keep(self, fds: Mapping[str, int]) -> None:
        while True:
            assert self._running
            self._running.wait()
            if self._ended.wait(RESTART_SECONDS):
                return
            self._running = self._start(fds)
            if self._ended.is_set():  # `close` may have told the one before
                self._running.terminate()

    def _start(self, fds: Mapping[str, int]) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "shirushi.adapters.pkcs11.server", self._settings.encode()]
        command += [part for end, fd in fds.items() for part in (f"--{end}", str(fd))]
        return subprocess.Popen(  # noqa: S603  our own module
            command, pass_fds=tuple(fds.values()), stdin=subprocess.DEVNULL, start_new_session=True
        )
