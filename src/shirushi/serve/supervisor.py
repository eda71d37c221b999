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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from shirushi.adapters.metrics import Metrics, forget_process
from shirushi.core.errors import ShirushiError

_log = logging.getLogger(__name__)

STANDBY_SECONDS = 3.0
"""How long after a start another process is made to stand by: the start comes first."""
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
class Process:
    """A process that has loaded the program and waits to be told, once, what it is to be."""

    running: subprocess.Popen[bytes]
    order: int
    ready: int

    def become(self, kind: str) -> None:
        """Tell it; one that has died meanwhile hears nothing."""
        with suppress(BrokenPipeError):
            os.write(self.order, kind.encode() + b"\n")
        self._let_go("order")

    def works(self) -> bool:
        """Wait until it works; false where it died before."""
        came = select.select([self.ready], [], [], START_SECONDS)[0] and os.read(self.ready, 1)
        return bool(came)

    def close(self) -> None:
        """Let go of what it is spoken to through."""
        self._let_go("order")
        self._let_go("ready")

    def _let_go(self, name: str) -> None:
        end = getattr(self, name)
        if end >= 0:
            os.close(end)
            setattr(self, name, -1)


@dataclass(slots=True)
class Child:
    """What is to run; `token` names the token of a signer process. `failures` counts its deaths since it last settled; `due` is when it is started anew."""

    kind: str
    name: str
    token: str = ""
    process: Process | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Runs signer processes, web workers, lanes, the clock guard and one jobs runner, until SIGTERM or SIGINT.

    SIGHUP replaces every child by a new one, which reads the configuration and the TLS certificate anew; requests in
    hand are finished. If the supervisor itself is killed, its children finish what is in hand and end.

    One more process stands by that has loaded the program already: it takes the place of a child that dies, at once.

    Attributes:
        data: the data directory.
        listening: the socket that the workers accept connections from.
        workers: how many there are.
        lanes: for each kind of lane the socket that keeps its port, and how many there are; each listens on a socket of
            its own.
        stop_seconds: how long children may take to finish.
        signers: the socket of each token's signer process, by the token's name. They stay open while one is started
            anew, so that whoever asks then waits, and gets the answer.
    """

    data: Path
    listening: socket.socket
    workers: int
    stop_seconds: float
    lanes: Mapping[str, tuple[socket.socket, int]] = field(default_factory=dict)
    signers: Mapping[str, socket.socket] = field(default_factory=dict)
    metrics: Metrics = field(default_factory=Metrics)
    _children: list[Child] = field(default_factory=list)
    _leaving: list[Process] = field(default_factory=list)
    _standby: Process | None = None
    _standby_due: float = 0.0
    _lifeline: tuple[int, int] = field(default_factory=os.pipe)
    _stops: int = 0
    _renew: bool = False

    def run(self, ready: Callable[[], None]) -> None:
        """Start everything, call `ready`, and keep it running; raises `ChildFailed` where a child cannot start."""
        self._children = [
            Child("signer", f"signer-{token}-{number}", token) for token in self.signers for number in (1, 2)
        ]
        self._children += [Child("web", f"web-{number}") for number in range(1, self.workers + 1)]
        self._children += [Child("clock", "clock"), Child("jobs", "jobs")]
        for kind, (_, count) in self.lanes.items():
            self._children += [Child(kind, f"{kind}-{number}") for number in range(1, count + 1)]
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
        """Start anew what died, have a process standing by, and replace everything where that was asked for."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.running.poll() is not None:
                self._bury(child, child.process, now)
            if child.process is None and child.due <= now:
                self.metrics.restarted(child.kind)
                self._start(child)
        if self._standby is not None and self._standby.running.poll() is not None:
            self._standby.close()
            self._standby = None
        if self._standby is None and self._standby_due <= now:
            self._standby = self._launch()
        self._leaving = [process for process in self._leaving if not _gone(process)]
        if self._renew:
            self._renew = False
            self._replace()
        for kind in ("web", "clock", "jobs", "lane", "ocsp", "signer"):
            self.metrics.children(kind, sum(c.kind == kind and c.process is not None for c in self._children))

    def _pause(self) -> float:
        due = [child.due for child in self._children if child.process is None]
        return max(0.0, min([*due, time.monotonic() + 1.0]) - time.monotonic())

    def _launch(self) -> Process:
        (told, order), (ready, tell) = os.pipe(), os.pipe()
        fds = {
            "order": told,
            "ready": tell,
            "lifeline": self._lifeline[0],
            "listening": self.listening.fileno(),
        }
        command = [sys.executable, "-P", "-m", "shirushi.serve.child", str(self.data)]
        command += [part for name, fd in fds.items() for part in (f"--{name}", str(fd))]
        for kind, (keeper, _) in self.lanes.items():
            host, port = keeper.getsockname()[:2]
            command += ["--lane", kind, host, str(port)]
        running = _run(command, fds.values())
        os.close(told)
        os.close(tell)
        self._standby_due = time.monotonic() + STANDBY_SECONDS
        return Process(running, order, ready)

    def _launch_signer(self, token: str) -> Process:
        """A signer process: of a token's two, one works, and the other takes its turn the moment that it dies."""
        ready, tell = os.pipe()
        fds = {"ready": tell, "lifeline": self._lifeline[0], "listening": self.signers[token].fileno()}
        command = [sys.executable, "-P", "-m", "shirushi.serve.signer", str(self.data), token]
        command += [part for name, fd in fds.items() for part in (f"--{name}", str(fd))]
        running = _run(command, fds.values())
        os.close(tell)
        return Process(running, -1, ready)

    def _start(self, child: Child) -> None:
        if child.token:
            process = self._launch_signer(child.token)
        else:
            process, self._standby = self._standby or self._launch(), None
            process.become(child.kind)
        child.process, child.started = process, time.monotonic()
        self._standby_due = child.started + STANDBY_SECONDS
        _log.info("child.started", extra={"service": child.name, "number": process.running.pid})

    def _await(self, child: Child) -> None:
        """Wait until the child works; raises `ChildFailed`."""
        process = child.process
        if not self._stops and process is not None and not process.works() and not self._stops:
            process.running.kill()
            raise ChildFailed(name=child.name, status=process.running.wait())

    def _bury(self, child: Child, process: Process, now: float) -> None:
        """A child has died: say so, and when it is started anew."""
        number, status = process.running.pid, process.running.returncode
        _log.error("child.died", extra={"service": child.name, "number": number, "status": status})
        forget_process(number)
        process.close()
        child.process = None
        child.failures = 0 if now - child.started > SETTLED_SECONDS else child.failures + 1
        child.due = now + PAUSES[min(max(child.failures - 1, 0), len(PAUSES) - 1)]

    def _replace(self) -> None:
        """Give every child a successor; each leaves once its successor works, and stays where that cannot start."""
        if self._standby is not None:  # it may have been loaded from another version of the program
            self._leaving.append(self._standby)
            self._standby.close()
            self._standby = None
        for child in self._children:
            before = child.process
            self._start(child)
            try:
                self._await(child)
            except ChildFailed:
                _log.exception("child.not_replaced", extra={"service": child.name})
                child.process = before
                continue
            if before is not None:
                before.running.terminate()
                before.close()
                self._leaving.append(before)

    def _stop(self) -> None:
        """No new connections; let every child finish; kill what does not."""
        self.listening.close()
        for keeper, _ in self.lanes.values():
            keeper.close()
        running = [(c.kind, c.process) for c in self._children if c.process is not None]
        processes = [process for kind, process in running if kind != "signer"] + self._leaving
        if self._standby is not None:
            processes.append(self._standby)
        deadline = time.monotonic() + self.stop_seconds + 5.0
        self._end(processes, deadline)
        self._end(
            [process for kind, process in running if kind == "signer"], deadline
        )  # the others still sign
        for end in self._lifeline:
            os.close(end)

    def _end(self, processes: list[Process], deadline: float) -> None:
        """Tell them to stop; kill what has not by then."""
        for process in processes:
            process.close()
            if process.running.poll() is None:
                process.running.terminate()
        while any(process.running.poll() is None for process in processes):
            if time.monotonic() > deadline or self._stops > 1:
                for process in processes:
                    process.running.kill()
                break
            time.sleep(0.02)
        for process in processes:
            process.running.wait()

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


def _run(command: Sequence[str], fds: Iterable[int]) -> subprocess.Popen[bytes]:
    """Start one of our own modules, in a session of its own: what a terminal sends goes to the supervisor alone."""
    return subprocess.Popen(command, pass_fds=tuple(fds), start_new_session=True)  # noqa: S603  our own modules


def _gone(process: Process) -> bool:
    """Whether a process that was told to leave has left."""
    if process.running.poll() is None:
        return False
    forget_process(process.running.pid)
    return True


def _drain(woken: int) -> None:
    try:
        os.read(woken, 4096)
    except BlockingIOError:
        return
