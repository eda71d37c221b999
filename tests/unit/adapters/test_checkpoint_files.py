from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shirushi.adapters.checkpoint_files import CheckpointFile
from shirushi.core.errors import FileUnreadable, FileUnwritable


def line(number: int, size: int = 10) -> str:
    return f'{{"number":{number},"statement":"{"x" * size}"}}'


@pytest.fixture
def file(tmp_path: Path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "checkpoints.jsonl")


def test_empty(file: CheckpointFile) -> None:
    assert (file.last(), file.lines()) == (0, ())


def test_lines_are_kept_in_order_and_once(file: CheckpointFile) -> None:
    file.append([line(1), line(2, 200_000)])
    assert file.last() == 2
    file.append([line(2), line(3)])
    file.append([])
    assert file.lines() == (line(1), line(2, 200_000), line(3))
    assert file.last() == 3
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("begun", [b"{", b'{"number":2', b"x" * 200_000])
def test_what_was_begun_is_overwritten(file: CheckpointFile, begun: bytes) -> None:
    file.append([line(1)])
    with file.path.open("ab") as opened:
        opened.write(begun)
    assert (file.last(), file.lines()) == (1, (line(1),))
    file.append([line(2)])
    assert file.lines() == (line(1), line(2))


def test_an_altered_last_line_is_left_for_verification(file: CheckpointFile) -> None:
    file.path.write_text("nonsense\n")
    assert file.last() == 0
    file.append([line(1)])
    assert file.lines() == ("nonsense", line(1))


def test_threads_take_turns(file: CheckpointFile) -> None:
    lines = [line(number) for number in range(1, 50)]
    threads = [threading.Thread(target=file.append, args=(lines,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.lines() == tuple(lines)


def test_no_place(tmp_path: Path) -> None:
    absent, folder = CheckpointFile(tmp_path / "absent" / "c"), CheckpointFile(tmp_path)
    assert absent.last() == 0
    for unusable in (absent, folder):
        with pytest.raises(FileUnwritable):
            unusable.append([line(1)])
    for read in (folder.last, folder.lines):
        with pytest.raises(FileUnreadable):
            read()
