"""The load of the benchmarks of lanes: clients that ask without a pause, in a process of their own.

Usage: python -m benchmarks.load PORT CLIENTS SECONDS REQUESTS CAPTURE. REQUESTS is a file of whole HTTP requests (`write`).
Prints JSON: answers, seconds, latencies. Every answer's status is looked at; one in `KEPT` goes to the file CAPTURE with
its request, for verification afterwards (`captured`).
"""

from __future__ import annotations

import asyncio
import json
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import uvloop

KEPT = 97


def write(path: Path, requests: Iterable[bytes]) -> None:
    """Write a file of requests, each with its length before it."""
    path.write_bytes(b"".join(struct.pack(">I", len(request)) + request for request in requests))


def read(path: Path) -> list[bytes]:
    """The parts of a file that `write` wrote."""
    data, offset, found = path.read_bytes(), 0, []
    while offset < len(data):
        (size,) = struct.unpack_from(">I", data, offset)
        found.append(data[offset + 4 : offset + 4 + size])
        offset += 4 + size
    return found


def captured(capture: Path) -> Iterator[tuple[bytes, bytes]]:
    """The bodies of requests and answers that were kept."""
    parts = iter(read(capture))
    return zip(parts, parts, strict=True)


def load(port: int, clients: int, seconds: float, requests: Path, capture: Path) -> dict[str, Any]:
    """Run a load in a process of its own; what it tells. Every answer had status 200."""
    command = [sys.executable, "-m", "benchmarks.load", str(port), str(clients), str(seconds)]
    said = subprocess.run([*command, str(requests), str(capture)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(said.stdout)
    assert found["wrong"] == 0, found
    return found


class Load:
    """What the clients share."""

    def __init__(self, seconds: float, requests: list[bytes]) -> None:
        self.requests = requests
        self.ends = time.perf_counter() + seconds
        self.answers = 0
        self.wrong = 0
        self.open = 0
        self.ended = asyncio.Event()
        self.latencies: list[float] = []
        self.kept: list[tuple[int, bytes]] = []

    def answered(self, variant: int, head: bytes, body: bytes, seconds: float) -> None:
        """An answer has come."""
        self.answers += 1
        self.latencies.append(seconds)
        if not head.startswith(b"HTTP/1.1 200 "):
            self.wrong += 1
        elif self.answers % KEPT == 0:
            self.kept.append((variant, body))


class Client(asyncio.Protocol):
    """One connection: the next request as soon as the last is answered."""

    def __init__(self, load: Load, number: int) -> None:
        self._load = load
        self._variant = number * 7 % len(load.requests)
        self._data = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's it is
        """Begin."""
        self._transport = transport
        self._load.open += 1
        self._send()

    def _send(self) -> None:
        self._variant = (self._variant + 1) % len(self._load.requests)
        self._sent = time.perf_counter()
        self._transport.write(self._load.requests[self._variant])

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or all of it."""
        if self._data:
            data = self._data + data
        end = data.find(b"\r\n\r\n") + 4
        start = data[: max(end, 0)].lower().find(b"content-length: ") + 16
        if end < 4 or len(data) < end + int(data[start : data.index(b"\r", start)]):
            self._data = data
            return
        self._data = b""
        now = time.perf_counter()
        self._load.answered(self._variant, data[:end], data[end:], now - self._sent)
        if now < self._load.ends:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  whatever the cause
        """The end, or a server that went away."""
        self._load.open -= 1
        if not self._load.open:
            self._load.ended.set()


async def run(port: int, clients: int, seconds: float, requests: Path, capture: Path) -> dict[str, object]:
    """Ask, and tell what came."""
    loop = asyncio.get_running_loop()
    load = Load(seconds, read(requests))
    begin, cpu = time.perf_counter(), time.process_time()
    for number in range(clients):
        await loop.create_connection(lambda n=number: Client(load, n), "127.0.0.1", port)  # type: ignore[misc]  # bound at once
    await asyncio.wait_for(load.ended.wait(), seconds + 10)
    spent = time.perf_counter() - begin
    with capture.open("ab") as file:
        for variant, body in load.kept:
            for part in (load.requests[variant].partition(b"\r\n\r\n")[2], body):
                file.write(struct.pack(">I", len(part)) + part)
    latencies = sorted(load.latencies)
    return {
        "answers": load.answers,
        "wrong": load.wrong,
        "seconds": spent,
        "cpu_seconds": time.process_time() - cpu,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[len(latencies) * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    _, port_, clients_, seconds_, requests_, capture_ = sys.argv
    outcome = uvloop.run(run(int(port_), int(clients_), float(seconds_), Path(requests_), Path(capture_)))
    print(json.dumps(outcome))
