"""Sets plain text on A4 pages and writes them as a PDF file of their own (ISO 32000-2).

For statements and receipts: paragraphs, headings and rows of label and value, in one embedded font, Japanese and Latin.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import east_asian_width

from shirushi.codecs.pdf.fonts import FontSubset, characters, needed
from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, Stream, stream
from shirushi.codecs.pdf.text import encode_date, encode_text
from shirushi.codecs.pdf.writer import serialise, serialise_dictionary
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.instant import Instant

WIDTH, HEIGHT = 595.28, 841.89
"""A4, in points."""
SIDE, TOP, BOTTOM = 56.0, 46.0, 108.0
"""The margins; that at the bottom leaves room for a visible mark."""
_LEADING = 1.55
_FOOT_SIZE, _FOOT_HEIGHT = 7.5, 40.0
_LABEL_SIZE = 9.5
_TOGETHER = 3
"""So many of a paragraph's first lines never part."""
_NEVER_FIRST = frozenset(
    "、。，．・：；？！）」』】〉》〕］｝ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ…‥％°)]}.,:;?!%”’»"
)
_NEVER_LAST = frozenset("（「『【〈《〔［｛([{“‘«§")
INK, PALE = (0.102, 0.102, 0.102), (0.34, 0.325, 0.286)
_KINDS = {"title": "H1", "heading": "H2", "text": "P"}


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `label` stands in a column of its own, `indent` points wide; `before` is the space above, in points.

    `kind` is `title`, `heading` or `text`. `rule` draws a thin line above it.
    """

    text: str
    kind: str = "text"
    size: float = 9.5
    before: float = 3.0
    label: str = ""
    indent: float = 0.0
    colour: tuple[float, float, float] = INK
    rule: bool = False

    @property
    def bold(self) -> bool:
        """Whether it stands out."""
        return self.kind != "text"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that travels inside the PDF (ISO 32000-2 §7.11.4); `content` is the source of what is printed."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheets:
    """What is printed: blocks in their order, a line at the foot of every page, and what the file says of itself."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    foot: str
    made: Instant
    attached: Attached | None = None

    @property
    def characters(self) -> frozenset[str]:
        """What the font subset must hold."""
        lines = [text for block in self.blocks for text in (block.text, block.label)]
        return needed([*lines, self.foot, "0123456789/ "])

    def replaced(self, missing: str, by: str = "〓") -> Sheets:
        """The same with a character that the font lacks replaced by one that says so."""
        blocks = tuple(
            replace(block, text=block.text.replace(missing, by), label=block.label.replace(missing, by))
            for block in self.blocks
        )
        return replace(self, blocks=blocks, foot=self.foot.replace(missing, by))


@dataclass(frozen=True, slots=True)
class _Line:
    block: Block
    text: str
    first: bool
    y: float


