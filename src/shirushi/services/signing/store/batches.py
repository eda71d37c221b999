"""Batches with their documents. Never commits."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from shirushi.core.algorithms import Digest
from shirushi.core.document import Document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Level
from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, metadata
from shirushi.services.signing.model import (
    Batch,
    BatchDocument,
    BatchState,
    DocumentFailed,
    DocumentState,
)

batch = Table(
    "signing_batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("actor", String(255), nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("documents", Integer, nullable=False),
    Column("opened_at", InstantType, nullable=False, index=True),
    Column("credential", String(255)),
    Column("level", String(8)),
    Column("on_behalf_of", String(500)),
    Column("begun_at", InstantType),
    Column("cancelled_at", InstantType),
    Column("ended_at", InstantType),
    Column("outcome", String(16)),
)

batch_document = Table(
    "signing_batch_document",
    metadata,
    Column("batch", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", String(40), nullable=False),
    Column("name", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("result_name", String(255)),
    Column("result_size", BigInteger),
    Column("result_digest", String(64)),
    Column("failure", Text),
)


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document that is added to a batch."""

    key: str
    name: str
    size: int
    digest: bytes


def open_batch(connection: Connection, made: Batch) -> None:
    """Keep a new batch."""
    connection.execute(
        insert(batch).values(
            id=made.id,
            actor=made.actor_id,
            digest=made.digest.hex(),
            documents=0,
            opened_at=made.opened_at,
        )
    )


def find_batch(connection: Connection, id_: str, *, lock: bool = False) -> Batch | None:
    """The batch of that id; with `lock`, others wait until this unit ends."""
    query = select(batch).where(batch.c.id == id_)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _batch(connection, row) if row else None


def batches_of(connection: Connection, actor_id: str) -> tuple[Batch, ...]:
    """The actor's batches, the latest first."""
    query = select(batch).where(batch.c.actor == actor_id).order_by(batch.c.opened_at.desc(), batch.c.id)
    return tuple(_batch(connection, row) for row in connection.execute(query).all())


def batches_opened_until(connection: Connection, until: Instant) -> tuple[Batch, ...]:
    """The batches that were opened until then."""
    query = select(batch).where(batch.c.opened_at <= until).order_by(batch.c.opened_at)
    return tuple(_batch(connection, row) for row in connection.execute(query).all())


def batches_at_work(connection: Connection) -> tuple[Batch, ...]:
    """The batches that have begun and are not over."""
    query = select(batch).where(batch.c.begun_at.is_not(None), batch.c.ended_at.is_(None))
    return tuple(_batch(connection, row) for row in connection.execute(query).all())


def add_to_batch(connection: Connection, to: Batch, documents: Iterable[NewDocument], digest: bytes) -> None:
    """Add documents after those that are there; `digest` is the batch's with them."""
    rows = [
        {
            "batch": to.id,
            "number": number,
            "key": each.key,
            "name": each.name[:255],
            "size": each.size,
            "digest": each.digest.hex(),
        }
        for number, each in enumerate(documents, to.documents + 1)
    ]
    if rows:
        connection.execute(insert(batch_document), rows)
    values = {"documents": to.documents + len(rows), "digest": digest.hex()}
    connection.execute(update(batch).where(batch.c.id == to.id).values(values))


def begin_batch(connection: Connection, begun: Batch) -> None:
    """The batch begins: under which credential, to which level, for whom."""
    values = {
        "credential": begun.credential,
        "level": begun.level and begun.level.value,
        "on_behalf_of": begun.on_behalf_of[:500],
        "begun_at": begun.begun_at,
    }
    connection.execute(update(batch).where(batch.c.id == begun.id).values(values))


def is_running(connection: Connection, id_: str) -> bool:
    """Whether the batch has begun, and is neither cancelled nor over."""
    query = select(batch.c.id).where(
        batch.c.id == id_,
        batch.c.begun_at.is_not(None),
        batch.c.cancelled_at.is_(None),
        batch.c.ended_at.is_(None),
    )
    return connection.execute(query).first() is not None


