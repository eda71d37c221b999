import io
import zipfile

import pytest

from shirushi.codecs.zip.errors import ZipNameInvalid
from shirushi.codecs.zip.reader import read_archive
from shirushi.codecs.zip.writer import KeptEntry, NewEntry, write_archive
from shirushi.core.document import Document, document

GIB = 1 << 30


class Zeros:
    """Many bytes that are nowhere."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.largest = 0

    def read_at(self, offset: int, length: int) -> bytes:
        self.largest = max(self.largest, length)
        return bytes(min(length, self.size - offset))


def test_another_reader_reads_it():
    written = write_archive(
        [NewEntry("mimetype", document(b"x/y")), NewEntry("契約/a.txt", document(b"z" * 9))]
    )
    with zipfile.ZipFile(io.BytesIO(written.read())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["mimetype", "契約/a.txt"]
        assert archive.read("契約/a.txt") == b"z" * 9
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.infolist()[0].extra == b""


def test_it_is_the_same_in_every_run():
    entries = [NewEntry("a", document(b"1")), NewEntry("b", document(b"2"))]
    assert write_archive(entries).read() == write_archive(entries).read()


def test_kept_entries_stay_as_they_are():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"x" * 1000)
        archive.writestr("b", b"y" * 1000)
    before = read_archive(document(out.getvalue()))
    written = write_archive(
        [
            NewEntry("new", document(b"n")),
            KeptEntry(before, before.entries[1]),
            KeptEntry(before, before.entries[0], "renamed"),
        ]
    )
    after = read_archive(written)
    assert [entry.name for entry in after.entries] == ["new", "b", "renamed"]
    kept, source = after.entries[1], before.entries[1]
    assert written.read_at(kept.start, kept.end - kept.start) == out.getvalue()[source.start : source.end]
    assert after.read(after.entries[2], 5000) == b"x" * 1000
    with zipfile.ZipFile(io.BytesIO(written.read())) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize("names", [("a", "a"), ("../a",), ("",), ("/a",)])
def test_names_that_may_not_be_are_refused(names):
    with pytest.raises(ZipNameInvalid):
        write_archive([NewEntry(name, document(b"")) for name in names])


def test_a_large_file_is_never_held():
    source = Zeros(GIB)
    written = write_archive([NewEntry("big", Document(source)), NewEntry("small", document(b"s"))])
    archive = read_archive(written)
    assert [entry.size for entry in archive.entries] == [GIB, 1]
    assert source.largest <= 1 << 20
    assert archive.open(archive.entries[0]).read_at(GIB - 5, 100) == bytes(5)


def test_more_than_four_gibibytes_take_zip64(monkeypatch):
    monkeypatch.setattr("shirushi.codecs.zip.writer.zlib.crc32", lambda _, crc=0: crc)
    source = Zeros((4 << 30) + 7)
    monkeypatch.setattr(Document, "chunks", lambda _: iter(()))
    written = write_archive([NewEntry("big", Document(source)), NewEntry("after", document(b""))])
    archive = read_archive(written)
    assert [entry.size for entry in archive.entries] == [source.size, 0]
    assert archive.entries[1].start > source.size
