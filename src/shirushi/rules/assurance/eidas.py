"""Implementing Regulation (EU) 2015/1502: the assurance level of an electronic identification means, from its elements.

Each element has a level of its own; the means has the lowest of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from shirushi.core.errors import ShirushiError
from shirushi.core.reason import reason
from shirushi.rules.assurance.model import (
    Assessment,
    Framework,
    Kind,
    Level,
    Step,
    TableInvalid,
    TableMark,
)
from shirushi.rules.assurance.requirements import LOWER, Requirement, closed, highest, requirement
from shirushi.rules.assurance.tables import Table, table

NAME = "eidas-2015-1502"
LEVELS = ("low", "substantial", "high")


class ElementUnknown(ShirushiError):
    """An element, or a fact, that the Annex as held here does not name."""

    code = "ASSURANCE_ELEMENT_UNKNOWN"


class Person(Enum):
    """Whom the means identifies: a natural person, a legal person, or a natural person who represents a legal one."""

    NATURAL = "natural"
    LEGAL = "legal"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the Annex: its number, whom it concerns, and what each level demands, from the lowest."""

    id: str
    persons: frozenset[Person]
    scale: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class ElementTable:
    """The elements of the Annex, and what follows from what."""

    mark: TableMark
    elements: tuple[Element, ...]
    implied: tuple[tuple[str, tuple[str, ...]], ...]

    def facts(self) -> frozenset[str]:
        """Every fact that an element names."""
        return frozenset(
            fact
            for element in self.elements
            for row in element.scale
            for fact in (*row.every, *(fact for group in row.either for fact in group))
        ) - {LOWER}


def element_table(source: Table) -> ElementTable:
    """The elements out of their data; raises `TableInvalid`."""
    try:
        elements = tuple(
            Element(
                row["id"],
                frozenset(Person(word) for word in row.get("persons", [person.value for person in Person])),
                tuple(
                    requirement({"value": value, "name": name, "clause": row["id"], **row.get(name, {})})
                    for value, name in enumerate(LEVELS, 1)
                ),
            )
            for row in source.content["element"]
        )
        implied = tuple((fact, tuple(others)) for fact, others in source.content["implied"].items())
        return ElementTable(source.mark, elements, implied)
    except (KeyError, ValueError, TypeError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped() -> ElementTable:
    """The elements as they ship."""
    return element_table(table(NAME))


@dataclass(frozen=True, slots=True)
class ElementLevel:
    """The level of one element: 0 where not even low is shown."""

    element: str
    value: int

    @property
    def name(self) -> str | None:
        """The Regulation's word, None below low."""
        return LEVELS[self.value - 1] if self.value else None


def element_levels(
    person: Person,
    shown: Collection[str],
    stated: Mapping[str, int] | None = None,
    annex: ElementTable | None = None,
) -> tuple[tuple[ElementLevel, ...], tuple[Step, ...]]:
    """The level of each element that concerns `person`, with its trace; raises `ElementUnknown`.

    Args:
        person: whom the means identifies.
        shown: the facts that are shown.
        stated: levels 0 to 3 of elements that were found elsewhere, as in a peer review; they stand as they are.
        annex: the elements; by default those that ship.
    """
    annex = annex or shipped()
    stated = stated or {}
    unknown = sorted(
        {*shown} - annex.facts() | {*stated} - {element.id for element in annex.elements},
    )
    if unknown:
        raise ElementUnknown(name=", ".join(unknown))
    levels: list[ElementLevel] = []
    trace: list[Step] = []
    known = {*shown}
    for element in annex.elements:
        if person not in element.persons:
            continue
        citation = annex.mark.cite(element.id)
        next_up: Requirement | None = None
        lacking: tuple[str, ...] = ()
        if element.id in stated:
            value = stated[element.id]
        else:
            held, next_up, lacking = highest(element.scale, closed(known, dict(annex.implied)))
            value = held.value if held else 0
        if element.id == "2.1.2" and value:
            known.add(f"actor_proofed_{LEVELS[value - 1]}")  # 2.1.4 asks how the representative was proofed
        levels.append(ElementLevel(element.id, value))
        if value:
            trace.append(
                Step(reason("ASSURANCE_EIDAS_ELEMENT", element=element.id, level=LEVELS[value - 1]), citation)
            )
        if next_up:
            trace.append(
                Step(reason("ASSURANCE_LEVEL_LACKS", level=f"{element.id} {next_up.name}"), citation)
            )
            trace.extend(Step(reason(f"ASSURANCE_EIDAS_FACT_{fact.upper()}"), citation) for fact in lacking)
    return tuple(levels), tuple(trace)


def assess(
    person: Person,
    shown: Collection[str],
    stated: Mapping[str, int] | None = None,
    annex: ElementTable | None = None,
) -> Assessment:
    """The assurance level of a means: the lowest of its elements' levels. The arguments are those of `element_levels`."""
    annex = annex or shipped()
    levels, trace = element_levels(person, shown, stated, annex)
    lowest = min(levels, key=lambda level: level.value)
    if lowest.name:
        overall = reason("ASSURANCE_EIDAS_OVERALL", element=lowest.element, level=lowest.name)
    else:
        overall = reason("ASSURANCE_EIDAS_NOT_REACHED", element=lowest.element)
    return Assessment(
        Framework.EIDAS,
        (Level(Framework.EIDAS, Kind.LOA, lowest.value, lowest.name or "—"),),
        (*trace, Step(overall, annex.mark.cite("2"))),
        (annex.mark,),
    )
