"""A batch at work: its documents signed one after another, each whole or not at all, and how it ended written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from shirushi.core.actor import Actor
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document, beside
from shirushi.core.errors import ShirushiError
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.background import Background
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.files import Depot
from shirushi.services.signing.model import (
    Batch,
    BatchDocument,
    BatchDocumentMissing,
    BatchOrder,
    BatchState,
    CredentialKind,
    SigningRequest,
)
from shirushi.services.signing.service.augmenting import SELF
from shirushi.services.signing.service.signing import Signing
from shirushi.services.signing.store import batches as store

KEPT = timedelta(hours=24)
"""How long a batch is kept after it was over, and one that never began after it was opened."""

_log = logging.getLogger(__name__)


def brought(key: str) -> str:
    """The name in the depot of what was brought."""
    return f"{key}-in"


def made(key: str) -> str:
    """The name in the depot of what came of it."""
    return f"{key}-out"


@dataclass(frozen=True, slots=True)
class Run:
    """One batch at work: who asked for what, what signs with the open key, and what releases the batch's folder."""

    actor: Actor
    order: BatchOrder
    sign: Callable[[SigningRequest], Document]
    release: Callable[[], None]


class BatchRuns:
    """Works batches off, and ends those whose process is gone.

    Whoever works on a batch has claimed its folder in the depot, so that the end of the process is seen by everybody.
    """

    def __init__(
        self,
        *,
        signing: Signing,
        depot: Depot,
        background: Background,
        database: Database,
        clock: Clock,
        audit: AuditLog,
    ) -> None:
        self._signing = signing
        self._depot = depot
        self._background = background
        self._database = database
        self._clock = clock
        self._audit = audit

    def start(self, run: Run) -> None:
        """Work the batch off in the background; raises `ProcessStopping`, and then has not released it."""
        self._background.start(lambda stopping: self._work(run, stopping))

    def settled(self, batch: Batch) -> Batch:
        """The batch; one whose process is gone is ended here, with what it had signed."""
        if not batch.state.at_work:
            return batch
        release = self._depot.claim(batch.id)
        if release is None and (self._depot.has(batch.id) or not self._lost(batch)):
            return batch  # it is being worked on, here or on another machine
        try:
            self._end(batch.id, SELF)
        finally:
            if release is not None:
                release()
        with self._database.reading() as connection:
            return store.find_batch(connection, batch.id) or batch

    def _lost(self, batch: Batch) -> bool:
        """Whether a batch whose files are not here began so long ago that they are nowhere, as after a restore."""
        return batch.begun_at is None or batch.begun_at + KEPT < self._clock.now()

    def _work(self, run: Run, stopping: Callable[[], bool]) -> None:
        """Sign what waits, until the end, the cancelling, or the end of the process."""
        batch = run.order.batch
        try:
            with self._database.reading() as connection:
                waiting = store.waiting_documents(connection, batch)
            for each in waiting:
                if stopping() or self._cancelled(batch):
                    break
                self._sign_one(run, each)
            self._end(batch.id, run.actor)
        finally:
            run.release()

    def _cancelled(self, batch: Batch) -> bool:
        with self._database.reading() as connection:
            return not store.is_running(connection, batch.id)

    def _sign_one(self, run: Run, each: BatchDocument) -> None:
        """Sign a document. Once its file is kept it counts as signed, even where that could not be written down."""
        id_ = run.order.batch.id
        try:
            signed = run.sign(self._prepared(run, each))
            kept = self._depot.put(id_, made(each.key), _named(signed, each, run.order))
        except ShirushiError as error:
            self._tell_failed(id_, each, error)
        except Exception:  # noqa: BLE001  the other documents are signed all the same
            _log.exception("batch.document_failed", extra={"code": "INTERNAL_ERROR"})
            self._tell_failed(id_, each, ShirushiError())
        else:
            self._tell_signed(id_, each, kept)
        self._depot.remove(id_, brought(each.key))

    def _prepared(self, run: Run, each: BatchDocument) -> SigningRequest:
        """What the document's signature is over: of exactly the document that the activation covers."""
        order = run.order
        document = self._depot.get(order.batch.id, brought(each.key), each.name)
        if document is None or document.digest(DigestAlgorithm.SHA256).value.hex() != each.digest:
            raise BatchDocumentMissing(id=order.batch.id, number=each.number)
        return self._signing.prepare(
            run.actor,
            document,
            order.credential,
            level=order.level,
            parameters=order.fitted(document, order.parameters),
            form=order.form,
            on_behalf_of=order.on_behalf_of,
            content_timestamp=order.content_timestamp,
        )

    def _tell_signed(self, id_: str, each: BatchDocument, kept: Document) -> None:
        digest = kept.digest(DigestAlgorithm.SHA256)
        with self._database.unit() as connection:
            store.tell_signed(connection, id_, each.number, kept, digest)

    def _tell_failed(self, id_: str, each: BatchDocument, error: ShirushiError) -> None:
        with self._database.unit() as connection:
            store.tell_failed(connection, id_, each.number, error)

    def _end(self, id_: str, actor: Actor) -> None:
        """Write down how the batch ended. Who calls has claimed it."""
        with self._database.reading() as connection:
            batch = store.find_batch(connection, id_)
            waiting = store.waiting_documents(connection, batch) if batch else ()
        if batch is None or batch.state.over:
            return
        left = [each for each in waiting if not self._adopt(id_, each)]
        outcome = BatchState.DONE
        if left:
            cancelled = batch.state is BatchState.CANCELLING
            outcome = BatchState.CANCELLED if cancelled else BatchState.INTERRUPTED
        with self._database.unit() as connection:
            store.end_batch(connection, id_, outcome, self._clock.now())
            detail: dict[str, str | int] = {"outcome": outcome.value, "not_signed": len(left)}
            self._audit.record(connection, actor, AuditEvent("signing.batch.end", id_, detail=detail))
        for each in left:
            self._depot.remove(id_, brought(each.key))

    def _adopt(self, id_: str, each: BatchDocument) -> bool:
        """Whether the document was signed though nobody came to write it down; then it is written down."""
        kept = self._depot.get(id_, made(each.key), each.name)
        if kept is None:
            return False
        self._tell_signed(id_, each, kept)
        return True


def _named(signed: Document, each: BatchDocument, order: BatchOrder) -> Document:
    """The signed document under a name of its own."""
    if signed.name not in {"", each.name}:
        return signed
    own = order.credential.kind is CredentialKind.SIGNATURE
    return replace(signed, name=beside(each.name, "signed" if own else "sealed"))
