"""The clock guard as a service: steps stop it for good, an operator returns it, records show where time comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from shirushi.adapters.clock_board import GuardedClock, MappedBoard
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.codecs.asn1.tsp import TimeStampRequest, encode_timestamp_request, parse_timestamp_response
from shirushi.core.actor import Actor, Role, service_actor
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import NotPermitted
from shirushi.domain import Domain, compose
from shirushi.ports.clock import TimeNotAvailable
from shirushi.ports.clock_guard import SourceDescription
from shirushi.rules.clock import GuardState
from shirushi.rules.clock.model import SECOND
from shirushi.services.audit.service import AuditTrail
from shirushi.services.clock.model import ClockNotStopped, ClockUnfit
from shirushi.services.clock.service import ClockGuard
from shirushi.services.clock.store import newest as newest_record
from shirushi.services.clock.store import record as record_table
from shirushi.services.tsa.model import FailureInfo
from tests.clock_world import DECLARED, Machine

SELF = service_actor("clock")
OPERATOR = Actor("keiko@example.jp", frozenset({Role.OPERATOR, Role.AUDITOR}))
IMPRINT = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(b"deed"))


class Sources:
    """Three servers that tell the machine's true time, or nothing."""

    descriptions = tuple(
        SourceDescription(name, "sntp", f"{name}.example", "UTC(NICT)") for name in ("a", "b", "c")
    )

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.silent = False

    def ask(self):
        return [] if self.silent else [self.machine.sample(each.name) for each in self.descriptions]


