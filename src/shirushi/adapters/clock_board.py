"""The clock guard's board in a memory-mapped file, and the clock that reads it at each token."""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

from shirushi.adapters.files import write_whole
from shirushi.core.errors import FileUnwritable
from shirushi.core.instant import Instant
from shirushi.core.reason import reason
from shirushi.ports.clock import TimeNotAvailable
from shirushi.ports.clock_guard import ClockBoard, MachineClocks, Posted
from shirushi.rules.clock import Declaration, Fix, GuardState, Leap, Tick, refusal
from shirushi.rules.clock.model import PASSING, SECOND, Refusal

_BODY = struct.Struct("<4sB16s32s6qB5qBq")
_MAGIC = b"SCB1"
_SIZE = 4096
_ALARM, _RETURN = slice(2048, 2080), slice(2080, 2081)
_TRIES = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 1_000_000
"""Readings of two clocks lie further apart than this many nanoseconds where the process was interrupted between them."""
_LOOK_AGAIN = 60 * SECOND


class SystemClocks:
    """The port `MachineClocks` over Linux's clocks."""

    __slots__ = ()

    def tick(self) -> Tick:
        """All of them, read within a millisecond where the process is not interrupted again and again."""
        read = time.clock_gettime_ns
        for _ in range(_TRIES):
            raw = read(time.CLOCK_MONOTONIC_RAW)
            system = read(time.CLOCK_REALTIME)
            suspended = read(time.CLOCK_BOOTTIME) - read(time.CLOCK_MONOTONIC)
            if read(time.CLOCK_MONOTONIC_RAW) - raw < _AT_ONCE:
                break
        return Tick(raw, system, suspended)


class MappedBoard:
    """The port `ClockBoard` over a file in `folder`, mapped into every process.

    A read costs no system call and is whole or none: a checksum stands at its end. What was posted before this machine
    last started does not count, but for a stop, which stands in a file of its own until it is cleared.
    """

    def __init__(self, folder: Path) -> None:
        self._stop = folder / "stopped.json"
        self._lock = folder / "guard.lock"
        path = folder / "board"
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(fd).st_size < _SIZE:
                    os.ftruncate(fd, _SIZE)
                self._map = mmap.mmap(fd, _SIZE)
            finally:
                os.close(fd)
            self._boot = bytes.fromhex(
                Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")
            )
        except OSError as error:
            raise FileUnwritable(path=path, detail=error.strerror) from error
        self._seen: tuple[bytes, Posted | None] = (b"", None)

    def read(self) -> Posted | None:
        """What was posted last since this machine started; None where nothing whole was."""
        size = _BODY.size
        for _ in range(_TRIES):
            held = self._map[: size + 4]
            seen = self._seen
            if held == seen[0]:
                return seen[1]
            if zlib.crc32(held[:size]).to_bytes(4, "little") == held[size:]:
                posted = self._parse(held[:size])
                self._seen = (held, posted)
                return posted
        return None

    def post(self, posted: Posted) -> None:
        """Post a state, at once for all processes; then, where it is a stop, durably."""
        fix, declared = posted.fix, posted.declared
        tick = fix.tick if fix else Tick(0, 0)
        body = _BODY.pack(
            _MAGIC,
            posted.state,
            self._boot,
            posted.code.encode(),
            declared.accuracy,
            declared.drift,
            declared.step,
            declared.least,
            declared.distant,
            declared.patience,
            fix is not None,
            tick.raw,
            tick.system,
            tick.suspended,
            fix.offset if fix else 0,
            fix.error if fix else 0,
            fix.leap if fix else 0,
            fix.leap_at if fix else 0,
        )
        self._map[: len(body) + 4] = body + zlib.crc32(body).to_bytes(4, "little")
        if posted.state is GuardState.STOPPED:
            if not self._stop.exists():
                write_whole(self._stop, json.dumps({"code": posted.code}).encode(), mode=0o600)
        else:
            self._stop.unlink(missing_ok=True)

    def stopped(self) -> str:
        """The code of the stop that stands, whatever happened to the machine since; empty where none does."""
        try:
            return str(json.loads(self._stop.read_bytes())["code"])
        except FileNotFoundError:
            return ""
        except (OSError, ValueError, KeyError, TypeError):
            return Refusal.STOPPED.value

    def alarm(self, code: str) -> None:
        """A reader saw the clock leave its accuracy."""
        self._map[_ALARM] = code.encode().ljust(32, b"\0")

    def alarmed(self) -> str:
        """The alarm that stands; empty where none does."""
        return self._map[_ALARM].rstrip(b"\0").decode("ascii", "replace")

    def ask_return(self) -> None:
        """An operator returns the clock to service."""
        self._map[_RETURN] = b"+"

    def return_asked(self) -> bool:
        """Whether an operator has asked, and no guard has looked since."""
        return self._map[_RETURN] == b"+"

    def settle(self) -> None:
        """Alarm and request were seen to."""
        self._map[_ALARM.start : _RETURN.stop] = bytes(33)

    @contextmanager
    def guarding(self) -> Iterator[bool]:
        """Be the guard for a while; false where another process is."""
        fd = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(fd)

    def _parse(self, body: bytes) -> Posted | None:
        magic, state, boot, code, *rest = _BODY.unpack(body)
        if magic != _MAGIC or boot != self._boot:
            return None
        declared = Declaration(*rest[:6])
        known, raw, system, suspended, offset, error, leap, leap_at = rest[6:]
        fix = Fix(Tick(raw, system, suspended), offset, error, Leap(leap), leap_at) if known else None
        return Posted(GuardState(state), declared, fix, code.rstrip(b"\0").decode("ascii"))


class GuardedClock:
    """The port `Clock` over the system clock, as long as the guard's last fix shows it within the declared accuracy.

    Each reading is held against the raw clock: a step is seen at the first token after it. Thread-safe, and a few
    microseconds a reading.

    Attributes:
        board: where the guard posts.
        machine: the machine's clocks.
        look: called where no guard has posted yet, and now and then afterwards: where no guard runs, it is to look once.
    """

    def __init__(
        self, board: ClockBoard, machine: MachineClocks, look: Callable[[], object] | None = None
    ) -> None:
        self._board = board
        self._machine = machine
        self._look = look
        self._looking = RLock()
        self._next_look = 0

    def now(self) -> Instant:
        """The present instant in UTC, to the microsecond; raises `TimeNotAvailable` outside the declared accuracy."""
        tick = self._machine.tick()
        if self._look is not None and tick.raw >= self._next_look:
            with self._looking:  # who comes meanwhile waits for what this look finds
                if tick.raw >= self._next_look:
                    self._look()
                    self._next_look = tick.raw + _LOOK_AGAIN
            tick = self._machine.tick()
        posted = self._board.read()
        if posted is None:
            raise TimeNotAvailable(reason(Refusal.NO_FIX.value))
        if posted.state is not GuardState.IN_SERVICE or posted.fix is None:
            raise TimeNotAvailable(reason(posted.code or Refusal.NO_FIX.value))
        refused = refusal(posted.fix, posted.declared, tick)
        if refused is not None:
            if refused not in PASSING:
                self._board.alarm(refused.value)
            raise TimeNotAvailable(reason(refused.value))
        return _EPOCH + timedelta(microseconds=tick.system // 1000)
