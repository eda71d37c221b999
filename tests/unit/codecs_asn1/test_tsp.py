from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import tsp as judge
from hypothesis import given
from hypothesis import strategies as st

from shirushi.codecs.asn1 import der, names
from shirushi.codecs.asn1.errors import MalformedTimeStamp
from shirushi.codecs.asn1.tsp import (
    PkiStatus,
    TimeStampRequest,
    encode_timestamp_request,
    encode_timestamp_response,
    encode_tst_info,
    message_imprint,
    parse_timestamp_request,
    parse_timestamp_response,
    parse_tst_info,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import UnsupportedAlgorithm
from shirushi.core.evidence import GeneralName, GeneralNameKind, TstInfo
from tests.unit.codecs_asn1 import samples

IMPRINT = Digest(DigestAlgorithm.SHA256, bytes(range(32)))
INFO = TstInfo("1.2.3.4", IMPRINT, 1 << 70, datetime(2026, 4, 1, 9, 0, 0, 120000, UTC), timedelta(seconds=1))


def request(*after: bytes, version: int = 1, imprint: bytes = message_imprint(IMPRINT)) -> bytes:
    return der.sequence(der.integer(version), imprint, *after)


@given(
    st.none() | st.integers(-(1 << 128), 1 << 128).map(lambda n: der.single(der.integer(n)).value),
    st.none() | st.just("1.2.3.4"),
    st.booleans(),
)
def test_requests_come_back(nonce, policy, certificates):
    asked = TimeStampRequest(IMPRINT, policy, nonce, certificates)
    assert parse_timestamp_request(encode_timestamp_request(asked)) == asked


def test_a_request_is_that_of_another_reader():
    encoding = encode_timestamp_request(
        TimeStampRequest(IMPRINT, "1.2.3.4", b"\x00\xff", certificates_requested=True)
    )
    found = judge.TimeStampReq.load(encoding, strict=True).native
    assert (found["req_policy"], found["nonce"], found["cert_req"]) == ("1.2.3.4", 255, True)
    assert found["message_imprint"]["hashed_message"] == IMPRINT.value


def test_a_nonce_is_kept_octet_by_octet():
    asked = parse_timestamp_request(request(b"\x02\x04\x00\x00\x00\x05"))
    assert (asked.nonce, asked.nonce_number) == (b"\x00\x00\x00\x05", 5)
    info = encode_tst_info(INFO, nonce=asked.nonce)
    assert b"\x02\x04\x00\x00\x00\x05" in info
    assert parse_tst_info(info).nonce == 5


def test_cert_req_that_is_written_false_is_read():
    assert not parse_timestamp_request(request(b"\x01\x01\x00")).certificates_requested


def test_extensions_are_named():
    extensions = samples.extension("1.2.3", b"", critical=True) + samples.extension("1.2.4", b"")
    asked = parse_timestamp_request(request(der.tlv(0xA0, extensions)))
    assert (asked.extensions, asked.critical_extensions) == ({"1.2.3", "1.2.4"}, {"1.2.3"})


def test_an_imprint_of_any_length_is_handed_on():
    short = Digest(DigestAlgorithm.SHA256, b"short")
    assert parse_timestamp_request(request(imprint=message_imprint(short))).imprint == short


def test_an_imprint_under_an_unknown_digest_is_an_unsupported_algorithm():
    odd = der.sequence(der.sequence(der.oid("1.2.3")), der.octets(b"x"))
    with pytest.raises(UnsupportedAlgorithm):
        parse_timestamp_request(request(imprint=odd))


@pytest.mark.parametrize("encoding", [b"", b"\x30\x00", b"hello", request(version=2), request() + b"\x00"])
def test_what_is_no_request_is_refused(encoding):
    with pytest.raises(MalformedTimeStamp):
        parse_timestamp_request(encoding)


def test_responses_come_back():
    token = der.sequence(der.oid("1.2.3"))
    granted = parse_timestamp_response(encode_timestamp_response(PkiStatus.GRANTED, token))
    assert (granted.granted, granted.token) == (True, token)
    refused = parse_timestamp_response(
        encode_timestamp_response(PkiStatus.REJECTION, failure_info=15, text="この方針では発行しません")
    )
    assert (refused.granted, refused.token, refused.failure_info) == (False, None, {15})
    assert refused.text == "この方針では発行しません"


def test_a_refusal_is_that_of_another_reader():
    encoding = encode_timestamp_response(PkiStatus.REJECTION, failure_info=25, text="no")
    found = judge.PKIStatusInfo.load(der.single(encoding).children()[0].raw, strict=True).native
    assert (found["status"], found["fail_info"], found["status_string"]) == (
        "rejection",
        {"system_failure"},
        ["no"],
    )


@pytest.mark.parametrize(
    "encoding", [b"", b"\x30\x00", encode_timestamp_response(PkiStatus.GRANTED), b"<html>"]
)
def test_what_is_no_response_is_refused(encoding):
    with pytest.raises(MalformedTimeStamp):
        parse_timestamp_response(encoding)


@given(
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.booleans(),
    st.none() | st.integers(0, 1 << 80),
    st.none() | st.just(GeneralName(GeneralNameKind.DIRECTORY, names.name(samples.name("TSA")))),
)
def test_tst_infos_come_back(accuracy, ordering, nonce, tsa):
    info = TstInfo("1.2.3.4", IMPRINT, 7, INFO.gen_time, accuracy, ordering, nonce, tsa)
    assert parse_tst_info(encode_tst_info(info)) == info


def test_a_tst_info_is_that_of_another_reader():
    extension = samples.extension("1.2.3", b"x")
    encoding = encode_tst_info(INFO, nonce=b"\x09", extensions=[extension])
    found = judge.TSTInfo.load(encoding, strict=True).native
    assert (found["serial_number"], found["gen_time"], found["nonce"]) == (1 << 70, INFO.gen_time, 9)
    assert (found["accuracy"]["seconds"], found["ordering"]) == (1, False)
    assert found["extensions"][0]["extn_value"] == b"x"


def test_a_tsa_name_that_cannot_be_read_is_as_good_as_absent():
    encoding = encode_tst_info(INFO)
    body = der.single(encoding).value + der.tlv(0xA0, b"\x04\x01x")
    assert parse_tst_info(der.sequence(body)).tsa is None


@pytest.mark.parametrize(
    "encoding",
    [
        b"",
        b"\x30\x00",
        encode_tst_info(INFO).replace(b"\x30\x03\x02\x01\x01", b"\x30\x03\x02\x01\xff"),
        encode_tst_info(INFO).replace(
            der.oid(DigestAlgorithm.SHA256.oid), der.oid("2.16.840.1.101.3.4.2.99")
        ),
        encode_tst_info(INFO).replace(b"20260401", b"20261341"),
    ],
)
def test_what_is_no_tst_info_is_refused(encoding):
    with pytest.raises(MalformedTimeStamp):
        parse_tst_info(encoding)
