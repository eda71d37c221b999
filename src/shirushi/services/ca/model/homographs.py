"""Names that look like others: scripts mixed within a word (UTS #39 §5.2, highly restrictive), and names of hosts."""

from __future__ import annotations

import re
import unicodedata

from shirushi.services.ca.model.errors import SubjectNameRefused
from shirushi.services.ca.model.refusals import SubjectNameConfusable

_TOGETHER = (  # UTS #39 §5.2: what is written together
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
)
_LIKE_LATIN = frozenset("асеоріјѕԁԛԝһкхуАВСЕНІЈКМОРЅТХУѴѕαορνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Cyrillic and Greek letters that look like Latin ones: a word of nothing else reads as Latin."""
_SCRIPTS = {"CJK": "HAN", "IDEOGRAPHIC": "HAN", "FULLWIDTH": "LATIN", "HALFWIDTH": "KATAKANA"}
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_WORDS = re.compile(r"[\s.,()（）・/&\-]+")


def check_text(attribute: str, text: str) -> None:
    """Raise `SubjectNameConfusable` where a word mixes scripts that nobody mixes, or only looks like Latin."""
    for word in _WORDS.split(text):
        scripts = {script for c in word if (script := _script(c))}
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            raise SubjectNameConfusable(attribute=attribute, detail=" + ".join(sorted(scripts)))
        letters = [c for c in word if c.isalpha()]
        if letters and scripts <= {"CYRILLIC", "GREEK"} and _LIKE_LATIN.issuperset(letters):
            raise SubjectNameConfusable(attribute=attribute, detail=next(iter(scripts)))


def check_host(name: str, *, wildcard: bool = False) -> str:
    """A DNS name in lower case, as certificates hold it (RFC 5890 A-labels); raises `SubjectNameRefused` or …Confusable.

    Two labels at least, none that only digits end the name with (an address), `*.` in front only with `wildcard`.
    """
    host = name.lower()
    if wildcard:
        host = host.removeprefix("*.")
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdecimal():
        raise SubjectNameRefused(attribute="dNSName", detail=name[:253])
    for label in labels:
        if label[2:4] != "--":
            continue
        try:
            text = label[4:].encode().decode("punycode") if label.startswith("xn--") else ""
        except UnicodeError:
            text = ""
        spoken = all(unicodedata.category(c)[0] in "LMN" or c in "-・" for c in text)
        if not text or not spoken or unicodedata.normalize("NFC", text) != text or text.isascii():
            raise SubjectNameRefused(attribute="dNSName", detail=label)
        check_text("dNSName", text)
    return name.lower()


def _script(character: str) -> str | None:
    """The script of a letter, by the first word of its name; None for what all scripts share."""
    if not character.isalpha() or character in "ー々〆":
        return None
    first = unicodedata.name(character, "UNKNOWN").partition(" ")[0].partition("-")[0]
    return _SCRIPTS.get(first, first)
