"""NIST SP 800-63-3 §6: which IAL, AAL and FAL a service needs, from its impacts and its circumstances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from shirushi.core.reason import reason
from shirushi.rules.assurance.model import (
    Assessment,
    Citation,
    Framework,
    Impact,
    Kind,
    Level,
    Step,
    TableInvalid,
    TableMark,
)
from shirushi.rules.assurance.tables import Table, table

NAME = "nist-sp800-63-3"
LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Impacts:
    """The worst consequence of a failure, by the six categories of §5.3.1."""

    reputation: Impact
    finance: Impact
    programs: Impact
    information: Impact
    safety: Impact
    legal: Impact


CATEGORIES = tuple(field.name for field in fields(Impacts))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the decision trees of §6.1 to §6.3 ask beside the impacts.

    Attributes:
        personal_information: the service needs personal information.
        validated_attributes: at least one attribute must be validated; self-asserted ones do not suffice.
        personal_information_online: personal information is made accessible online.
        federated: the identity comes over a federation.
        assertion_personal_information: the assertion holds personal information.
        front_channel: the assertion is presented over the front channel, through the user's browser.
    """

    personal_information: bool
    validated_attributes: bool
    personal_information_online: bool
    federated: bool
    assertion_personal_information: bool
    front_channel: bool


@dataclass(frozen=True, slots=True, eq=False)
class SelectionTable:
    """Tables 6-1 and 6-2. Two of them are equal only if they are one, which makes them quick to look up by.

    Attributes:
        mark: which table it is.
        maximum: for each category, the highest impact that the levels 1, 2 and 3 may carry.
        lowest_aal: the lowest AAL beside IAL1, IAL1 with personal data made accessible, IAL2 and IAL3.
        citations: where each part is written, by its name.
    """

    mark: TableMark
    maximum: tuple[tuple[str, tuple[Impact, Impact, Impact]], ...]
    lowest_aal: tuple[int, int, int, int]
    citations: tuple[tuple[str, Citation], ...]

    def cite(self, part: str) -> Citation:
        """Where the part is written; KeyError for an unknown part."""
        return dict(self.citations)[part]


