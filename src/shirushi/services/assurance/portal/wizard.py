"""The two wizards: a few questions a page, every answer in the address, so that going back and forth loses none.

Nothing is kept: a page's address holds the answers given so far, and whoever changes the language or goes back in the
browser finds them again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from shirushi.rules.assurance import Framework
from shirushi.services.assurance.model import Question, QuestionKind
from shirushi.services.assurance.service import needs_questions, questions
from shirushi.services.assurance.service.questions import LONGEST_YEARS

FRAMEWORKS = (Framework.NIST_63_3, Framework.NIST_63_4)
"""The frameworks under which needed levels are asked for, the recommended one first."""
LONGEST_NAME = 120
"""Characters of the name of what is asked about."""
_AT_ONCE = 3
"""Questions of a choice on one page."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class Page:
    """Some questions with a heading: the text `assurance.page.<name>`. The first page asks for the name alone."""

    name: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered so far, as the address has it."""

    wizard: str
    fields: Mapping[str, str]

    @property
    def title(self) -> str:
        """The name of what is asked about, without what nobody can see."""
        return _UNSEEN.sub("", self.fields.get("title", "")).strip()[:LONGEST_NAME]

    @property
    def framework(self) -> Framework:
        """The framework that was chosen, else the recommended one."""
        chosen = self.fields.get("framework")
        return next((one for one in FRAMEWORKS if one.value == chosen), FRAMEWORKS[0])

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that these answers lead through."""
        if self.wizard == "services":
            who, unchanged, when, arrived, *rest = needs_questions()
            return (
                Page("name"),
                Page("who", (who,)),
                Page("show", (unchanged, when, arrived)),
                Page("reach", tuple(rest)),
            )
        asked = questions(self.framework)
        impacts = [question for question in asked if question.kind is QuestionKind.CHOICE]
        flags = [question for question in asked if question.kind is QuestionKind.FLAG]
        follow = tuple(q for q in flags if q.only_if and self.fields.get(q.only_if) == "yes")
        return (
            Page("name"),
            *(Page("impact", tuple(some)) for some in _some(impacts)),
            Page("data", tuple(q for q in flags if not q.only_if)),
            *([Page("federation", follow)] if follow else []),
        )

    @property
    def asked(self) -> tuple[Question, ...]:
        """Every question that matters, in order."""
        return tuple(question for page in self.pages for question in page.questions)

    def wrong(self, page: Page) -> tuple[str, ...]:
        """The keys of the page's questions that have no valid answer."""
        return tuple(question.key for question in page.questions if self.value(question) is None)

    def first_wrong(self) -> int | None:
        """The number, from 1, of the first page that is not answered whole."""
        return next((n for n, page in enumerate(self.pages, start=1) if self.wrong(page)), None)

    def value(self, question: Question) -> object:
        """The answer as the use cases take it; None where there is no valid one."""
        text = self.fields.get(question.key, "")
        if question.kind is QuestionKind.FLAG:
            return {"yes": True, "no": False}.get(text)
        if question.kind is QuestionKind.NUMBER:
            valid = text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= LONGEST_YEARS
            return int(text) if valid else None
        return text if text in question.choices else None

    @property
    def answers(self) -> dict[str, object]:
        """All answers, as the use cases take them; what was not asked is left out."""
        return {question.key: self.value(question) for question in self.asked}

    @property
    def known(self) -> dict[str, str]:
        """The fields that mean something, for hidden fields and addresses."""
        found = {
            question.key: self.fields[question.key] for question in self.asked if question.key in self.fields
        }
        if self.wizard == "level":
            found = {"framework": self.framework.value, **found}
        return {"title": self.title, **found}

    def address(self, place: str = "", **more: object) -> str:
        """An address of this wizard that holds the answers."""
        return f"/assurance/{self.wizard}{place}?{urlencode({**self.known, **more})}"


def _some(every: Sequence[Question]) -> list[Sequence[Question]]:
    return [every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE)]
