"""Assurance over HTTP: assess, compare, advise, and read the portfolio and the tables. It is for everyone."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from pydantic import BaseModel, Field

from shirushi.core.catalogue import Language
from shirushi.faces.http import Answer, Call, Json, Line, Operation, Outcome, Router, Words
from shirushi.rules.assurance import (
    Abroad,
    Assessment,
    FacetsContradict,
    Framework,
    ScalesDiffer,
    TableMark,
    Weight,
    Who,
)
from shirushi.rules.assurance.eidas import ElementUnknown
from shirushi.rules.assurance.facets import FRAMEWORKS
from shirushi.rules.assurance.gap import Fit
from shirushi.rules.assurance.japan import OptionUnknown
from shirushi.rules.assurance.nist_63_4 import TailoringNotJustified
from shirushi.services.assurance.model import InputInvalid, UseCaseUnknown
from shirushi.services.assurance.service import (
    AssuranceService,
    advice_values,
    assessment_values,
    entry_values,
    fit_gap_values,
    table_values,
)

Assessable = Enum("Assessable", {one.name: one.value for one in FRAMEWORKS})  # type: ignore[misc]  # pydantic reads members
_ERRORS = (InputInvalid, FacetsContradict, ElementUnknown, OptionUnknown, TailoringNotJustified)


class AssessmentOrder(Words):
    """What is to be assessed."""

    framework: Assessable
    answers: dict[str, Any] = Field(
        description="as one line for `shirushi assurance assess`: the framework's questions, or `facets`"
    )
    title: Line | None = Field(None, description="with it, the answer holds a statement that can be sealed")


class FitGapOrder(Words):
    """Needed against in place; each side is `{"levels": {…}}`, or what an assessment takes."""

    framework: Assessable
    needed: dict[str, Any]
    in_place: dict[str, Any]


class AdviceOrder(Words):
    """What must be shown later."""

    who: Who = Who.NOBODY
    unchanged: bool = False
    when: bool = False
    arrived: bool = False
    kept_years: int = Field(0, ge=0, le=1000)
    abroad: Abroad = Abroad.NO
    weight: Weight = Weight.IMPORTANT
    title: Line | None = Field(None, description="with it, the answer holds a statement that can be sealed")


class PortfolioQuery(Words):
    """Which use cases are sought."""

    case: Line | None = Field(None, description="one use case alone")


class StepReport(BaseModel):
    """One step of the reasoning, and where it is written."""

    code: str
    text: str
    source: str


class TableReport(BaseModel):
    """A table, and whether it was compared with its issuer's own text."""

    table: str
    version: str
    edition: str
    source: str
    verified: bool
    checked: str


class StatementReport(BaseModel):
    """The answer in writing, in both languages: its canonical content, and the SHA-256 over it."""

    content: str
    digest: str = Field(description="hexadecimal")


class AssessmentReport(BaseModel):
    """The levels by their scales' names, null where a scale does not apply, with the reasoning."""

    framework: str
    levels: dict[str, int | str | None]
    trace: list[StepReport]
    unverified: list[TableReport]
    statement: StatementReport | None


class GapReport(BaseModel):
    """One scale: needed, in place, and what the difference means."""

    needed: int | str | None
    in_place: int | str | None
    fit: Fit
    code: str
    text: str
    remedy: str


class FitGapReport(BaseModel):
    """The gaps by their scales' names, and the whole."""

    framework: str
    fit: Fit
    gaps: dict[str, GapReport]
    unverified: list[TableReport]


class EffectReport(BaseModel):
    """What a level is worth under one law."""

    jurisdiction: str
    level: str
    text: str
    source: str
    verified: bool


class RecommendationReport(BaseModel):
    """One service, why, and its legal effects."""

    service: str
    signature_level: str | None
    why: list[StepReport]
    effects: list[EffectReport]


class NoteReport(StepReport):
    """What holds for the whole, and what to do about it."""

    remedy: str


class AdviceReport(BaseModel):
    """The services that show what must be shown."""

    services: list[RecommendationReport]
    notes: list[NoteReport]
    unverified: list[TableReport]
    statement: StatementReport | None


class UseCaseReport(BaseModel):
    """A use case with all that follows from it."""

    id: str
    title: str
    origin: str
    needed: dict[str, int | str | None] | None
    practice: dict[str, dict[str, Any]]
    fit_gap: dict[str, Any] | None
    services: list[dict[str, str | None]]
    report: dict[str, dict[str, int]] | None
    reproduced: bool | None


