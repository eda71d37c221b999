"""Text strings and dates (ISO 32000-2 §7.9.2, §7.9.4)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from shirushi.codecs.pdf.objects import PdfValue
from shirushi.core.instant import Instant

# ISO 32000-2 annex D.2: PDFDocEncoding where it differs from ISO 8859-1
_UPPER = dict(zip(range(0x18, 0x20), "˘ˇˆ˙˝˛˚˜", strict=True)) | dict(
    zip(range(0x80, 0x9F), "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž", strict=True)
)
_DECODED = {**_UPPER, 0x9F: "\ufffd", 0xA0: "€", 0xAD: "\ufffd"}
_LANGUAGE_ESCAPE = re.compile("\x1b[a-zA-Z]{2,}\x1b")
_date = re.compile(
    r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([Zz])|([+-])(\d\d)'?(?:(\d\d)'?)?)?"
).match


def decode_text(value: PdfValue) -> str | None:
    """A text string as text; None where the value is no string. Bytes that mean nothing become U+FFFD."""
    if not isinstance(value, bytes):
        return None
    if value.startswith(b"\xfe\xff"):
        return _LANGUAGE_ESCAPE.sub("", value[2:].decode("utf-16-be", "replace"))
    if value.startswith(b"\xff\xfe"):  # no standard allows it, programs write it
        return value[2:].decode("utf-16-le", "replace")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8", "replace")
    return value.decode("latin-1").translate(_DECODED)


def encode_text(text: str) -> bytes:
    """A text string: ASCII as it is, all else as UTF-16 with its byte order mark."""
    return text.encode("ascii") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")


def decode_date(value: PdfValue) -> Instant | None:
    """A date as an instant in UTC; None where it is none. Without an offset it is taken as UTC."""
    text = decode_text(value)
    found = _date(text) if text else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (
        int(found[index] or default) for index, default in enumerate((0, 1, 1, 0, 0, 0), start=1)
    )
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    try:
        zone = timezone(-offset if found[8] == "-" else offset)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def encode_date(moment: Instant) -> bytes:
    """A date string in UTC, to the second."""
    text = moment.astimezone(UTC).isoformat()[:19]
    return b"D:%b+00'00'" % text.encode("ascii").translate(None, b"-:T")
