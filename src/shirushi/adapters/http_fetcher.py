"""Serves the port `Fetcher` over HTTP with urllib3: bounded in time, size and redirects, and only to where it may."""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Lock, Thread, Timer
from time import monotonic
from typing import Self, TypeAlias
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3 import BaseHTTPResponse, HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as UrllibTimeout

from shirushi.ports.fetcher import (
    Edition,
    Fetched,
    FetchFailed,
    FetchForbidden,
    FetchTimedOut,
    FetchTooLarge,
    FetchUntrusted,
    Inquiry,
)

_log = logging.getLogger(__name__)

_PIECE = 1 << 16
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = {301, 302, 303, 307, 308}
_REPEATS = {307, 308}
"""The redirects that repeat a POST as it was (RFC 9110 §15.4)."""

_OVERHEAD = 512
"""What an entry of the cache weighs beside its bytes."""

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age=(\d{1,9})")
_FAILURE_SECONDS = 30.0
"""How long an address that failed is not tried again."""

_MOST_ADDRESSES = 4
_OTHERS_WAIT = 3.0
"""How long an address is waited for while the host has others, in seconds."""

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses behind a translator (RFC 6052 §2.1)."""

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a fetch may take. `seconds` is for all of it, redirects included; `size` and `cache_size` are in bytes."""

    seconds: float = 10.0
    size: int = 32 << 20
    redirects: int = 3
    cache_seconds: float = 300.0
    cache_size: int = 64 << 20


@dataclass(frozen=True, slots=True)
class _Answer:
    """A final answer: its body, None where the edition that was asked about is still there, and its age limit."""

    body: bytes | None
    age: float
    edition: Edition


