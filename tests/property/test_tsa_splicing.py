"""What the lane splices is, byte for byte, what the service builds; what it reads in haste, it reads as with care."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.codecs.asn1.tsp import TimeStampRequest, encode_timestamp_request, message_imprint
from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyType, signature_algorithm
from shirushi.core.chain import canonical, record_tail
from shirushi.core.evidence import Certificate, TstInfo
from shirushi.formats.cms.splicing import TokenSplicer
from shirushi.formats.cms.timestamp import assemble_token, bind_token
from shirushi.services.tsa.lane.stamping import Asked, _LaneUnit, careful_request, quick_request
from shirushi.services.tsa.model import (
    ACCEPTED_IMPRINTS,
    QUALIFIED_STATEMENT,
    StampRefused,
    TimeStampUnit,
)
from shirushi.services.tsa.service.requests import identifiers
from tests.fakes import START

ALGORITHMS = sorted(ACCEPTED_IMPRINTS, key=lambda algorithm: algorithm.label)


@pytest.fixture(scope="module")
def chain(template: Path) -> tuple[Certificate, ...]:
    return certificates_in((template / "certificates" / "tsu.pem").read_bytes())


digests = st.sampled_from(ALGORITHMS).flatmap(
    lambda a: st.binary(min_size=a.size, max_size=a.size).map(lambda value: Digest(a, value))
)
nonces = st.one_of(st.none(), st.integers(-(1 << 600), 1 << 600))
moments = st.integers(0, 5_000_000_000_000_000).map(lambda micros: START + timedelta(microseconds=micros))


@settings(max_examples=120)
@given(data=st.data())
def test_a_spliced_token_is_the_built_one(chain: tuple[Certificate, ...], data: st.DataObject) -> None:
    algorithm = signature_algorithm(data.draw(st.sampled_from(list(KeyType)), label="key"))
    accuracy = data.draw(st.sampled_from([timedelta(seconds=1), timedelta(microseconds=1500), timedelta(0)]))
    extensions = data.draw(st.sampled_from([(), (QUALIFIED_STATEMENT,)]))
    certificates = data.draw(st.booleans(), label="certificates")
    splicer = TokenSplicer(
        policy_oid="1.2.392.200.1",
        accuracy=accuracy,
        chain=chain,
        algorithm=algorithm,
        extensions=extensions,
        with_certificates=certificates,
    )
    for _ in range(3):
        imprint, number = data.draw(digests), data.draw(st.integers(1, 1 << 80))
        at, nonce = data.draw(moments), data.draw(nonces)
        written = data.draw(st.sampled_from(identifiers(imprint.algorithm)))
        raw = der.sequence(written, der.octets(imprint.value))
        content = None if nonce is None else der.single(der.integer(nonce)).value
        value = data.draw(st.binary(min_size=60, max_size=80))
        bound = bind_token(
            TstInfo("1.2.392.200.1", imprint, number, at, accuracy),
            chain,
            algorithm,
            nonce=content,
            imprint=raw,
            with_certificates=certificates,
            extensions=extensions,
        )
        tst_info = splicer.tst_info(raw, number, at, b"" if nonce is None else der.integer(nonce))
        assert tst_info == bound.tst_info
        to_be_signed, digest = splicer.to_be_signed(tst_info)
        assert to_be_signed == bound.data
        assert splicer.token(tst_info, digest, value) == assemble_token(bound, value)


PLAIN = encode_timestamp_request(
    TimeStampRequest(
        Digest(DigestAlgorithm.SHA256, bytes(32)), None, b"\x01\x02", certificates_requested=True
    )
)


@settings(max_examples=600)
@given(request=st.one_of(st.binary(max_size=140), st.just(PLAIN)), data=st.data())
@example(request=PLAIN[:-3], data=None)
@example(request=PLAIN[:1] + b"\x34" + PLAIN[2:54], data=None)
def test_haste_reads_as_care_does(request: bytes, data: st.DataObject | None) -> None:
    octets = bytearray(request)
    for _ in range(data.draw(st.integers(0, 3)) if data and octets else 0):
        place = data.draw(st.integers(0, len(octets) - 1))  # type: ignore[union-attr]  # there is data here
        octets[place] = data.draw(st.integers(0, 255))  # type: ignore[union-attr]  # as above
    quick = quick_request(bytes(octets))
    if quick is not None:
        assert careful_request(bytes(octets)) == quick


@given(imprint=digests, nonce=nonces, certificates=st.booleans(), with_null=st.booleans())
def test_what_clients_write_is_read_in_haste(
    *, imprint: Digest, nonce: int | None, certificates: bool, with_null: bool
) -> None:
    written = identifiers(imprint.algorithm)[-1 if with_null else 0]
    request = der.sequence(
        b"\x02\x01\x01",
        der.sequence(written, der.octets(imprint.value)),
        b"" if nonce is None else der.integer(nonce),
        der.TRUE_DER if certificates else b"",
    )
    careful = careful_request(request)
    assert careful.digest == imprint.value
    assert careful.with_certificates is certificates
    assert quick_request(request) == (careful if len(request) < 0x82 else None)


@pytest.mark.parametrize("algorithm", [DigestAlgorithm.SHA1, DigestAlgorithm.MD5, DigestAlgorithm.SHA224])
def test_what_is_refused_is_left_to_care(algorithm: DigestAlgorithm) -> None:
    request = encode_timestamp_request(TimeStampRequest(Digest(algorithm, bytes(algorithm.size))))
    assert quick_request(request) is None
    with pytest.raises(StampRefused):
        careful_request(request)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SoftwareKeyStore:
    store = SoftwareKeyStore(tmp_path_factory.mktemp("keys"), bytes(32))
    store.generate("tsu", KeyType.P_256)
    return store


@given(
    name=st.text(min_size=1, max_size=20).filter(lambda t: "⋯" not in t and t.isprintable()),
    number=st.integers(1, 1 << 63),
)
def test_the_record_is_what_the_audit_log_would_write(
    chain: tuple[Certificate, ...], keys: SoftwareKeyStore, name: str, number: int
) -> None:
    algorithm = signature_algorithm(KeyType.P_256)
    unit = TimeStampUnit(name, "tsu", chain, "1.2.3", timedelta(seconds=1), algorithm)
    imprint = Digest(DigestAlgorithm.SHA256, bytes(range(32)))
    at = chain[0].not_before + timedelta(microseconds=7)
    asked = Asked(message_imprint(imprint), "SHA-256", imprint.value, b"", True, None)  # noqa: FBT003  a tuple's field
    lane_unit = _LaneUnit(unit, keys)
    draft = lane_unit.draft(asked, number, at)
    record = lane_unit.finish(draft, lane_unit.sign(draft.data)).record
    assert record is not None
    written = json.loads(b"[" + record)
    detail = json.loads(written[5])
    when = at.strftime("%Y-%m-%dT%H:%M:%S.000007Z")
    assert detail | {"token": ""} == {
        "gen_time": when,
        "imprint": str(imprint),
        "policy": "1.2.3",
        "token": "",
        "unit": name,
    }
    assert record == record_tail((when, "anonymous", "tsa.stamp", str(number), "done", canonical(detail)))
