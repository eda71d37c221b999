"""UTCTime and GeneralizedTime (X.680 §46, §47; RFC 5280 §4.1.2.5), in every form that was ever written."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.core.instant import Instant

_AFTER_DATE = (
    rb"(?P<hour>\d\d)((?P<minute>\d\d)((?P<second>\d\d)([.,](?P<fraction>\d{1,18}))?)?)?"
    rb"(Z|(?P<sign>[+-])(?P<oh>\d\d)(?P<om>\d\d)?)?"
)
_FORMS = {
    der.UTC_TIME: re.compile(rb"(?P<date>\d{6})" + _AFTER_DATE),
    der.GENERALIZED_TIME: re.compile(rb"(?P<date>\d{8})" + _AFTER_DATE),
}


@lru_cache(maxsize=4096)
def read(tag: int, content: bytes) -> Instant:
    """The instant in the content of a UTCTime or GeneralizedTime; a time without an offset is taken as UTC.

    A UTCTime's year is 1950 to 2049 (RFC 5280 §4.1.2.5.1). Fractions are cut to microseconds, second 60 read as 59.
    """
    found = _FORMS[tag].fullmatch(content) if tag in _FORMS else None
    if not found:
        raise MalformedAsn1(detail="not a time")
    digits = found["date"]
    year = int(digits[:-4])
    if tag == der.UTC_TIME:
        year += 1900 if year >= 50 else 2000
    offset = timedelta(hours=int(found["oh"] or 0), minutes=int(found["om"] or 0))
    try:
        local = datetime(
            year, int(digits[-4:-2]), int(digits[-2:]),
            int(found["hour"]), int(found["minute"] or 0), min(int(found["second"] or 0), 59),
            int((found["fraction"] or b"0").ljust(6, b"0")[:6]), UTC,
        )  # fmt: skip
        return local + offset if found["sign"] == b"-" else local - offset
    except (ValueError, OverflowError):
        raise MalformedAsn1(detail="not a time") from None


def canonical(tag: int, content: bytes) -> bytes:
    """The DER content of the same time (X.690 §11.7, §11.8)."""
    value = read(tag, content)
    if tag == der.UTC_TIME:
        return value.strftime("%y%m%d%H%M%SZ").encode()
    return _generalized(value)


def _generalized(value: datetime) -> bytes:
    text = f"{value.year:04}{value:%m%d%H%M%S}"
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    return f"{text}Z".encode()


def generalized_time(value: Instant) -> bytes:
    """The DER of a GeneralizedTime, with its fraction of a second where it has any."""
    return der.tlv(der.GENERALIZED_TIME, _generalized(value.astimezone(UTC)))


def time(value: Instant) -> bytes:
    """The DER of a Time: UTCTime through the year 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). Whole seconds."""
    value = value.astimezone(UTC).replace(microsecond=0)
    if 1950 <= value.year < 2050:
        return der.tlv(der.UTC_TIME, value.strftime("%y%m%d%H%M%SZ").encode())
    return der.tlv(der.GENERALIZED_TIME, _generalized(value))
