"""How old a status may be that an answer tells, and what happens where none can be had."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509 import ocsp
from hypothesis import example, given
from hypothesis import strategies as st

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedOcsp
from shirushi.codecs.asn1.issue import (
    ResponseFrame,
    basic_response,
    certificate_id,
    ocsp_response,
    parse_ocsp_request,
)
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.algorithms import DigestAlgorithm, KeyType, signature_algorithm
from shirushi.core.evidence import RevocationReason, SingleResponse
from shirushi.services.ca.service import responding
from shirushi.services.ca.service.responding import Responding
from shirushi.services.ca.service.standing import Standings, identifier_of
from tests.fakes import START
from tests.unit.ca.test_responding import ask, request
from tests.unit.ca.world import CLIENT, OPERATOR, World, definition

GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN
ENDS = RevocationReason.KEY_COMPROMISE
NONCES = [None, b"0123456789abcdef"]


def told(world: World, asked: bytes) -> ocsp.OCSPCertStatus:
    return ask(world, asked).certificate_status


@pytest.mark.parametrize("nonce", NONCES)
def test_what_this_process_did_is_told_at_once(world: World, nonce: bytes | None) -> None:
    issued = world.issue()
    asked = request(world, issued.der, nonce=nonce)
    assert told(world, asked) is GOOD
    world.ca.suspend(OPERATOR, issued.serial_number)
    answer = ask(world, asked)
    assert answer.certificate_status is REVOKED
    assert answer.revocation_reason is x509.ReasonFlags.certificate_hold
    world.ca.release(OPERATOR, issued.serial_number)
    assert told(world, asked) is GOOD
    world.ca.revoke(OPERATOR, issued.serial_number, ENDS)
    assert told(world, asked) is REVOKED


@pytest.mark.parametrize("nonce", NONCES)
def test_what_another_process_did_is_told_within_half_a_second(world: World, nonce: bytes | None) -> None:
    issued = world.issue()
    asked = request(world, issued.der, nonce=nonce)
    assert told(world, asked) is GOOD
    world.clock.advance(seconds=0.2)
    world.service().revoke(OPERATOR, issued.serial_number, ENDS)
    at = world.clock.now()
    world.clock.advance(seconds=0.3)
    answer = ask(world, asked)
    assert answer.certificate_status is GOOD  # it is half a second old, and says so
    assert answer.this_update_utc < at
    world.clock.advance(seconds=0.001)
    assert told(world, asked) is REVOKED


def test_this_update_is_when_the_status_was_known(world: World) -> None:
    asked = request(world, world.issue().der, nonce=b"n")
    world.clock.set(START + timedelta(seconds=0.8))
    ask(world, asked)
    world.clock.set(START + timedelta(seconds=1.2))
    answer = ask(world, asked)
    assert (answer.this_update_utc, answer.produced_at_utc) == (START, START + timedelta(seconds=1))


def test_a_clock_that_is_set_back_makes_nothing_older(world: World) -> None:
    issued = world.issue()
    asked = request(world, issued.der)
    world.clock.advance(minutes=1)
    assert told(world, asked) is GOOD
    world.service().revoke(OPERATOR, issued.serial_number, ENDS)
    world.clock.advance(seconds=-2)
    assert told(world, asked) is REVOKED


def test_where_nothing_can_be_read_nothing_is_good(world: World, caplog: pytest.LogCaptureFixture) -> None:
    asked, nonce = (request(world, world.issue(str(n)).der, nonce=n) for n in NONCES)
    assert told(world, asked) is told(world, nonce) is GOOD
    path, aside = world.folder / "shirushi.sqlite", world.folder / "aside"
    world.database.close()
    path.rename(aside)
    assert told(world, asked) is GOOD  # for half a second
    failed = ocsp.OCSPResponseStatus.INTERNAL_ERROR
    world.clock.advance(seconds=1)
    assert ask(world, asked).response_status is ask(world, nonce).response_status is failed
    assert "STORAGE_FAILED" in {getattr(record, "code", "") for record in caplog.records}
    aside.rename(path)
    assert ask(world, asked).response_status is failed  # nobody asks a database without a pause that is away
    world.clock.advance(seconds=1)
    assert told(world, asked) is told(world, nonce) is GOOD


def test_what_was_unknown_is_told_as_soon_as_it_is_issued(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    twin = World(tmp_path_factory.mktemp("twin"))
    twin.establish()
    number = twin.issue().serial_number
    twin.database.close()
    asked = naming(world, "issuing", number)
    assert told(world, asked) is UNKNOWN
    assert world.issue().serial_number == number
    assert told(world, asked) is GOOD


def naming(world: World, authority: str, serial_number: int) -> bytes:
    """A request that names a certificate of the authority by its serial number."""
    named = identifier_of(world.ca.authority(CLIENT, authority), DigestAlgorithm.SHA1, serial_number)
    return der.sequence(der.sequence(der.sequence(der.sequence(certificate_id(named)))))


def test_authorities_are_told_apart(world: World) -> None:
    world.ca.establish_issuing(OPERATOR, definition("other"), issuer="root")
    world.ca.establish_responder(OPERATOR, "other", key_type=KeyType.RSA_2048)
    here, there = world.issue(), world.issue("bob", authority="other")
    asked = [request(world, here.der), request(world, there.der, issuer="other")]
    crossed = naming(world, "other", here.serial_number)
    for _ in range(2):
        assert [told(world, each) for each in asked] == [GOOD, GOOD]
        assert told(world, crossed) is UNKNOWN
    world.ca.revoke(OPERATOR, there.serial_number, ENDS)
    assert [told(world, each) for each in asked] == [GOOD, REVOKED]
    signers = {ask(world, each).certificates[0].serial_number for each in asked}
    assert len(signers) == 2


def test_what_is_kept_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responding, "MOST_KNOWN", 2)
    monkeypatch.setattr(responding, "MOST_SIGNED", 2)
    issued = [world.issue(label) for label in "abcde"]
    world.ca.revoke(OPERATOR, issued[3].serial_number, ENDS)
    asked = [request(world, each.der, nonce=nonce) for each in issued for nonce in NONCES]
    for _ in range(3):
        assert [told(world, each) for each in asked] == [GOOD] * 6 + [REVOKED] * 2 + [GOOD] * 2
    kept = world.ca._responding
    assert max(len(kept._asked), len(kept._statuses), len(kept._signed)) <= 2


def test_caches_are_told_how_long_it_is_until_next_update(world: World) -> None:
    asked = request(world, world.issue().der)
    (first,) = world.ca.answers(CLIENT, [asked])
    world.clock.advance(minutes=20)
    (again,) = world.ca.answers(CLIENT, [asked])
    assert again.response == first.response
    assert (first.age, again.age) == (3600, 2400)
    assert again.next_update == START + timedelta(hours=1)
    (single,) = world.ca.answers(CLIENT, [request(world, world.issue("bob").der, nonce=b"n")])
    assert single.next_update is None


def test_requests_that_arrive_together_are_answered_in_their_order(world: World) -> None:
    issued = [world.issue(label) for label in "abc"]
    nonces = [b"first", b"another", b"another"]
    asked = [request(world, each.der, nonce=n) for each, n in zip(issued, nonces, strict=True)]
    asked.insert(1, b"no request")
    answers = [each.response for each in world.ca.answers(CLIENT, asked)]
    assert answers.pop(1) == bytes.fromhex("30030a0101")
    for each, nonce, answer in zip(issued, nonces, answers, strict=True):
        found = parse_ocsp_response(answer)
        (single,) = found.responses
        assert isinstance(single, SingleResponse)
        assert single.certificate.serial_number == each.serial_number
        assert found.nonce is not None
        assert found.nonce.endswith(nonce)


_NONCE = bytes(range(16))


@pytest.fixture(scope="module")
def asked_before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Responding, bytes]]:
    """What answers, and a request of which it remembers all but the nonce."""
    world = World(tmp_path_factory.mktemp("before"))
    world.establish()
    asked = request(world, world.issue().der, nonce=_NONCE)
    answering = Responding(world.ca.register, Standings(world.ca.register))
    answering.answer_all([b"", asked, request(world, world.issue("bob").der)])
    yield answering, asked
    world.database.close()


@given(st.integers(0, 200), st.integers(0, 20), st.binary(max_size=20))
@example(125, 16, bytes(16))
@example(200, 0, b"\x00")
@example(200, 16, bytes(20))
def test_a_request_is_read_from_memory_as_it_is_read_anew(
    asked_before: tuple[Responding, bytes], at: int, left_out: int, instead: bytes
) -> None:
    answering, asked = asked_before
    at = min(at, len(asked) - left_out)
    changed = asked[:at] + instead + asked[at + left_out :]
    try:
        expected = parse_ocsp_request(changed)
    except MalformedOcsp:
        with pytest.raises(MalformedOcsp):
            answering._read(changed)
        return
    read, extensions = answering._read(changed)
    assert read.requests == expected.requests
    assert extensions == (der.tlv(0xA1, der.sequence(expected.nonce)) if expected.nonce else b"")


@given(st.integers(1, 70_000), st.integers(1, 600), st.binary(max_size=300))
def test_a_frame_is_what_the_builders_make(data: int, value: int, certificate: bytes) -> None:
    algorithm = signature_algorithm(KeyType.P_256)
    frame = ResponseFrame(algorithm, [certificate])
    content, signature = bytes([1]) * data, bytes([2]) * value
    expected = ocsp_response(basic_response(content, algorithm, signature, [certificate]))
    assert frame.response(content, signature) == frame.response(content, signature) == expected
