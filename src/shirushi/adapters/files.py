"""Files as documents: read in place, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from shirushi.adapters.media_types import media_type_of
from shirushi.core.document import CHUNK, Document
from shirushi.core.errors import FileUnreadable, FileUnwritable, ShirushiError


class FileChanged(ShirushiError):
    """A file that was truncated or written to while it was open as a source."""

    code = "FILE_CHANGED"


class FileIsSource(ShirushiError):
    """The file to be written is the one that the document reads from."""

    code = "FILE_IS_SOURCE"


class FileSource:
    """A regular file as a `ByteSource`, read with pread, so that threads may share it.

    Its size is fixed when it is opened. A read raises `FileChanged` once the file's size or modification time differ
    from then. The descriptor closes with `close`, with the `with` block, or when the source is no longer referred to.

    Raises:
        FileUnreadable: the file is missing, may not be read, or is no regular file.
    """

    __slots__ = ("_fd", "_stat", "path", "size")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._fd = -1
        self.path = Path(path)
        try:
            # O_NONBLOCK: opening a FIFO must fail, not wait for a writer
            self._fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            self._stat = os.fstat(self._fd)
        except (OSError, ValueError) as error:
            self.close()
            raise FileUnreadable(path=self.path, detail=_detail(error)) from error
        if not stat.S_ISREG(self._stat.st_mode):
            self.close()
            raise FileUnreadable(path=self.path, detail="it is not a regular file")
        self.size = self._stat.st_size

    def __repr__(self) -> str:
        return f"FileSource({str(self.path)!r}, {self.size} bytes)"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Give the descriptor back. Reading afterwards raises `FileUnreadable`; closing again does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the file ends.

        Raises:
            FileChanged: the file is not what it was when it was opened.
            FileUnreadable: reading failed, or the source is closed.
        """
        length = min(length, self.size - offset)
        if length <= 0:
            return b""
        fd = self._fd
        try:
            data = os.pread(fd, length, offset)
            while len(data) < length and (more := os.pread(fd, length - len(data), offset + len(data))):
                data += more
            unchanged = len(data) == length and self._same(os.fstat(fd))
        except OSError as error:
            detail = "it is closed" if self._fd < 0 else _detail(error)
            raise FileUnreadable(path=self.path, detail=detail) from error
        if self._fd != fd:  # closed meanwhile: the number may already name another file
            raise FileUnreadable(path=self.path, detail="it is closed")
        if not unchanged:
            raise FileChanged(path=self.path)
        return data

    def is_file(self, status: os.stat_result) -> bool:
        """Whether `status` describes this very file."""
        return (status.st_dev, status.st_ino) == (self._stat.st_dev, self._stat.st_ino)

    def copy_to(self, target: int) -> None:
        """Append the whole file to the descriptor `target`, inside the kernel and as shared extents where it can.

        Raises:
            FileChanged: the file is not what it was when it was opened.
            OSError: `target` cannot take it.
        """
        copied = 0
        try:
            while copied < self.size:
                step = os.copy_file_range(self._fd, target, min(self.size - copied, CHUNK << 8), copied)
                if step == 0:
                    break
                copied += step
        except OSError as error:
            if error.errno not in _NO_KERNEL_COPY:
                raise
        while copied < self.size:
            copied += _write(target, self.read_at(copied, CHUNK))
        if not self._same(os.fstat(self._fd)):
            raise FileChanged(path=self.path)

    def _same(self, status: os.stat_result) -> bool:
        opened = self._stat
        return status.st_size == opened.st_size and status.st_mtime_ns == opened.st_mtime_ns


_NO_KERNEL_COPY = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM, errno.EBADF}


def open_document(path: str | os.PathLike[str]) -> Document:
    """Open a file as a document: its media type comes from its first bytes, else from the end of its name.

    Raises:
        FileUnreadable: the file is missing, may not be read, or is no regular file.
    """
    source = FileSource(path)
    return Document(source, b"", source.path.name, media_type_of(source.read_at(0, 1024), source.path.name))


