"""CRLs and OCSP responses."""

from datetime import UTC, datetime

import pytest

from shirushi.codecs.asn1 import der, names, times
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.errors import MalformedCrl, MalformedOcsp, OcspUnsuccessful
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import CertificateStatus, RevocationReason
from tests.unit.codecs_asn1 import samples
from tests.unit.codecs_asn1.samples import FROM, UNTIL, crl, entry, extension

OTHER = der.sequence(der.tlv(0xA4, samples.name("Other CA")))


def reason(number: int) -> bytes:
    return extension("2.5.29.21", der.integer(number, der.ENUMERATED))


def test_a_list_is_read():
    found = parse_crl(
        crl(
            entry(5),
            entry(-6, reason(1)),
            entry(1 << 100, reason(7)),
            extensions=der.sequence(
                extension("2.5.29.20", der.integer(9)),
                extension("2.5.29.35", bytes.fromhex("300480020102")),
                extension("2.5.29.60", times.generalized_time(FROM)),
            ),
        )
    )
    assert (found.this_update, found.next_update, found.number) == (FROM, UNTIL, 9)
    assert (found.authority_key_identifier, found.expired_certs_on_crl) == (b"\x01\x02", FROM)
    assert found.issuer.text == "CN=CA 1"
    reasons = {serial: e.reason for (_, serial), e in found.entries.items()}
    assert reasons == {5: None, -6: RevocationReason.KEY_COMPROMISE, 1 << 100: None}
    assert {issuer for issuer, _ in found.entries} == {found.issuer}


def test_a_list_without_entries_or_extensions_is_read():
    assert parse_crl(crl()).entries == {}


def test_on_an_indirect_list_an_issuer_holds_until_the_next_is_named():
    found = parse_crl(
        crl(entry(1), entry(2, extension("2.5.29.29", OTHER, critical=True)), entry(3), entry(4, reason(0)))
    )
    other = names.name(samples.name("other ca"))
    assert [(name == other, serial) for name, serial in found.entries] == [
        (False, 1),
        (True, 2),
        (True, 3),
        (True, 4),
    ]
    assert [e.certificate_issuer for e in found.entries.values()] == [None, other, other, other]


def test_the_first_of_two_entries_counts():
    found = parse_crl(crl(entry(1, reason(1)), entry(1, reason(8))))
    assert [e.reason for e in found.entries.values()] == [RevocationReason.KEY_COMPROMISE]


@pytest.mark.parametrize(
    "odd",
    [
        extension("1.2.3", b"", critical=True),
        extension("2.5.29.21", b"\x05\x00"),
        extension("2.5.29.29", der.sequence(der.tlv(0x82, b"dns")), critical=True),
    ],
)
def test_an_entry_with_what_is_not_understood_says_so(odd):
    found = parse_crl(crl(entry(1, odd)))
    assert next(iter(found.entries.values())).unknown_critical


def test_an_invalidity_date_is_read():
    date = extension("2.5.29.24", times.generalized_time(FROM))
    assert next(iter(parse_crl(crl(entry(1, date))).entries.values())).invalidity_date == FROM


def test_the_issuing_distribution_point_is_read():
    value = der.sequence(
        der.tlv(0xA0, der.tlv(0xA0, der.tlv(0x86, b"http://x"))),
        b"\x81\x01\xff",
        b"\x83\x02\x05\x60",
        b"\x84\x01\xff",
    )
    found = parse_crl(crl(extensions=der.sequence(extension("2.5.29.28", value, critical=True))))
    point = found.issuing_distribution_point
    assert point is not None
    assert (point.only_user_certificates, point.only_ca_certificates, point.indirect) == (True, False, True)
    assert (point.full_name[0].value, point.only_some_reasons) == ("http://x", {1, 2})
    assert found.critical == {"2.5.29.28"}


def test_an_extension_of_the_list_that_cannot_be_read_is_told():
    found = parse_crl(crl(extensions=der.sequence(extension("2.5.29.28", b"\x05\x00", critical=True))))
    assert found.malformed == {"2.5.29.28"}


