"""A chain file keeps what it said it keeps: after a crash, on a full disk, over segments, for one process at a time."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from shirushi.adapters.chain_file import ChainFile, ChainFolder
from shirushi.core.chain import GENESIS, link_after, record_tail
from shirushi.core.errors import FileUnreadable, FileUnwritable

VALUES = ("2026-04-01T00:00:00.000000Z", "anonymous", "tsa.stamp", "7", "done", "{}")
TAIL = record_tail(VALUES)


def lines(folder: Path) -> list[bytes]:
    chains = ChainFolder(folder)
    return [line for name in chains.names() for line in chains.lines(name)]


def test_lines_are_linked_records_that_any_program_can_check(tmp_path: Path) -> None:
    with ChainFile(tmp_path) as chain:
        assert chain.append([TAIL, TAIL]) == 2
    before = bytes.fromhex(GENESIS)
    for number, line in enumerate(lines(tmp_path), 1):
        *record, link = json.loads(line)
        assert record == ["shirushi.audit.v1", number, number, *VALUES]
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()
        before = link_after(before, text)
        assert before.hex() == link
    assert ChainFolder(tmp_path).head(chain.name) == (2, link)


def test_a_chain_goes_on_where_it_ended_and_drops_what_was_not_finished(tmp_path: Path) -> None:
    with ChainFile(tmp_path) as chain:
        chain.append([TAIL])
        (segment,) = (tmp_path / chain.name).glob("*.jsonl")
    with segment.open("ab") as file:
        file.write(b'["shirushi.audit.v1",2,2,"20')
    with ChainFile(tmp_path) as chain:
        assert chain.position == 1
        chain.append([TAIL])
    assert [json.loads(line)[1] for line in lines(tmp_path)] == [1, 2]


def test_each_process_has_a_chain_of_its_own(tmp_path: Path) -> None:
    with ChainFile(tmp_path) as one, ChainFile(tmp_path) as other:
        assert one.name != other.name
        assert one.name.rpartition("-")[0] == other.name.rpartition("-")[0]
    with ChainFile(tmp_path) as again:
        assert again.name == one.name


def test_segments_follow_one_another(tmp_path: Path) -> None:
    with ChainFile(tmp_path, segment_size=300) as chain:
        for _ in range(5):
            chain.append([TAIL, TAIL])
        name = chain.name
    assert len(list((tmp_path / name).glob("*.jsonl"))) == 6
    assert [json.loads(line)[1] for line in lines(tmp_path)] == list(range(1, 11))
    with ChainFile(tmp_path, segment_size=300) as chain:
        assert chain.position == 10


def test_a_tampered_end_is_not_gone_on_from(tmp_path: Path) -> None:
    with ChainFile(tmp_path) as chain:
        chain.append([TAIL])
        (segment,) = (tmp_path / chain.name).glob("*.jsonl")
    segment.write_bytes(b"nonsense\n")
    with pytest.raises(FileUnreadable):
        ChainFile(tmp_path)


def test_where_a_write_is_not_confirmed_nothing_more_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: int) -> None:
        raise OSError(5, "Input/output error")

    with ChainFile(tmp_path) as chain:
        monkeypatch.setattr(os, "fdatasync", fails)
        with pytest.raises(FileUnwritable):
            chain.append([TAIL])
        monkeypatch.undo()
        with pytest.raises(FileUnwritable):
            chain.append([TAIL])


LIMITED = """
import resource, sys
from pathlib import Path
from shirushi.adapters.chain_file import ChainFile
from shirushi.core.chain import record_tail
tail = record_tail(("2026-04-01T00:00:00.000000Z", "anonymous", "tsa.stamp", "7", "done", "{}"))
with ChainFile(Path(sys.argv[1])) as chain:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    print(chain.append([tail] * 20), chain.append([tail]), end=" ")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(chain.append([tail]))
"""


def test_a_full_disk_keeps_whole_lines_says_how_many_and_is_got_over(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path], check=True, capture_output=True, text=True
    )
    kept, none, one = map(int, done.stdout.split())
    assert 0 < kept < 20
    assert (none, one) == (0, 1)
    assert [json.loads(line)[1] for line in lines(tmp_path)] == list(range(1, kept + 2))
