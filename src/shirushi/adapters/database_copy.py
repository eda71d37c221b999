"""One state of a whole database as an SQLite file, and a database made from one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, func, make_url, select, text

from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.core.errors import ShirushiError
from shirushi.ports.database import StorageFailed, metadata

ROWS = 1000


class DatabaseNotEmpty(ShirushiError):
    """A database was to be filled that holds rows already."""

    code = "BACKUP_DATABASE_NOT_EMPTY"


def copy_to_file(url: str | URL, path: Path) -> None:
    """Copy the database as it is at one moment, while others read and write it, to an SQLite file that is not there yet.

    SQLite's own backup copies pages; what lies on PostgreSQL is read row by row in one transaction.
    """
    source = make_url(url)
    if source.get_backend_name() == "sqlite":
        try:
            with (
                closing(sqlite3.connect(f"file:{source.database}?mode=ro", uri=True)) as old,
                closing(sqlite3.connect(path)) as new,
            ):
                old.backup(new)
                new.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise StorageFailed(detail=str(error)) from error
        return
    migrate(sqlite_url(path))
    _copy_rows(source, sqlite_url(path))


def copy_from_file(path: Path, url: str | URL) -> None:
    """Fill an empty database on a server from an SQLite file of this program's schema; raises `DatabaseNotEmpty`."""
    migrate(url)
    _copy_rows(sqlite_url(path), make_url(url))


def _copy_rows(source: URL, target: URL) -> None:
    old, new = SqlDatabase(source), SqlDatabase(target)
    try:
        with old.reading() as reading, new.unit() as writing:
            for table in metadata.sorted_tables:
                found = writing.execute(select(func.count()).select_from(table)).scalar_one()
                if found > (table.name in _SEEDED):
                    raise DatabaseNotEmpty(database=target.render_as_string(), table=table.name)
                writing.execute(table.delete())
                for rows in _batches(reading, table):
                    writing.execute(table.insert(), rows)
            if writing.dialect.name == "postgresql":
                last = writing.execute(select(func.max(metadata.tables["audit_event"].c.id))).scalar()
                writing.execute(text("SELECT setval('audit_event_id_seq', :last)"), {"last": last or 1})
    finally:
        old.close()
        new.close()


_SEEDED = {"audit_chain"}
"""Tables in which a migration puts a first row."""


def _batches(connection: Connection, table: object) -> Iterator[list[dict[str, object]]]:
    result = connection.execution_options(yield_per=ROWS).execute(select(table))  # type: ignore[call-overload]  # a Table
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]
