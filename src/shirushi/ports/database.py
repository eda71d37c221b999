"""The database, as units of work over SQLAlchemy Core."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from datetime import UTC
from typing import Protocol

from sqlalchemy import BigInteger, Connection, DateTime, Dialect, MetaData, bindparam, func, select
from sqlalchemy.types import TypeDecorator

from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every store declares its tables here; the migrations bring a database to it."""


class InstantType(TypeDecorator[Instant]):
    """The column type of points in time: aware UTC datetimes in and out, to the microsecond, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Instant | None, dialect: Dialect) -> Instant | None:  # noqa: ARG002  SQLAlchemy's signature
        """Bring the instant to UTC; raises ValueError for one without an offset."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant names its offset")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Instant | None, dialect: Dialect) -> Instant | None:  # noqa: ARG002  as above
        """SQLite keeps no offset: what it gives back is in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StorageFull(ShirushiError):
    """No space is left: the unit was rolled back, and what was durable before it still is."""

    code = "STORAGE_FULL"


class StorageBusy(ShirushiError):
    """Another process held the database for longer than this one may wait: the unit was rolled back."""

    code = "STORAGE_BUSY"


class StorageFailed(ShirushiError):
    """The database cannot be opened, read or written for another reason: the unit was rolled back."""

    code = "STORAGE_FAILED"


class StorageUnreachable(StorageFailed):
    """The connection to the database server cannot be made, or was lost.

    What was durable before still is. The unit in hand was rolled back unless it was lost in its very commit: then it
    is whole, or nothing of it is there.
    """

    code = "STORAGE_UNREACHABLE"


class StorageForeign(ShirushiError):
    """The database has a schema that this program does not know."""

    code = "STORAGE_FOREIGN"


def hold(connection: Connection, *names: str) -> None:
    """Keep everybody else who holds one of `names` waiting until this unit ends.

    A unit that decides by what is absent (no such row yet, no key of that kind) holds a name for it first: no row
    stands there to be locked. On SQLite a unit has the whole database to itself already.
    """
    if connection.dialect.name == "sqlite":
        return
    keys = {int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True) for name in names}
    for key in sorted(keys):  # one order for everybody: nobody waits in a circle
        connection.execute(_HOLD, {"key": key})


_HOLD = select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger)))


class Database(Protocol):
    """Opens units of work. A unit commits when its block ends well and rolls back when it raises.

    Units of others may run meanwhile: what a unit read it may act upon where it locked the row (`with_for_update`),
    changes it in the same statement, or had it in `hold` before it looked.
    """

    def unit(self) -> AbstractContextManager[Connection]:
        """A unit that may write: it is durable once its block has ended. Raises `StorageFull`, `StorageBusy`."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A consistent view that never writes."""
        ...
