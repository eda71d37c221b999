"""Serves the port `DomainControl`: bounded in time, size and redirects, and only to addresses that may be asked."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from shirushi.adapters.dns_client import AAAA, CAA, TXT, A, DnsClient, text_of
from shirushi.adapters.http_fetcher import is_public
from shirushi.ports.domain_control import DnsUnanswered, LookupFailed, TlsNotAgreed

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_ADDRESSES = 4
_LARGEST = 4096
"""Bytes of an answer that are read: a key authorization takes some 90."""


@dataclass(frozen=True, slots=True)
class ControlBounds:
    """What a look may take, and where. The ports are 80 and 443 but in trials."""

    seconds: float = 10.0
    redirects: int = 10
    http_port: int = 80
    tls_port: int = 443
    allow_private: bool = False


class NetworkControl:
    """Looks over the network. Names are resolved by the given resolvers alone, and connected to as they were checked."""

    def __init__(self, dns: DnsClient, bounds: ControlBounds) -> None:
        self._dns = dns
        self._bounds = bounds

    def http(self, host: str, path: str) -> bytes:
        """What the host answers over HTTP; redirects lead to HTTP and HTTPS on their own ports alone (RFC 8555 §8.3)."""
        deadline = monotonic() + self._bounds.seconds
        port = self._bounds.http_port
        place = f"http://{host}{path}" if port == 80 else f"http://{host}:{port}{path}"
        for _ in range(self._bounds.redirects + 1):
            answer = self._get(place, deadline)
            if isinstance(answer, bytes):
                return answer
            place = answer
        raise LookupFailed(f"more than {self._bounds.redirects} redirects")

    def txt(self, name: str) -> tuple[str, ...]:
        """The TXT records at a name."""
        return tuple(map(text_of, self._dns.records(name, TXT)))

    def caa(self, name: str) -> tuple[bytes, ...]:
        """The data of the CAA records at a name."""
        return self._dns.records(name, CAA)

    def certificate(self, host: str, protocol: str) -> bytes:
        """The certificate that is shown to a client of that ALPN protocol; raises where another was agreed on."""
        context = _unverified()
        context.set_alpn_protocols([protocol])
        with self._connected(host, self._bounds.tls_port, monotonic() + self._bounds.seconds) as plain:
            try:
                with context.wrap_socket(plain, server_hostname=host) as tls:
                    found = tls.getpeercert(binary_form=True)
                    if tls.selected_alpn_protocol() != protocol or not found:
                        raise TlsNotAgreed(f"{host} does not speak {protocol}")
                    return found
            except OSError as error:
                raise TlsNotAgreed(_words(host, error)) from error

    def _get(self, place: str, deadline: float) -> bytes | str:
        """What is answered there, or where it is found instead."""
        parts = urlsplit(place)
        try:
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise LookupFailed("a redirect to no address") from None
        ports = {"http": self._bounds.http_port, "https": self._bounds.tls_port}
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        if usual is None or not host or "@" in parts.netloc or not place.isascii() or not place.isprintable():
            raise LookupFailed("a redirect to no HTTP address")
        port = usual if port is None else port
        if port not in {80, 443, *ports.values()}:
            raise LookupFailed(f"a redirect to port {port}")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        plain = self._connected(host, port, deadline)
        connection = self._connection(parts.scheme, host, port, deadline)
        with closing(connection), plain:
            try:
                connection.sock = (
                    _unverified().wrap_socket(plain, server_hostname=host)
                    if parts.scheme == "https"
                    else plain
                )
                headers = {"Host": parts.netloc, "User-Agent": "shirushi", "Accept-Encoding": "identity"}
                connection.request("GET", target, headers=headers, preload_content=False)
                with closing(connection.getresponse()) as response:
                    location = response.headers.get("Location")
                    if response.status in _REDIRECTS and location:
                        return urljoin(place, location)
                    if response.status != 200:
                        raise LookupFailed(f"HTTP {response.status}")
                    found = b""
                    while len(found) <= _LARGEST and (piece := response.read1(_LARGEST)):
                        found += piece
                        if monotonic() > deadline:
                            raise LookupFailed("timeout")
            except (HTTPError, OSError, ValueError) as error:
                raise LookupFailed(_words(host, error)) from error
        if len(found) > _LARGEST:
            raise LookupFailed(f"more than {_LARGEST} bytes")
        return found

    def _connection(self, scheme: str, host: str, port: int, deadline: float) -> HTTPConnection:
        kind = HTTPConnection if scheme == "http" else HTTPSConnection
        return kind(host, port, timeout=max(0.1, deadline - monotonic()))

    def _connected(self, host: str, port: int, deadline: float) -> socket.socket:
        failure: Exception = LookupFailed("timeout")
        for address in self._addresses(host):
            left = deadline - monotonic()
            if left <= 0:
                break
            try:
                return socket.create_connection((str(address), port), timeout=left)
            except OSError as error:
                failure = error
        raise LookupFailed(_words(host, failure))

    def _addresses(self, host: str) -> Iterable[Address]:
        """The addresses of a host that may be asked; raises `LookupFailed` where there is none."""
        found: list[Address]
        try:
            found = [ipaddress.ip_address(host)]
        except ValueError:
            found = [ipaddress.IPv4Address(each) for each in self._dns.records(host, A) if len(each) == 4]
            found += [
                ipaddress.IPv6Address(each) for each in self._dns.records(host, AAAA) if len(each) == 16
            ]
        if not found:
            raise DnsUnanswered(f"{host} has no address")
        allowed = [each for each in found if self._bounds.allow_private or is_public(each)]
        if not allowed:
            raise LookupFailed(f"{host} is at an address that is not public")
        return allowed[:_MOST_ADDRESSES]


def _unverified() -> ssl.SSLContext:
    """TLS to whoever answers: what is looked for proves itself (RFC 8555 §8.3, RFC 8737 §3)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _words(host: str, error: Exception) -> str:
    cause = next((each for each in (error, error.__cause__) if isinstance(each, OSError)), error)
    return f"{host}: {getattr(cause, 'strerror', None) or type(cause).__name__}"[:200]
