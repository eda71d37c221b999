"""Objects to bytes (ISO 32000-2 §7.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, Verbatim

_irregular = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")
_plain = re.compile(rb"[ -'*-\[\]-~]*").fullmatch
_printable = re.compile(rb"[ -~]*").fullmatch
_special = re.compile(rb"[()\\]")


@lru_cache(1024)
def serialise_name(name: str) -> bytes:
    """A name with its slash."""
    return b"/" + _irregular.sub(lambda found: b"#%02X" % found[0][0], name.encode("latin-1"))


def serialise_string(value: bytes) -> bytes:
    """A string: literal where it is printable ASCII, else hexadecimal."""
    if _plain(value):
        return b"(%b)" % value
    if _printable(value):
        return b"(%b)" % _special.sub(rb"\\\g<0>", value)
    return b"<%b>" % value.hex().encode("ascii")


def _real(value: float) -> bytes:
    text = repr(value)
    if "e" in text:
        text = f"{value:.10f}".rstrip("0")
    return text.encode("ascii")


def serialise(value: PdfValue) -> bytes:
    """Any value but a stream, as it may stand in an object or a dictionary; raises TypeError on a stream."""
    write = _WRITERS.get(type(value))
    if write is None:
        raise TypeError(type(value).__name__)
    return write(value)


def serialise_dictionary(entries: PdfDict) -> bytes:
    """A dictionary; entries that are null are left out, for that is what they mean (ISO 32000-2 §7.3.7)."""
    parts = [b"<<"]
    for key, value in entries.items():
        if value is None:
            continue
        parts.append(serialise_name(key))
        written = serialise(value)
        if written[0] not in b"/<[(":
            parts.append(b" ")
        parts.append(written)
    parts.append(b">>")
    return b"".join(parts)


_WRITERS: dict[type, Callable[[Any], bytes]] = {
    Reference: lambda value: b"%d %d R" % value,
    Name: serialise_name,
    int: lambda value: b"%d" % value,
    list: lambda value: b"[%b]" % b" ".join([serialise(item) for item in value]),
    dict: serialise_dictionary,
    bytes: serialise_string,
    Verbatim: lambda value: b"".join(value.parts),
    float: _real,
    bool: lambda value: b"true" if value else b"false",
    type(None): lambda _: b"null",
}