class SystemOf:
    """The system clock of the machine, unguarded."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def now(self):
        return datetime.fromtimestamp(self.machine.system / SECOND, UTC)


class World:
    """A machine with its sources, its board, its guard, and the clock that tokens are dated by."""

    def __init__(self, data, folder) -> None:
        now = int(datetime.now(UTC).timestamp()) * SECOND  # within the validity of the demo's certificates
        self.machine = Machine(utc=now, system=now)
        self.sources = Sources(self.machine)
        self.data, self.folder = data, folder
        self.board = MappedBoard(folder)
        self.clock = GuardedClock(self.board, self.machine)

    @contextmanager
    def domain(self) -> Iterator[Domain]:
        directory = DataDirectory(self.data)
        with compose(directory, read_configuration(directory.configuration), self.clock) as domain:
            yield domain

    def guard(self, domain: Domain, sources=None) -> ClockGuard:
        clock = SystemOf(self.machine)
        return ClockGuard(
            board=self.board,
            machine=self.machine,
            sources=sources or self.sources,
            declared=DECLARED,
            database=domain.ports.database,
            keys=domain.keys,
            key_label="audit",
            clock=clock,
            audit=AuditTrail(clock),
            node="tsa-1",
        )


@pytest.fixture
def world(data, tmp_path):
    folder = tmp_path / "clock"
    folder.mkdir()
    return World(data, folder)


def stamped(domain):
    request = TimeStampRequest(imprint=IMPRINT, certificates_requested=False)
    return parse_timestamp_response(domain.tsa.answer(encode_timestamp_request(request)))


@pytest.mark.parametrize("step", [1.1, -1.1])
def test_a_step_ends_tokens_at_once_and_only_an_operator_brings_them_back(world, step):
    with world.domain() as domain:
        guard = world.guard(domain)
        guard.observe(SELF)
        assert stamped(domain).granted
        world.machine.advance(1)
        world.machine.step(step)
        assert stamped(domain).failure_info == {FailureInfo.TIME_NOT_AVAILABLE}
        world.machine.step(-step)  # set right at once: too late, for a reader has seen it
        guard.look(SELF)
        assert world.board.stopped() == "CLOCK_STEPPED"
        world.machine.advance(16)
        world.guard(domain).observe(SELF)  # nor does a new guard forget
        assert not stamped(domain).granted
        with pytest.raises(NotPermitted):
            guard.resume(Actor("eve", frozenset({Role.AUDITOR})), "please")
        world.machine.step(step)
        with pytest.raises(ClockUnfit) as unfit:
            guard.resume(OPERATOR, "it must be right by now")
        assert unfit.value.cause is not None
        world.machine.step(-step)
        world.machine.advance(16)
        guard.resume(OPERATOR, "ntpdate had stepped it; removed")
        assert stamped(domain).granted
        with pytest.raises(ClockNotStopped):
            guard.resume(OPERATOR, "again")
        acts = domain.audit.search(action="clock.resume").records
        assert [(act.actor, act.outcome) for act in acts] == [
            (OPERATOR.id, "done"),
            (OPERATOR.id, "refused"),
            ("eve", "refused"),
        ]
        assert acts[0].detail["why"] == "ntpdate had stepped it; removed"
        assert domain.audit.search(action="clock.stop").records[0].detail["reason"] == "CLOCK_STEPPED"
        assert guard.verify(OPERATOR).intact


def test_lost_sources_are_held_over_across_a_new_guard_and_not_longer_than_the_bound(world):
    with world.domain() as domain:
        world.guard(domain).observe(SELF)
        world.sources.silent = True
        world.machine.advance(100)
        guard = world.guard(domain)
        guard.observe(SELF)
        assert guard.status(OPERATOR).state is GuardState.IN_SERVICE
        assert stamped(domain).granted
        world.machine.advance(5000)
        assert stamped(domain).failure_info == {FailureInfo.TIME_NOT_AVAILABLE}
        guard.observe(SELF)
        assert world.board.stopped() == "CLOCK_INACCURATE"


def test_a_guard_that_begins_anew_after_long_trusts_nothing_old(world):
    with world.domain() as domain:
        world.guard(domain).observe(SELF)
        world.machine.advance(1000)
        world.sources.silent = True
        world.guard(domain).observe(SELF)
        with pytest.raises(TimeNotAvailable) as refused:
            world.clock.now()
        assert refused.value.cause.code == "CLOCK_TOO_FEW_SOURCES"
        assert "shirushi clock status" in refused.value.remedy("ja")


def test_an_operator_stops_the_clock(world):
    with world.domain() as domain:
        guard = world.guard(domain)
        guard.observe(SELF)
        guard.stop(OPERATOR, "moving the rack")
        assert guard.status(OPERATOR).code == "CLOCK_STOPPED"
        assert not stamped(domain).granted
        guard.resume(OPERATOR, "moved")
        assert stamped(domain).granted


@pytest.mark.parametrize(("refused", "code"), [(None, "CLOCK_NO_SOURCES"), ("x", "CLOCK_SOURCE_SMEARS")])
def test_without_sources_there_is_no_time(world, refused, code):
    class Nothing:
        descriptions = (SourceDescription("x", "sntp", "time.google.com", "", code),) if refused else ()

        def ask(self):
            return []

    with world.domain() as domain:
        guard = world.guard(domain, Nothing())
        guard.observe(SELF)
        assert guard.status(OPERATOR).code in {code, "CLOCK_TOO_FEW_SOURCES"}
        with pytest.raises(TimeNotAvailable):
            world.clock.now()


def test_records_say_where_the_time_comes_from(world):
    with world.domain() as domain:
        guard = world.guard(domain)
        guard.observe(SELF)
        world.machine.advance(61)
        guard.observe(SELF)
        newest, first = guard.records(OPERATOR)
        assert [first.kind, newest.kind] == ["in_service", "measurement"]
        said = json.loads(newest.statement)
        assert said["previous"] == first.digest
        assert {each["traceable_to"] for each in said["sources"]} == {"UTC(NICT)"}
        assert {each["standing"] for each in said["sources"]} == {"agreed"}
        assert abs(said["offset_ns"]) <= said["bound_ns"] < 6_000_000
        assert guard.status(OPERATOR).traceable_to == "UTC(NICT)"
        assert [record.number for record in guard.records(OPERATOR, before=2)] == [1]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (
            update(record_table).where(record_table.c.number == 2).values(statement="{}"),
            {"CLOCK_RECORD_ALTERED", "CLOCK_RECORDS_MISSING"},
        ),
        (
            update(record_table).where(record_table.c.number == 2).values(kind="stopped"),
            {"CLOCK_RECORD_ALTERED"},
        ),
        (delete(record_table).where(record_table.c.number == 2), {"CLOCK_RECORDS_MISSING"}),
    ],
)
def test_records_that_were_tampered_with_are_named(world, change, codes):
    with world.domain() as domain:
        guard = world.guard(domain)
        for _ in range(3):
            guard.observe(SELF)
            world.machine.advance(61)
        assert guard.verify(OPERATOR).records == 3
        with domain.ports.database.unit() as connection:
            connection.execute(change)
        assert {found.code for found in guard.verify(OPERATOR).findings} == codes


def test_records_cut_off_at_the_end_are_named_by_the_checkpoints(world):
    with world.domain() as domain:
        guard = world.guard(domain)
        for _ in range(3):
            guard.observe(SELF)
            world.machine.advance(61)
        domain.audit.checkpoint()
        assert domain.audit.verify().intact
        with domain.ports.database.unit() as connection:
            newest = newest_record(connection, guard.status(OPERATOR).said.node).number
            connection.execute(delete(record_table).where(record_table.c.number == newest))
        assert guard.verify(OPERATOR).intact  # the chain itself does not show it
        (found,) = domain.audit.verify().findings
        assert (found.reason.code, found.position) == ("AUDIT_RECORDS_CUT_OFF", newest)
        assert found.chain.startswith("clock/")


def test_a_board_that_is_torn_tells_no_time(world):
    with world.domain() as domain:
        world.guard(domain).observe(SELF)
        assert world.clock.now()
        with (world.folder / "board").open("r+b") as board:
            board.seek(40)
            board.write(b"\xff")
        with pytest.raises(TimeNotAvailable) as refused:
            world.clock.now()
        assert refused.value.cause.code == "CLOCK_NO_FIX"


def test_a_stop_outlives_the_machine_it_was_posted_on(world):
    with world.domain() as domain:
        guard = world.guard(domain)
        guard.observe(SELF)
        guard.stop(OPERATOR, "drill")
        (world.folder / "board").unlink()  # as after a start of the machine
        world.board = MappedBoard(world.folder)
        world.machine.advance(100)
        again = world.guard(domain)
        again.observe(SELF)
        assert again.status(OPERATOR).state is GuardState.STOPPED
