from datetime import UTC, datetime

import pytest
from cryptography import x509 as judge

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.errors import MalformedCertificate
from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.codecs.asn1.x509 import issuer_and_serial, parse_certificate
from shirushi.core.algorithms import KeyKind
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    BasicConstraints,
    DistributionPoint,
    GeneralName,
    GeneralNameKind,
    KeyUsage,
    NameConstraints,
    PolicyConstraints,
    PolicyInformation,
    QcStatement,
)
from tests.unit.codecs_asn1 import samples
from tests.unit.codecs_asn1.samples import ALGORITHM, certificate, extension

URL = "http://example.jp/ca.crl"
URI = GeneralName(GeneralNameKind.URI, URL)
URI_DER = der.tlv(0x86, URL.encode())


def test_the_fields_are_those_of_another_reader():
    encoding = certificate(serial=der.integer(1 << 150), number=2, by=1)
    found, expected = parse_certificate(encoding), judge.load_der_x509_certificate(encoding)
    assert found.serial_number == expected.serial_number
    assert found.issuer.text == expected.issuer.rfc4514_string()
    assert found.subject.text == expected.subject.rfc4514_string()
    assert (found.not_before, found.not_after) == (
        expected.not_valid_before_utc,
        expected.not_valid_after_utc,
    )
    assert found.signature_algorithm == ALGORITHM
    assert found.version == 3
    assert found.der == encoding
    assert not found.self_issued


@pytest.mark.parametrize("serial", [0, -1, -(1 << 90), 1 << 400])
def test_any_serial_number_is_read(serial):
    assert parse_certificate(certificate(serial=der.integer(serial))).serial_number == serial


def test_a_serial_number_in_too_many_octets_is_read_and_kept_as_found():
    encoding = certificate(serial=bytes.fromhex("020300002a"))
    assert parse_certificate(encoding).serial_number == 42
    assert issuer_and_serial(encoding) == (samples.name("CA 1"), bytes.fromhex("020300002a"))


def test_version_1_is_read_whether_or_not_it_is_written():
    for version in (b"", der.tlv(0xA0, der.integer(0))):
        assert parse_certificate(certificate(version=version)).version == 1


@pytest.mark.parametrize("time", [b"\x17\x0b9912312359Z", der.tlv(der.UTC_TIME, b"991231235959+0000")])
def test_times_that_der_forbids_are_read(time):
    found = parse_certificate(certificate(validity=der.sequence(time, times.time(samples.UNTIL))))
    assert found.not_before.replace(second=0) == datetime(1999, 12, 31, 23, 59, tzinfo=UTC)


EXTENSIONS = [
    ("2.5.29.19", "3000", "basic_constraints", BasicConstraints(ca=False)),
    ("2.5.29.19", "3003010100", "basic_constraints", BasicConstraints(ca=False)),
    ("2.5.29.19", "30060101ff020103", "basic_constraints", BasicConstraints(ca=True, path_length=3)),
    ("2.5.29.19", "3006010101020103", "basic_constraints", BasicConstraints(ca=True, path_length=3)),
    ("2.5.29.15", "03020106", "key_usage", frozenset({KeyUsage.KEY_CERT_SIGN, KeyUsage.CRL_SIGN})),
    ("2.5.29.15", "0303070080", "key_usage", frozenset({KeyUsage.DECIPHER_ONLY})),
    ("2.5.29.37", "300606042a030405", "extended_key_usage", frozenset({"1.2.3.4.5"})),
    ("2.5.29.14", "04020102", "subject_key_identifier", b"\x01\x02"),
    ("2.5.29.35", "300480020102", "authority_key_identifier", b"\x01\x02"),
    ("2.5.29.35", "3000", "authority_key_identifier", None),
    ("2.5.29.36", "3006800100810102", "policy_constraints", PolicyConstraints(0, 2)),
    ("2.5.29.17", "3000", "subject_alternative_names", ()),
    ("2.5.29.54", "020105", "inhibit_any_policy", 5),
    ("1.3.6.1.5.5.7.48.1.5", "0500", "ocsp_no_check", True),
    ("0.4.0.194121.2.1", "0500", "short_term", True),
]


@pytest.mark.parametrize(("oid", "value", "field", "expected"), EXTENSIONS)
def test_extensions_are_read(oid, value, field, expected):
    found = parse_certificate(certificate(extension(oid, bytes.fromhex(value), critical=True))).extensions
    assert getattr(found, field) == expected
    assert (found.present, found.critical, found.malformed) == ({oid}, {oid}, frozenset())


