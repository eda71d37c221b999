"""The page tree (ISO 32000-2 §7.7.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shirushi.codecs.pdf.errors import PdfLimitExceeded, PdfPageMissing, PdfStructureDamaged
from shirushi.codecs.pdf.objects import PdfDict, PdfValue, Reference
from shirushi.codecs.pdf.view import PdfView, array, dictionary

_DEEPEST = 64
INHERITABLE = ("Resources", "MediaBox", "CropBox", "Rotate")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where it stands, its number counted from 0, its dictionary, and what its ancestors hand down."""

    reference: Reference
    index: int
    dictionary: PdfDict = field(repr=False)
    ancestors: tuple[PdfDict, ...] = field(repr=False, default=())

    def get(self, key: str) -> PdfValue:
        """The page's entry, inherited where it is inheritable; not resolved."""
        value = self.dictionary.get(key)
        if value is None and key in INHERITABLE:
            for ancestor in self.ancestors:
                value = ancestor.get(key)
                if value is not None:
                    break
        return value


def pages(view: PdfView) -> Iterator[Page]:
    """The pages in order. `/Count` is not trusted; raises `PdfStructureDamaged` where the tree is none."""
    top = view.root.get("Pages")
    if not isinstance(top, Reference) or dictionary(view, top) is None:
        raise PdfStructureDamaged(place="Pages")
    index = 0
    inner: set[Reference] = set()
    stack: list[tuple[Reference, tuple[PdfDict, ...]]] = [(top, ())]
    while stack:
        reference, ancestors = stack.pop()
        node = dictionary(view, reference)
        if node is None:
            continue
        if "Kids" not in node:
            if node.get("Type") == "Pages":
                continue
            yield Page(reference, index, node, ancestors)
            index += 1
            continue
        if (
            reference in inner or len(ancestors) > _DEEPEST
        ):  # a node has one parent: no loop, and no tree of 2**64 paths
            raise PdfLimitExceeded(limit="page tree")
        inner.add(reference)
        below = (node, *ancestors)
        stack.extend(
            (kid, below) for kid in reversed(array(view, node["Kids"]) or []) if isinstance(kid, Reference)
        )


def page_at(view: PdfView, number: int) -> Page:
    """The page of that number, counted from 1, or from the end as -1, -2, …; raises `PdfPageMissing`."""
    if number > 0:
        for page in pages(view):
            if page.index == number - 1:
                return page
    elif number < 0:
        every = list(pages(view))
        if -number <= len(every):
            return every[number]
    raise PdfPageMissing(page=number)
