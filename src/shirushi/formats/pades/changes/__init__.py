"""What was changed after each signature of a PDF, and whether the signature permitted it (ISO 32000-2 §12.8.2.2).

Revision by revision, the objects that an update lists are compared with what they were. Each object belongs to a part
of the document, found by one walk from the trailer of the oldest signed revision, and each part has its rules. What no
rule permits is forbidden; an object that nothing reaches changes nothing; a byte that nothing accounts for is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.form import fields
from shirushi.codecs.pdf.outside import Outside, behind, outside
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.core.evidence import Change, ChangeKind
from shirushi.formats.pades.changes.ambiguity import ambiguous_objects
from shirushi.formats.pades.changes.annotations import annotation_findings
from shirushi.formats.pades.changes.comparison import Comparison, altered_objects, hazards
from shirushi.formats.pades.changes.findings import Finding, forbidden, unexplained
from shirushi.formats.pades.changes.form import form_findings
from shirushi.formats.pades.changes.permissions import Mark, changes_of, permission_of
from shirushi.formats.pades.changes.step import Step
from shirushi.formats.pades.changes.structure import structure_findings
from shirushi.formats.pades.changes.territory import Territory

__all__ = ["Mark", "changes_after"]

_MOST_FINDINGS = 100
_WHITE = b"\x00\t\n\x0c\r "
_BLOCK = 1 << 16


def changes_after(reader: PdfReader, marks: Sequence[Mark]) -> tuple[tuple[Change, ...], ...]:
    """For each signature the changes after it. Never raises: what cannot be compared is told as unexplained."""
    first = min((mark.revision.index for mark in marks if mark.revision), default=None)
    updates = {} if first is None else dict(_updates(reader, first))
    names: dict[int, frozenset[str]] = {}

    def field_names(revision: Revision) -> frozenset[str]:
        if revision.index not in names:
            names[revision.index] = _field_names(reader, revision)
        return names[revision.index]

    changes: list[tuple[Change, ...]] = []
    for mark in marks:
        if mark.revision is None:
            rest = _is_blank(reader, mark.end, reader.size)
            place = f"bytes {mark.end}–{reader.size}"
            lost = Change(ChangeKind.UNEXPLAINED_BYTES, allowed=False, where=place)
            changes.append(() if rest else (lost,))
            continue
        later = [found for index, found in updates.items() if index > mark.revision.index]
        changes.append(changes_of(permission_of(mark, marks, field_names), later) if later else ())
    return tuple(changes)


def _updates(reader: PdfReader, first: int) -> Iterator[tuple[int, list[Finding]]]:
    """The findings of each revision after the one with index `first`, and of what stands behind the last."""
    revisions = reader.revisions
    last = revisions[-1]
    if first < last.index:
        yield from _compared(reader, first)
    rest = [_stray(found) for found in behind(reader)]
    if rest:
        yield last.index + 1, rest


def _compared(reader: PdfReader, first: int) -> Iterator[tuple[int, list[Finding]]]:
    course = _Course(reader, first)
    for revision in reader.revisions[first + 1 :]:
        try:
            findings = course.follow(revision)
        except (MalformedPdf, RecursionError) as error:
            code = error.code if isinstance(error, MalformedPdf) else "PDF_LIMIT_EXCEEDED"
            yield revision.index, [unexplained(f"bytes {revision.start}–{revision.end} ({code})")]
            return
        yield revision.index, _bounded(findings)


class _Course:
    """Follows the revisions one by one and keeps what the later ones are judged by."""

    def __init__(self, reader: PdfReader, first: int) -> None:
        self._reader = reader
        self._containers: set[int] = set()
        self._beyond: dict[int, int] = {}
        self._latest: PdfReader | None = None
        self._territory: Territory | None = None
        self._altered: Iterable[int] = ()
        for revision in reader.revisions[: first + 1]:
            self._remember(revision)

    def _remember(self, revision: Revision) -> None:
        left = hazards(revision, self._reader.base)
        self._containers |= left.containers
        self._beyond |= left.beyond

    def follow(self, revision: Revision) -> list[Finding]:
        """What the next revision did."""
        old = self._latest or self._reader.at(revision.index - 1)
        new = self._reader.at(revision)
        if self._territory is None:
            self._territory = Territory(old)
        else:
            self._territory.advance(old, self._altered)
        awaited = {number for number, offset in self._beyond.items() if offset < revision.end}
        comparison = Comparison(old, new)
        altered = altered_objects(comparison, revision, awaited)
        step = Step(comparison, revision, self._territory, altered)
        # objects that lie in a stream change with it, though no section says so
        findings = [
            forbidden(f"object stream {number}") for number in sorted(altered.keys() & self._containers)
        ]
        findings += structure_findings(step)
        findings += form_findings(step)
        findings += annotation_findings(step)
        findings += [_stray(found) for found in outside(new, revision)]
        findings += ambiguous_objects(new, revision)
        self._remember(revision)
        self._latest, self._altered = new, altered
        return findings


def _stray(found: Outside) -> Finding:
    """Bytes in which other programs, when they repair a file, may find objects."""
    place = f"bytes {found.start}–{found.end}"
    return unexplained(place if found.number is None else f"{place}, object {found.number}")


def _bounded(findings: list[Finding]) -> list[Finding]:
    distinct = list(dict.fromkeys(findings))
    if len(distinct) <= _MOST_FINDINGS:
        return distinct
    distinct.sort(key=lambda finding: -finding.needs)
    return [*distinct[:_MOST_FINDINGS], forbidden(f"{len(distinct) - _MOST_FINDINGS} more places")]


def _field_names(reader: PdfReader, revision: Revision) -> frozenset[str]:
    """The names of the fields that a revision has; none where they cannot be read, which the comparison tells."""
    try:
        return frozenset(field.name for field in fields(reader.at(revision)))
    except MalformedPdf:
        return frozenset()


def _is_blank(reader: PdfReader, start: int, end: int) -> bool:
    for position in range(start, end, _BLOCK):
        if reader.window.read(position, min(_BLOCK, end - position)).strip(_WHITE):
            return False
    return True
