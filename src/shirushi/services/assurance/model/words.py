"""Questions and their answers, results, and what may be wrong with an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from shirushi.core.algorithms import Digest
from shirushi.core.catalogue import Language
from shirushi.core.errors import ShirushiError
from shirushi.core.reason import Reason
from shirushi.rules.assurance import Advice, Assessment, FitGap, Framework

Answers: TypeAlias = Mapping[str, object]
"""Answers by the keys of their questions, as a line of JSON gives them."""


class InputInvalid(ShirushiError):
    """An answer that is not of its kind, or not one of the choices; its subclasses say what else may be wrong."""

    code = "ASSURANCE_INPUT_INVALID"


class InputMissing(InputInvalid):
    """A question that was not answered."""

    code = "ASSURANCE_INPUT_MISSING"


class InputUnknown(InputInvalid):
    """An answer to no question."""

    code = "ASSURANCE_INPUT_UNKNOWN"


class InputMalformed(InputInvalid):
    """A line that is no JSON object."""

    code = "ASSURANCE_INPUT_MALFORMED"


class PortfolioInvalid(InputInvalid):
    """A portfolio that does not say what it must."""

    code = "ASSURANCE_PORTFOLIO_INVALID"


class UseCaseUnknown(ShirushiError):
    """A use case that the portfolio does not hold."""

    code = "ASSURANCE_USE_CASE_UNKNOWN"


class QuestionKind(Enum):
    """How a question is answered."""

    CHOICE = "choice"
    FLAG = "flag"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an assessment.

    Attributes:
        key: the key of its answer.
        kind: how it is answered.
        choices: the words that answer a CHOICE, from the least to the most.
        only_if: the key of a flag that must be true for this question to matter; empty: always.
        answers: the name under which the catalogue holds the choices' texts; empty: the key.
    """

    key: str
    kind: QuestionKind
    choices: tuple[str, ...] = ()
    only_if: str = ""
    answers: str = ""

    @property
    def text(self) -> Reason:
        """The question; its remedy is a hint."""
        return Reason(f"ASSURANCE_ASK_{self.key.upper()}")

    def choice(self, word: str) -> Reason:
        """The text of one of the choices; for a FLAG of `yes` or `no`."""
        if self.kind is QuestionKind.FLAG:
            return Reason(f"ASSURANCE_ANSWER_{word.upper()}")
        return Reason(f"ASSURANCE_ANSWER_{(self.answers or self.key).upper()}_{word.upper()}")


@dataclass(frozen=True, slots=True)
class FitGapResult:
    """The gaps, and how both sides were found; an assessment is None where levels were stated."""

    fit_gap: FitGap
    needed: Assessment | None
    in_place: Assessment | None


@dataclass(frozen=True, slots=True)
class Statement:
    """An assessment as it is printed and sealed.

    Attributes:
        title: what was assessed, in the asker's words.
        framework: under which framework.
        answers: the answers, by key, as they were given.
        assessment: the levels, with trace and citations.
        content: all of it in both languages, as JSON in one canonical form (UTF-8, keys sorted, no white space).
        digest: SHA-256 over `content`.
    """

    title: str
    framework: Framework
    answers: tuple[tuple[str, str], ...]
    assessment: Assessment
    content: bytes
    digest: Digest

    def lines(self, language: Language) -> tuple[tuple[str, str], ...]:
        """The steps of the reasoning, each with its citation, for print."""
        return tuple((step.explain(language), step.citation.text(language)) for step in self.assessment.trace)


@dataclass(frozen=True, slots=True)
class AdviceStatement:
    """Advice on trust services as it is printed and sealed.

    Attributes:
        title: what it is about, in the asker's words.
        advice: the services, with their levels and legal effects.
        content: all of it in both languages, as JSON in one canonical form (UTF-8, keys sorted, no white space).
        digest: SHA-256 over `content`.
    """

    title: str
    advice: Advice
    content: bytes
    digest: Digest
