import struct
import subprocess
import zlib
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from shirushi.codecs.pdf.errors import GlyphMissing, ImageUnsupported, PdfFontUnusable
from shirushi.codecs.pdf.fonts import FontSubset, characters
from shirushi.codecs.pdf.geometry import Geometry, Rectangle
from shirushi.codecs.pdf.images import read_image
from shirushi.codecs.pdf.objects import Name, Reference, Stream
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.subset import subset_font
from shirushi.formats.pades.appearance import Appearance, Line, characters_of
from shirushi.formats.pades.declined import MarkOutsidePage
from shirushi.formats.pades.layout import Layout, SignatureFieldParameters, VisibleMark, lay_out
from tests.unit.codecs_pdf.builder import OBJECTS, PAGE, classic, doc

LINES = (Line("電子署名", 0.8, vermilion=True), Line("渡邉 花子", 1.5), Line("Approved (承認) がぎ", 0.8))
VERMILION = (179, 38, 30)


@cache
def vendored() -> bytes:
    return resources.files("shirushi").joinpath("vendor/noto-sans-jp/NotoSansJP-Regular.ttf").read_bytes()


def font(lines: tuple[Line, ...] = LINES) -> FontSubset:
    return subset_font(vendored(), characters_of(lines))


def png(width: int, height: int, depth: int, colour: int, rows: bytes, **chunks: bytes) -> bytes:
    """A PNG; `rows` without filters."""
    size = len(rows) // height
    data = b"".join(b"\x00" + rows[at : at + size] for at in range(0, len(rows), size))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    extra = b"".join(chunk(kind.encode(), body) for kind, body in chunks.items())
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def marked(data: bytes, appearance: Appearance, area: Rectangle, page: int = 1) -> Layout:
    return lay_out(
        PdfReader(doc(data)),
        SignatureFieldParameters(bytes(16), 100, mark=VisibleMark(appearance, page, area)),
    )


def test_the_subset_is_small_the_same_every_time_and_kept() -> None:
    subset = font()
    assert len(subset.data) < 12_000
    assert subset is font()
    assert subset.name.endswith("+NotoSansJP-Regular")
    assert len(subset.name.split("+")[0]) == 6
    assert set(subset.glyphs) == set(characters("".join(line.text for line in LINES) + "印"))
    assert subset.width("電子") == 2.0
    assert subset.encode("電")[:1] == b"<"


def test_composed_and_decomposed_text_is_the_same_and_variants_fall_back() -> None:
    assert characters("か\u3099") == ["が"]
    assert characters("邉\U000e0100a") == ["邉\U000e0100", "a"]
    varied = subset_font(vendored(), frozenset({"邉\U000e0100", "邉"}))
    assert varied.width("邉\U000e0100") == 1.0


def test_a_missing_glyph_is_named() -> None:
    with pytest.raises(GlyphMissing) as caught:
        font((Line("ok 🖋"),))
    assert caught.value.parameters == {"character": "🖋", "codepoint": "U+1F58B"}
    assert "U+1F58B" in caught.value.explain("ja")
    with pytest.raises(PdfFontUnusable):
        subset_font(b"no font", frozenset("a"))


RGBA = png(2, 1, 8, 6, bytes([1, 2, 3, 4, 5, 6, 7, 8]))


@pytest.mark.parametrize(
    ("data", "colour", "mask"),
    [
        (RGBA, bytes([1, 2, 3, 5, 6, 7]), bytes([4, 8])),
        (png(1, 2, 8, 4, bytes([9, 1, 8, 2])), bytes([9, 8]), bytes([1, 2])),
        (png(1, 1, 16, 6, bytes([1, 0, 2, 0, 3, 0, 4, 0])), bytes([1, 2, 3]), bytes([4])),
        (
            png(3, 1, 8, 3, bytes([0, 1, 1]), PLTE=bytes(6), tRNS=b"\x07"),
            bytes([0, 1, 1]),
            bytes([7, 255, 255]),
        ),
        (
            png(3, 1, 2, 3, bytes([0b00011000]), PLTE=bytes(9), tRNS=b"\x00\x05"),
            bytes([0b00011000]),
            bytes([0, 5, 255]),
        ),
    ],
)
def test_transparency_becomes_a_soft_mask(data: bytes, colour: bytes, mask: bytes) -> None:
    image = read_image(data)
    assert zlib.decompress(image.colour.read()) == colour
    assert image.mask is not None
    assert zlib.decompress(image.mask.read()) == mask
    first, second = image.objects(7)
    assert isinstance(first, Stream)
    assert isinstance(second, Stream)
    assert second.dictionary["SMask"] == Reference(7)


