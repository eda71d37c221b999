"""Results as plain values, for JSON, in one language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from shirushi.core.catalogue import Language
from shirushi.rules.assurance import (
    Advice,
    Assessment,
    FitGap,
    Framework,
    Level,
    Recommendation,
    Step,
    TableMark,
)
from shirushi.services.assurance.model import PortfolioEntry


def assessment_values(assessment: Assessment, language: Language) -> dict[str, Any]:
    """An assessment: the levels by their scales' names, the trace, and the tables that are not verified, where there are any."""
    values: dict[str, Any] = {level.kind.value: level_value(level) for level in assessment.levels}
    values["trace"] = [_step(step, language) for step in assessment.trace]
    if assessment.unverified:
        values["unverified"] = [table_values(table, language) for table in assessment.unverified]
    return values


def level_value(level: Level) -> int | str | None:
    """A level as JSON has it: its number, or eIDAS's word; null where the scale does not apply or low is not reached."""
    if level.framework is Framework.EIDAS:
        return level.name if level.value else None
    return level.value


def fit_gap_values(found: FitGap, language: Language) -> dict[str, Any]:
    """The gaps by their scales' names, and the whole."""
    return {
        "fit": found.fit.value,
        **{
            gap.needed.kind.value: {
                "needed": level_value(gap.needed),
                "in_place": level_value(gap.in_place),
                "fit": gap.fit.value,
                "code": gap.reason.code,
                "text": gap.reason.explain(language),
                "remedy": gap.reason.remedy(language),
            }
            for gap in found.gaps
        },
    }


def advice_values(advice: Advice, language: Language) -> dict[str, Any]:
    """The services with their levels and legal effects; what is not verified says so."""
    return {
        "services": [_recommendation(one, language) for one in advice.recommendations],
        "notes": [{**_step(note, language), "remedy": note.reason.remedy(language)} for note in advice.notes],
        "unverified": [table_values(table, language) for table in advice.tables if not table.verified],
    }


def entry_values(entry: PortfolioEntry, language: Language) -> dict[str, Any]:
    """A use case with all that follows from it."""
    case = entry.use_case
    return {
        "id": case.id,
        "title": case.title(language),
        "origin": case.origin.value,
        "needed": _levels(entry.needed.levels) if entry.needed else None,
        "practice": {
            found.framework.value: {
                **_levels(found.levels),
                "unverified": [table.id for table in found.unverified],
            }
            for found in entry.practice
        },
        "fit_gap": fit_gap_values(entry.fit_gap, language) if entry.fit_gap else None,
        "services": [
            {
                "service": one.service.value,
                "jp": one.effects[0].level,
                "eu": one.effects[1].level,
                "signature_level": one.signature_level,
            }
            for one in (entry.advice.recommendations if entry.advice else ())
        ],
        "report": {scale: dict(levels) for scale, levels in case.expected.items()} or None,
        "reproduced": entry.reproduced,
    }


def table_values(mark: TableMark, language: Language) -> dict[str, Any]:
    """What marks a table."""
    return {
        "table": mark.id,
        "version": mark.version,
        "edition": mark.edition,
        "source": mark.document(language),
        "verified": mark.verified,
        "checked": mark.checked(language),
    }


def _levels(levels: Iterable[Level]) -> dict[str, int | str | None]:
    return {level.kind.value: level_value(level) for level in levels}


def _step(step: Step, language: Language) -> dict[str, Any]:
    code, text, source = _told(step, language)
    return {"code": code, "text": text, "source": source}


@lru_cache(maxsize=4096)
def _told(step: Step, language: Language) -> tuple[str, str, str]:
    """A step's code, text and source; the same few steps come again and again in a long file."""
    return step.reason.code, step.explain(language), step.citation.text(language)


def _recommendation(one: Recommendation, language: Language) -> dict[str, Any]:
    return {
        "service": one.service.value,
        "signature_level": one.signature_level,
        "why": [_step(step, language) for step in one.why],
        "effects": [
            {
                "jurisdiction": effect.jurisdiction.value,
                "level": effect.level,
                "text": effect.reason.explain(language),
                "source": effect.citation.text(language),
                "verified": effect.verified,
            }
            for effect in one.effects
        ],
    }
