"""The time-stamping authority: what it gives, what it refuses, and that no serial number comes twice."""

import subprocess
import threading
from datetime import timedelta
from pathlib import Path

import pytest

import shirushi
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.codecs.asn1.tsp import (
    TimeStampRequest,
    encode_timestamp_request,
    parse_timestamp_response,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import TimeStampKind
from shirushi.core.instant import instant
from shirushi.domain import compose
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.ports.clock import TimeNotAvailable
from shirushi.services.tsa.model import FailureInfo, ImprintRefused
from tests.fakes import FakeClock

IMPRINT = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(b"deed"))


def ask(domain, **changes):
    request = TimeStampRequest(**{"imprint": IMPRINT, "certificates_requested": True, **changes})
    return parse_timestamp_response(domain.tsa.answer(encode_timestamp_request(request)))


def token_info(token):
    return parse_timestamp_token(token, TimeStampKind.CONTENT, lambda _: IMPRINT).info


def test_a_request_is_answered_with_its_nonce_and_policy(data):
    with shirushi.open(data) as domain:
        response = ask(domain, nonce=b"\x00\xfe\xdc")
    assert response.granted
    info = token_info(response.token)
    assert info.imprint == IMPRINT
    assert info.nonce == 0xFEDC
    assert info.policy_oid == "0.4.0.2023.1.1"
    assert info.accuracy == timedelta(seconds=1)
    assert not info.ordering


def test_the_token_is_intact_and_names_its_unit(data):
    with shirushi.open(data) as domain:
        token = domain.tsa.stamp(IMPRINT)
    evidence = parse_timestamp_token(token, TimeStampKind.CONTENT, lambda _: IMPRINT)
    assert evidence.imprint_intact
    assert evidence.signature.integrity
    assert evidence.signature.certificate_reference.matches
    assert "TSU 1" in evidence.signature.signing_certificate.subject.text


def test_without_certreq_no_certificate_is_sent(data):
    with shirushi.open(data) as domain:
        response = ask(domain, certificates_requested=False)
    evidence = parse_timestamp_token(response.token, TimeStampKind.CONTENT, lambda _: IMPRINT)
    assert evidence.signature.certificates == ()


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"imprint": Digest(DigestAlgorithm.SHA1, bytes(20))}, FailureInfo.BAD_ALG),
        ({"imprint": Digest(DigestAlgorithm.MD5, bytes(16))}, FailureInfo.BAD_ALG),
        ({"imprint": Digest(DigestAlgorithm.SHA256, bytes(31))}, FailureInfo.BAD_DATA_FORMAT),
        ({"policy_oid": "1.2.3"}, FailureInfo.UNACCEPTED_POLICY),
    ],
)
def test_refusals_say_why(data, changes, failure):
    with shirushi.open(data) as domain:
        response = ask(domain, **changes)
    assert not response.granted
    assert response.token is None
    assert response.failure_info == {failure}


@pytest.mark.parametrize("request_", [b"", b"\x30", b"\x30\x80", bytes(100), b"GET / HTTP/1.1"])
def test_what_is_no_request_is_refused(data, request_):
    with shirushi.open(data) as domain:
        response = parse_timestamp_response(domain.tsa.answer(request_))
    assert response.failure_info == {FailureInfo.BAD_DATA_FORMAT}


def test_serial_numbers_are_unique_across_threads_and_restarts(data):
    serials: list[int] = []

    def work(domain):
        serials.extend(token_info(domain.tsa.stamp(IMPRINT)).serial_number for _ in range(20))

    for _ in range(2):
        with shirushi.open(data) as domain:
            threads = [threading.Thread(target=work, args=(domain,)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert len(serials) == 160
    assert len(set(serials)) == 160


def composed(data: Path, clock: FakeClock):
    directory = DataDirectory(data)
    return compose(directory, read_configuration(directory.configuration), clock)


def test_a_clock_that_steps_back_gives_no_token_even_after_a_restart(data):
    clock = FakeClock(instant("2030-01-01T00:00:00Z"))
    with composed(data, clock) as domain:
        domain.tsa.stamp(IMPRINT)
        clock.advance(seconds=-1.1)
        with pytest.raises(TimeNotAvailable):
            domain.tsa.stamp(IMPRINT)
    with composed(data, clock) as domain, pytest.raises(TimeNotAvailable):
        domain.tsa.stamp(IMPRINT)


def test_no_token_outside_the_unit_certificate_s_validity(data):
    with (
        composed(data, FakeClock(instant("2090-01-01T00:00:00Z"))) as domain,
        pytest.raises(TimeNotAvailable),
    ):
        domain.tsa.stamp(IMPRINT)


def test_every_token_leaves_an_audit_row(data):
    with shirushi.open(data) as domain:
        serial = token_info(domain.tsa.stamp(IMPRINT)).serial_number
        rows = [row for row in domain.audit.search().records if row.action == "tsa.stamp"]
    assert [row.subject for row in rows] == [str(serial)]
    assert rows[0].detail["imprint"] == str(IMPRINT)


def test_a_weak_digest_is_an_error_with_a_remedy_in_both_languages(data):
    with shirushi.open(data) as domain, pytest.raises(ImprintRefused) as refused:
        domain.tsa.stamp(Digest(DigestAlgorithm.SHA1, bytes(20)))
    assert "SHA-1" in refused.value.explain("ja")
    assert "SHA-256" in refused.value.remedy("en")


@pytest.mark.needs("openssl", "openssl")
def test_openssl_accepts_the_response(data, tmp_path, contract):
    with shirushi.open(data) as domain:
        response = domain.tsa.stamp_document(shirushi.read(contract))
    (tmp_path / "r.tsr").write_bytes(response)
    command = ["openssl", "ts", "-verify", "-in", tmp_path / "r.tsr", "-data", contract]
    command += ["-CAfile", data / "trust" / "root.pem", "-untrusted", data / "certificates" / "tsu.pem"]
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in judged.stdout + judged.stderr
    (tmp_path / "other").write_bytes(b"another document")
    command[6] = tmp_path / "other"
    judged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert judged.returncode != 0
