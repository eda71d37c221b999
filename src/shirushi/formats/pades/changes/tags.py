"""The structure tree of tagged documents: new fields and annotations are entered there (ISO 32000-2 §14.7)."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.codecs.pdf.view import integer
from shirushi.formats.pades.changes.findings import Finding, forbidden, metadata
from shirushi.formats.pades.changes.step import Step

_WHERE = "structure tree"
_TREE_KEYS = frozenset({"Nums", "Names", "Kids", "K", "Limits", "ParentTree", "IDTree", "ParentTreeNextKey"})
_DEEPEST = 16


def added_tags(step: Step, before: PdfValue, after: PdfValue) -> Iterator[Finding]:
    """An addition of tags for fields and annotations, or else a change of what the document says."""
    if _adds(step, before, after, 0):
        yield metadata(_WHERE)
    else:
        yield forbidden(_WHERE)


def _adds(step: Step, before: PdfValue, after: PdfValue, depth: int) -> bool:
    """Whether `after` is `before` with more tags in it."""
    if step.comparison.equal(before, after):
        return True
    was, becomes = step.old.resolve(before), step.new.resolve(after)
    if depth > _DEEPEST:
        return False
    if isinstance(was, list) and isinstance(becomes, list):
        return _adds_items(step, was, becomes)
    if isinstance(becomes, list) and was is not None and isinstance(before, Reference):
        return _adds_items(step, [before], becomes)  # a single kid becomes one of several
    if not isinstance(was, dict) or not isinstance(becomes, dict):
        return False
    return all(
        _entry_adds(step, key, was, becomes, depth) for key in step.comparison.changed_keys(was, becomes)
    )


def _entry_adds(step: Step, key: str, was: PdfDict, becomes: PdfDict, depth: int) -> bool:
    if key not in _TREE_KEYS:
        return False
    if key in {"Limits", "ParentTreeNextKey"}:
        return True
    value = was.get(key)
    if value is None:
        return _tags_only(step, becomes.get(key), 0)
    return _adds(step, value, becomes.get(key), depth + 1)


def _adds_items(step: Step, before: list[PdfValue], after: list[PdfValue]) -> bool:
    """Whether all items of `before` stand in `after`, in their order, and the others tag fields and annotations."""
    numbered = len(after) % 2 == 0 and all(isinstance(item, int) for item in after[::2])
    position = 0
    for index, item in enumerate(after):
        if position < len(before) and step.comparison.equal(before[position], item):
            position += 1
        elif isinstance(item, int):
            if not numbered or index % 2:
                return False
        elif not _tags_only(step, item, 0):
            return False
    return position == len(before)


def _tags_only(step: Step, value: PdfValue, depth: int) -> bool:
    """Whether a new tag leads to annotations alone: one with marked content would say anew what a page says."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, Reference) and step.old.get(value) is not None:
        return True  # an element that was there before, from its new parent tree
    found = step.new.resolve(value)
    if isinstance(found, list):
        return all(isinstance(item, int) or _tags_only(step, item, depth + 1) for item in found)
    if not isinstance(found, dict):
        return found is None or isinstance(found, (int, bytes))
    if "MCID" in found or "ActualText" in found:
        return False
    if found.get("Type") == "OBJR":
        return True
    kids = found.get("K")
    if integer(step.new, kids) is not None:
        return False
    listed = step.new.resolve(kids)
    if isinstance(listed, list) and any(isinstance(item, int) for item in listed):
        return False
    return all(
        _tags_only(step, found.get(key), depth + 1) for key in ("K", "Nums", "Kids", "Names", "ParentTree")
    )
