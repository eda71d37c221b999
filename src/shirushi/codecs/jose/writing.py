"""JSON as text: compact, and in its canonical form (RFC 8785)."""

from __future__ import annotations

import json
from typing import Any

from shirushi.codecs.jose.errors import MalformedJson

CANONICAL = "http://json-canonicalization.org/algorithm"
"""The identifier of RFC 8785 (TS 119 182-1 §5.4.3)."""
_SAFE = (1 << 53) - 1


def write_json(value: Any) -> bytes:
    """JSON without white space, in UTF-8, its members in the order they have."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def canonical_json(value: Any) -> bytes:
    """JSON in the canonical form of RFC 8785; raises `MalformedJson` for a number that ECMAScript cannot hold."""
    return "".join(_parts(value)).encode("utf-8")


def _parts(value: Any) -> list[str]:
    match value:
        case dict():
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            members = (f"{_text(name)}:{''.join(_parts(value[name]))}" for name in names)
            return ["{", ",".join(members), "}"]
        case list():
            return ["[", ",".join("".join(_parts(element)) for element in value), "]"]
        case str():
            return [_text(value)]
        case True | False | None:
            return [json.dumps(value)]
        case int():
            if abs(value) > _SAFE:
                raise MalformedJson(detail="a whole number beyond 2^53")
            return [str(value)]
        case _:
            return [_number(value)]


def _text(value: str) -> str:
    """RFC 8785 §3.2.2.2: only what must be is escaped, as `json` does."""
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """A number as ECMAScript writes it (RFC 8785 §3.2.2.3, ECMA-262 Number::toString)."""
    if not value:
        return "0"
    sign, (digits, point) = "-" if value < 0 else "", _digits(abs(value))
    size = len(digits)
    if size <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    mantissa = digits[0] + (f".{digits[1:]}" if size > 1 else "")
    return f"{sign}{mantissa}e{point - 1:+d}"


def _digits(value: float) -> tuple[str, int]:
    """The shortest digits that tell the number, and where its point stands behind the first of them."""
    mantissa, _, exponent = f"{value!r}e0".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent.partition("e")[0]) - (len(whole + fraction) - len(digits))
    return digits.rstrip("0"), point
