"""Lanes on two machines with one database: each verifies its own chains, and says where the others lie."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shirushi.adapters.chain_file import ChainFile, ChainFolder
from shirushi.core.chain import canonical, record_tail
from shirushi.core.errors import FileUnreadable
from shirushi.services.audit.service import AuditService
from tests.audit_log import OPERATOR, Log


def tail(number: int, digest: str = "ab" * 32) -> bytes:
    at = f"2026-04-01T00:00:{number % 60:02}.000000Z"
    detail = canonical({"gen_time": at, "imprint": f"SHA-256:{digest}", "token": f"{number:064x}"})
    return record_tail((at, "anonymous", "tsa.stamp", str(number), "done", detail))


class Machine:
    """One of the machines: its lanes' chains, and the audit service as it runs there."""

    def __init__(self, log: Log, folder: Path, node: str) -> None:
        self.folder, self.node = folder / node, node
        self.audit = AuditService(
            trail=log.trail,
            database=log.database,
            keys=log.keys,
            key_label="audit",
            clock=log.clock,
            chains=ChainFolder(self.folder, node),
            archives=[log.archive],
        )

    def stamp(self, *tails: bytes) -> str:
        with ChainFile(self.folder, node=self.node) as chain:
            assert chain.append(tails) == len(tails)
            return chain.name


@pytest.fixture
def machines(tmp_path):
    log = Log(tmp_path)
    yield Machine(log, tmp_path, "tokyo"), Machine(log, tmp_path, "Osaka 2")
    log.database.close()


def test_the_chain_of_another_machine_is_named_and_is_no_finding(machines):
    tokyo, osaka = machines
    mine, other = tokyo.stamp(tail(1), tail(2)), osaka.stamp(tail(3))
    for machine in machines:
        assert machine.audit.checkpoint(OPERATOR)
    assert [machine.audit.checkpoint(OPERATOR) for machine in machines] == [None, None]
    verified = tokyo.audit.verify(OPERATOR)
    assert verified.intact
    states = {
        state.name: (state.records, state.bound, state.kept_on, state.promised) for state in verified.chains
    }
    assert states == {mine: (2, 2, "", 0), other: (0, 0, "osaka_2", 1)}
    assert osaka.audit.verify(OPERATOR).intact


def test_a_copy_of_another_machines_chain_is_verified_as_far_as_it_goes(machines):
    tokyo, osaka = machines
    name = osaka.stamp(tail(1), tail(2))
    assert osaka.audit.checkpoint(OPERATOR)
    shutil.copytree(osaka.folder / name, tokyo.folder / name)
    osaka.stamp(tail(3))
    assert osaka.audit.checkpoint(OPERATOR)
    verified = tokyo.audit.verify(OPERATOR)
    assert verified.intact
    (state,) = verified.chains
    assert (state.records, state.bound, state.promised) == (2, 2, 3)
    (segment,) = (tokyo.folder / name).glob("*.jsonl")
    segment.write_bytes(segment.read_bytes().replace(b"ab" * 32, b"ac" * 32, 1))
    assert [each.reason.code for each in tokyo.audit.verify(OPERATOR).findings] == ["AUDIT_RECORD_ALTERED"]


def test_a_machines_own_chain_that_is_gone_is_a_finding(machines):
    tokyo, _ = machines
    name = tokyo.stamp(tail(1))
    assert tokyo.audit.checkpoint(OPERATOR)
    shutil.rmtree(tokyo.folder)
    found = [(each.reason.code, each.chain) for each in tokyo.audit.verify(OPERATOR).findings]
    assert found == [("AUDIT_CHAIN_ABSENT", name)]


def test_a_chain_that_cannot_go_on_stays_locked_and_the_next_lane_takes_another(machines):
    tokyo, _ = machines
    name = tokyo.stamp(tail(1))
    (segment,) = (tokyo.folder / name).glob("*.jsonl")
    segment.write_bytes(segment.read_bytes()[:-3] + b"x\n")
    with pytest.raises(FileUnreadable):
        ChainFile(tokyo.folder, node="tokyo")
    assert tokyo.stamp(tail(2)) == name[:-1] + "2"


def test_records_of_lanes_are_found_by_number_by_digest_and_by_time(machines):
    tokyo, _ = machines
    name = tokyo.stamp(*(tail(number, f"{number:02x}" * 32) for number in range(1, 31)))

    def numbers(**sought: object) -> list[str]:
        return [each.subject for each in tokyo.audit.search(OPERATOR, chains=True, **sought).records]

    (found,) = tokyo.audit.search(OPERATOR, chains=True, subject="7").records
    assert (found.chain, found.position, found.detail["imprint"]) == (name, 7, "SHA-256:" + "07" * 32)
    assert numbers(digest="0B" * 32) == ["11"]
    assert numbers(digest=f"{12:064x}") == ["12"]
    assert numbers(limit=3) == ["30", "29", "28"]
    since, until = (datetime(2026, 4, 1, 0, 0, second, tzinfo=UTC) for second in (4, 6))
    assert numbers(since=since, until=until) == ["5", "4"]
    assert numbers(subject="7", digest="0b" * 32) == []
