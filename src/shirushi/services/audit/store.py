"""The tables of the audit log. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from shirushi.core.instant import Instant
from shirushi.ports.database import metadata
from shirushi.services.audit.model import Checkpoint, Row, fixed_instant

_COUNTER = BigInteger().with_variant(Integer, "sqlite")

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", _COUNTER, primary_key=True, autoincrement=True),
    Column("at", String(27), nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(100), nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("outcome", String(100), nullable=False),
    Column("detail", Text, nullable=False),
    Column("position", _COUNTER, unique=True),
    Column("link", String(64)),
    sqlite_autoincrement=True,  # a number is never given twice, whatever is removed
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("count", _COUNTER, nullable=False),
    Column("head", String(64), nullable=False),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("statement", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("token", LargeBinary),
)

_COLUMNS = (
    audit_event.c.id,
    audit_event.c.at,
    audit_event.c.actor,
    audit_event.c.action,
    audit_event.c.subject,
    audit_event.c.outcome,
    audit_event.c.detail,
    audit_event.c.position,
    audit_event.c.link,
)
_ADD = insert(audit_event).inline()
_LINK = (
    update(audit_event)
    .where(audit_event.c.id == bindparam("row"))
    .values(position=bindparam("place"), link=bindparam("value"))
)


def add(
    connection: Connection, at: Instant, *, actor: str, action: str, subject: str, outcome: str, detail: str
) -> None:
    """Write an event, not linked yet; `detail` is canonical JSON."""
    values = {"actor": actor, "action": action, "subject": subject, "outcome": outcome, "detail": detail}
    connection.execute(_ADD, {"at": fixed_instant(at), **values})


def chain(connection: Connection, *, lock: bool = False) -> tuple[int, str] | None:
    """Count and head of the chain; None where that was removed or made unreadable.

    With `lock`, until the unit ends nobody else gets it with `lock`: for the one sequencer that may extend the chain.
    """
    query = select(audit_chain.c.count, audit_chain.c.head).where(audit_chain.c.id == 1)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None or not isinstance(row[0], int) or not isinstance(row[1], str):
        return None
    return row[0], row[1]


def unlinked(connection: Connection, limit: int) -> list[Row]:
    """The first records that are not linked yet, in the order of their numbers."""
    query = select(*_COLUMNS).where(audit_event.c.position.is_(None)).order_by(audit_event.c.id).limit(limit)
    return [Row(*row) for row in connection.execute(query)]


def link(connection: Connection, links: Sequence[tuple[int, int, str]]) -> None:
    """Put records, by number, at their positions with their links, and move the head of the chain to the last."""
    connection.execute(_LINK, [{"row": row, "place": place, "value": value} for row, place, value in links])
    _, count, head = links[-1]
    connection.execute(update(audit_chain).values(count=count, head=head))


def linked(connection: Connection) -> Iterator[Row]:
    """Every linked record in the order of positions, read as it goes."""
    query = select(*_COLUMNS).where(audit_event.c.position.is_not(None)).order_by(audit_event.c.position)
    for row in connection.execution_options(yield_per=500).execute(query):
        yield Row(*row)


def unlinked_numbers(connection: Connection) -> tuple[int, ...]:
    """The numbers of the records that are not linked yet."""
    query = select(audit_event.c.id).where(audit_event.c.position.is_(None)).order_by(audit_event.c.id)
    return tuple(connection.execute(query).scalars())


def search(
    connection: Connection,
    *,
    before: int | None,
    limit: int,
    since: Instant | None,
    until: Instant | None,
    **equal: str | None,
) -> list[Row]:
    """Records with a number below `before`, newest first; `equal` names columns and what they must hold."""
    query = select(*_COLUMNS).order_by(audit_event.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(audit_event.c.id < before)
    if since is not None:
        query = query.where(audit_event.c.at >= fixed_instant(since))
    if until is not None:
        query = query.where(audit_event.c.at < fixed_instant(until))
    for name, value in equal.items():
        if value is not None:
            query = query.where(audit_event.c[name] == value)
    return [Row(*row) for row in connection.execute(query)]


def events_after(connection: Connection, position: int, *, but_by: str, but_for: str) -> int:
    """How many linked records stand after `position`, apart from those of one actor and those of one action."""
    query = (
        select(func.count())
        .select_from(audit_event)
        .where(
            audit_event.c.position > position, audit_event.c.actor != but_by, audit_event.c.action != but_for
        )
    )
    return connection.execute(query).scalar_one()


def add_checkpoint(connection: Connection, checkpoint: Checkpoint) -> None:
    """Keep a checkpoint; IntegrityError where one of its number is there."""
    connection.execute(insert(audit_checkpoint), asdict(checkpoint))


def checkpoints(connection: Connection, after: int = 0) -> tuple[Checkpoint, ...]:
    """The checkpoints with a number above `after`, in order."""
    table = audit_checkpoint.c
    query = (
        select(table.number, table.statement, table.signature, table.token)
        .where(table.number > after)
        .order_by(table.number)
    )
    return tuple(Checkpoint(*row) for row in connection.execute(query))


def last_checkpoint(connection: Connection) -> Checkpoint | None:
    """The newest checkpoint."""
    number = connection.execute(select(func.max(audit_checkpoint.c.number))).scalar()
    return next(iter(checkpoints(connection, number - 1)), None) if number else None
