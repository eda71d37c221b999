"""A PostgreSQL server of the tests' own: a cluster that really runs, in a folder that goes away with it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, create_engine, func, select, text

from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.database import migrate, sqlite_url
from shirushi.ports.database import metadata
from tests.conftest import IN_CI

PATIENCE = 60
ROOM = 1 << 30
SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "timezone": "Asia/Tokyo",
}


def programs() -> Path | None:
    """The folder of the newest installed server, where Debian puts it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    return found[-1].parent if found else None


class Cluster:
    """A cluster in a folder, listening on a socket there alone."""

    def __init__(self, folder: Path, bin_: Path) -> None:
        self.folder = folder
        self.bin = bin_
        # the server refuses to run as root
        self.account = (
            {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        )
        if self.account:
            shutil.chown(folder, "postgres", "postgres")
        self.names = (f"t{number}" for number in count(1))
        self.process: subprocess.Popen[bytes] | None = None
        self._run(
            "initdb",
            "--no-sync",
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-D",
            folder / "data",
        )

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self.bin / program, *arguments], check=True, capture_output=True, cwd=self.folder, **self.account
        )

    def start(self) -> None:
        """Start the server; it takes connections when this returns."""
        settings = SETTINGS | {"unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.folder / "data", *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self.account,
            )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End every connection and stop: SIGINT in order, SIGQUIT as a crash would, so that it recovers at its start."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(PATIENCE)

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement by itself, as the superuser."""
        with psycopg.connect(
            host=str(self.folder), dbname=database, user="postgres", autocommit=True, connect_timeout=PATIENCE
        ) as connection:
            connection.execute(statement.encode())

    def database(self) -> URL:
        """A new and empty database."""
        name = next(self.names)
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> URL:
        return URL.create(
            "postgresql+psycopg", username="postgres", database=name, query={"host": str(self.folder)}
        )


def _place() -> str:
    """Where the server's files stand: in memory where there is room, and where a socket's path is short."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else "/tmp"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A server that runs as long as the block; skips where none is installed, which CI=true turns into a failure."""
    found = programs()
    if found is None:
        line = "needs the program postgres of the Debian package postgresql: run `make system` as root"
        if IN_CI:
            pytest.fail(line, pytrace=False)
        pytest.skip(line)
    folder = Path(tempfile.mkdtemp(prefix="shirushi-pg-", dir=_place()))
    try:
        made = Cluster(folder, found)
        made.start()
        yield made
        if made.process and made.process.poll() is None:
            made.stop()
    finally:
        if (process := locals().get("made") and made.process) and process.poll() is None:
            process.kill()
            process.wait()
        shutil.rmtree(folder)


def moved(data: Path, url: URL) -> None:
    """Bring what a data directory's SQLite file holds to `url`, and let its configuration name that from now on."""
    migrate(url)
    source, target = create_engine(sqlite_url(data / "shirushi.sqlite")), create_engine(url)
    with source.connect() as old, target.begin() as new:
        for table in metadata.sorted_tables:
            new.execute(table.delete())
            if rows := [dict(row) for row in old.execute(select(table)).mappings()]:
                new.execute(table.insert(), rows)
        last = new.execute(select(func.max(metadata.tables["audit_event"].c.id))).scalar()
        new.execute(text("SELECT setval('audit_event_id_seq', :last)"), {"last": last or 1})
    source.dispose()
    target.dispose()
    (data / "shirushi.sqlite").unlink()
    path = data / "shirushi.toml"
    found = read_configuration(path)
    there = found.database.model_copy(update={"url": url.render_as_string(hide_password=False)})
    write_configuration(path, found.model_copy(update={"database": there}))
