"""How records of the audit log are linked, whether they lie in the database or in a lane's file.

A record is hashed in one encoding, which another program can repeat: the UTF-8 bytes of the JSON array
`["shirushi.audit.v1", position, id, at, actor, action, subject, outcome, detail]` without white space, where `at` is
RFC 3339 in UTC with six decimals, `detail` is itself the text of a JSON object with sorted keys, and no character is
escaped that JSON does not demand (RFC 8785 §3.2.2.2). The link of a record is SHA-256 over the 32 octets of the link
before it (zeros before the first) and those bytes; `position` counts from 1 without gaps in the order of linking.

A line of a chain file is that array with the link as one more element, in hexadecimal, and a line feed.
"""

from __future__ import annotations

import hashlib
import json

GENESIS = "00" * 32
"""What stands for the link before the first record, in hexadecimal."""

VERSION = "shirushi.audit.v1"


def canonical(value: object) -> str:
    """The one JSON text of a value made of text, whole numbers, arrays and objects with ASCII names (RFC 8785)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def record_text(position: int, id_: int, values: tuple[object, ...]) -> bytes:
    """The bytes that are hashed; `values` run from `at` to `detail`."""
    record = json.dumps(
        [VERSION, position, id_, *values], separators=(",", ":"), ensure_ascii=False, default=str
    )
    # surrogates stand for octets that are not UTF-8: text that was damaged where it lay, hashed as it is
    return record.encode(errors="surrogateescape")


def link_after(previous: bytes, record: bytes) -> bytes:
    """The link of a record after the link `previous`, 32 octets both."""
    return hashlib.sha256(previous + record).digest()


def record_tail(values: tuple[object, ...]) -> bytes:
    """What of a record does not depend on its place: its text from `at` on."""
    return record_text(0, 0, values)[len(_HEAD % (0, 0)) :]


def line_at(position: int, tail: bytes, previous: bytes) -> tuple[bytes, bytes]:
    """The line of a chain file at `position`, whose record has `tail`, and the record's link."""
    record = _HEAD % (position, position) + tail
    link = hashlib.sha256(previous + record).digest()
    return b'%b,"%b"]\n' % (record[:-1], link.hex().encode()), link


_HEAD = b'["shirushi.audit.v1",%d,%d,'
