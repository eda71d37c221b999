"""Whatever is done to a record of the audit log is named: which record, and what."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shirushi.core.chain import GENESIS
from shirushi.services.audit import store
from shirushi.services.audit.model import Checkpoint
from tests.audit_log import OPERATOR, Log

RECORDS = 6
TEXTS = ("at", "actor", "action", "subject", "outcome", "detail", "link")


@pytest.fixture(scope="module")
def original() -> Iterator[Path]:
    """Six records, of which a checkpoint binds the first four and its own record."""
    with tempfile.TemporaryDirectory() as folder:
        log = Log(Path(folder))
        log.filled(3).service.checkpoint(OPERATOR)
        log.filled(2)
        assert log.verify().intact
        log.tamper("DELETE FROM audit_event WHERE position IS NULL")  # what verifying itself recorded
        log.database.close()
        log.tamper("PRAGMA wal_checkpoint(TRUNCATE)")
        yield Path(folder)


@pytest.fixture
def log(original: Path, tmp_path: Path) -> Log:
    shutil.copytree(original, tmp_path / "log")
    return Log(tmp_path / "log")


def copy(original: Path) -> Log:
    folder = Path(tempfile.mkdtemp(dir=original.parent, prefix="tampered-"))
    shutil.copytree(original, folder, dirs_exist_ok=True)
    return Log(folder)


def dispose(log: Log) -> None:
    log.database.close()
    shutil.rmtree(log.path.parent)


@pytest.mark.parametrize("position", range(1, RECORDS + 1))
@pytest.mark.parametrize("column", TEXTS)
def test_a_changed_column_names_its_record_alone(log: Log, position: int, column: str) -> None:
    log.tamper(f"UPDATE audit_event SET {column} = {column} || ' ' WHERE position = ?", [position])
    assert log.found() == [("AUDIT_RECORD_ALTERED", position)]


@pytest.mark.parametrize("position", range(1, RECORDS))
def test_a_record_changed_with_its_link_shows_at_the_next(log: Log, position: int) -> None:
    log.tamper("UPDATE audit_event SET subject = 'forged' WHERE position = ?", [position])
    ((before,),) = log.rows(f"SELECT link FROM audit_event WHERE position = {position - 1}") or [(GENESIS,)]
    with log.database.reading() as connection:
        row = next(row for row in store.linked(connection) if row.position == position)
    link = row.link_after(str(before), position)
    log.tamper("UPDATE audit_event SET link = ? WHERE position = ?", [link, position])
    assert ("AUDIT_RECORD_ALTERED", position + 1) in log.found()


@pytest.mark.parametrize("position", range(1, RECORDS + 1))
@pytest.mark.parametrize("value", ["NULL", "X'00FF'", "17", "CAST(X'FF' AS TEXT)"])
def test_values_of_any_kind(log: Log, position: int, value: str) -> None:
    log.tamper(f"UPDATE audit_event SET link = {value} WHERE position = ?", [position])
    if value != "NULL":
        log.tamper(f"UPDATE audit_event SET subject = {value} WHERE position = ?", [position])
    assert ("AUDIT_RECORD_ALTERED", position) in log.found()


@pytest.mark.parametrize("position", range(1, RECORDS + 1))
def test_a_removed_record(log: Log, position: int) -> None:
    log.tamper("DELETE FROM audit_event WHERE position = ?", [position])
    code = "AUDIT_RECORDS_CUT_OFF" if position == RECORDS else "AUDIT_RECORDS_REMOVED"
    assert log.found() == [(code, position)]


@pytest.mark.parametrize("position", range(1, RECORDS + 1))
def test_a_record_taken_out_of_the_chain(log: Log, position: int) -> None:
    log.tamper("UPDATE audit_event SET position = NULL, link = NULL WHERE position = ?", [position])
    found = log.verify()
    assert found.findings[0].position == position
    assert len(found.unlinked) == 1


@pytest.mark.parametrize("kept", range(RECORDS))
def test_a_log_cut_off(log: Log, kept: int) -> None:
    log.tamper("DELETE FROM audit_event WHERE position > ?", [kept])
    assert log.found() == [("AUDIT_RECORDS_CUT_OFF", kept + 1)]


@pytest.mark.parametrize("kept", range(3))
def test_a_log_cut_off_with_its_head_is_caught_by_the_checkpoint(log: Log, kept: int) -> None:
    log.tamper("DELETE FROM audit_event WHERE position > ?", [kept])
    head = log.rows(f"SELECT link FROM audit_event WHERE position = {kept}") or [("00" * 32,)]
    log.tamper("UPDATE audit_chain SET count = ?, head = ?", [kept, head[0][0]])
    assert log.found() == [("AUDIT_RECORDS_CUT_OFF", kept + 1)]


@pytest.mark.parametrize("first", range(1, RECORDS))
@pytest.mark.parametrize("second", range(2, RECORDS + 1))
def test_records_that_changed_places(log: Log, first: int, second: int) -> None:
    if second <= first:
        first, second = second - 1, first + 1
    log.tamper("UPDATE audit_event SET position = -1 WHERE position = ?", [first])
    log.tamper("UPDATE audit_event SET position = ? WHERE position = ?", [first, second])
    log.tamper("UPDATE audit_event SET position = ? WHERE position = -1", [second])
    found = log.found()
    assert {position for _, position in found} >= {first, second}
    assert ("AUDIT_RECORD_REORDERED", first) in found
    assert ("AUDIT_RECORD_REORDERED", second) in found


@pytest.mark.parametrize("position", range(1, 4))
def test_a_history_rewritten_with_all_its_links(log: Log, position: int) -> None:
    log.tamper("UPDATE audit_event SET subject = 'forged' WHERE position = ?", [position])
    log.tamper("UPDATE audit_event SET link = NULL, position = NULL")
    log.tamper("UPDATE audit_chain SET count = 0, head = ?", ["00" * 32])
    log.service.sequence(OPERATOR)
    (finding,) = log.verify().findings
    assert finding.reason.code == "AUDIT_HISTORY_REWRITTEN"
    assert dict(finding.reason.parameters) == {"number": "1", "first": "1", "last": "3"}


def test_the_checkpoint_removed_too_is_caught_by_the_one_kept_elsewhere(log: Log) -> None:
    test_a_history_rewritten_with_all_its_links(log, 2)
    log.tamper("DELETE FROM audit_checkpoint")
    assert log.found() == [("AUDIT_CHECKPOINT_REMOVED", None), ("AUDIT_HISTORY_REWRITTEN", 1)]
    log.archive.path.unlink()
    assert log.verify().intact  # with everything in one hand nothing is left to tell
    assert log.verify().bound == 0


@pytest.mark.parametrize("field", ["statement", "signature", "number"])
def test_an_altered_checkpoint(log: Log, field: str) -> None:
    change = "number + 1" if field == "number" else f"CAST({field} || 'x' AS BLOB)"
    log.tamper(f"UPDATE audit_checkpoint SET {field} = {change}")
    assert ("AUDIT_CHECKPOINT_ALTERED", None) in log.found()


def test_a_checkpoint_of_another_log(log: Log, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Log(tmp_path / "other")
    made = other.filled(2).service.checkpoint(OPERATOR)
    assert made
    verification = log.service.verify(OPERATOR, [made.line(), "nonsense", "{}"])
    lines = [dict(finding.reason.parameters)["line"] for finding in verification.findings]
    assert lines == ["1", "2", "3"]


def test_a_contradicting_checkpoint_by_the_same_key(log: Log, tmp_path: Path) -> None:
    """As when a database was set back to an older state and went on from there."""
    shutil.copytree(log.path.parent, tmp_path / "copy")
    other = Log(tmp_path / "copy")
    other.tamper("DELETE FROM audit_checkpoint")
    made = other.filled(1).service.checkpoint(OPERATOR)
    assert made
    codes = {finding.reason.code for finding in log.service.verify(OPERATOR, [made.line()]).findings}
    assert codes == {"AUDIT_CHECKPOINT_ALTERED", "AUDIT_RECORDS_CUT_OFF"}


@settings(max_examples=60)
@given(data=st.data())
def test_a_flipped_bit_anywhere_in_a_record(original: Path, data: st.DataObject) -> None:
    position = data.draw(st.integers(1, RECORDS), label="position")
    column = data.draw(st.sampled_from(TEXTS), label="column")
    log = copy(original)
    try:
        ((value,),) = log.rows(f"SELECT CAST({column} AS BLOB) FROM audit_event WHERE position = {position}")
        assert isinstance(value, bytes)
        bit = data.draw(st.integers(0, len(value) * 8 - 1), label="bit")
        flipped = bytearray(value)
        flipped[bit // 8] ^= 1 << bit % 8
        log.tamper(
            f"UPDATE audit_event SET {column} = CAST(? AS TEXT) WHERE position = ?",
            [bytes(flipped), position],
        )
        assert log.found() == [("AUDIT_RECORD_ALTERED", position)]
    finally:
        dispose(log)


@given(
    line=st.one_of(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
)
def test_no_line_breaks_the_verification(line: str) -> None:
    try:
        Checkpoint.from_line(line)
    except ValueError:
        return
    assert '"statement"' in line
