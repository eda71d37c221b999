"""Objects to bytes (ISO 32000-2 §7.3)."""

from __future__ import annotations

import re
from functools import lru_cache

from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, Verbatim

_irregular = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")
_plain_string = re.compile(rb"[ -\[\]-~]*").fullmatch
_special = re.compile(rb"[()\\]")


@lru_cache(1024)
def serialise_name(name: str) -> bytes:
    """A name with its slash."""
    return b"/" + _irregular.sub(lambda found: b"#%02X" % found[0][0], name.encode("latin-1"))


def serialise_string(value: bytes) -> bytes:
    """A string: literal where it is printable ASCII, else hexadecimal."""
    if _plain_string(value):
        return b"(%b)" % _special.sub(rb"\\\g<0>", value)
    return b"<%b>" % value.hex().encode("ascii")


def _real(value: float) -> bytes:
    text = repr(value)
    if "e" in text:
        text = f"{value:.10f}".rstrip("0")
    return text.encode("ascii")


def serialise(value: PdfValue) -> bytes:
    """Any value but a stream, as it may stand in an object or a dictionary; raises TypeError on a stream."""
    if isinstance(value, Reference):
        return b"%d %d R" % (value[0], value[1])
    if isinstance(value, Name):
        return serialise_name(value)
    if isinstance(value, dict):
        return serialise_dictionary(value)
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, bytes):
        return serialise_string(value)
    if isinstance(value, list):
        return b"[%b]" % b" ".join([serialise(item) for item in value])
    if isinstance(value, float):
        return _real(value)
    if isinstance(value, Verbatim):
        return value.data
    if value is None:
        return b"null"
    raise TypeError(type(value).__name__)


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
