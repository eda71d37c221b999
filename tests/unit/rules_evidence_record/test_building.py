"""Trees over batches, and records built of them, renewed and verified; every changed byte is found."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedEvidenceRecord
from shirushi.codecs.asn1.evidence_record import (
    encode_archive_time_stamp,
    encode_evidence_record,
    parse_evidence_record,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import document
from shirushi.core.errors import MalformedInput
from shirushi.formats.plain.records import document_object, record_evidence
from shirushi.rules.evidence_record import RecordStatus, build, verify_record
from shirushi.rules.evidence_record.tree import join, roots
from tests.unit.formats_cades.world import World

NOW = datetime(2026, 6, 1, tzinfo=UTC)

SHA256, SHA512 = DigestAlgorithm.SHA256, DigestAlgorithm.SHA512
DOCUMENTS = [document(f"document {n}".encode(), f"{n}.txt") for n in range(11)]


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def digest(data: bytes, algorithm: DigestAlgorithm = SHA256) -> Digest:
    return Digest(algorithm, algorithm.digest(data))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 64, 100])
def test_every_proof_leads_to_the_root(count):
    batch = [digest(str(n).encode()) for n in range(count)]
    tree = build(batch)
    assert len(tree.proofs) == count
    for each, proof in zip(batch, tree.proofs, strict=True):
        if not proof:
            assert count == 1
            assert each == tree.root
            continue
        assert each.value in proof[0]
        assert next(roots(proof, SHA256)) == tree.root.value
        assert sum(map(len, proof)) <= 1 + (count - 1).bit_length()


def test_equal_digests_share_a_leaf_and_order_does_not_matter(rng: random.Random):
    batch = [digest(bytes([n % 5])) for n in range(12)]
    tree = build(batch)
    assert tree.proofs[0] == tree.proofs[5] == tree.proofs[10]
    shuffled = rng.sample(batch, len(batch))
    assert build(shuffled).root == tree.root


def test_a_batch_is_of_one_algorithm_and_not_empty():
    with pytest.raises(ValueError, match="at least one"):
        build([])
    with pytest.raises(ValueError, match="one algorithm"):
        build([digest(b""), digest(b"", SHA512)])


def test_a_node_is_over_its_children_in_ascending_order():
    low, high = b"\x00" * 32, b"\xff" * 32
    assert join([high, low], SHA256) == SHA256.digest(low + high) == join([low, high], SHA256)
    assert list(roots([[low]], SHA256)) == [low, SHA256.digest(low)]


def archived(world: World, number: int) -> bytes:
    tree = build([each.digest(SHA256) for each in DOCUMENTS])
    return encode_archive_time_stamp(SHA256, tree.proofs[number], world.stamp(tree.root, NOW))


def status(encoding: bytes, *given) -> RecordStatus:
    record = parse_evidence_record(encoding)
    objects = [document_object(each, record) for each in given]
    return verify_record(record_evidence(record, objects)).status


def test_one_token_makes_a_record_for_every_document_of_a_batch(world):
    for number, each in enumerate(DOCUMENTS):
        record = encode_evidence_record([[archived(world, number)]], [SHA256])
        assert status(record, each) is RecordStatus.INTACT
        assert status(record, DOCUMENTS[number - 1]) in {RecordStatus.BROKEN, RecordStatus.INTACT}
        assert status(record, document(b"another")) is RecordStatus.BROKEN
        assert status(record) is RecordStatus.INCOMPLETE


def renewed(world: World) -> tuple[bytes, bytes]:
    """A record of document 3: its token renewed, then its tree under another algorithm; and the first token."""
    first = archived(world, 3)
    token = der.single(first).children()[-1].raw
    over = digest(token)
    batch = build([over, digest(b"another token")])
    second = encode_archive_time_stamp(
        SHA256, batch.proofs[0], world.stamp(batch.root, NOW + timedelta(days=1))
    )
    chain = der.sequence(der.sequence(first, second))
    leaf = digest(SHA512.digest(DOCUMENTS[3].read()) + SHA512.digest(chain), SHA512)
    tree = build([leaf, digest(b"another leaf", SHA512), digest(b"one more", SHA512)])
    third = encode_archive_time_stamp(SHA512, tree.proofs[0], world.stamp(tree.root, NOW + timedelta(days=2)))
    return encode_evidence_record([[first, second], [third]], [SHA256, SHA512]), token


def test_renewals_are_verified_and_cover_what_came_before(world):
    encoding, _ = renewed(world)
    record = parse_evidence_record(encoding)
    covered = frozenset({"the document"})
    evidence = record_evidence(record, [document_object(DOCUMENTS[3], record, covered)])
    found = verify_record(evidence)
    assert found.status is RecordStatus.INTACT, found.reasons
    first, second, third = found.stamps
    assert first.covers == covered
    assert second.covers == first.identifiers
    assert third.covers >= covered | first.identifiers | second.identifiers
    assert all(each.imprint_intact for each in found.stamps)


def test_a_renewal_of_something_else_breaks_the_record(world):
    first, other = archived(world, 3), archived(world, 4)
    stray = build([digest(der.single(other).raw)])
    second = encode_archive_time_stamp(SHA256, stray.proofs[0], world.stamp(stray.root, NOW))
    found = parse_evidence_record(encode_evidence_record([[first, second]], [SHA256]))
    verified = verify_record(record_evidence(found, [document_object(DOCUMENTS[3], found)]))
    assert [each.code for each in verified.reasons] == ["EVIDENCE_RECORD_RENEWAL_MISMATCH"]
    assert not any(each.covers for each in verified.stamps)


def test_a_renewal_that_is_older_than_what_it_renews_breaks_the_record(world):
    encoding, _ = renewed(world)
    record = parse_evidence_record(encoding)
    evidence = record_evidence(record, [document_object(DOCUMENTS[3], record)])
    early = datetime(2001, 1, 1, tzinfo=UTC) - timedelta(days=1)
    last = evidence.stamps[-1]
    older = replace(last, info=replace(last.info, gen_time=early))
    found = verify_record(replace(evidence, stamps=(*evidence.stamps[:-1], older)))
    assert found.status is RecordStatus.BROKEN
    assert [each.code for each in found.reasons] == ["TIME_STAMPS_OUT_OF_ORDER"]


def test_no_changed_byte_outside_the_tokens_stays_unseen(world, rng: random.Random):
    encoding, _ = renewed(world)
    assert status(encoding, DOCUMENTS[3]) is RecordStatus.INTACT
    tokens = [each.token for each in parse_evidence_record(encoding).time_stamps]
    spans = [(encoding.index(token), len(token)) for token in tokens]
    outside = [n for n in range(len(encoding)) if not any(s <= n < s + size for s, size in spans)]
    seen = set()
    for where in rng.sample(outside, min(250, len(outside))):
        damaged = bytearray(encoding)
        damaged[where] ^= 1 << rng.randrange(8)
        try:
            found = status(bytes(damaged), DOCUMENTS[3])
        except MalformedInput as error:
            seen.add(error.code)
            continue
        listed = encoding[: outside[0] + 60]
        assert found is not RecordStatus.INTACT or where < len(listed), (
            where
        )  # digestAlgorithms: a hint alone
        seen.add(found.name)
    assert seen >= {"BROKEN", "EVIDENCE_RECORD_MALFORMED"}


@pytest.mark.parametrize(
    "encoding",
    [b"", b"0\x00", b"\x30\x03\x02\x01\x01", encode_evidence_record([], [SHA256]), b"<a/>"],
)
def test_what_is_no_record_is_refused(encoding):
    with pytest.raises(MalformedEvidenceRecord):
        parse_evidence_record(encoding)
