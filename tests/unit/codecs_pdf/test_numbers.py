"""Object numbers that other readers would not take."""

import pytest

from shirushi.codecs.pdf.errors import MalformedPdf, PdfLimitExceeded
from shirushi.codecs.pdf.lexer import Unreadable, parse_value
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.core.document import document


def hostile(fixtures, name):
    return document((fixtures / "hostile" / name).read_bytes(), name)


def test_a_size_that_cannot_be_does_not_number_what_is_added(fixtures):
    view = PdfReader(hostile(fixtures, "huge-size.pdf"))
    assert view.trailer["Size"] == 2147483647
    assert view.next_number == 6


def test_a_size_above_the_entries_is_kept_free(fixtures):
    given = (fixtures / "hostile" / "regular.pdf").read_bytes()
    assert PdfReader(document(given.replace(b"/Size 6 ", b"/Size 60 "))).next_number == 60


def test_a_table_that_leaves_no_number_takes_no_further_object(fixtures):
    given = (fixtures / "hostile" / "regular.pdf").read_bytes()
    start = given.index(b"trailer")
    full = given[:start] + b"8388607 1\n0000000015 00000 n \n" + given[start:]
    view = PdfReader(document(full))
    assert view.root["Type"] == "Catalog"
    with pytest.raises(PdfLimitExceeded):
        _ = view.next_number


def test_a_reference_has_at_most_ten_digits():
    assert parse_value(b"1234567890 0 R", 0)[0].number == 1234567890
    for raw in (b"12345678901 0 R", b"<</K 12345678901 0 R>>", b"[12345678901 0 R]"):
        with pytest.raises(Unreadable):
            parse_value(raw, 0)


def test_an_object_stream_holds_as_many_objects_as_it_says(fixtures):
    PdfReader(hostile(fixtures, "object-stream-regular.pdf"))
    with pytest.raises(MalformedPdf):
        PdfReader(hostile(fixtures, "object-stream-count-huge.pdf"))
