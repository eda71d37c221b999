import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirushi.codecs.pdf.lexer import Unreadable, entry_spans, name, parse_dictionary, parse_value
from shirushi.codecs.pdf.objects import Name, PdfValue, Reference, stream, verbatim
from shirushi.codecs.pdf.writer import serialise


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"true", True),
        (b"false", False),
        (b"null", None),
        (b"-17", -17),
        (b"+5", 5),
        (b"3.25", 3.25),
        (b"-.5", -0.5),
        (b"4.", 4.0),
        (b"/Name", Name("Name")),
        (b"/A#20B", Name("A B")),
        (b"/\xe9", Name("é")),
        (b"12 0 R", Reference(12, 0)),
        (b"(plain)", b"plain"),
        (b"(nested (one) two)", b"nested (one) two"),
        (rb"(\(\)\\\n\101\7z\q)", b"()\\\nA\x07zq"),
        (b"(a\\\r\nb\rc\r\nd)", b"ab\nc\nd"),
        (b"(a(\\)b)c)", b"a()b)c"),
        (b"<48 65\n6c6C6f>", b"Hello"),
        (b"<414>", b"A@"),
        (b"[1 (a) /N [2 0 R] <<>>]", [1, b"a", Name("N"), [Reference(2)], {}]),
        (b"[0/a/b 12/c\n/d#20e /f]", [0, *map(Name, "ab"), 12, Name("c"), Name("d e"), Name("f")]),
        (b"[7 /a(b)/c<<>>-1]", [7, Name("a"), b"b", Name("c"), {}, -1]),
        (b"[/a /b%]\n/c]", [*map(Name, "abc")]),
        (b"%remark\n 7", 7),
    ],
)
def test_every_kind_of_object_is_read(text: bytes, value: PdfValue) -> None:
    assert parse_value(text + b" ", 0)[0] == value


def test_a_dictionary_may_mix_simple_and_other_values_comments_and_nulls() -> None:
    text = b"<</A 1%x\n/B/C/D[1 2.5 -3]/E[1 0 R\n2 0 R]/F<</G(x)>>%y\n/H true/I null/J 5 0 R >>rest"
    value, end = parse_dictionary(text, 2)
    assert value == {
        "A": 1, "B": Name("C"), "D": [1, 2.5, -3], "E": [Reference(1), Reference(2)], "F": {"G": b"x"},
        "H": True, "I": None, "J": Reference(5),
    }  # fmt: skip
    assert text[end:] == b"rest"


@pytest.mark.parametrize(
    "text",
    [b"", b"<<", b"<</A", b"<</A 1", b"<</A>>", b"[1", b"(open", b"<4x>", b"]", b">>", b"obj", b"1.2.3", b"--5",
     b"<<1 2>>", b"<</A 1 2>>", b"[" * 500, b"<</A" * 500, b"9" * 5000, b"9" * 400 + b".0"],
)  # fmt: skip
def test_what_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(Unreadable):
        parse_value(text, 0)


def test_the_place_of_a_value_is_exact() -> None:
    text = b"<</ByteRange [0 1 2 3] /Contents  <00ff>/N/X>>"
    spans = entry_spans(text, 2)
    assert text[slice(*spans["Contents"])] == b"<00ff>"
    assert text[slice(*spans["ByteRange"])] == b"[0 1 2 3]"
    assert text[slice(*spans["N"])] == b"/X"


_names = st.text(st.characters(max_codepoint=255), max_size=8).map(Name)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.binary(max_size=20) | _names
    | st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))
    | st.builds(Reference, st.integers(0, 10**6), st.integers(0, 65535)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner.filter(lambda v: v is not None), max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_values)
def test_what_is_written_is_read_again(value: PdfValue) -> None:
    assert parse_value(serialise(value) + b" ", 0)[0] == value


def test_streams_cannot_be_written_as_values_and_verbatim_stays_as_it_is() -> None:
    assert serialise({"A": verbatim(b"1"), "B": None}) == b"<</A 1>>"
    with pytest.raises(TypeError):
        serialise(stream({}, b""))


def test_names_are_one_word_however_written() -> None:
    assert name(b"Sub#46ilter") == "SubFilter"
    assert serialise(Name("a b#/é")) == b"/a#20b#23#2F#E9"
