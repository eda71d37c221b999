"""Which trusted lists may be believed, by whom vouched for, at which time (ETSI TS 119 615 §4.1, §4.2)."""

from shirushi.rules.lists.acceptance import replayed
from shirushi.rules.lists.collection import Question, judge, pivots_of, pointers_to
from shirushi.rules.lists.model import Candidate, Known, ListJudgement, ListSignature

__all__ = [
    "Candidate",
    "Known",
    "ListJudgement",
    "ListSignature",
    "Question",
    "judge",
    "pivots_of",
    "pointers_to",
    "replayed",
]
