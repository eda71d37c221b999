from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirushi.codecs.asn1 import ber, der
from shirushi.codecs.asn1.errors import Asn1TooComplex, MalformedAsn1
from shirushi.core.errors import MalformedInput


@given(st.integers(-(1 << 200), 1 << 200))
def test_integers_come_back_and_are_minimal(number):
    encoding = der.integer(number)
    assert der.read_integer(der.single(encoding, der.INTEGER).value) == number
    assert ber.canonical(encoding) == encoding


@given(st.lists(st.integers(0, 1 << 70), max_size=8), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_come_back(rest, first, second):
    dotted = ".".join(map(str, (first, second, *rest)))
    assert der.read_oid(der.single(der.oid(dotted)).value) == dotted


@pytest.mark.parametrize("dotted", ["3.1", "1.40", "1", "1.-2", "a.b"])
def test_what_is_no_object_identifier_is_not_written(dotted):
    with pytest.raises(ValueError):
        der.oid(dotted)


@given(st.frozensets(st.integers(0, 40)))
def test_named_bits_come_back(numbers):
    assert der.read_named_bits(der.single(der.named_bits(numbers)).value) == numbers


@given(st.binary(max_size=300))
def test_content_of_every_length_comes_back(content):
    assert der.single(der.octets(content)).value == content


def test_a_set_of_is_in_the_order_of_its_encodings():
    assert der.set_of(der.integer(300), der.integer(2), der.integer(1)) == bytes.fromhex(
        "310a0201010201020202012c"
    )


@pytest.mark.parametrize(
    "encoding",
    [
        "",
        "30",
        "3003",
        "308001",
        "30890102030405060708090a",
        "0201",
        "1f",
        "1f81",
        "1f8181818101",
        "300100ff",
    ],
)
def test_what_ends_too_early_or_has_no_credible_length_is_refused(encoding):
    with pytest.raises(MalformedAsn1):
        der.single(bytes.fromhex(encoding)).children()


def test_lengths_need_not_be_minimal_and_slices_are_as_found():
    encoding = bytes.fromhex("3084000000050281020001")
    inner = der.single(encoding).children()[0]
    assert (inner.raw, der.read_integer(inner.value)) == (bytes.fromhex("0281020001"), 1)


def test_an_explicit_tag_holds_one_element():
    assert der.single(bytes.fromhex("a003020107")).only().value == b"\x07"
    with pytest.raises(MalformedAsn1):
        der.single(bytes.fromhex("a006020107020108")).only()


@given(st.binary(max_size=200))
def test_reading_anything_raises_nothing_but_malformed_input(data):
    for read in (der.single, ber.definite, ber.canonical):
        with suppress(MalformedInput):
            assert read(data)


def test_indefinite_lengths_and_segments_become_definite():
    segmented = bytes.fromhex("3080020105248004020102040303040500000000")
    assert ber.definite(segmented) == bytes.fromhex("300a02010504050102030405")


def test_definite_leaves_primitives_as_found_where_canonical_rewrites_them():
    one_in_two_octets, true_as_01, unsorted_set = "02020001", "010101", "31050201090500"
    odd = der.sequence(bytes.fromhex(one_in_two_octets + true_as_01 + unsorted_set))
    assert ber.definite(odd) == odd
    assert ber.canonical(odd) == der.sequence(
        der.integer(1), der.TRUE_DER, der.set_of(der.NULL_DER, der.integer(9))
    )


def test_unused_bits_of_a_bit_string_are_cleared_in_der():
    assert ber.canonical(bytes.fromhex("030204ff")) == bytes.fromhex("030204f0")


def test_segments_of_bit_strings_join_only_on_octets():
    assert ber.definite(bytes.fromhex("23080302000103020402")) == bytes.fromhex("0303040102")
    with pytest.raises(MalformedAsn1):
        ber.definite(bytes.fromhex("23080302040103020002"))


def test_nothing_may_follow_unless_a_prefix_is_asked_for():
    for data in (b"\x05\x00\x01", b"\x05\x00\x00"):
        for rewrite in (ber.definite, ber.canonical):
            with pytest.raises(MalformedAsn1):
                rewrite(data)
        assert ber.definite_prefix(data) == (b"\x05\x00", 2)


@pytest.mark.parametrize("opening", [b"\x30\x80", b"\xa0\x80"])
def test_nesting_is_bounded(opening):
    with pytest.raises(Asn1TooComplex):
        ber.definite(opening * 5000)


def test_size_is_bounded():
    class Long(bytes):
        def __len__(self) -> int:
            return ber.MAX_SIZE + 1

    with pytest.raises(Asn1TooComplex):
        ber.canonical(Long(b"\x05\x00"))