def test_extensions_of_names_and_policies_are_read():
    point = der.sequence(
        der.tlv(0xA0, der.tlv(0xA0, URI_DER)),
        b"\x81\x02\x05\x60",
        der.tlv(0xA2, der.tlv(0xA4, samples.name("x"))),
    )
    relative = der.sequence(der.tlv(0xA0, der.tlv(0xA1, samples.attribute("y"))))
    subtree = der.sequence(der.tlv(0x82, b".example.jp"))
    access = (
        der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), URI_DER),
        der.sequence(der.oid("1.3.6.1.5.5.7.48.2"), URI_DER),
        der.sequence(der.oid("1.3.6.1.5.5.7.48.1"), der.tlv(0x82, b"no-url")),
    )
    found = parse_certificate(
        certificate(
            extension("2.5.29.17", der.sequence(URI_DER)),
            extension("2.5.29.31", der.sequence(point, relative), critical=False),
            extension("2.5.29.46", der.sequence(der.sequence())),
            extension("2.5.29.30", der.sequence(der.tlv(0xA0, subtree), der.tlv(0xA1, subtree))),
            extension("2.5.29.32", der.sequence(der.sequence(der.oid("1.2.3"), der.sequence(b"\x30\x00")))),
            extension("2.5.29.33", der.sequence(der.sequence(der.oid("1.2.3"), der.oid("1.2.4")))),
            extension("1.3.6.1.5.5.7.1.1", der.sequence(*access)),
            extension("1.3.6.1.5.5.7.1.3", der.sequence(der.sequence(der.oid("0.4.0.1862.1.1")))),
            extension("1.2.3.4.5", b"whatever", critical=True),
        )
    ).extensions
    assert found.malformed == frozenset()
    assert found.critical == {"1.2.3.4.5"}
    assert found.subject_alternative_names == (URI,)
    full, nothing = found.crl_distribution_points
    assert (full.full_name, full.reasons, full.crl_issuer[0].kind) == (
        (URI,),
        {1, 2},
        GeneralNameKind.DIRECTORY,
    )
    assert nothing.relative_name == der.set_of(samples.attribute("y"))
    assert found.freshest_crl == (DistributionPoint(),)
    dns = (GeneralName(GeneralNameKind.DNS, ".example.jp"),)
    assert found.name_constraints == NameConstraints(dns, dns)
    assert found.certificate_policies == (PolicyInformation("1.2.3", (b"\x30\x00",)),)
    assert found.policy_mappings == (("1.2.3", "1.2.4"),)
    assert (found.ocsp_urls, found.ca_issuers_urls) == ((URL,), (URL,))
    assert found.qc_statements == (QcStatement("0.4.0.1862.1.1"),)


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        ("2.5.29.19", "0500"),
        ("2.5.29.19", "30060101ff0201ff"),
        ("2.5.29.15", "03020906"),
        ("2.5.29.37", "3000"),
        ("2.5.29.17", "30020500"),
        ("2.5.29.14", "0202"),
        ("2.5.29.30", "3000"),
        ("2.5.29.31", "3000"),
        ("2.5.29.31", "30043002a000"),
        ("2.5.29.32", "05"),
        ("2.5.29.36", "30038001ff"),
        ("2.5.29.54", "0201ff"),
        ("1.3.6.1.5.5.7.1.1", "ff"),
    ],
)
def test_an_extension_that_cannot_be_read_is_told_and_spoils_nothing_else(oid, value):
    encoding = certificate(
        extension(oid, bytes.fromhex(value)),
        extension("1.3.6.1.5.5.7.48.1.5", b"\x05\x00"),
        serial=der.integer(7),
    )
    found = parse_certificate(encoding)
    assert found.serial_number == 7
    assert found.extensions.malformed == {oid}
    assert found.extensions.ocsp_no_check


def test_name_constraints_with_distances_are_unusable():
    subtree = der.sequence(der.tlv(0x82, b".jp"), b"\x80\x01\x01")
    encoding = certificate(extension("2.5.29.30", der.sequence(der.tlv(0xA0, subtree))))
    assert parse_certificate(encoding).extensions.name_constraints.unusable


def test_an_extension_that_stands_twice_is_told():
    found = parse_certificate(certificate(extension("1.2.3", b"a"), extension("1.2.3", b"b"))).extensions
    assert found.repeated == {"1.2.3"}


