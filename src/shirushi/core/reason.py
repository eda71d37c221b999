"""Reasons: codes from the catalogue with their parameters, as values that can be stored and compared."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.core.catalogue import Language, lookup
from shirushi.core.words import word


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is. `parameters` fill the places in the catalogue's texts."""

    code: str
    parameters: tuple[tuple[str, str], ...] = ()

    def explain(self, language: Language) -> str:
        """What it means, for a person."""
        return lookup(self.code).text(language).message.format(**self._words(language))

    def remedy(self, language: Language) -> str:
        """What the person can do about it."""
        return lookup(self.code).text(language).remedy.format(**self._words(language))

    def _words(self, language: Language) -> dict[str, str]:
        return {name: word(name, value, language) for name, value in self.parameters}


@dataclass(frozen=True, slots=True)
class Information(Reason):
    """A reason of which a policy says that it is to be told, and that nothing follows from it."""


def reason(code: str, **parameters: object) -> Reason:
    """A reason with its parameters as text."""
    return Reason(code, tuple((name, str(value)) for name, value in sorted(parameters.items())))
