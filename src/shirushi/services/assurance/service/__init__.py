"""The use cases of assurance."""

from shirushi.services.assurance.service.assurance import ASSESSABLE, AssuranceService
from shirushi.services.assurance.service.questions import needs_questions, questions
from shirushi.services.assurance.service.rendering import (
    advice_values,
    assessment_values,
    entry_values,
    fit_gap_values,
    table_values,
)

__all__ = [
    "ASSESSABLE",
    "AssuranceService",
    "advice_values",
    "assessment_values",
    "entry_values",
    "fit_gap_values",
    "needs_questions",
    "questions",
    "table_values",
]
