"""JSON in one reading only (RFC 8259, with the demands of RFC 7493): what two programs could take for two things is refused."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from shirushi.codecs.jose.errors import JsonMemberRepeated, JsonTooComplex, MalformedJson

DEEPEST = 64
LARGEST = 256 << 20
"""Bytes of a document that are read: all of it is in memory."""
_LONGEST_NUMBER = 64
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""One without an end goes to the end, so that none is looked at twice."""
_ROUND = bytes.maketrans(b"[]{}", b"()()")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_json(data: bytes) -> Any:
    """The value of a JSON text in UTF-8: dict, list, str, int, float, bool or None.

    Raises:
        JsonMemberRepeated: an object names a member twice.
        JsonTooComplex: it is larger than `LARGEST`, nests deeper than `DEEPEST`, or a number is longer than any is.
        MalformedJson: it is no JSON, or holds NaN, an infinite number or half of a surrogate pair.
    """
    if len(data) > LARGEST:
        raise JsonTooComplex(what="bytes", limit=LARGEST)
    _refuse_depth(data)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise MalformedJson(detail="not UTF-8") from error
    except json.JSONDecodeError as error:
        raise MalformedJson(detail=f"{error.msg} at {error.lineno}:{error.colno}") from error
    if b"\\u" in data:
        _refuse_surrogates(value)
    return value


def parse_object(data: bytes) -> dict[str, Any]:
    """As `parse_json`, of an object."""
    value = parse_json(data)
    if not isinstance(value, dict):
        raise MalformedJson(detail="no object")
    return value


def _refuse_depth(data: bytes) -> None:
    """Raises `JsonTooComplex`. Each turn takes away the innermost brackets; what is left after all of them is too deep."""
    if data.count(b"[") + data.count(b"{") <= DEEPEST:
        return
    brackets = _STRING.sub(b"", data).translate(_ROUND, _NO_BRACKETS)
    for _ in range(DEEPEST):
        shorter = brackets.replace(b"()", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    if b"()" in brackets or len(brackets) > DEEPEST:
        raise JsonTooComplex(what="levels", limit=DEEPEST)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise JsonMemberRepeated(member=name[:100].encode("utf-8", "replace").decode())
            seen.add(name)
    return found


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise JsonTooComplex(what="digits of a number", limit=_LONGEST_NUMBER)
    return int(text)


def _number(text: str) -> float:
    if len(text) > _LONGEST_NUMBER:
        raise JsonTooComplex(what="digits of a number", limit=_LONGEST_NUMBER)
    value = float(text)
    if not math.isfinite(value):
        raise MalformedJson(detail="a number beyond all bounds")
    return value


def _constant(text: str) -> Any:
    raise MalformedJson(detail=f"{text} is no JSON")


def _refuse_surrogates(value: Any) -> None:
    match value:
        case str():
            if _SURROGATE.search(value):
                raise MalformedJson(detail="half of a surrogate pair")
        case dict():
            for name, member in value.items():
                _refuse_surrogates(name)
                _refuse_surrogates(member)
        case list():
            for element in value:
                _refuse_surrogates(element)
