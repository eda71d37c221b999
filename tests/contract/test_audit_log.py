"""What every adapter of the port `AuditLog` keeps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from shirushi.ports.audit import AuditEvent, AuditLog
from tests.audit_log import ALICE, OPERATOR, Log
from tests.fakes import START


@pytest.fixture
def log(tmp_path: Path, database_url: URL) -> Iterator[Log]:
    log = Log(tmp_path, url=database_url)
    yield log
    log.database.close()


@pytest.fixture(params=["trail"])
def adapter(request: pytest.FixtureRequest, log: Log) -> AuditLog:
    adapter: AuditLog = getattr(log, request.param)
    return adapter


def record(log: Log, adapter: AuditLog, event: AuditEvent, error: Exception | None = None) -> None:
    with log.database.unit() as connection:
        adapter.record(connection, ALICE, event)
        if error:
            raise error


def test_an_event_is_kept_with_its_unit(log: Log, adapter: AuditLog) -> None:
    record(log, adapter, AuditEvent("test.act", "kept", "done", {"b": 1, "a": "あ"}))
    with pytest.raises(KeyError):
        record(log, adapter, AuditEvent("test.act", "undone"), KeyError())
    (found,) = log.service.search(OPERATOR).records
    assert (found.actor, found.action, found.subject, found.outcome) == (ALICE.id, "test.act", "kept", "done")
    assert (found.at, found.detail, found.position) == (START, {"b": 1, "a": "あ"}, None)


def test_odd_characters_do_not_stop_the_log(log: Log, adapter: AuditLog) -> None:
    record(log, adapter, AuditEvent("test.act", "file-\udcff\0.pdf", detail={"big": 2**80, "text": "\ud800"}))
    (found,) = log.service.search(OPERATOR, action="test.act").records
    assert found.subject == "file-\\udcff\\x00.pdf"
    assert found.detail == {"big": str(2**80), "text": "\\ud800"}
    assert log.verify().intact


@pytest.mark.parametrize("detail", [{"pin": "2468"}, {"x": 1.5}, {"x": None}, {"鍵": "x"}])
def test_what_does_not_belong_in_the_log(log: Log, adapter: AuditLog, detail: dict[str, str | int]) -> None:
    with pytest.raises(ValueError, match="'") as caught:
        record(log, adapter, AuditEvent("test.act", "x", detail=detail))
    assert "2468" not in str(caught.value)


def test_several_sequencers_link_every_record_once(
    log: Log, adapter: AuditLog, tmp_path: Path, database_url: URL
) -> None:
    nodes = [log, *(Log(tmp_path, url=database_url) for _ in range(2))]

    def work(node: Log) -> None:
        for number in range(10):
            record(node, adapter, AuditEvent("test.act", str(number)))
            node.service.sequence(OPERATOR)

    threads = [threading.Thread(target=work, args=(node,)) for node in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = log.verify()
    assert found.intact
    assert (found.records, found.unlinked) == (30, ())
    log.service.checkpoint(OPERATOR)
    assert log.verify().bound == 30 + 1  # the verification itself
    for node in nodes[1:]:
        node.database.close()
