"""What the pages say, in both languages side by side. Each module holds one area's texts in a mapping named `TEXTS`.

A key is `area.name`. `{name}` stands for a parameter. `make check` and the tests demand both languages with the same
parameters, and that every key in a template exists.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from shirushi.core.catalogue import Language


class Phrase(NamedTuple):
    """One text in both languages."""

    ja: str
    en: str

    def text(self, language: Language) -> str:
        """The text in `language`."""
        return self.ja if language == "ja" else self.en


@cache
def texts() -> dict[str, Phrase]:
    """Every text by its key. A key that stands twice raises ValueError."""
    every: dict[str, Phrase] = {}
    for module in iter_modules(__path__):
        for key, (ja, en) in import_module(f"{__name__}.{module.name}").TEXTS.items():
            if key in every:
                raise ValueError(f"{key} stands twice in the texts")
            every[key] = Phrase(ja, en)
    return every


def say(key: str, language: Language, **parameters: object) -> str:
    """The text of `key` in `language`; KeyError where there is none."""
    phrase = texts()[key].text(language)
    return phrase.format(**parameters) if parameters else phrase
