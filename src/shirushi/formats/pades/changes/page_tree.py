"""The page tree with its inner nodes (ISO 32000-2 §7.7.3)."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.codecs.pdf.errors import PdfLimitExceeded
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.codecs.pdf.view import PdfView, array, dictionary

_DEEPEST = 64
_MOST = 1 << 20


@dataclass(frozen=True, slots=True)
class PageTree:
    """The pages in order, and the inner nodes, by reference; `arrays` are `/Kids` arrays that are objects."""

    pages: tuple[Reference, ...]
    inner: tuple[Reference, ...]
    arrays: frozenset[int]


def page_tree(view: PdfView) -> PageTree:
    """Read the tree; raises `PdfLimitExceeded` where it is deeper or larger than any document of good faith."""
    pages: list[Reference] = []
    inner: dict[Reference, None] = {}
    arrays: set[int] = set()
    pending: list[tuple[PdfValue, int]] = [(view.root.get("Pages"), 0)]
    while pending:
        item, depth = pending.pop()
        found: PdfDict | None = dictionary(view, item)
        if not isinstance(item, Reference) or found is None:
            continue
        if "Kids" not in found and found.get("Type") != "Pages":
            pages.append(item)
        elif item not in inner:
            inner[item] = None
            kids = found.get("Kids")
            if isinstance(kids, Reference):
                arrays.add(kids.number)
            pending.extend((kid, depth + 1) for kid in reversed(array(view, kids) or []))
        if depth > _DEEPEST or len(pending) + len(pages) > _MOST:
            raise PdfLimitExceeded(limit="page tree")
    return PageTree(tuple(pages), tuple(inner), frozenset(arrays))
