"""The records of an archive (APPNOTE.TXT §4.3), field by field."""

from __future__ import annotations

import struct
from typing import NamedTuple

from shirushi.codecs.zip.errors import MalformedZip

LOCAL = b"PK\x03\x04"
CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
LOCATOR64 = b"PK\x06\x07"
DESCRIPTOR = b"PK\x07\x08"

STORED = 0
DEFLATED = 8
ENCRYPTED_FLAGS = 1 << 0 | 1 << 6 | 1 << 13
DESCRIPTOR_FLAG = 1 << 3
PATCH_FLAG = 1 << 5
UTF8_FLAG = 1 << 11
MAX16 = 0xFFFF
MAX32 = 0xFFFFFFFF
ZIP64_EXTRA = 1

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
LOCAL_SIZE, CENTRAL_SIZE, END_SIZE = _LOCAL.size, _CENTRAL.size, _END.size
END64_SIZE, LOCATOR64_SIZE = _END64.size, _LOCATOR64.size


class LocalHeader(NamedTuple):
    """A local file header (§4.3.7), up to its name."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name_length: int
    extra_length: int


class CentralHeader(NamedTuple):
    """A central directory header (§4.3.12); sizes and offset with what a ZIP64 extra field says (§4.5.3)."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    name: bytes
    attributes: int = 0
    end: int = 0
    """Where the header ends in the directory."""


class End(NamedTuple):
    """Where the central directory stands."""

    entries: int
    size: int
    offset: int


def read_local(data: bytes) -> LocalHeader:
    """The header that `data` begins with; raises `MalformedZip`."""
    if len(data) < LOCAL_SIZE or data[:4] != LOCAL:
        raise MalformedZip(detail="an entry is not where the directory says")
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack_from(data)
    return LocalHeader(flags, method, crc, packed, size, name_length, extra_length)


def read_central(data: bytes, offset: int) -> CentralHeader:
    """The header that stands at `offset` of the directory; raises `MalformedZip`."""
    if len(data) - offset < CENTRAL_SIZE or data[offset : offset + 4] != CENTRAL:
        raise MalformedZip(detail="the directory is damaged")
    fields = _CENTRAL.unpack_from(data, offset)
    flags, method, crc, packed, size = fields[3], fields[4], fields[7], fields[8], fields[9]
    name_length, extra_length, comment_length, disk = fields[10:14]
    attributes, local = fields[15], fields[16]
    start = offset + CENTRAL_SIZE
    end = start + name_length + extra_length + comment_length
    if end > len(data):
        raise MalformedZip(detail="the directory is damaged")
    extra = data[start + name_length : start + name_length + extra_length]
    size, packed, local = _with_zip64(extra, size, packed, local)
    if disk not in {0, MAX16}:
        raise MalformedZip(detail="an entry on another disk")
    return CentralHeader(
        flags, method, crc, packed, size, local, data[start : start + name_length], attributes, end
    )


def _with_zip64(extra: bytes, size: int, packed: int, local: int) -> tuple[int, int, int]:
    """The three numbers, taken from the ZIP64 extra field where they do not fit their own (§4.5.3)."""
    numbers = [size, packed, local]
    if MAX32 not in numbers:
        return size, packed, local
    wide = extra_field(extra, ZIP64_EXTRA)
    if wide is None:
        raise MalformedZip(detail="a size without its ZIP64 field")
    position = 0
    for index, number in enumerate(numbers):
        if number == MAX32:
            if position + 8 > len(wide):
                raise MalformedZip(detail="a ZIP64 field is too short")
            numbers[index] = int.from_bytes(wide[position : position + 8], "little")
            position += 8
    return numbers[0], numbers[1], numbers[2]


def extra_field(extra: bytes, kind: int) -> bytes | None:
    """The content of the first extra field of that header id (§4.5.1)."""
    position = 0
    while position + 4 <= len(extra):
        found, length = struct.unpack_from("<HH", extra, position)
        position += 4
        if found == kind:
            return extra[position : position + length]
        position += length
    return None


def read_end(data: bytes) -> End:
    """An end of central directory record (§4.3.16), of one disk; raises `MalformedZip`."""
    _, disk, first, here, entries, size, offset, _ = _END.unpack_from(data)
    if disk not in {0, MAX16} or first not in {0, MAX16} or here != entries:
        raise MalformedZip(detail="an archive on several disks")
    return End(entries, size, offset)


def read_end64(data: bytes) -> End:
    """A ZIP64 end of central directory record (§4.3.14); raises `MalformedZip`."""
    if len(data) < END64_SIZE or data[:4] != END64:
        raise MalformedZip(detail="a ZIP64 directory is not where it should be")
    _, length, _, _, disk, first, here, entries, size, offset = _END64.unpack_from(data)
    if disk or first or here != entries or length != END64_SIZE - 12:
        raise MalformedZip(detail="a ZIP64 directory on several disks, or of another version")
    return End(entries, size, offset)


def read_locator64(data: bytes) -> int | None:
    """Where the ZIP64 end record stands, if `data` is its locator (§4.3.15)."""
    if len(data) < LOCATOR64_SIZE or data[:4] != LOCATOR64:
        return None
    _, disk, offset, disks = _LOCATOR64.unpack_from(data)
    if disk or disks > 1:
        raise MalformedZip(detail="an archive on several disks")
    found: int = offset
    return found


def local_header(name: bytes, flags: int, crc: int, size: int) -> bytes:
    """The local header of a stored entry, dated 1980-01-01 00:00."""
    wide = size >= MAX32
    extra = struct.pack("<2H2Q", ZIP64_EXTRA, 16, size, size) if wide else b""
    shown = MAX32 if wide else size
    version = 45 if wide else 20 if flags & UTF8_FLAG else 10
    head = _LOCAL.pack(LOCAL, version, flags, STORED, 0, 0x21, crc, shown, shown, len(name), len(extra))
    return head + name + extra


def central_header(header: CentralHeader) -> bytes:
    """A central header, dated 1980-01-01 00:00."""
    numbers = (header.size, header.packed, header.offset)
    wide = b"".join(number.to_bytes(8, "little") for number in numbers if number >= MAX32)
    extra = struct.pack("<2H", ZIP64_EXTRA, len(wide)) + wide if wide else b""
    version = 45 if wide else 20 if header.flags & UTF8_FLAG or header.method else 10
    head = _CENTRAL.pack(
        CENTRAL, version, version, header.flags, header.method, 0, 0x21, header.crc,
        min(header.packed, MAX32), min(header.size, MAX32), len(header.name), len(extra), 0, 0, 0,
        header.attributes, min(header.offset, MAX32),
    )  # fmt: skip
    return head + header.name + extra


def end_records(entries: int, size: int, offset: int) -> bytes:
    """The end of central directory record, after the ZIP64 one where its fields are too small."""
    wide = b""
    if entries >= MAX16 or size >= MAX32 or offset >= MAX32:
        wide = _END64.pack(END64, END64_SIZE - 12, 45, 45, 0, 0, entries, entries, size, offset)
        wide += _LOCATOR64.pack(LOCATOR64, 0, offset + size, 1)
    shown = min(entries, MAX16)
    return wide + _END.pack(END, 0, 0, shown, shown, min(size, MAX32), min(offset, MAX32), 0)
