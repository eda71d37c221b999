"""Many digests under one token: every one has a proof that stands alone, over HTTP and for a folder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import shirushi
from shirushi.codecs.asn1.evidence_record import parse_evidence_record
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import document
from shirushi.core.evidence import TimeStampKind
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.plain.records import document_object, read_record, record_evidence
from shirushi.main import application
from shirushi.rules.evidence_record import RecordStatus, verify_record
from shirushi.services.tsa.model import ImprintRefused, RequestMalformed
from shirushi.services.tsa.service.bulk import StampedBatch, tree_over

SHA256 = DigestAlgorithm.SHA256


def files(count: int) -> list[bytes]:
    return [f"deed {number}".encode() for number in range(count)]


def digests(contents: list[bytes]) -> list[Digest]:
    return [Digest(SHA256, hashlib.sha256(content).digest()) for content in contents]


def status(content: bytes, encoding: bytes) -> RecordStatus:
    """As the rule for evidence records judges it, given the file and the record alone."""
    record = read_record(encoding)
    found = document_object(document(content, "deed.txt"), record)
    return verify_record(record_evidence(record, [found])).status


def climbed(content: bytes, encoding: bytes) -> bytes:
    """The root that the record leads to from the file, by RFC 4998 §4.3 in this test's own words."""
    node = hashlib.sha256(content).digest()
    stamp = parse_evidence_record(encoding).time_stamps[0]
    for number, group in enumerate(stamp.groups):
        assert number or node in group
        members = set(group) | {node}
        node = hashlib.sha256(b"".join(sorted(members))).digest() if len(members) > 1 else node
    return node


@pytest.mark.parametrize("count", [1, 2, 3, 100])
def test_every_file_has_a_proof_of_its_own_under_one_token(data, count):
    contents = files(count)
    with shirushi.open(data) as domain:
        batch = domain.tsa.stamp_batch(digests(contents))
        log = domain.audit.search(action="tsa.stamp").records
    info = parse_timestamp_token(batch.token, TimeStampKind.CONTENT, lambda _: batch.tree.root).info
    assert log[0].subject == str(info.serial_number)
    assert log[0].detail["imprint"] == str(info.imprint)
    for content, record in zip(contents, batch.records(), strict=True):
        assert climbed(content, record) == info.imprint.value
        assert status(content, record) is RecordStatus.INTACT
        assert status(content + b"!", record) is RecordStatus.BROKEN


def test_a_proof_grows_with_the_logarithm_of_the_batch():
    batch = StampedBatch(tree_over(digests(files(5000))), b"\x30\x00")
    assert max(map(len, batch.records())) < 14 * 40


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=60))
def test_any_batch_even_with_equal_digests_has_proofs_that_lead_to_one_root(values):
    tree = tree_over([Digest(SHA256, value) for value in values])
    assert len(tree.proofs) == len(values)
    assert all(not proof or value in proof[0] for value, proof in zip(values, tree.proofs, strict=True))


@pytest.mark.parametrize(
    ("given_", "error"),
    [
        ([], RequestMalformed),
        ([Digest(SHA256, b"short")], RequestMalformed),
        ([Digest(DigestAlgorithm.SHA1, bytes(20))], ImprintRefused),
        ([Digest(SHA256, bytes(32)), Digest(DigestAlgorithm.SHA512, bytes(64))], RequestMalformed),
    ],
)
def test_what_one_token_cannot_cover_is_refused(data, given_, error):
    with shirushi.open(data) as domain, pytest.raises(error):
        domain.tsa.stamp_batch(given_)


def test_a_folder_is_stamped_at_once(data, tmp_path):
    folder = tmp_path / "deeds"
    (folder / "old").mkdir(parents=True)
    for number, content in enumerate(files(7)):
        (folder / ("old" if number % 2 else ".") / f"{number}.txt").write_bytes(content)
    runner = CliRunner()
    for _ in range(2):  # the records of before are not stamped themselves
        said = runner.invoke(application(), ["stamp", str(folder), "--bulk", "--data", str(data), "--json"])
        assert said.exit_code == 0, said.output
        made = json.loads(said.stdout)
        assert len(made) == 7
    for each in made:
        content, record = (Path(each[name]).read_bytes() for name in ("file", "record"))
        assert status(content, record) is RecordStatus.INTACT
    refused = runner.invoke(application(), ["stamp", made[0]["file"], "--bulk", "--data", str(data)])
    assert refused.exit_code == 1
