"""`shirushi serve` with lanes: they answer on a port of their own, come back when killed, and leave when told to."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from shirushi.adapters.chain_file import ChainFile
from shirushi.codecs.asn1.tsp import parse_timestamp_response
from shirushi.core.chain import record_tail
from shirushi.domain import open_domain
from tests.http.conftest import Server, serving
from tests.lanes import post, query, take

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def lanes_of(server: Server) -> set[int]:
    """The children that hold a chain."""
    return {child for child in server.children() if any("/chains/" in name for name in open_files(child))}


def open_files(process: int) -> list[str]:
    found = []
    for link in Path(f"/proc/{process}/fd").glob("*"):
        try:
            found.append(str(link.readlink()))
        except OSError:  # closed meanwhile
            continue
    return found


def granted(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(post(query()))
            return parse_timestamp_response(take(connection)[1]).granted
    except OSError:
        return False


def wait_for(condition: object) -> None:
    ends = time.monotonic() + 60
    while not condition():  # type: ignore[operator]  # it is called
        assert time.monotonic() < ends, "it did not come back"
        time.sleep(0.05)


def tampered_chain(data: Path) -> str:
    """A chain of this machine whose last line nobody can go on from."""
    with ChainFile(data / "audit" / "chains") as chain:
        chain.append(
            [record_tail(("2026-04-01T00:00:00.000000Z", "anonymous", "tsa.stamp", "0", "done", "{}"))]
        )
    (segment,) = (data / "audit" / "chains" / chain.name).glob("*.jsonl")
    segment.write_bytes(segment.read_bytes().replace(b'"]', b'x"]'))
    return chain.name


def test_lanes_answer_come_back_and_leave_and_do_without_one_whose_chain_was_tampered_with(
    data: Path,
) -> None:
    tampered = tampered_chain(data)
    with serving(data, workers=1, lanes=3, lane_port=0) as server:
        assert server.process.stdout is not None
        port = int(server.process.stdout.readline().split()[-1].rstrip("/").rsplit(":", 1)[1])
        wait_for(lambda: granted(port))
        before = lanes_of(server)
        assert len(before) == 3
        os.kill(before.pop(), signal.SIGKILL)
        wait_for(lambda: len(lanes_of(server)) == 3)
        wait_for(lambda: granted(port))
        assert server.stop() == 0
    with open_domain(data) as domain:
        verified = domain.audit.verify()
    assert {(each.reason.code, each.chain) for each in verified.findings} == {
        ("AUDIT_RECORD_ALTERED", tampered)
    }
    chains = [chain for chain in verified.chains if "/" not in chain.name and chain.name != tampered]
    assert sum(chain.records for chain in chains) >= 2
    assert all(chain.bound == chain.records for chain in chains)
