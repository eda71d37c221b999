from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedOcsp
from shirushi.codecs.asn1.issue import parse_ocsp_request
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.algorithms import KeyType
from shirushi.core.evidence import CertificateStatus, RevocationReason
from tests.fakes import START
from tests.unit.ca.world import CLIENT, OPERATOR, World

Status = ocsp.OCSPResponseStatus


def request(
    world: World,
    certificate: bytes,
    issuer: str = "issuing",
    digest: hashes.HashAlgorithm | None = None,
    nonce: bytes | None = None,
) -> bytes:
    above = x509.load_der_x509_certificate(world.ca.authority(CLIENT, issuer).certificate.der)
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        x509.load_der_x509_certificate(certificate), above, digest or hashes.SHA1()
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def ask(world: World, asked: bytes) -> ocsp.OCSPResponse:
    return ocsp.load_der_ocsp_response(world.ca.answer_ocsp(CLIENT, asked))


@pytest.mark.parametrize(
    "digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda d: d.name
)
def test_a_good_certificate(world: World, digest: hashes.HashAlgorithm) -> None:
    issued = world.issue()
    answer = ask(world, request(world, issued.der, digest=digest))
    assert answer.response_status is Status.SUCCESSFUL
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.serial_number == issued.serial_number
    assert answer.hash_algorithm.name == digest.name
    assert answer.this_update_utc == answer.produced_at_utc == START
    assert answer.next_update_utc == START + timedelta(hours=1)


def test_the_answer_is_signed_by_a_delegate_whose_certificate_it_carries(world: World) -> None:
    issued = world.issue()
    answer = parse_ocsp_response(world.ca.answer_ocsp(CLIENT, request(world, issued.der)))
    (responder,) = answer.certificates
    issuing = world.ca.authority(CLIENT, "issuing").certificate
    assert responder.extensions.ocsp_no_check
    verified = build_material([issuing, responder], [], [answer]).verified
    assert {(answer.id, responder.id), (responder.id, issuing.id)} <= verified
    assert answer.responder == responder.extensions.subject_key_identifier
    assert answer.responses[0].archive_cutoff == issuing.not_before


def test_a_revocation_is_told_at_once(world: World) -> None:
    issued = world.issue()
    at = START + timedelta(hours=1)
    world.clock.advance(hours=2)
    world.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.KEY_COMPROMISE, at=at)
    answer = ask(world, request(world, issued.der))
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_time_utc == at
    assert answer.revocation_reason is x509.ReasonFlags.key_compromise


@pytest.mark.parametrize("nonce", [b"\x00", b"0123456789abcdef", bytes(128)])
def test_the_nonce_comes_back(world: World, nonce: bytes) -> None:
    answer = ask(world, request(world, world.issue().der, nonce=nonce))
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == nonce


def test_without_a_nonce_none_comes_back(world: World) -> None:
    assert len(ask(world, request(world, world.issue().der)).extensions) == 0


