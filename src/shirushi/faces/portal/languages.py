"""Which language a page is in, and how it writes times, sizes and names."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import get_args

from shirushi.core.catalogue import Language
from shirushi.core.instant import Instant, instant
from shirushi.core.reason import Reason

COOKIE = "shirushi-language"
LANGUAGES: tuple[Language, ...] = get_args(Language)
JAPAN = timezone(timedelta(hours=9), "JST")
"""Japan Standard Time, which has no summer time."""

_NAME = re.compile(r"(CN|O|OU|C|serialNumber|SN|givenName|organizationIdentifier|DC|UID)=")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_PLACES = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\bfield (?=\")", "入力欄 "),
        (r"\bpage (\d+)", r"\1 ページ目"),
        (r"\bobject (\d+)", r"オブジェクト \1"),
        (r"\bannotation\b", "注釈"),
        (r"\bdocument information\b", "文書情報"),
    )
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def negotiate(chosen: str | None, accepted: str) -> Language:
    """The language that was chosen, else the first one of Accept-Language that is spoken here, else Japanese."""
    for language in LANGUAGES:
        if chosen == language:
            return language
    wanted = [part.strip().lower().partition(";q=") for part in accepted.split(",")]
    ranked = [
        (_weight(weight), language)
        for tag, _, weight in wanted
        for language in LANGUAGES
        if tag.split("-")[0] == language
    ]
    weight, language = max(ranked, key=lambda each: each[0], default=(0.0, LANGUAGES[0]))
    return language if weight > 0 else LANGUAGES[0]


def _weight(text: str) -> float:
    if not text:
        return 1.0
    try:
        return float(text)
    except ValueError:
        return 0.0


def date_time(at: Instant, language: Language) -> str:
    """The instant in Japan's time, which is said with it."""
    local = at.astimezone(JAPAN)
    if language == "ja":
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}（日本時間）"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M:%S} (Japan time)"


def short(at: Instant) -> str:
    """The instant in Japan's time for a table whose head says so."""
    return f"{at.astimezone(JAPAN):%Y-%m-%d %H:%M:%S}"


def date(at: Instant, language: Language) -> str:
    """The day in Japan's time."""
    local = at.astimezone(JAPAN)
    if language == "ja":
        return f"{local.year}年{local.month}月{local.day}日"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def size(octets: int) -> str:
    """A length in bytes for people, in powers of 1,000."""
    value = float(octets)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def common_name(distinguished_name: str) -> str:
    """The name by which people know the subject of an RFC 4514 name: CN, else O, else the whole."""
    parts = attributes(distinguished_name)
    return parts.get("CN") or parts.get("O") or distinguished_name


def readable(reason: Reason, language: Language) -> Reason:
    """The reason with its times and distinguished names as people read them."""
    parameters = tuple((name, _readable(value, language)) for name, value in reason.parameters)
    return Reason(reason.code, parameters)


def _readable(value: str, language: Language) -> str:
    if _NAME.match(value):
        return common_name(value)
    if _INSTANT.fullmatch(value):
        return date_time(instant(value), language)
    return value


def place(where: str, language: Language) -> str:
    """The place of a change in a document, as the parsers name it, in the page's language."""
    if language == "en":
        return where
    for pattern, words in _PLACES:
        where = pattern.sub(words, where)
    return where


def attributes(distinguished_name: str) -> dict[str, str]:
    """The attributes of an RFC 4514 name as text, the first of each kind."""
    found: dict[str, str] = {}
    kind, value, in_kind, characters = "", "", True, iter(distinguished_name + ",")
    for character in characters:
        if in_kind and character == "=":
            in_kind = False
        elif character == "\\" and not in_kind:
            value += next(characters, "")
        elif character in ",+":
            found.setdefault(kind.strip(), value)
            kind, value, in_kind = "", "", True
        elif in_kind:
            kind += character
        else:
            value += character
    return found
