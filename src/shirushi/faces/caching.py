"""What HTTP caches are told of an answer that stays the same for a while (RFC 9111)."""

from __future__ import annotations

from email.utils import format_datetime
from functools import lru_cache

from shirushi.core.instant import Instant


def caching(etag: str, since: Instant, age: int, until: Instant | None = None) -> dict[str, str]:
    """The header fields of an answer that was made at `since` and may be kept for `age` seconds, `until` then."""
    fields = {
        "Cache-Control": f"public, max-age={age}, no-transform, must-revalidate",
        "ETag": f'"{etag}"',
        "Last-Modified": _http_date(since),
    }
    return fields if until is None else fields | {"Expires": _http_date(until)}


@lru_cache(maxsize=1024)
def _http_date(at: Instant) -> str:
    return format_datetime(at, usegmt=True)
