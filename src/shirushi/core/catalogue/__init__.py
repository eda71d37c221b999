"""The one typed catalogue of errors and reasons: every code with its texts and remedies in Japanese and English.

Each module of this package holds the entries of one area in a tuple named `ENTRIES`; this module finds them by code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, NamedTuple, TypeAlias

Language: TypeAlias = Literal["ja", "en"]


class Text(NamedTuple):
    """What is said to a person: what happened, and what they can do. `{name}` stands for a parameter."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One code with its texts; `http_status` and `exit_status` are what the faces answer when it is an error."""

    code: str
    en: Text
    ja: Text
    http_status: int = 400
    exit_status: int = 1

    def text(self, language: Language) -> Text:
        """The texts in `language`."""
        return self.ja if language == "ja" else self.en


def lookup(code: str) -> Entry:
    """The entry of `code`; KeyError if the catalogue lacks it, which `make check` rules out."""
    return catalogue()[code]


@cache
def catalogue() -> dict[str, Entry]:
    """All entries by code. A code that stands twice raises ValueError."""
    entries: dict[str, Entry] = {}
    for module in iter_modules(__path__):
        for entry in import_module(f"{__name__}.{module.name}").ENTRIES:
            if entry.code in entries:
                raise ValueError(f"{entry.code} stands twice in the catalogue")
            entries[entry.code] = entry
    return entries