def write_sheets(sheets: Sheets, font: FontSubset) -> bytes:
    """The PDF, tagged (ISO 32000-2 §14.8); the same bytes for the same sheets and font."""
    pages = list(_paginate(sheets.blocks, font))
    objects: list[PdfValue] = [None, None]  # the catalogue and the page tree come to know their parts last
    objects += font.objects(3)
    font_place = Reference(len(objects))
    root_place = Reference(len(objects) + 1)
    objects.append(None)
    kids: list[PdfValue] = []
    elements: list[PdfValue] = []
    parents: list[PdfValue] = []
    for number, lines in enumerate(pages):
        content = zlib.compress(_draw(lines, font, sheets.foot, number + 1, len(pages)), 9)
        objects.append(stream({"Filter": Name("FlateDecode")}, content))
        page_place = Reference(len(objects) + 1)
        objects.append(
            {
                "Type": Name("Page"),
                "Parent": Reference(2),
                "MediaBox": [0, 0, WIDTH, HEIGHT],
                "Resources": {"Font": {"F": font_place}},
                "Contents": Reference(len(objects)),
                "StructParents": number,
                "Tabs": Name("S"),
            }
        )
        kids.append(page_place)
        own: list[PdfValue] = []
        for mark, block in enumerate(_blocks_of(lines)):
            objects.append(
                {
                    "Type": Name("StructElem"),
                    "S": Name(_KINDS[block.kind]),
                    "P": root_place,
                    "Pg": page_place,
                    "K": mark,
                }
            )
            own.append(Reference(len(objects)))
        elements += own
        parents += [number, own]
    objects[root_place.number - 1] = {
        "Type": Name("StructTreeRoot"),
        "K": elements,
        "ParentTree": {"Nums": parents},
        "ParentTreeNextKey": len(pages),
    }
    catalogue: PdfDict = {
        "Type": Name("Catalog"),
        "Pages": Reference(2),
        "Lang": encode_text(sheets.language),
        "MarkInfo": {"Marked": True},
        "StructTreeRoot": root_place,
        "ViewerPreferences": {"DisplayDocTitle": True},
    }
    if sheets.attached:
        catalogue |= _attach(objects, sheets.attached, sheets.made)
    objects[0] = catalogue
    objects[1] = {"Type": Name("Pages"), "Kids": kids, "Count": len(kids)}
    moment = encode_date(sheets.made)
    objects.append({"Title": encode_text(sheets.title), "Producer": b"Shirushi", "CreationDate": moment})
    return _file(objects)


def _attach(objects: list[PdfValue], attached: Attached, made: Instant) -> PdfDict:
    """Add the file; the entries by which the catalogue names it (ISO 32000-2 §14.13)."""
    objects.append(
        stream(
            {
                "Type": Name("EmbeddedFile"),
                "Subtype": Name(attached.media_type),
                "Filter": Name("FlateDecode"),
                "Params": {"Size": len(attached.content), "ModDate": encode_date(made)},
            },
            zlib.compress(attached.content, 9),
        )
    )
    name = encode_text(attached.name)
    objects.append(
        {
            "Type": Name("Filespec"),
            "F": name,
            "UF": name,
            "AFRelationship": Name("Source"),
            "EF": {"F": Reference(len(objects)), "UF": Reference(len(objects))},
        }
    )
    place = Reference(len(objects))
    return {"Names": {"EmbeddedFiles": {"Names": [name, place]}}, "AF": [place]}


def _file(objects: Sequence[PdfValue]) -> bytes:
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    position = len(parts[0])
    offsets = []
    for number, value in enumerate(objects, start=1):
        offsets.append(position)
        part = b"%d 0 obj\n%b\nendobj\n" % (number, _body(value))
        parts.append(part)
        position += len(part)
    identifier = DigestAlgorithm.SHA256.digest(b"".join(parts))[:16]
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = serialise_dictionary(
        {
            "Size": len(objects) + 1,
            "Root": Reference(1),
            "Info": Reference(len(objects)),
            "ID": [identifier, identifier],
        }
    )
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table))
    parts.append(b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (trailer, position))
    return b"".join(parts)


def _body(value: PdfValue) -> bytes:
    if isinstance(value, Stream):
        return b"%b\nstream\n%b\nendstream" % (serialise_dictionary(value.dictionary), value.read())
    return serialise(value)


def _paginate(blocks: Iterable[Block], font: FontSubset) -> Iterator[list[_Line]]:
    """Lines in pages; a heading goes over to the next page with the first line of what follows it.

    What follows the last text is left out: a heading with nothing under it.
    """
    page: list[_Line] = []
    y = HEIGHT - TOP
    held: list[Block] = []
    for block in blocks:
        held.append(block)
        if block.kind == "heading":
            continue
        broken = [(each, _broken(each, font)) for each in held]
        room = sum(each.before + each.size * _LEADING * min(len(lines), _TOGETHER) for each, lines in broken)
        if page and y - room < BOTTOM:
            yield page
            page, y = [], HEIGHT - TOP
        for each, lines in broken:
            y -= each.before if page else 0
            for index, text in enumerate(lines):
                if page and y - each.size * _LEADING < BOTTOM:
                    yield page
                    page, y = [], HEIGHT - TOP
                y -= each.size * _LEADING
                page.append(_Line(each, text, index == 0, y))
        held = []
    if page:
        yield page


