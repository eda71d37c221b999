"""JSON in one reading only, base64url in one spelling, and JSON in its canonical form."""

import json
import random
import struct

import pytest

from shirushi.codecs.jose.errors import JsonMemberRepeated, JsonTooComplex, MalformedJson
from shirushi.codecs.jose.strict import DEEPEST, LARGEST, parse_json, parse_object
from shirushi.codecs.jose.text import base64url_of, decode_base64, decode_base64url, encode_base64url
from shirushi.codecs.jose.writing import canonical_json, write_json
from shirushi.core.document import Bytes, Document, document


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b'{"a": 1, "a": 1}', JsonMemberRepeated, "a"),
        (b'{"a": 1, "\\u0061": 2}', JsonMemberRepeated, "a"),
        (b'[{"x": {"b": 1, "c": 2, "b": 3}}]', JsonMemberRepeated, "b"),
        (b"[" * 100_000, JsonTooComplex, "levels"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), JsonTooComplex, "levels"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, JsonTooComplex, "levels"),
        (b"1" * 5_000, JsonTooComplex, "digits"),
        (b"0." + b"1" * 5_000, JsonTooComplex, "digits"),
        (b"1e400", MalformedJson, "bounds"),
        (b"NaN", MalformedJson, "NaN"),
        (b"[Infinity]", MalformedJson, "Infinity"),
        (b'"\\ud800"', MalformedJson, "surrogate"),
        (b'{"\\udfff": 1}', MalformedJson, "surrogate"),
        (b'["\xff"]', MalformedJson, "UTF-8"),
        (b"\xef\xbb\xbf{}", MalformedJson, "BOM"),
        (b'"\xed\xa0\x80"', MalformedJson, "UTF-8"),
        (b"{} {}", MalformedJson, "Extra data"),
        (b"{'a': 1}", MalformedJson, "quotes"),
        (b'["a\nb"]', MalformedJson, "control"),
        (b"", MalformedJson, "value"),
        (b"[1,]", MalformedJson, "1:4"),
        (b"{", MalformedJson, "1:2"),
    ],
)
def test_what_could_be_read_as_two_things_is_refused(data, error, said):
    with pytest.raises(error, match=said):
        parse_json(data)


def test_brackets_in_texts_nest_nothing():
    text = "[{" * 1_000 + '\\"' + "]" * 3
    assert parse_json(json.dumps([text, "\\"]).encode()) == [text, "\\"]
    assert parse_json(b"[" * DEEPEST + b"]" * DEEPEST)


def test_many_brackets_beside_one_another_nest_nothing():
    assert len(parse_json(b"[" + b"[{}]," * 999 + b"[]]")) == 1_000


def test_texts_without_an_end_are_looked_at_once():
    with pytest.raises(MalformedJson, match="Unterminated"):
        parse_json(b"[[]," * 40 + b'"' + b'\\"' * 1_000_000)


def test_what_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr("shirushi.codecs.jose.strict.LARGEST", 10)
    with pytest.raises(JsonTooComplex, match="bytes"):
        parse_json(b'["0123456789"]')
    assert LARGEST > 1 << 20


@pytest.mark.parametrize("data", [b"[]", b"1", b'"x"', b"null"])
def test_an_object_is_an_object(data):
    with pytest.raises(MalformedJson, match="no object"):
        parse_object(data)


@pytest.mark.parametrize(
    "text", ["AA==", "AA=", "A", "AB", "A A", "A+", "A/", "é", "AAB", "A\n", 1, None, ["AA"]]
)
def test_base64url_has_one_spelling(text):
    with pytest.raises(MalformedJson):
        decode_base64url(text)


@pytest.mark.parametrize("text", ["A", "AA", "AA-_", "é", 1])
def test_base64_is_base64(text):
    with pytest.raises(MalformedJson):
        decode_base64(text)


def test_base64url_both_ways():
    rng = random.Random("base64url")
    for length in (*range(40), 1_000):
        data = rng.randbytes(length)
        assert decode_base64url(encode_base64url(data)) == data


def test_large_documents_are_encoded_in_pieces():
    data = random.Random("pieces").randbytes((3 << 18) * 2 + 5)
    pieces = list(base64url_of(Document(Bytes(data[:1000]), data[1000:])))
    assert len(pieces) == 3
    assert b"".join(pieces).decode() == encode_base64url(data)
    assert list(base64url_of(document(b""))) == []


@pytest.mark.parametrize(
    ("number", "text"),
    [
        # RFC 8785 appendix B
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_rfc_8785_shows(number, text):
    (value,) = struct.unpack(">d", bytes.fromhex(number))
    assert canonical_json(value).decode() == text


def test_members_are_sorted_by_utf_16_and_nothing_else_is_escaped():
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "ö": ['"\\\b\x1f/é']}
    written = canonical_json(value).decode()
    assert list(json.loads(written)) == ["\r", "1", "\x80", "ö", "\u20ac", "\U0001f600", "\ufb33"]
    assert '["\\"\\\\\\b\\u001f/é"]' in written
    assert (
        canonical_json({"b": [True, None, 56.0, 4.5, 10], "a": {}}) == b'{"a":{},"b":[true,null,56,4.5,10]}'
    )


@pytest.mark.parametrize("number", [1 << 53, -(1 << 60)])
def test_whole_numbers_that_would_be_rounded_have_no_canonical_form(number):
    with pytest.raises(MalformedJson, match="2\\^53"):
        canonical_json([number])


def test_what_is_written_is_read_again():
    value = {"b": "請求 \U0001f600", "a": [1, 2.5, None, False], "c": {"": ""}}
    assert parse_json(write_json(value)) == parse_json(canonical_json(value)) == value
    assert write_json(value).startswith(b'{"b":"')
