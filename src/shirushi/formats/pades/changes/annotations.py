"""What an update did to the annotations of a page (ISO 32000-2 §12.5, §12.8.2.2.2)."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.codecs.pdf.view import array, dictionary
from shirushi.core.evidence import ChangeKind
from shirushi.formats.pades.changes.findings import Finding, Need, forbidden, page
from shirushi.formats.pades.changes.form import is_widget
from shirushi.formats.pades.changes.form_tree import FormTree, form_tree
from shirushi.formats.pades.changes.step import Step, entry
from shirushi.formats.pades.changes.territory import Role

_COMMENTS = frozenset(
    {
        "Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline",
        "Squiggly", "StrikeOut", "Caret", "Stamp", "Ink", "Popup", "FileAttachment",
    }
)  # fmt: skip
"""What readers of a document attach to it. The others are part of the page, play media, or remove content (Redact)."""
_HARMLESS_ACTIONS = frozenset({"URI", "GoTo", "GoToR", "Named"})


def annotation_findings(step: Step) -> Iterator[Finding]:
    """The lists of the pages that differ, and the annotations that are no form fields and differ."""
    tree: FormTree | None = None
    territory = step.territory
    indexes = {territory.annotations.get(number) for number in step.altered_in(Role.ANNOTATIONS)}
    indexes |= {territory.page_of(number) for number in step.altered_in(Role.PAGE)}
    for index in sorted(each for each in indexes if each is not None):
        before, after = (
            dictionary(view, territory.pages.pages[index]) or {} for view in (step.old, step.new)
        )
        if tree is None:
            tree = form_tree(step.new)
        yield from _list(step, tree, index, (before.get("Annots"), after.get("Annots")))
    for number, keys in step.altered_entries().items():
        if number not in territory.form.nodes:
            yield from _annotation(step, number, keys)


def _list(step: Step, tree: FormTree, index: int, lists: tuple[PdfValue, PdfValue]) -> Iterator[Finding]:
    before, after = array(step.old, lists[0]) or [], array(step.new, lists[1]) or []
    position = 0
    kept: set[int] = set()
    for item in after:
        match = next(
            (i for i in range(position, len(before)) if step.comparison.equal(before[i], item)), None
        )
        if match is None:
            yield from _added(step, tree, index, item)
        else:
            kept.add(match)
            position = match + 1
    for i, item in enumerate(before):
        if i not in kept:
            yield from _removed(step, index, item)


def _removed(step: Step, index: int, item: PdfValue) -> Iterator[Finding]:
    found = step.old.resolve(item)
    if is_widget(found):
        yield forbidden(f"{page(index)}, field removed")
    elif found is not None:
        yield Finding(ChangeKind.ANNOTATION, Need.ANNOTATION, page(index))


def _added(step: Step, tree: FormTree, index: int, item: PdfValue) -> Iterator[Finding]:
    found = step.new.resolve(item)
    number = item.number if isinstance(item, Reference) else None
    if is_widget(found):
        node = tree.nodes.get(number) if number is not None else None
        # the rules of the form judge new fields; an old one that is put on a page becomes visible
        known = number in step.territory.form.nodes or node is None
        if known and (node is None or step.new.resolve(node.get("FT")) != "Sig"):
            yield forbidden(f"{page(index)}, field added")
    elif isinstance(found, dict) and (not isinstance(item, Reference) or step.old.get(item) is None):
        yield _comment(step, index, found)
    else:
        yield forbidden(f"{page(index)}, annotations")


def _comment(step: Step, index: int, found: PdfDict) -> Finding:
    action = entry(step.new, found.get("A"))
    acts = (
        step.new.resolve(action.get("S")) not in {None, *_HARMLESS_ACTIONS} or action.get("Next") is not None
    )
    if step.new.resolve(found.get("Subtype")) not in _COMMENTS or found.get("AA") is not None or acts:
        return forbidden(f"{page(index)}, annotation")
    return Finding(ChangeKind.ANNOTATION, Need.ANNOTATION, page(index))


def _annotation(step: Step, number: int, keys: set[str]) -> Iterator[Finding]:
    """An annotation that was there and differs in `keys`."""
    index = step.territory.annotations.get(number, 0)
    altered = step.altered.get(number)
    before = altered.before if altered else step.old.get(Reference(number))
    after = altered.after if altered else before
    if not isinstance(before, dict) or not isinstance(after, dict) or is_widget(before) or is_widget(after):
        yield forbidden(f"{page(index)}, object {number}")
    elif keys & {"A", "AA", "Subtype"}:
        yield forbidden(f"{page(index)}, annotation")
    else:
        yield _comment(step, index, after)
