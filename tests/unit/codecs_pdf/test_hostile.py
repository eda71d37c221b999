"""Whatever the bytes, what is raised has a name."""

import random

import pytest

from shirushi.codecs.pdf.form import certification, signature_fields
from shirushi.codecs.pdf.outside import behind, outside
from shirushi.codecs.pdf.pages import pages
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.errors import MalformedInput
from shirushi.formats.pades.layout import SignatureFieldParameters, lay_out
from tests.unit.codecs_pdf.builder import (
    OBJECTS,
    appended,
    classic,
    doc,
    hybrid,
    linearised,
    with_xref_stream,
)
from tests.unit.codecs_pdf.test_form import FORM

SEEDS = [
    classic(FORM),
    appended(classic(), {3: OBJECTS[3]}),
    with_xref_stream({}, FORM, predictor=12),
    hybrid(),
    linearised(),
]
TOKENS = [
    b"<<", b">>", b"[", b"]", b"(", b")", b"%", b"\r", b"endobj", b"stream", b"endstream", b"/Prev 0", b"/Kids", b"0 0 R",
    b"1 0 R", b"2 0 R", b"-1", b"9" * 40, b"9" * 5000, b"/Length 5 0 R", b"startxref", b"xref", b"trailer", b"/Root null",
    b"/W[1 9 9]", b"/Index[0 999999999]", b"/XRefStm 9", b"null", b"1.5", b"/Size 99999999", b"[" * 300,
]  # fmt: skip


def _mutated(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.choice((1, 1, 2, 4, 12))):
        at = rng.randrange(len(data) + 1)
        choice = rng.randrange(5)
        if choice == 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif choice == 1:
            del data[at : at + rng.randrange(1, 40)]
        elif choice == 2:
            token = rng.choice(TOKENS)
            data[at : at + len(token) * rng.randrange(2)] = token
        elif choice == 3:
            other = rng.randrange(len(data) + 1)
            data[at:at] = data[other : other + rng.randrange(200)]
        else:
            del data[at:]
    return bytes(data)


@pytest.mark.parametrize("view", [PdfReader, RebuiltPdf])
@pytest.mark.parametrize("part", range(4))
def test_damage_of_any_kind_is_named(view: type[PdfReader], part: int, rng: random.Random) -> None:
    read = 0
    for _ in range(400):
        document = doc(_mutated(rng))
        try:
            reader = view(document)
            for revision in reader.revisions:
                outside(reader, revision)
            behind(reader)
            list(pages(reader))
            list(signature_fields(reader))
            certification(reader)
            layout = lay_out(reader, SignatureFieldParameters(bytes(16), 10))
        except MalformedInput as error:
            assert error.code.startswith("PDF_")  # noqa: PT017  what is caught is what is tested
        else:
            read += 1
            names = [each.name for each in signature_fields(PdfReader(layout.document))]
            assert names.count(layout.field_name) == 1
    assert read > 10, part
