"""The words of the assurance service."""

from shirushi.services.assurance.model.portfolio import (
    Origin,
    PortfolioEntry,
    UseCase,
    read_portfolio,
    shipped_portfolio,
)
from shirushi.services.assurance.model.words import (
    AdviceStatement,
    Answers,
    FitGapResult,
    InputInvalid,
    InputMalformed,
    InputMissing,
    InputUnknown,
    PortfolioInvalid,
    Question,
    QuestionKind,
    Statement,
    UseCaseUnknown,
)

__all__ = [
    "AdviceStatement",
    "Answers",
    "FitGapResult",
    "InputInvalid",
    "InputMalformed",
    "InputMissing",
    "InputUnknown",
    "Origin",
    "PortfolioEntry",
    "PortfolioInvalid",
    "Question",
    "QuestionKind",
    "Statement",
    "UseCase",
    "UseCaseUnknown",
    "read_portfolio",
    "shipped_portfolio",
]
