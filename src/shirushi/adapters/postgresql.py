"""How this program connects to PostgreSQL, and what the server's errors mean."""

from __future__ import annotations

import math

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from shirushi.core.errors import ShirushiError
from shirushi.ports.database import StorageBusy, StorageFailed, StorageFull, StorageUnreachable

_SESSION = (
    "SET client_encoding = 'UTF8'",
    "SET timezone = 'UTC'",  # the last instants of the year 9999 have no name east of it
    # a commit is on the disk when it returns, whatever the server's configuration says
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
)
_CONNECT_SECONDS = 10
_MIGRATION = 0x5368697275736869
"""The advisory lock under which one process at a time migrates."""

_BUSY = {"55P03", "40P01", "40001"}  # lock_not_available, deadlock_detected, serialization_failure
_FULL = {"53100"}  # disk_full
_AWAY = {
    "57P01",
    "57P02",
    "57P03",
    "53300",
}  # admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections
_REFUSED = {"42501"}  # insufficient_privilege


def postgresql_engine(url: URL, patience: float) -> Engine:
    """An engine whose transactions are READ COMMITTED, and that finds the server again after it was away.

    Raises ImportError without the driver, which the extra `postgresql` brings.
    """
    arguments = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=-1,
        connect_args=arguments,
    )
    waits = f"SET lock_timeout = {math.ceil(patience * 1000)}"

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for statement in (*_SESSION, waits):
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    return engine


def hold_schema(connection: Connection) -> None:
    """Let nobody else migrate until the transaction ends; raises `StorageFailed` for a database that is not in UTF-8."""
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StorageFailed(detail=f"server_encoding {encoding} ≠ UTF8")
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION})"))


def named(error: DBAPIError, patience: float) -> ShirushiError:
    """The error of the catalogue that the server's or the driver's stands for."""
    state = getattr(error.orig, "sqlstate", None)
    detail = " ".join(str(error.orig).split())
    if state in _BUSY:
        return StorageBusy(seconds=f"{patience:g}")
    if state in _FULL:
        return StorageFull()
    lost = state is None and isinstance(error, OperationalError)
    if error.connection_invalidated or lost or state in _AWAY or (state or "").startswith("08"):
        return StorageUnreachable(detail=detail)
    return StorageFailed(detail=detail)


def refused(error: DBAPIError) -> bool:
    """Whether the account may not do this: the operator's affair, where another ProgrammingError is a mistake of ours."""
    return getattr(error.orig, "sqlstate", None) in _REFUSED
