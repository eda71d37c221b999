"""The snapshots of lists that were accepted. Never commits; a snapshot is never changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, Row, String, Table, Text, insert, select

from shirushi.ports.database import InstantType, hold, metadata
from shirushi.rules.lists import Known
from shirushi.services.trustlist.model import Snapshot

snapshot = Table(
    "trusted_list_snapshot",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("territory", String(16), nullable=False, index=True),
    Column("list_type", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("issued", InstantType, nullable=False),
    Column("next_update", InstantType),
    Column("vouched_by", String(64), nullable=False),
    Column("loaded_at", InstantType, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

_HEAD = [column for column in snapshot.c if column is not snapshot.c.content]


def known(connection: Connection) -> tuple[Known, ...]:
    """Every edition that was accepted. Nobody else accepts one before this unit ends."""
    hold(connection, snapshot.name)
    rows = connection.execute(select(*_HEAD))
    return tuple(Known(row.territory, row.list_type, row.sequence, row.issued, row.digest) for row in rows)


def keep(connection: Connection, new: Snapshot) -> None:
    """Hold a snapshot; one that is held already stays as it was."""
    if connection.execute(select(snapshot.c.digest).where(snapshot.c.digest == new.digest)).first() is None:
        connection.execute(
            insert(snapshot).values(**{name: getattr(new, name) for name in Snapshot.__slots__})
        )


def heads(connection: Connection) -> tuple[Snapshot, ...]:
    """Every snapshot without its content, by territory, the newest issue first."""
    order = (snapshot.c.territory, snapshot.c.issued.desc(), snapshot.c.sequence.desc())
    return tuple(_snapshot(row, b"") for row in connection.execute(select(*_HEAD).order_by(*order)))


def content(connection: Connection, digest: str) -> bytes:
    """The bytes of a snapshot that is held."""
    found: bytes = connection.execute(
        select(snapshot.c.content).where(snapshot.c.digest == digest)
    ).scalar_one()
    return found


def _snapshot(row: Row[tuple[object, ...]], data: bytes) -> Snapshot:
    return Snapshot(content=data, **row._mapping)  # noqa: SLF001  SQLAlchemy's documented name
