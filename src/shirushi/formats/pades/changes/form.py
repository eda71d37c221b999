"""What an update did to the form: signing, filling in, and what is neither (ISO 32000-2 §12.7, §12.8.2)."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.pdf.form import acro_form, signature_dictionary
from shirushi.codecs.pdf.objects import PdfDict, PdfValue
from shirushi.codecs.pdf.view import array, dictionary, integer
from shirushi.core.evidence import ChangeKind
from shirushi.formats.pades.changes.findings import Finding, Need, forbidden, named
from shirushi.formats.pades.changes.form_tree import FormTree, Node, form_tree
from shirushi.formats.pades.changes.step import Step, entry
from shirushi.formats.pades.changes.structure import resources_added
from shirushi.formats.pades.changes.territory import Kind, Role

_TREE = frozenset({"Kids", "Parent"})
"""Looked at as a tree, not as entries."""
_FLAGS = frozenset({"F", "Ff"})
_LOOKS = frozenset({"AP", "AS"})
_SIGNING = _FLAGS | _LOOKS | {"V", "MK", "DA", "DR", "Q", "BS", "Border", "M", "P", "Lock", "StructParent"}
_FILLING = _FLAGS | _LOOKS | {"V", "RV", "I", "TI", "DA", "M"}
_LOCKING = 64 | 128 | 512
"""ReadOnly, Locked and LockedContents of an annotation (ISO 32000-2 table 167)."""
_READ_ONLY = 1
"""ReadOnly of a field (ISO 32000-2 table 227)."""
_UNSEEN = 2 | 32
"""Hidden and NoView (ISO 32000-2 table 167)."""
_ACTIONS = frozenset({"A", "AA"})
_ONCE_SET = frozenset({"DA", "Q"})


def form_findings(step: Step) -> Iterator[Finding]:
    """The form dictionary, its tree, and the nodes that differ."""
    was, becomes = step.old.root.get("AcroForm"), step.new.root.get("AcroForm")
    same = step.comparison.equal(was, becomes)
    if same and not step.altered_in(Role.FORM, Role.FIELDS, Role.NODE) and not step.touches(Kind.NODE):
        return
    before, after = acro_form(step.old) or {}, acro_form(step.new)
    if after is None:
        if before:
            yield forbidden("form removed")
        return
    yield from _dictionary(step, before, after)
    tree = form_tree(step.new)
    yield from _tree(step, step.territory.form, tree)
    for number, keys in step.altered_entries().items():
        if number in step.territory.form.nodes and number in tree.nodes:
            yield from _node(step, step.territory.form.nodes[number], tree.nodes[number], keys)


def _dictionary(step: Step, before: PdfDict, after: PdfDict) -> Iterator[Finding]:
    for key in sorted(step.comparison.changed_keys(before, after)):
        was, becomes = step.old.resolve(before.get(key)), step.new.resolve(after.get(key))
        allowed = (
            key in {"Fields", "SigFlags"}
            or (key in _ONCE_SET and was is None)
            # true makes a viewer draw all fields anew, which can show other than what was signed
            or (key == "NeedAppearances" and becomes is not True)
            or (key == "DR" and resources_added(step, entry(step.old, was), entry(step.new, becomes)))
        )
        if not allowed:
            yield forbidden(f"form, {key}")


def _tree(step: Step, before: FormTree, after: FormTree) -> Iterator[Finding]:
    for number, node in before.nodes.items():
        if number not in after.nodes:
            yield forbidden(f"{named(node.name)} removed")
        elif after.nodes[number].name != node.name:
            yield forbidden(f"{named(node.name)} renamed")
    if not step.comparison.equal([d for _, d in before.direct], [d for _, d in after.direct]):
        yield forbidden("fields")
    for number, node in after.nodes.items():
        if number not in before.nodes:
            yield from _new_node(step, after, node)


def _new_node(step: Step, tree: FormTree, node: Node) -> Iterator[Finding]:
    """A new field for a signature is permitted, and so is its widget; any other new field is not."""
    place = named(node.name)
    kind = step.new.resolve(node.get("FT"))
    parent = node.parent
    grouping = kind is None and set(node.dictionary) <= {"T", "TU", "TM", "Kids", "Parent", "Type"}
    if grouping and tree.children(node):
        return
    if kind != "Sig" or step.old.get(node.reference) is not None or node.dictionary.keys() & _ACTIONS:
        yield forbidden(f"{place} added")
    elif "T" not in node.dictionary and parent is not None:
        if parent.number in step.territory.form.nodes and not _is_signed_now(step, parent):
            yield forbidden(f"{place}, widget")
    else:
        yield _signing(step, tree, node)


def _is_signed_now(step: Step, node: Node) -> bool:
    before = step.territory.form.nodes.get(node.number)
    return dictionary(step.new, node.get("V")) is not None and (
        before is None or dictionary(step.old, before.get("V")) is None
    )


def _signing(step: Step, tree: FormTree, node: Node) -> Finding:
    """A field that got a signature, or a new one without any."""
    place = named(node.name)
    widgets = [node, *tree.children(node)]
    seen = any(_is_seen(step, widget.dictionary) for widget in widgets)
    signature = signature_dictionary(step.new, node.get("V"))
    if signature is None:
        if seen and any(widget.dictionary.get("AP") is not None for widget in widgets):
            return forbidden(f"{place} shows a signature that is none")
        return Finding(ChangeKind.SIGNATURE_ADDED, Need.FORM, f"{place}, empty", node.name)
    covered = signature.byte_range
    if len(covered) != 4 or covered[2] + covered[3] < step.revision.eof:
        return forbidden(f"{place} holds a signature that does not cover the update")
    if signature.sub_filter == "ETSI.RFC3161" and not seen:
        return Finding(ChangeKind.TIMESTAMP_ADDED, Need.NOTHING, place)
    return Finding(ChangeKind.SIGNATURE_ADDED, Need.FORM, place, node.name)


def _is_seen(step: Step, widget: PdfDict) -> bool:
    """Whether a widget takes any room on its page."""
    corners = [step.new.resolve(each) for each in array(step.new, widget.get("Rect")) or []]
    numbers = [each for each in corners if isinstance(each, (int, float))]
    if len(numbers) != 4 or (integer(step.new, widget.get("F")) or 0) & _UNSEEN:
        return False
    return numbers[0] != numbers[2] and numbers[1] != numbers[3]


def _node(step: Step, before: Node, after: Node, keys: set[str]) -> Iterator[Finding]:
    """An existing field or widget that differs in `keys`."""
    keys = keys - _TREE
    place = named(after.name)
    if not keys:
        return
    if keys <= _FLAGS and _flags_lock(step, before.dictionary, after.dictionary):
        yield Finding(ChangeKind.FORM_FILLED, Need.FORM, place, after.name)
    elif keys & {"", "FT", "T", *_ACTIONS}:
        yield forbidden(place)
    elif step.new.resolve(after.get("FT")) == "Sig":
        yield from _signature_node(step, after, keys)
    elif (
        keys <= _FILLING
        and _is_filled(step, before, after)
        and _flags_lock(step, before.dictionary, after.dictionary)
    ):
        yield Finding(ChangeKind.FORM_FILLED, Need.FORM, place, after.name)
    else:
        yield forbidden(place)


def _signature_node(step: Step, after: Node, keys: set[str]) -> Iterator[Finding]:
    if not _is_signed_now(step, after) or not keys <= _SIGNING:
        yield forbidden(named(after.name))
        return
    if "V" in keys:  # once for the field, not for each widget
        yield _signing(step, form_tree(step.new), after)


def _is_filled(step: Step, before: Node, after: Node) -> bool:
    """Whether the value differs: a field that looks different without being filled in hides what was signed."""
    return any(
        not step.comparison.equal(was.dictionary.get("V"), becomes.dictionary.get("V"))
        for was, becomes in zip(before.line(), after.line(), strict=False)
    )


def _flags_lock(step: Step, before: PdfDict, after: PdfDict) -> bool:
    """Whether flags were changed, if at all, only so that nobody changes the field again."""

    def grew(key: str, permitted: int) -> bool:
        was, becomes = integer(step.old, before.get(key)) or 0, integer(step.new, after.get(key)) or 0
        return was | becomes == becomes and not (was ^ becomes) & ~permitted

    return grew("F", _LOCKING) and grew("Ff", _READ_ONLY)


def is_widget(value: PdfValue) -> bool:
    """Whether an annotation belongs to a form."""
    return isinstance(value, dict) and value.get("Subtype") == "Widget"
