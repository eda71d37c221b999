"""XML that was made to hurt: refused by name, in no time and little memory."""

from encodings.aliases import aliases

import pytest

from shirushi.codecs.xml.errors import (
    MalformedXml,
    XmlDoctypeRefused,
    XmlEncodingRefused,
    XmlTooComplex,
)
from shirushi.codecs.xml.reader import MOST_TAGS, parse_xml
from shirushi.codecs.xml.text import decode_base64, read_date_time, write_date_time
from shirushi.core.errors import MalformedInput
from shirushi.core.instant import instant
from shirushi.formats.asic.manifest import read_manifest
from shirushi.formats.xades.format import Xades
from tests.unit.formats_xades.bench import INVOICE, invoice

BOMB = b'<!DOCTYPE a [<!ENTITY a "%b">]><a>&a;</a>' % (b"x" * 1000)
LAUGHS = (
    b"<!DOCTYPE a ["
    + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))
    + b"]><a>&e9;</a>"
)


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        LAUGHS,
        b'<!DOCTYPE a SYSTEM "http://example.jp/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<?xml version="1.0"?>\n<!-- <!DOCTYPE no --><?p <a?> <!DOCTYPE a [<!ATTLIST a Id CDATA "b">]><a/>',
        b"\xef\xbb\xbf" + BOMB,
        BOMB.decode().encode("utf-16"),
        BOMB.decode().encode("utf-16-le"),
        BOMB.decode().encode("utf-16-be"),
    ],
)
def test_document_types_are_refused_before_anything_is_expanded(data):
    with pytest.raises(XmlDoctypeRefused):
        parse_xml(data)


@pytest.mark.parametrize("encoding", ["UTF-7", "ISO-2022-JP", "utf-16", "EBCDIC-CP-US", "hz"])
def test_encodings_that_could_hide_markup_are_refused(encoding):
    with pytest.raises(XmlEncodingRefused) as refusal:
        parse_xml(f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode())
    assert refusal.value.parameters["encoding"] == encoding


@pytest.mark.parametrize("text", ["<a/>", "<a>\u00e9\u00ff</a>", '<a b="\u0080"/>'])
def test_no_name_of_an_encoding_ends_the_reader(text):
    """The libraries beneath look encodings up, some of them among Python's own."""
    names = {
        *aliases,
        *aliases.values(),
        "QTF-8",
        "idna",
        "punycode",
        "unicode_escape",
        "undefined",
        "x" * 500,
    }
    refused = set()
    for name in names:
        data = f'<?xml version="1.0" encoding="{name}"?>{text}'.encode("latin-1")
        for read in (parse_xml, read_manifest):
            try:
                read(data)
            except MalformedInput:
                refused.add(read)
    assert refused == {parse_xml, read_manifest}


@pytest.mark.parametrize("encoding", ["UTF-8", "Shift_JIS", "EUC-JP", "windows-31j", "UTF-16"])
def test_japanese_documents_are_read_whatever_their_encoding(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>印</a>'
    codec = {"windows-31j": "cp932"}.get(encoding, encoding)
    try:
        root = parse_xml(text.encode(codec)).root
    except MalformedXml:
        assert encoding == "windows-31j"  # libxml2 does not know that name everywhere
    else:
        assert root.text == "印"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<a " + b" ".join(b'a%d="1"' % n for n in range(513)) + b"/>", "attributes"),
        (b"<a " + b" ".join(b'xmlns:a%d="urn:a"' % n for n in range(257)) + b"/>", "namespaces"),
        (
            b"".join(b'<a xmlns:a%d="urn:a" xmlns:b%d="urn:b">' % (n, n) for n in range(129)) + b"</a>" * 129,
            "namespaces",
        ),
        (b"<" * (MOST_TAGS + 1), "tags"),
        (b"<a>" * 300 + b" " * (9 << 20) + b"</a>" * 300, "depth"),
    ],
)
def test_too_much_of_anything_is_refused(data, what):
    with pytest.raises(XmlTooComplex) as refusal:
        parse_xml(data)
    assert refusal.value.parameters["what"] == what


def test_giant_values_are_read_once():
    assert len(parse_xml(b'<a b="' + b"x" * (11 << 20) + b'"/>').root.get("b")) == 11 << 20


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"\x00\x00\x00\x00",
        b"<a>",
        b"<a><b></a>",
        b"<a>&nobody;</a>",
        b"<a/><b/>",
        b"<a b='1' b='2'/>",
        b"<a>" * 300 + b"</a>" * 300,
        b"\xff\xfe",
        b"<?xml",
        b"<!--",
        b'<a xmlns:x=""/>',
        b"<a>\xff</a>",
        b"<a>\x00</a>",
    ],
)
def test_what_is_no_xml_is_refused_by_name(data):
    with pytest.raises(MalformedXml):
        parse_xml(data)


def test_damaged_documents_raise_nothing_else(rng):
    outcomes = set()
    for _ in range(1500):
        damaged = bytearray(INVOICE)
        for _ in range(rng.choice([1, 2, 5])):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        del damaged[rng.choice([len(damaged), len(damaged), rng.randrange(len(damaged))]) :]
        try:
            outcomes.add(type(Xades().parse(invoice(bytes(damaged)))))
        except MalformedInput as error:
            outcomes.add(type(error))
    assert tuple in outcomes
    assert MalformedXml in outcomes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-04-01T09:00:00Z", "2026-04-01T09:00:00Z"),
        (" 2026-04-01T09:00:00+09:00\n", "2026-04-01T00:00:00Z"),
        ("2026-04-01T09:00:00.25-01:30", "2026-04-01T10:30:00.250000Z"),
        ("2026-04-01T09:00:00", "2026-04-01T09:00:00Z"),
        ("2026-04-01T09:00:00.1234567890Z", "2026-04-01T09:00:00.123456Z"),
    ],
)
def test_date_times(text, expected):
    assert read_date_time(text) == instant(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-04-01",
        "2026-13-01T00:00:00Z",
        "2026-04-01T25:00:00Z",
        "２０２６-04-01T09:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "2026-04-01T09:00:00+99:00",
    ],
)
def test_what_is_no_date_time(text):
    with pytest.raises(MalformedXml):
        read_date_time(text)


def test_a_written_date_time_is_read_back():
    assert read_date_time(write_date_time(instant("2026-04-01T09:00:00+09:00"))) == instant(
        "2026-04-01T00:00:00Z"
    )


@pytest.mark.parametrize("text", ["a", "ab=c", "印", "YQ==YQ=="])
def test_what_is_no_base64(text):
    with pytest.raises(MalformedXml):
        decode_base64(text)


def test_base64_may_be_broken_into_lines():
    assert decode_base64(" Y\n Q\t=\r= ") == b"a"
