"""The use cases of the clock guard: ask the sources, judge, post, record; stop, and return to service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Lock

from sqlalchemy.exc import IntegrityError

from shirushi.core.actor import Actor, Role, service_actor
from shirushi.core.algorithms import signature_algorithm
from shirushi.core.chain import GENESIS
from shirushi.core.errors import NotPermitted
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.primitives import verify
from shirushi.core.reason import Reason, reason
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock
from shirushi.ports.clock_guard import ClockBoard, MachineClocks, Posted, TimeSources
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.rules.clock import Declaration, GuardState, Refusal, Watch, bound, refusal
from shirushi.services.clock import store
from shirushi.services.clock.model import (
    ClockNotStopped,
    ClockStatus,
    ClockUnfit,
    TimeRecord,
    TimeRecordsVerification,
    statement,
)

_SELF = service_actor("clock")
_LOOKERS = (Role.OPERATOR, Role.AUDITOR, Role.SERVICE)
_CHAIN = "clock/"
LISTED = 1500
"""How many records one page gives at most."""
TRIES = 5
"""How often a record is tried to be added where others add to the same chain."""
FINDINGS = 100
"""How many findings a verification names."""


class ClockGuard:
    """Watches one machine's clock. Thread-safe; of several processes of a machine, one at a time is the guard.

    Args:
        board: where it posts what every process reads at each token.
        machine: the machine's clocks.
        sources: what the system clock is compared with.
        declared: what is declared of the clock.
        database: keeps the time-audit records.
        keys: holds the key that signs them.
        key_label: that key's label.
        clock: dates them.
        audit: the audit log.
        node: this machine's name among those of the trust domain.
        record_every: how often a record is made while nothing happens.
    """

    def __init__(
        self,
        *,
        board: ClockBoard,
        machine: MachineClocks,
        sources: TimeSources,
        declared: Declaration,
        database: Database,
        keys: KeyStore,
        key_label: str,
        clock: Clock,
        audit: AuditLog,
        node: str,
        record_every: timedelta = timedelta(minutes=1),
    ) -> None:
        self._board = board
        self._machine = machine
        self._sources = sources
        self._declared = declared
        self._database = database
        self._keys = keys
        self._key_label = key_label
        self._clock = clock
        self._audit = audit
        self._node = node
        self._record_every = record_every
        self._lock = Lock()
        self._watch = self._begin()
        self._recorded: Instant | None = None
        self._told = _standing(self._watch)

    @contextmanager
    def guarding(self) -> Iterator[bool]:
        """Be this machine's guard while the block runs; false where another process is."""
        with self._board.guarding() as mine:
            if mine:
                with self._lock:
                    self._watch = self._begin()
                    self._told = _standing(self._watch)
            yield mine

    def look_once(self) -> None:
        """Where no guard runs on this machine, ask the sources and post what came of it; else do nothing."""
        with self.guarding() as mine:
            if mine:
                self.observe(_SELF)

    def observe(self, actor: Actor) -> None:
        """Ask every source, judge, and post; record it where it is due. Whoever calls it is the guard."""
        self._permit(actor, "clock.observe", Role.SERVICE)
        samples = self._sources.ask()
        with self._lock:
            self._watch = self._watch.heard(samples, self._machine.tick())
            self._obey()
            self._settle()

    def look(self, actor: Actor) -> None:
        """Hold the system clock against the raw clock, and do what others ask of the guard: at least once a second."""
        self._permit(actor, "clock.look", Role.SERVICE)
        with self._lock:
            self._watch = self._watch.looked(self._machine.tick())
            self._obey()
            if self._told != _standing(self._watch):
                self._settle()

    def stop(self, actor: Actor, why: str) -> None:
        """Have no more tokens made on this machine; audited. The guard obeys within a second."""
        self._permit(actor, "clock.stop", Role.OPERATOR)
        self._board.alarm(Refusal.STOPPED.value)
        self._note(actor, "clock.stop", {"why": why, "reason": Refusal.STOPPED.value})
        self._obeyed()

    def resume(self, actor: Actor, why: str) -> None:
        """Return the clock to service after a stop, for the reason `why`; audited. The guard obeys within a second.

        Raises:
            NotPermitted: the actor is no operator.
            ClockNotStopped: there is nothing to return from.
            ClockUnfit: the clock is not within the declared accuracy now; `cause` says why.
        """
        self._permit(actor, "clock.resume", Role.OPERATOR)
        stopped = self._board.stopped()
        if not stopped:
            raise ClockNotStopped
        self.look_once()
        posted = self._board.read()
        unfit = _unfit(posted, self._machine)
        if unfit:
            self._note(actor, "clock.resume", {"why": why, "unfit": unfit}, outcome="refused")
            raise ClockUnfit(reason(unfit))
        self._note(actor, "clock.resume", {"why": why, "reason": stopped})
        self._board.ask_return()
        self._obeyed()

    def status(self, actor: Actor) -> ClockStatus:
        """How the clock stands now, by what the guard posted."""
        self._permit(actor, "clock.status", *_LOOKERS)
        posted, tick = self._board.read(), self._machine.tick()
        with self._database.reading() as connection:
            said = store.newest(connection, self._node)
        fix = posted.fix if posted else None
        stopped = self._board.stopped()
        state = posted.state if posted else GuardState.STOPPED if stopped else GuardState.STARTING
        code = posted.code if posted else stopped or Refusal.NO_FIX.value
        declared = posted.declared if posted else self._declared
        if posted and fix and state is GuardState.IN_SERVICE:
            refused = refusal(fix, declared, tick)
            code = refused.value if refused else ""
        return ClockStatus(
            state,
            code,
            declared,
            fix.offset - (tick.system - fix.tick.system) + tick.raw - fix.tick.raw if fix else None,
            bound(fix, declared, tick) if fix else None,
            tick.raw - fix.tick.raw if fix else None,
            self._sources.descriptions,
            said,
        )

    def records(self, actor: Actor, *, before: int | None = None, limit: int = 100) -> tuple[TimeRecord, ...]:
        """Time-audit records of this machine before the number `before`, newest first; at most `LISTED`."""
        self._permit(actor, "clock.records", *_LOOKERS)
        with self._database.reading() as connection:
            return store.page(connection, self._node, before, min(limit, LISTED))

    def recent(self, actor: Actor, span: timedelta) -> tuple[TimeRecord, ...]:
        """The records of the last `span`, oldest first, at most `LISTED`."""
        self._permit(actor, "clock.records", *_LOOKERS)
        with self._database.reading() as connection:
            return store.since(connection, self._node, self._clock.now() - span, LISTED)

    def verify(self, actor: Actor) -> TimeRecordsVerification:
        """Hold every record of this machine against its signature and the record before it; raises `KeyUnknown`.

        That the newest are missing shows in the audit log, whose checkpoints bind the newest number and digest.
        """
        self._permit(actor, "clock.verify", Role.OPERATOR, Role.AUDITOR)
        key = self._keys.reference(self._key_label)
        algorithm = signature_algorithm(key.key_type)
        findings: list[Reason] = []
        count, number, digest = 0, 0, GENESIS
        with self._database.reading() as connection:
            for found in store.every(connection, self._node):
                text = found.statement.encode(errors="surrogateescape")
                said = found.said
                if (
                    not verify(key.spki, algorithm, found.signature, text)
                    or (said.get("node"), said.get("number"), said.get("at"), said.get("kind"))
                    != (found.node, found.number, rfc3339(found.at), found.kind)
                ) and len(findings) < FINDINGS:
                    findings.append(reason("CLOCK_RECORD_ALTERED", number=found.number))
                if (found.number, said.get("previous")) != (number + 1, digest) and len(findings) < FINDINGS:
                    findings.append(reason("CLOCK_RECORDS_MISSING", number=found.number))
                count, number, digest = count + 1, found.number, found.digest
        return TimeRecordsVerification(count, tuple(findings))

    def _begin(self) -> Watch:
        """A watch that knows nothing but a stop that stands."""
        names = tuple(source.name for source in self._sources.descriptions if not source.refused)
        watch = Watch(self._declared, names)
        if not names:
            smeared = any(source.refused for source in self._sources.descriptions)
            watch = Watch(self._declared, (), code="CLOCK_SOURCE_SMEARS" if smeared else "CLOCK_NO_SOURCES")
        stopped = self._board.stopped()
        if stopped:
            return watch.stopped(stopped)
        posted = self._board.read()
        age = self._machine.tick().raw - posted.fix.tick.raw if posted and posted.fix else -1
        if names and posted and posted.state is GuardState.IN_SERVICE and 0 <= age <= self._declared.patience:
            # the guard before this one has only just gone: a restart neither hides a step nor cuts a hold-over short
            return replace(watch, state=posted.state, code="", fix=posted.fix, first=posted.fix)
        return watch

    def _obey(self) -> None:
        """Do what readers and operators left on the board."""
        alarm = self._board.alarmed()
        if self._board.return_asked():
            self._watch = self._watch.returned(self._machine.tick())
            self._board.settle()
        elif alarm:
            self._watch = self._watch.stopped(alarm)
            self._board.settle()

    def _obeyed(self) -> None:
        """Where no guard runs, obey at once."""
        with self._board.guarding() as mine:
            if mine:
                self.observe(_SELF)

    def _settle(self) -> None:
        """Post first, then remember: a stop is out before anything can fail."""
        watch = self._watch
        self._board.post(Posted(watch.state, watch.declared, watch.fix, watch.code))
        now = self._clock.now()
        standing = _standing(watch)
        changed = standing != self._told
        if changed or self._recorded is None or not timedelta(0) <= now - self._recorded < self._record_every:
            kind = watch.state.name.lower() if changed else "measurement"
            self._remember(kind, now, stop=changed and watch.state is GuardState.STOPPED)
            self._told, self._recorded = standing, now

    def _remember(self, kind: str, now: Instant, *, stop: bool) -> None:
        """Sign a record and keep it; a stop goes to the audit log too, with the record's digest."""
        described = {source.name: source for source in self._sources.descriptions}
        said = {"at": rfc3339(now), "kind": kind, "node": self._node}
        signer = self._keys.signer(self._key_label)
        algorithm = signature_algorithm(signer.reference.key_type)
        for _ in range(TRIES):
            with self._database.reading() as connection:
                previous = store.newest(connection, self._node)
            text = statement(self._watch, self._machine.tick(), described, previous, said)
            number = previous.number + 1 if previous else 1
            made = TimeRecord(self._node, number, now, kind, text, signer.sign(text.encode(), algorithm))
            try:
                with self._database.unit() as connection:
                    store.add(connection, made)
                    if stop:
                        self._audit.record(connection, _SELF, _stop_event(self._watch.code, made))
            except IntegrityError:  # another process of this node's name took the number meanwhile
                continue
            return

    def _note(self, actor: Actor, action: str, detail: dict[str, str], outcome: str = "done") -> None:
        with self._database.unit() as connection:
            newest = store.newest(connection, self._node)
            known: dict[str, str | int] = {"record": newest.number, "sha256": newest.digest} if newest else {}
            self._audit.record(connection, actor, AuditEvent(action, self._node, outcome, known | detail))

    def _permit(self, actor: Actor, action: str, *roles: Role) -> None:
        if not actor.has(*roles):
            with self._database.unit() as connection:
                self._audit.record(connection, actor, AuditEvent(action, self._node, "refused"))
            raise NotPermitted(actor=actor.id, action=action)


