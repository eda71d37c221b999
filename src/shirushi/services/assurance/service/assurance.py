"""The use cases: assess, draw levels from facets, carry levels over, compare, advise, and state it in writing.

They need no key, no clock and no database: the same question has the same answer for everyone, at any time. So nothing
is decided about the actor, and nothing is recorded; who keeps a statement seals it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from shirushi.core.actor import Actor
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.rules.assurance import (
    Advice,
    Assessment,
    Facet,
    Framework,
    Level,
    Mapped,
    TableMark,
    carry,
    fit_gap,
    from_facets,
    tables,
    which_service,
)
from shirushi.rules.assurance.facets import FRAMEWORKS
from shirushi.rules.assurance.japan import Options
from shirushi.rules.assurance.nist_63_4 import AcceptanceStatement
from shirushi.services.assurance.model import (
    AdviceStatement,
    Answers,
    FitGapResult,
    InputInvalid,
    InputMissing,
    PortfolioEntry,
    Question,
    Statement,
    UseCase,
    UseCaseUnknown,
    shipped_portfolio,
)
from shirushi.services.assurance.service import reading
from shirushi.services.assurance.service.questions import Reading, needs_questions, questions
from shirushi.services.assurance.service.rendering import advice_values, assessment_values, table_values

ASSESSABLE = FRAMEWORKS
"""The frameworks under which a case can be assessed; ISO/IEC 29115 is there as a mapping alone."""


class AssuranceService:
    """Answers which level is needed, which is in place, and which trust service shows what must be shown. Thread-safe."""

    def __init__(self, portfolio: Sequence[UseCase] | None = None) -> None:
        self._portfolio = portfolio

    def questions(self, actor: Actor, framework: Framework) -> tuple[Question, ...]:  # noqa: ARG002  the same for all
        """What to ask for an assessment under `framework`, in order."""
        return questions(framework)

    def needs_questions(self, actor: Actor) -> tuple[Question, ...]:  # noqa: ARG002  the same for all
        """What to ask for "which service do I need?", in order."""
        return needs_questions()

    def tables(self, actor: Actor) -> tuple[TableMark, ...]:  # noqa: ARG002  the same for all
        """The marks of all tables: version, source, and whether each was verified."""
        return tuple(tables.table(name).mark for name in tables.names())

    def assess(self, actor: Actor, framework: Framework, answers: Answers) -> Assessment:  # noqa: ARG002  the same for all
        """The levels that the answers lead to; raises `InputInvalid`, or what the framework's rules raise."""
        _check(framework)
        return reading.assess(framework, answers)

    def accept(self, actor: Actor, answers: Answers) -> AcceptanceStatement:  # noqa: ARG002  the same for all
        """The acceptance statement of one user group under NIST SP 800-63-4 §3.4.4.

        Raises `InputInvalid`, or `TailoringNotJustified` where it lacks what it must say.
        """
        return reading.nist_63_4_statement(answers)

    def from_facets(
        self,
        actor: Actor,  # noqa: ARG002  the same for all
        facets: Collection[Facet],
        frameworks: Iterable[Framework] = ASSESSABLE,
        options: Options | None = None,
    ) -> tuple[Assessment, ...]:
        """The levels that each framework gives to what was done; raises `FacetsContradict`, `InputInvalid`."""
        found = []
        for framework in frameworks:
            _check(framework)
            found.append(from_facets(facets, framework, options=options))
        return tuple(found)

    def carry(self, actor: Actor, level: Level, to: Framework) -> Mapped:  # noqa: ARG002  the same for all
        """A level carried over to another framework, with what is lost; raises `MappingUnknown`."""
        return carry(level, to)

    def level(self, actor: Actor, framework: Framework, scale: str, value: object) -> Level:  # noqa: ARG002  the same for all
        """A level by its scale's name and its number (eIDAS: its word); raises `InputInvalid`."""
        _check(framework)
        return reading.stated_levels(framework, {scale: value})[0]

    def fit_gap(self, actor: Actor, framework: Framework, answers: Answers) -> FitGapResult:
        """Needed against in place.

        `answers` holds `needed` and `in_place`; each is `{"levels": {…}}`, stated, or what `assess` takes. Raises
        `InputInvalid`, or `ScalesDiffer` where the two sides share no scale.
        """
        _check(framework)
        sides = Reading(answers, allowed=(*reading.ANY, "needed", "in_place"))
        needed, needed_levels = self._side(actor, framework, "needed", sides)
        in_place, levels_in_place = self._side(actor, framework, "in_place", sides)
        return FitGapResult(fit_gap(needed_levels, levels_in_place), needed, in_place)

    def which_service(self, actor: Actor, answers: Answers) -> Advice:  # noqa: ARG002  the same for all
        """The trust services that show what must be shown, with levels and legal effects; raises `InputInvalid`."""
        return which_service(reading.needs(answers))

    def portfolio(self, actor: Actor, id_: str | None = None) -> tuple[PortfolioEntry, ...]:
        """The use cases with all that follows from them, or the one asked for; raises `UseCaseUnknown`."""
        cases = self._cases()
        chosen = [case for case in cases if id_ in (None, case.id)]
        if not chosen:
            raise UseCaseUnknown(id=id_, known=", ".join(case.id for case in cases))
        return tuple(self.evaluate(actor, case) for case in chosen)

    def evaluate(self, actor: Actor, case: UseCase) -> PortfolioEntry:
        """All that follows from one use case; raises `InputInvalid` where its answers are not valid."""
        needed = self.assess(actor, Framework.NIST_63_3, case.needed) if case.needed else None
        practice = (
            self.from_facets(actor, case.facets, options=Options(**case.options))
            if case.facets is not None
            else ()
        )
        in_place: Sequence[Level] = ()
        if case.stated:
            in_place = reading.stated_levels(Framework.NIST_63_3, case.stated)
        else:
            for found in practice:
                if found.framework is Framework.NIST_63_3:
                    in_place = found.levels
        return PortfolioEntry(
            case,
            needed,
            practice,
            fit_gap(needed.levels, in_place) if needed and in_place else None,
            self.which_service(actor, case.shows) if case.shows else None,
            _reproduced(case, needed, practice),
        )

    def state(self, actor: Actor, framework: Framework, answers: Answers, *, title: str) -> Statement:
        """An assessment in writing, in both languages and in one canonical form, to be printed and sealed."""
        assessment = self.assess(actor, framework, answers)
        content = _canonical(
            {
                "title": title,
                "framework": framework.value,
                "answers": answers,
                "tables": [table_values(mark, "en") for mark in assessment.tables],
                "en": assessment_values(assessment, "en"),
                "ja": assessment_values(assessment, "ja"),
            }
        )
        return Statement(
            title,
            framework,
            tuple((key, json.dumps(value, ensure_ascii=False)) for key, value in answers.items()),
            assessment,
            content,
            Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(content)),
        )

    def state_advice(self, actor: Actor, answers: Answers, *, title: str) -> AdviceStatement:
        """Advice in writing, in both languages and in one canonical form, to be printed and sealed."""
        advice = self.which_service(actor, answers)
        content = _canonical(
            {
                "title": title,
                "answers": answers,
                "tables": [table_values(mark, "en") for mark in advice.tables],
                "en": advice_values(advice, "en"),
                "ja": advice_values(advice, "ja"),
            }
        )
        digest = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(content))
        return AdviceStatement(title, advice, content, digest)

    def _cases(self) -> Sequence[UseCase]:
        return shipped_portfolio() if self._portfolio is None else self._portfolio

    def _side(
        self, actor: Actor, framework: Framework, key: str, sides: Reading
    ) -> tuple[Assessment | None, tuple[Level, ...]]:
        if not sides.given(key):
            raise InputMissing(key=key)
        side = sides.mapping(key)
        if "levels" in side:
            stated = Reading(side, allowed=("levels",)).mapping("levels")
            return None, reading.stated_levels(framework, stated)
        found = self.assess(actor, framework, side)
        return found, found.levels


def _canonical(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(framework: Framework) -> None:
    if framework not in ASSESSABLE:
        raise InputInvalid(
            key="framework",
            value=framework.value,
            choices=", ".join(one.value for one in ASSESSABLE),
        )


def _reproduced(case: UseCase, needed: Assessment | None, practice: Iterable[Assessment]) -> bool | None:
    """Whether the levels that the report gives come out."""
    if not case.expected:
        return None
    found = {assessment.framework.value: assessment for assessment in practice}
    if needed:
        found["needed"] = needed
    return all(
        framework in found
        and {level.kind.value: level.value for level in found[framework].levels}.get(scale) == value
        for framework, levels in case.expected.items()
        for scale, value in levels.items()
    )
