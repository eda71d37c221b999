"""Criteria over a certificate's content, as trusted lists and mutual-recognition agreements state them.

ETSI TS 119 612 §5.5.9.2.2 (CriteriaList), and the extension of it in the Commission's MRA schema (QcStatementSet).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Assertion(Enum):
    """How the criteria of one list combine."""

    ALL = "all"
    AT_LEAST_ONE = "atLeastOne"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class QcStatementCriterion:
    """A QC statement that the certificate holds; where given, with this QcType, or this country of legislation."""

    oid: str
    qc_type: str = ""
    legislation: str = ""


@dataclass(frozen=True, slots=True)
class Criteria:
    """A CriteriaList: its own criteria and those nested in it, combined by `assertion`.

    `key_usages` are sets of bits that must have the value given; `policy_sets` and `statement_sets` are met when all of
    a set is there; `extended_key_usages` and `subject_attributes` are sets of OIDs, met likewise. `unknown` names
    criteria that are not understood here: whether such a list is met cannot be said.
    """

    assertion: Assertion
    key_usages: tuple[tuple[tuple[str, bool], ...], ...] = ()
    policy_sets: tuple[tuple[str, ...], ...] = ()
    extended_key_usages: tuple[tuple[str, ...], ...] = ()
    subject_attributes: tuple[tuple[str, ...], ...] = ()
    statement_sets: tuple[tuple[QcStatementCriterion, ...], ...] = ()
    nested: tuple[Criteria, ...] = ()
    unknown: tuple[str, ...] = ()
    description: str = field(default="", compare=False)
