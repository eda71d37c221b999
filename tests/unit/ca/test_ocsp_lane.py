"""OCSP from a lane, over real sockets: what it answers, what caches are told, and what it refuses."""

from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import httpx
import pytest

from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.evidence import CertificateStatus, RevocationReason
from shirushi.services.ca.lane import OcspDesk
from tests.fakes import START
from tests.lanes import RunningLane, at_desk, take
from tests.unit.ca.test_responding import request
from tests.unit.ca.world import OPERATOR, World

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
REQUEST = {"Content-Type": "application/ocsp-request"}


@pytest.fixture
def lane(world: World) -> Iterator[RunningLane]:
    with at_desk(lambda _: OcspDesk(world.ca)) as found:
        yield found


@pytest.fixture
def client(lane: RunningLane) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{lane.port}") as found:
        yield found


def path(asked: bytes) -> str:
    return "/ocsp/" + quote(b64encode(asked), safe="")


def test_the_answer_to_a_body_with_a_nonce_is_for_no_cache(world: World, client: httpx.Client) -> None:
    issued = world.issue()
    for nonce in (b"one", b"two"):
        answer = client.post("/ocsp", content=request(world, issued.der, nonce=nonce), headers=REQUEST)
        assert answer.headers["content-type"] == "application/ocsp-response"
        assert answer.headers["cache-control"] == "no-store"
        found = parse_ocsp_response(answer.content)
        assert found.nonce is not None
        assert found.nonce.endswith(nonce)
        assert found.responses[0].status is CertificateStatus.GOOD
    world.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.SUPERSEDED)
    answer = client.post("/", content=request(world, issued.der, nonce=b"one"), headers=REQUEST)
    assert parse_ocsp_response(answer.content).responses[0].status is CertificateStatus.REVOKED


def test_the_answer_to_a_path_may_be_kept_until_next_update(world: World, client: httpx.Client) -> None:
    asked = request(world, world.issue().der)
    first = client.get(path(asked))
    world.clock.advance(minutes=10)
    again = client.get(path(asked).removeprefix("/ocsp"))
    assert again.content == first.content == client.post("/ocsp", content=asked, headers=REQUEST).content
    assert first.headers["cache-control"] == "public, max-age=3600, no-transform, must-revalidate"
    assert again.headers["cache-control"] == "public, max-age=3000, no-transform, must-revalidate"
    assert parsedate_to_datetime(again.headers["expires"]) == START + timedelta(hours=1)
    assert parsedate_to_datetime(again.headers["last-modified"]) == START
    kept = client.get(path(asked), headers={"If-None-Match": first.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    assert kept.headers["etag"] == first.headers["etag"]
    other = client.get(path(asked), headers={"If-None-Match": '"another"'})
    assert other.content == first.content


def test_what_is_no_request_is_told_so(client: httpx.Client) -> None:
    for answer in (
        client.get("/ocsp/%3F%3F"),
        client.get("/MAA="),
        client.post("/ocsp", content=b"", headers=REQUEST),
    ):
        assert answer.content == bytes.fromhex("30030a0101")
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("GET", "/favicon.ico", {}, 404),
        ("GET", "/ocsp", {}, 404),
        ("POST", "/tsa", REQUEST, 404),
        ("POST", "/ocsp", {"Content-Type": "text/plain"}, 415),
        ("PUT", "/ocsp", REQUEST, 405),
        ("HEAD", "/ocsp", {}, 405),
    ],
)
def test_what_is_asked_otherwise_is_refused(
    client: httpx.Client, method: str, target: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, target, headers=headers, content=b"" if method == "POST" else None)
    assert answer.status_code == status
    assert (answer.headers.get("allow") == "GET, POST") == (status == 405)


def test_many_at_once_are_answered_in_their_order(world: World, lane: RunningLane) -> None:
    issued = [world.issue(label) for label in "ab"]
    paths = [path(request(world, each.der)) for each in issued]
    with socket.create_connection(("127.0.0.1", lane.port), timeout=20) as connection:
        connection.sendall(
            "".join(f"GET {each} HTTP/1.1\r\nHost: ca\r\n\r\n" for each in paths * 100).encode()
        )
        answers = [take(connection) for _ in range(200)]
    assert {status for status, _ in answers} == {200}
    told = [parse_ocsp_response(body).responses[0].certificate.serial_number for _, body in answers]
    assert told == [each.serial_number for each in issued] * 100
