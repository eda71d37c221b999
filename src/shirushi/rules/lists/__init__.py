"""Which trusted lists may be believed, by whom vouched for, at which time (ETSI TS 119 615 §4.1, §4.2)."""

from shirushi.rules.lists.collection import Question, judge, pointers_to
from shirushi.rules.lists.model import Candidate, Known, ListJudgement, ListSignature

__all__ = ["Candidate", "Known", "ListJudgement", "ListSignature", "Question", "judge", "pointers_to"]
