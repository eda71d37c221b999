"""Documents that come over a network: in memory while they are small, then in a file that has no name.

A file without a name vanishes with the process, however that ends: an upload never leaves anything behind.
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from shirushi.adapters.files import FileSource
from shirushi.adapters.media_types import media_type_of
from shirushi.core.document import Bytes, ByteSource, Document
from shirushi.core.errors import FileUnwritable
from shirushi.ports.database import StorageFull

IN_MEMORY = 1 << 20
"""Bytes up to which an upload stays in memory."""


class SpooledUpload:
    """The port `Upload`. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory = bytearray()
        self._fd = -1
        self.size = 0

    def __del__(self) -> None:
        self._close()

    def write(self, data: bytes) -> None:
        """Take the next piece; raises `StorageFull`, or `FileUnwritable` where the folder takes no file."""
        self._memory += data
        self.size += len(data)
        if len(self._memory) > IN_MEMORY:
            self._flush()

    def finish(self, name: str) -> Document:
        """All of it as a document of that name; its media type comes from its first bytes, else from the name."""
        source: ByteSource
        if self._fd < 0:
            source = Bytes(bytes(self._memory))
        else:
            self._flush()
            source = FileSource(f"/proc/self/fd/{self._fd}")
            self._close()
        return Document(source, b"", name, media_type_of(source.read_at(0, 1024), name))

    def _flush(self) -> None:
        try:
            if self._fd < 0:
                self._fd = _unnamed(self._folder)
            view = memoryview(self._memory)
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise StorageFull from error
            raise FileUnwritable(path=self._folder, detail=error.strerror) from error
        self._memory = bytearray()

    def _close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)


class SpooledUploads:
    """The port `Uploads`: large uploads lie in `folder` without a name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self) -> SpooledUpload:
        """A new upload."""
        return SpooledUpload(self._folder)


def _unnamed(folder: Path) -> int:
    with suppress(OSError):
        return os.open(folder, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o600)
    fd, name = tempfile.mkstemp(dir=folder)  # a file system without O_TMPFILE
    Path(name).unlink()
    return fd
