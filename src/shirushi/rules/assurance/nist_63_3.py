"""NIST SP 800-63-3 §6: which IAL, AAL and FAL a service needs, from its impacts and its circumstances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from shirushi.core.reason import Reason, reason
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


@dataclass(frozen=True, slots=True)
class SelectionTable:
    """Tables 6-1 and 6-2.

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
    ial, ial_reason = _ial(impact_level, circumstances)
    aal, aal_reasons = _aal(impact_level, ial, circumstances, tables)
    fal, fal_reason = _fal(impact_level, circumstances)
    return Assessment(
        Framework.NIST_63_3,
        (
            Level(Framework.NIST_63_3, Kind.IAL, ial, f"IAL{ial}"),
            Level(Framework.NIST_63_3, Kind.AAL, aal, f"AAL{aal}"),
            Level(Framework.NIST_63_3, Kind.FAL, fal, f"FAL{fal}" if fal else "—"),
        ),
        (
            *trace,
            Step(ial_reason, tables.cite("ial")),
            *([Step(_CONSIDER_REFERENCES, tables.cite("ial"))] if ial > 1 else []),
            *(Step(why, tables.cite(part)) for part, why in aal_reasons),
            Step(fal_reason, tables.cite("fal")),
        ),
        (tables.mark,),
    )


_CONSIDER_REFERENCES = reason("ASSURANCE_IAL_CONSIDER_REFERENCES")


@cache
def _impact_level(impacts: Impacts, tables: SelectionTable) -> tuple[int, tuple[Step, ...]]:
    """The lowest column of table 6-1 that covers all six categories, and what forced it."""
    citation = tables.cite("maximum")
    levels = {
        category: category_level(category, getattr(impacts, category), tables) for category in CATEGORIES
    }
    level = max(levels.values())
    steps = [
        Step(_category_reason(category, getattr(impacts, category), level), citation)
        for category in CATEGORIES
        if levels[category] == level and level > 1
    ]
    return level, (*steps, Step(reason("ASSURANCE_IMPACT_LEVEL", level=level), citation))


def _category_reason(category: str, impact: Impact, level: int) -> Reason:
    return reason(f"ASSURANCE_IMPACT_{category.upper()}_{impact.name}", level=level)


def _ial(impact_level: int, asked: Circumstances) -> tuple[int, Reason]:
    """§6.1, steps 1 to 3."""
    if not asked.personal_information:
        return 1, reason("ASSURANCE_IAL_NO_PERSONAL_INFORMATION")
    if not asked.validated_attributes:
        return 1, reason("ASSURANCE_IAL_SELF_ASSERTED_SUFFICES")
    return impact_level, reason("ASSURANCE_IAL_BY_IMPACT", level=impact_level)


def _aal(
    impact_level: int, ial: int, asked: Circumstances, tables: SelectionTable
) -> tuple[int, list[tuple[str, Reason]]]:
    """§6.2, held to table 6-2."""
    aal, why = impact_level, [("aal", reason("ASSURANCE_AAL_BY_IMPACT", level=impact_level))]
    if aal == 1 and asked.personal_information_online:
        aal = 2
        why.append(("aal", reason("ASSURANCE_AAL_PERSONAL_INFORMATION", level=aal)))
    lowest = lowest_aal(ial, personal_data=asked.personal_information_online, tables=tables)
    if aal < lowest:
        aal = lowest
        why.append(("combination", reason("ASSURANCE_AAL_COMBINATION", level=aal, ial=ial)))
    return aal, why


def lowest_aal(ial: int, *, personal_data: bool, tables: SelectionTable) -> int:
    """The lowest AAL that table 6-2 allows beside `ial`; `personal_data`: it is made accessible online."""
    plain, with_personal_data, second, third = tables.lowest_aal
    first = with_personal_data if personal_data else plain
    return (first, second, third)[ial - 1]


def _fal(impact_level: int, asked: Circumstances) -> tuple[int | None, Reason]:
    """§6.3."""
    if not asked.federated:
        return None, reason("ASSURANCE_FAL_NOT_FEDERATED")
    if impact_level == 1 and asked.assertion_personal_information:
        return 2, reason("ASSURANCE_FAL_PERSONAL_INFORMATION")
    if impact_level == 1 and asked.front_channel:
        return 2, reason("ASSURANCE_FAL_FRONT_CHANNEL")
    return impact_level, reason("ASSURANCE_FAL_BY_IMPACT", level=impact_level)


def combinations(tables: SelectionTable) -> Iterator[tuple[int, bool, int]]:
    """Every combination (IAL, personal data made accessible, AAL) that table 6-2 allows."""
    for ial in LEVELS:
        for personal_data in (False, True):
            lowest = lowest_aal(ial, personal_data=personal_data, tables=tables)
            yield from ((ial, personal_data, aal) for aal in LEVELS if aal >= lowest)
