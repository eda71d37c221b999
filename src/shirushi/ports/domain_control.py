"""Looking up, at a host and in the DNS, what shows that somebody controls a name."""

from __future__ import annotations

from typing import Protocol


class LookupFailed(Exception):
    """Nothing could be looked up: the host does not answer, or lies where it may not be asked."""


class DnsUnanswered(LookupFailed):
    """No name server gave an answer that can be used."""


class TlsNotAgreed(LookupFailed):
    """The host was reached, and no TLS connection came about, or none of that protocol."""


class DomainControl(Protocol):
    """Asks anew each time: nothing is remembered. Calls are thread-safe and end within a bounded time."""

    def http(self, host: str, path: str) -> bytes:
        """What the host answers over HTTP on port 80, redirects followed; raises `LookupFailed`."""
        ...

    def txt(self, name: str) -> tuple[str, ...]:
        """The TXT records at a name, those it is an alias of as well; raises `LookupFailed`."""
        ...

    def caa(self, name: str) -> tuple[bytes, ...]:
        """The data of the CAA records at a name, those it is an alias of as well; raises `LookupFailed`."""
        ...

    def certificate(self, host: str, protocol: str) -> bytes:
        """The certificate in DER that the host shows on port 443 for an ALPN protocol; raises `LookupFailed`."""
        ...
