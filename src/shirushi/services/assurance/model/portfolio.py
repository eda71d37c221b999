"""A portfolio of use cases as data: what each needs, what is in place, and where that comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from shirushi.core.catalogue import Language
from shirushi.rules.assurance import Advice, Assessment, Facet, FitGap, Framework
from shirushi.services.assurance.model.words import Answers, PortfolioInvalid


class Origin(Enum):
    """Whose words a use case is in: the Digital Agency's report of 2022-03-24, or this project's, as an illustration."""

    REPORT = "report"
    ILLUSTRATION = "illustration"


@dataclass(frozen=True, slots=True)
class UseCase:
    """One use case.

    Attributes:
        id: its name in the portfolio.
        title_en: what it is.
        title_ja: the same in Japanese.
        origin: whose words it is in.
        clause: where the report has it.
        needed: answers under NIST SP 800-63-3; None where nobody assessed it.
        facets: what is done; None where only levels are stated.
        stated: levels in place that are stated rather than shown, on the scales of NIST SP 800-63-3.
        options: choices at the open points of Japan's draft of 2022.
        expected: the levels that the report gives, by framework (`needed`: those that it says are needed) and scale.
        shows: answers to "which service do I need?"; None where nobody asked.
    """

    id: str
    title_en: str
    title_ja: str
    origin: Origin
    clause: str = ""
    needed: Answers | None = field(default=None, hash=False)
    facets: frozenset[Facet] | None = None
    stated: Mapping[str, int] = field(default_factory=dict, hash=False)
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    expected: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)
    shows: Answers | None = field(default=None, hash=False)

    def title(self, language: Language) -> str:
        """What it is."""
        return self.title_ja if language == "ja" else self.title_en


@dataclass(frozen=True, slots=True)
class PortfolioEntry:
    """A use case with all that follows from it.

    Attributes:
        use_case: the use case.
        needed: the levels that it needs, under NIST SP 800-63-3.
        practice: the levels that its facets reach, one assessment a framework.
        fit_gap: needed against in place, under NIST SP 800-63-3.
        advice: the trust services that show what must be shown.
        reproduced: whether the report's levels come out; None where it gives none.
    """

    use_case: UseCase
    needed: Assessment | None
    practice: tuple[Assessment, ...]
    fit_gap: FitGap | None
    advice: Advice | None
    reproduced: bool | None

    def reached(self, framework: Framework) -> Assessment | None:
        """What the facets reach under `framework`."""
        return next((found for found in self.practice if found.framework is framework), None)


def read_portfolio(text: str) -> tuple[UseCase, ...]:
    """A portfolio from TOML; raises `PortfolioInvalid`."""
    try:
        rows = tomllib.loads(text)["use_case"]
        cases = tuple(_use_case(row) for row in rows)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise PortfolioInvalid(detail=error) from error
    if len({case.id for case in cases}) != len(cases):
        raise PortfolioInvalid(detail="id ×2")
    return cases


def _use_case(row: Mapping[str, Any]) -> UseCase:
    facets = row.get("facets")
    return UseCase(
        row["id"],
        row["en"],
        row["ja"],
        Origin(row["origin"]),
        row.get("clause", ""),
        row.get("needed"),
        None if facets is None else frozenset(Facet(name) for name in facets),
        row.get("stated", {}),
        row.get("options", {}),
        row.get("expected", {}),
        row.get("shows"),
    )


@cache
def shipped_portfolio() -> tuple[UseCase, ...]:
    """The portfolio as it ships."""
    return read_portfolio((files(__package__) / "portfolio.toml").read_text(encoding="utf-8"))
