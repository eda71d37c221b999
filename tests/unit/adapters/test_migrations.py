from __future__ import annotations

import importlib
import multiprocessing
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from pkgutil import iter_modules

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, inspect, text

from shirushi import adapters, migrations, services
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.ports.database import StorageBusy, StorageFailed, StorageForeign, metadata
from tests.postgres import Cluster


def declare_every_table() -> None:
    for adapter in ("access_tokens", "kept_replies", "key_usage"):
        importlib.import_module(f"{adapters.__name__}.{adapter}")
    for service in iter_modules(services.__path__):
        try:
            store = importlib.import_module(f"{services.__name__}.{service.name}.store")
            for part in iter_modules(getattr(store, "__path__", ())):
                importlib.import_module(f"{store.__name__}.{part.name}")
        except ModuleNotFoundError as error:
            if not (error.name or "").endswith(".store"):
                raise


@pytest.fixture
def database(database_url: URL) -> Iterator[SqlDatabase]:
    opened = SqlDatabase(database_url)
    yield opened
    opened.close()


def test_an_empty_database_becomes_what_the_stores_declare(database_url: URL, database: SqlDatabase) -> None:
    declare_every_table()
    assert migrate(database_url) == migrations.head() == migrate(database_url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert "audit_event" in metadata.tables


def test_names_form_one_line() -> None:
    line = migrations.revisions()
    assert line == tuple(sorted(line))
    for before, name in zip((None, *line), line, strict=False):
        module = importlib.import_module(f"shirushi.migrations.versions.{name}")
        assert (module.revision, module.down_revision) == (name, before)
        assert len(name) <= 32  # the width of alembic_version.version_num
        assert name.isidentifier()
    assert migrations.head() == line[-1]


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "db")
    migrate(url)
    before = (tmp_path / "db").read_bytes()
    migrate(url)
    assert (tmp_path / "db").read_bytes() == before


def test_a_failing_upgrade_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE audit_checkpoint (x)")  # stands in the way of the third CREATE TABLE
    connection.close()
    with pytest.raises(StorageFailed, match="already exists"):
        migrate(sqlite_url(path))
    with SqlDatabase(sqlite_url(path)).reading() as view:
        names = view.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    assert names == ["audit_checkpoint"]


def test_a_failing_upgrade_of_a_server_leaves_nothing(postgres: Cluster) -> None:
    url = postgres.database()
    postgres.execute("CREATE TABLE audit_checkpoint (x int)", str(url.database))
    with pytest.raises(StorageFailed, match="already exists"):
        migrate(url)
    database = SqlDatabase(url)
    with database.reading() as view:
        assert inspect(view).get_table_names() == ["audit_checkpoint"]
    database.close()


def test_a_server_keeps_text_in_utf_8(postgres: Cluster) -> None:
    postgres.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StorageFailed, match="LATIN1"):
        migrate(postgres.url("latin"))


def test_a_newer_schema_is_named(database_url: URL, database: SqlDatabase) -> None:
    migrate(database_url)
    with database.unit() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'm29991231_future'"))
    with pytest.raises(StorageForeign, match="m29991231_future"):
        migrate(database_url)


def test_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "db").write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(StorageFailed, match="not a database"):
        migrate(sqlite_url(tmp_path / "db"))
    with pytest.raises(StorageFailed):
        migrate(sqlite_url(tmp_path / "absent" / "db"))


def test_a_database_held_by_another(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "db")
    migrate(url)
    with SqlDatabase(url).unit(), pytest.raises(StorageBusy):
        migrate(url, patience=0.05)


def test_two_processes_at_once(database_url: URL, database: SqlDatabase) -> None:
    context = multiprocessing.get_context("spawn")
    url = database_url.render_as_string()
    processes = [context.Process(target=migrate, args=(url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with database.reading() as view:
        assert view.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [
            migrations.head()
        ]
