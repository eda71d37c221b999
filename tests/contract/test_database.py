"""What every adapter of the port `Database` keeps."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import URL, Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from shirushi.adapters.database import SqlDatabase, migrate
from shirushi.ports.database import (
    Database,
    InstantType,
    StorageBusy,
    StorageFailed,
    StorageFull,
    StorageUnreachable,
    hold,
)
from tests.postgres import Cluster

tables = MetaData()
note = Table(
    "note",
    tables,
    Column("id", Integer, primary_key=True),
    Column("text", String(100), unique=True),
    Column("at", InstantType),
)


@pytest.fixture
def database(database_url: URL) -> Iterator[SqlDatabase]:
    migrate(database_url)
    opened = SqlDatabase(database_url, patience=0.3)
    with opened.unit() as connection:
        tables.create_all(connection)
    yield opened
    opened.close()


def write(database: Database, *texts: str, then: BaseException | None = None) -> None:
    with database.unit() as connection:
        hold(connection, "note")
        for text in texts:
            connection.execute(insert(note).values(text=text))
        if then:
            raise then


def texts(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(note.c.text).order_by(note.c.id)).scalars())


def test_a_unit_that_ends_well_is_kept(database: SqlDatabase) -> None:
    write(database, "a")
    database.close()
    assert texts(database) == ["a"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_unit_that_raises_is_undone(database: SqlDatabase, error: type[BaseException]) -> None:
    with pytest.raises(error):
        write(database, "a", then=error())
    write(database, "b")
    assert texts(database) == ["b"]


def test_a_broken_constraint_is_the_stores_own_affair(database: SqlDatabase) -> None:
    write(database, "a")
    with pytest.raises(IntegrityError):
        write(database, "b", "a")
    assert texts(database) == ["a"]


def test_a_reader_sees_one_state(database: SqlDatabase) -> None:
    write(database, "a")
    with database.reading() as connection:
        first = connection.execute(select(note.c.text)).scalars().all()
        thread = threading.Thread(target=write, args=(database, "b"))
        thread.start()
        thread.join()
        assert connection.execute(select(note.c.text)).scalars().all() == first == ["a"]
    assert texts(database) == ["a", "b"]


def test_a_reader_cannot_write(database: SqlDatabase) -> None:
    with pytest.raises(StorageFailed), database.reading() as connection:
        connection.execute(insert(note).values(text="a"))
    assert texts(database) == []


def test_a_unit_within_a_unit_is_refused_at_once(database: SqlDatabase) -> None:
    with pytest.raises(RuntimeError, match="already open"), database.unit(), database.unit():
        pass
    write(database, "after")
    assert texts(database) == ["after"]


def test_a_unit_waits_no_longer_than_it_may(database: SqlDatabase, database_url: URL) -> None:
    other = SqlDatabase(database_url, patience=0.3)  # as another process would
    try:
        with other.unit() as connection:
            hold(connection, "another", "note")
            with pytest.raises(StorageBusy) as caught:
                write(database, "a")
        assert "0.3" in caught.value.explain("ja")
        with other.unit() as connection:
            hold(connection, "note")
            errors: list[BaseException] = []
            thread = threading.Thread(target=lambda: _catch(errors, lambda: write(other, "b")))
            thread.start()
            thread.join()
        assert isinstance(errors[0], StorageBusy)
    finally:
        other.close()
    write(database, "c")
    assert texts(database) == ["c"]


def _catch(errors: list[BaseException], act: object) -> None:
    try:
        act()  # type: ignore[operator]  # a lambda
    except StorageBusy as error:
        errors.append(error)


def test_threads_that_hold_read_and_then_write_lose_nothing(database: SqlDatabase, database_url: URL) -> None:
    database = SqlDatabase(database_url)

    def append() -> None:
        for _ in range(5):
            with database.unit() as connection:
                hold(connection, "note")
                last = connection.execute(select(note.c.id).order_by(note.c.id.desc())).scalar() or 0
                connection.execute(insert(note).values(id=last + 1, text=str(last + 1)))

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts(database) == [str(number) for number in range(1, 21)]
    database.close()


def test_a_full_disk_is_named(database: SqlDatabase) -> None:
    write(database, "before")

    def fill() -> None:
        with database.unit() as connection:
            if connection.dialect.name == "sqlite":
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            connection.execute(insert(note), [{"text": f"{number}" * 30} for number in range(1000)])
            connection.exec_driver_sql("DO $$ BEGIN RAISE USING ERRCODE = 'disk_full'; END $$")

    with pytest.raises(StorageFull):
        fill()
    assert texts(database) == ["before"]


def test_an_account_that_may_not_is_named(postgres: Cluster) -> None:
    url = postgres.database()
    migrate(url)
    name = str(url.database)
    postgres.execute(f"CREATE ROLE nobody_{name} LOGIN")
    database = SqlDatabase(url.set(username=f"nobody_{name}"))
    with pytest.raises(StorageFailed, match="permission denied"), database.unit() as connection:
        connection.exec_driver_sql("DELETE FROM audit_event")
    database.close()


def test_what_a_server_promises_is_asked_for(postgres: Cluster) -> None:
    url = postgres.database()
    postgres.execute(f"ALTER DATABASE {url.database} SET synchronous_commit = off")
    postgres.execute(f"ALTER DATABASE {url.database} SET default_transaction_isolation = 'serializable'")
    database = SqlDatabase(url)
    with database.unit() as connection:
        for name, value in (
            ("synchronous_commit", "on"),
            ("timezone", "UTC"),
            ("transaction_isolation", "read committed"),
        ):
            assert connection.exec_driver_sql(f"SHOW {name}").scalar() == value
    database.close()


def test_a_server_that_was_away_is_found_again(postgres: Cluster) -> None:
    url = postgres.database()
    migrate(url)
    database = SqlDatabase(url)
    with database.unit() as connection:
        tables.create_all(connection)
    write(database, "before")

    def be_cut_off(database: SqlDatabase) -> None:
        with database.unit() as connection:
            connection.execute(insert(note).values(text="cut off"))
            postgres.stop(signal.SIGQUIT)

    try:
        for act in (be_cut_off, texts, write, lambda _: migrate(url)):
            with pytest.raises(StorageUnreachable) as caught:
                act(database)
            assert "[database]" in caught.value.remedy("ja")
    finally:
        postgres.start()
    assert texts(database) == ["before"]
    write(database, "after")
    assert texts(database) == ["before", "after"]
    database.close()


def test_instants_come_back_in_utc(database: SqlDatabase) -> None:
    at = datetime(2026, 4, 1, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    with database.unit() as connection:
        connection.execute(insert(note).values(text="t", at=at))
    with database.reading() as connection:
        found = connection.execute(select(note.c.at)).scalar_one()
    assert found == at
    assert found.tzinfo is UTC
    with pytest.raises(Exception, match="offset"), database.unit() as connection:
        connection.execute(insert(note).values(text="u", at=at.replace(tzinfo=None)))


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "no url", "sqlite:////absent/folder/db", "mysql://host/db"]
)
def test_what_cannot_be_a_database(url: str) -> None:
    with pytest.raises(StorageFailed), SqlDatabase(url).unit():
        pass
