"""What each framework asks, and how plain answers are read: the same questions serve files, forms and the wizard."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from functools import cache

from shirushi.rules.assurance import (
    Abroad,
    Framework,
    Impact,
    Weight,
    Who,
    eidas,
    japan,
    nist_63_3,
    nist_63_4,
)
from shirushi.services.assurance.model import (
    Answers,
    InputInvalid,
    InputMissing,
    InputUnknown,
    Question,
    QuestionKind,
)

IMPACT_WORDS = tuple(impact.label for impact in Impact)
LONGEST_YEARS = 1000
"""A bound for how long something is kept, so that a slip of the keyboard is seen."""


def _impact(key: str) -> Question:
    return Question(key, QuestionKind.CHOICE, IMPACT_WORDS, answers="impact")


def _flag(key: str, only_if: str = "") -> Question:
    return Question(key, QuestionKind.FLAG, only_if=only_if)


def _choice(key: str, words: type[Enum]) -> Question:
    return Question(key, QuestionKind.CHOICE, tuple(str(word.value) for word in words))


@cache
def questions(framework: Framework) -> tuple[Question, ...]:
    """The questions of a framework that are answered by a choice, a flag or a number, in the order in which to ask them.

    Two frameworks ask for lists besides: eIDAS for the facts that are shown (`shown`), and New Zealand for losses with
    their impact and likelihood (`wrong_information`, `wrong_link`).
    """
    if framework is Framework.NIST_63_3:
        return (
            *map(_impact, nist_63_3.CATEGORIES),
            _flag("personal_information"),
            _flag("validated_attributes"),
            _flag("personal_information_online"),
            _flag("federated"),
            _flag("assertion_personal_information", "federated"),
            _flag("front_channel", "federated"),
        )
    if framework is Framework.NIST_63_4:
        return (
            *map(_impact, nist_63_4.CATEGORIES),
            _flag("personal_information"),
            _flag("validated_attributes"),
            _flag("authentication"),
            _flag("personal_information_online"),
            _flag("federated"),
        )
    if framework is Framework.EIDAS:
        return (_choice("person", eidas.Person),)
    if framework is Framework.JAPAN_2022:
        return (
            _choice("evidence", japan.Evidence),
            _choice("check", japan.Check),
            _flag("qualified_checker"),
            Question("factors", QuestionKind.CHOICE, ("0", "1", "2")),
            _flag("hardware_token"),
            _flag("software_alternative"),
            _flag("authenticated_channel"),
            _choice("federation", japan.Federation),
        )
    return ()


@cache
def needs_questions() -> tuple[Question, ...]:
    """The questions of "which service do I need?"."""
    return (
        _choice("who", Who),
        _flag("unchanged"),
        _flag("when"),
        _flag("arrived"),
        Question("kept_years", QuestionKind.NUMBER),
        _choice("abroad", Abroad),
        _choice("weight", Weight),
    )


class Reading:
    """Reads plain answers, key by key; every fault raises `InputInvalid` with the key."""

    def __init__(self, answers: Answers, *, allowed: Collection[str]) -> None:
        self._answers = answers
        unknown = sorted(set(answers) - set(allowed))
        if unknown:
            raise InputUnknown(key=", ".join(unknown), known=", ".join(sorted(allowed)))

    def choice(self, key: str, words: Sequence[str]) -> str:
        """One of the words; a number is taken for its digits."""
        value = self._given(key)
        if isinstance(value, bool) or str(value) not in words:
            raise InputInvalid(key=key, value=repr(value), choices=", ".join(words))
        return str(value)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._given(key)
        if not isinstance(value, bool):
            raise InputInvalid(key=key, value=repr(value), choices="true, false")
        return value

    def number(self, key: str, highest: int) -> int:
        """A whole number from 0."""
        value = self._given(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= highest:
            raise InputInvalid(key=key, value=repr(value), choices=f"0 … {highest}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Text; `default` where the key is absent."""
        value = self._answers.get(key, default) if default is not None else self._given(key)
        if not isinstance(value, str):
            raise InputInvalid(key=key, value=repr(value), choices='"…"')
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; empty where the key is absent."""
        value = self._answers.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InputInvalid(key=key, value=repr(value), choices='["…"]')
        return tuple(value)

    def objects(self, key: str) -> tuple[Mapping[str, object], ...]:
        """A list of objects; empty where the key is absent."""
        value = self._answers.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            raise InputInvalid(key=key, value=repr(value), choices="[{…}]")
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, object]:
        """An object; empty where the key is absent."""
        value = self._answers.get(key, {})
        if not isinstance(value, Mapping):
            raise InputInvalid(key=key, value=repr(value), choices="{…}")
        return value

    def given(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self._answers

    def _given(self, key: str) -> object:
        if key not in self._answers:
            raise InputMissing(key=key)
        return self._answers[key]