def selection_table(source: Table) -> SelectionTable:
    """Tables 6-1 and 6-2 out of their data; raises `TableInvalid`."""
    try:
        maximum = source.content["maximum"]
        lowest = source.content["lowest_aal"]
        clauses = source.content["clauses"]
        rows = []
        for name in CATEGORIES:
            first, second, third = (Impact[word.upper()] for word in maximum[name])
            if not first <= second <= third:
                raise TableInvalid(table=source.mark.id, detail=f"{name} falls")
            if third is not Impact.HIGH:
                raise TableInvalid(table=source.mark.id, detail=f"{name}: no level carries a high impact")
            rows.append((name, (first, second, third)))
        return SelectionTable(
            source.mark,
            tuple(rows),
            (lowest["ial1"], lowest["ial1_with_personal_data"], lowest["ial2"], lowest["ial3"]),
            (
                ("maximum", source.mark.cite(maximum["clause"])),
                ("combination", source.mark.cite(lowest["clause"])),
                *((kind, source.mark.cite(clauses[kind])) for kind in ("ial", "aal", "fal")),
            ),
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped() -> SelectionTable:
    """The tables as they ship."""
    return selection_table(table(NAME))


def category_level(category: str, impact: Impact, tables: SelectionTable) -> int:
    """The lowest level that may carry `impact` in `category` (§6, table 6-1)."""
    return next(
        level
        for level, highest in zip(LEVELS, dict(tables.maximum)[category], strict=True)
        if impact <= highest
    )


def assess(
    impacts: Impacts, circumstances: Circumstances, tables: SelectionTable | None = None
) -> Assessment:
    """The levels that a service needs. FAL has no value where nothing is federated."""
    tables = tables or shipped()
    impact_level, trace = _impact_level(impacts, tables)
    ial, ial_steps = _ial(impact_level, circumstances, tables)
    aal, aal_steps = _aal(impact_level, ial, circumstances, tables)
    fal, fal_steps = _fal(impact_level, circumstances, tables)
    return Assessment(
        Framework.NIST_63_3,
        (_level(Kind.IAL, ial), _level(Kind.AAL, aal), _level(Kind.FAL, fal)),
        (*trace, *ial_steps, *aal_steps, *fal_steps),
        (tables.mark,),
    )


@cache
def _level(kind: Kind, value: int | None) -> Level:
    return Level(Framework.NIST_63_3, kind, value, f"{kind.name}{value}" if value else "—")


@cache
def _step(tables: SelectionTable, part: str, code: str, level: int, ial: int = 0) -> Step:
    return Step(reason(code, level=level, ial=ial) if ial else reason(code, level=level), tables.cite(part))


@cache
def _impact_level(impacts: Impacts, tables: SelectionTable) -> tuple[int, tuple[Step, ...]]:
    """The lowest column of table 6-1 that covers all six categories, and what forced it."""
    levels = {
        category: category_level(category, getattr(impacts, category), tables) for category in CATEGORIES
    }
    level = max(levels.values())
    steps = [
        _step(
            tables, "maximum", f"ASSURANCE_IMPACT_{category.upper()}_{getattr(impacts, category).name}", level
        )
        for category in CATEGORIES
        if levels[category] == level and level > 1
    ]
    return level, (*steps, _step(tables, "maximum", "ASSURANCE_IMPACT_LEVEL", level))


def _ial(impact_level: int, asked: Circumstances, tables: SelectionTable) -> tuple[int, tuple[Step, ...]]:
    """§6.1."""
    if not asked.personal_information:
        return 1, (_step(tables, "ial", "ASSURANCE_IAL_NO_PERSONAL_INFORMATION", 1),)
    if not asked.validated_attributes:
        return 1, (_step(tables, "ial", "ASSURANCE_IAL_SELF_ASSERTED_SUFFICES", 1),)
    steps: tuple[Step, ...] = (_step(tables, "ial", "ASSURANCE_IAL_BY_IMPACT", impact_level),)
    if impact_level > 1:
        steps = (*steps, _step(tables, "ial", "ASSURANCE_IAL_CONSIDER_REFERENCES", impact_level))
    return impact_level, steps


def _aal(
    impact_level: int, ial: int, asked: Circumstances, tables: SelectionTable
) -> tuple[int, tuple[Step, ...]]:
    """§6.2, held to table 6-2."""
    aal = impact_level
    steps: tuple[Step, ...] = (_step(tables, "aal", "ASSURANCE_AAL_BY_IMPACT", impact_level),)
    if aal == 1 and asked.personal_information_online:
        aal = 2
        steps = (*steps, _step(tables, "aal", "ASSURANCE_AAL_PERSONAL_INFORMATION", aal))
    lowest = lowest_aal(ial, personal_data=asked.personal_information_online, tables=tables)
    if aal < lowest:
        aal = lowest
        steps = (*steps, _step(tables, "combination", "ASSURANCE_AAL_COMBINATION", aal, ial))
    return aal, steps


def lowest_aal(ial: int, *, personal_data: bool, tables: SelectionTable) -> int:
    """The lowest AAL that table 6-2 allows beside `ial`; `personal_data`: it is made accessible online."""
    plain, with_personal_data, second, third = tables.lowest_aal
    first = with_personal_data if personal_data else plain
    return (first, second, third)[ial - 1]


def _fal(
    impact_level: int, asked: Circumstances, tables: SelectionTable
) -> tuple[int | None, tuple[Step, ...]]:
    """§6.3."""
    if not asked.federated:
        return None, (_step(tables, "fal", "ASSURANCE_FAL_NOT_FEDERATED", 0),)
    if impact_level == 1 and asked.assertion_personal_information:
        return 2, (_step(tables, "fal", "ASSURANCE_FAL_PERSONAL_INFORMATION", 2),)
    if impact_level == 1 and asked.front_channel:
        return 2, (_step(tables, "fal", "ASSURANCE_FAL_FRONT_CHANNEL", 2),)
    return impact_level, (_step(tables, "fal", "ASSURANCE_FAL_BY_IMPACT", impact_level),)


def combinations(tables: SelectionTable) -> Iterator[tuple[int, bool, int]]:
    """Every combination (IAL, personal data made accessible, AAL) that table 6-2 allows."""
    for ial in LEVELS:
        for personal_data in (False, True):
            lowest = lowest_aal(ial, personal_data=personal_data, tables=tables)
            yield from ((ial, personal_data, aal) for aal in LEVELS if aal >= lowest)
