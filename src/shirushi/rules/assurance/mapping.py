"""Mappings between frameworks: explicit, named, and each says what it loses. There is no global scale of levels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from shirushi.core.errors import ShirushiError
from shirushi.core.reason import Reason, reason
from shirushi.rules.assurance import nist_63_3, nist_63_4
from shirushi.rules.assurance.model import (
    Citation,
    Framework,
    Kind,
    Level,
    TableInvalid,
    TableMark,
)
from shirushi.rules.assurance.tables import Table, table

NAME = "mappings"
_WORDS = {
    Framework.EIDAS: ("—", "low", "substantial", "high"),
    Framework.ISO_29115: ("—", "LoA1", "LoA2", "LoA3", "LoA4"),
}


class MappingUnknown(ShirushiError):
    """No mapping leads from this scale to that framework."""

    code = "ASSURANCE_MAPPING_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping between two scales, with the codes of what it loses."""

    name: str
    source: tuple[Framework, Kind]
    target: tuple[Framework, Kind]
    levels: tuple[tuple[int, int], ...]
    loses: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class MappingTable:
    """All mappings between levels, and the one between the impacts of two revisions."""

    mark: TableMark
    mappings: tuple[Mapping, ...]
    impacts_name: str
    impacts_clause: str
    impacts_loses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A level carried over: under which mapping, to what, and what is lost on the way."""

    mapping: str
    source: Level
    target: Level
    loses: tuple[Reason, ...]
    citation: Citation
    table: TableMark


@dataclass(frozen=True, slots=True)
class Revisions:
    """The level of the same impacts under revisions 3 and 4 of NIST SP 800-63, by a named mapping of the impacts."""

    mapping: str
    revision_3: int
    revision_4: int
    loses: tuple[Reason, ...]
    citation: Citation
    table: TableMark


def mapping_table(source: Table) -> MappingTable:
    """The mappings out of their data; raises `TableInvalid`."""
    try:
        impacts = source.content["impacts"]
        return MappingTable(
            source.mark,
            tuple(
                Mapping(
                    row["name"],
                    (Framework(row["from"][0]), Kind(row["from"][1])),
                    (Framework(row["to"][0]), Kind(row["to"][1])),
                    tuple((int(before), after) for before, after in row["levels"].items()),
                    tuple(row["loses"]),
                    row["clause"],
                )
                for row in source.content["mapping"]
            ),
            impacts["name"],
            impacts["clause"],
            tuple(impacts["loses"]),
        )
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped() -> MappingTable:
    """The mappings as they ship."""
    return mapping_table(table(NAME))


def carry(level: Level, to: Framework, mappings: MappingTable | None = None) -> Mapped:
    """A level carried over to another framework, with what is lost; raises `MappingUnknown`."""
    mappings = mappings or shipped()
    for mapping in mappings.mappings:
        if mapping.source != (level.framework, level.kind) or mapping.target[0] is not to:
            continue
        value = None if level.value is None else dict(mapping.levels).get(level.value, 0)
        return Mapped(
            mapping.name,
            level,
            Level(*mapping.target, value, _word(mapping.target, value)),
            tuple(reason(f"ASSURANCE_LOSES_{code}") for code in mapping.loses),
            mappings.mark.cite(mapping.clause),
            mappings.mark,
        )
    raise MappingUnknown(scale=f"{level.framework.value}/{level.kind.value}", to=to.value)


def compare_revisions(impacts: nist_63_3.Impacts, mappings: MappingTable | None = None) -> Revisions:
    """The impact level that each revision of NIST SP 800-63 gives to the same six impacts.

    The six categories of revision 3 are imposed upon revision 4 as they are, and the worst of them decides
    (`worst-of-six`); none and low are both level 1 there. Circumstances play no part.
    """
    mappings = mappings or shipped()
    third, fourth = nist_63_3.shipped(), nist_63_4.shipped()
    values = {category: getattr(impacts, category) for category in nist_63_3.CATEGORIES}
    return Revisions(
        mappings.impacts_name,
        max(nist_63_3.category_level(category, impact, third) for category, impact in values.items()),
        nist_63_4.level_of(nist_63_4.worst(tuple(values.values())), fourth),
        tuple(reason(f"ASSURANCE_LOSES_{code}") for code in mappings.impacts_loses),
        mappings.mark.cite(mappings.impacts_clause),
        mappings.mark,
    )


def _word(scale: tuple[Framework, Kind], value: int | None) -> str:
    framework, kind = scale
    if value is None:
        return "—"
    words = _WORDS.get(framework)
    return words[value] if words else f"{kind.value.upper()}{value}"
