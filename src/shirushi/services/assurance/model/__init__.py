"""The words of the assurance service."""

from shirushi.services.assurance.model.portfolio import (
    Origin,
    PortfolioEntry,
    UseCase,
    read_portfolio,
    shipped_portfolio,
)
from shirushi.services.assurance.model.words import (
    Answers,
    FitGapResult,
    InputInvalid,
    Question,
    QuestionKind,
    Statement,
    UseCaseUnknown,
)

__all__ = [
    "Answers",
    "FitGapResult",
    "InputInvalid",
    "Origin",
    "PortfolioEntry",
    "Question",
    "QuestionKind",
    "Statement",
    "UseCase",
    "UseCaseUnknown",
    "read_portfolio",
    "shipped_portfolio",
]