def public_key(oid: str, parameters: bytes, bits: bytes) -> bytes:
    return der.sequence(der.sequence(der.oid(oid), parameters), der.bits(bits))


RSA_BITS = der.sequence(der.integer(1 << 2047), der.integer(65537))
EXPLICIT = der.sequence(
    der.integer(1), der.sequence(der.oid("1.2.840.10045.1.1"), der.integer((1 << 256) - 189)), der.sequence()
)


@pytest.mark.parametrize(
    ("spki", "kind", "bits", "curve"),
    [
        (public_key("1.2.840.113549.1.1.1", b"\x05\x00", RSA_BITS), KeyKind.RSA, 2048, None),
        (public_key("1.2.840.113549.1.1.1", b"", RSA_BITS), KeyKind.RSA, 2048, None),
        (public_key("1.2.840.113549.1.1.10", b"", RSA_BITS), KeyKind.RSA, 2048, None),
        (samples.spki(), KeyKind.EC, 256, "1.2.840.10045.3.1.7"),
        (
            public_key("1.2.840.10045.2.1", der.oid("1.3.36.3.3.2.8.1.1.11"), b"\x04"),
            KeyKind.EC,
            384,
            "1.3.36.3.3.2.8.1.1.11",
        ),
        (public_key("1.2.840.10045.2.1", der.oid("1.2.3"), b"\x04" + bytes(40)), KeyKind.EC, 160, "1.2.3"),
        (public_key("1.2.840.10045.2.1", EXPLICIT, b"\x04"), KeyKind.EC, 256, None),
        (
            public_key("1.2.840.10040.4.1", der.sequence(der.integer(1 << 1023)), b"\x02"),
            KeyKind.DSA,
            1024,
            None,
        ),
        (public_key("1.3.101.112", b"", bytes(32)), KeyKind.ED25519, 256, None),
        (public_key("1.3.101.113", b"", bytes(57)), KeyKind.ED448, 456, None),
        (public_key("2.16.840.1.101.3.4.3.18", b"", bytes(1952)), KeyKind.ML_DSA, 15616, None),
        (public_key("1.2.840.113549.1.1.1", b"\x05\x00", b"garbage"), None, 0, None),
        (public_key("1.2.643.7.1.1.1.1", der.sequence(der.oid("1.2")), b"?"), None, 0, None),
    ],
)
def test_public_keys_are_read(spki, kind, bits, curve):
    found = parse_certificate(certificate(public_key=spki)).public_key
    assert (found.kind, found.bits, found.curve, found.spki) == (kind, bits, curve, spki)
    assert not found.parameters_inherited


def test_a_dsa_key_may_inherit_its_parameters():
    found = parse_certificate(certificate(public_key=public_key("1.2.840.10040.4.1", b"", b"\x02")))
    assert found.public_key.parameters_inherited


@pytest.mark.parametrize(
    "encoding", [b"", b"\x30\x00", b"\x30\x80", b"-----BEGIN", bytes(100), der.sequence(b"", b"\x30\x00")]
)
def test_what_is_no_certificate_is_refused(encoding):
    for read in (parse_certificate, issuer_and_serial):
        with pytest.raises(MalformedCertificate):
            read(encoding)


def test_bytes_after_the_end_are_refused():
    with pytest.raises(MalformedCertificate):
        parse_certificate(certificate() + b"\x00")


def test_a_damaged_certificate_raises_nothing_but_malformed_input(rng):
    encoding = certificate(*(extension(oid, bytes.fromhex(value)) for oid, value, *_ in EXTENSIONS))
    outcomes = set()
    for _ in range(3000):
        damaged = bytearray(encoding)
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        del damaged[rng.choice([len(damaged), rng.randrange(len(damaged))]) :]
        try:
            outcomes.add(type(parse_certificate(bytes(damaged))))
        except MalformedInput as error:
            outcomes.add(type(error))
    assert len(outcomes) == 2


def test_pem_goes_both_ways_and_holds_several():
    one, two = parse_certificate(certificate()), parse_certificate(certificate(number=2))
    text = "Subject: someone\n" + to_pem(one) + "\n" + to_pem(two).replace("\n", "\r\n")
    assert certificates_in(text.encode()) == (one, two)
    assert certificates_in(one.der) == (one,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----",
        b"-----BEGIN CERTIFICATE-----\nAAAA",
    ],
)
def test_what_holds_no_certificate_is_refused(data):
    with pytest.raises(MalformedCertificate):
        certificates_in(data)
