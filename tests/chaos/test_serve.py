"""Any process of the running server is killed under load: it comes back, and no work that was acknowledged is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from shirushi.codecs.asn1.tsp import (
    TimeStampRequest,
    encode_timestamp_request,
    parse_timestamp_response,
    parse_tst_info,
)
from shirushi.core.actor import Role
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.domain import open_domain
from shirushi.formats.cms.structure import read_signed_data
from tests.http.conftest import COMPANY, serving
from tests.postgres import moved

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
PATIENCE = 60


class Load:
    """Clients that stamp and seal without a pause, and remember what was acknowledged."""

    def __init__(self, token, pdf):
        self.token = token
        self.pdf = pdf
        self.address = ""
        self.serials, self.seals, self.wrong = [], [], []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.stamp), threading.Thread(target=self.seal)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def stamp(self):
        sha256 = DigestAlgorithm.SHA256
        request = encode_timestamp_request(TimeStampRequest(Digest(sha256, sha256.digest(b"x"))))
        headers = {"Content-Type": "application/timestamp-query"}
        while not self.ended.is_set():
            answer = self.post("/tsa", content=request, headers=headers)
            if answer is not None:
                token = parse_timestamp_response(answer.content).token
                self.serials.append(parse_tst_info(read_signed_data(token).content).serial_number)

    def seal(self):
        number = 0
        while not self.ended.is_set():
            number += 1
            headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"seal-{number}"}
            files, data = {"document": ("a.pdf", self.pdf)}, {"sealer": COMPANY}
            answer = self.post("/api/v1/seals", files=files, data=data, headers=headers)
            if answer is not None:
                self.seals.append((number, answer.content))

    def post(self, path, **named):
        """The answer, or None where a killed process cut the connection: then nothing was acknowledged."""
        try:
            answer = httpx.post(self.address + path, timeout=PATIENCE, **named)
        except httpx.TransportError:
            time.sleep(0.02)
            return None
        if answer.status_code == 429:
            time.sleep(0.02)
            return None
        if answer.status_code != 200:
            self.wrong.append((answer.status_code, answer.text))
            return None
        return answer


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come back"
        time.sleep(0.05)


def ready(server):
    try:
        return httpx.get(f"{server.address}/readyz", timeout=PATIENCE).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def place(request, data):
    """A trust domain over each kind of database."""
    if request.param == "postgresql":
        moved(data, request.getfixturevalue("postgres").database())
    return data


def test_whatever_is_killed_comes_back_and_nothing_acknowledged_is_lost(place, contract):
    data = place
    with open_domain(data) as domain:
        token = domain.ports.tokens.create(domain.actor, "ops", [Role.OPERATOR])
    limits = {"workers": 2, "requests_per_second": 1e6, "burst": 1_000_000}
    with Load(token, contract.read_bytes()) as load:
        with serving(data, **limits) as server:
            load.address = server.address
            wait_for(
                lambda: len(server.children()) == 5
            )  # two workers, the clock guard, the jobs runner, and one that stands by
            for child in server.children():
                before = len(load.serials), len(load.seals)
                os.kill(child, signal.SIGKILL)
                wait_for(lambda gone=child: gone not in server.children() and len(server.children()) == 5)
                wait_for(lambda: ready(server))
                wait_for(lambda b=before: len(load.serials) > b[0] and len(load.seals) > b[1])
            orphans = server.children()
            server.process.kill()
            server.process.wait()
            wait_for(lambda: not any(alive(orphan) for orphan in orphans))
        with serving(data, **limits) as server:
            load.address = server.address
            before = len(load.serials)
            wait_for(lambda: len(load.serials) > before)
            load.ended.set()
            assert server.stop() == 0
    assert load.wrong == []
    assert len(set(load.serials)) == len(load.serials) > 0
    with open_domain(data) as domain:
        log = recorded(domain, "tsa.stamp")
        assert {str(serial) for serial in load.serials} <= log
        assert domain.audit.verify().findings == ()
        database = domain.ports.database
        with database.reading() as connection:
            kept = connection.exec_driver_sql("SELECT key, status FROM http_kept_reply").all()
    done = {key for key, status in kept if status == 200}
    assert {f"seal-{number}" for number, _ in load.seals} <= done


def alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def recorded(domain, action):
    found, before = set(), None
    while True:
        page = domain.audit.search(action=action, limit=1000, before=before)
        found |= {record.subject for record in page.records}
        if page.next_before is None:
            return found
        before = page.next_before