def _broken(block: Block, font: FontSubset) -> list[str]:
    """The block's lines, broken where Japanese (JIS X 4051) and Latin text may be."""
    most = (WIDTH - 2 * SIDE - block.indent) / block.size
    lines, line, width = [], "", 0.0
    for whole in _pieces(block.text):
        piece, wide = whole, font.width(whole)
        if line and width + font.width(piece.rstrip()) > most:
            lines.append(line.rstrip())
            line, width = "", 0.0
        while wide > most:
            cut = next(n for n in range(len(piece), 0, -1) if n == 1 or font.width(piece[:n]) <= most)
            lines.append(piece[:cut])
            piece = piece[cut:]
            wide = font.width(piece)
        line += piece
        width += wide
    return [*lines, line.rstrip()]


def _pieces(text: str) -> Iterator[str]:
    """What is never broken: Latin words with the space after them, and single characters with their punctuation."""
    piece = ""
    for each in characters(text):
        if piece and _may_break(piece[-1], each):
            yield piece
            piece = ""
        piece += each
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if before in _NEVER_LAST or after[0] in _NEVER_FIRST or after == " ":
        return False
    return before == " " or _wide(before) or _wide(after[0])


def _wide(character: str) -> bool:
    return east_asian_width(character) in {"W", "F"}


def _blocks_of(lines: Iterable[_Line]) -> list[Block]:
    """The blocks of a page, each once, in their order."""
    found: list[Block] = []
    for line in lines:
        if not found or line.block is not found[-1]:
            found.append(line.block)
    return found


def _draw(lines: Sequence[_Line], font: FontSubset, foot: str, number: int, count: int) -> bytes:
    parts: list[bytes] = []
    current: Block | None = None
    mark = -1
    for line in lines:
        block = line.block
        if block is not current:
            if current is not None:
                parts.append(b"EMC")
            if block.rule:
                parts.append(_rule(line.y + block.size * _LEADING + 3))
            mark += 1
            current = block
            parts.append(b"/%b <</MCID %d>> BDC" % (_KINDS[block.kind].encode(), mark))
        if line.first and block.label:
            parts.append(_shown(font, block.label, min(block.size, _LABEL_SIZE), (SIDE, line.y), PALE))
        at = (SIDE + block.indent, line.y)
        parts.append(_shown(font, line.text, block.size, at, block.colour, bold=block.bold))
    parts += [b"EMC", b"/Artifact BMC", _rule(_FOOT_HEIGHT + 12)]
    page = f"{number} / {count}"
    parts.append(_shown(font, f"{page}  {foot}", _FOOT_SIZE, (SIDE, _FOOT_HEIGHT), PALE))
    parts.append(b"EMC")
    return b"\n".join(parts)


def _rule(y: float) -> bytes:
    return b"q 0.85 0.83 0.78 RG 0.6 w %.2f %.2f m %.2f %.2f l S Q" % (SIDE, y, WIDTH - SIDE, y)


def _shown(
    font: FontSubset,
    text: str,
    size: float,
    at: tuple[float, float],
    colour: tuple[float, float, float],
    *,
    bold: bool = False,
) -> bytes:
    """A line of text; what is bold is drawn with a thin outline of its colour (ISO 32000-2 §9.3.6)."""
    weight = b"%.3f %.3f %.3f RG 2 Tr %.2f w" % (*colour, size * 0.025) if bold else b"0 Tr"
    ink = b"%.3f %.3f %.3f rg" % colour
    place = b"%.2f %.2f Td" % (at[0], at[1] + size * 0.35)
    return b"BT %b %b /F %.2f Tf %b %b Tj ET" % (weight, ink, size, place, font.encode(text))
