"""The table of time-audit records. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Column, Connection, Integer, LargeBinary, Row, String, Table, Text, insert, select

from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, hold, metadata
from shirushi.services.clock.model import TimeRecord

record = Table(
    "clock_record",
    metadata,
    Column("node", String(200), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", InstantType, nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("statement", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)


def newest(connection: Connection, node: str, *, alone: bool = False) -> TimeRecord | None:
    """The newest record of a node; with `alone`, nobody else adds one before this unit ends."""
    if alone:
        hold(connection, f"{record.name}:{node}")
    found = connection.execute(
        select(record).where(record.c.node == node).order_by(record.c.number.desc()).limit(1)
    )
    return next(map(_record, found), None)


def add(connection: Connection, made: TimeRecord) -> None:
    """Keep a record."""
    connection.execute(
        insert(record).values(
            node=made.node,
            number=made.number,
            at=made.at,
            kind=made.kind,
            statement=made.statement,
            signature=made.signature,
        )
    )


def since(connection: Connection, node: str, at: Instant, limit: int) -> tuple[TimeRecord, ...]:
    """The newest records of a node from `at` on, oldest first."""
    found = connection.execute(
        select(record)
        .where(record.c.node == node, record.c.at >= at)
        .order_by(record.c.number.desc())
        .limit(limit)
    )
    return tuple(map(_record, found))[::-1]


def page(connection: Connection, node: str, before: int | None, limit: int) -> tuple[TimeRecord, ...]:
    """Records of a node before the number `before`, newest first."""
    query = select(record).where(record.c.node == node).order_by(record.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(record.c.number < before)
    return tuple(map(_record, connection.execute(query)))


def every(connection: Connection, node: str) -> Iterator[TimeRecord]:
    """All records of a node, oldest first."""
    found = connection.execution_options(yield_per=1000).execute(
        select(record).where(record.c.node == node).order_by(record.c.number)
    )
    yield from map(_record, found)


def nodes(connection: Connection) -> tuple[str, ...]:
    """The machines that have records."""
    return tuple(connection.execute(select(record.c.node).distinct().order_by(record.c.node)).scalars())


def numbered(connection: Connection, node: str, numbers: Iterable[int]) -> Iterator[TimeRecord]:
    """The records of a node with these numbers."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), 500):
        some = record.c.number.in_(wanted[start : start + 500])
        yield from map(_record, connection.execute(select(record).where(record.c.node == node, some)))


def _record(row: Row[tuple[object, ...]]) -> TimeRecord:
    return TimeRecord(row.node, row.number, row.at, row.kind, row.statement, row.signature)
