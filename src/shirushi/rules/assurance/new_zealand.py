"""New Zealand's identification standards: levels of assurance from a matrix of impact and likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

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
from shirushi.rules.assurance.tables import Table, table

NAME = "nz-identification"


class Impact(Enum):
    """How bad it would be."""

    MINIMAL = "minimal"
    MINOR = "minor"
    MODERATE = "moderate"
    SIGNIFICANT = "significant"
    SEVERE = "severe"


class Likelihood(Enum):
    """How likely it is."""

    RARE = "rare"
    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"
    ALMOST_CERTAIN = "almost_certain"


@dataclass(frozen=True, slots=True)
class Risk:
    """One loss, with its impact and its likelihood."""

    impact: Impact
    likelihood: Likelihood


@dataclass(frozen=True, slots=True)
class RiskTable:
    """The matrix and both columns of thresholds.

    Attributes:
        mark: which table it is.
        matrix: rows by likelihood, cells by impact, 1 to 25.
        wrong_information: the highest cell that information assurance 1 to 4 may carry (risk 1).
        wrong_link: the same for binding and authentication assurance (risk 2).
        clauses: where the matrix and the thresholds stand.
    """

    mark: TableMark
    matrix: tuple[tuple[int, ...], ...]
    wrong_information: tuple[int, ...]
    wrong_link: tuple[int, ...]
    clauses: tuple[str, str]

    def cell(self, risk: Risk) -> int:
        """The risk level of one loss."""
        return self.matrix[list(Likelihood).index(risk.likelihood)][list(Impact).index(risk.impact)]


def risk_table(source: Table) -> RiskTable:
    """The matrix out of its data; raises `TableInvalid`."""
    try:
        matrix, thresholds = source.content["matrix"], source.content["thresholds"]
        rows = tuple(tuple(matrix[likelihood.value]) for likelihood in Likelihood)
        if matrix["impacts"] != [impact.value for impact in Impact]:
            raise TableInvalid(table=source.mark.id, detail="impacts")
        if sorted(cell for row in rows for cell in row) != list(range(1, 26)):
            raise TableInvalid(table=source.mark.id, detail="cells")
        return RiskTable(
            source.mark,
            rows,
            tuple(thresholds["wrong_information"]),
            tuple(thresholds["wrong_link"]),
            (matrix["clause"], thresholds["clause"]),
        )
    except (KeyError, TypeError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped() -> RiskTable:
    """The matrix as it ships."""
    return risk_table(table(NAME))


def threshold_level(cell: int, thresholds: Sequence[int]) -> int:
    """The lowest level, from 1, whose threshold carries the cell."""
    return next(level for level, highest in enumerate(thresholds, 1) if cell <= highest)


def assess(
    wrong_information: Sequence[Risk], wrong_link: Sequence[Risk], risks: RiskTable | None = None
) -> Assessment:
    """The levels from the highest cell of each risk; no loss at all is level 1.

    Args:
        wrong_information: the losses if information about somebody is wrong (risk 1): information assurance.
        wrong_link: the losses if it is linked to somebody else (risk 2): binding and authentication assurance.
        risks: the matrix; by default the one that ships.
    """
    risks = risks or shipped()
    matrix, thresholds = (risks.mark.cite(clause) for clause in risks.clauses)
    trace = []
    found = []
    for name, losses, column in (
        ("INFORMATION", wrong_information, risks.wrong_information),
        ("LINK", wrong_link, risks.wrong_link),
    ):
        if losses:
            worst = max(losses, key=risks.cell)
            cell = risks.cell(worst)
            level = threshold_level(cell, column)
            trace.append(
                Step(
                    reason(
                        f"ASSURANCE_NZ_{name}_CELL",
                        impact=worst.impact.value,
                        likelihood=worst.likelihood.value.replace("_", " "),
                        cell=cell,
                    ),
                    matrix,
                )
            )
        else:
            level = 1
        trace.append(Step(reason(f"ASSURANCE_NZ_{name}_LEVEL", level=level), thresholds))
        found.append(level)
    information, link = found
    levels = ((Kind.IA, information), (Kind.BA, link), (Kind.AA, link))
    return Assessment(
        Framework.NEW_ZEALAND,
        tuple(Level(Framework.NEW_ZEALAND, kind, value, f"{kind.name}{value}") for kind, value in levels),
        tuple(trace),
        (risks.mark,),
    )
