"""Whether two revisions mean the same, value by value and object by object."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference, Stream
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.codecs.pdf.view import FREE, PACKED, PLAIN, Entry
from shirushi.core.algorithms import DigestAlgorithm

_MOST_PAIRS = 1 << 18


class Comparison:
    """Compares values of two views. References to the same number are equal: that object is looked at on its own."""

    __slots__ = ("_equal", "_left", "new", "old")

    def __init__(self, old: PdfReader, new: PdfReader) -> None:
        self.old = old
        self.new = new
        self._equal: set[tuple[Reference, Reference]] = set()
        self._left = _MOST_PAIRS

    def equal(self, before: PdfValue, after: PdfValue) -> bool:
        """Whether both mean the same; what takes too long to tell counts as different."""
        assumed: set[tuple[Reference, Reference]] = set()
        pending: list[tuple[PdfValue, PdfValue]] = [(before, after)]
        while pending:
            a, b = pending.pop()
            self._left -= 1
            if self._left < 0:
                return False
            if isinstance(a, Reference) and isinstance(b, Reference):
                if a == b or (a, b) in self._equal or (a, b) in assumed:
                    continue
                assumed.add((a, b))
            a, b = self.old.resolve(a), self.new.resolve(b)
            if isinstance(a, dict) and isinstance(b, dict):
                pending += [(a.get(key), b.get(key)) for key in a.keys() | b.keys()]
            elif isinstance(a, list) and isinstance(b, list):
                if len(a) != len(b):
                    return False
                pending += zip(a, b, strict=True)
            elif isinstance(a, Stream) and isinstance(b, Stream):
                if a.read() != b.read():
                    return False
                pending.append((_without_length(a.dictionary), _without_length(b.dictionary)))
            elif not _same(a, b):
                return False
        self._equal |= assumed
        return True

    def changed_keys(self, before: PdfDict, after: PdfDict) -> set[str]:
        """The keys whose values differ."""
        return {
            key for key in before.keys() | after.keys() if not self.equal(before.get(key), after.get(key))
        }


def _same(a: PdfValue, b: PdfValue) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b
    return type(a) is type(b) and a == b


def _without_length(dictionary: PdfDict) -> PdfDict:
    return {key: value for key, value in dictionary.items() if key != "Length"}


@dataclass(frozen=True, slots=True)
class Damaged:
    """What stands where an object should be and cannot be read."""


@dataclass(frozen=True, slots=True)
class Altered:
    """An object that is not what it was; None where there was or is none."""

    before: PdfValue | Damaged
    after: PdfValue | Damaged


def altered_objects(comparison: Comparison, revision: Revision, further: set[int]) -> dict[int, Altered]:
    """The objects whose value `revision` changed, among those that it lists and `further` ones."""
    old, new = comparison.old, comparison.new
    altered: dict[int, Altered] = {}
    for number in sorted(revision.entries().keys() | further):
        before, after = old.find(number), new.find(number)
        if before == after and number not in further:  # the same bytes
            continue
        if _is_nothing(before) and _is_nothing(after):
            continue
        values = _value(old, number, before), _value(new, number, after)
        if values == (None, None) or not _differs(comparison, values, (before, after)):
            continue
        altered[number] = Altered(*values)
    return altered


def _is_nothing(entry: Entry | None) -> bool:
    return entry is None or entry.kind == FREE


def _value(view: PdfReader, number: int, entry: Entry | None) -> PdfValue | Damaged:
    if entry is None:
        return None
    try:
        return view.get(Reference(number, entry.ordinal if entry.kind == PLAIN else 0))
    except MalformedPdf:
        return Damaged()


def _differs(
    comparison: Comparison,
    values: tuple[PdfValue | Damaged, PdfValue | Damaged],
    entries: tuple[Entry | None, Entry | None],
) -> bool:
    before, after = values
    if isinstance(before, Damaged) or isinstance(after, Damaged):
        return type(before) is not type(after) or entries[0] != entries[1]
    if _generation(entries[0]) != _generation(entries[1]):
        return True
    if isinstance(before, Stream) and isinstance(after, Stream):
        try:
            return not comparison.equal(
                _without_length(before.dictionary), _without_length(after.dictionary)
            ) or _data(comparison.old, entries[0]) != _data(comparison.new, entries[1])
        except MalformedPdf:
            return True
    return not comparison.equal(before, after)


def _generation(entry: Entry | None) -> int:
    return entry.ordinal if entry is not None and entry.kind == PLAIN else 0


def _data(view: PdfReader, entry: Entry | None) -> tuple[int, bytes]:
    """The length and the digest of a stream's data, read in pieces."""
    assert entry is not None
    found = view.window.indirect(entry.place + view.base)
    start, end = view.stream_extent(found)
    digest = view.document.digest(DigestAlgorithm.SHA256, [(start, end - start)])
    return end - start, digest.value


@dataclass(frozen=True, slots=True)
class Hazards:
    """What a revision leaves to those who append.

    `containers` are the object streams that it says objects lie in; `beyond` the objects that it places behind its own
    end, with their offsets.
    """

    containers: frozenset[int]
    beyond: dict[int, int]


def hazards(revision: Revision, base: int) -> Hazards:
    """Look through all that a revision lists. `base` is how many bytes stand before the header."""
    packed: set[int] = set()
    beyond: dict[int, int] = {}
    for number, entry in revision.entries().items():
        if entry.kind == PACKED:
            packed.add(entry.place)
        elif entry.kind == PLAIN and entry.place + base >= revision.end:
            beyond[number] = entry.place + base
    return Hazards(frozenset(packed), beyond)
