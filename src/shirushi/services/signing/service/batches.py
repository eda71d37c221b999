"""Batches: many documents under one activation, brought over time, signed in the background, fetched afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable
from dataclasses import replace

from shirushi.codecs.zip.writer import NewEntry, write_archive
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document, beside
from shirushi.core.errors import NotPermitted
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.background import Background
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database
from shirushi.ports.files import Depot
from shirushi.services.signing.model import (
    MOST_DOCUMENTS,
    Activation,
    ActivationForeign,
    Batch,
    BatchBegun,
    BatchDocument,
    BatchDocumentMissing,
    BatchForeign,
    BatchNotOver,
    BatchOrder,
    BatchState,
    BatchTooLarge,
    BatchUnknown,
    DocumentState,
    TooManyBatches,
)
from shirushi.services.signing.service.batch_runs import KEPT, BatchRuns, Run, brought, made
from shirushi.services.signing.service.signing import Signing
from shirushi.services.signing.store import batches as store

MOST_BATCHES = 50
"""Batches that one actor has at a time."""

_MAY_SIGN = (Role.OPERATOR, Role.SIGNER, Role.CLIENT)


class Batches:
    """Takes in documents, signs them in the background, and hands out what was signed.

    A batch is for the actor alone who opened it. Memory does not grow with the number or the size of its documents: they
    lie in the depot, and one at a time is in hand. The key is open in this process while it signs, and nowhere else: no
    PIN is kept. When the process ends, the batch says which documents were signed, and the others are not.
    """

    def __init__(
        self,
        *,
        signing: Signing,
        depot: Depot,
        background: Background,
        database: Database,
        clock: Clock,
        entropy: Entropy,
        audit: AuditLog,
    ) -> None:
        self._signing = signing
        self._depot = depot
        self._database = database
        self._clock = clock
        self._entropy = entropy
        self._audit = audit
        self._runs = BatchRuns(
            signing=signing, depot=depot, background=background, database=database, clock=clock, audit=audit
        )

    def open(self, actor: Actor) -> Batch:
        """A new batch without documents; raises `TooManyBatches`."""
        if not actor.has(*_MAY_SIGN):
            raise NotPermitted(actor=actor.id, action="signing.batch")
        id_ = self._entropy.bytes(16).hex()
        with self._database.unit() as connection:
            if len(store.batches_of(connection, actor.id)) >= MOST_BATCHES:
                raise TooManyBatches(limit=MOST_BATCHES)
            opened = Batch(id_, actor.id, BatchState.COLLECTING, 0, 0, 0, self._clock.now(), bytes(32))
            store.open_batch(connection, opened)
        return opened

    def add(self, actor: Actor, id_: str, documents: Iterable[Document]) -> Batch:
        """Bring documents; all of them are taken in, or none. Raises `BatchBegun`, `BatchTooLarge`, `StorageFull`."""
        room = MOST_DOCUMENTS - self._collecting(actor, id_).documents
        added: list[store.NewDocument] = []
        try:
            for each in documents:
                _check_room(room, len(added) + 1)
                digest = each.digest(DigestAlgorithm.SHA256).value
                added.append(store.NewDocument(self._entropy.bytes(12).hex(), each.name, each.size, digest))
                self._depot.put(id_, brought(added[-1].key), each)
            self._write_down(id_, added)
        except BaseException:
            for new in added:
                self._depot.remove(id_, brought(new.key))
            raise
        return self.find(actor, id_)

    def begin(self, actor: Actor, order: BatchOrder, activation: Activation) -> Batch:
        """Sign the documents in the background, in their order. What it raises it raises before the first is signed.

        Raises `BatchBegun`, `BatchForeign` for one without documents, `ActivationForeign` where documents were added
        since, `WrongPin`, `PinLocked`, what makes the credential unusable, `FormUnknown`, `SealNeeded`.
        """
        found = self._collecting(actor, order.batch.id)
        if not found.documents:
            raise BatchForeign(detail="0")
        if found.digest != order.batch.digest:
            raise ActivationForeign(id=order.credential.id)
        self._signing.check(actor, order.credential, order.form, order.on_behalf_of)
        release = self._depot.claim(found.id)
        if release is None:
            raise BatchBegun(id=found.id)
        try:
            sign = self._signing.activate(actor, order.credential, order, activation)
            self._write_begun(actor, order)
            self._runs.start(Run(actor, order, sign, release))
        except BaseException:
            release()
            raise
        return self.find(actor, found.id)

    def find(self, actor: Actor, id_: str) -> Batch:
        """The actor's batch; raises `BatchUnknown`."""
        with self._database.reading() as connection:
            found = store.find_batch(connection, id_)
        if found is None or found.actor_id != actor.id:
            raise BatchUnknown(id=id_)
        return self._runs.settled(found)

    def own(self, actor: Actor) -> tuple[Batch, ...]:
        """The actor's batches, the latest first."""
        with self._database.reading() as connection:
            found = store.batches_of(connection, actor.id)
        return tuple(map(self._runs.settled, found))

    def documents(
        self, actor: Actor, id_: str, *, after: int = 0, limit: int = 100
    ) -> tuple[BatchDocument, ...]:
        """The batch's documents whose number follows `after`, in their order."""
        found = self.find(actor, id_)
        with self._database.reading() as connection:
            return store.documents_of(connection, found, after, limit)

    def result(self, actor: Actor, id_: str, number: int) -> Document:
        """A signed document; raises `BatchDocumentMissing`."""
        found = self.find(actor, id_)
        if 1 <= number <= found.documents:
            (document,) = self.documents(actor, id_, after=number - 1, limit=1)
            if kept := self._kept(id_, document):
                return kept
        raise BatchDocumentMissing(id=id_, number=number)

    def archive(self, actor: Actor, id_: str) -> Document:
        """All that was signed so far, in a ZIP archive, each under its own name; raises `BatchDocumentMissing`."""
        found = self.find(actor, id_)
        with self._database.reading() as connection:
            documents = store.documents_of(connection, found)
        entries: dict[str, NewEntry] = {}
        for each in documents:
            if kept := self._kept(id_, each):
                name = _unique(each.result_name, each.number, entries)
                entries[name] = NewEntry(name, kept)
        if not entries:
            raise BatchDocumentMissing(id=id_, number="-")
        return write_archive(entries.values(), name=f"batch-{id_[:8]}.zip")

    def cancel(self, actor: Actor, id_: str) -> Batch:
        """Sign no more of the batch. What was signed stays; one that is over stays as it is."""
        self.find(actor, id_)
        with self._database.unit() as connection:
            now = store.find_batch(connection, id_, lock=True)
            if now is not None and now.state is BatchState.RUNNING:
                store.cancel_batch(connection, id_, self._clock.now())
                self._audit.record(connection, actor, AuditEvent("signing.batch.cancel", id_))
            elif now is not None and now.state is BatchState.COLLECTING:
                store.end_batch(connection, id_, BatchState.CANCELLED, self._clock.now())
        if now is not None and now.state is BatchState.COLLECTING:
            self._depot.remove(id_)
        return self.find(actor, id_)

    def remove(self, actor: Actor, id_: str) -> Batch:
        """Remove the batch and all its documents; as it was last. Raises `BatchNotOver`."""
        found = self.find(actor, id_)
        if found.state.at_work:
            raise BatchNotOver(id=id_)
        self._forget(found)
        return found

    def tidy(self, actor: Actor) -> int:
        """End batches whose process is gone, and remove those that were kept for long enough; how many were removed."""
        if not actor.has(Role.OPERATOR, Role.SERVICE):
            raise NotPermitted(actor=actor.id, action="signing.batch.tidy")
        until = self._clock.now() - KEPT
        with self._database.reading() as connection:
            at_work = store.batches_at_work(connection)
            old = store.batches_opened_until(connection, until)
        for each in at_work:
            self._runs.settled(each)
        over = [
            each
            for each in map(self._runs.settled, old)
            if not each.state.at_work and (each.ended_at or each.opened_at) <= until
        ]
        for each in over:
            self._forget(each)
        return len(over)

    def _collecting(self, actor: Actor, id_: str) -> Batch:
        return _still_collecting(self.find(actor, id_), id_)

    def _write_down(self, id_: str, added: list[store.NewDocument]) -> None:
        with self._database.unit() as connection:
            now = _still_collecting(store.find_batch(connection, id_, lock=True), id_)
            _check_room(MOST_DOCUMENTS - now.documents, len(added))
            digest = now.digest
            for new in added:
                digest = hashlib.sha256(digest + new.digest).digest()
            store.add_to_batch(connection, now, added, digest)

    def _write_begun(self, actor: Actor, order: BatchOrder) -> None:
        id_, credential_id = order.batch.id, order.credential.id
        with self._database.unit() as connection:
            now = _still_collecting(store.find_batch(connection, id_, lock=True), id_)
            if now.digest != order.batch.digest:
                raise ActivationForeign(id=credential_id)
            begun = replace(
                now,
                credential=credential_id,
                level=order.level,
                on_behalf_of=order.on_behalf_of,
                begun_at=self._clock.now(),
            )
            store.begin_batch(connection, begun)
            detail: dict[str, str | int] = {"credential": credential_id, "documents": now.documents}
            detail |= {"level": order.level.value, "covers": order.digest.hex()}
            self._audit.record(connection, actor, AuditEvent("signing.batch.begin", id_, detail=detail))

    def _kept(self, id_: str, each: BatchDocument) -> Document | None:
        if each.state is not DocumentState.SIGNED:
            return None
        return self._depot.get(id_, made(each.key), each.result_name)

    def _forget(self, batch: Batch) -> None:
        with self._database.unit() as connection:
            store.forget_batch(connection, batch.id)
        self._depot.remove(batch.id)


def _still_collecting(batch: Batch | None, id_: str) -> Batch:
    if batch is None or batch.state is not BatchState.COLLECTING:
        raise BatchBegun(id=id_)
    return batch


def _check_room(room: int, wanted: int) -> None:
    if wanted > room:
        raise BatchTooLarge(limit=MOST_DOCUMENTS)


def _unique(name: str, number: int, taken: Container[str]) -> str:
    """The name in an archive: with the document's number in it where another has it already."""
    while name in taken:
        name = beside(name, str(number))
    return name