class PortfolioReport(BaseModel):
    """The use cases."""

    use_cases: list[UseCaseReport]


class TablesReport(BaseModel):
    """Every table with its mark."""

    tables: list[TableReport]


def router(service: AssuranceService) -> Router:
    """The operations of assurance."""

    def assess(call: Call) -> Answer:
        order: AssessmentOrder = call.body
        framework = _framework(order.framework)
        found = service.assess(call.actor, framework, order.answers)
        statement = None
        if order.title:
            stated = service.state(call.actor, framework, order.answers, title=order.title)
            statement = {"content": stated.content.decode(), "digest": stated.digest.value.hex()}
        return Answer({**_assessment(found, call.language), "statement": statement})

    def compare(call: Call) -> Answer:
        order: FitGapOrder = call.body
        framework = _framework(order.framework)
        found = service.fit_gap(call.actor, framework, {"needed": order.needed, "in_place": order.in_place})
        values = fit_gap_values(found.fit_gap, call.language)
        sides = [side for side in (found.needed, found.in_place) if side]
        marks = {mark.id: mark for side in sides for mark in side.unverified}
        return Answer(
            {
                "framework": framework.value,
                "fit": values.pop("fit"),
                "gaps": values,
                "unverified": _tables(marks.values(), call.language),
            }
        )

    def advise(call: Call) -> Answer:
        order: AdviceOrder = call.body
        answers = order.model_dump(mode="json", exclude={"title"})
        stated = service.state_advice(call.actor, answers, title=order.title or "")
        statement = {"content": stated.content.decode(), "digest": stated.digest.value.hex()}
        return Answer(
            {
                **advice_values(stated.advice, call.language),
                "statement": statement if order.title else None,
            }
        )

    def portfolio(call: Call) -> Answer:
        entries = service.portfolio(call.actor, call.parameters.case)
        return Answer({"use_cases": [entry_values(entry, call.language) for entry in entries]})

    def tables(call: Call) -> Answer:
        return Answer({"tables": _tables(service.tables(call.actor), call.language)})

    return (
        Operation(
            id="assurance.assessments.create",
            method="POST",
            path="/api/v1/assurance/assessments",
            summary="The levels that a framework gives to answers or to what was done",
            run=assess,
            outcomes=(Outcome("the levels with their trace", model=AssessmentReport),),
            body=Json(AssessmentOrder),
            errors=_ERRORS,
            public=True,
            tag="assurance",
        ),
        Operation(
            id="assurance.fit_gaps.create",
            method="POST",
            path="/api/v1/assurance/fit-gaps",
            summary="Is what is in place too much, too little, or right?",
            run=compare,
            outcomes=(Outcome("the gaps on every scale", model=FitGapReport),),
            body=Json(FitGapOrder),
            errors=(*_ERRORS, ScalesDiffer),
            public=True,
            tag="assurance",
        ),
        Operation(
            id="assurance.advices.create",
            method="POST",
            path="/api/v1/assurance/advices",
            summary="Which trust services show what must be shown, and what they are worth in law",
            run=advise,
            outcomes=(Outcome("the services with their legal effects", model=AdviceReport),),
            body=Json(AdviceOrder),
            errors=(InputInvalid,),
            public=True,
            tag="assurance",
        ),
        Operation(
            id="assurance.portfolio.list",
            method="GET",
            path="/api/v1/assurance/portfolio",
            summary="The use cases: what each needs, what is in place, and the gap",
            run=portfolio,
            outcomes=(Outcome("the use cases", model=PortfolioReport),),
            parameters=PortfolioQuery,
            errors=(UseCaseUnknown,),
            public=True,
            tag="assurance",
        ),
        Operation(
            id="assurance.tables.list",
            method="GET",
            path="/api/v1/assurance/tables",
            summary="Every table with its version, its source and whether it was verified",
            run=tables,
            outcomes=(Outcome("the tables", model=TablesReport),),
            public=True,
            tag="assurance",
        ),
    )


def _framework(chosen: Enum) -> Framework:
    return Framework(chosen.value)


def _assessment(found: Assessment, language: Language) -> dict[str, Any]:
    values = assessment_values(found, language)
    trace, unverified = values.pop("trace"), values.pop("unverified", [])
    return {
        "framework": found.framework.value,
        "levels": values,
        "trace": trace,
        "unverified": unverified,
    }


def _tables(marks: Iterable[TableMark], language: Language) -> list[dict[str, Any]]:
    return [table_values(mark, language) for mark in marks]
