"""Time-stamp tokens: built, read back, put into signatures, and put before OpenSSL."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms as judge

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedTimeStamp
from shirushi.codecs.asn1.pem import to_pem
from shirushi.codecs.asn1.tsp import (
    PkiStatus,
    TimeStampRequest,
    encode_timestamp_request,
    encode_timestamp_response,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyType, message_digest_algorithm
from shirushi.core.evidence import TimeStampKind, TstInfo
from shirushi.formats.cms import oids
from shirushi.formats.cms.assembly import add_unsigned_attribute, assemble_signed_data
from shirushi.formats.cms.attributes import (
    attribute,
    content_timestamp,
    signature_timestamp,
    signed_attributes,
)
from shirushi.formats.cms.evidence import cms_evidence, parse_timestamp_token
from shirushi.formats.cms.timestamp import assemble_token, bind_token
from tests.unit.codecs_asn1 import samples
from tests.unit.formats_cms.keys import Holder, holder

DATA = b"what was there"
AT = datetime(2026, 4, 1, 9, 0, 0, 250000, UTC)
SHA256 = DigestAlgorithm.SHA256


def digester(data: bytes):
    return lambda algorithm: Digest(algorithm, algorithm.digest(data))


def tsa(kind: KeyType = KeyType.P_256) -> Holder:
    return holder(kind, text="TSA", seed=3, tsa=True)


def token(by: Holder | None = None, data: bytes = DATA, **more) -> bytes:
    by = by or tsa()
    info = TstInfo("1.2.392.200.1", Digest(SHA256, SHA256.digest(data)), 4711, AT, timedelta(seconds=1))
    bound = bind_token(info, (by.certificate,), by.algorithm, **more)
    return assemble_token(bound, by.sign(bound.data))


@pytest.mark.parametrize("kind", [k for k in KeyType if not k.name.startswith("RSA")] + [KeyType.RSA_2048])
def test_tokens_under_every_algorithm_are_read_back_intact(kind):
    by = tsa(kind)
    found = parse_timestamp_token(token(by), TimeStampKind.DOCUMENT, digester(DATA), covers=frozenset({"x"}))
    assert (found.imprint_intact, found.signature.integrity) == (True, True)
    assert (found.signature.structure, found.signature.level_failings) == ((), ())
    assert (found.info.gen_time, found.info.serial_number, found.info.accuracy) == (
        AT,
        4711,
        timedelta(seconds=1),
    )
    assert found.signature.signing_certificate == by.certificate
    assert found.signature.certificate_reference.matches
    assert found.signature.references[0].digest_algorithm is message_digest_algorithm(by.algorithm)
    assert (found.kind, found.covers) == (TimeStampKind.DOCUMENT, {"x"})


def test_a_token_over_something_else_is_told():
    found = parse_timestamp_token(token(), TimeStampKind.DOCUMENT, digester(b"other"))
    assert (found.imprint_intact, found.signature.integrity) == (False, True)
    assert parse_timestamp_token(token(), TimeStampKind.DOCUMENT, lambda _: None).imprint_intact is None


def test_a_token_has_the_structure_of_rfc_3161_and_5816():
    data = judge.ContentInfo.load(token(nonce=b"\x00\x07"), strict=True)["content"]
    assert data["version"].native == "v3"
    assert data["encap_content_info"]["content_type"].native == "tst_info"
    info = data["encap_content_info"]["content"].parsed.native
    assert (info["nonce"], info["gen_time"], info["policy"]) == (7, AT, "1.2.392.200.1")
    (signer,) = data["signer_infos"]
    assert {a["type"].native for a in signer["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }


def test_a_token_without_certificates_names_its_signer():
    found = parse_timestamp_token(token(with_certificates=False), TimeStampKind.DOCUMENT, digester(DATA))
    assert (found.signature.certificates, found.signature.value_intact) == ((), None)


def test_padding_is_no_part_of_a_token():
    encoding = token()
    found = parse_timestamp_token(encoding + bytes(50), TimeStampKind.DOCUMENT, digester(DATA))
    assert (found.der, found.signature.integrity) == (encoding, True)


@pytest.mark.parametrize(
    "encoding",
    [b"", b"\x30\x00", samples.certificate(), der.sequence(der.oid(oids.SIGNED_DATA), b"\xa0\x02\x05\x00")],
)
def test_what_is_no_token_is_refused(encoding):
    with pytest.raises(MalformedTimeStamp):
        parse_timestamp_token(encoding, TimeStampKind.DOCUMENT, digester(DATA))


@pytest.mark.parametrize(
    ("content_type", "content"), [(oids.DATA, DATA), (oids.TST_INFO, b"no info"), (oids.TST_INFO, None)]
)
def test_a_signature_over_something_else_is_no_token(content_type, content):
    by = tsa()
    attributes = signed_attributes(
        SHA256.digest(content or b""), by.certificate.der, content_type=content_type
    )
    encoding = assemble_signed_data(
        attributes,
        by.sign(attributes),
        (by.certificate.der,),
        by.algorithm,
        content=content,
        content_type=content_type,
    )
    with pytest.raises(MalformedTimeStamp):
        parse_timestamp_token(encoding, TimeStampKind.DOCUMENT, digester(DATA))


def signature(*extra: bytes) -> bytes:
    by = holder()
    attributes = signed_attributes(SHA256.digest(DATA), by.certificate.der, extra=extra)
    return assemble_signed_data(attributes, by.sign(attributes), (by.certificate.der,), by.algorithm)


def test_content_and_signature_time_stamps_are_found_in_a_signature():
    encoding = signature(content_timestamp(token()))
    plain = cms_evidence(encoding, digester(DATA))
    stamped = add_unsigned_attribute(encoding, signature_timestamp(token(data=plain.signature_value)))
    found = cms_evidence(stamped, digester(DATA))
    assert found.integrity
    (before,), (after,) = found.content_timestamps, found.signature_timestamps
    assert (before.kind, before.imprint_intact, before.covers) == (TimeStampKind.CONTENT, True, frozenset())
    assert (after.kind, after.imprint_intact, after.covers) == (TimeStampKind.SIGNATURE, True, {found.id})
    assert after.signature.integrity


def test_a_time_stamp_copied_from_another_signature_is_told():
    stamped = add_unsigned_attribute(signature(), signature_timestamp(token()))
    (found,) = cms_evidence(stamped, digester(DATA)).signature_timestamps
    assert (found.imprint_intact, found.signature.integrity) == (False, True)


def test_a_time_stamp_that_cannot_be_read_is_left_aside_and_told():
    stamped = add_unsigned_attribute(signature(), signature_timestamp(der.NULL_DER))
    found = cms_evidence(stamped, digester(DATA))
    assert (found.integrity, found.structure, found.signature_timestamps) == (True, (), ())
    assert [r.code for r in found.level_failings] == ["CMS_TIMESTAMP_UNREADABLE"]


def test_time_stamps_within_time_stamps_end_somewhere():
    nested = token()
    for _ in range(8):
        nested = add_unsigned_attribute(token(), signature_timestamp(nested))
    found = parse_timestamp_token(nested, TimeStampKind.DOCUMENT, digester(DATA))
    depth = 1
    while found.signature.signature_timestamps:
        (found,) = found.signature.signature_timestamps
        depth += 1
    assert depth == 4


def test_an_extra_attribute_in_a_token_does_no_harm():
    stamped = add_unsigned_attribute(token(), attribute("1.2.3", der.NULL_DER))
    assert parse_timestamp_token(stamped, TimeStampKind.DOCUMENT, digester(DATA)).signature.integrity


@pytest.mark.needs("openssl", "openssl")
@pytest.mark.parametrize("kind", [KeyType.P_256, KeyType.P_521, KeyType.RSA_2048])
def test_openssl_verifies_ours(kind, tmp_path):
    by = tsa(kind)
    asked = TimeStampRequest(
        Digest(SHA256, SHA256.digest(DATA)), None, b"\x12\x34", certificates_requested=True
    )
    (tmp_path / "request").write_bytes(encode_timestamp_request(asked))
    (tmp_path / "response").write_bytes(
        encode_timestamp_response(PkiStatus.GRANTED, token(by, nonce=asked.nonce))
    )
    (tmp_path / "ca.pem").write_text(to_pem(by.certificate))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-queryfile", "request", "-in", "response", "-CAfile", "ca.pem"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert "Verification: OK" in done.stdout.decode(), done.stderr.decode()
