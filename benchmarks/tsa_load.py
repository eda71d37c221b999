"""The load of `benchmarks.tsa`: clients that ask for time-stamps without a pause, in a process of their own.

Usage: python -m benchmarks.tsa_load PORT CLIENTS SECONDS CAPTURE. Prints JSON: answers, seconds, latencies. Every answer's
status is looked at; one in `KEPT` goes to the file CAPTURE with its request, for verification afterwards.
"""

from __future__ import annotations

import asyncio
import json
import random
import struct
import sys
import time
from pathlib import Path

import uvloop

from shirushi.codecs.asn1.tsp import TimeStampRequest, encode_timestamp_request
from shirushi.core.algorithms import Digest, DigestAlgorithm

KEPT = 97
VARIANTS = 499
_HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/timestamp-query\r\nContent-Length: {}\r\n\r\n"


def requests(seed: int) -> list[tuple[bytes, bytes]]:
    """TimeStampReqs with digests and nonces of their own, and the same as HTTP."""
    generator, found = random.Random(seed), []
    for _ in range(VARIANTS):
        imprint = Digest(DigestAlgorithm.SHA256, generator.randbytes(32))
        nonce = b"\x01" + generator.randbytes(8)
        query = encode_timestamp_request(TimeStampRequest(imprint, nonce=nonce, certificates_requested=True))
        found.append((query, _HEAD.format(len(query)).encode() + query))
    return found


class Load:
    """What the clients share."""

    def __init__(self, seconds: float, capture: Path) -> None:
        self.requests = requests(len(str(capture)))
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
        self._variant = number * 7 % VARIANTS
        self._data = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a stream's it is
        """Begin."""
        self._transport = transport
        self._load.open += 1
        self._send()

    def _send(self) -> None:
        self._variant = (self._variant + 1) % VARIANTS
        self._sent = time.perf_counter()
        self._transport.write(self._load.requests[self._variant][1])

    def data_received(self, data: bytes) -> None:
        """Part of an answer, or all of it."""
        if self._data:
            data = self._data + data
        end = data.find(b"\r\n\r\n") + 4
        start = data.find(b"content-length: ") + 16
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


async def run(port: int, clients: int, seconds: float, capture: Path) -> dict[str, object]:
    """Ask, and tell what came."""
    loop = asyncio.get_running_loop()
    load = Load(seconds, capture)
    begin, cpu = time.perf_counter(), time.process_time()
    for number in range(clients):
        await loop.create_connection(lambda n=number: Client(load, n), "127.0.0.1", port)  # type: ignore[misc]  # bound at once
    await asyncio.wait_for(load.ended.wait(), seconds + 10)
    spent = time.perf_counter() - begin
    with capture.open("ab") as file:
        for variant, body in load.kept:
            query = load.requests[variant][0]
            file.write(struct.pack(">II", len(query), len(body)) + query + body)
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
    _, port_, clients_, seconds_, capture_ = sys.argv
    print(json.dumps(uvloop.run(run(int(port_), int(clients_), float(seconds_), Path(capture_)))))
