"""The lane over real sockets: what it answers, what it refuses, and that no client can keep it from the others."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import shirushi
from shirushi.adapters.chain_file import ChainFolder
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.tsp import parse_timestamp_response
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import FileUnwritable
from shirushi.core.evidence import TimeStampKind
from shirushi.domain import Domain
from shirushi.faces import lane as protocol
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.services.tsa.model import FailureInfo
from tests.lanes import IMPRINT, RunningLane, post, query, running, take

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def domain(data: Path) -> Iterator[Domain]:
    with shirushi.open(data) as found:
        yield found


@pytest.fixture
def lane(domain: Domain, tmp_path: Path) -> Iterator[RunningLane]:
    with running(domain, tmp_path / "chains") as found:
        yield found


def records(tmp_path: Path) -> list[list[object]]:
    chains = ChainFolder(tmp_path / "chains")
    return [json.loads(line) for name in chains.names() for line in chains.lines(name)]


def test_a_token_with_its_record(lane: RunningLane, tmp_path: Path) -> None:
    status, response = lane.ask(query(nonce=b"\x00\xfe\xdc"))
    assert (status, response.granted) == (200, True)
    assert response.token is not None
    evidence = parse_timestamp_token(response.token, TimeStampKind.CONTENT, lambda _: IMPRINT)
    assert evidence.imprint_intact
    assert evidence.signature.integrity
    assert evidence.signature.certificate_reference.matches
    assert evidence.info.nonce == 0xFEDC
    assert not evidence.info.ordering
    (record,) = records(tmp_path)
    detail = json.loads(str(record[8]))
    assert record[6] == str(evidence.info.serial_number)
    assert detail["imprint"] == str(IMPRINT)
    assert detail["token"] == DigestAlgorithm.SHA256.digest(response.token).hex()


def test_serial_numbers_go_on_beside_those_of_the_service(lane: RunningLane, domain: Domain) -> None:
    def number(token: bytes) -> int:
        return parse_timestamp_token(token, TimeStampKind.CONTENT, lambda _: IMPRINT).info.serial_number

    tokens = [lane.ask(query())[1].token for _ in range(3)] + [domain.tsa.stamp(IMPRINT) for _ in range(3)]
    assert len({number(token) for token in tokens if token}) == 6


@pytest.mark.parametrize(
    ("request_", "failure"),
    [
        (query(imprint=Digest(DigestAlgorithm.SHA1, bytes(20))), FailureInfo.BAD_ALG),
        (query(imprint=Digest(DigestAlgorithm.SHA256, bytes(31))), FailureInfo.BAD_DATA_FORMAT),
        (query(policy_oid="1.2.3"), FailureInfo.UNACCEPTED_POLICY),
        (query().replace(b"\x02\x01\x01", b"\x02\x01\x02", 1), FailureInfo.BAD_REQUEST),
        (b"", FailureInfo.BAD_DATA_FORMAT),
        (b"\x30\x80", FailureInfo.BAD_DATA_FORMAT),
        (bytes(16_384), FailureInfo.BAD_DATA_FORMAT),
        (
            der.sequence(
                *(part.raw for part in der.single(query()).children()),
                der.tlv(0xA0, der.sequence(der.oid("1.2.3"), der.octets(b""))),
            ),
            FailureInfo.UNACCEPTED_EXTENSION,
        ),
    ],
)
def test_refusals_say_why_and_leave_no_record(
    lane: RunningLane, tmp_path: Path, request_: bytes, failure: FailureInfo
) -> None:
    status, response = lane.ask(request_)
    assert (status, response.granted, response.failure_info) == (200, False, {failure})
    assert records(tmp_path) == []


def test_a_policy_that_is_served_may_be_asked_for(lane: RunningLane) -> None:
    assert lane.ask(query(policy_oid="0.4.0.2023.1.1"))[1].granted


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"POST /else HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nab", 415),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nX: " + b"x" * 9000, 431),
    ],
)
def test_what_is_no_request_of_this_protocol(lane: RunningLane, sent: bytes, status: int) -> None:
    with lane.connect() as connection:
        connection.sendall(sent)
        assert take(connection)[0] == status
        assert connection.recv(1) == b""
    assert lane.ask(query())[1].granted


def test_requests_in_one_piece_and_octet_by_octet(lane: RunningLane) -> None:
    whole = post(query(nonce=b"\x01")) + post(b"none") + post(query(nonce=b"\x02"))
    with lane.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(whole)
        for octet in whole:
            connection.sendall(bytes((octet,)))
        answers = [parse_timestamp_response(take(connection)[1]) for _ in range(6)]
    assert [answer.granted for answer in answers] == [True, False, True] * 2


def test_a_flood_of_requests_on_one_connection_is_answered_in_order(lane: RunningLane) -> None:
    count = 3000
    with lane.connect() as connection:
        connection.sendall(post(b"x" * 40) * count + post(query(nonce=b"\x07")))
        for _ in range(count):
            assert take(connection)[0] == 200
        assert parse_timestamp_response(take(connection)[1]).granted


def test_the_connection_closes_when_asked(lane: RunningLane) -> None:
    with lane.connect() as connection:
        connection.sendall(post(query(), fields="Connection: close\r\n"))
        assert take(connection)[0] == 200
        assert connection.recv(1) == b""


def test_who_waits_for_leave_to_send_gets_it(lane: RunningLane) -> None:
    request = post(query(), fields="Expect: 100-continue\r\n")
    head = request[: request.index(b"\r\n\r\n") + 4]
    with lane.connect() as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(request[len(head) :])
        assert take(connection)[0] == 200


def test_clients_that_go_away_in_the_middle_harm_nobody(lane: RunningLane) -> None:
    """Where an early prototype of this lane hung: a client that resets the connection with a request in hand."""
    whole = post(query())
    for end in (1, 40, len(whole) - 1, len(whole), len(whole) + 20):
        for _ in range(20):
            connection = lane.connect()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall((whole + whole)[:end])
            connection.close()
    assert lane.ask(query())[1].granted
    with lane.connect() as connection:
        connection.sendall(whole)
        connection.shutdown(socket.SHUT_WR)
        assert take(connection)[0] == 200
        assert connection.recv(1) == b""


def test_who_is_slow_is_cut_off(lane: RunningLane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.5)
    with lane.connect() as connection:
        connection.sendall(post(query())[:60])
        assert take(connection)[0] == 408
        assert connection.recv(1) == b""


def test_who_does_not_take_answers_is_cut_off(lane: RunningLane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.5)
    with lane.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)  # noqa: FBT003  as the library has it
        flood, ends = post(b"x" * 20) * 100, time.monotonic() + 20
        cut = False
        while not cut and time.monotonic() < ends:
            try:
                connection.send(flood)
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                cut = True
        assert cut
    assert lane.ask(query())[1].granted


def test_too_many_connections_are_told_to_come_back(
    lane: RunningLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "CONNECTIONS", 1)
    with lane.connect() as first:
        first.sendall(post(query()))
        assert take(first)[0] == 200
        with lane.connect() as second:
            assert take(second)[0] == 503


class FullChain:
    """A chain on a disk that is full, or that fails."""

    name = "full"

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails

    def append(self, tails: Sequence[bytes]) -> int:
        assert tails
        if self.fails:
            raise FileUnwritable(path="chain", detail="Input/output error")
        return 0


@pytest.mark.parametrize("fails", [False, True])
def test_what_cannot_be_made_durable_does_not_leave(domain: Domain, tmp_path: Path, *, fails: bool) -> None:
    with running(domain, tmp_path, FullChain(fails=fails)) as lane:
        status, response = lane.ask(query())
        assert (status, response.granted, response.failure_info) == (503, False, {FailureInfo.SYSTEM_FAILURE})
        assert lane.broken.wait(5 if fails else 0) is fails
