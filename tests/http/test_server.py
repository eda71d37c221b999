"""`shirushi serve`, really running on the loopback: what a socket can do to it, and how it stops."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shirushi.core.actor import Role
from shirushi.domain import open_domain
from tests.http.conftest import configure, serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
PATIENCE = 30
STAMP = b"POST /tsa HTTP/1.1\r\nHost: x\r\nContent-Type: application/timestamp-query\r\n"


@pytest.fixture(scope="module")
def running(template, tmp_path_factory):
    """One server for the tests that leave it as it was."""
    data = shutil.copytree(template, tmp_path_factory.mktemp("running") / "shirushi-data")
    with open_domain(data) as domain:
        token = domain.ports.tokens.create(domain.actor, "ops", [Role.OPERATOR, Role.AUDITOR])
    with serving(data, workers=1, idle_seconds=0.5) as server:
        server.token = token
        yield server


def talk(server, *pieces, pause=0.0):
    """Send octets, then read to the end of the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
        answer = b""
        try:
            while piece := connection.recv(65_536):
                answer += piece
        except ConnectionResetError:
            pass
        return answer


def status_and_code(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["code"]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "HTTP_MALFORMED"),
        (b"GET /\x00 HTTP/1.1\r\n\r\n", 400, "HTTP_MALFORMED"),
        (b"GET / HTTP/1.1\r\nA\x00: b\r\n\r\n", 400, "HTTP_MALFORMED"),
        (b"GET /\xff HTTP/1.1\r\n\r\n", 400, "HTTP_MALFORMED"),
        (b"POST /tsa HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, "HTTP_MALFORMED"),
        (b"POST /tsa HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400, "HTTP_MALFORMED"),
        (
            b"POST /tsa HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            "HTTP_MALFORMED",
        ),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 1_000_000, 431, "HEAD_TOO_LARGE"),
        (b"GET /" + b"a" * 1_000_000, 431, "HEAD_TOO_LARGE"),
        (b"GET / HTTP/1.1\r\nA: b", 408, "HEAD_TOO_SLOW"),
        (
            STAMP + b"Connection: close\r\nContent-Length: 10\r\n\r\nabc",
            408,
            "BODY_TOO_SLOW",
        ),
        (
            STAMP + b"Content-Length: 999999999\r\n\r\n" + b"x" * 300_000,
            413,
            "BODY_TOO_LARGE",
        ),
        (b"GET /api/v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404, "ROUTE_UNKNOWN"),
    ],
)
def test_octets_that_are_no_request_get_a_plain_answer(running, sent, status, code):
    assert status_and_code(talk(running, sent)) == (status, code)


def test_a_connection_that_says_nothing_is_closed(running):
    assert talk(running) == b""
    assert talk(running, b"\r\n", b"\r\n") == b""


def test_a_client_that_goes_away_leaves_nothing(running):
    before = httpx.get(f"{running.address}/api/v1/audit/records?limit=1000", headers=bearer(running)).json()
    with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as connection:
        connection.sendall(
            b"POST /api/v1/stamps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n"
            b'--b\r\nContent-Disposition: form-data; name="document"; filename="a"\r\n\r\n%s'
            % (running.token.encode(), b"x" * 3_000_000)
        )
    after = httpx.get(f"{running.address}/api/v1/audit/records?limit=1000", headers=bearer(running)).json()
    stamps = [sum(r["action"] == "tsa.stamp" for r in page["records"]) for page in (before, after)]
    assert stamps[0] == stamps[1]


def bearer(server):
    return {"Authorization": f"Bearer {server.token}"}


def test_a_large_document_goes_through(running):
    document = os.urandom(5_000_000)
    answer = httpx.post(
        f"{running.address}/api/v1/stamps",
        headers=bearer(running),
        files={"document": document},
        timeout=PATIENCE,
    )
    assert answer.status_code == 200


def test_pipelined_and_repeated_requests_are_answered_in_turn(running):
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert talk(running, one + one + last).count(b'{"status": "alive"}') == 3


def test_counts_of_all_processes_are_told_as_one(running):
    text = httpx.get(f"{running.address}/metrics", headers=bearer(running)).text
    assert 'shirushi_children{kind="jobs"} 1.0' in text
    assert 'shirushi_jobs_total{job="audit.sequence",outcome="done"}' in text


def test_a_request_in_hand_is_finished_when_the_server_stops(data, contract):
    with serving(data, workers=1) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
            body = (
                b'--b\r\nContent-Disposition: form-data; name="document"; filename="a.pdf"\r\n\r\n'
                + contract.read_bytes()
                + b"\r\n--b--\r\n"
            )
            with open_domain(data) as domain:
                token = domain.ports.tokens.create(domain.actor, "c", [Role.CLIENT])
            head = (
                f"POST /api/v1/validations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
                f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            connection.sendall(head.encode() + body[:100])
            time.sleep(0.3)  # the head has been read: the request is in hand
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            connection.sendall(body[100:])
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 200")
        assert server.process.wait(PATIENCE) == 0
    with open_domain(data) as domain:
        found = domain.audit.verify()
        assert (found.intact, found.checkpoints > 0) == (True, True)


def test_the_same_port_twice_is_refused_with_a_remedy(running, data):
    command = [sys.executable, "-c", "from shirushi.main import main; main()", "serve", "--data", str(data)]
    second = subprocess.run(
        [*command, "--port", str(running.port)], capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 1
    assert "ADDRESS_TAKEN" in second.stderr


def write_certificate(data):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (data / "tls.pem").write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem


def served_serial(server):
    pem = ssl.get_server_certificate(("127.0.0.1", server.port), timeout=PATIENCE)
    return x509.load_pem_x509_certificate(pem.encode()).serial_number


def test_tls_by_its_own_certificate_renewed_without_a_stop(data):
    first = write_certificate(data)
    with serving(data, workers=1, certificate="tls.pem") as server:
        assert server.address.startswith("https://")
        context = ssl.create_default_context(cadata=first.decode())
        assert httpx.get(f"{server.address}/healthz", verify=context).status_code == 200
        serial = served_serial(server)
        assert serial == x509.load_pem_x509_certificate(first).serial_number
        second = x509.load_pem_x509_certificate(write_certificate(data)).serial_number
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while (found := served_serial(server)) != second and time.monotonic() < deadline:
            time.sleep(0.1)
        assert found == second


def test_proxies_are_believed_only_where_they_are_named(data):
    configure(data, metrics_open=True)
    forwarded = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
    with serving(data, workers=1, burst=2, requests_per_second=0.01) as server:
        answers = [
            httpx.get(
                f"{server.address}/crl/root.crl", headers=forwarded | {"X-Forwarded-For": f"192.0.2.{i}"}
            )
            for i in range(4)
        ]
        assert [a.status_code for a in answers] == [200, 200, 429, 429]
    with serving(data, workers=1, burst=2, requests_per_second=0.01, proxies=("127.0.0.1",)) as server:
        answers = [
            httpx.get(
                f"{server.address}/crl/root.crl", headers=forwarded | {"X-Forwarded-For": f"192.0.2.{i}"}
            )
            for i in range(4)
        ]
        assert [a.status_code for a in answers] == [200] * 4
