"""Mutated requests, many of them: each is answered in the protocol's words, and no token says what was not asked."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import shirushi
from shirushi.codecs.asn1.tsp import (
    TimeStampRequest,
    encode_timestamp_request,
    parse_timestamp_request,
    parse_timestamp_response,
    parse_tst_info,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.formats.cms.structure import read_signed_data
from shirushi.services.tsa.lane import LaneStamper
from shirushi.services.tsa.model import FailureInfo
from shirushi.services.tsa.service.serials import Serials

SEEDS = [
    encode_timestamp_request(
        TimeStampRequest(Digest(algorithm, bytes(algorithm.size)), policy, nonce, certificates)
    )
    for algorithm in (DigestAlgorithm.SHA256, DigestAlgorithm.SHA512, DigestAlgorithm.SHA1)
    for policy in (None, "0.4.0.2023.1.1")
    for nonce, certificates in ((None, True), (b"\x01\x02\x03", False))
]


def mutated(request: bytes, rng: random.Random) -> bytes:
    """The request with octets changed, taken out, put in or said twice."""
    octets = bytearray(request)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        place = rng.randrange(len(octets)) if octets else 0
        match rng.randrange(5):
            case 0 | 1 if octets:
                octets[place] = rng.choice((0, 0x7F, 0x80, 0xFF, rng.randrange(256)))
            case 2:
                del octets[place : place + rng.randrange(1, 6)]
            case 3:
                octets[place:place] = rng.randbytes(rng.randrange(1, 6))
            case _:
                octets[place:place] = octets[place : place + rng.randrange(40)]
    return bytes(octets)


@pytest.mark.parametrize("count", [10_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_mutated_requests(data: Path, rng: random.Random, count: int) -> None:
    granted = refused = 0
    allowed = {
        frozenset({failure})
        for failure in FailureInfo
        if failure not in {FailureInfo.SYSTEM_FAILURE, FailureInfo.TIME_NOT_AVAILABLE}
    }
    with shirushi.open(data) as domain:
        serials = Serials(domain.ports.database, domain.ports.guarded_clock, 1 << 20)
        stamper = LaneStamper(domain.services.tsa.units, domain.keys, serials)
        for number in range(count):
            request = mutated(SEEDS[number % len(SEEDS)], rng)
            answer, record, _ = stamper.answer(request)
            response = parse_timestamp_response(answer)
            assert response.granted is (record is not None), request.hex()
            if not response.granted:
                refused += 1
                assert response.failure_info in allowed, request.hex()
                continue
            granted += 1
            asked = parse_timestamp_request(request)
            assert response.token is not None
            content = read_signed_data(response.token).content
            assert content is not None
            assert asked.imprint_der in content
            info = parse_tst_info(content)
            assert (info.imprint, info.nonce) == (asked.imprint, asked.nonce_number), request.hex()
    assert granted > count / 100
    assert refused > count / 2
