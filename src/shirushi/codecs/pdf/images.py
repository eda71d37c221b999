"""PNG (ISO/IEC 15948) and JPEG (ISO/IEC 10918-1) as image objects (ISO 32000-2 §8.9.5)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from shirushi.codecs.pdf.errors import ImageUnsupported, MalformedPdf
from shirushi.codecs.pdf.filters import decode
from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, Stream, stream

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST_PIXELS = 4_000_000
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Channels by PNG colour type."""
_FRAMES = {0xC0, 0xC1, 0xC2}
"""JPEG frames that PDF carries: baseline, extended and progressive Huffman."""
_OTHER_FRAMES = {0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its size in pixels, its object, and the object of its transparency where it has any."""

    width: int
    height: int
    colour: Stream = field(repr=False)
    mask: Stream | None = field(repr=False, default=None)

    def objects(self, first: int) -> list[PdfValue]:
        """The objects of the image, numbered from `first`; the image is the last of them."""
        if self.mask is None:
            return [self.colour]
        entries: PdfDict = {**self.colour.dictionary, "SMask": Reference(first)}
        return [self.mask, Stream(entries, self.colour.read)]


def read_image(data: bytes) -> Image:
    """A PNG or JPEG as an image; raises `ImageUnsupported`."""
    if data.startswith(_PNG):
        return _read_png(data)
    if data.startswith(b"\xff\xd8"):
        return _read_jpeg(data)
    raise ImageUnsupported(detail="PNG/JPEG?")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_PNG)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        body = data[position + 4 : position + 8 + length]
        if int.from_bytes(data[position + 8 + length : position + 12 + length], "big") != zlib.crc32(body):
            raise ImageUnsupported(detail="PNG CRC")
        yield body[:4], body[4:]
        position += 12 + length


def _read_png(data: bytes) -> Image:
    parts: dict[bytes, bytes] = {}
    for kind, body in _chunks(data):
        parts[kind] = parts.get(kind, b"") + body if kind == b"IDAT" else body
    header = parts.get(b"IHDR", b"")
    if len(header) != 13 or b"IDAT" not in parts:
        raise ImageUnsupported(detail="PNG IHDR/IDAT")
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    depth, colour_type, interlaced = header[8], header[9], header[12]
    if not 0 < width * height <= _MOST_PIXELS:
        raise ImageUnsupported(detail=f"{width}×{height}")
    if interlaced or colour_type not in _CHANNELS or depth not in {1, 2, 4, 8, 16}:
        raise ImageUnsupported(detail="PNG Adam7" if interlaced else f"PNG {colour_type}/{depth}")
    channels = _CHANNELS[colour_type]
    predictor: PdfDict = {"Predictor": 15, "Colors": channels, "BitsPerComponent": depth, "Columns": width}
    entries = _entries(width, height, depth)
    space: PdfValue = Name("DeviceRGB" if colour_type in {2, 6} else "DeviceGray")
    if colour_type == 3:
        palette = parts.get(b"PLTE", b"")
        space = [Name("Indexed"), Name("DeviceRGB"), len(palette) // 3 - 1, palette]
    transparency = parts.get(b"tRNS")
    if channels in {2, 4} or (colour_type == 3 and transparency):
        plain = _plain(predictor, parts[b"IDAT"], width, height, channels * depth)
        if colour_type == 3:
            alpha = _palette_alpha(plain, transparency or b"", width, height, depth)
            return Image(
                width, height, _packed(entries | {"ColorSpace": space}, plain), _mask(width, height, alpha)
            )
        return _split(plain, width, height, depth, channels)
    entries |= {"ColorSpace": space, "Filter": Name("FlateDecode"), "DecodeParms": predictor}
    if transparency:
        values = [int.from_bytes(transparency[at : at + 2], "big") for at in range(0, len(transparency), 2)]
        entries["Mask"] = [value for value in values[:channels] for _ in range(2)]
    return Image(width, height, stream(entries, parts[b"IDAT"]))


def _entries(width: int, height: int, depth: int) -> PdfDict:
    return {
        "Type": Name("XObject"),
        "Subtype": Name("Image"),
        "Width": width,
        "Height": height,
        "BitsPerComponent": depth,
    }


def _packed(entries: PdfDict, data: bytes) -> Stream:
    return stream({**entries, "Filter": Name("FlateDecode")}, zlib.compress(data, 9))


def _mask(width: int, height: int, alpha: bytes) -> Stream:
    return _packed(_entries(width, height, 8) | {"ColorSpace": Name("DeviceGray")}, alpha)


def _plain(predictor: PdfDict, data: bytes, width: int, height: int, bits: int) -> bytes:
    """The samples, rows padded to whole bytes."""
    size = (width * bits + 7) // 8 * height
    try:
        plain = decode({"Filter": Name("FlateDecode"), "DecodeParms": predictor}, data, size + height)
    except MalformedPdf as error:
        raise ImageUnsupported(detail="PNG IDAT") from error
    if len(plain) != size:
        raise ImageUnsupported(detail="PNG IDAT")
    return plain


def _split(plain: bytes, width: int, height: int, depth: int, channels: int) -> Image:
    """Colour and alpha apart, 8 bits each."""
    if depth not in {8, 16}:
        raise ImageUnsupported(detail=f"PNG {depth}")
    if depth == 16:
        plain = plain[::2]
    colours = channels - 1
    colour = bytearray(width * height * colours)
    for channel in range(colours):
        colour[channel::colours] = plain[channel::channels]
    space = Name("DeviceRGB" if colours == 3 else "DeviceGray")
    entries = _entries(width, height, 8) | {"ColorSpace": space}
    return Image(
        width, height, _packed(entries, bytes(colour)), _mask(width, height, plain[colours::channels])
    )


def _palette_alpha(plain: bytes, transparency: bytes, width: int, height: int, depth: int) -> bytes:
    table = transparency[:256].ljust(256, b"\xff")
    if depth == 8:
        return plain.translate(table)
    row = (width * depth + 7) // 8
    each = 8 // depth
    mask = (1 << depth) - 1
    alpha = bytearray()
    for line in range(height):
        values = plain[line * row : (line + 1) * row]
        unpacked = bytes(value >> (8 - depth * (n + 1)) & mask for value in values for n in range(each))
        alpha += unpacked[:width].translate(table)
    return bytes(alpha)


def _read_jpeg(data: bytes) -> Image:
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _FRAMES:
            depth, components = data[position + 4], data[position + 9]
            height = int.from_bytes(data[position + 5 : position + 7], "big")
            width = int.from_bytes(data[position + 7 : position + 9], "big")
            if depth != 8 or components not in {1, 3} or not width or not height:
                raise ImageUnsupported(detail=f"JPEG {components}×{depth}")
            space = Name("DeviceRGB" if components == 3 else "DeviceGray")
            entries = _entries(width, height, 8) | {"ColorSpace": space, "Filter": Name("DCTDecode")}
            return Image(width, height, stream(entries, data))
        if marker in _OTHER_FRAMES:
            raise ImageUnsupported(detail=f"JPEG SOF{marker - 0xC0}")
        position += 2 + int.from_bytes(data[position + 2 : position + 4], "big")
    raise ImageUnsupported(detail="JPEG SOF")
