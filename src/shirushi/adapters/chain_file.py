"""Chains of audit records in files: each process that stamps without the database lengthens a chain of its own.

A chain is a folder `<machine>-<mark>-<number>` with a file `lock` and segments, each named by the position of its first record.
A line that is whole is never taken back: it may be bound by a checkpoint from then on.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from shirushi.adapters.files import write_whole
from shirushi.core.chain import GENESIS, line_at
from shirushi.core.errors import FileUnreadable, FileUnwritable

SEGMENT_SIZE = 1 << 28
"""From this many bytes on a new segment is begun."""
_REWRITTEN = 1 << 22
"""Bytes at the end that are written once more on opening: whether they reached the disk before is not known."""
_LARGEST_LINE = 1 << 16
_ENDING = ".jsonl"


class ChainFile:
    """The port `AuditChain`: takes the first chain of this node that no other process holds, or begins one.

    What an interrupted process left of a line is cut off. Not thread-safe: one thread appends.

    Raises:
        FileUnwritable: no file can be made or written there.
        FileUnreadable: the last line was made unreadable; the chain cannot go on, and stays locked while this process
            lives, so that no other begins to wait for it.
    """

    def __init__(self, folder: Path, segment_size: int = SEGMENT_SIZE, node: str = "") -> None:
        self._segment_size = segment_size
        self._broken = False
        self._path = folder
        try:
            self._folder, self._lock = _claim(folder, node)
            self.name = self._folder.name
            segments = _segments(self._folder)
            self._path = segments[-1] if segments else self._segment(1)
            self._file, self._size = _recover(self._path)
            _sync_folder(self._folder)
        except OSError as error:
            raise FileUnwritable(path=self._path, detail=error.strerror) from error
        self.position, link = ChainFolder(folder).head(self.name)
        self._link = bytes.fromhex(link)

    def append(self, tails: Sequence[bytes]) -> int:
        """Link the records and make them durable: how many of them; see the port."""
        if self._broken:
            raise FileUnwritable(path=self._path, detail="an earlier write was not confirmed")
        lines, links, position, link = [], [self._link], self.position, self._link
        for tail in tails:
            position += 1
            line, link = line_at(position, tail, link)
            lines.append(line)
            links.append(link)
        kept = self._write(lines)
        self.position += kept
        self._link = links[kept]
        if self._size > self._segment_size:
            self._begin_segment()
        return kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let another process take the chain."""
        os.close(self._file)
        os.close(self._lock)

    def _write(self, lines: list[bytes]) -> int:
        """Append and synchronise; of what did not fit, the whole lines are kept, and the rest cut off."""
        data, done = memoryview(b"".join(lines)), 0
        try:
            with suppress(OSError):  # full, over a quota or over a size limit: what was written stands
                while done < len(data):
                    done += os.pwrite(self._file, data[done:], self._size + done)
            kept = len(lines)
            if done < len(data):
                kept, fitting = 0, 0
                while fitting + len(lines[kept]) <= done:
                    fitting += len(lines[kept])
                    kept += 1
                done = fitting
                os.ftruncate(self._file, self._size + done)
            if kept:
                os.fdatasync(self._file)
        except OSError as error:
            self._broken = True
            raise FileUnwritable(path=self._path, detail=error.strerror) from error
        self._size += done
        return kept

    def _begin_segment(self) -> None:
        """Go on in a new file; in the old one where that cannot be made."""
        with suppress(OSError):
            path = self._segment(self.position + 1)
            file, size = _recover(path)
            _sync_folder(self._folder)
            os.close(self._file)
            self._path, self._file, self._size = path, file, size

    def _segment(self, first: int) -> Path:
        return self._folder / f"{first:016d}{_ENDING}"


