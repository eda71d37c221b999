"""Fit and gap: the level that a use case needs, against the level in place. Too high costs its users, too low is a risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from shirushi.core.reason import Reason, reason
from shirushi.rules.assurance.model import Kind, Level, ScalesDiffer

_ABOUT = {
    Kind.IAL: "PROOFING",
    Kind.PROOFING: "PROOFING",
    Kind.IA: "PROOFING",
    Kind.BA: "PROOFING",
    Kind.AAL: "AUTHENTICATION",
    Kind.AUTHENTICATION: "AUTHENTICATION",
    Kind.AA: "AUTHENTICATION",
    Kind.FAL: "FEDERATION",
    Kind.LOA: "OVERALL",
}


class Fit(Enum):
    """How what is in place stands to what is needed."""

    FITS = "fits"
    TOO_MUCH = "too_much"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True)
class Gap:
    """One scale: needed, in place, and what the difference costs or risks; its remedy says what to do."""

    needed: Level
    in_place: Level
    fit: Fit
    reason: Reason

    @property
    def steps(self) -> int:
        """By how many levels what is in place stands above (positive) or below what is needed."""
        return (self.in_place.value or 0) - (self.needed.value or 0)


@dataclass(frozen=True, slots=True)
class FitGap:
    """The gaps on every scale that both sides speak of, and the whole: too little anywhere is too little."""

    gaps: tuple[Gap, ...]

    @property
    def fit(self) -> Fit:
        """Too little where any scale is, else too much where any is."""
        found = {gap.fit for gap in self.gaps}
        return next((fit for fit in (Fit.TOO_LITTLE, Fit.TOO_MUCH) if fit in found), Fit.FITS)


def gap(needed: Level, in_place: Level) -> Gap:
    """The gap on one scale; raises `ScalesDiffer` where the two stand on different ones."""
    enough = in_place.reaches(needed)
    if not enough:
        fit = Fit.TOO_LITTLE
    elif needed.reaches(in_place):
        fit = Fit.FITS
    else:
        fit = Fit.TOO_MUCH
    about = _ABOUT[needed.kind]
    why = reason(
        f"ASSURANCE_GAP_{fit.name}_{about}" if fit is not Fit.FITS else "ASSURANCE_GAP_FITS",
        needed=needed.name,
        in_place=in_place.name,
    )
    return Gap(needed, in_place, fit, why)


def fit_gap(needed: Sequence[Level], in_place: Sequence[Level]) -> FitGap:
    """The gaps on every scale that both sides speak of and that one of them uses.

    Raises `ScalesDiffer` where they share no scale.
    """
    there = {(level.framework, level.kind): level for level in in_place}
    gaps = tuple(
        gap(level, there[level.framework, level.kind])
        for level in needed
        if (level.framework, level.kind) in there
        and (level.value is not None or there[level.framework, level.kind].value is not None)
    )
    if not any((level.framework, level.kind) in there for level in needed):
        raise ScalesDiffer(left=_scales(needed), right=_scales(in_place))
    return FitGap(gaps)


def _scales(levels: Sequence[Level]) -> str:
    return ", ".join(f"{level.framework.value}/{level.kind.value}" for level in levels) or "—"
