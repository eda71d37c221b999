"""What an update did to trailer, catalogue and pages, and to everything that is content."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.core.evidence import ChangeKind
from shirushi.formats.pades.changes.findings import Finding, Need, forbidden, metadata, page
from shirushi.formats.pades.changes.page_tree import page_tree
from shirushi.formats.pades.changes.step import Step, entry
from shirushi.formats.pades.changes.tags import added_tags
from shirushi.formats.pades.changes.territory import METADATA_KEYS, Kind, Role

_FILE_KEYS = frozenset(  # ISO 32000-2 tables 15 and 17: where things stand, not what they are
    {
        "Root", "Info", "ID", "Size", "Prev", "XRefStm", "Type", "Index", "W", "Length", "Filter", "DecodeParms",
        "DocChecksum",
    }
)  # fmt: skip
_QUIET_PAGE_KEYS = METADATA_KEYS | {"Annots", "Tabs", "StructParents"}
"""Entries of a page that rules of their own look at, or that show nowhere: the order of tabbing, tags, dates."""
_PRIVATE_KEYS = frozenset({"ITXT"})
"""The mark that iText leaves of its version: no program draws by it."""
_VERSIONS = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "2.0"})


def structure_findings(step: Step) -> Iterator[Finding]:
    """All but the form and the annotations."""
    yield from _trailer(step)
    yield from _catalogue(step)
    yield from _pages(step)
    for number in step.altered:
        yield from _object(step, number)


def _trailer(step: Step) -> Iterator[Finding]:
    before, after = step.old.trailer, step.new.trailer
    if step.old.root_reference != step.new.root_reference:
        yield forbidden("catalogue")
    if not step.comparison.equal(before.get("Info"), after.get("Info")):
        yield metadata("Info")
    for key in sorted(before.keys() | after.keys()):
        if key in _FILE_KEYS or step.comparison.equal(before.get(key), after.get(key)):
            continue
        if not _dangling(step, after.get(key)):
            yield forbidden(f"trailer, {key}")


def _dangling(step: Step, value: PdfValue) -> bool:
    """Whether a private entry of the trailer leads to nothing: some programs carry it on with a wrong number."""
    if isinstance(value, list):
        return all(isinstance(item, str) or _dangling(step, item) for item in value)
    return value is None or (isinstance(value, Reference) and step.new.get(value) is None)


def _catalogue(step: Step) -> Iterator[Finding]:
    before, after = step.old.root, step.new.root
    for key in sorted(step.comparison.changed_keys(before, after)):
        was, becomes = before.get(key), after.get(key)
        if key == "AcroForm":
            continue
        if key == "DSS":
            yield Finding(ChangeKind.VALIDATION_DATA_ADDED, Need.NOTHING, "DSS")
        elif key in METADATA_KEYS | _PRIVATE_KEYS or (key == "Version" and becomes in _VERSIONS):
            yield metadata(key)
        elif key == "Perms":
            yield from _permissions(step, entry(step.old, was), entry(step.new, becomes))
        elif key == "StructTreeRoot":
            yield from added_tags(step, was, becomes)
        elif key == "Names" and _adds_appearances(step, was, becomes):
            yield Finding(ChangeKind.ANNOTATION, Need.ANNOTATION, "Names, AP")
        else:
            yield forbidden(f"catalogue, {key}")


def _permissions(step: Step, before: PdfDict, after: PdfDict) -> Iterator[Finding]:
    """A certification signature enters itself (ISO 32000-2 §12.8.6); nothing else may come or go."""
    for key in sorted(step.comparison.changed_keys(before, after)):
        signature = after.get(key)
        is_new = isinstance(signature, Reference) and step.old.find(signature.number) is None
        if key != "DocMDP" or key in before or not is_new:
            yield forbidden(f"Perms, {key}")


def _adds_appearances(step: Step, before: PdfValue, after: PdfValue) -> bool:
    """Whether the names differ in those of appearances alone, which comments bring along."""
    names = step.comparison.changed_keys(entry(step.old, before), entry(step.new, after))
    return names == {"AP"} and "AP" not in entry(step.old, before)


def _pages(step: Step) -> Iterator[Finding]:
    territory, comparison = step.territory, step.comparison
    if step.altered_in(Role.PAGE_TREE) or not comparison.equal(
        step.old.root.get("Pages"), step.new.root.get("Pages")
    ):
        yield from _page_tree(step)
    for number in step.altered_in(Role.PAGE):
        index, altered = territory.page_of(number), step.altered[number]
        place = page(index) if index is not None else f"object {number}"
        if not isinstance(altered.before, dict) or not isinstance(altered.after, dict):
            yield forbidden(place)
            continue
        keys = comparison.changed_keys(altered.before, altered.after)
        for key in sorted(keys - _QUIET_PAGE_KEYS - _PRIVATE_KEYS):
            yield forbidden(f"{place}, {key}")
        if "StructParents" in keys and altered.before.get("StructParents") is not None:
            yield forbidden(f"{place}, StructParents")
        if keys & METADATA_KEYS:
            yield metadata(place)


def _page_tree(step: Step) -> Iterator[Finding]:
    before, after = step.territory.pages, page_tree(step.new)
    was, becomes = set(before.pages), set(after.pages)
    for index, each in enumerate(before.pages):
        if each not in becomes:
            yield forbidden(f"{page(index)} removed")
    for index, each in enumerate(after.pages):
        if each not in was:
            yield forbidden(f"{page(index)} added")
    if was == becomes and before.pages != after.pages:
        yield forbidden("order of pages")
    for number in step.altered_in(Role.PAGE_TREE):
        altered = step.altered[number]
        keys = {""}
        if isinstance(altered.before, dict) and isinstance(altered.after, dict):
            keys = step.comparison.changed_keys(altered.before, altered.after)
        elif isinstance(altered.before, list) and isinstance(altered.after, list):
            keys = {"Kids"}
        for key in sorted(keys - {"Kids", "Count", *_PRIVATE_KEYS}):
            yield forbidden(f"pages, {key or f'object {number}'}")
        if keys & {"Kids", "Count"} and before.pages == after.pages:
            yield forbidden(f"pages, object {number}")


def _object(step: Step, number: int) -> Iterator[Finding]:
    """What an altered object means by the part that it belongs to; parts with rules of their own are left to these."""
    part = step.territory.parts.get(number)
    if number in step.territory.entangled:
        yield forbidden(f"object {number}")
    if part is None:
        return
    altered = step.altered[number]
    if part.kind is Kind.STORE:
        yield Finding(ChangeKind.VALIDATION_DATA_ADDED, Need.NOTHING, "DSS")
    elif part.kind is Kind.METADATA:
        yield metadata(part.where)
    elif part.kind is Kind.STRUCTURE:
        if isinstance(altered.before, (dict, list)) and isinstance(altered.after, (dict, list)):
            yield from added_tags(step, altered.before, altered.after)
        else:
            yield forbidden(f"{part.where}, object {number}")
    elif part.kind is Kind.FORM:
        if not _adds_resources(step, number):
            yield forbidden(f"{part.where}, object {number}")
    elif part.kind is Kind.CONTENT:
        yield forbidden(f"{part.where}, object {number}")


_RESOURCES = frozenset(
    {"Font", "XObject", "ExtGState", "ColorSpace", "Pattern", "Shading", "Properties", "ProcSet", "Encoding"}
)


def _adds_resources(step: Step, number: int) -> bool:
    """Whether a dictionary of resources got further ones, and all that it had stayed."""
    before, after = step.altered[number].before, step.altered[number].after
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    whole = bool(before.keys() & _RESOURCES)
    return resources_added(step, before, after) if whole else _entries_added(step, before, after)


def resources_added(step: Step, before: PdfDict, after: PdfDict) -> bool:
    """Whether a resource dictionary got further resources, and all that it had stayed.

    `/XObject` alone may change: the form's resources are no part of any page, and old programs keep the look of the
    latest signature there, or beside it under a name that is none of a resource category.
    """
    return all(
        key in {"XObject", "ProcSet"}
        or key not in _RESOURCES
        or _entries_added(step, entry(step.old, was), entry(step.new, after.get(key)))
        for key, was in before.items()
    )


def _entries_added(step: Step, before: PdfDict, after: PdfDict) -> bool:
    """Whether named resources of one category got further ones, and all that there were stayed."""
    if before.keys() & {"Type", "Subtype", "Differences", "BaseEncoding"}:
        return step.comparison.equal(before, after)
    return all(step.comparison.equal(was, after.get(name)) for name, was in before.items())
