"""A small DNS client (RFC 1035): asks recursive resolvers for one type of record, over UDP and, where cut short, TCP."""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

from shirushi.ports.domain_control import DnsUnanswered

A, TXT, AAAA, CAA = 1, 16, 28, 257
_CNAME, _INTERNET = 5, 1
_LARGEST_UDP = 4096
_MOST_RECORDS = 256
_NAME_ERROR = 3
_TRUNCATED, _RESPONSE, _RECURSION = 0x0200, 0x8000, 0x0100


def system_resolvers() -> tuple[tuple[str, int], ...]:
    """The name servers of /etc/resolv.conf, none where it has none."""
    try:
        lines = Path("/etc/resolv.conf").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return ()
    words = (line.split() for line in lines)
    return tuple((each[1], 53) for each in words if len(each) > 1 and each[0] == "nameserver")


def resolver(text: str) -> tuple[str, int]:
    """A resolver as it is configured: host, host:port, or [address]:port."""
    host, colon, port = text.rpartition(":")
    if colon and port.isdecimal() and (":" not in host or host.startswith("[")):
        return host.strip("[]"), int(port)
    return text.strip("[]"), 53


class DnsClient:
    """Asks resolvers in their order. Nothing is remembered."""

    def __init__(self, resolvers: tuple[tuple[str, int], ...], seconds: float) -> None:
        self._resolvers = resolvers
        self._seconds = seconds

    def records(self, name: str, kind: int) -> tuple[bytes, ...]:
        """The data of the records of that type at a name, and at those that it is an alias of.

        None where the name does not exist. Raises `DnsUnanswered` where no resolver answers.
        """
        deadline, failure = monotonic() + self._seconds, "no resolver is configured"
        for resolver in self._resolvers:
            try:
                return self._ask(resolver, name, kind, deadline)
            except (OSError, ValueError, struct.error, IndexError) as error:
                failure = getattr(error, "strerror", None) or str(error)
            if monotonic() >= deadline:
                break
        raise DnsUnanswered(f"DNS {name}: {failure}"[:200])

    def _ask(self, resolver: tuple[str, int], name: str, kind: int, deadline: float) -> tuple[bytes, ...]:
        number = secrets.randbelow(1 << 16)
        question = _name(name) + struct.pack("!HH", kind, _INTERNET)
        query = struct.pack("!6H", number, _RECURSION, 1, 0, 0, 0) + question
        family = socket.AF_INET6 if ":" in resolver[0] else socket.AF_INET
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as udp:
            udp.settimeout(_left(deadline) / 2)
            udp.connect(resolver)
            udp.send(query)
            while True:  # what answers another question is not ours
                answer = udp.recv(_LARGEST_UDP)
                if answer[:2] == query[:2] and answer[12 : 12 + len(question)].lower() == question.lower():
                    break
                udp.settimeout(_left(deadline))
        if struct.unpack("!H", answer[2:4])[0] & _TRUNCATED:
            answer = _over_tcp(resolver, query, deadline)
            if answer[:2] != query[:2] or answer[12 : 12 + len(question)].lower() != question.lower():
                raise ValueError("an answer to another question")
        return _read(answer, name, kind)


def _over_tcp(resolver: tuple[str, int], query: bytes, deadline: float) -> bytes:
    with closing(socket.create_connection(resolver, timeout=_left(deadline))) as tcp:
        tcp.sendall(struct.pack("!H", len(query)) + query)
        (size,) = struct.unpack("!H", _exactly(tcp, 2, deadline))
        return _exactly(tcp, size, deadline)


def _exactly(tcp: socket.socket, size: int, deadline: float) -> bytes:
    found = b""
    while len(found) < size:
        tcp.settimeout(_left(deadline))
        piece = tcp.recv(size - len(found))
        if not piece:
            raise ValueError("cut off")
        found += piece
    return found


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError("timeout")
    return left


def _name(name: str) -> bytes:
    """A name as labels (RFC 1035 §3.1)."""
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".")]
    if not all(1 <= len(label) <= 63 for label in labels):
        raise ValueError("no name")
    return b"".join(bytes((len(label),)) + label for label in labels) + b"\0"


def _read(answer: bytes, name: str, kind: int) -> tuple[bytes, ...]:
    _, flags, questions, count, _, _ = struct.unpack("!6H", answer[:12])
    code = flags & 0x0F
    if not flags & _RESPONSE or questions != 1 or code not in {0, _NAME_ERROR}:
        raise ValueError(f"RCODE {code}")
    _, offset = _name_at(answer, 12)
    offset += 4
    found, at = [], {name.rstrip(".").lower()}
    for _ in range(min(count, _MOST_RECORDS)):
        owner, offset = _name_at(answer, offset)
        kind_found, class_, _, size = struct.unpack("!HHIH", answer[offset : offset + 10])
        offset += 10
        data = answer[offset : offset + size]
        if len(data) != size:
            raise ValueError("cut off")
        if class_ == _INTERNET and owner in at:
            if kind_found == _CNAME:
                at.add(_name_at(answer, offset)[0])
            elif kind_found == kind:
                found.append(data)
        offset += size
    return tuple(found)


def _name_at(message: bytes, offset: int) -> tuple[str, int]:
    """The name at `offset`, in lower case, and where what follows it begins; pointers only lead back (RFC 1035 §4.1.4)."""
    labels: list[str] = []
    end, limit = None, offset
    while True:
        size = message[offset]
        if size == 0:
            return ".".join(labels).lower(), offset + 1 if end is None else end
        if size & 0xC0 == 0xC0:
            pointer = (size & 0x3F) << 8 | message[offset + 1]
            end = offset + 2 if end is None else end
            if pointer >= limit:
                raise ValueError("a pointer that leads on")
            offset = limit = pointer
        elif size < 64 and len(labels) < 128:
            labels.append(message[offset + 1 : offset + 1 + size].decode("latin-1"))
            offset += 1 + size
        else:
            raise ValueError("no name")


def text_of(data: bytes) -> str:
    """The character-strings of a TXT record, joined (RFC 8555 §8.4)."""
    return b"".join(_strings(data)).decode("latin-1")


def _strings(data: bytes) -> Iterator[bytes]:
    offset = 0
    while offset < len(data):
        yield data[offset + 1 : offset + 1 + data[offset]]
        offset += 1 + data[offset]
