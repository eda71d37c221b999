"""Where things are on a page as a reader sees it (ISO 32000-2 §8.3.2, table 31)."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.codecs.pdf.errors import PdfStructureDamaged
from shirushi.codecs.pdf.objects import PdfValue
from shirushi.codecs.pdf.pages import Page
from shirushi.codecs.pdf.view import PdfView, array, integer

_TURNED = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle in points: its lower left corner, its width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Geometry:
    """The visible part of a page in its own coordinates, and by how many degrees clockwise it is shown turned."""

    box: Rectangle
    rotation: int = 0

    @property
    def width(self) -> float:
        """The width as displayed, in points."""
        return self.box.height if self.rotation in {90, 270} else self.box.width

    @property
    def height(self) -> float:
        """The height as displayed, in points."""
        return self.box.width if self.rotation in {90, 270} else self.box.height

    @property
    def upright(self) -> tuple[int, int, int, int]:
        """The first four numbers of the matrix that makes a form stand upright on the turned page."""
        return _TURNED[self.rotation]

    def contains(self, area: Rectangle) -> bool:
        """Whether a rectangle, counted from the lower left corner as displayed, lies on the page."""
        return (
            area.x >= 0
            and area.y >= 0
            and area.x + area.width <= self.width
            and area.y + area.height <= self.height
        )

    def place(self, area: Rectangle) -> Rectangle:
        """That rectangle in the page's own coordinates."""
        box, right, top = self.box, self.box.x + self.box.width, self.box.y + self.box.height
        if self.rotation == 90:
            return Rectangle(right - area.y - area.height, box.y + area.x, area.height, area.width)
        if self.rotation == 180:
            return Rectangle(right - area.x - area.width, top - area.y - area.height, area.width, area.height)
        if self.rotation == 270:
            return Rectangle(box.x + area.y, top - area.x - area.width, area.height, area.width)
        return Rectangle(box.x + area.x, box.y + area.y, area.width, area.height)


def geometry(view: PdfView, page: Page) -> Geometry:
    """The geometry of a page: its crop box within its media box; raises `PdfStructureDamaged`."""
    media = rectangle(view, page.get("MediaBox"))
    if media is None:
        raise PdfStructureDamaged(place="MediaBox")
    crop = rectangle(view, page.get("CropBox")) or media
    x, y = max(media.x, crop.x), max(media.y, crop.y)
    right = min(media.x + media.width, crop.x + crop.width)
    top = min(media.y + media.height, crop.y + crop.height)
    box = Rectangle(x, y, right - x, top - y) if right > x and top > y else media
    rotation = (integer(view, page.get("Rotate")) or 0) % 360
    return Geometry(box, rotation if rotation in _TURNED else 0)


def rectangle(view: PdfView, value: PdfValue) -> Rectangle | None:
    """A rectangle array, its corners put in order; None where it is none or has no area."""
    corners = [item for item in map(view.resolve, array(view, value) or []) if isinstance(item, (int, float))]
    if len(corners) != 4:
        return None
    (left, right), (bottom, top) = sorted(corners[::2]), sorted(corners[1::2])
    return Rectangle(left, bottom, right - left, top - bottom) if right > left and top > bottom else None
