"""Makes the subset of a TrueType font that some text needs. Slow, some tenths of a second: results are kept."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError

from shirushi.codecs.pdf.errors import GlyphMissing, PdfFontUnusable
from shirushi.codecs.pdf.fonts import FontSubset, Glyph
from shirushi.core.algorithms import DigestAlgorithm

_KEPT_TABLES = {"glyf", "head", "hhea", "hmtx", "loca", "maxp"}
_KEPT = 64
_fonttools: Any = subset


def subset_font(font: bytes, characters: frozenset[str]) -> FontSubset:
    """The subset of the TrueType `font` for `characters`, as `fonts.needed` gives them.

    A variation selector that the font does not know falls back on the character itself (Unicode 16 §23.4). Raises
    `GlyphMissing`, or `PdfFontUnusable` where `font` is no TrueType font that may be embedded.
    """
    return _subset(font, tuple(sorted(characters)))


@lru_cache(_KEPT)
def _subset(font: bytes, characters: tuple[str, ...]) -> FontSubset:
    try:
        opened: Any = TTFont(BytesIO(font), lazy=True, recalcTimestamp=False)
        if "glyf" not in opened or opened["OS/2"].fsType & 2:
            raise PdfFontUnusable
        names = {each: _glyph_name(opened, each) for each in characters}
        postscript = opened["name"].getDebugName(6) or "Font"
        metrics = opened["OS/2"]
        cap_height = getattr(metrics, "sCapHeight", 0) or metrics.sTypoAscender
        _reduce(opened, set(names.values()))
        out = BytesIO()
        opened.save(out)
    except (TTLibError, KeyError) as error:
        raise PdfFontUnusable from error
    scale = 1000 / opened["head"].unitsPerEm
    head, hhea, advances = opened["head"], opened["hhea"], opened["hmtx"]
    data = out.getvalue()
    digest = DigestAlgorithm.SHA256.digest(data)
    tag = "".join(chr(ord("A") + value % 26) for value in digest[:6])
    return FontSubset(
        f"{tag}+{postscript}",
        data,
        {
            each: Glyph(opened.getGlyphID(name), round(advances[name][0] * scale))
            for each, name in names.items()
        },
        round(hhea.ascent * scale),
        round(hhea.descent * scale),
        round(cap_height * scale),
        (
            round(head.xMin * scale),
            round(head.yMin * scale),
            round(head.xMax * scale),
            round(head.yMax * scale),
        ),
    )


def _glyph_name(font: Any, character: str) -> str:
    base, selector = character[0], character[1:2]
    if selector:
        for table in font["cmap"].tables:
            if table.format == 14:
                for code, name in table.uvsDict.get(ord(selector), ()):
                    if code == ord(base) and name is not None:
                        return str(name)
    name = font.getBestCmap().get(ord(base))
    if name is None:
        raise GlyphMissing(character=base, codepoint=f"U+{ord(base):04X}")
    return str(name)


def _reduce(font: Any, names: set[str]) -> None:
    options = _fonttools.Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        name_IDs=[],
        legacy_kern=False,
    )
    subsetter = _fonttools.Subsetter(options)
    subsetter.populate(glyphs=names)
    subsetter.subset(font)
    for tag in set(font.keys()) - _KEPT_TABLES - {"GlyphOrder"}:
        del font[tag]
