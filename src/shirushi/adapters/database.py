"""The database: SQLAlchemy Core over SQLite, in files that survive a power cut, or over PostgreSQL.

Stores declare their tables on `shirushi.ports.database.metadata`, with portable types alone, so that the same schema
stands on both. `migrate` brings a database to them; `shirushi.migrations` says how to add a revision.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from shirushi import migrations
from shirushi.adapters import postgresql
from shirushi.core.errors import ShirushiError
from shirushi.ports.database import StorageBusy, StorageFailed, StorageForeign, StorageFull

_VERSION_TABLE = "alembic_version"
_FAILURES = (DBAPIError, sqlite3.DatabaseError, PoolTimeout)


class SqlDatabase:
    """The port `Database` over an SQLAlchemy URL. Thread-safe; a process makes its own after it forks.

    On SQLite a unit takes the write lock as it begins (BEGIN IMMEDIATE), so that two processes wait for each other and
    never deadlock; writers of one process queue in turn. A commit is on the disk when it returns (WAL with
    synchronous=FULL). On PostgreSQL units run side by side, READ COMMITTED, and wait for each other where they lock the
    same row or `hold` the same name; a server that went away is found again by the next unit. A unit inside a unit of the same thread is a mistake and raises RuntimeError at once.

    Args:
        url: `sqlite:////path/to/file` (or `sqlite_url`), which must exist (`migrate` creates it), or `postgresql://…`.
        patience: how many seconds a unit waits for others, at each of its steps on PostgreSQL, before it raises `StorageBusy`.

    Raises:
        StorageFailed: the URL names no database that this program can use.
    """

    def __init__(self, url: str | URL, *, patience: float = 30.0) -> None:
        self.patience = patience
        self._sqlite, self._writer, self._reader = _engines(url, patience)
        self._turn = threading.Lock()
        self._open = threading.local()

    @contextmanager
    def unit(self) -> Iterator[Connection]:
        """A unit that may write: durable once its block has ended, undone where it raised.

        Raises:
            StorageFull: the disk is full.
            StorageBusy: another process or thread wrote for longer than `patience`.
            StorageUnreachable: the database server is away.
            StorageFailed: the database fails otherwise. IntegrityError passes: it is the store's own affair.
        """
        if getattr(self._open, "unit", False):
            raise RuntimeError("a unit of work is already open in this thread")
        if self._sqlite and not self._turn.acquire(timeout=self.patience):
            raise StorageBusy(seconds=f"{self.patience:g}")
        self._open.unit = True
        try:
            with self._named_errors(), self._writer.begin() as connection:
                yield connection
        finally:
            self._open.unit = False
            if self._sqlite:
                self._turn.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the database for the length of the block, whatever others write meanwhile; it cannot write.

        Raises:
            StorageBusy, StorageUnreachable, StorageFailed: as for `unit`.
        """
        with self._named_errors(), self._reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections that are idle. The database may be used again afterwards."""
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except ProgrammingError as error:
            if postgresql.refused(error):
                raise _named(error, self.patience) from error
            raise
        except _FAILURES as error:
            raise _named(error, self.patience) from error


def sqlite_url(path: Path) -> URL:
    """The URL of a database file, whatever characters its path has."""
    return URL.create("sqlite", database=str(path.absolute()))


def migrate(url: str | URL, *, patience: float = 30.0) -> str:
    """Bring the schema to the one this program is written for, and give its revision. A file of SQLite is made if absent.

    Whole or not at all; of two processes that migrate at once, one does it and the other finds it done.

    Raises:
        StorageForeign: its schema is none that this program knows.
        StorageFull, StorageBusy, StorageUnreachable, StorageFailed: as for `SqlDatabase.unit`.
    """
    sqlite, writer, reader = _engines(url, patience, create=True)
    try:
        with writer.begin() as connection:
            if not sqlite:
                postgresql.hold_schema(connection)
            current = _revision(connection)
            if current is not None and current not in migrations.revisions():
                raise StorageForeign(revision=current)
            if current != migrations.head():
                _upgrade(connection)
            return migrations.head()
    except _FAILURES as error:
        raise _named(error, patience) from error
    finally:
        writer.dispose()
        reader.dispose()


def _upgrade(connection: Connection) -> None:
    # alembic costs every start a quarter of a second, and almost none needs it
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608  a constant
    return None if found is None else str(found)


def _engines(url: str | URL, patience: float, *, create: bool = False) -> tuple[bool, Engine, Engine]:
    """Whether it is SQLite, an engine that writes and one that cannot."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            writer = postgresql.postgresql_engine(parsed, patience)
            return False, writer, writer.execution_options(**options)
    except ArgumentError as error:
        raise StorageFailed(detail=str(error)) from error
    except ImportError as error:
        raise StorageFailed(detail=f"{error}: pip install 'shirushi[postgresql]'") from error
    if parsed.get_backend_name() != "sqlite":
        raise StorageFailed(detail=f"{parsed.get_backend_name()} ≠ sqlite, postgresql")
    if not parsed.database or parsed.database == ":memory:":
        raise StorageFailed(detail="a database in memory keeps nothing")
    return (
        True,
        _sqlite_engine(parsed, patience, "BEGIN IMMEDIATE", "rwc" if create else "rw"),
        _sqlite_engine(parsed, patience, "BEGIN", "rw", query_only=True),
    )


def _sqlite_engine(url: URL, patience: float, begin: str, mode: str, *, query_only: bool = False) -> Engine:
    address = f"file:{quote(str(Path(url.database or '').absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        # isolation_level None: the driver begins nothing by itself; what begins is said below
        connection = sqlite3.connect(
            address, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        # text that was damaged on the disk reaches the store that must name it
        connection.text_factory = lambda octets: octets.decode(errors="surrogateescape")
        return connection

    engine = create_engine(url, creator=connect, poolclass=QueuePool, pool_size=8, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _enter_wal(cursor, patience)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _enter_wal(cursor: sqlite3.Cursor, patience: float) -> None:
    """Switch to write-ahead logging. SQLite does not wait by itself where two processes switch a new file at once."""
    deadline = time.monotonic() + patience
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _named(error: Exception, patience: float) -> ShirushiError:
    """The error of the catalogue that a driver's error stands for."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, DBAPIError) and hasattr(cause, "sqlstate"):
        return postgresql.named(error, patience)
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(error, PoolTimeout) or (code or 0) & 0xFF in _BUSY_CODES:
        return StorageBusy(seconds=f"{patience:g}")
    if code in _FULL_CODES:
        return StorageFull()
    return StorageFailed(detail=str(cause).strip())


_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
