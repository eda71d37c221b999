"""A tar archive under a passphrase: encrypted and authenticated, written and read as a stream.

The file: a line that names the form; a header in JSON with the cost and salt of Argon2id (RFC 9106); then chunks, each its
length and AES-256-GCM under the derived key. A chunk's nonce is its number, its associated data the header and whether it
is the last: none can be left out, moved, or taken from another archive, and an archive that was cut off does not open.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import tarfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from shirushi.adapters.files import write_whole
from shirushi.core.errors import FileUnreadable, ShirushiError

MAGIC = b"shirushi.backup.v1\n"
CHUNK = 1 << 20
SHORTEST_PASSPHRASE = 12
"""Characters: who has the archive can try passphrases for ever."""
_MEMORY, _PASSES, _LANES = 65_536, 3, 4
_MOST_MEMORY, _MOST_PASSES = 1 << 21, 64
_TAG = 16


class PassphraseShort(ShirushiError):
    """The passphrase is too short for what it guards."""

    code = "BACKUP_PASSPHRASE_SHORT"


class ArchiveRefused(ShirushiError):
    """The passphrase is wrong, or the archive is damaged, cut off, or none: which of them cannot be told."""

    code = "BACKUP_REFUSED"


def write_archive(path: Path, passphrase: str, fill: Callable[[tarfile.TarFile], None]) -> None:
    """Write what `fill` puts into a tar archive; durably, whole or not at all. A file that exists is left alone.

    Raises `PassphraseShort`, `FileUnwritable`, or what `fill` raises.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseShort(length=SHORTEST_PASSPHRASE)

    def write(fd: int) -> None:
        with os.fdopen(os.dup(fd), "wb") as file:
            sealer = _Sealer(file, passphrase)
            with tarfile.open(fileobj=sealer, mode="w|", bufsize=CHUNK) as archive:
                fill(archive)
            sealer.finish()

    write_whole(path, write, mode=0o600, replace=False)


@contextmanager
def reading_archive(path: Path, passphrase: str) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    """The archive's files, in their order, each to be read before the next. At the end nothing is left unauthenticated.

    Raises `FileUnreadable`, `ArchiveRefused`.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileUnreadable(path=path, detail=error.strerror) from error
    with file:
        opener = _Opener(file, passphrase, path)
        try:
            with tarfile.open(fileobj=opener, mode="r|", bufsize=CHUNK) as archive:
                yield _files(archive)
            while opener.read(CHUNK):
                pass
        except tarfile.TarError as error:
            raise ArchiveRefused(path=path) from error


def add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Put a file of that content into the archive."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def add_file(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Put a file into the archive, as long as it is now; gives the SHA-256 of what was put there."""
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
        hashing = _Hashing(file)
        archive.addfile(entry, hashing)
        return hashing.digest.hexdigest()


class _Hashing:
    """A file whose octets are hashed as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def _files(archive: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for entry in archive:
        content = archive.extractfile(entry)
        if content is None:
            raise tarfile.TarError(entry.name)
        yield entry, content


class _Sealer(io.RawIOBase):
    """Takes the archive's octets and writes sealed chunks."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file = file
        salt = secrets.token_bytes(16)
        self._header = json.dumps(
            {"salt": salt.hex(), "memory": _MEMORY, "passes": _PASSES, "lanes": _LANES}
        ).encode()
        self._cipher = _cipher(passphrase, salt, _MEMORY, _PASSES, _LANES)
        self._number = 0
        self._rest = bytearray()
        file.write(MAGIC + len(self._header).to_bytes(4, "big") + self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        octets = bytes(data)  # type: ignore[call-overload]  # tarfile writes bytes
        self._rest += octets
        while len(self._rest) > CHUNK:  # the last chunk is written by `finish`
            self._seal(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(octets)

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._rest), last=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), data, _bound(self._header, last=last))
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class _Opener(io.RawIOBase):
    """Gives the archive's octets from sealed chunks, none before it is authenticated."""

    def __init__(self, file: IO[bytes], passphrase: str, path: Path) -> None:
        self._file = file
        self._path = path
        self._number = 0
        self._rest = b""
        self._ended = False
        try:
            if file.read(len(MAGIC)) != MAGIC:
                raise ValueError  # noqa: TRY301  named as every damage is
            self._header = file.read(min(int.from_bytes(file.read(4), "big"), 4096))
            said = json.loads(self._header)
            salt, memory, passes, lanes = (
                bytes.fromhex(said["salt"]),
                said["memory"],
                said["passes"],
                said["lanes"],
            )
            if not (0 < memory <= _MOST_MEMORY and 0 < passes <= _MOST_PASSES and 0 < lanes <= 64):
                raise ValueError  # noqa: TRY301  named as every damage is
            self._cipher = _cipher(passphrase, salt, memory, passes, lanes)
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveRefused(path=path) from error

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next octets, fewer than `size` only at the end; raises `ArchiveRefused`."""
        while not self._ended and (size < 0 or len(self._rest) < size):
            self._rest += self._next()
        taken = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(taken) :]
        return taken

    def _next(self) -> bytes:
        length = int.from_bytes(self._file.read(4), "big")
        sealed = self._file.read(min(length, CHUNK + _TAG))
        following = self._file.read(1)
        if following:
            self._file.seek(-1, os.SEEK_CUR)
        self._ended = not following
        try:
            if len(sealed) != length:
                raise InvalidTag  # noqa: TRY301  named as every damage is
            bound = _bound(self._header, last=self._ended)
            data = self._cipher.decrypt(_nonce(self._number), sealed, bound)
        except (InvalidTag, ValueError) as error:
            raise ArchiveRefused(path=self._path) from error
        self._number += 1
        return data


def _cipher(passphrase: str, salt: bytes, memory: int, passes: int, lanes: int) -> AESGCM:
    kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory)
    return AESGCM(kdf.derive(unicodedata.normalize("NFKC", passphrase).encode()))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(header: bytes, *, last: bool) -> bytes:
    return MAGIC + header + (b"last" if last else b"more")
