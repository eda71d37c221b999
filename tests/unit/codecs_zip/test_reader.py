import io
import random
import struct
import zipfile
import zlib

import pytest

from shirushi.codecs.zip.errors import MalformedZip, ZipLimitExceeded, ZipNameInvalid, ZipUnsupported
from shirushi.codecs.zip.reader import ZipLimits, read_archive
from shirushi.core.document import document
from shirushi.core.errors import MalformedInput


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
        archive.comment = comment
    return out.getvalue()


def streamed(*files: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """With data descriptors, as a writer to a pipe makes them."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return bytes(pipe.data)


def read(data: bytes, **limits: int):
    return read_archive(document(data), ZipLimits(**limits))


TEXT = "契約".encode() * 5000


@pytest.mark.parametrize("make", [zipped, streamed])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_another_writer_made_is_read(make, method):
    archive = read(make(("a/契約.txt", TEXT), ("empty", b""), ("b", b"b" * 70), method=method))
    assert [entry.name for entry in archive.entries] == ["a/契約.txt", "empty", "b"]
    assert [archive.read(entry, 1 << 20) for entry in archive.entries] == [TEXT, b"", b"b" * 70]


def test_a_comment_is_no_matter():
    assert read(zipped(("a", b"x"), comment=b"made by somebody")).find("a") is not None


def test_deflated_content_is_read_anywhere():
    archive = read(zipped(("a", TEXT), method=zipfile.ZIP_DEFLATED))
    source = archive.content(archive.entries[0])
    rng = random.Random(7)
    for _ in range(40):
        at, length = rng.randrange(len(TEXT)), rng.randrange(3000)
        assert source.read_at(at, length) == TEXT[at : at + length]
    assert source.read_at(len(TEXT), 5) == b""


def test_content_larger_than_a_chunk_is_streamed():
    data = random.Random(1).randbytes(1 << 20) + bytes(3 << 20)
    archive = read(zipped(("a", data), method=zipfile.ZIP_DEFLATED))
    assert b"".join(archive.open(archive.entries[0]).chunks()) == data


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x", "a/../../x", "a//b", "./a", "C:/x", "a\\b", "a\x01", "a/..", "c:x"]
)
def test_names_that_lead_elsewhere_are_refused(name):
    with pytest.raises(ZipNameInvalid):
        read(zipped((name, b"x")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a", "a"), ("ガ.txt", "ガ.txt"), ("a", "a/"), ("a", "a/b")])
def test_names_that_collide_are_refused(names):
    with pytest.raises(ZipNameInvalid):
        read(zipped(*((name, b"x" if not name.endswith("/") else b"") for name in names)))


def test_a_bomb_is_refused_before_it_is_read():
    bomb = zipped(("a", bytes(1 << 20)), method=zipfile.ZIP_DEFLATED)
    assert read(bomb).entries
    with pytest.raises(ZipLimitExceeded):
        read(bomb, expansion_free=0, ratio=10)
    with pytest.raises(ZipLimitExceeded):
        read(zipped(*((str(n), b"") for n in range(20))), entries=10)
    archive = read(bomb)
    with pytest.raises(ZipLimitExceeded):
        archive.read(archive.entries[0], 1000)


def test_content_of_another_size_than_declared_is_refused():
    packed = zlib.compressobj(wbits=-15)
    body = packed.compress(b"x" * 1000) + packed.flush()
    whole = zipped(("a", b"x" * 1000), method=zipfile.ZIP_DEFLATED)
    assert body in whole
    for size in (999, 1001, 10):
        lying = whole.replace(struct.pack("<L", 1000), struct.pack("<L", size))
        archive = read(lying)
        with pytest.raises(MalformedZip):
            archive.read(archive.entries[0], 5000)


def test_an_entry_that_differs_from_the_directory_is_refused():
    data = zipped(("aaaa", b"xyz"), ("bbbb", b"123"))
    for old, new in ((b"aaaa", b"cccc"), (b"bbbb", b"aaaa")):
        changed = data.replace(old, new, 1)
        with pytest.raises(MalformedInput):
            read(changed)


def test_bytes_that_belong_to_nothing_are_refused():
    data = zipped(("a", b"xyz"), ("b", b"123"))
    second = data.index(b"PK\x03\x04", 4)
    with pytest.raises(MalformedZip):
        read(b"#!/bin/sh\n" + data)
    with pytest.raises(MalformedZip):
        read(data[:second] + b"hidden" + data[second:])
    with pytest.raises(MalformedZip):
        read(data + b"more")


def test_entries_that_overlap_are_refused():
    data = bytearray(zipped(("a", b"x" * 100), ("b", b"y" * 100)))
    second = data.index(b"PK\x03\x04", 4)
    directory = data.index(b"PK\x01\x02")
    following = data.index(b"PK\x01\x02", directory + 4)
    data[following + 42 : following + 46] = data[directory + 42 : directory + 46]
    with pytest.raises(MalformedInput):
        read(bytes(data))
    assert second


@pytest.mark.parametrize(("offset", "value"), [(6, 1), (6, 0x40), (8, 12), (8, 99)])
def test_encrypted_and_otherwise_compressed_is_refused(offset, value):
    data = bytearray(zipped(("a", b"xyz")))
    data[offset] = value
    data[data.index(b"PK\x01\x02") + offset + 2] = value
    with pytest.raises(ZipUnsupported):
        read(bytes(data))


def test_zip64_is_read_and_a_lying_one_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("a", "w", force_zip64=True) as file:
        file.write(b"x" * 10)
    data = out.getvalue()
    archive = read(data)
    assert archive.read(archive.entries[0], 100) == b"x" * 10
    end = data.rindex(b"PK\x05\x06")
    directory = data.index(b"PK\x01\x02")
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, end - directory, directory)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    narrow = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert read(data[:end] + wide + locator + narrow).find("a") is not None
    other = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 2, 2, end - directory, directory, 0)
    with pytest.raises(MalformedZip):
        read(data[:end] + wide + locator + other)


def test_damaged_archives_raise_nothing_but_malformed_input(rng: random.Random):
    whole = [
        make(("mimetype", b"a/b"), ("a/契約.txt", TEXT[:300]), ("b", b"b" * 70), method=method)
        for make in (zipped, streamed)
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    ]
    outcomes = set()
    for _ in range(2000):
        damaged = bytearray(rng.choice(whole))
        for _ in range(rng.choice([1, 1, 2, 8])):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        del damaged[rng.choice([len(damaged), len(damaged), rng.randrange(len(damaged))]) :]
        try:
            archive = read(bytes(damaged))
            for entry in archive.entries:
                assert len(archive.read(entry, 1 << 20)) == entry.size
            outcomes.add("read")
        except MalformedInput as error:
            outcomes.add(error.code)
    assert outcomes >= {"read", "ZIP_MALFORMED", "ZIP_UNSUPPORTED"}
