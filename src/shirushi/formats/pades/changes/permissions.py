"""Which changes a signature permitted (ISO 32000-2 §12.8.2.2, §12.8.2.4).

A certification signature says it by DocMDP's `/P`; an approval signature may restrict it further by its lock, and locks
fields by FieldMDP. What an earlier signature forbade stays forbidden.

Where no signature names a `/P`, the standard leaves it to the reader of the document. Here it counts as 2, which is the
value of a `/P` that is left out: forms may be filled in and further signatures added, but nothing may be put over
signed pages that the signer never allowed there. pyHanko's default policy decides alike; the EU's validation library
reports such annotations and leaves the judgement to its policy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shirushi.codecs.pdf.form import FieldLock, SignatureDictionary
from shirushi.codecs.pdf.reader import Revision
from shirushi.core.evidence import Change, ChangeKind
from shirushi.formats.pades.changes.findings import Finding

_DEFAULT = 2
_ACCOMPANIED = {ChangeKind.VALIDATION_DATA_ADDED, ChangeKind.TIMESTAMP_ADDED}
_OF_FIELDS = {ChangeKind.FORM_FILLED, ChangeKind.SIGNATURE_ADDED}


@dataclass(frozen=True, slots=True)
class Mark:
    """One signature: the revision that it closes, None where its coverage ends nowhere, and what it permits."""

    revision: Revision | None
    end: int
    signature: SignatureDictionary
    lock: FieldLock | None = None


@dataclass(frozen=True, slots=True)
class Permission:
    """What may happen after a signature. `level` is a `/P`; `locks` lock those fields that `existing` names."""

    level: int
    locks: tuple[FieldLock, ...]
    existing: frozenset[str]

    def allows(self, finding: Finding, company: Sequence[Finding]) -> bool:
        """Whether a change is permitted; `company` are all changes of the same update."""
        if finding.needs > self.level:
            return False
        if finding.kind is ChangeKind.METADATA and self.level == 1:
            # dates and the like come along with stores and time-stamps; alone they are a change like any other
            return all(each.kind in {*_ACCOMPANIED, ChangeKind.METADATA} for each in company) and any(
                each.kind in _ACCOMPANIED for each in company
            )
        name = finding.field
        return not (
            finding.kind in _OF_FIELDS
            and name in self.existing
            and any(lock.locks(name) for lock in self.locks)
        )


def permission_of(
    mark: Mark, marks: Sequence[Mark], field_names: Callable[[Revision], frozenset[str]]
) -> Permission:
    """What `mark` and the signatures before it permit. `field_names` gives the fields of a revision."""
    assert mark.revision is not None
    level: int | None = None
    locks: list[FieldLock] = []
    for each in marks:
        if each.revision is None or each.revision.index > mark.revision.index:
            continue
        found = list(each.signature.field_mdp) or ([each.lock] if each.lock else [])
        locks += found
        given = [each.signature.doc_mdp, *(lock.permissions for lock in found)]
        if each.lock:
            given.append(each.lock.permissions)
        for value in given:
            if value is not None:
                known = value if value in {1, 2, 3} else 1
                level = known if level is None else min(level, known)
    names = field_names(mark.revision) if locks else frozenset()
    return Permission(_DEFAULT if level is None else level, tuple(locks), names)


def changes_of(permission: Permission, updates: Sequence[Sequence[Finding]]) -> tuple[Change, ...]:
    """The changes of all later updates, each once."""
    return tuple(
        dict.fromkeys(
            Change(finding.kind, permission.allows(finding, company), finding.where)
            for company in updates
            for finding in company
        )
    )