def test_plain_images_are_taken_over_as_they_are() -> None:
    plain = read_image(png(2, 1, 8, 2, bytes(6), tRNS=bytes([0, 1, 0, 2, 0, 3])))
    assert plain.mask is None
    assert plain.colour.dictionary["Mask"] == [1, 1, 2, 2, 3, 3]
    assert plain.colour.dictionary["DecodeParms"] == {
        "Predictor": 15,
        "Colors": 3,
        "BitsPerComponent": 8,
        "Columns": 2,
    }
    palette = read_image(png(1, 1, 8, 3, b"\x00", PLTE=bytes(3)))
    assert palette.colour.dictionary["ColorSpace"] == [Name("Indexed"), Name("DeviceRGB"), 0, bytes(3)]
    jpeg = b"\xff\xd8\xff\xe0\x00\x04xx\xff\xff\xc2\x00\x11\x08\x00\x05\x00\x07\x03" + bytes(20)
    image = read_image(jpeg)
    assert (image.width, image.height, image.colour.dictionary["Filter"]) == (7, 5, "DCTDecode")
    assert image.objects(1) == [image.colour]


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        RGBA[:30] + b"!" + RGBA[31:],
        RGBA.replace(b"\x08\x06\x00\x00\x00", b"\x08\x06\x00\x00\x01"),
        png(1, 1, 8, 5, b"\x00"),
        png(1, 1, 4, 4, b"\x00"),
        png(9000, 9000, 1, 0, bytes(9000)),
        png(2, 2, 8, 6, bytes(10)),
        b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x05\x00\x07\x04" + bytes(20),
        b"\xff\xd8\xff\xc3\x00\x11\x08\x00\x05\x00\x07\x03" + bytes(20),
        b"\xff\xd8\xff\xe0\x00\x04",
    ],
)
def test_other_images_are_refused(data: bytes) -> None:
    with pytest.raises(ImageUnsupported):
        read_image(data)


def test_a_mark_must_lie_on_its_page() -> None:
    with pytest.raises(MarkOutsidePage) as caught:
        marked(classic(), Appearance(LINES, font()), Rectangle(500, 10, 100, 50))
    assert caught.value.parameters == {"page": 1, "width": 595, "height": 842}


def test_a_field_keeps_its_area() -> None:
    objects = {
        **OBJECTS,
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R 7 0 R]>>>>",
        5: b"<</FT/Sig/T(one)/Rect[100 100 50 50]/Subtype/Widget>>",
        7: b"<</FT/Sig/T(two)/Kids[8 0 R]>>",
        8: b"<</Parent 7 0 R/Rect[0 0 0 0]/Subtype/Widget>>",
    }
    reader = PdfReader(doc(classic(objects)))
    mark = VisibleMark(Appearance(LINES, font()), 1, Rectangle(0, 0, 10, 10))
    one = PdfReader(
        lay_out(reader, SignatureFieldParameters(bytes(16), field_name="one", mark=mark)).document
    )
    widget = one.get(Reference(5))
    assert isinstance(widget, dict)
    assert widget["Rect"] == [100, 100, 50, 50]
    look = widget["AP"]
    assert isinstance(look, dict)
    form = one.resolve(look["N"])
    assert isinstance(form, Stream)
    assert form.dictionary["BBox"] == [0, 0, 50, 50]
    two = PdfReader(
        lay_out(reader, SignatureFieldParameters(bytes(16), field_name="two", mark=mark)).document
    )
    assert two.get(Reference(8)) == reader.get(Reference(8))


def test_geometry_of_turned_pages() -> None:
    box = Rectangle(10, 20, 100, 200)
    area = Rectangle(1, 2, 30, 40)
    assert Geometry(box).place(area) == Rectangle(11, 22, 30, 40)
    assert Geometry(box, 90).place(area) == Rectangle(110 - 2 - 40, 21, 40, 30)
    assert Geometry(box, 180).place(area) == Rectangle(110 - 1 - 30, 220 - 2 - 40, 30, 40)
    assert Geometry(box, 270).place(area) == Rectangle(12, 220 - 1 - 30, 40, 30)
    assert (Geometry(box, 90).width, Geometry(box, 90).height) == (200, 100)


def _vermilion_box(pdf: bytes, folder: Path) -> tuple[tuple[int, int], tuple[int, int, int, int]]:
    """Draw the first page at 72 dpi: its size, and the box around everything vermilion."""
    (folder / "in.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "72", "-aa", "no", str(folder / "in.pdf"), str(folder / "out")], check=True
    )
    (drawn,) = folder.glob("out*.ppm")
    _, size, _, pixels = drawn.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    found = [
        (at // 3 % width, at // 3 // width)
        for at in range(0, len(pixels), 3)
        if tuple(pixels[at : at + 3]) == VERMILION
    ]
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return (width, height), (min(xs), height - 1 - max(ys), max(xs), height - 1 - min(ys))


@pytest.mark.needs("pdftoppm", "poppler-utils")
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_mark_is_drawn_upright_where_it_was_asked_for(rotation: int, tmp_path: Path) -> None:
    page = PAGE.replace(b"[0 0 595 842]", b"[10 20 410 520]/Rotate %d" % rotation)
    seal = read_image(png(1, 1, 8, 6, bytes([0, 0, 255, 128])))
    layout = marked(
        classic({**OBJECTS, 3: page}), Appearance(LINES, font(), seal), Rectangle(30, 40, 200, 60)
    )
    size, (left, bottom, right, top) = _vermilion_box(layout.document.read(), tmp_path)
    assert size == ((400, 500) if rotation in {0, 180} else (500, 400))
    assert (left, bottom) == pytest.approx((30, 40), abs=2)
    assert (right, top) == pytest.approx((230, 100), abs=2)


@pytest.mark.needs("pdftotext", "poppler-utils")
def test_the_text_of_the_mark_can_be_read_again(tmp_path: Path) -> None:
    layout = marked(classic(), Appearance(LINES, font()), Rectangle(30, 40, 200, 60))
    (tmp_path / "in.pdf").write_bytes(layout.document.read())
    done = subprocess.run(
        ["pdftotext", str(tmp_path / "in.pdf"), "-"], check=True, capture_output=True, encoding="utf-8"
    )
    for line in LINES:
        assert line.text in done.stdout
