"""What every adapter of the port `Database` keeps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.ports.database import Database, InstantType, StorageBusy, StorageFailed, StorageFull

tables = MetaData()
note = Table(
    "note",
    tables,
    Column("id", Integer, primary_key=True),
    Column("text", String(100), unique=True),
    Column("at", InstantType),
)


def sqlite(folder: Path) -> SqlDatabase:
    migrate(sqlite_url(folder / "shirushi.sqlite"))
    return SqlDatabase(sqlite_url(folder / "shirushi.sqlite"), patience=0.3)


@pytest.fixture(params=[sqlite])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlDatabase]:
    opened: SqlDatabase = request.param(tmp_path)
    with opened.unit() as connection:
        tables.create_all(connection)
    yield opened
    opened.close()


def write(database: Database, *texts: str, then: BaseException | None = None, pages: object = None) -> None:
    with database.unit() as connection:
        if pages is not None:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
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


def test_a_unit_waits_no_longer_than_it_may(database: SqlDatabase, tmp_path: Path) -> None:
    other = sqlite(tmp_path)  # as another process would
    try:
        with other.unit(), pytest.raises(StorageBusy) as caught:
            write(database, "a")
        assert "0.3" in caught.value.explain("ja")
        with other.unit():
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


def test_threads_that_read_and_then_write_lose_nothing(database: SqlDatabase) -> None:
    database.patience = 30

    def append() -> None:
        for _ in range(5):
            with database.unit() as connection:
                last = connection.execute(select(note.c.id).order_by(note.c.id.desc())).scalar() or 0
                connection.execute(insert(note).values(id=last + 1, text=str(last + 1)))

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts(database) == [str(number) for number in range(1, 21)]


def test_a_full_disk_is_named(database: SqlDatabase) -> None:
    write(database, "before")
    with database.unit() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with pytest.raises(StorageFull):
        write(database, *(f"{number}" * 30 for number in range(1000)), pages=pages)
    assert texts(database) == ["before"]


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


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "no url", "sqlite:////absent/folder/db"])
def test_what_cannot_be_a_database(url: str) -> None:
    with pytest.raises(StorageFailed), SqlDatabase(url).unit():
        pass