class HttpFetcher:
    """Fetches over HTTP and HTTPS.

    An address is resolved once and connected to as it was checked, so that no name can turn to a private network in
    between. Private and loopback addresses are refused unless `allow_private`. No proxy, cookie or credential is used.
    """

    def __init__(
        self,
        bounds: Bounds | None = None,
        *,
        allow_private: bool = False,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._bounds = bounds or Bounds()
        self._allow_private = allow_private
        self._trust = trust
        self._cache = _Cache(self._bounds.cache_size)

    def fetch(self, url: str, inquiry: Inquiry | None = None, *, accept: str = "*/*") -> bytes:
        """The body of the answer; raises `FetchForbidden`, `FetchTimedOut`, `FetchTooLarge`, `FetchFailed`.

        Answers are kept for as long as they say, at most `cache_seconds`; failures for half a minute.
        """
        key = (url, inquiry, accept)
        known = self._cache.get(key)
        if isinstance(known, FetchFailed):
            raise known
        if known is not None:
            return known
        try:
            answer = self._follow(url, inquiry, {"Accept": accept})
        except FetchFailed as failure:
            _log.warning("fetch.failed", extra={"url": url, "code": failure.code, "detail": str(failure)})
            self._cache.put(key, failure, min(_FAILURE_SECONDS, self._bounds.cache_seconds))
            raise
        assert answer.body is not None
        self._cache.put(key, answer.body, min(answer.age, self._bounds.cache_seconds))
        return answer.body

    def fetch_unless(self, url: str, known: Edition, *, accept: str = "*/*") -> Fetched:
        """What is there unless it is `known` still, by a conditional request (RFC 9110 §13.1); raises as `fetch`."""
        asked = {"Accept": accept}
        if known.etag:
            asked["If-None-Match"] = known.etag
        if known.last_modified:
            asked["If-Modified-Since"] = known.last_modified
        answer = self._follow(url, None, asked)
        return Fetched(answer.body, known if answer.body is None else answer.edition)

    def _follow(self, url: str, inquiry: Inquiry | None, asked: Mapping[str, str]) -> _Answer:
        deadline = monotonic() + self._bounds.seconds
        place = url
        for _ in range(self._bounds.redirects + 1):
            answer = self._once(url, place, inquiry, asked, deadline)
            if not isinstance(answer, str):
                return answer
            place = answer
        raise FetchFailed(url=url, detail=f"more than {self._bounds.redirects} redirects")

    def _once(
        self, url: str, place: str, inquiry: Inquiry | None, asked: Mapping[str, str], deadline: float
    ) -> _Answer | str:
        """One request with the header fields `asked`: its answer, or where that is found instead."""
        parts, host, port = _split(url, place)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Host": parts.netloc,
            **asked,
            "Accept-Encoding": "identity",
            "User-Agent": "shirushi",
            "Connection": "close",
        }
        if inquiry is not None:
            headers["Content-Type"] = inquiry.media_type
        addresses = self._resolve(url, host, port, deadline)
        late = _late(url, self._bounds.seconds)
        for number, address in enumerate(addresses, 1):
            left = deadline - monotonic()
            if left <= 0:
                raise late
            wait = left if number == len(addresses) else min(left, _OTHERS_WAIT)
            connection = self._connection(parts.scheme, host, str(address), port, wait)
            with _Ending(connection, deadline) as timed_out:
                try:
                    connection.connect()
                except (HTTPError, OSError) as error:
                    if number < len(addresses):
                        continue
                    raise late if timed_out() or _is_timeout(error) else _failed(url, error) from error
                timed_out.socket = connection.sock  # the connection forgets it once the answer begins
                try:
                    connection.request(
                        "GET" if inquiry is None else "POST",
                        target,
                        body=None if inquiry is None else inquiry.body,
                        headers=headers,
                        preload_content=False,
                        decode_content=False,
                    )
                    with closing(connection.getresponse()) as response:
                        conditional = not headers.keys().isdisjoint(_CONDITIONS)
                        answer = self._read(url, place, inquiry, response, conditional=conditional)
                except (HTTPError, HTTPException, OSError, ValueError) as error:
                    raise late if timed_out() or _is_timeout(error) else _failed(url, error) from error
                if timed_out():  # a connection that was cut looks like one that ended
                    raise late
                return answer
        raise late

    def _connection(self, scheme: str, host: str, address: str, port: int, wait: float) -> HTTPConnection:
        if scheme == "http":
            return HTTPConnection(address, port, timeout=wait)
        return HTTPSConnection(
            address,
            port,
            timeout=wait,
            ssl_context=self._trust or ssl.create_default_context(),
            server_hostname=host,
            assert_hostname=host,
        )

    def _read(
        self, url: str, place: str, inquiry: Inquiry | None, response: HTTPResponse, *, conditional: bool
    ) -> _Answer | str:
        status, location = response.status, response.headers.get("Location")
        if status == 304 and conditional:
            return _Answer(None, 0.0, Edition())
        if status in _REDIRECTS and location:
            if inquiry is not None and status not in _REPEATS:
                raise FetchFailed(url=url, detail=f"HTTP {status} to a POST")
            return urljoin(place, location)
        if status != 200:
            raise FetchFailed(url=url, detail=f"HTTP {status}")
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding.lower() != "identity":
            raise FetchFailed(url=url, detail=f"Content-Encoding {encoding[:40]}")
        edition = Edition(*(_line(response.headers.get(name, "")) for name in ("ETag", "Last-Modified")))
        return _Answer(self._body(url, response), _freshness(response, self._bounds.cache_seconds), edition)

    def _body(self, url: str, response: BaseHTTPResponse) -> bytes:
        limit = self._bounds.size
        if int(response.headers.get("Content-Length") or 0) > limit:
            raise FetchTooLarge(url=url, limit=limit, detail=f"more than {limit} bytes")
        body = bytearray()
        while piece := response.read(_PIECE, decode_content=False):
            body += piece
            if len(body) > limit:
                raise FetchTooLarge(url=url, limit=limit, detail=f"more than {limit} bytes")
        return bytes(body)

    def _resolve(self, url: str, host: str, port: int, deadline: float) -> list[Address]:
        """The addresses of the host that may be connected to."""
        try:
            found: list[Address] = [ipaddress.ip_address(host)]
        except ValueError:
            found = _addresses(url, host, port, deadline, self._bounds.seconds)
        allowed = [address for address in found if self._allow_private or is_public(address)]
        if not allowed:
            raise FetchForbidden(url=url, detail=f"{host} is at {found[0]}, which is no public address")
        return list(dict.fromkeys(allowed))[:_MOST_ADDRESSES]


