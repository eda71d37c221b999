"""How a signature looks: a vermilion seal beside lines of text, Japanese or Latin, drawn as a form XObject."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from shirushi.codecs.pdf.fonts import FontSubset, needed
from shirushi.codecs.pdf.images import Image
from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, Stream, stream

_VERMILION = b"0.702 0.149 0.118"  # #b3261e
_INK = b"0.102 0.102 0.102"  # #1a1a1a
_LARGEST = 16.0
"""The largest size of a line of relative size 1, in points."""
_LEADING = 1.3
_CIRCLE = 0.5523
"""How far the control points of a quarter circle lie, in radii."""
EMBLEM = "印"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the mark; `size` is relative to the other lines."""

    text: str
    size: float = 1.0
    vermilion: bool = False


def characters_of(lines: tuple[Line, ...], emblem: str = EMBLEM) -> frozenset[str]:
    """What the font subset of an `Appearance` must hold."""
    return needed([*(line.text for line in lines), emblem])


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a visible signature shows: a seal on the left, lines beside it, a thin vermilion border around both.

    The seal is `image`, a company's own, where there is one; else `emblem`, one or two characters in a vermilion ring;
    else none. The text is set as large as the area allows.
    """

    lines: tuple[Line, ...]
    font: FontSubset = field(repr=False)
    image: Image | None = field(repr=False, default=None)
    emblem: str = EMBLEM
    border: bool = True

    def build(
        self, width: float, height: float, upright: tuple[int, int, int, int], first: int
    ) -> tuple[Stream, list[PdfValue]]:
        """The form XObject for an area of that size in points, and the objects it refers to, numbered from `first`."""
        parts = self.font.objects(first)
        used: PdfDict = {"Font": {"F": Reference(first + len(parts) - 1)}}
        if self.image:
            parts += self.image.objects(first + len(parts))
            used["XObject"] = {"I": Reference(first + len(parts) - 1)}
        content = zlib.compress(self._draw(width, height), 9)
        entries: PdfDict = {
            "Type": Name("XObject"),
            "Subtype": Name("Form"),
            "BBox": [0, 0, round(width, 3), round(height, 3)],
            "Matrix": [*upright, 0, 0],
            "Resources": used,
            "Filter": Name("FlateDecode"),
        }
        return stream(entries, content), parts

    def _draw(self, width: float, height: float) -> bytes:
        margin = min(width, height) * 0.08
        parts = [b"q"]
        if self.border:
            stroke = max(0.5, min(1.2, min(width, height) * 0.015))
            parts.append(b"%b RG %.2f w" % (_VERMILION, stroke))
            half = stroke / 2
            parts.append(b"%.2f %.2f %.2f %.2f re S" % (half, half, width - stroke, height - stroke))
        left = margin
        inner = height - 2 * margin
        if self.image:
            wide = min(inner * self.image.width / self.image.height, width * 0.45)
            high = wide * self.image.height / self.image.width
            parts.append(b"q %.3f 0 0 %.3f %.3f %.3f cm /I Do Q" % (wide, high, left, (height - high) / 2))
            left += wide + margin
        elif self.emblem:
            size = min(inner, width * 0.3)
            parts.append(self._ring(left + size / 2, height / 2, size / 2))
            left += size + margin
        parts.append(self._text(left, margin, width - left - margin, inner))
        parts.append(b"Q")
        return b"\n".join(parts)

    def _ring(self, x: float, y: float, radius: float) -> bytes:
        """A ring with the emblem in it, upright, two characters one under the other."""
        stroke = radius * 0.09
        r = radius - stroke / 2
        k = r * _CIRCLE
        arcs = b"%.2f %.2f m" % (x + r, y)
        for ax, ay, bx, by, cx, cy in (
            (r, k, k, r, 0.0, r),
            (-k, r, -r, k, -r, 0.0),
            (-r, -k, -k, -r, 0.0, -r),
            (k, -r, r, -k, r, 0.0),
        ):
            arcs += b" %.2f %.2f %.2f %.2f %.2f %.2f c" % (x + ax, y + ay, x + bx, y + by, x + cx, y + cy)
        size = 2 * radius * (0.62 if len(self.emblem) == 1 else 0.4)
        top = y + size * len(self.emblem) / 2
        shown = b""
        for index, character in enumerate(self.emblem):
            base = top - size * (index + 0.88)
            start = x - self.font.width(character) * size / 2
            shown += b" BT /F %.2f Tf %.2f %.2f Td %b Tj ET" % (
                size,
                start,
                base,
                self.font.encode(character),
            )
        return b"q %b RG %b rg %.2f w %b h S%b Q" % (_VERMILION, _VERMILION, stroke, arcs, shown)

    def _text(self, x: float, y: float, width: float, height: float) -> bytes:
        """The lines, one under the other, in the middle of their part."""
        tall = sum(line.size for line in self.lines) * _LEADING
        wide = max((self.font.width(line.text) * line.size for line in self.lines), default=0)
        if not tall or not wide or width <= 0:
            return b""
        size = min(_LARGEST, height / tall, width / wide)
        baseline = y + (height + tall * size) / 2
        parts = []
        for line in self.lines:
            own = line.size * size
            baseline -= own * _LEADING
            colour = _VERMILION if line.vermilion else _INK
            shown = self.font.encode(line.text)
            parts.append(
                b"BT %b rg /F %.2f Tf %.2f %.2f Td %b Tj ET" % (colour, own, x, baseline + own * 0.3, shown)
            )
        return b"\n".join(parts)
