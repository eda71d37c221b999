"""A web worker: uvicorn over the application, on the socket that the supervisor listens on."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from shirushi.adapters.configuration import ServeSection
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Certificate
from shirushi.domain import Domain
from shirushi.serve.protocol import BoundedProtocol
from shirushi.web import application

KEEP_ALIVE_SECONDS = 30


class TlsUnusable(ShirushiError):
    """The certificate and key for TLS cannot be used."""

    code = "TLS_UNUSABLE"


def tls_context(
    section: ServeSection, data: Path, clients: Sequence[Certificate] = ()
) -> ssl.SSLContext | None:
    """What TLS is served with, TLS 1.2 or later; None for plain HTTP. Raises `TlsUnusable`.

    Clients may show certificates that `clients` issued; those of others are refused in TLS itself.
    """
    if not section.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(data / section.certificate, data / (section.key or section.certificate))
    except (OSError, ssl.SSLError) as error:
        raise TlsUnusable(path=section.certificate, detail=error.strerror or error) from error
    if clients:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(cadata=b"".join(each.der for each in clients))
    return context


def run_web(domain: Domain, data: Path, listening: int, lifeline: int, ready: Callable[[], None]) -> None:
    """Answer requests until SIGTERM, or until the supervisor is gone; requests in hand are finished."""
    said = domain.configuration.serve
    authorities = domain.services.ca.authorities(domain.actor) if domain.configuration.est else ()
    context = tls_context(said, data, [each.certificate for each in authorities])
    config = uvicorn.Config(
        application(domain),
        http=type("Protocol", (BoundedProtocol,), {"head_seconds": said.idle_seconds}),
        loop="uvloop",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(said.proxies),
        forwarded_allow_ips=list(said.proxies),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=said.stop_seconds,
        ssl_context_factory=(lambda _config, _default: context) if context else None,
    )
    # uvicorn raises the signals that it was stopped by once more when it has finished
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    with socket.socket(fileno=listening) as sock:
        sock.setblocking(False)  # noqa: FBT003  as the library has it
        _Server(config, lifeline, ready).run([sock])


class _Server(uvicorn.Server):
    """uvicorn's server, which tells when it works and stops when the supervisor is gone."""

    def __init__(self, config: uvicorn.Config, lifeline: int, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._lifeline = lifeline
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._lifeline, self._orphaned)
        self._ready()

    def _orphaned(self) -> None:
        asyncio.get_running_loop().remove_reader(self._lifeline)
        self.should_exit = True
