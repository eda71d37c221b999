"""Trusted lists of made-up territories, signed by their operators; a service over a database; a server that has them."""

from __future__ import annotations

import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import URL

from shirushi.adapters.database import SqlDatabase, migrate
from shirushi.adapters.http_fetcher import Bounds, HttpFetcher
from shirushi.codecs.xml.trusted_list.writing import write_trusted_list
from shirushi.core.actor import Actor, Role
from shirushi.core.document import Document, document
from shirushi.core.trusted_list import (
    LIST_OF_LISTS,
    DigitalIdentity,
    ListedService,
    ListPointer,
    Provider,
    ServicePeriod,
    TrustedList,
)
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from shirushi.rules.ades import JAPAN
from shirushi.services.audit.service import AuditTrail
from shirushi.services.trustlist.model import ListSource
from shirushi.services.trustlist.service import TrustedLists
from tests.fakes import FakeClock
from tests.unit.formats_cades.world import Entity, World

OPERATOR = Actor("keiko@example.jp", frozenset({Role.OPERATOR}))
ISSUED = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 4, 1, tzinfo=UTC)
DUE = datetime(2026, 9, 1, tzinfo=UTC)
NATIONAL = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric"
CA_QC = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
QTST = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
GRANTED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
WITHDRAWN = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"


@cache
def world() -> World:
    return World(curves=True)


@cache
def operator(name: str) -> Entity:
    """Who signs lists: each a certificate of its own, as operators have."""
    return world().entity(f"{name} Scheme Operator", world().root, days=3650)


def said(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple(("en", name) for name in names)


def period(entity: Entity, start: datetime = ISSUED, status: str = GRANTED, **more) -> ServicePeriod:
    names = said(more.pop("name", entity.certificate.subject.text))
    kind = more.pop("service_type", CA_QC)
    return ServicePeriod(kind, names, status, start, DigitalIdentity((entity.der,)), **more)


def provider(*services: ListedService, name: str = "Provider") -> Provider:
    return Provider(said(name), (), services)


def national(territory: str = "JP", *providers: Provider, **more) -> TrustedList:
    issuing = ListedService((period(world().issuing),))
    values = {
        "version": 6,
        "sequence": 1,
        "list_type": NATIONAL,
        "territory": territory,
        "operators": said(f"{territory} operator"),
        "scheme_names": said(f"{territory}:list"),
        "issued": ISSUED,
        "next_update": DUE,
        "providers": providers or (provider(issuing),),
    }
    return TrustedList(**values | more)


def pointer(territory: str, location: str, *signers: Entity, **more) -> ListPointer:
    named = signers or (operator(territory),)
    identity = DigitalIdentity(tuple(each.der for each in named))
    return ListPointer(location, identity, territory, more.pop("list_type", NATIONAL), **more)


def list_of_lists(*pointers: ListPointer, **more) -> TrustedList:
    return replace(
        national("EU", **{"list_type": LIST_OF_LISTS, **more}), providers=(), pointers=tuple(pointers)
    )


def signed(trusted_list: TrustedList, signer: Entity | None = None, name: str = "list.xml") -> Document:
    """The list signed as its operator does: enveloped XAdES that names its certificate."""
    given = document(write_trusted_list(trusted_list), name, "application/xml")
    said_of = SignatureParameters(packaging=Packaging.ENVELOPED)
    return world().sign(Xades(), given, signer or operator(trusted_list.territory), said_of)


class Silent:
    """A fetcher that must not be asked."""

    def fetch_unless(self, url, known, *, accept="*/*"):  # noqa: ARG002  the port's signature
        raise AssertionError(url)


@contextmanager
def service(url: URL | str, clock: FakeClock | None = None, **more) -> Iterator[TrustedLists]:
    migrate(url)
    database, clock = SqlDatabase(url), clock or FakeClock(NOW)
    given = {"anchors": [operator("EU").certificate], "fetcher": Silent()} | more
    try:
        yield TrustedLists(
            catalogue=JAPAN.catalogue, database=database, clock=clock, audit=AuditTrail(clock), **given
        )
    finally:
        database.close()


def source(location: str, *signers: Entity) -> ListSource:
    named = signers or (operator("EU"),)
    return ListSource("EU", location, tuple(each.certificate for each in named))


class Publisher:
    """A real server: gives what stands at a path, a whole answer where it begins with HTTP, and knows ETags."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.unchanged: list[str] = []
        self.before: Mapping[str, threading.Event] = {}
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def url(self, path: str) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}/{path}"

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            held = self._context.wrap_socket(connection, server_side=True) if self._context else connection
            head = b""
            while b"\r\n\r\n" not in head:
                piece = held.recv(4096)
                if not piece:
                    return
                head += piece
            path = head.split()[1].decode()[1:]
            self.asked.append(path)
            if path in self.before:
                self.before[path].wait(10)
            held.sendall(self._found(path, head))

    def _found(self, path: str, head: bytes) -> bytes:
        body = self.files.get(path)
        if body is None:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        if body.startswith(b"HTTP/"):
            return body
        tag = b'"%s"' % hashlib.sha256(body).hexdigest()[:16].encode()
        if b"If-None-Match: " + tag in head:
            self.unchanged.append(path)
            return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % tag
        return b"HTTP/1.1 200 OK\r\nETag: %s\r\nContent-Length: %d\r\n\r\n%s" % (tag, len(body), body)


@contextmanager
def publishing(context: ssl.SSLContext | None = None) -> Iterator[Publisher]:
    publisher = Publisher(context)
    try:
        yield publisher
    finally:
        publisher.close()


def fetcher(seconds: float = 5.0, size: int = 1_000_000, **more) -> HttpFetcher:
    return HttpFetcher(Bounds(seconds=seconds, size=size), allow_private=True, **more)


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)
