"""Dictionaries of an update that name an entry twice: one reader takes the first, another the last."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.lexer import name
from shirushi.codecs.pdf.objects import Reference, Stream
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.codecs.pdf.view import PLAIN, XrefStyle, integer
from shirushi.formats.pades.changes.findings import Finding, unexplained

_DELIMITERS = rb"\x00\t\n\x0c\r ()<>\[\]{}/%"
_token = re.compile(
    rb"[\x00\t\n\x0c\r ]++|%[^\r\n]*+"
    rb"|(?P<open><<|\[)|(?P<close>>>|\])"
    rb"|(?P<name>/[^" + _DELIMITERS + rb"]*+)"
    rb"|(?P<string>\()|(?P<simple><[^<>]*+>|[^" + _DELIMITERS + rb"]++|[{})>])",
).match
_string_part = re.compile(rb"[^()\\]*+(?:\\.|([()]))", re.DOTALL).match


def ambiguous_objects(reader: PdfReader, revision: Revision) -> Iterator[Finding]:
    """The objects and trailers of a revision that different readers read differently."""
    for number, entry in revision.entries().items():
        offset = entry.place + reader.base
        if entry.kind != PLAIN or not revision.start <= offset < revision.end:
            continue
        try:
            found = reader.window.indirect(offset, number)
            data = reader.window.read(found.value_start, found.value_end - found.value_start)
            if repeats_entry(data) or repeats_entry(_packed(reader, Reference(number, entry.ordinal))):
                yield unexplained(f"object {number}")
        except MalformedPdf:
            continue  # compared as damaged
    for section in revision.sections:
        if section.style is XrefStyle.TABLE:
            data = reader.window.read(section.offset, section.end - section.offset)
            if repeats_entry(data[data.find(b"trailer") :]):
                yield unexplained("trailer")


def _packed(reader: PdfReader, reference: Reference) -> bytes:
    """The objects in an object stream, one behind the other; nothing for any other object."""
    value = reader.get(reference)
    if not isinstance(value, Stream) or value.dictionary.get("Type") != "ObjStm":
        return b""
    return reader.decoded(value)[integer(reader, value.dictionary.get("First")) or 0 :]


def repeats_entry(data: bytes) -> bool:
    """Whether a dictionary in `data`, at any depth, names an entry twice. What is no object ends the search."""
    above: list[tuple[set[str] | None, bool]] = []
    keys: set[str] | None = None  # None in arrays and outside
    awaits_value = False
    position = 0
    while position < len(data):
        found = _token(data, position)
        if found is None:
            return False
        position, kind = found.end(), found.lastgroup
        if kind is None:
            continue
        if kind == "close":
            keys, awaits_value = above.pop() if above else (None, False)
        elif kind == "open":
            above.append((keys, False))
            keys, awaits_value = set() if found[0] == b"<<" else None, False
        elif kind == "name" and keys is not None and not awaits_value:
            key = name(found[0][1:])
            if key in keys:
                return True
            keys.add(key)
            awaits_value = True
        else:
            if kind == "string":
                position = _string_end(data, position)
            awaits_value = False
    return False


def _string_end(data: bytes, position: int) -> int:
    """The position after a literal string whose `(` ends before `position`."""
    depth = 1
    while depth:
        found = _string_part(data, position)
        if found is None:
            return len(data)
        position = found.end()
        if found[1]:
            depth += 1 if found[1] == b"(" else -1
    return position
