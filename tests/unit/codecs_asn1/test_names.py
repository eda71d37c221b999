import pytest

from shirushi.codecs.asn1 import der, names
from shirushi.codecs.asn1.errors import Asn1TooComplex, MalformedAsn1
from shirushi.core.evidence import GeneralName, GeneralNameKind
from tests.unit.codecs_asn1 import samples


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (samples.name("Example CA"), samples.name("  EXAMPLE   ca ", der.PRINTABLE_STRING)),
        (samples.name("さくら"), samples.name("さくら".encode("utf-16-be"), 0x1E)),
        (samples.name("さくら"), samples.name("さくら".encode("utf-32-be"), 0x1C)),
        (samples.name("カブ"), samples.name("ｶﾌﾞ")),
        (samples.name("Straße"), samples.name("STRASSE")),
        (samples.name("M\u00fcller"), samples.name(b"M\xfcller", 0x14)),
        (samples.name("co\u00adop"), samples.name("coop")),
        (samples.name("a\tb"), samples.name("a b")),
    ],
)
def test_names_match_as_rfc_5280_says(left, right):
    assert names.name(left) == names.name(right)
    assert hash(names.name(left)) == hash(names.name(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (samples.name("Example CA"), samples.name("Example CB")),
        (samples.name("ab"), samples.name("a b")),
        (samples.name("x"), samples.name("x", oid="2.5.4.10")),
        (samples.name("x"), der.sequence()),
    ],
)
def test_names_differ_where_any_attribute_does(left, right):
    assert names.name(left) != names.name(right)


def test_the_order_of_rdns_counts_and_the_order_within_one_does_not():
    one, two = samples.attribute("a"), samples.attribute("b", oid="2.5.4.10")
    assert names.name(der.sequence(der.tlv(der.SET, one, two))) == names.name(
        der.sequence(der.tlv(der.SET, two, one))
    )
    apart = der.sequence(der.set_of(one), der.set_of(two))
    assert names.name(apart) != names.name(der.sequence(der.set_of(two), der.set_of(one)))


def test_text_is_rfc_4514():
    encoding = der.sequence(
        der.set_of(samples.attribute("JP", der.PRINTABLE_STRING, "2.5.4.6")),
        der.set_of(samples.attribute('Sakura, "K.K." ', oid="2.5.4.10")),
        der.set_of(samples.attribute("#1", oid="2.5.4.3"), samples.attribute("x", oid="1.2.3")),
    )
    text = names.name(encoding).text
    assert text.endswith('O=Sakura\\, \\"K.K.\\"\\ ,C=JP')
    assert set(text.split(",")[0].split("+")) == {"CN=\\#1", "1.2.3=x"}


def test_what_is_no_string_is_shown_and_compared_in_hexadecimal():
    assert (
        names.name(der.sequence(der.set_of(der.sequence(der.oid("1.2.3"), b"\x02\x01\x05")))).text
        == "1.2.3=#020105"
    )


def test_illegal_characters_are_taken_as_found():
    assert names.name(samples.name("a*b@c&", der.PRINTABLE_STRING)).text == "CN=a*b@c&"
    assert names.name(samples.name(b"\xff\xfe")).get("2.5.4.3") == "ÿþ"


def test_the_empty_name_is_false():
    assert not names.name(der.sequence())


@pytest.mark.parametrize(
    "encoding", [b"", b"\x05\x00", der.sequence(b"\x05\x00"), der.sequence(der.set_of(b"\x30\x00"))]
)
def test_what_is_no_name_is_refused(encoding):
    with pytest.raises(MalformedAsn1):
        names.name(encoding)


def test_a_name_has_a_limit():
    with pytest.raises(Asn1TooComplex):
        names.name(samples.name("x" * 20000))


GENERAL_NAMES = [
    (GeneralName(GeneralNameKind.EMAIL, "alice@example.jp"), "alice@example.jp"),
    (GeneralName(GeneralNameKind.DNS, "example.jp"), "example.jp"),
    (GeneralName(GeneralNameKind.URI, "http://example.jp/ca.crl"), "http://example.jp/ca.crl"),
    (GeneralName(GeneralNameKind.IP, bytes((192, 0, 2, 1))), "192.0.2.1"),
    (GeneralName(GeneralNameKind.IP, bytes(8)), "0000000000000000"),
    (GeneralName(GeneralNameKind.REGISTERED_ID, "1.2.3.4"), "1.2.3.4"),
    (GeneralName(GeneralNameKind.DIRECTORY, names.name(samples.name("x"))), "CN=x"),
    (GeneralName(GeneralNameKind.OTHER, der.oid("1.2.3") + b"\xa0\x02\x05\x00"), "06022a03a0020500"),
]


@pytest.mark.parametrize(("value", "shown"), GENERAL_NAMES)
def test_general_names_come_back(value, shown):
    assert names.general_name(names.encode_general_name(value)) == value
    assert names.shown(value) == shown


@pytest.mark.parametrize("encoding", [b"\x04\x01a", b"\xa9\x00", b"\xa4\x00", b"\x82\x05a", b"\x88\x00"])
def test_what_is_no_general_name_is_refused(encoding):
    with pytest.raises(MalformedAsn1):
        names.general_name(encoding)


def test_a_value_that_does_not_fit_its_kind_is_not_written():
    with pytest.raises(ValueError):
        names.encode_general_name(GeneralName(GeneralNameKind.DNS, b"example.jp"))
