"""The clock over HTTP, many digests at once, and the guard under the supervisor."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import time
import zipfile

import httpx
import pytest

from shirushi.core.actor import Role
from shirushi.domain import open_domain
from tests.http.conftest import serving
from tests.unit.services.test_tsa_bulk import climbed


def test_the_clock_is_stopped_and_returned_by_operators(caller, operator, alice):
    caller.domain.services.clock.look_once()
    found = caller.get("/api/v1/clock", token=operator).json()
    assert (found["state"], found["code"], found["traceable_to"]) == ("in_service", "", "")
    assert found["bound_ns"] < found["accuracy_ns"] == 1_000_000_000
    assert [(each["kind"], each["standing"]) for each in found["sources"]] == [("local", "agreed")]
    order = {"reason": "drill"}
    assert caller.post("/api/v1/clock/stops", token=alice, json=order).status_code == 403
    assert (
        caller.post("/api/v1/clock/returns", token=operator, json=order).json()["code"] == "CLOCK_NOT_STOPPED"
    )
    assert caller.post("/api/v1/clock/stops", token=operator, json=order).status_code == 202
    refused = caller.post("/api/v1/stamps", token=alice, files={"document": ("a", b"a")})
    assert (refused.status_code, refused.json()["code"]) == (503, "TIME_NOT_AVAILABLE")
    assert "shirushi clock resume" in refused.text
    ready = caller.get("/readyz")
    assert ready.status_code == 503
    (stamping,) = [each for each in ready.json()["conditions"] if each["name"] == "time_stamping"]
    assert stamping["causes"][0]["code"] == "CLOCK_STOPPED"
    assert stamping["facts"]["state"] == "stopped"
    assert caller.post("/api/v1/clock/returns", token=operator, json=order).json()["state"] == "in_service"
    assert caller.get("/readyz").status_code == 200
    records = caller.get("/api/v1/clock/records?limit=3", token=operator).json()["records"]
    assert [each["number"] for each in records] == sorted((r["number"] for r in records), reverse=True)
    assert caller.post("/api/v1/clock/verifications", token=operator).json()["intact"]


def test_many_digests_come_back_as_records(caller, alice):
    contents = [b"one", b"two", b"three", b"two"]
    order = {"digests": [hashlib.sha256(content).hexdigest() for content in contents]}
    answer = caller.post("/api/v1/stamps/batches", token=alice, json=order)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == {f"{digest}.ers" for digest in order["digests"]}
        roots = {
            climbed(content, archive.read(f"{hashlib.sha256(content).hexdigest()}.ers"))
            for content in contents
        }
    assert len(roots) == 1


@pytest.mark.parametrize(
    "order",
    [{"digests": []}, {"digests": ["00" * 20]}, {"digests": ["00" * 64]}, {"digests": ["zz" * 32]}],
)
def test_what_is_no_batch_is_refused(caller, alice, order):
    assert caller.post("/api/v1/stamps/batches", token=alice, json=order).status_code in {400, 422}


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_guard_process_obeys_a_reader_and_is_started_anew(data):
    def until(condition):
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.1)

    with open_domain(data) as domain:
        token = domain.ports.tokens.create(domain.actor, "ops", [Role.OPERATOR])
    bearer = {"Authorization": f"Bearer {token}"}
    with serving(data, workers=1) as server:

        def ask(method, path, **named):
            return httpx.request(method, server.address + path, headers=bearer, timeout=60, **named)

        def state():
            return ask("GET", "/api/v1/clock").json()["state"]

        assert state() == "in_service"
        assert ask("POST", "/api/v1/clock/stops", json={"reason": "drill"}).status_code == 202
        until(lambda: state() == "stopped")
        for child in server.children():
            os.kill(child, signal.SIGKILL)
        until(lambda: len(server.children()) >= 3)
        until(lambda: _answers(server.address))
        assert state() == "stopped"
        assert ask("POST", "/api/v1/clock/returns", json={"reason": "over"}).status_code == 202
        until(lambda: state() == "in_service")
        assert server.stop() == 0


def _answers(address):
    try:
        return httpx.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
