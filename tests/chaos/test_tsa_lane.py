"""Lanes killed under load: no serial number twice, no token delivered that the chains do not hold; and what strace saw."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pytest

import shirushi
from shirushi.adapters.chain_file import ChainFolder
from shirushi.codecs.asn1.tsp import parse_timestamp_response, parse_tst_info
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.formats.cms.structure import read_signed_data
from tests.lanes import post, query, take

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
NURSERY = [sys.executable, str(Path(__file__).with_name("lane_nursery.py"))]


@dataclass
class Nursery:
    """Gives birth to lanes."""

    process: subprocess.Popen[str]
    port: int
    lanes: list[int] = field(default_factory=list)

    def bear(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.lanes.append(int(self.process.stdout.readline()))


@contextmanager
def nursery(data: Path, before: tuple[str, ...] = ()) -> Iterator[Nursery]:
    command = [*before, *NURSERY, str(data), "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = Nursery(process, int(process.stdout.readline()))
        try:
            yield found
        finally:
            for lane in found.lanes:
                os.kill(lane, signal.SIGTERM)
            assert process.stdin is not None
            process.stdin.close()


class Clients:
    """Ask without a pause, on connections that break, and remember what they were given."""

    def __init__(self, port: int, count: int) -> None:
        self.port = port
        self.given: list[tuple[int, str]] = []
        self.wrong: list[object] = []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.work) for _ in range(count)]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def work(self) -> None:
        while not self.ended.is_set():
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
                    while not self.ended.is_set():
                        connection.sendall(post(query(certificates_requested=False)) * 4)
                        for _ in range(4):
                            self.remember(*take(connection))
            except OSError:  # a lane was killed: nothing was given
                time.sleep(0.01)

    def remember(self, status: int, body: bytes) -> None:
        token = parse_timestamp_response(body).token
        if status != 200 or token is None:
            self.wrong.append((status, body))
            return
        content = read_signed_data(token).content
        assert content is not None
        number = parse_tst_info(content).serial_number
        self.given.append((number, DigestAlgorithm.SHA256.digest(token).hex()))


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.long)])
def test_killed_under_load(data: Path, rng: random.Random, kills: int) -> None:
    with nursery(data) as lanes, Clients(lanes.port, 3) as clients, shirushi.open(data) as domain:
        for _ in range(2):
            lanes.bear()
        for number in range(kills):
            given = len(clients.given)
            while len(clients.given) == given:
                time.sleep(0.005)
            time.sleep(rng.uniform(0.0, 0.1))
            os.kill(lanes.lanes.pop(rng.randrange(2)), signal.SIGKILL)
            lanes.bear()
            if number % 7 == 3:
                domain.audit.checkpoint()
    assert clients.wrong == []
    assert len({number for number, _ in clients.given}) == len(clients.given) > kills
    chains = ChainFolder(data / "audit" / "chains")
    kept = set()
    numbers = []
    for name in chains.names():
        for line in chains.lines(name):
            if line.endswith(b"\n"):
                record = json.loads(line)
                numbers.append(int(record[6]))
                kept.add((int(record[6]), json.loads(record[8])["token"]))
    assert set(clients.given) <= kept
    assert len(set(numbers)) == len(numbers)
    with shirushi.open(data) as domain:
        domain.audit.checkpoint()
        verified = domain.audit.verify()
    assert verified.findings == ()
    assert sum(chain.bound for chain in verified.chains if "/" not in chain.name) == len(numbers)


@pytest.mark.long
def test_where_the_disk_takes_no_more_tokens_stay_until_it_does(data: Path) -> None:
    """A limit on the size of files is to a lane's process what a full disk is: writes end in the middle of a line."""
    granted: list[bool] = []
    with nursery(data) as lanes:
        lanes.bear()
        (lane,) = lanes.lanes
        unlimited = resource.prlimit(lane, resource.RLIMIT_FSIZE)
        with socket.create_connection(("127.0.0.1", lanes.port), timeout=20) as connection:

            def ask(count: int) -> list[int]:
                connection.sendall(post(query()) * count)
                answers = [take(connection) for _ in range(count)]
                granted.extend(parse_timestamp_response(body).granted for _, body in answers)
                return [status for status, _ in answers]

            (segment,) = (data / "audit" / "chains").glob("*/*.jsonl")
            while segment.stat().st_size < 2 * max(path.stat().st_size for path in data.glob("*.sqlite*")):
                assert ask(100) == [200] * 100  # the limit is to stop the chain alone, not the database
            line = segment.stat().st_size // len(granted)
            resource.prlimit(
                lane, resource.RLIMIT_FSIZE, (segment.stat().st_size + line * 5 // 2, unlimited[1])
            )
            assert ask(5) == [200, 200, 503, 503, 503]
            resource.prlimit(lane, resource.RLIMIT_FSIZE, unlimited)
            assert ask(2) == [200, 200]
    tokens = len(granted) - 3
    assert sum(granted) == tokens
    with shirushi.open(data) as domain:
        domain.audit.checkpoint()
        verified = domain.audit.verify()
    assert verified.findings == ()
    assert [chain.bound for chain in verified.chains if "/" not in chain.name] == [tokens]


@pytest.mark.needs("strace", "strace")
def test_between_a_record_and_the_reply_that_needs_it_stands_an_fdatasync(data: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    barred = subprocess.run(["strace", "-f", "-o", str(trace), "true"], check=False, capture_output=True)
    if barred.returncode:
        pytest.skip(f"needs ptrace, which is barred here: {barred.stderr.decode().strip()}")
    calls = "trace=pwrite64,fdatasync,write,writev,sendto,sendmsg"
    strace = ("strace", "-f", "-s", "100000", "-e", calls, "-o", str(trace))
    with nursery(data, strace) as lanes, Clients(lanes.port, 3) as clients:
        lanes.bear()
        while len(clients.given) < 60:
            time.sleep(0.02)
    assert clients.wrong == []
    written = synced = replies = 0
    under_way: dict[str, int] = {}
    for line in trace.read_text(errors="replace").splitlines():
        thread, _, call = line.partition(" ")
        call = call.strip()
        if call.startswith("pwrite64(") and "tsa.stamp" in call:
            written += call.count("tsa.stamp")
        elif call.startswith("fdatasync("):
            under_way[thread] = written
            if call.endswith("= 0"):
                synced = max(synced, under_way.pop(thread))
        elif "fdatasync resumed" in call and call.endswith("= 0"):
            synced = max(synced, under_way.pop(thread))
        elif re.match(r"(write|writev|sendto|sendmsg)\(", call) and "HTTP/1.1 200" in call:
            replies += call.count("HTTP/1.1 200")
            assert replies <= synced, f"reply {replies} left with {synced} of {written} records synchronised"
    assert replies >= len(clients.given) >= 60