class ChainFolder:
    """The port `AuditChains` over the folder in which the chains lie; `node` names this machine, by default its own name."""

    def __init__(self, folder: Path, node: str = "") -> None:
        self._folder = folder
        self._machine = _machine(node)

    def keeper(self, name: str) -> str:
        """The machine that keeps the chain; empty where this one does, or where the name tells of none."""
        node = name.rpartition("-")[0]
        machine = node.rpartition("-")[0]
        if machine in {"", self._machine}:
            return ""
        try:
            return "" if (self._folder / "node").read_text("ascii").strip() == node else machine
        except FileNotFoundError:
            return machine
        except (OSError, ValueError) as error:
            raise FileUnreadable(path=self._folder / "node", detail=error) from error

    def names(self) -> tuple[str, ...]:
        """The chains that have a segment, in order."""
        try:
            return tuple(sorted(p.name for p in self._folder.iterdir() if p.is_dir() and _segments(p)))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise FileUnreadable(path=self._folder, detail=error.strerror) from error

    def head(self, name: str) -> tuple[int, str]:
        """Position and link of the last record; whole lines are never taken back, and this one is synchronised."""
        for path in reversed(_segments(self._folder / name)):
            try:
                with path.open("rb") as file:
                    line = _last_line(file.fileno())
                    os.fdatasync(file.fileno())
            except OSError as error:
                raise FileUnreadable(path=path, detail=error.strerror) from error
            if line:
                return _place(line, path)
        return 0, GENESIS

    def lines(self, name: str) -> Iterator[bytes]:
        """Every line of the chain, segment after segment, each as it stands with its line feed."""
        for path in _segments(self._folder / name):
            try:
                with path.open("rb") as file:
                    yield from iter(lambda file=file: file.readline(_LARGEST_LINE), b"")  # type: ignore[misc]  # bound at once
            except OSError as error:
                raise FileUnreadable(path=path, detail=error.strerror) from error


def _machine(node: str) -> str:
    """What a machine is called in the names of its chains."""
    return re.sub("[^a-z0-9.-]+", "_", (node or os.uname().nodename).lower())[:100]


def _node(folder: Path, machine: str) -> str:
    """The name of this node among those that share a database: made once, where the chains lie."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "node"
    if not path.exists():
        with suppress(FileUnwritable):  # another process was first, or reading it says what is wrong
            write_whole(path, f"{machine}-{secrets.token_hex(4)}\n".encode(), mode=0o600, replace=False)
    return path.read_text("ascii").strip()


def _claim(folder: Path, node: str) -> tuple[Path, int]:
    """The first chain that nobody holds, and the lock on it, which ends with the process."""
    node, number = _node(folder, _machine(node)), 0
    while True:
        number += 1
        chain = folder / f"{node}-{number}"
        chain.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(chain / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
        else:
            _sync_folder(folder)
            return chain, lock


def _segments(chain: Path) -> list[Path]:
    return sorted(chain.glob(f"*{_ENDING}"))


def _recover(path: Path) -> tuple[int, int]:
    """Open a segment, cut off a line that is not whole, and make durable what is: the file and its size."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    size = os.fstat(file).st_size
    tail = os.pread(file, _REWRITTEN, max(0, size - _REWRITTEN))
    whole = tail[: tail.rfind(b"\n") + 1]
    end = size - len(tail) + len(whole)
    os.ftruncate(file, end)
    os.pwrite(file, whole, end - len(whole))
    os.fsync(file)
    return file, end


def _last_line(file: int) -> bytes:
    """The last whole line, without its line feed; empty where there is none."""
    size = os.fstat(file).st_size
    tail = os.pread(file, 2 * _LARGEST_LINE, max(0, size - 2 * _LARGEST_LINE))
    return tail[: tail.rfind(b"\n")].rpartition(b"\n")[2] if b"\n" in tail else b""


def _place(line: bytes, path: Path) -> tuple[int, str]:
    try:
        record = json.loads(line)
        position, link = int(record[1]), bytes.fromhex(record[-1]).hex()
    except (ValueError, TypeError, LookupError):
        position, link = 0, ""
    if position < 1 or len(link) != len(GENESIS):
        raise FileUnreadable(path=path, detail="its last line is no record")
    return position, link


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
