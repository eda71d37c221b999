from __future__ import annotations

import errno
import gc
import os
import stat
import threading
from pathlib import Path

import pytest

from shirushi.adapters import files
from shirushi.adapters.files import (
    FileChanged,
    FileIsSource,
    FileSource,
    open_document,
    write_document,
    write_whole,
)
from shirushi.core.document import CHUNK, Document, document
from shirushi.core.errors import FileUnreadable, FileUnwritable


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "契約書.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


class TestReading:
    def test_reads_in_place(self, original: Path) -> None:
        with FileSource(original) as source:
            data = original.read_bytes()
            assert source.size == len(data)
            assert source.read_at(0, 8) == b"%PDF-1.7"
            assert source.read_at(source.size - 3, 10) == data[-3:]
            assert source.read_at(source.size, 1) == b""
            assert source.read_at(source.size + 5, 1) == b""

    def test_a_document_of_it(self, original: Path) -> None:
        opened = open_document(original)
        assert (opened.name, opened.media_type) == ("契約書.pdf", "application/pdf")
        assert opened.read() == original.read_bytes()

    @pytest.mark.parametrize("change", ["truncated", "grown", "rewritten"])
    def test_a_change_is_named(self, original: Path, change: str) -> None:
        data = original.read_bytes()
        os.utime(original, ns=(10**18, 10**18))
        source = FileSource(original)
        match change:
            case "truncated":
                os.truncate(original, 20)
            case "grown":
                original.write_bytes(data + b"x")
            case _:
                original.write_bytes(b"X" + data[1:])
        with pytest.raises(FileChanged) as caught:
            source.read_at(0, 100)
        assert str(original) in caught.value.explain("ja")

    def test_a_replaced_file_is_still_the_one_opened(self, original: Path) -> None:
        source = FileSource(original)
        before = original.read_bytes()
        write_document(document(b"new"), original)
        assert source.read_at(0, len(before)) == before

    def test_closed(self, original: Path) -> None:
        source = FileSource(original)
        source.close()
        source.close()
        with pytest.raises(FileUnreadable, match="closed"):
            source.read_at(0, 1)

    def test_the_descriptor_goes_with_the_source(self, original: Path) -> None:
        source = FileSource(original)
        fd = source._fd
        del source
        gc.collect()
        with pytest.raises(OSError):
            os.fstat(fd)

    def test_unreadable(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")
        for path in (tmp_path / "absent.pdf", tmp_path, tmp_path / "fifo", Path("nul\0byte")):
            with pytest.raises(FileUnreadable):
                open_document(path)

    def test_threads_share_it(self, original: Path) -> None:
        source = FileSource(original)
        data = original.read_bytes()
        wrong: list[int] = []

        def read(start: int) -> None:
            wrong.extend(
                offset
                for offset in range(start, 2000, 7)
                if source.read_at(offset, 50) != data[offset : offset + 50]
            )

        threads = [threading.Thread(target=read, args=(start,)) for start in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong


class TestWriting:
    def test_source_and_appended(self, original: Path, tmp_path: Path) -> None:
        opened = open_document(original)
        target = tmp_path / "signed.pdf"
        write_document(Document(opened.source, b"appended"), target)
        assert target.read_bytes() == original.read_bytes() + b"appended"
        assert names(tmp_path) == sorted([original.name, "signed.pdf"])

    def test_without_copying_in_the_kernel(
        self, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*arguments: object) -> int:
            raise OSError(errno.EXDEV, "other device")

        monkeypatch.setattr(os, "copy_file_range", refuse)
        write_document(Document(FileSource(original), b"tail"), tmp_path / "out")
        assert (tmp_path / "out").read_bytes() == original.read_bytes() + b"tail"

    def test_without_unnamed_files(
        self, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(os, "O_TMPFILE")
        monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY | os.O_EXCL | os.O_CREAT, raising=False)
        write_document(Document(FileSource(original), b"tail"), tmp_path / "out")
        write_whole(tmp_path / "once", b"1", replace=False)
        assert (tmp_path / "out").read_bytes() == original.read_bytes() + b"tail"
        assert names(tmp_path) == sorted([original.name, "once", "out"])

    def test_in_memory_and_large(self, tmp_path: Path) -> None:
        data = bytes(CHUNK * 2 + 17)
        write_document(document(data), tmp_path / "zeros")
        assert (tmp_path / "zeros").read_bytes() == data

    def test_permissions(self, tmp_path: Path) -> None:
        kept = tmp_path / "kept"
        kept.write_bytes(b"old")
        kept.chmod(0o640)
        write_document(document(b"new"), kept)
        assert stat.S_IMODE(kept.stat().st_mode) == 0o640
        write_whole(tmp_path / "secret", b"s", mode=0o600)
        assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
        previous = os.umask(0o027)
        try:
            write_document(document(b"x"), tmp_path / "default")
        finally:
            os.umask(previous)
        assert stat.S_IMODE((tmp_path / "default").stat().st_mode) == 0o640

    def test_its_own_source(self, original: Path) -> None:
        before = original.read_bytes()
        signed = Document(FileSource(original), b"more")
        with pytest.raises(FileIsSource):
            write_document(signed, original)
        assert original.read_bytes() == before
        write_document(signed, original, replace_source=True)
        assert original.read_bytes() == before + b"more"

    def test_its_own_source_by_another_name(self, original: Path, tmp_path: Path) -> None:
        (tmp_path / "link.pdf").symlink_to(original)
        with pytest.raises(FileIsSource):
            write_document(Document(FileSource(original), b"more"), tmp_path / "link.pdf")

    def test_a_link_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "real").write_bytes(b"old")
        (tmp_path / "link").symlink_to(tmp_path / "real")
        write_document(document(b"new"), tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_bytes() == b"new"

    def test_no_place_for_a_file(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")
        for path in (tmp_path, tmp_path / "fifo", tmp_path / "fifo" / "f", Path("/dev/null"), Path("n\0")):
            with pytest.raises(FileUnwritable):
                write_document(document(b"x"), path)
        assert names(tmp_path) == ["fifo"]

    def test_folders_on_the_way_are_made(self, tmp_path: Path) -> None:
        write_document(document(b"x"), tmp_path / "a" / "b" / "f")
        assert (tmp_path / "a" / "b" / "f").read_bytes() == b"x"

    def test_never_over_another_when_told_so(self, tmp_path: Path) -> None:
        (tmp_path / "key").write_bytes(b"first")
        with pytest.raises(FileUnwritable):
            write_whole(tmp_path / "key", b"second", replace=False)
        assert (tmp_path / "key").read_bytes() == b"first"

    @pytest.mark.parametrize("temporary", ["unnamed", "named"])
    @pytest.mark.parametrize("step", ["write", "fsync", "rename", "copy_file_range"])
    def test_a_failure_leaves_everything_as_it_was(
        self, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, temporary: str
    ) -> None:
        def full(*arguments: object, **keywords: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        target = tmp_path / "out.pdf"
        target.write_bytes(b"before")
        if temporary == "named":
            monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY | os.O_EXCL | os.O_CREAT)
        monkeypatch.setattr(os, step, full)
        with pytest.raises(FileUnwritable, match="No space left") as caught:
            write_document(Document(FileSource(original), b"tail"), target)
        monkeypatch.undo()
        assert caught.value.code == "FILE_UNWRITABLE"
        assert target.read_bytes() == b"before"
        assert names(tmp_path) == sorted([original.name, "out.pdf"])

    def test_an_interruption_leaves_everything_as_it_was(
        self, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY | os.O_EXCL | os.O_CREAT)
        monkeypatch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_document(Document(FileSource(original), b"tail"), tmp_path / "out")
        assert names(tmp_path) == [original.name]

    def test_a_source_that_changes_meanwhile(
        self, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copy = os.copy_file_range

        def truncate_first(*arguments: int) -> int:
            os.truncate(original, 100)
            return copy(*arguments)

        monkeypatch.setattr(os, "copy_file_range", truncate_first)
        with pytest.raises(FileChanged):
            write_document(Document(FileSource(original), b"tail"), tmp_path / "out")
        assert names(tmp_path) == [original.name]


def test_write_continues_where_the_kernel_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))
    write_whole(tmp_path / "f", b"0123456789")
    assert (tmp_path / "f").read_bytes() == b"0123456789"
    assert files._write(os.open(os.devnull, os.O_WRONLY), b"") == 0