def cancel_batch(connection: Connection, id_: str, at: Instant) -> None:
    """Whoever works on the batch is to stop."""
    connection.execute(update(batch).where(batch.c.id == id_).values(cancelled_at=at))


def end_batch(connection: Connection, id_: str, outcome: BatchState, at: Instant) -> None:
    """The batch is over."""
    connection.execute(update(batch).where(batch.c.id == id_).values(outcome=outcome.value, ended_at=at))


def forget_batch(connection: Connection, id_: str) -> None:
    """Remove the batch with its documents."""
    connection.execute(delete(batch_document).where(batch_document.c.batch == id_))
    connection.execute(delete(batch).where(batch.c.id == id_))


def documents_of(
    connection: Connection, of: Batch, after: int = 0, limit: int | None = None
) -> tuple[BatchDocument, ...]:
    """The documents of the batch whose number follows `after`."""
    query = (
        select(batch_document)
        .where(batch_document.c.batch == of.id, batch_document.c.number > after)
        .order_by(batch_document.c.number)
        .limit(limit)
    )
    return tuple(_batch_document(row, of.state) for row in connection.execute(query).all())


def waiting_documents(connection: Connection, of: Batch) -> tuple[BatchDocument, ...]:
    """The documents of the batch that are neither signed nor failed."""
    query = (
        select(batch_document)
        .where(
            batch_document.c.batch == of.id,
            batch_document.c.result_digest.is_(None),
            batch_document.c.failure.is_(None),
        )
        .order_by(batch_document.c.number)
    )
    return tuple(_batch_document(row, of.state) for row in connection.execute(query).all())


def tell_signed(connection: Connection, batch_id: str, number: int, made: Document, digest: Digest) -> None:
    """The document was signed: what came of it."""
    connection.execute(
        update(batch_document)
        .where(batch_document.c.batch == batch_id, batch_document.c.number == number)
        .values(result_name=made.name[:255], result_size=made.size, result_digest=digest.value.hex())
    )


def tell_failed(connection: Connection, batch_id: str, number: int, failure: ShirushiError) -> None:
    """Why the document was not signed."""
    kept = {
        name: value if isinstance(value, int | float | str) else str(value)
        for name, value in failure.parameters.items()
    }
    connection.execute(
        update(batch_document)
        .where(batch_document.c.batch == batch_id, batch_document.c.number == number)
        .values(failure=json.dumps({"code": failure.code, "parameters": kept}))
    )


def _batch(connection: Connection, row: Row[tuple[object, ...]]) -> Batch:
    counted = select(func.count(batch_document.c.result_digest), func.count(batch_document.c.failure)).where(
        batch_document.c.batch == row.id
    )
    signed, failed = connection.execute(counted).one()
    return Batch(
        row.id,
        row.actor,
        _state(row),
        row.documents,
        signed,
        failed,
        row.opened_at,
        bytes.fromhex(row.digest),
        row.credential or "",
        Level(row.level) if row.level else None,
        row.on_behalf_of or "",
        row.begun_at,
        row.ended_at,
    )


def _state(row: Row[tuple[object, ...]]) -> BatchState:
    if row.outcome:
        return BatchState(row.outcome)
    if row.begun_at is None:
        return BatchState.COLLECTING
    return BatchState.CANCELLING if row.cancelled_at else BatchState.RUNNING


def _batch_document(row: Row[tuple[object, ...]], of: BatchState) -> BatchDocument:
    state, failure = DocumentState.NOT_SIGNED if of.over else DocumentState.WAITING, None
    if row.failure:
        kept = json.loads(row.failure)
        state, failure = DocumentState.FAILED, DocumentFailed(kept["code"], kept["parameters"])
    elif row.result_digest:
        state = DocumentState.SIGNED
    return BatchDocument(
        row.number,
        row.key,
        row.name,
        row.size,
        row.digest,
        state,
        row.result_name or "",
        row.result_size or 0,
        row.result_digest or "",
        failure,
    )
