"""Messages between the platform and a signer process: a head in JSON and octets, each with its length before it."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LARGEST = 256 << 20
"""Octets of one message: EdDSA signs whole documents, a large CRL among them."""
_LENGTHS = struct.Struct("!II")
_CREDENTIALS = struct.Struct("3i")


class FrameMalformed(ValueError):
    """What arrived is no message."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A message. Its octets, and a PIN in its head, never show in a representation."""

    head: Mapping[str, Any] = field(repr=False)
    octets: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """The message as it is sent."""
        head = json.dumps(self.head, ensure_ascii=False).encode()
        return _LENGTHS.pack(len(head), len(self.octets)) + head + self.octets


def split(buffer: bytearray) -> Frame | None:
    """Take the first whole message from `buffer`; None where more must come. Raises `FrameMalformed`."""
    if len(buffer) < _LENGTHS.size:
        return None
    head, octets = _LENGTHS.unpack_from(buffer)
    if head + octets > LARGEST:
        raise FrameMalformed(head + octets)
    end = _LENGTHS.size + head + octets
    if len(buffer) < end:
        return None
    middle = _LENGTHS.size + head
    try:
        said = json.loads(bytes(buffer[_LENGTHS.size : middle]))
    except ValueError as error:
        raise FrameMalformed("head") from error
    if not isinstance(said, dict):
        raise FrameMalformed("head")
    frame = Frame(said, bytes(buffer[middle:end]))
    del buffer[:end]
    return frame


def receive(sock: socket.socket) -> Frame:
    """The next message. Raises OSError where the other end is gone or late, `FrameMalformed`."""
    buffer = bytearray()
    while (frame := split(buffer)) is None:
        came = sock.recv(1 << 18)
        if not came:
            raise ConnectionResetError
        buffer += came
    return frame


def listen(path: Path) -> socket.socket:
    """A listening socket at `path`, in the place of what a dead process left there; its length does not matter."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path.unlink(missing_ok=True)
    with _short(path) as address:
        sock.bind(address)
    path.chmod(0o600)
    sock.listen(128)
    return sock


def connect(path: Path, seconds: float) -> socket.socket:
    """A connection to who listens at `path`, each of whose steps may take `seconds`; raises OSError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        with _short(path) as address:
            sock.connect(address)
        _check_user(sock)
    except BaseException:
        sock.close()
        raise
    return sock


def same_user(sock: socket.socket) -> bool:
    """Whether the other end is a process of this user (SO_PEERCRED, unix(7))."""
    said = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(said)[1] == os.geteuid())


def _check_user(sock: socket.socket) -> None:
    if not same_user(sock):
        raise PermissionError


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address for `path` within the 107 octets that a Unix socket's may have."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
