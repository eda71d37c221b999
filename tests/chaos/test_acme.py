"""Worker processes are killed while they finalise ACME orders: each order gets one certificate, and all is on record."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from shirushi.adapters.configuration import AcmeSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.domain import Domain, open_domain
from tests import results
from tests.acme import JOSE, AcmeClient, SetControl, request
from tests.chaos.test_serve import place
from tests.http.conftest import Server, serving
from tests.names import name_server

__all__ = ["place"]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

MOMENTS = ("before the signature", "after the signature", "after it is kept")
KILLING = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path

if "shirushi.serve.child" in sys.orig_argv:
    from shirushi.services.ca.service.acme import finalizing
    from shirushi.services.ca.service.issuing import Issuing

    finalizing.LEASE = timedelta(seconds=2)
    issue, sign = finalizing.Finalizing._issue, Issuing._sign

    def at(moment):  # whoever takes the mark away dies of it
        try:
            Path(os.environ["MARKS"], moment).unlink()
        except FileNotFoundError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    def issuing(*arguments):
        at("before the signature")
        issue(*arguments)
        at("after it is kept")

    def signing(*arguments):
        made = sign(*arguments)
        at("after the signature")
        return made

    finalizing.Finalizing._issue, Issuing._sign = issuing, signing
"""
"""What makes worker processes end by SIGKILL at a moment, once for each mark that the test leaves."""


@contextmanager
def website(control: SetControl) -> Iterator[int]:
    """A web server at which every host shows what the test's client puts there: its port."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = control.files.get(self.headers["Host"].partition(":")[0] + self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(found or b"")))
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class Persistent:
    """An ACME client that asks again until it is answered, whatever dies meanwhile."""

    def __init__(self, server: Server, control: SetControl) -> None:
        self.control = control
        self.lost = 0
        self.http = httpx.Client(timeout=60)
        self.client = AcmeClient(self._send, self._nonce, "http://shirushi.test")
        self.address = server.address

    def answered(self, ask: Callable[..., httpx.Response], *given: Any) -> httpx.Response:
        """What is answered in the end, to another request each time: nonces are used once."""
        while True:
            try:
                return ask(*given)
            except httpx.TransportError:
                self.lost += 1
                time.sleep(0.05)

    def obtain(self, name: str) -> tuple[str, int]:
        """Order, authorise and finalise: the order's address, and the serial number of what came of it."""
        made = self.answered(self.client.order, name)
        assert made.status_code == 201, made.text
        order, place, csr = made.json(), made.headers["location"], request([name])
        while order["status"] == "pending":
            self.answered(self.authorize, order)
            order = self.look(place)
        while order["status"] in {"ready", "processing"}:
            if order["status"] == "ready":
                self.answered(self.client.finalize, order, csr)
            time.sleep(0.05)
            order = self.look(place)
        assert order["status"] == "valid", order
        chain = self.answered(self.client.post, order["certificate"]).content
        return place.rpartition("/")[2], certificates_in(chain)[0].serial_number

    def authorize(self, order: dict[str, Any]) -> httpx.Response:
        (answer,) = self.client.authorize(order, self.control)
        return answer

    def look(self, place: str) -> dict[str, Any]:
        return dict(self.answered(self.client.post, place).json())

    def _send(self, url: str, body: bytes) -> httpx.Response:
        url = url.replace("http://shirushi.test", self.address)
        return self.http.post(url, content=body, headers={"Content-Type": JOSE})

    def _nonce(self) -> str:
        return self.http.head(f"{self.address}/acme/new-nonce").headers["replay-nonce"]


@pytest.fixture
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a mark ends a worker process at its moment."""
    folder, hook = tmp_path / "marks", tmp_path / "hook"
    folder.mkdir()
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(KILLING)
    before = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(hook), before))))
    monkeypatch.setenv("MARKS", str(folder))
    return folder


@contextmanager
def served(data: Path) -> Iterator[tuple[Server, Persistent]]:
    control, path = SetControl(), data / "shirushi.toml"
    with name_server() as names, website(control) as port:
        acme = AcmeSection(
            authority="issuing", resolvers=(f"127.0.0.1:{names.port}",), allow_private=True, http_port=port
        )
        found = read_configuration(path)
        domain = found.domain.model_copy(update={"address": "http://shirushi.test"})
        write_configuration(path, found.model_copy(update={"acme": acme, "domain": domain}))
        with serving(data, workers=1, lanes=0, requests_per_second=1e6, burst=1_000_000) as server:
            persistent = Persistent(server, control)
            with persistent.http:
                assert persistent.client.register().status_code == 201
                yield server, persistent
            assert server.stop() == 0


def serials(domain: Domain) -> set[int]:
    """The serial numbers of the websites' certificates that are kept."""
    with domain.ports.database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT serial_number FROM ca_certificate WHERE state = 'issued' AND profile = 'tls-server'"
        )
        return {int(row.serial_number, 16) for row in rows}


def check(data: Path, before: set[int], obtained: list[tuple[str, int]]) -> None:
    """One certificate came of each order, each is on record, and the log is whole."""
    numbers = [number for _, number in obtained]
    with open_domain(data) as domain:
        (account,), orders = domain.services.enrolment.acme.overview(domain.actor, 1000)
        assert {each.id: each.serial_number for each in orders if each.serial_number} == dict(obtained)
        by = f"acme:{account.id}"
        records = domain.audit.search(action="ca.issue", done_by=by, limit=1000).records
        assert sorted(int(each.subject, 16) for each in records) == sorted(numbers)
        assert serials(domain) - before == set(numbers)
        assert len(set(numbers)) == len(numbers)
        domain.audit.checkpoint()
        assert domain.audit.verify().intact


def test_a_worker_is_killed_at_every_moment_of_finalising(place: Path, marks: Path) -> None:
    data = place
    obtained: list[tuple[str, int]] = []
    with open_domain(data) as domain:
        before = serials(domain)
    with served(data) as (_, client):
        for number, moment in enumerate(MOMENTS):
            (marks / moment).touch()
            lost, began = client.lost, time.monotonic()
            obtained.append(client.obtain(f"site-{number}.example.jp"))
            assert client.lost > lost, moment
            assert not (marks / moment).exists()
            results.record("acme", moment=moment, seconds=time.monotonic() - began)
    check(data, before, obtained)


@pytest.mark.long
def test_workers_are_killed_at_any_moment_under_load(data: Path, marks: Path, rng: random.Random) -> None:
    obtained: list[tuple[str, int]] = []
    ended = threading.Event()
    with open_domain(data) as domain:
        before = serials(domain)
    with served(data) as (server, client):

        def kill() -> None:
            while not ended.wait(rng.uniform(0.5, 4)):
                with suppress(ProcessLookupError):
                    os.kill(rng.choice(server.children()), signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            obtained += [client.obtain(f"site-{number}.example.jp") for number in range(40)]
        finally:
            ended.set()
            killer.join()
        assert client.lost
    check(data, before, obtained)
