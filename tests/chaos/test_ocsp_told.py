"""A revocation is told within a second: by `shirushi serve`, in every way to ask, whichever process it was made by."""

from __future__ import annotations

import os
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.issue import certificate_id
from shirushi.codecs.asn1.issue import extensions as ext
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.algorithms import DigestAlgorithm, KeyType
from shirushi.core.evidence import CertificateStatus, RevocationReason
from shirushi.core.instant import Instant
from shirushi.domain import Domain, open_domain
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from shirushi.services.ca.service.standing import identifier_of
from tests.http.conftest import serving
from tests.lanes import take
from tests.postgres import moved

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
GUARANTEE = timedelta(seconds=1)


@dataclass(frozen=True)
class Told:
    """An answer: when it was asked for, when it says that it was made, and of when its status is."""

    asked_at: Instant
    produced_at: Instant
    this_update: Instant
    good: bool


def request(domain: Domain, serial_number: int, nonce: bytes | None) -> bytes:
    """An OCSPRequest, as clients send it."""
    named = identifier_of(domain.ca.authority("issuing"), DigestAlgorithm.SHA1, serial_number)
    requests = der.sequence(der.sequence(certificate_id(named)))
    extensions = b""
    if nonce:
        extensions = der.tlv(0xA2, der.sequence(ext.extension("1.3.6.1.5.5.7.48.1.2", der.octets(nonce))))
    return der.sequence(der.sequence(requests, extensions))


def posted(body: bytes) -> bytes:
    head = f"POST /ocsp HTTP/1.1\r\nHost: ca\r\nContent-Type: application/ocsp-request\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def got(body: bytes) -> bytes:
    return f"GET /ocsp/{quote(b64encode(body), safe='')} HTTP/1.1\r\nHost: ca\r\n\r\n".encode()


@dataclass
class Asking:
    """Asks one port in one way without a pause, each time on a connection of its own: any of the port's processes answers."""

    port: int
    message: Callable[[], bytes]
    told: list[Told] = field(default_factory=list)
    failed: list[object] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        while not self.ended.is_set():
            asked_at = datetime.now(UTC)
            with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
                connection.sendall(self.message())
                status, body = take(connection)
            if status != 200:
                self.failed.append((status, body))
                return
            answer = parse_ocsp_response(body)
            (single,) = answer.responses
            good = single.status is CertificateStatus.GOOD
            self.told.append(Told(asked_at, answer.produced_at, single.this_update, good))
            time.sleep(0.002)

    def said_since(self, at: Instant, *, good: bool) -> bool:
        """Whether such an answer has come to what was asked after `at`."""
        return any(each.good is good and each.asked_at > at for each in self.told[-50:])


@contextmanager
def asking(everyone: list[Asking]) -> Iterator[None]:
    threads = [threading.Thread(target=each) for each in everyone]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for each in everyone:
            each.ended.set()
        for thread in threads:
            thread.join()


def wait_until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def place(request: pytest.FixtureRequest, data: Path) -> Path:
    """A trust domain over each kind of database."""
    if request.param == "postgresql":
        moved(data, request.getfixturevalue("postgres").database())
    return data


def test_no_answer_is_good_a_second_after_a_revocation_was_acknowledged(place: Path) -> None:
    with open_domain(place) as domain:
        key = domain.keys.generate("device", KeyType.P_256).spki
        asked = CertificateRequest("issuing", "device", DistinguishedName.of(commonName="device 1"), key)
        number = domain.ca.issue(asked).serial_number

        def with_nonce() -> bytes:
            return posted(request(domain, number, os.urandom(16)))

        plain = request(domain, number, None)
        with serving(
            place, workers=2, ocsp_lanes=2, ocsp_port=0, requests_per_second=10_000.0, burst=10_000
        ) as server:
            assert server.process.stdout is not None
            lane = int(server.process.stdout.readline().split()[-1].rstrip("/").rsplit(":", 1)[1])
            everyone = [
                Asking(port, message)
                for port in (lane, server.port)
                for message in (with_nonce, lambda: posted(plain), lambda: got(plain))
            ]
            with asking(everyone):
                wait_until(lambda: all(len(each.told) > 20 for each in everyone))
                assert all(told.good for each in everyone for told in each.told)
                domain.ca.suspend(number)
                held_at = datetime.now(UTC)
                wait_until(lambda: all(each.said_since(held_at + GUARANTEE, good=False) for each in everyone))
                before = [list(each.told) for each in everyone]
                domain.ca.release(number)
                released_at = datetime.now(UTC)
                wait_until(
                    lambda: all(each.said_since(released_at + GUARANTEE, good=True) for each in everyone)
                )
                domain.ca.revoke(number, RevocationReason.KEY_COMPROMISE)
                revoked_at = datetime.now(UTC)
                wait_until(
                    lambda: all(each.said_since(revoked_at + GUARANTEE, good=False) for each in everyone)
                )
            assert server.stop() == 0
    assert [each.failed for each in everyone] == [[]] * len(everyone)
    late = [
        told
        for answers, since in ((before, held_at), ([each.told for each in everyone], revoked_at))
        for told in (each for all_of_one in answers for each in all_of_one)
        if told.good
        and (
            told.asked_at > since + GUARANTEE
            or told.produced_at > since + GUARANTEE
            or told.this_update > since
        )
    ]
    assert late == []
    refused = [
        t for each in everyone for t in each.told if not t.good and t.asked_at > released_at + GUARANTEE
    ]
    assert all(told.this_update + GUARANTEE >= revoked_at for told in refused)
