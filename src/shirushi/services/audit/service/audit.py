"""The use cases of the audit log: link, bind by checkpoints, verify, search."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.exc import IntegrityError

from shirushi.core.actor import Actor, Role, service_actor
from shirushi.core.algorithms import Digest, DigestAlgorithm, signature_algorithm
from shirushi.core.chain import GENESIS
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.core.instant import Instant
from shirushi.ports.audit import AuditChains, AuditEvent, CheckpointArchive, KeptRecords
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.keys import KeyStore
from shirushi.ports.trust import TimeStamper
from shirushi.services.audit import store
from shirushi.services.audit.model import (
    AuditPage,
    AuditVerification,
    ChainBroken,
    Checkpoint,
    Row,
    Statement,
    fixed_instant,
    record_of,
)
from shirushi.services.audit.service.chain import ChainExamination
from shirushi.services.audit.service.checkpoints import CheckpointExamination
from shirushi.services.audit.service.lanes import ChainSearch, chain_heads, moved, verify_chains
from shirushi.services.audit.service.trail import AuditTrail

BATCH = 1000
"""How many records one unit links, so that no other unit waits long."""

SEARCH_LIMIT = 1000
"""How many records one search gives at most."""

_SELF = service_actor("audit")


class AuditService:
    """Links, binds, verifies and searches the audit log. Thread-safe; any process of the domain may run any of it.

    Args:
        trail: writes the log's own events.
        database: holds the log.
        keys: holds the key that signs checkpoints.
        key_label: that key's label.
        clock: tells when a checkpoint was made.
        time_stamper: stamps checkpoints, where the domain has time-stamping.
        chains: the lanes' chains, where the domain has them on this machine.
        kept: chained records that another service keeps, the clock's.
        archives: places that keep checkpoints too; the more of them are out of reach, the better.
        former_keys: labels of keys that signed checkpoints earlier.
    """

    def __init__(
        self,
        *,
        trail: AuditTrail,
        database: Database,
        keys: KeyStore,
        key_label: str,
        clock: Clock,
        time_stamper: TimeStamper | None = None,
        chains: AuditChains | None = None,
        kept: KeptRecords | None = None,
        archives: Sequence[CheckpointArchive] = (),
        former_keys: Sequence[str] = (),
    ) -> None:
        self._trail = trail
        self._database = database
        self._keys = keys
        self._key_label = key_label
        self._clock = clock
        self._time_stamper = time_stamper
        self._chains = chains
        self._kept = kept
        self._archives = tuple(archives)
        self._former_keys = tuple(former_keys)

    def sequence(self, actor: Actor) -> int:
        """Link all records that are not linked yet, in the order of their numbers; how many there were.

        Several processes may do so at once: the row of the chain lets one through at a time. Raises `NotPermitted`, or
        `ChainBroken` where what the chain must go on from was made unreadable.
        """
        self._permit(actor, "audit.sequence", Role.OPERATOR, Role.SERVICE)
        linked = 0
        while True:
            with self._database.unit() as connection:
                state = store.chain(connection, lock=True)
                links = list(_links(store.unlinked(connection, BATCH), state))
                if links:
                    store.link(connection, links)
            linked += len(links)
            if len(links) < BATCH:
                return linked

    def checkpoint(self, actor: Actor) -> Checkpoint | None:
        """Link what is unlinked, sign a statement over the chain, have it time-stamped, keep it and archive it.

        None where nothing but checkpoints happened since the last one. Where no time-stamp can be had the checkpoint is
        made without, and its own record in the log says why.

        Raises:
            NotPermitted: the actor is neither operator nor service.
            KeyUnknown, KeyUnusable: there is no key to sign with.
            FileUnwritable: an archive could not keep it; the database did, and the next checkpoint brings both.
        """
        self.sequence(actor)
        with self._database.reading() as connection:
            count, head = store.chain(connection) or (0, GENESIS)
            last = store.last_checkpoint(connection)
            news = store.events_after(connection, _count(last), but_by=_SELF.id, but_for="audit.checkpoint")
        before = _heads(last)
        heads = chain_heads(self._chains, self._kept, before)
        made = self._sign(count, head, last, heads) if news or moved(heads, before) else None
        if made:
            made, outcome = self._stamp(made)
            detail: dict[str, str | int] = {"count": count, "head": head, "chains": len(heads)}
            event = AuditEvent("audit.checkpoint", str(made.number), outcome, detail)
            try:
                with self._database.unit() as connection:
                    store.add_checkpoint(connection, made)
                    self._trail.record(connection, actor, event)
            except (
                IntegrityError
            ):  # another process made the one of this number meanwhile: it binds the same records
                made = None
        self._archive()
        return made

    def verify(self, actor: Actor, checkpoints: Iterable[str] | None = None) -> AuditVerification:
        """Hold every record against the chain, and the chain against every checkpoint.

        `checkpoints` are lines that were kept elsewhere; without them the archives' own are read. Whatever was altered,
        removed, reordered or cut off is named; what nothing binds yet is said.

        Raises:
            NotPermitted: the actor is neither operator nor auditor.
            KeyUnknown: a key that signed checkpoints is missing.
            FileUnreadable: an archive cannot be read.
        """
        self._permit(actor, "audit.verify", Role.OPERATOR, Role.AUDITOR)
        keys = {label: self._keys.reference(label) for label in (self._key_label, *self._former_keys)}
        if checkpoints is None:
            checkpoints = [line for archive in self._archives for line in archive.lines()]
        with self._database.reading() as connection:
            statements = CheckpointExamination(store.checkpoints(connection), checkpoints, keys)
            chain = ChainExamination(store.chain(connection), statements.counts())
            for row in store.linked(connection):
                chain.take(row)
            unlinked = store.unlinked_numbers(connection)
        findings = [*chain.findings(), *statements.findings()]
        findings += statements.contradictions(chain.links, chain.reach)
        chains = verify_chains(self._chains, self._kept, statements)
        findings += chains.findings
        omitted = chain.omitted + chains.omitted
        result = AuditVerification(
            records=chain.taken + len(unlinked),
            linked=chain.taken,
            bound=statements.bound(chain.links),
            unlinked=unlinked,
            checkpoints=statements.valid,
            stamped=statements.stamped,
            findings=tuple(findings),
            findings_omitted=omitted,
            chains=tuple(chains.states),
        )
        detail = {"records": result.records, "findings": len(findings) + omitted}
        self._record(
            actor, AuditEvent("audit.verify", "log", "intact" if result.intact else "altered", detail)
        )
        return result

    def search(
        self,
        actor: Actor,
        *,
        before: int | None = None,
        limit: int = 50,
        action: str | None = None,
        subject: str | None = None,
        done_by: str | None = None,
        since: Instant | None = None,
        until: Instant | None = None,
        digest: str | None = None,
        chains: bool = False,
    ) -> AuditPage:
        """Records, newest first; for the next page give the page's `next_before` as `before`.

        With `chains`, or a `digest`, the lanes' chains on this machine are looked into instead, for a token's serial
        number (`subject`), the digest that was stamped or its own, and time; there are no further pages then.
        `since` is included, `until` is not; at most `SEARCH_LIMIT` are given. That it was searched is itself recorded.
        Raises `NotPermitted` unless the actor is operator or auditor.
        """
        self._permit(actor, "audit.search", Role.OPERATOR, Role.AUDITOR)
        limit = max(1, min(limit, SEARCH_LIMIT))
        if self._chains and (chains or digest):
            found = ChainSearch(subject, digest, since, until).records(self._chains, limit)
            self._record(actor, AuditEvent("audit.search", "chains", detail={"records": len(found)}))
            return AuditPage(tuple(found))
        with self._database.reading() as connection:
            rows = store.search(
                connection,
                before=before,
                limit=limit,
                since=since,
                until=until,
                action=action,
                subject=subject,
                actor=done_by,
            )
        self._record(actor, AuditEvent("audit.search", "log", detail={"records": len(rows)}))
        return AuditPage(tuple(map(record_of, rows)), rows[-1].id if rows and len(rows) == limit else None)

    def _permit(self, actor: Actor, action: str, *roles: Role) -> None:
        if not actor.has(*roles):
            self._record(actor, AuditEvent(action, "log", "refused"))
            raise NotPermitted(actor=actor.id, action=action)

    def _record(self, actor: Actor, event: AuditEvent) -> None:
        with self._database.unit() as connection:
            self._trail.record(connection, actor, event)

    def _sign(
        self, count: int, head: str, last: Checkpoint | None, chains: Mapping[str, tuple[int, str]]
    ) -> Checkpoint:
        signer = self._keys.signer(self._key_label)
        statement = Statement(
            number=last.number + 1 if last else 1,
            at=fixed_instant(self._clock.now()),
            count=count,
            head=head,
            key=self._key_label,
            spki=hashlib.sha256(signer.reference.spki).hexdigest(),
            previous=last.digest if last else GENESIS,
            chains=chains,
        ).text
        value = signer.sign(statement.encode(), signature_algorithm(signer.reference.key_type))
        return Checkpoint(statement=statement, signature=value, number=last.number + 1 if last else 1)

    def _stamp(self, made: Checkpoint) -> tuple[Checkpoint, str]:
        """The checkpoint with its time-stamp and `done`, or without one and the code of what prevented it."""
        if self._time_stamper is None:
            return made, "done"
        algorithm = DigestAlgorithm.SHA256
        try:
            token = self._time_stamper.stamp(_SELF, Digest(algorithm, algorithm.digest(made.stamped)))
        except ShirushiError as error:
            return made, f"unstamped: {error.code}"
        return Checkpoint(made.number, made.statement, made.signature, token), "done"

    def _archive(self) -> None:
        """Give every archive the checkpoints that it lacks; the first failure is raised after all were tried."""
        failure: ShirushiError | None = None
        for archive in self._archives:
            try:
                with self._database.reading() as connection:
                    lacking = store.checkpoints(connection, archive.last())
                if lacking:
                    archive.append([checkpoint.line() for checkpoint in lacking])
            except ShirushiError as error:
                failure = failure or error
        if failure:
            raise failure


def _count(checkpoint: Checkpoint | None) -> int:
    """How many records the checkpoint binds: none where it was made unreadable."""
    try:
        return Statement.parse(checkpoint.statement).count if checkpoint else 0
    except (ValueError, TypeError):
        return 0


def _heads(checkpoint: Checkpoint | None) -> Mapping[str, tuple[int, str]]:
    """The lanes' chains as the checkpoint says: none where it was made unreadable."""
    try:
        return Statement.parse(checkpoint.statement).chains if checkpoint else {}
    except (ValueError, TypeError):
        return {}


def _links(rows: Iterable[Row], state: tuple[int, str] | None) -> Iterator[tuple[int, int, str]]:
    """Number, position and link of each row, from the chain's state on."""
    if state is None:
        raise ChainBroken
    position, head = state
    for row in rows:
        position += 1
        link = row.link_after(head, position)
        if link is None:
            raise ChainBroken
        head = link
        yield row.id, position, link
