"""The first draft of assurance levels in the Digital Agency's report of 2022-03-24; its open points are options."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from functools import cache

from shirushi.core.errors import ShirushiError
from shirushi.core.reason import Reason, reason
from shirushi.rules.assurance.model import (
    Assessment,
    Framework,
    Kind,
    Level,
    Step,
    TableInvalid,
    TableMark,
)
from shirushi.rules.assurance.tables import Table, table

NAME = "jp-2022"


class OptionUnknown(ShirushiError):
    """A choice that the table does not offer at an open point."""

    code = "ASSURANCE_OPTION_UNKNOWN"


class Evidence(Enum):
    """What identifies the person (本人識別情報), from the weakest."""

    SELF_ASSERTED = "self_asserted"
    ISSUER_GUARANTEED = "issuer_guaranteed"
    ELECTRONICALLY_VERIFIABLE = "electronically_verifiable"


class Check(Enum):
    """How it was checked (確認方法)."""

    NONE = "none"
    REMOTE = "remote"
    EKYC = "ekyc"
    ONLINE_THEN_IN_PERSON = "online_then_in_person"
    IN_PERSON = "in_person"


class Federation(Enum):
    """How the authenticated identity is passed on (認証情報連携)."""

    NONE = "none"
    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    USER_VERIFIABLE = "user_verifiable"


@dataclass(frozen=True, slots=True)
class Practice:
    """What is done at registration, at authentication and in federation.

    Attributes:
        evidence: what identifies the person.
        check: how it is checked.
        qualified_checker: the checker's authority to check is recognised in some way (note 1).
        factors: how many factors authenticate: 0, 1, or 2 for several.
        hardware_token: one of several factors is a tamper-resistant hardware token (note 2).
        software_alternative: the person may use a software token instead.
        authenticated_channel: there is an authenticated protected channel to the verifier.
        federation: how the identity is passed on.
    """

    evidence: Evidence
    check: Check
    qualified_checker: bool
    factors: int
    hardware_token: bool
    software_alternative: bool
    authenticated_channel: bool
    federation: Federation


@dataclass(frozen=True, slots=True)
class Options:
    """The choices at the draft's open points; empty takes the table's first.

    Attributes:
        ekyc: the IAL of remote checking that equals a meeting (論点①): "2" or "3".
        online_then_in_person: the IAL of an online application checked at handover (論点②): "2" or "3".
        aal3_channel: whether AAL3 needs an authenticated protected channel as well: "not_required" or "required".
        mixed_tokens: which token counts where hardware and software may both be used: "weakest" or "strongest".
    """

    ekyc: str = ""
    online_then_in_person: str = ""
    aal3_channel: str = ""
    mixed_tokens: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the draft's table: a level, or the name of the option that decides it."""

    evidence: Evidence
    check: Check
    qualified_checker: bool
    level: int
    option: str


@dataclass(frozen=True, slots=True)
class DraftTable:
    """The draft's table for IAL, the choices at its open points, and its clauses."""

    mark: TableMark
    rows: tuple[Row, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...]
    clauses: tuple[tuple[str, str], ...]

    def step(self, part: str, why: Reason) -> Step:
        """A step that rests upon the clause of `part`."""
        return Step(why, self.mark.cite(dict(self.clauses)[part]))


def draft_table(source: Table) -> DraftTable:
    """The draft out of its data; raises `TableInvalid`."""
    try:
        rows = tuple(
            Row(
                Evidence(row["evidence"]),
                Check(row["check"]),
                row.get("qualified_checker", False),
                row.get("level", 0),
                row.get("option", ""),
            )
            for row in source.content["ial"]
        )
        options = tuple((name, tuple(choices)) for name, choices in source.content["options"].items())
        if {name for name, _ in options} != {field.name for field in fields(Options)}:
            raise TableInvalid(table=source.mark.id, detail="options")
        return DraftTable(source.mark, rows, options, tuple(source.content["clauses"].items()))
    except (KeyError, ValueError, TypeError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped() -> DraftTable:
    """The draft as it ships."""
    return draft_table(table(NAME))


def assess(practice: Practice, options: Options | None = None, draft: DraftTable | None = None) -> Assessment:
    """The draft's levels for what is done; raises `OptionUnknown`. FAL has no value where nothing is federated."""
    draft = draft or shipped()
    chosen = _chosen(options or Options(), draft)
    ial, trace = _ial(practice, chosen, draft)
    aal, aal_trace = _aal(practice, chosen, draft)
    fal = {
        Federation.NONE: None,
        Federation.SIGNED: 1,
        Federation.ENCRYPTED: 2,
        Federation.USER_VERIFIABLE: 3,
    }[practice.federation]
    if fal is None:
        federation = reason("ASSURANCE_FAL_NOT_FEDERATED")
    else:
        federation = reason(f"ASSURANCE_JP_FAL_{practice.federation.name}", level=fal)
    return Assessment(
        Framework.JAPAN_2022,
        (
            Level(Framework.JAPAN_2022, Kind.IAL, ial, f"IAL-{ial}"),
            Level(Framework.JAPAN_2022, Kind.AAL, aal, f"AAL-{aal}"),
            Level(Framework.JAPAN_2022, Kind.FAL, fal, f"FAL-{fal}" if fal else "—"),
        ),
        (*trace, *aal_trace, draft.step("fal", federation)),
        (draft.mark,),
    )


def _chosen(options: Options, draft: DraftTable) -> dict[str, str]:
    chosen = {}
    for name, choices in draft.options:
        value = getattr(options, name) or choices[0]
        if value not in choices:
            raise OptionUnknown(option=name, value=value, choices=", ".join(choices))
        chosen[name] = value
    return chosen


def _ial(practice: Practice, chosen: dict[str, str], draft: DraftTable) -> tuple[int, list[Step]]:
    order = list(Evidence)
    for row in draft.rows:
        if (
            row.check is practice.check
            and order.index(practice.evidence) >= order.index(row.evidence)
            and (practice.qualified_checker or not row.qualified_checker)
        ):
            level = int(chosen[row.option]) if row.option else row.level
            code = f"ASSURANCE_JP_IAL_{row.check.name}"
            steps = [draft.step("ial", reason(code, level=level))]
            if row.option:
                steps.append(
                    draft.step("ial", reason("ASSURANCE_JP_OPEN_POINT", option=row.option, value=level))
                )
            return level, steps
    return 1, [draft.step("ial", reason("ASSURANCE_JP_IAL_NONE", level=1))]


def _aal(practice: Practice, chosen: dict[str, str], draft: DraftTable) -> tuple[int, list[Step]]:
    if practice.factors < 2:
        return practice.factors, [
            draft.step("aal", reason(f"ASSURANCE_JP_AAL_{practice.factors}", level=practice.factors))
        ]
    several = [draft.step("aal", reason("ASSURANCE_JP_AAL_2", level=2))]
    if not practice.hardware_token:
        return 2, several
    if practice.software_alternative:
        point = reason("ASSURANCE_JP_OPEN_POINT", option="mixed_tokens", value=chosen["mixed_tokens"])
        if chosen["mixed_tokens"] == "weakest":
            return 2, [*several, draft.step("mixed", point)]
        several.append(draft.step("mixed", point))
    if not practice.authenticated_channel:
        point = reason("ASSURANCE_JP_OPEN_POINT", option="aal3_channel", value=chosen["aal3_channel"])
        if chosen["aal3_channel"] == "required":
            return 2, [*several, draft.step("aal", point)]
        several.append(draft.step("aal", point))
    return 3, [*several, draft.step("aal", reason("ASSURANCE_JP_AAL_3", level=3))]
