"""The application of a trust domain of the test's own, called in process, and real servers on the loopback."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.core.actor import Role
from shirushi.domain import Domain, open_domain
from shirushi.web import application

ALICE = "alice@example.jp"
COMPANY = "さくら商事株式会社"


class Caller:
    """Calls an ASGI application as an HTTP client would, without a socket."""

    def __init__(self, app: Any, domain: Domain) -> None:
        self.app = app
        self.domain = domain

    def token(self, name: str, *roles: Role, days: float = 1) -> str:
        return self.domain.ports.tokens.create(self.domain.actor, name, roles, timedelta(days=days))

    def call(self, method: str, path: str, **named: Any) -> httpx.Response:
        token = named.pop("token", None)
        headers = httpx.Headers(named.pop("headers", None) or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"

        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://shirushi.test") as client:
                return await client.request(method, path, headers=headers, **named)

        return asyncio.run(once())

    def get(self, path: str, **named: Any) -> httpx.Response:
        return self.call("GET", path, **named)

    def post(self, path: str, **named: Any) -> httpx.Response:
        return self.call("POST", path, **named)

    def raw(
        self, method: str, path: str, headers: dict[str, str], receive: Callable[[], Any]
    ) -> tuple[int, dict[str, str], bytes]:
        """Call with a body that arrives as `receive` says; status 0 where nothing was answered."""
        sent: list[dict[str, Any]] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "scheme": "http",
            "root_path": "",
        }
        asyncio.run(self.app(scope, receive, send))
        if not sent:
            return 0, {}, b""
        answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], answered, b"".join(m.get("body", b"") for m in sent[1:])


def configure(data: Path, **entries: Any) -> None:
    """Set entries of [serve]."""
    path = data / "shirushi.toml"
    found = read_configuration(path)
    write_configuration(path, found.model_copy(update={"serve": found.serve.model_copy(update=entries)}))


@contextmanager
def calling(data: Path) -> Iterator[Caller]:
    with open_domain(data) as domain:
        yield Caller(application(domain), domain)


@pytest.fixture
def caller(data: Path) -> Iterator[Caller]:
    with calling(data) as found:
        yield found


@pytest.fixture
def operator(caller: Caller) -> str:
    return caller.token("ops", Role.OPERATOR, Role.AUDITOR)


@pytest.fixture
def alice(caller: Caller) -> str:
    return caller.token(ALICE, Role.SIGNER)


@pytest.fixture
def pdf(contract: Path) -> bytes:
    return contract.read_bytes()


@dataclass
class Server:
    """`shirushi serve`, really running."""

    process: subprocess.Popen[str]
    address: str
    port: int

    def children(self) -> list[int]:
        """The processes that the supervisor started."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in path.read_text().split()]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def serving(data: Path, **entries: Any) -> Iterator[Server]:
    """A server over the data directory, on a port of its own."""
    configure(data, port=0, **entries)
    command = [sys.executable, "-m", "shirushi.main", "serve", "--data", str(data)]
    command[1:3] = ["-c", "from shirushi.main import main; main()"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = line.split()[-1]
        yield Server(process, address, int(address.rsplit(":", 1)[1]))
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)
        assert process.stdout is not None
        process.stdout.close()
