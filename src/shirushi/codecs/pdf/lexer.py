"""Bytes to objects (ISO 32000-2 §7.2, §7.3). One regular expression match reads a whole key and its simple value."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite

from shirushi.codecs.pdf.objects import Name, PdfArray, PdfDict, PdfValue, Reference

_SPACE = rb"\x00\t\n\x0c\r "
_REGULAR = rb"[^\x00\t\n\x0c\r ()<>\[\]{}/%]"
SKIP = rb"[" + _SPACE + rb"]*+(?:%[^\r\n]*+[" + _SPACE + rb"]*+)*+"
"""White space and comments."""
_REFERENCE = rb"(\d++)[" + _SPACE + rb"]++(\d++)[" + _SPACE + rb"]++R(?!" + _REGULAR + rb")"
_INTEGER = rb"([+-]?\d++)(?!" + _REGULAR + rb")"
_NAME = rb"/(" + _REGULAR + rb"*+)"

_BLANK = rb"[" + _SPACE + rb"]"
_NUMBER = rb"[+-]?(?:\d{1,15}+(?:\.\d{0,15}+)?+|\.\d{1,15}+)(?!" + _REGULAR + rb")"
_SIMPLE = (  # of bounded length, for the values are kept
    rb"(?:\d{1,10}+" + _BLANK + rb"{1,8}+\d{1,5}+" + _BLANK + rb"{1,8}+R(?!" + _REGULAR + rb")"
    + rb"|/" + _REGULAR + rb"{0,64}+(?!" + _REGULAR + rb")"
    + rb"|" + _NUMBER
    + rb"|\[(?:" + _BLANK + rb"{0,8}+" + _NUMBER + rb"){0,8}+" + _BLANK + rb"{0,8}+\]"
    + rb"|\[(?:" + _BLANK + rb"{0,8}+\d{1,10}+" + _BLANK + rb"{1,8}+\d{1,5}+" + _BLANK + rb"{1,8}+R){1,8}+"
    + _BLANK + rb"{0,8}+\])"
)  # fmt: skip
_run = re.compile(
    rb"((?:"
    + _BLANK
    + rb"*+/"
    + _REGULAR
    + rb"*+"
    + _BLANK
    + rb"*+"
    + _SIMPLE
    + rb")*+)"
    + _BLANK
    + rb"*+(>>)?"
).match
"""Matches as many entries with simple values as follow on each other, and the end of the dictionary."""
_entries = re.compile(rb"/(" + _REGULAR + rb"*+)" + _BLANK + rb"*+(" + _SIMPLE + rb")").findall
_key = re.compile(SKIP + rb"(?:" + _NAME + rb"|(>>))").match
_value = re.compile(
    SKIP
    + rb"(?:"
    + _REFERENCE  # 1, 2
    + rb"|"
    + _INTEGER  # 3
    + rb"|"
    + _NAME  # 4
    + rb"|(<<)|(\[)|(\])"  # 5, 6, 7
    + rb"|\(((?:[^()\\\r]++|\\[^\r])*+)\)"  # 8
    + rb"|<([0-9A-Fa-f]*+)>"  # 9
    + rb"|([+-]?(?:\d++\.\d*+|\.\d++))(?!"  # 10
    + _REGULAR
    + rb")|(true|false|null)(?!"  # 11
    + _REGULAR
    + rb")|(\()"  # 12
    + rb"|<([0-9A-Fa-f"  # 13
    + _SPACE
    + rb"]*+)>)"
).match
_string_part = re.compile(rb"[^()\\\r]*+([()\\\r])").match
_escape = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|([nrtbf])|(.))", re.DOTALL)
_hash = re.compile(rb"#([0-9A-Fa-f]{2})")
object_header = re.compile(
    SKIP
    + rb"(\d++)["
    + _SPACE
    + rb"]++(\d++)["
    + _SPACE
    + rb"]++obj(?!"
    + _REGULAR
    + rb")(?:"
    + SKIP
    + rb"(<<))?+"
).match
"""Matches `12 0 obj`, with the space before it and a `<<` after it; groups: number, generation, `<<`."""
object_tail = re.compile(SKIP + rb"(?:(endobj)|stream(\r\n|\n|\r|))").match
"""Matches what follows an object's value; group 1 is set where it is `endobj`."""

_KEYWORD = {b"true": True, b"false": False, b"null": None}
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_DEEPEST = 128
_LONGEST_NUMBER = 10
"""Digits of an object number, as a cross-reference table has them for offsets; other readers stop there as well."""
_R_TO_SPACE = bytes.maketrans(b"\x00R", b"  ")


