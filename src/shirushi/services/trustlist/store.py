"""The snapshots of lists that were accepted, and the places where lists are looked for.

Never commits; a snapshot is never changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from shirushi.core.reason import Reason
from shirushi.ports.database import InstantType, hold, metadata
from shirushi.ports.fetcher import Edition
from shirushi.rules.lists import Known
from shirushi.services.trustlist.model import Place, Snapshot

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

place = Table(
    "trusted_list_place",
    metadata,
    Column("location", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("territory", String(16), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("tried_at", InstantType, nullable=False),
    Column("succeeded_at", InstantType),
    Column("failed_at", InstantType),
    Column("failure", Text, nullable=False),
    Column("failing", Boolean, nullable=False),
)

_HEAD = [column for column in snapshot.c if column is not snapshot.c.content]


def known(connection: Connection) -> tuple[Known, ...]:
    """Every edition that was accepted. Nobody else accepts one before this unit ends."""
    hold(connection, snapshot.name)
    rows = connection.execute(select(*_HEAD))
    return tuple(Known(row.territory, row.list_type, row.sequence, row.issued, row.digest) for row in rows)


def keep(connection: Connection, new: Snapshot) -> bool:
    """Hold a snapshot, and say whether it is new; one that is held already stays as it was."""
    if connection.execute(select(snapshot.c.digest).where(snapshot.c.digest == new.digest)).first():
        return False
    connection.execute(insert(snapshot).values(**{name: getattr(new, name) for name in Snapshot.__slots__}))
    return True


def heads(connection: Connection) -> tuple[Snapshot, ...]:
    """Every snapshot without its content, by territory, the newest issue first."""
    order = (snapshot.c.territory, snapshot.c.issued.desc(), snapshot.c.sequence.desc())
    return tuple(_snapshot(row, b"") for row in connection.execute(select(*_HEAD).order_by(*order)))


def content(connection: Connection, digest: str) -> bytes | None:
    """The bytes of a snapshot; None where it is not held."""
    found: bytes | None = connection.execute(
        select(snapshot.c.content).where(snapshot.c.digest == digest)
    ).scalar_one_or_none()
    return found


def places(connection: Connection) -> tuple[Place, ...]:
    """Every place, by its source and territory."""
    order = (place.c.source, place.c.territory, place.c.location)
    return tuple(_place(row) for row in connection.execute(select(place).order_by(*order)))


def put_place(connection: Connection, said: Place) -> None:
    """Remember how it went at a place. Units that try the same place at once take turns."""
    hold(connection, f"{place.name} {said.location}")
    values = {
        "source": said.source,
        "territory": said.territory,
        "digest": said.digest,
        "etag": said.edition.etag,
        "last_modified": said.edition.last_modified,
        "tried_at": said.tried_at,
        "succeeded_at": said.succeeded_at,
        "failed_at": said.failed_at,
        "failure": json.dumps([[each.code, each.parameters] for each in said.failure]),
        "failing": said.failing,
    }
    done = connection.execute(update(place).where(place.c.location == said.location).values(**values))
    if not done.rowcount:
        connection.execute(insert(place).values(location=said.location, **values))


def keep_places(connection: Connection, source: str, locations: Iterable[str]) -> None:
    """Forget every place of `source` but these."""
    connection.execute(
        delete(place).where(place.c.source == source, place.c.location.not_in(list(locations)))
    )


def _snapshot(row: Row[tuple[object, ...]], data: bytes) -> Snapshot:
    return Snapshot(content=data, **row._mapping)  # noqa: SLF001  SQLAlchemy's documented name


def _place(row: Row[tuple[object, ...]]) -> Place:
    said = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's documented name
    edition = Edition(said.pop("etag"), said.pop("last_modified"))
    failure = tuple(
        Reason(code, tuple((name, value) for name, value in parameters))
        for code, parameters in json.loads(said.pop("failure"))
    )
    return Place(edition=edition, failure=failure, **said)
