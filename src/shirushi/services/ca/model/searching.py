"""What issued certificates are found by: words of their names, numbers, and how they stand."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from shirushi.core.evidence import GeneralName, GeneralNameKind, Name
from shirushi.core.instant import Instant
from shirushi.services.ca.model.name import DistinguishedName

_ALIKE = "o0 l1i| s5 b8 z2 -‐–—―一ー ニ二 ミ三 ハ八 カ力 ロ口 タ夕 ト卜 エ工 オ才 チ千 末未 士土"
"""What is read as another in passing, in Latin letters and between katakana and ideographs."""
_LIKE = str.maketrans({each: group[0] for group in _ALIKE.split() for each in group})
_FORMS = re.compile(r"株式会社|有限会社|合同会社|\(株\)|\(有\)|\b(inc|ltd|llc|co|corp|k\.k)\b\.?")
_HEXADECIMAL = re.compile(r"(0x)?([0-9a-f]{1,40}|[0-9a-f]{64})")
_NAMES = {"commonName", "organizationName", "organizationalUnitName", "pseudonym"}


class Standing(Enum):
    """How a certificate stands at a moment."""

    VALID = "valid"
    ON_HOLD = "on-hold"
    REVOKED = "revoked"
    EXPIRED = "expired"
    FUTURE = "future"
    """Its validity has not begun."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which certificates are sought; all that is given must fit.

    Attributes:
        text: words of names, alternative names and identifiers, in any order and width; or a serial number or a SHA-256 in
            hexadecimal.
        authority: the name of the authority that issued them.
        profile: the name of their profile.
        standing: how they stand now.
        revoked: whether they are revoked or on hold.
        ends_before: they are valid now, and no longer than until then.
    """

    text: str = ""
    authority: str | None = None
    profile: str | None = None
    standing: Standing | None = None
    revoked: bool | None = None
    ends_before: Instant | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text, as `words_of` writes them."""
        return tuple(map(_folded, unicodedata.normalize("NFKC", self.text).split()))

    @property
    def number(self) -> str | None:
        """The text as a number in hexadecimal: a serial number, or with 64 digits a SHA-256."""
        found = _HEXADECIMAL.fullmatch(re.sub(r"[\s:]", "", self.text).lower())
        return found[2] if found else None


def words_of(subject: DistinguishedName, names: Iterable[GeneralName]) -> str:
    """What a certificate is found by: the values of its names without case, width and blanks, a line each."""
    values = [value for kind, value in subject.attributes if kind != "countryName"]
    return "\n".join(dict.fromkeys(map(_folded, [*values, *_alternatives(names)])))


def looks_of(subject: DistinguishedName, names: Iterable[GeneralName]) -> str:
    """How its names look: what is read as the same is written as the same; a line each, with a line's end on both sides."""
    values = [value for kind, value in subject.attributes if kind in _NAMES]
    values += [str(each.value) for each in names if each.kind is GeneralNameKind.DNS]
    found = dict.fromkeys(filter(None, map(look, values)))
    return "\n".join(["", *found, ""]) if found else ""


def look(name: str) -> str:
    """How a name looks to who reads it in passing: without case, width, blanks, marks and the form of the company."""
    text = _FORMS.sub("", unicodedata.normalize("NFKC", name).casefold())
    text = text.replace("rn", "m").replace("vv", "w").translate(_LIKE)
    return "".join(c for c in text if c.isalnum() or c == "-")


def _folded(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).casefold().split())


def _alternatives(names: Iterable[GeneralName]) -> Iterator[str]:
    for each in names:
        match each.value:
            case str(text):
                yield text
            case bytes(address) if each.kind is GeneralNameKind.IP:
                yield str(ipaddress.ip_address(address))
            case Name() as name:
                yield from (
                    v for kind, v in DistinguishedName.decode(name.der).attributes if kind != "countryName"
                )
            case _:
                pass