def test_what_was_never_issued_is_unknown(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = World(tmp_path_factory.mktemp("other"))
    other.entropy.bytes(1)
    other.establish()
    foreign = other.issue()
    answer = ask(world, request(world, foreign.der))
    assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    assert ask(other, request(world, foreign.der)).response_status is Status.UNAUTHORIZED
    other.database.close()


def test_several_certificates_are_answered_in_their_order(world: World) -> None:
    issued = [world.issue(label) for label in "abc"]
    world.ca.revoke(OPERATOR, issued[1].serial_number, RevocationReason.SUPERSEDED)
    singles = []
    for each in issued:
        tbs = der.single(request(world, each.der)).children()[0]
        singles += [single.raw for single in tbs.children()[0].children()]
    unknown_digest = der.sequence(
        der.sequence(der.sequence(der.oid("1.2.3.4")), der.octets(b"x"), der.octets(b"y"), der.integer(7))
    )
    asked = der.sequence(der.sequence(der.sequence(*singles, unknown_digest)))
    answer = parse_ocsp_response(world.ca.answer_ocsp(CLIENT, asked))
    statuses = [single.status for single in answer.responses]
    good, revoked = CertificateStatus.GOOD, CertificateStatus.REVOKED
    assert statuses[:3] == [good, revoked, good]
    assert statuses[3:] in (
        [],
        [CertificateStatus.UNKNOWN],
    )  # readers may pass over a digest they do not know


def test_an_authority_without_a_valid_responder_is_not_answered_for(world: World) -> None:
    issuing = world.ca.authority(CLIENT, "issuing").certificate
    asked = request(world, issuing.der, issuer="root")
    assert ask(world, asked).response_status is Status.UNAUTHORIZED
    asked = request(world, world.issue().der)
    world.clock.advance(days=398)
    assert ask(world, asked).response_status is Status.UNAUTHORIZED
    world.ca.establish_responder(OPERATOR, "issuing", key_type=KeyType.ED25519)
    assert ask(world, asked).response_status is Status.SUCCESSFUL


def test_where_the_key_fails_the_client_is_told_so(world: World, caplog: pytest.LogCaptureFixture) -> None:
    asked = request(world, world.issue().der)
    (world.folder / "keys" / "ca-issuing-ocsp-1.key").unlink()
    world.keys = SoftwareKeyStore(world.folder / "keys", bytes(32))
    world.ca = world.service()
    assert ask(world, asked).response_status is Status.INTERNAL_ERROR
    assert "KEY_UNKNOWN" in caplog.text


def _with_extension(asked: bytes, extension: bytes) -> bytes:
    tbs = der.single(asked).children()[0]
    requests = [part.raw for part in tbs.children() if part.tag == der.SEQUENCE]
    return der.sequence(der.sequence(*requests, der.tlv(0xA2, der.sequence(extension))))


def _nonce(value: bytes) -> bytes:
    return der.sequence(der.oid("1.3.6.1.5.5.7.48.1.2"), der.octets(der.octets(value)))


def test_what_is_no_request_is_told_so(world: World) -> None:
    asked = request(world, world.issue().der)
    critical = der.sequence(der.oid("1.2.3"), der.TRUE_DER, der.octets(b""))
    for wrong in (
        b"",
        b"GET / HTTP/1.1",
        asked[:-1],
        asked + b"\x00",
        der.sequence(),
        der.sequence(der.sequence(der.sequence())),
        _with_extension(asked, _nonce(b"")),
        _with_extension(asked, _nonce(bytes(129))),
        _with_extension(asked, critical),
        der.sequence(der.sequence(der.tlv(0xA0, der.integer(1)), der.sequence())),
    ):
        assert ask(world, wrong).response_status is Status.MALFORMED_REQUEST, wrong
    ignored = der.sequence(der.oid("1.2.3"), der.octets(b""))
    assert ask(world, _with_extension(asked, ignored)).response_status is Status.SUCCESSFUL


def test_a_version_a_requestor_and_a_signature_are_taken(world: World) -> None:
    asked = request(world, world.issue().der)
    requests = der.single(asked).children()[0].children()[0].raw
    requestor = der.tlv(0xA1, der.tlv(0x81, b"alice@example.jp"))
    tbs = der.sequence(der.tlv(0xA0, der.integer(0)), requestor, requests)
    signature = der.tlv(0xA0, der.sequence(der.sequence(der.oid("1.3.101.112")), der.bits(bytes(64))))
    assert ask(world, der.sequence(tbs, signature)).response_status is Status.SUCCESSFUL


@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_malformed(data: bytes) -> None:
    try:
        parsed = parse_ocsp_request(data)
    except MalformedOcsp:
        return
    assert parsed.requests


_REQUEST = bytes.fromhex(
    "30743072304d304b3049300906052b0e03021a05000414" + "11" * 20 + "0414" + "22" * 20 + "0210" + "33" * 16
    + "a221301f301d06092b0601050507300102041004" + "0e" + "44" * 14
)  # fmt: skip


@given(st.integers(0, len(_REQUEST) - 1), st.integers(0, 255))
def test_any_changed_byte_is_read_or_refused(position: int, value: int) -> None:
    data = _REQUEST[:position] + bytes((value,)) + _REQUEST[position + 1 :]
    try:
        parsed = parse_ocsp_request(data)
    except MalformedOcsp:
        return
    assert len(parsed.requests) == 1


def test_the_request_that_is_changed_is_one() -> None:
    parsed = parse_ocsp_request(_REQUEST)
    assert parsed.requests[0].identifier.serial_number == int("33" * 16, 16)
    assert parsed.nonce is not None
