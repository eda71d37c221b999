"""The one way out: fetching what certificates and lists say is found at an address."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from shirushi.core.errors import ShirushiError


class FetchFailed(ShirushiError):
    """Nothing could be fetched: `url` where from, `detail` why."""

    code = "FETCH_FAILED"


class FetchForbidden(FetchFailed):
    """The address may not be fetched from: another scheme than HTTP, a private network, this machine itself."""

    code = "FETCH_FORBIDDEN"


class FetchTimedOut(FetchFailed):
    """No whole answer came in time; `seconds`."""

    code = "FETCH_TIMED_OUT"


class FetchUntrusted(FetchFailed):
    """The other side could not prove who it is (TLS): its certificate is expired, foreign or of another name."""

    code = "FETCH_UNTRUSTED"


class FetchTooLarge(FetchFailed):
    """The answer is larger than is taken; `limit` in bytes."""

    code = "FETCH_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is sent to an address with POST: `body` of `media_type`."""

    body: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Edition:
    """By what a server tells editions of one resource apart (RFC 9110 §8.8), as it wrote them; empty where it does not."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered: `body` None where it still has the edition that was asked about (304)."""

    body: bytes | None = field(repr=False)
    edition: Edition


class Fetcher(Protocol):
    """Fetches over HTTP. Calls are thread-safe and end within a bounded time, whatever the other side does."""

    def fetch(self, url: str, inquiry: Inquiry | None = None, *, accept: str = "*/*") -> bytes:
        """The body of a successful answer, which may be some minutes old; raises a `FetchFailed` that names the URL."""
        ...

    def fetch_unless(self, url: str, known: Edition, *, accept: str = "*/*") -> Fetched:
        """What is there now, unless it is still the edition `known`; never an answer that was kept. Raises as `fetch`."""
        ...