class TimeRecordHeads:
    """The port `KeptRecords` over the time-audit records of every machine of the trust domain."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heads(self) -> Mapping[str, tuple[int, str]]:
        """Number and digest of each machine's newest record, by `clock/` and the machine's name."""
        with self._database.reading() as connection:
            newest = [store.newest(connection, node) for node in store.nodes(connection)]
        return {f"{_CHAIN}{found.node}": (found.number, found.digest) for found in newest if found}

    def links(self, name: str, numbers: Iterable[int]) -> tuple[int, Mapping[int, str]]:
        """The number of the newest record of a machine, 0 where there is none; the digests of those with these numbers."""
        node = name.removeprefix(_CHAIN)
        with self._database.reading() as connection:
            newest = store.newest(connection, node)
            found = tuple(store.numbered(connection, node, numbers))
        return newest.number if newest else 0, {each.number: each.digest for each in found}


def _standing(watch: Watch) -> tuple[GuardState, str]:
    """What is told anew when it changes."""
    return watch.state, watch.code


def _stop_event(code: str, made: TimeRecord) -> AuditEvent:
    detail: dict[str, str | int] = {"reason": code, "record": made.number, "sha256": made.digest}
    return AuditEvent("clock.stop", made.node, "stopped", detail)


def _unfit(posted: Posted | None, machine: MachineClocks) -> str:
    """Why the clock could not be in service now; empty where it could."""
    if posted is None or posted.fix is None:
        return Refusal.NO_FIX.value
    refused = refusal(posted.fix, posted.declared, machine.tick())
    return refused.value if refused else ""
