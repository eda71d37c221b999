"""NIST SP 800-63-4 §3: the levels for one user group, and their tailoring with an acceptance statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache

from shirushi.core.errors import ShirushiError
from shirushi.core.reason import reason
from shirushi.rules.assurance.model import (
    Assessment,
    Framework,
    Impact,
    Kind,
    Level,
    Step,
    TableInvalid,
    TableMark,
)
from shirushi.rules.assurance.tables import Table, table

NAME = "nist-sp800-63-4"


class TailoringNotJustified(ShirushiError):
    """A level was tailored without all that the Digital Identity Acceptance Statement must say (§3.4.4)."""

    code = "ASSURANCE_TAILORING_NOT_JUSTIFIED"


@dataclass(frozen=True, slots=True)
class Impacts:
    """The worst consequence for any affected party of a failure in one user group, by the categories of §3.2.1."""

    mission: Impact
    reputation: Impact
    information: Impact
    finance: Impact
    safety: Impact


CATEGORIES = tuple(field.name for field in fields(Impacts))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What §3.3.3 asks of a user group beside the impacts.

    Attributes:
        personal_information: the service needs personal information of this group.
        validated_attributes: at least one attribute must be validated.
        authentication: members of the group have accounts, or reach what is protected.
        personal_information_online: personal information is made accessible online.
        federated: the identity comes over a federation.
    """

    personal_information: bool
    validated_attributes: bool
    authentication: bool
    personal_information_online: bool
    federated: bool


@dataclass(frozen=True, slots=True)
class Tailoring:
    """A level set otherwise than assessed, as the acceptance statement records it (§3.4.4).

    Attributes:
        kind: which level: IAL, AAL or FAL.
        level: what it is set to; None: the function is not used.
        rationale: why.
        compensating_controls: what stands in for controls that fall away; needed where the level is lowered.
        residual_risk: what remains; needed where the level is lowered.
        accepted_by: who accepts it.
    """

    kind: Kind
    level: int | None
    rationale: str
    accepted_by: str
    compensating_controls: tuple[str, ...] = ()
    residual_risk: str = ""


@dataclass(frozen=True, slots=True)
class AcceptanceStatement:
    """What the Digital Identity Acceptance Statement holds for one user group (§3.4.4)."""

    group: str
    impacts: Impacts
    initial: Assessment
    tailored: Assessment
    tailoring: tuple[Tailoring, ...]


@dataclass(frozen=True, slots=True)
class MappingTable:
    """The level of each impact, and the least AAL where personal information is made accessible."""

    mark: TableMark
    levels: tuple[int, int, int, int]
    personal_information_aal: int
    clauses: tuple[tuple[str, str], ...]

    def step(self, part: str, code: str, **parameters: object) -> Step:
        """A step that rests upon the clause of `part`."""
        return Step(reason(code, **parameters), self.mark.cite(dict(self.clauses)[part]))


