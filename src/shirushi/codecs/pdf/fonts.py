"""Embedded fonts: a subset of a TrueType font as a composite font (ISO 32000-2 §9.7)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from unicodedata import normalize

from shirushi.codecs.pdf.objects import Name, PdfValue, Reference, stream

_SYMBOLIC = 4
_AT_ONCE = 100
"""The most entries of one `bfchar` section."""
_TO_UNICODE_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of the subset: its number there, and its width in thousandths of the font size."""

    number: int
    width: int


@dataclass(frozen=True, slots=True)
class FontSubset:
    """A font that holds just what some text needs.

    `glyphs` maps a character, with its variation selector where it has one, to its glyph. `ascent`, `descent`,
    `cap_height` and `box` are in thousandths of the font size.
    """

    name: str
    data: bytes = field(repr=False)
    glyphs: Mapping[str, Glyph] = field(repr=False)
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]

    def width(self, text: str) -> float:
        """The width of a line of text, in font sizes."""
        return sum(self.glyphs[each].width for each in characters(text)) / 1000

    def encode(self, text: str) -> bytes:
        """A line of text as the string to show, in hexadecimal with its brackets."""
        return b"<%b>" % b"".join(b"%04X" % self.glyphs[each].number for each in characters(text))

    def objects(self, first: int) -> list[PdfValue]:
        """The objects of the font, numbered from `first`; the font dictionary is the last of them."""
        name = Name(self.name)
        file, descriptor, descendant, unicode_ = (Reference(first + index) for index in range(4))
        widths: list[PdfValue] = []
        for glyph in sorted(set(self.glyphs.values()), key=lambda each: each.number):
            widths += [glyph.number, [glyph.width]]
        packed = zlib.compress(self.data, 9)
        return [
            stream({"Filter": Name("FlateDecode"), "Length1": len(self.data)}, packed),
            {
                "Type": Name("FontDescriptor"),
                "FontName": name,
                "Flags": _SYMBOLIC,
                "FontBBox": list(self.box),
                "ItalicAngle": 0,
                "Ascent": self.ascent,
                "Descent": self.descent,
                "CapHeight": self.cap_height,
                "StemV": 80,
                "FontFile2": file,
            },
            {
                "Type": Name("Font"),
                "Subtype": Name("CIDFontType2"),
                "BaseFont": name,
                "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
                "FontDescriptor": descriptor,
                "DW": 1000,
                "W": widths,
                "CIDToGIDMap": Name("Identity"),
            },
            stream({"Filter": Name("FlateDecode")}, zlib.compress(self._to_unicode(), 9)),
            {
                "Type": Name("Font"),
                "Subtype": Name("Type0"),
                "BaseFont": name,
                "Encoding": Name("Identity-H"),
                "DescendantFonts": [descendant],
                "ToUnicode": unicode_,
            },
        ]

    def _to_unicode(self) -> bytes:
        """The way back from glyphs to text (ISO 32000-2 §9.10.3)."""
        lines = [
            b"<%04X> <%b>" % (number, text.encode("utf-16-be").hex().upper().encode("ascii"))
            for number, text in sorted({glyph.number: text for text, glyph in self.glyphs.items()}.items())
        ]
        parts = [_TO_UNICODE_HEAD]
        for start in range(0, len(lines), _AT_ONCE):
            some = lines[start : start + _AT_ONCE]
            parts.append(b"%d beginbfchar\n%b\nendbfchar\n" % (len(some), b"\n".join(some)))
        parts.append(b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
        return b"".join(parts)


def characters(text: str) -> list[str]:
    """The characters of a text in composed form, variation selectors kept with what they vary."""
    found: list[str] = []
    for each in normalize("NFC", text):
        if found and is_variation_selector(each):
            found[-1] += each
        else:
            found.append(each)
    return found


def is_variation_selector(character: str) -> bool:
    """Whether the character selects a variant of the one before it (Unicode 16 §23.4)."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def needed(lines: Iterable[str]) -> frozenset[str]:
    """All characters of some lines."""
    return frozenset(each for line in lines for each in characters(line))