def is_public(address: Address) -> bool:
    """Whether the address is one of the public Internet, also where it carries another one inside."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _split(url: str, place: str) -> tuple[SplitResult, str, int]:
    """The parts of an address that may be fetched, its host and its port."""
    try:
        parts = urlsplit(place)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise FetchForbidden(url=url, detail=f"{place[:200]!r} is no address") from error
    plain = place.isascii() and place.isprintable() and " " not in place
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or not plain:
        raise FetchForbidden(url=url, detail=f"{place[:200]!r} is no plain HTTP address")
    return parts, host, port


def _addresses(url: str, host: str, port: int, deadline: float, seconds: float) -> list[Address]:
    """Ask for the addresses of a host, no longer than until the deadline: the system's resolver has none."""
    answers: SimpleQueue[list[Address] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found])
        except OSError as error:
            answers.put(error)
        except (UnicodeError, ValueError) as error:
            answers.put(OSError(str(error)))

    Thread(target=ask, daemon=True, name="resolve").start()
    try:
        answer = answers.get(timeout=max(0.0, deadline - monotonic()))
    except Empty:
        raise _late(url, seconds) from None
    if isinstance(answer, OSError) or not answer:
        raise FetchFailed(url=url, detail=f"no address of {host} is known") from None
    return answer


class _Ending:
    """Cuts a connection at the deadline, however slowly bytes still drip in; called, tells whether that happened."""

    def __init__(self, connection: HTTPConnection, deadline: float) -> None:
        self._connection = connection
        self._late = False
        self.socket: socket.socket | None = None
        self._timer = Timer(max(0.0, deadline - monotonic()), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._connection.close()

    def __call__(self) -> bool:
        return self._late

    def _cut(self) -> None:
        self._late = True
        with suppress(OSError):
            found = self.socket or self._connection.sock
            if isinstance(found, socket.socket):
                found.shutdown(socket.SHUT_RDWR)


def _late(url: str, seconds: float) -> FetchTimedOut:
    return FetchTimedOut(url=url, seconds=f"{seconds:g}", detail=f"timeout after {seconds:g} seconds")


def _is_timeout(error: Exception) -> bool:
    late = isinstance(error, (TimeoutError, UrllibTimeout))
    return late and not isinstance(error, NewConnectionError)  # to urllib3 a refusal is a kind of timeout


def _line(value: str) -> str:
    """A header field's value that may be sent back; empty where it may not."""
    return value if len(value) <= 500 and value.isascii() and value.isprintable() else ""


def _failed(url: str, error: Exception) -> FetchFailed:
    """In a few words, without the objects and addresses in memory that the library's own texts name."""
    cause = next((each for each in (error, error.__cause__) if isinstance(each, OSError)), error)
    if isinstance(cause, ssl.SSLError):
        said = getattr(cause, "verify_message", "") or cause.reason or type(cause).__name__
        return FetchUntrusted(url=url, detail=str(said)[:200])
    words = getattr(cause, "strerror", None) or type(cause).__name__
    return FetchFailed(url=url, detail=str(words)[:200])


def _freshness(response: HTTPResponse, longest: float) -> float:
    """How long an answer may be kept, in seconds (RFC 9111 §5.2.2)."""
    control = response.headers.get("Cache-Control", "").lower()
    if "no-store" in control or "no-cache" in control:
        return 0.0
    found = _MAX_AGE.search(control)
    return float(found[1]) if found else longest


_Key: TypeAlias = tuple[str, Inquiry | None, str]


class _Cache:
    """Answers and failures until they are too old; the oldest go when there are too many. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._lock = Lock()
        self._entries: OrderedDict[_Key, tuple[float, bytes | FetchFailed]] = OrderedDict()

    def get(self, key: _Key) -> bytes | FetchFailed | None:
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            if found[0] <= monotonic():
                self._drop(key)
                return None
            return found[1]

    def put(self, key: _Key, value: bytes | FetchFailed, seconds: float) -> None:
        weight = _weight(key, value)
        if seconds <= 0 or weight > self._size:
            return
        with self._lock:
            if key in self._entries:
                self._drop(key)
            self._entries[key] = monotonic() + seconds, value
            self._used += weight
            while self._used > self._size:
                self._drop(next(iter(self._entries)))

    def _drop(self, key: _Key) -> None:
        self._used -= _weight(key, self._entries.pop(key)[1])


def _weight(key: _Key, value: bytes | FetchFailed) -> int:
    return _OVERHEAD + len(key[0]) + (len(value) if isinstance(value, bytes) else 0)