def mapping_table(source: Table) -> MappingTable:
    """The mapping of §3.3.3 out of its data; raises `TableInvalid`."""
    try:
        level, personal = source.content["level"], source.content["personal_information"]
        levels = (level["none"], level["low"], level["moderate"], level["high"])
        if tuple(source.content["categories"]["names"]) != CATEGORIES or list(levels) != sorted(levels):
            raise TableInvalid(table=source.mark.id, detail="categories or order of levels")
        return MappingTable(
            source.mark,
            levels,
            personal["lowest_aal"],
            (
                ("level", level["clause"]),
                ("personal_information", personal["clause"]),
                *sorted(source.content["clauses"].items()),
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped() -> MappingTable:
    """The mapping as it ships."""
    return mapping_table(table(NAME))


def worst(impacts: Sequence[Impact]) -> Impact:
    """The highest impact among the categories: the high-water mark, the first of the methods of §3.2.4."""
    return max(impacts)


def level_of(impact: Impact, mapping: MappingTable) -> int:
    """The level for an overall impact (§3.3.3)."""
    return mapping.levels[impact]


def assess(impacts: Impacts, asked: Circumstances, mapping: MappingTable | None = None) -> Assessment:
    """The initial levels of one user group.

    A function that the group does not need has no value: no identity proofing, no authentication, no federation are
    outcomes of their own, below level 1.
    """
    mapping = mapping or shipped()
    values = {category: getattr(impacts, category) for category in CATEGORIES}
    overall = worst(tuple(values.values()))
    level = level_of(overall, mapping)
    trace = [
        mapping.step("level", f"ASSURANCE_IMPACT_{category.upper()}_{impact.name}", level=level)
        for category, impact in values.items()
        if impact is overall and overall is not Impact.NONE
    ]
    trace.append(mapping.step("level", "ASSURANCE_IMPACT_LEVEL", level=level))
    ial = aal = fal = None
    if not asked.personal_information:
        trace.append(mapping.step("ial", "ASSURANCE_NO_PROOFING_NO_INFORMATION"))
    elif not asked.validated_attributes:
        trace.append(mapping.step("ial", "ASSURANCE_NO_PROOFING_SELF_ASSERTED"))
    else:
        ial = level
        trace.append(mapping.step("ial", "ASSURANCE_IAL_BY_IMPACT", level=ial))
    if asked.personal_information_online and level < mapping.personal_information_aal:
        aal = mapping.personal_information_aal
        trace.append(mapping.step("personal_information", "ASSURANCE_AAL_PERSONAL_INFORMATION", level=aal))
    elif asked.authentication or asked.personal_information_online:
        aal = level
        trace.append(mapping.step("aal", "ASSURANCE_AAL_BY_IMPACT", level=aal))
    else:
        trace.append(mapping.step("aal", "ASSURANCE_NO_AUTHENTICATION"))
    if asked.federated:
        fal = level
        trace.append(mapping.step("fal", "ASSURANCE_FAL_BY_IMPACT", level=fal))
    else:
        trace.append(mapping.step("fal", "ASSURANCE_FAL_NOT_FEDERATED"))
    levels = (_level(Kind.IAL, ial), _level(Kind.AAL, aal), _level(Kind.FAL, fal))
    return Assessment(Framework.NIST_63_4, levels, tuple(trace), (mapping.mark,))


def tailor(
    initial: Assessment, tailoring: Sequence[Tailoring], mapping: MappingTable | None = None
) -> Assessment:
    """The levels after tailoring (§3.4); raises `TailoringNotJustified` where the statement lacks what it must say."""
    mapping = mapping or shipped()
    levels = {level.kind: level for level in initial.levels}
    trace = list(initial.trace)
    for change in tailoring:
        before = levels.get(change.kind)
        if before is None:
            raise TailoringNotJustified(kind=change.kind.value, missing="kind: ial, aal, fal")
        _check(change, before)
        levels[change.kind] = _level(change.kind, change.level)
        lowered = (change.level or 0) < (before.value or 0)
        code = "ASSURANCE_TAILORED_DOWN" if lowered else "ASSURANCE_TAILORED"
        trace.append(
            mapping.step(
                "tailoring",
                code,
                before=before.name,
                after=levels[change.kind].name,
                rationale=change.rationale,
                accepted_by=change.accepted_by,
            )
        )
    return Assessment(initial.framework, tuple(levels.values()), tuple(trace), initial.tables)


def _check(change: Tailoring, before: Level) -> None:
    missing = [name for name in ("rationale", "accepted_by") if not getattr(change, name).strip()]
    if (change.level or 0) < (before.value or 0):
        if not any(control.strip() for control in change.compensating_controls):
            missing.append("compensating_controls")
        if not change.residual_risk.strip():
            missing.append("residual_risk")
    if missing:
        raise TailoringNotJustified(kind=change.kind.value, missing=", ".join(missing))


def _level(kind: Kind, value: int | None) -> Level:
    return Level(
        Framework.NIST_63_4, kind, value, f"{kind.value.upper()}{value}" if value else f"{kind.name}: —"
    )
