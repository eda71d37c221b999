"""A demo domain with its documents, a visitor without a browser, and a browser before a running server."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_socket
import uvicorn

from shirushi.core.actor import Role
from shirushi.demo.documents import make_documents
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import Domain, open_domain
from shirushi.web import application

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have a newer httpx
    from starlette.testclient import TestClient

ALICE = "alice@example.jp"
OPERATOR = "operator@example.jp"
AUDITOR = "auditor@example.jp"
ROLES = {ALICE: [Role.SIGNER], OPERATOR: [Role.OPERATOR, Role.AUDITOR], AUDITOR: [Role.AUDITOR]}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trust domain with the demo's documents: copy it, or open it where nothing is revoked or locked.

    It is made afresh: one of its certificates is valid for seconds only, and signs before it expires.
    """
    path = tmp_path_factory.mktemp("portal") / "shirushi-data"
    establish(path, load_plan(), lambda _: None)
    with open_domain(path) as domain:
        make_documents(domain, load_plan(), path / "documents", lambda _: None)
    return path


@dataclass
class Portal:
    """An open domain, its application, and a sign-in token for each account."""

    domain: Domain
    tokens: dict[str, str]
    documents: Path

    def visitor(self) -> Visitor:
        """Somebody with a browser of their own."""
        client = TestClient(application(self.domain), follow_redirects=False)
        client.headers["accept"] = "text/html"
        client.headers["accept-language"] = "en"
        return Visitor(client, self)


@dataclass
class Visitor:
    """Follows links and sends forms as a browser without JavaScript does."""

    client: TestClient
    portal: Portal

    def get(self, address: str, **headers: str):
        return self.client.get(address, headers=headers)

    def token(self, page: str = "/") -> str:
        """The form token of a page."""
        return re.search(r'name="form-token" value="([0-9a-f]+)"', self.get(page).text)[1]

    def send(
        self, address: str, page: str = "/", file: Path | None = None, field: str = "document", **fields: str
    ):
        """Send a form with the token of `page`."""
        files = {field: (file.name, file.read_bytes(), "application/octet-stream")} if file else None
        return self.client.post(address, data={"form-token": self.token(page), **fields}, files=files)

    def sign_in(self, account: str) -> Visitor:
        done = self.send("/sign-in", **{"sign-in-token": self.portal.tokens[account]})
        assert done.status_code == 303, done.text
        return self

    @property
    def session(self) -> str | None:
        return self.client.cookies.get("shirushi")


def _portal(path: Path, domain: Domain) -> Portal:
    tokens = {name: domain.ports.tokens.create(domain.actor, name, roles) for name, roles in ROLES.items()}
    return Portal(domain, tokens, path / "documents")


@pytest.fixture(scope="session")
def portal(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal for all tests that leave keys and certificates as they are."""
    path = shutil.copytree(demo, tmp_path_factory.mktemp("shared") / "shirushi-data")
    with open_domain(path) as domain:
        yield _portal(path, domain)


@pytest.fixture
def own_portal(demo: Path, tmp_path: Path) -> Iterator[Portal]:
    """A portal that the test may change."""
    path = shutil.copytree(demo, tmp_path / "shirushi-data")
    with open_domain(path) as domain:
        yield _portal(path, domain)


@pytest.fixture
def visitor(portal: Portal) -> Visitor:
    """Somebody who has not signed in."""
    return portal.visitor()


@dataclass
class Site:
    """A running portal and the browser before it."""

    address: str
    portal: Portal
    browser: object


@pytest.fixture(scope="session")
def site(portal: Portal) -> Iterator[Site]:
    """The portal on a port of this machine, and Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    pytest_socket.enable_socket()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(64)
        server = uvicorn.Server(uvicorn.Config(application(portal.domain), log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        switches = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        switches += [f"--disable-{each}" for each in ("background-networking", "component-update", "sync")]
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=switches)
                yield Site(f"http://127.0.0.1:{taken.getsockname()[1]}", portal, browser)
                browser.close()
        finally:
            server.should_exit = True
            thread.join()
