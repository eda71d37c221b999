"""The port `Depot`: documents in a private folder, such as those of a batch that is being signed."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shirushi.adapters.files import FileSource, write_document
from shirushi.adapters.media_types import media_type_of
from shirushi.core.document import Document
from shirushi.core.errors import FileUnwritable
from shirushi.ports.database import StorageFull

ROOM_LEFT = 256_000_000
"""How many bytes of the disk documents never take."""
_LOCK = ".lock"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}")


@dataclass(frozen=True, slots=True)
class _Shelved:
    """A file that is open only while it is read: ten thousand of them cost no descriptor."""

    path: Path
    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`; raises `FileUnreadable` where the file was removed meanwhile."""
        with FileSource(self.path) as source:
            return source.read_at(offset, length)


class FolderDepot:
    """Keeps documents below `path`. Several processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, folder: str, name: str, document: Document) -> Document:
        """Keep the document; see `Depot.put`."""
        place = self._place(folder)
        try:
            place.mkdir(mode=0o700, exist_ok=True)
            free = shutil.disk_usage(place).free
        except OSError as error:
            raise FileUnwritable(path=place, detail=error.strerror) from error
        if free < ROOM_LEFT + document.size:
            raise StorageFull
        write_document(document, place / _plain(name))
        kept = self.get(folder, name, document.name)
        if kept is None:
            raise FileUnwritable(path=place / name, detail="it was removed")
        return kept

    def get(self, folder: str, name: str, shown: str) -> Document | None:
        """The document; see `Depot.get`."""
        path = self._place(folder) / _plain(name)
        if not path.exists():
            return None
        with FileSource(path) as source:
            head, size = source.read_at(0, 1024), source.size
        return Document(_Shelved(path, size), b"", shown, media_type_of(head, shown))

    def remove(self, folder: str, name: str | None = None) -> None:
        """Remove the document, or the folder."""
        place = self._place(folder)
        if name is None:
            shutil.rmtree(place, ignore_errors=True)
        else:
            (place / _plain(name)).unlink(missing_ok=True)

    def has(self, folder: str) -> bool:
        """Whether there is such a folder."""
        return self._place(folder).is_dir()

    def claim(self, folder: str) -> Callable[[], None] | None:
        """Claim the folder by a lock that the kernel takes back when the process ends."""
        place = self._place(folder)
        try:
            lock = os.open(place / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileUnwritable(path=place, detail=error.strerror) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return partial(os.close, lock)

    def _place(self, folder: str) -> Path:
        return self._path / _plain(folder)


def _plain(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"no name for a kept document: {name!r}")
    return name
