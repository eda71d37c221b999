"""Processes that are killed at any moment leave the state before or the state after, and no other."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit_log import OPERATOR, Log

ROUNDS = 10
ROOT = Path(__file__).resolve().parents[2]

WRITES = """
import sys
from shirushi.adapters.files import FileSource, open_document, write_document
from shirushi.core.document import Document
source, target = sys.argv[1:]
print("ready", flush=True)
while True:
    for tail in (b"first", b"other"):
        write_document(Document(FileSource(source), tail), target)
"""

UNITS = """
import sys
from pathlib import Path
from sqlalchemy import text
from shirushi.adapters.database import SqlDatabase, sqlite_url
database = SqlDatabase(sqlite_url(Path(sys.argv[1])))
with database.reading() as connection:
    number = connection.execute(text("SELECT coalesce(max(n), 0) FROM state")).scalar_one()
print("ready", flush=True)
while True:
    number += 1
    with database.unit() as connection:
        connection.execute(text("INSERT INTO state VALUES (:n)"), {"n": number})
        connection.execute(text("INSERT INTO evidence VALUES (:n)"), {"n": number})
    print(number, flush=True)
"""

AUDIT = """
import sys
from pathlib import Path
from tests.audit_log import OPERATOR, Log
log = Log(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    log.write("a", "b", "c")
    log.service.sequence(OPERATOR)
    log.service.checkpoint(OPERATOR)
"""


def kill_in_the_middle(rng: random.Random, program: str, *arguments: Path) -> list[str]:
    """Run the program, kill it some time after it is ready, and give the lines it printed whole after that."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(rng.uniform(0.001, 0.1))
        process.kill()
        return [line for line in process.stdout if line.endswith("\n")]


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "db"
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE state (n INTEGER PRIMARY KEY); CREATE TABLE evidence (n INTEGER)")
    yield path
    connection.close()


def test_a_document_is_there_whole_or_not_at_all(tmp_path: Path, rng: random.Random) -> None:
    source, target = tmp_path / "source", tmp_path / "out" / "target"
    target.parent.mkdir()
    original = rng.randbytes(3_000_000)
    source.write_bytes(original)
    for _ in range(ROUNDS):
        kill_in_the_middle(rng, WRITES, source, target)
        if target.exists():
            assert target.read_bytes() in {original + b"first", original + b"other"}
        assert source.read_bytes() == original
        leftovers = [entry.name for entry in target.parent.iterdir() if entry != target]
        assert len(leftovers) <= ROUNDS
        assert all(name.startswith(".shirushi-") and name.endswith(".part") for name in leftovers)
    assert target.exists()


def test_a_unit_is_there_whole_or_not_at_all(tables: Path, rng: random.Random) -> None:
    for _ in range(ROUNDS):
        printed = kill_in_the_middle(rng, UNITS, tables)
        connection = sqlite3.connect(tables)
        state, evidence = (
            {n for (n,) in connection.execute(f"SELECT n FROM {table}")} for table in ("state", "evidence")
        )
        assert state == evidence == set(range(1, len(state) + 1))
        assert {int(line) for line in printed} <= state  # what was said to be done is done
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
    assert state


def test_the_audit_log_goes_on_from_where_it_stood(tmp_path: Path, rng: random.Random) -> None:
    Log(tmp_path)
    for _ in range(ROUNDS // 2):
        kill_in_the_middle(rng, AUDIT, tmp_path)
        log = Log(tmp_path)
        found = log.verify()
        assert found.intact, found.findings
        log.service.sequence(OPERATOR)
        log.service.checkpoint(OPERATOR)
        assert log.verify().intact
        log.database.close()
    assert found.records