def test_a_list_in_times_before_2000_is_read():
    odd = crl(entry(1)).replace(der.single(times.time(FROM)).value, b"970101000000Z")
    assert parse_crl(odd).this_update == datetime(1997, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("encoding", [b"", b"\x30\x00", crl() + b"\x00", samples.certificate()])
def test_what_is_no_list_is_refused(encoding):
    with pytest.raises(MalformedCrl):
        parse_crl(encoding)


SHA1 = der.sequence(der.oid("1.3.14.3.2.26"), der.NULL_DER)
CERT_ID = der.sequence(SHA1, der.octets(b"n" * 20), der.octets(b"k" * 20), der.integer(5))
GOOD = b"\x80\x00"


def single(status: bytes = GOOD, *, cert_id: bytes = CERT_ID, extensions: bytes = b"") -> bytes:
    return der.sequence(
        cert_id,
        status,
        times.generalized_time(FROM),
        der.tlv(0xA0, times.generalized_time(UNTIL)),
        der.tlv(0xA1, der.sequence(extensions)) if extensions else b"",
    )


def basic(
    *responses: bytes, responder: bytes = b"", extensions: bytes = b"", certificates: bytes = b""
) -> bytes:
    data = der.sequence(
        responder or der.tlv(0xA2, der.octets(samples.key_hash())),
        times.generalized_time(FROM),
        der.sequence(*responses),
        der.tlv(0xA1, der.sequence(extensions)) if extensions else b"",
    )
    return samples.signed(data, rest=der.tlv(0xA0, der.sequence(certificates)) if certificates else b"")


def response(inner: bytes, kind: str = "1.3.6.1.5.5.7.48.1.1") -> bytes:
    return der.sequence(
        der.integer(0, der.ENUMERATED), der.tlv(0xA0, der.sequence(der.oid(kind), der.octets(inner)))
    )


REVOKED = der.tlv(0xA1, times.generalized_time(FROM), der.tlv(0xA0, der.integer(1, der.ENUMERATED)))


def test_a_response_is_read_with_and_without_its_envelope():
    inner = basic(
        single(),
        single(REVOKED),
        single(b"\x82\x00"),
        extensions=extension("1.3.6.1.5.5.7.48.1.2", der.octets(b"nonce")),
        certificates=samples.certificate() + b"\x30\x00",
    )
    found = parse_ocsp_response(response(inner))
    assert found == parse_ocsp_response(inner)
    assert [r.status for r in found.responses] == list(CertificateStatus)
    assert (found.responses[1].revocation_time, found.responses[1].reason) == (
        FROM,
        RevocationReason.KEY_COMPROMISE,
    )
    identifier = found.responses[0].certificate
    assert (identifier.digest_algorithm, identifier.serial_number) == (DigestAlgorithm.SHA1, 5)
    assert (found.responder, found.nonce, found.produced_at) == (samples.key_hash(), b"nonce", FROM)
    assert len(found.certificates) == 1


def test_a_responder_may_be_a_name():
    found = parse_ocsp_response(basic(single(), responder=der.tlv(0xA1, samples.name("x"))))
    assert found.responder == names.name(samples.name("X"))


def test_extensions_of_a_single_response_are_read():
    cert_hash = der.sequence(SHA1, der.octets(b"h" * 20))
    extensions = (
        extension("1.3.6.1.5.5.7.48.1.6", times.generalized_time(FROM))
        + extension("1.3.36.8.3.13", cert_hash)
        + extension("1.2.3", b"", critical=True)
    )
    (found,) = parse_ocsp_response(basic(single(extensions=extensions))).responses
    assert (found.archive_cutoff, found.certificate_hash, found.critical) == (FROM, b"h" * 20, {"1.2.3"})


def test_a_bare_nonce_is_taken():
    found = parse_ocsp_response(basic(single(), extensions=extension("1.3.6.1.5.5.7.48.1.2", b"\xff\xfe")))
    assert found.nonce == b"\xff\xfe"


def test_a_status_under_an_unknown_digest_is_nobodys():
    odd = der.sequence(der.sequence(der.oid("1.2.3")), der.octets(b""), der.octets(b""), der.integer(5))
    assert len(parse_ocsp_response(basic(single(), single(cert_id=odd))).responses) == 1


@pytest.mark.parametrize(
    ("status", "said"), [(1, "malformedRequest"), (3, "tryLater"), (6, "unauthorized"), (99, "99")]
)
def test_an_unsuccessful_response_is_an_error_of_its_own(status, said):
    with pytest.raises(OcspUnsuccessful) as raised:
        parse_ocsp_response(der.sequence(der.integer(status, der.ENUMERATED)))
    assert raised.value.parameters["status"] == said


@pytest.mark.parametrize(
    "encoding",
    [
        b"",
        b"\x30\x00",
        der.sequence(der.integer(0, der.ENUMERATED)),
        response(basic(single()), "1.2.3"),
        samples.certificate(),
    ],
)
def test_what_is_no_response_is_refused(encoding):
    with pytest.raises(MalformedOcsp):
        parse_ocsp_response(encoding)


@pytest.mark.parametrize(
    ("encoding", "read"),
    [
        (crl(entry(1, reason(1)), entry(2, extension("2.5.29.29", OTHER, critical=True))), parse_crl),
        (response(basic(single(), single(REVOKED))), parse_ocsp_response),
    ],
)
def test_damaged_data_raise_nothing_but_malformed_input(encoding, read, rng):
    outcomes = set()
    for _ in range(1500):
        damaged = bytearray(encoding)
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        del damaged[rng.choice([len(damaged), rng.randrange(len(damaged))]) :]
        try:
            outcomes.add(type(read(bytes(damaged))))
        except MalformedInput as error:
            outcomes.add(type(error))
    assert len(outcomes) >= 2