def write_document(document: Document, path: str | os.PathLike[str], *, replace_source: bool = False) -> None:
    """Write a document durably: afterwards `path` holds all of it, or what stood there before.

    Folders on the way that are missing are made. A file that is replaced keeps its permissions; a symbolic link is
    followed. Memory use does not grow with the size.

    Raises:
        FileUnwritable: the disk is full, permission is lacking, or `path` is no place for a file.
        FileIsSource: `path` is the file that the document reads from, and `replace_source` is false.
        FileChanged: the document's source changed meanwhile.
    """
    source = document.source

    def fill(fd: int) -> None:
        if isinstance(source, FileSource):
            source.copy_to(fd)
            _write(fd, document.appended)
            return
        for chunk in document.chunks():
            _write(fd, chunk)

    target = Path(path)
    try:
        before = target.stat()
    except (OSError, ValueError):
        before = None
    if before and not replace_source and isinstance(source, FileSource) and source.is_file(before):
        raise FileIsSource(path=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise FileUnwritable(path=target, detail=_detail(error)) from error
    write_whole(target, fill)


def write_whole(
    path: str | os.PathLike[str],
    content: bytes | Callable[[int], None],
    *,
    mode: int | None = None,
    replace: bool = True,
) -> None:
    """Put `content`, or what it writes to the descriptor it is given, in a file: durably, whole or not at all.

    `mode` sets the permissions; without it they are those of the file that is replaced, or the process's default.
    With `replace` false a file that exists is left alone.

    Raises:
        FileUnwritable: it could not be written, or it exists and `replace` is false; nothing has changed.
    """
    target = Path(path)
    try:
        target = target.resolve()
        _write_whole(target, content, mode, replace=replace)
    except (OSError, ValueError, RuntimeError) as error:
        raise FileUnwritable(path=target, detail=_detail(error)) from error


def _write_whole(
    target: Path, content: bytes | Callable[[int], None], mode: int | None, *, replace: bool
) -> None:
    with suppress(FileNotFoundError):
        before = target.stat()
        if not replace:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        if not stat.S_ISREG(before.st_mode):  # a rename would take the place of a device or a socket
            raise OSError(errno.EINVAL, "it is not a regular file")
        mode = stat.S_IMODE(before.st_mode) if mode is None else mode
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    name = f".shirushi-{secrets.token_hex(8)}.part"
    try:
        fd, named = _unseen_file(folder, name)
        try:
            if mode is not None:
                os.fchmod(fd, mode)
            if isinstance(content, bytes):
                _write(fd, content)
            else:
                content(fd)
            os.fsync(fd)
            if not replace:
                _link(fd, name if named else None, folder, target.name)
            else:
                if not named:
                    _link(fd, None, folder, name)
                    named = True
                os.rename(name, target.name, src_dir_fd=folder, dst_dir_fd=folder)
                named = False
        finally:
            os.close(fd)
            if named:
                with suppress(OSError):
                    os.unlink(name, dir_fd=folder)
        os.fsync(folder)
    finally:
        os.close(folder)


def _unseen_file(folder: int, name: str) -> tuple[int, bool]:
    """A new file in the folder: without a name where the file system can, so that a killed process leaves nothing.

    Only between the naming and the rename, which follow each other, can SIGKILL leave a whole file `.shirushi-….part`.
    """
    with suppress(OSError):
        return os.open(".", os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0o666, dir_fd=folder), False
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.open(name, flags, 0o666, dir_fd=folder), True


def _link(fd: int, name: str | None, folder: int, target: str) -> None:
    """Give the file the name `target`, which must be free."""
    if name is None:
        os.link(f"/proc/self/fd/{fd}", target, dst_dir_fd=folder)
    else:
        os.link(name, target, src_dir_fd=folder, dst_dir_fd=folder)


def _write(fd: int, data: bytes) -> int:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
    return len(data)


def _detail(error: BaseException) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
