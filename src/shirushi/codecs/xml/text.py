"""The simple types that signatures use: base64Binary, dateTime, and text between tags (XML Schema part 2)."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

from shirushi.codecs.xml.errors import MalformedXml
from shirushi.codecs.xml.reader import Element
from shirushi.core.instant import Instant

_DATE_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_SPACE = str.maketrans("", "", " \t\r\n")


def text_of(element: Element) -> str:
    """The text of an element without child elements, its comments left out; raises `MalformedXml` for another."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            raise MalformedXml(detail=f"{etree.QName(element).localname} holds elements")
        parts.append(child.tail or "")
    return "".join(parts)


def decode_base64(text: str) -> bytes:
    """The bytes of a base64Binary, white space left out; raises `MalformedXml`."""
    try:
        return base64.b64decode(text.translate(_SPACE).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise MalformedXml(detail="not base64") from error


def bytes_of(element: Element) -> bytes:
    """The bytes that an element holds in base64; raises `MalformedXml`."""
    return decode_base64(text_of(element))


def encode_base64(data: bytes) -> str:
    """The base64Binary of bytes, on one line."""
    return base64.b64encode(data).decode("ascii")


def read_date_time(text: str) -> Instant:
    """An xs:dateTime; one that names no offset is taken for UTC. Raises `MalformedXml`."""
    match = _DATE_TIME.fullmatch(text.strip())
    if match is None:
        raise MalformedXml(detail="not a dateTime")
    *numbers, fraction, zone = match.groups()
    offset = UTC
    try:
        if zone and zone != "Z":
            minutes = int(zone[1:3]) * 60 + int(zone[4:])
            offset = timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes))
        microsecond = int(f"{fraction or '0':0<6.6}")
        year, month, day, hour, minute, second = (int(number) for number in numbers)
        return datetime(year, month, day, hour, minute, second, microsecond, offset).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise MalformedXml(detail="not a dateTime") from error


def write_date_time(value: Instant) -> str:
    """An instant as xs:dateTime in UTC, to the second."""
    return value.astimezone(UTC).isoformat()[:19] + "Z"
