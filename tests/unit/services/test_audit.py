"""The audit log: written with its unit, linked, bound by checkpoints, searched."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from shirushi.core.actor import service_actor
from shirushi.core.chain import GENESIS
from shirushi.core.errors import FileUnwritable, NotPermitted, ShirushiError
from shirushi.ports.keys import KeyUnknown
from shirushi.services.audit.model import ChainBroken, Statement
from tests.audit_log import ALICE, AUDITOR, OPERATOR, Log
from tests.fakes import START


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


class Refusing:
    """A time-stamping authority that gives nothing."""

    def stamp(self, *_: object) -> bytes:
        raise ShirushiError

    def token_size(self) -> int:
        return 0


class Misstamping(Refusing):
    """One that gives no token at all."""

    def stamp(self, *_: object) -> bytes:
        return b"\x30\x00"


def test_the_encoding_that_is_documented(log: Log) -> None:
    log.filled(2)
    before = bytes(32)
    for values in log.rows(
        "SELECT position, id, at, actor, action, subject, outcome, detail FROM audit_event"
    ):
        text = json.dumps(["shirushi.audit.v1", *values], ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256(before + text.encode()).digest()
        assert log.rows(f"SELECT link FROM audit_event WHERE position = {values[0]}") == [(before.hex(),)]
    assert log.rows("SELECT count, head FROM audit_chain") == [(2, before.hex())]
    assert log.rows("SELECT at, detail FROM audit_event WHERE id = 1") == [
        ("2026-04-01T00:00:01.500000Z", '{"n":4}')
    ]


def test_linking_in_batches(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shirushi.services.audit.service.audit.BATCH", 3)
    log.write(*map(str, range(7)))
    assert log.service.sequence(service_actor("jobs")) == 7
    assert log.service.sequence(OPERATOR) == 0
    assert log.rows("SELECT id = position FROM audit_event GROUP BY 1") == [(1,)]
    assert log.verify().linked == 7


def test_sequencers_at_once(log: Log, tmp_path: Path) -> None:
    log.write(*map(str, range(40)))
    logs = [log, Log(tmp_path), Log(tmp_path)]
    counts: list[int] = []
    threads = [threading.Thread(target=lambda o=o: counts.append(o.service.sequence(OPERATOR))) for o in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 40
    assert log.verify().intact


def test_an_intact_log(log: Log) -> None:
    log.filled(5)
    made = log.service.checkpoint(OPERATOR)
    log.write("later")
    assert made
    found = log.service.verify(AUDITOR)
    assert found.intact
    assert (found.records, found.linked, found.bound) == (7, 5, 5)
    assert found.unlinked == (6, 7)  # the checkpoint's own record, and the last one
    assert (found.checkpoints, found.stamped) == (1, 0)


def test_an_empty_log_is_intact(log: Log) -> None:
    found = log.verify()
    assert found.intact
    assert (found.records, found.bound) == (0, 0)


def test_checkpoints_follow_each_other(log: Log) -> None:
    first = log.filled(2).service.checkpoint(OPERATOR)
    assert log.service.checkpoint(service_actor("jobs")) is None  # nothing but a checkpoint happened
    second = log.filled(1).service.checkpoint(OPERATOR)
    assert first
    assert second
    said = [Statement.parse(made.statement) for made in (first, second)]
    assert [(s.number, s.count) for s in said] == [(1, 2), (2, 4)]
    assert said[0].previous == GENESIS
    assert said[1].previous == hashlib.sha256(first.statement.encode()).hexdigest()
    assert log.archive.lines() == (first.line(), second.line())
    assert log.verify().bound == 4


def test_an_archive_that_fails_gets_it_the_next_time(log: Log, tmp_path: Path) -> None:
    log.archive.path = tmp_path / "elsewhere" / "checkpoints.jsonl"
    with pytest.raises(FileUnwritable):
        log.filled(1).service.checkpoint(OPERATOR)
    (tmp_path / "elsewhere").mkdir()
    assert log.service.checkpoint(OPERATOR) is None
    assert log.archive.last() == 1
    assert log.verify().intact


def test_without_a_time_stamp_the_log_says_why(tmp_path: Path) -> None:
    log = Log(tmp_path, Refusing())
    made = log.filled(1).service.checkpoint(OPERATOR)
    assert made
    assert made.token is None
    (event,) = log.service.search(OPERATOR, action="audit.checkpoint").records
    assert event.outcome == "unstamped: INTERNAL_ERROR"


def test_what_is_no_time_stamp_is_named(tmp_path: Path) -> None:
    log = Log(tmp_path, Misstamping())
    log.filled(1).service.checkpoint(OPERATOR)
    assert log.found() == [("AUDIT_CHECKPOINT_STAMP_ALTERED", None)]


def test_no_key_no_checkpoint(log: Log) -> None:
    log.service._key_label = "absent"
    with pytest.raises(KeyUnknown):
        log.filled(1).service.checkpoint(OPERATOR)
    with pytest.raises(KeyUnknown):
        log.verify()
    assert log.rows("SELECT count(*) FROM audit_checkpoint") == [(0,)]


def test_a_former_key_still_counts(log: Log) -> None:
    log.filled(1).service.checkpoint(OPERATOR)
    log.keys.generate("audit-2", log.keys.reference("audit").key_type)
    log.service._key_label = "audit-2"
    log.filled(1).service.checkpoint(OPERATOR)
    assert log.found() == [("AUDIT_CHECKPOINT_ALTERED", None), ("AUDIT_CHECKPOINT_UNREADABLE", None)]
    log.service._former_keys = ("audit",)
    assert log.verify().intact


def test_who_may_do_what(log: Log) -> None:
    for act in (log.service.sequence, log.service.checkpoint, log.service.verify, log.service.search):
        with pytest.raises(NotPermitted):
            act(ALICE)
    with pytest.raises(NotPermitted):
        log.service.sequence(AUDITOR)
    refused = log.service.search(AUDITOR).records
    assert {record.outcome for record in refused} == {"refused"}
    assert [record.actor for record in refused] == [AUDITOR.id] + [ALICE.id] * 4


def test_searching_is_itself_recorded(log: Log) -> None:
    log.service.search(AUDITOR)
    (found,) = log.service.search(OPERATOR, action="audit.search").records
    assert (found.actor, found.detail) == (AUDITOR.id, {"records": 0})


def test_pages(log: Log) -> None:
    log.write(*map(str, range(10)))
    subjects: list[str] = []
    before = None
    while True:
        page = log.service.search(OPERATOR, before=before, limit=4, action="test.act")
        subjects += [record.subject for record in page.records]
        before = page.next_before
        if before is None:
            break
    assert subjects == [str(number) for number in reversed(range(10))]


def test_search_by_everything(log: Log) -> None:
    log.write("a", "b", "c")
    log.write("b", actor=OPERATOR)
    search = log.service.search
    assert [r.subject for r in search(OPERATOR, done_by=ALICE.id).records] == ["c", "b", "a"]
    assert [r.actor for r in search(OPERATOR, subject="b").records] == [OPERATOR.id, ALICE.id]
    since, until = START + timedelta(seconds=3), START + timedelta(seconds=4.5)
    assert [r.subject for r in search(OPERATOR, since=since, until=until).records] == ["b"]


def test_unreadable_records_are_shown_as_they_are(log: Log) -> None:
    log.filled(2)
    log.tamper(
        "UPDATE audit_event SET at = 'never', detail = 'x', subject = CAST(X'FFFE' AS TEXT) WHERE id = 2"
    )
    found = log.service.search(OPERATOR).records[0]
    assert (found.at, found.detail, found.subject) == (None, {"unreadable": "'x'"}, "\\udcff\\udcfe")


def test_a_chain_without_its_head_does_not_go_on(log: Log) -> None:
    log.filled(1).write("x")
    for tampering in (
        "UPDATE audit_chain SET head = 'zz'",
        "UPDATE audit_chain SET head = 5",
        "DELETE FROM audit_chain",
    ):
        log.tamper(tampering)
        with pytest.raises(ChainBroken):
            log.service.sequence(OPERATOR)
        assert ("AUDIT_CHAIN_STATE_ALTERED", None) in log.found()
