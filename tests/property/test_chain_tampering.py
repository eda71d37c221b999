"""Whatever is done to a chain file is named: which record, and what."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirushi.adapters.chain_file import ChainFile, ChainFolder
from shirushi.core.chain import canonical, record_tail
from shirushi.services.audit.service import AuditService
from tests.audit_log import OPERATOR, Log

RECORDS = 8
BOUND = 6


def tail(number: int) -> bytes:
    detail = canonical({"unit": "TSU 1", "token": f"{number:064x}"})
    return record_tail(("2026-04-01T00:00:00.000000Z", "anonymous", "tsa.stamp", str(number), "done", detail))


class Chained:
    """An audit log with a lane's chain of eight records in three segments, of which checkpoints bind six."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = Log(folder)
        self.chains = ChainFolder(folder / "chains")
        self.service = AuditService(
            trail=self.log.trail,
            database=self.log.database,
            keys=self.log.keys,
            key_label="audit",
            clock=self.log.clock,
            chains=self.chains,
            archives=[self.log.archive],
        )

    def fill(self) -> None:
        with ChainFile(self.folder / "chains", segment_size=1200) as chain:
            chain.append([tail(n) for n in range(1, 3)])
            self.service.checkpoint(OPERATOR)
            for number in range(3, BOUND + 1):
                chain.append([tail(number)])
            self.service.checkpoint(OPERATOR)
            chain.append([tail(n) for n in range(BOUND + 1, RECORDS + 1)])

    @property
    def segments(self) -> list[Path]:
        return sorted((self.folder / "chains").glob("*/*.jsonl"))

    def lines(self) -> list[bytes]:
        (name,) = self.chains.names()
        return list(self.chains.lines(name))

    def put(self, lines: list[bytes]) -> None:
        """Let the chain hold these lines, all in its first segment."""
        first, *others = self.segments
        first.write_bytes(b"".join(lines))
        for other in others:
            other.unlink()

    def found(self) -> list[tuple[str, int | None]]:
        return [(f.reason.code, f.position) for f in self.service.verify(OPERATOR).findings if f.chain]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chained")
    made = Chained(folder)
    made.fill()
    assert len(made.segments) > 1
    assert made.found() == []
    made.log.database.close()
    return folder


@pytest.fixture
def chained(original: Path, tmp_path: Path) -> Iterator[Chained]:
    shutil.copytree(original, tmp_path / "log")
    found = Chained(tmp_path / "log")
    yield found
    found.log.database.close()


def test_an_intact_chain_and_what_is_not_bound_yet(chained: Chained) -> None:
    verified = chained.service.verify(OPERATOR)
    assert verified.intact
    (state,) = verified.chains
    assert (state.records, state.bound) == (RECORDS, BOUND)


@settings(max_examples=60)
@given(data=st.data())
def test_any_flipped_bit_is_named(original: Path, data: st.DataObject) -> None:
    folder = Path(tempfile.mkdtemp(dir=original.parent))
    shutil.copytree(original, folder, dirs_exist_ok=True)
    chained = Chained(folder)
    try:
        lines = chained.lines()
        number = data.draw(st.integers(1, RECORDS), label="record")
        line = bytearray(lines[number - 1])
        bit = data.draw(st.integers(0, 8 * (len(line) - 1) - 1), label="bit")
        line[bit // 8] ^= 1 << bit % 8
        lines[number - 1] = bytes(line)
        chained.put(lines)
        assert ("AUDIT_RECORD_ALTERED", number) in chained.found()
    finally:
        chained.log.database.close()
        shutil.rmtree(folder)


@pytest.mark.parametrize("number", range(1, RECORDS + 1))
def test_one_flipped_digit_of_a_token_names_its_record_alone(chained: Chained, number: int) -> None:
    lines = chained.lines()
    lines[number - 1] = lines[number - 1].replace(b"TSU 1", b"TSU 2")
    chained.put(lines)
    assert chained.found() == [("AUDIT_RECORD_ALTERED", number)]


@pytest.mark.parametrize("number", range(1, RECORDS))
def test_a_removed_line(chained: Chained, number: int) -> None:
    lines = chained.lines()
    del lines[number - 1]
    chained.put(lines)
    assert chained.found() == [("AUDIT_RECORDS_REMOVED", number)]


@pytest.mark.parametrize("first", range(1, RECORDS))
def test_lines_that_changed_places(chained: Chained, first: int) -> None:
    lines = chained.lines()
    lines[first - 1], lines[first] = lines[first], lines[first - 1]
    chained.put(lines)
    found = chained.found()
    assert ("AUDIT_RECORDS_REMOVED", first) in found
    assert {position for _, position in found} == {first}


@pytest.mark.parametrize("kept", range(BOUND))
def test_a_chain_cut_off(chained: Chained, kept: int) -> None:
    chained.put(chained.lines()[:kept])
    code, position = chained.found()[0]
    assert (code, position) in {("AUDIT_RECORDS_CUT_OFF", kept + 1), ("AUDIT_CHAIN_ABSENT", None)}


def test_a_chain_rewritten_with_all_its_links(chained: Chained, tmp_path: Path) -> None:
    with ChainFile(tmp_path / "other") as other:
        other.append([tail(n + 10) for n in range(1, RECORDS + 1)])
        name = other.name
    chained.put(list(ChainFolder(tmp_path / "other").lines(name)))
    assert ("AUDIT_HISTORY_REWRITTEN", 1) in chained.found()


def test_a_chain_taken_away(chained: Chained) -> None:
    shutil.rmtree(chained.folder / "chains")
    assert chained.found() == [("AUDIT_CHAIN_ABSENT", None)]


def test_a_segment_taken_away(chained: Chained) -> None:
    chained.segments[0].unlink()
    assert chained.found()[0][0] == "AUDIT_RECORDS_REMOVED"


def test_a_line_that_was_never_finished_is_no_record(chained: Chained) -> None:
    with chained.segments[-1].open("ab") as file:
        file.write(b'["shirushi.audit.v1",9,9,"2026')
    assert chained.found() == []


def test_checkpoints_kept_elsewhere_find_what_the_database_forgot(chained: Chained) -> None:
    chained.put(chained.lines()[:1])
    chained.log.tamper("DELETE FROM audit_checkpoint")
    assert ("AUDIT_RECORDS_CUT_OFF", 2) in chained.found()
