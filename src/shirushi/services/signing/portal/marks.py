"""Where a mark stands on a page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shirushi.codecs.pdf.geometry import geometry
from shirushi.codecs.pdf.pages import pages as pdf_pages
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.formats.protocol import SignatureParameters, VisibleMark

PLACES = tuple(
    f"{row}-{column}" for row in ("top", "middle", "bottom") for column in ("left", "centre", "right")
)
"""Where on a page the mark may stand, in the order in which people read the page."""
MARK_WIDTH, MARK_HEIGHT, MARGIN = 190.0, 58.0, 36.0
"""The mark's size and its distance from the edges, in points."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What is known of a PDF's pages: how many there are, and the size of the first and the last one in points."""

    count: int
    first: tuple[float, float]
    last: tuple[float, float]

    @property
    def broad(self) -> bool:
        """Whether the first page lies on its side."""
        return self.first[0] > self.first[1]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as it is chosen: on the first or the last page, at one of `PLACES`, with these lines."""

    page: str
    place: str
    lines: tuple[str, ...]

    def on(self, document: Document, given: SignatureParameters) -> SignatureParameters:
        """`given` with the mark where it stands on the document; without it where no place can be found."""
        known = pages_of(document)
        if self.page not in {"first", "last"} or self.place not in PLACES or known is None:
            return given
        first = self.page == "first"
        box = box_at(self.place, known.first if first else known.last)
        return replace(given, mark=VisibleMark(self.lines, page=1 if first else -1, box=box))


def pages_of(document: Document) -> Pages | None:
    """What is known of the document's pages; None where it is no PDF of regular structure."""
    try:
        view = PdfReader(document)
        every = list(pdf_pages(view))
        first, last = geometry(view, every[0]), geometry(view, every[-1])
    except (MalformedInput, IndexError):
        return None
    return Pages(len(every), (first.width, first.height), (last.width, last.height))


def box_at(place: str, size: tuple[float, float]) -> tuple[float, float, float, float]:
    """The mark's rectangle (left, bottom, width, height in points) at one of `PLACES` on a page of that size."""
    row, column = place.split("-")
    width, height = min(MARK_WIDTH, size[0] * 0.8), min(MARK_HEIGHT, size[1] * 0.2)
    across, up = size[0] - width, size[1] - height
    left = {"left": min(MARGIN, across / 2), "centre": across / 2, "right": max(across - MARGIN, across / 2)}
    bottom = {"bottom": min(MARGIN, up / 2), "middle": up / 2, "top": max(up - MARGIN, up / 2)}
    return left[column], bottom[row], width, height
