"""The supervisor: it listens, starts the children, starts anew those that die, and stops them all in order."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shirushi.adapters.metrics import Metrics, forget_process
from shirushi.core.errors import ShirushiError

_log = logging.getLogger(__name__)

START_SECONDS = 60.0
"""How long a child may take to start."""
SETTLED_SECONDS = 10.0
"""A child that lived for so long is started anew at once; one that died earlier, after a pause that grows."""
PAUSES = (0.0, 0.1, 0.2, 0.5, 1.0, 1.0, 1.0, 1.0, 10.0)
"""Seconds before the first, second, … start after a child that never settled."""


class AddressTaken(ShirushiError):
    """Something else listens there, or this user may not."""

    code = "ADDRESS_TAKEN"


class ChildFailed(ShirushiError):
    """A child could not start at all."""

    code = "CHILD_FAILED"


def listen(host: str, port: int, patience: float = 3.0) -> socket.socket:
    """A socket that listens; children inherit it, so that no connection is lost when one dies.

    Waits for the children of a supervisor that was killed to let go of the address. Raises `AddressTaken`.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            found = socket.socket(family, kind)
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen(2048)
        except OSError as error:
            if time.monotonic() > deadline or isinstance(error, PermissionError | socket.gaierror):
                raise AddressTaken(address=f"{host}:{port}", detail=error.strerror) from error
            time.sleep(0.1)
        else:
            return found


@dataclass(slots=True)
class Child:
    """A process that is to run. `failures` counts its deaths since it last settled."""

    kind: str
    name: str
    process: subprocess.Popen[bytes] | None = None
    ready: int = -1
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Runs web workers and one jobs runner over a data directory, until SIGTERM or SIGINT.

    SIGHUP replaces every child by a new one, which reads the configuration and the TLS certificate anew; requests in
    hand are finished. If the supervisor itself is killed, its children finish what is in hand and end.

    Attributes:
        data: the data directory.
        listening: the socket that the workers accept connections from.
        workers: how many there are.
        stop_seconds: how long children may take to finish.
    """

    data: Path
    listening: socket.socket
    workers: int
    stop_seconds: float
    metrics: Metrics = field(default_factory=Metrics)
    _children: list[Child] = field(default_factory=list)
    _leaving: list[Child] = field(default_factory=list)
    _lifeline: tuple[int, int] = field(default_factory=os.pipe)
    _stops: int = 0
    _renew: bool = False

    def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready`, and keep it running; raises `ChildFailed` where a child cannot start."""
        self._children = [Child("web", f"web-{number}") for number in range(1, self.workers + 1)]
        self._children.append(Child("jobs", "jobs"))
        with self._signals() as woken:
            try:
                for child in self._children:
                    self._start(child)
                for child in self._children:
                    self._await(child)
                if not self._stops:
                    ready()
                while not self._stops:
                    self._keep()
                    select.select([woken], [], [], self._pause())
                    _drain(woken)
            finally:
                self._stop()

    def _keep(self) -> None:
        """Start anew what died, and replace everything where that was asked for."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, now)
            if child.process is None and child.due <= now:
                self.metrics.restarted(child.kind)
                self._start(child)
        self._leaving = [child for child in self._leaving if not self._gone(child)]
        if self._renew:
            self._renew = False
            self._replace()
        for kind in ("web", "jobs"):
            self.metrics.children(kind, sum(c.kind == kind and c.process is not None for c in self._children))

    def _pause(self) -> float:
        due = [child.due for child in self._children if child.process is None]
        return max(0.0, min([*due, time.monotonic() + 1.0]) - time.monotonic())

    def _start(self, child: Child) -> None:
        ready, tell = os.pipe()
        command = [sys.executable, "-P", "-m", "shirushi.serve.child", child.kind, str(self.data)]
        command += ["--ready", str(tell), "--lifeline", str(self._lifeline[0])]
        passed = [tell, self._lifeline[0]]
        if child.kind == "web":
            command += ["--listening", str(self.listening.fileno())]
            passed.append(self.listening.fileno())
        # a session of its own: what a terminal sends goes to the supervisor alone
        child.process = subprocess.Popen(command, pass_fds=passed, start_new_session=True)  # noqa: S603  our own module
        os.close(tell)
        child.ready, child.started = ready, time.monotonic()
        _log.info("child.started", extra={"service": child.name, "number": child.process.pid})

    def _await(self, child: Child) -> None:
        """Wait until the child works; raises `ChildFailed`."""
        if self._stops:
            return
        came = select.select([child.ready], [], [], START_SECONDS)[0] and os.read(child.ready, 1)
        os.close(child.ready)
        child.ready = -1
        if not came and not self._stops and child.process is not None:
            child.process.kill()
            raise ChildFailed(name=child.name, status=child.process.wait())

    def _bury(self, child: Child, now: float) -> None:
        """A child has died: say so, and when it is started anew."""
        assert child.process is not None
        _log.error(
            "child.died",
            extra={"service": child.name, "number": child.process.pid, "status": child.process.returncode},
        )
        forget_process(child.process.pid)
        _close(child)
        child.process = None
        child.failures = 0 if now - child.started > SETTLED_SECONDS else child.failures + 1
        child.due = now + PAUSES[min(max(child.failures - 1, 0), len(PAUSES) - 1)]

    def _replace(self) -> None:
        """Start a successor of every child; each leaves once its successor works, and stays where that cannot start."""
        for child in self._children:
            before = Child(child.kind, child.name, child.process)
            _close(child)
            self._start(child)
            try:
                self._await(child)
            except ChildFailed:
                _log.exception("child.not_replaced", extra={"service": child.name})
                child.process = before.process
                continue
            if before.process is not None:
                before.process.terminate()
                self._leaving.append(before)

    def _gone(self, child: Child) -> bool:
        if child.process is None or child.process.poll() is None:
            return False
        forget_process(child.process.pid)
        return True

    def _stop(self) -> None:
        """No new connections; let every child finish; kill what does not."""
        self.listening.close()
        running = [c.process for c in (*self._children, *self._leaving) if c.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + self.stop_seconds + 5.0
        while any(process.poll() is None for process in running):
            if time.monotonic() > deadline or self._stops > 1:
                for process in running:
                    process.kill()
                break
            time.sleep(0.02)
        for process in running:
            process.wait()
        for child in self._children:
            _close(child)
        for end in self._lifeline:
            os.close(end)

    @contextmanager
    def _signals(self) -> Iterator[int]:
        """Signals wake the loop; gives what it waits for."""
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)

        def stop(_number: int, _frame: object) -> None:
            self._stops += 1

        def renew(_number: int, _frame: object) -> None:
            self._renew = True

        handlers = {
            signal.SIGTERM: stop,
            signal.SIGINT: stop,
            signal.SIGHUP: renew,
            signal.SIGCHLD: lambda _number, _frame: None,
        }
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        former = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        try:
            yield woken
        finally:
            signal.set_wakeup_fd(former)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(woken)
            os.close(wake)


def _close(child: Child) -> None:
    if child.ready >= 0:
        os.close(child.ready)
        child.ready = -1


def _drain(woken: int) -> None:
    try:
        os.read(woken, 4096)
    except BlockingIOError:
        return
