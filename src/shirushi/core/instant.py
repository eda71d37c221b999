"""Points in time: aware datetimes in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

from shirushi.core.errors import NotAnInstant

Instant: TypeAlias = datetime
"""An aware `datetime`; everything this platform makes is in UTC."""


def instant(text: str) -> Instant:
    """Read an RFC 3339 date-time; raises `NotAnInstant` where text is none or names no offset."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotAnInstant(text=text) from error
    if value.tzinfo is None:
        raise NotAnInstant(text=text)
    return value.astimezone(UTC)


def rfc3339(value: Instant) -> str:
    """Write an instant as RFC 3339 in UTC, to the second, or to the microsecond where it has any."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
