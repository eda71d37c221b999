"""A name server of the tests' own on the loopback: every name is at 127.0.0.1, and has the records that a test sets."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

A, TXT, CAA = 1, 16, 257
_LOOPBACK = b"\x7f\0\0\1"
_SERVER_FAILED = 2


def caa(text: str, flags: int = 0) -> bytes:
    """A CAA record in wire form (RFC 8659 §4.1), written as in `issue ca.example.jp`."""
    tag, _, value = text.partition(" ")
    return bytes((flags, len(tag))) + tag.encode() + value.encode()


class Names:
    """What the name server knows. `texts` is a folder with a file of TXT records, one a line, for each name."""

    def __init__(self, port: int, texts: Path | None) -> None:
        self.port = port
        self.texts = texts
        self.caa: dict[str, list[bytes]] = {}
        self.failing: set[int] = set()

    def records(self, name: str, kind: int) -> list[bytes]:
        """The data of the records of that type at a name."""
        match kind:
            case 1:
                return [_LOOPBACK]
            case 16 if self.texts is not None and (self.texts / name).exists():
                lines = (self.texts / name).read_bytes().split()
                return [bytes((len(line),)) + line for line in lines]
            case 257:
                return self.caa.get(name, [])
            case _:
                return []

    def answer(self, query: bytes) -> bytes:
        """The answer to a query (RFC 1035 §4.1)."""
        end = query.index(b"\0", 12) + 5
        (kind,) = struct.unpack("!H", query[end - 4 : end - 2])
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += 1 + query[at]
        failed = kind in self.failing
        found = [] if failed else self.records(".".join(labels).lower(), kind)
        records = [b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(each)) + each for each in found]
        flags = 0x8180 | (_SERVER_FAILED if failed else 0)
        head = query[:2] + struct.pack("!5H", flags, 1, len(records), 0, 0)
        return head + query[12:end] + b"".join(records)


@contextmanager
def name_server(texts: Path | None = None) -> Iterator[Names]:
    """A name server over UDP, as long as the block."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.2)
        names = Names(udp.getsockname()[1], texts)

        def once() -> None:
            try:
                query, client = udp.recvfrom(1024)
            except TimeoutError:
                return
            udp.sendto(names.answer(query), client)

        with _repeated(once):
            yield names


@contextmanager
def _repeated(once: Callable[[], None]) -> Iterator[None]:
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            once()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
