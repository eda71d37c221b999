import zlib

import pytest

from shirushi.codecs.pdf.errors import PdfFilterUnsupported, PdfLimitExceeded, PdfStructureDamaged
from shirushi.codecs.pdf.filters import decode
from shirushi.codecs.pdf.objects import Name, PdfDict

FLATE = Name("FlateDecode")
ROWS = [bytes((i * 7 + j * 13) % 256 for j in range(6)) for i in range(5)]


def _paeth(a: int, b: int, c: int) -> int:
    return min((a, b, c), key=lambda value: abs(a + b - c - value))


def _coded(kinds: list[int]) -> bytes:
    """The rows, coded as PNG does with pixels of three bytes."""
    out, above = b"", bytes(6)
    for kind, row in zip(kinds, ROWS, strict=True):
        left = bytes(3) + row[:3]
        corner = bytes(3) + above[:3]
        guess = [
            (0, a, b, (a + b) // 2, _paeth(a, b, c))[kind]
            for a, b, c in zip(left, above, corner, strict=True)
        ]
        out += bytes([kind, *((value - g) % 256 for value, g in zip(row, guess, strict=True))])
        above = row
    return zlib.compress(out)


@pytest.mark.parametrize("kinds", [[0] * 5, [1] * 5, [2] * 5, [3] * 5, [4] * 5, [0, 1, 2, 3, 4]])
def test_png_predictors_are_undone(kinds: list[int]) -> None:
    entries: PdfDict = {"Filter": FLATE, "DecodeParms": {"Predictor": 15, "Colors": 3, "Columns": 2}}
    assert decode(entries, _coded(kinds)) == b"".join(ROWS)


def test_tiff_prediction_of_bytes_is_undone() -> None:
    entries: PdfDict = {"Filter": [FLATE], "DecodeParms": [{"Predictor": 2, "Columns": 4}]}
    assert decode(entries, zlib.compress(bytes([1, 1, 1, 1, 5, 255, 0, 1]))) == bytes(
        [1, 2, 3, 4, 5, 4, 4, 5]
    )


@pytest.mark.parametrize(
    ("entries", "data", "error"),
    [
        ({"Filter": Name("LZWDecode")}, b"", PdfFilterUnsupported),
        ({"Filter": FLATE}, b"not deflated", PdfStructureDamaged),
        ({"Filter": Name("ASCIIHexDecode")}, b"xyz>", PdfStructureDamaged),
        ({"Filter": [FLATE] * 9}, b"", PdfLimitExceeded),
        ({"Filter": FLATE}, zlib.compress(bytes(2000)), PdfLimitExceeded),
        ({"Filter": FLATE, "DecodeParms": {"Predictor": 12, "Columns": -1}}, zlib.compress(b""), PdfStructureDamaged),
        ({"Filter": FLATE, "DecodeParms": {"Predictor": 12}}, zlib.compress(b"\x09a"), PdfStructureDamaged),
        ({"Filter": FLATE, "DecodeParms": {"Predictor": 2, "BitsPerComponent": 4}}, zlib.compress(b"a"), PdfFilterUnsupported),
    ],
)  # fmt: skip
def test_what_cannot_be_decoded_is_named(entries: PdfDict, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        decode(entries, data, limit=1000)


def test_plain_data_stays() -> None:
    assert decode({}, b"as it is") == b"as it is"
