"""The audit log's checkpoints in files, one line each: beside the database, and wherever else they are safe."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Sequence
from pathlib import Path

from shirushi.core.errors import FileUnreadable, FileUnwritable

_STEP = 1 << 16


class CheckpointFile:
    """The port `CheckpointArchive` over a file that only grows.

    A line is kept once it ends; what an interrupted process began and did not end is overwritten by the next. Processes
    that append at once take turns. Where a line was altered is for the audit service to find.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self) -> int:
        """The number of the last whole line, 0 where there is none or it cannot be read as a checkpoint."""
        try:
            with self.path.open("rb") as file:
                return _last(file.fileno())
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise FileUnreadable(path=self.path, detail=error.strerror) from error

    def append(self, lines: Sequence[str]) -> None:
        """Append, durably, the lines whose number is above the last one's; raises `FileUnwritable`."""
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                last = _last(file)
                new = "".join(line + "\n" for line in lines if _number(line.encode()) > last)
                end = _end(file)
                os.ftruncate(file, end)
                data = new.encode()
                while data:
                    written = os.pwrite(file, data, end)
                    data, end = data[written:], end + written
                os.fsync(file)
            finally:
                os.close(file)
            _sync_folder(self.path.parent)
        except OSError as error:
            raise FileUnwritable(path=self.path, detail=error.strerror) from error

    def lines(self) -> tuple[str, ...]:
        """All whole lines; raises `FileUnreadable`."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise FileUnreadable(path=self.path, detail=error.strerror) from error
        return tuple(data[: data.rfind(b"\n") + 1].decode(errors="replace").splitlines())


def _end(file: int) -> int:
    """Where the last whole line ends."""
    return _line_start(file, os.fstat(file).st_size)


def _last(file: int) -> int:
    end = _end(file)
    start = _line_start(file, end - 1)
    return _number(os.pread(file, max(0, end - start), start))


def _line_start(file: int, position: int) -> int:
    """Where the line begins that reaches up to `position`."""
    while position > 0:
        start = max(0, position - _STEP)
        found = os.pread(file, position - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def _number(line: bytes) -> int:
    try:
        return int(json.loads(line)["number"])
    except (ValueError, KeyError, TypeError):
        return 0


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