class Unreadable(Exception):
    """What was read up to `position` is no object, or runs beyond the buffer. Readers turn it into a named error."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


@lru_cache(4096)
def name(raw: bytes) -> Name:
    """The name that stands as `raw` after its slash."""
    if b"#" in raw:
        raw = _hash.sub(lambda found: bytes((int(found[1], 16),)), raw)
    return Name(raw, "latin-1")


def parse_value(data: bytes, position: int, depth: int = 0) -> tuple[PdfValue, int]:
    """The object at `position` of `data` and the position after it; raises `Unreadable`."""
    found = _value(data, position)
    if found is None:
        raise Unreadable(position)
    kind = found.lastindex
    if kind == 5:
        return parse_dictionary(data, found.end(), depth + 1)
    if kind == 6:
        return _array(data, found.end(), depth + 1)
    if kind == 12:
        return _string(data, found.end())
    if kind == 7:
        raise Unreadable(position)
    return _simple(found, kind), found.end()


def _simple(found: re.Match[bytes], kind: int | None) -> PdfValue:
    try:
        if kind == 2:
            if len(found[1]) > _LONGEST_NUMBER:
                raise Unreadable(found.start())
            return Reference(int(found[1]), int(found[2]))
        if kind == 3:
            return int(found[3])
    except ValueError:  # more digits than Python converts
        raise Unreadable(found.start()) from None
    if kind == 4:
        return name(found[4])
    if kind == 8:
        string = found[8]
        return _escape.sub(_unescape, string) if b"\\" in string else string
    if kind == 10:
        real = float(found[10])
        if not isfinite(real):
            raise Unreadable(found.start())
        return real
    if kind == 11:
        return _KEYWORD[found[11]]
    digits = found[9] if kind == 9 else found[13].translate(None, b"\x00\t\n\x0c\r ")
    return bytes.fromhex(str(digits if len(digits) % 2 == 0 else digits + b"0", "ascii"))


def parse_dictionary(data: bytes, position: int, depth: int = 0) -> tuple[PdfDict, int]:
    """The dictionary whose `<<` ends before `position`, and the position after its `>>`; raises `Unreadable`."""
    if depth > _DEEPEST:
        raise Unreadable(position)
    entries: PdfDict = {}
    while True:
        run = _run(data, position)
        assert run is not None  # it matches nothing as well
        for key, raw in _entries(run[1]):
            entries[name(key)] = _simple_value(raw)
        if run[2]:
            return entries, run.end()
        found = _key(data, run.end())
        if found is None:
            raise Unreadable(run.end())
        if found[2]:
            return entries, found.end()
        entries[name(found[1])], position = parse_value(data, found.end(), depth)


@lru_cache(4096)
def _simple_value(raw: bytes) -> PdfValue:
    """A reference, name, number, or an array of numbers or of references."""
    if raw.startswith(b"/"):
        return name(raw[1:])
    if raw.startswith(b"["):
        parts = raw[1:-1].translate(_R_TO_SPACE).split()
        if b"R" in raw:
            return [Reference(int(n), int(g)) for n, g in zip(parts[::2], parts[1::2], strict=True)]
        return [float(part) if b"." in part else int(part) for part in parts]
    if raw.endswith(b"R"):
        number, generation = raw[:-1].translate(_R_TO_SPACE).split()
        return Reference(int(number), int(generation))
    return float(raw) if b"." in raw else int(raw)


_plain_items = re.compile(
    rb"((?:[ \t\r\n]*+(?:[0-9]{1,18}+(?=[ \t\r\n/\]])|/"
    + _REGULAR
    + rb"{0,64}+(?!"
    + _REGULAR
    + rb")))++)[ \t\r\n]*+\]"
).match
"""An array of natural numbers and names alone: the widths and glyph names of a font are tens of thousands."""
_items = re.compile(rb"[0-9]++|/" + _REGULAR + rb"*+").findall


def _array(data: bytes, position: int, depth: int) -> tuple[PdfArray, int]:
    if depth > _DEEPEST:
        raise Unreadable(position)
    plain = _plain_items(data, position)
    if plain is not None:
        named = plain[1].find(b"/") >= 0
        return [*(map(_simple_value, _items(plain[1])) if named else map(int, plain[1].split()))], plain.end()
    items: PdfArray = []
    item: PdfValue
    while True:
        found = _value(data, position)
        if found is None:
            raise Unreadable(position)
        kind = found.lastindex
        position = found.end()
        if kind == 7:
            return items, position
        if kind == 5:
            item, position = parse_dictionary(data, position, depth + 1)
        elif kind == 6:
            item, position = _array(data, position, depth + 1)
        elif kind == 12:
            item, position = _string(data, position)
        else:
            item = _simple(found, kind)
        items.append(item)


def _string(data: bytes, position: int) -> tuple[bytes, int]:
    """A literal string with nested parentheses, escapes or line ends (ISO 32000-2 §7.3.4.2)."""
    parts: list[bytes] = []
    open_ = 1
    while True:
        found = _string_part(data, position)
        if found is None:
            raise Unreadable(len(data))
        position = found.end()
        mark = found[1]
        if mark == b")":
            open_ -= 1
            if not open_:
                parts.append(data[found.start() : position - 1])
                return b"".join(parts), position
            parts.append(found[0])
        elif mark == b"(":
            open_ += 1
            parts.append(found[0])
        elif mark == b"\r":
            parts.append(found[0][:-1] + b"\n")
            position += data[position : position + 1] == b"\n"
        else:
            escape = _escape.match(data, position - 1)
            if escape is None:
                raise Unreadable(position)
            parts += (found[0][:-1], _unescape(escape))
            position = escape.end()


def _unescape(escape: re.Match[bytes]) -> bytes:
    kind = escape.lastindex
    if kind == 1:
        return bytes((int(escape[1], 8) & 255,))
    if kind == 3:
        return _ESCAPED[escape[3]]
    return escape[4] if kind == 4 else b""


def entry_spans(data: bytes, position: int) -> dict[str, tuple[int, int]]:
    """Where the values of the dictionary stand whose `<<` ends before `position`: start and end by key."""
    spans: dict[str, tuple[int, int]] = {}
    while True:
        found = _key(data, position)
        if found is None:
            raise Unreadable(position)
        if found[2]:
            return spans
        begin = skip(data, found.end())
        position = parse_value(data, begin)[1]
        spans[name(found[1])] = (begin, position)


_skip = re.compile(SKIP).match


def skip(data: bytes, position: int) -> int:
    """The position of the next byte that is neither white space nor in a comment."""
    found = _skip(data, position)
    return found.end() if found else position
