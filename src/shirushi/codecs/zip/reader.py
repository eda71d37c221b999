"""An archive read by its central directory, and held against its local headers: what differs between them is refused.

Every byte must belong to an entry or to the directory, so that a reader that walks the local headers finds the same.
"""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass, field
from typing import Final

from shirushi.codecs.zip import records
from shirushi.codecs.zip.errors import MalformedZip, ZipLimitExceeded, ZipNameInvalid, ZipUnsupported
from shirushi.codecs.zip.sources import Inflated, Window
from shirushi.core.document import ByteSource, Document


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """How much is taken. Beyond `expansion_free` bytes, all entries together may be `ratio` times as large as the archive."""

    entries: int = 10_000
    directory: int = 16 << 20
    expanded: int = 64 << 30
    expansion_free: int = 64 << 20
    ratio: int = 200


LIMITS: Final = ZipLimits()
_COMMENT_MOST = 0xFFFF
_DRIVE = 2


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """A file in an archive. `start` to `end` are its bytes with header and descriptor, from `data` its packed content."""

    name: str
    size: int
    packed: int
    method: int
    crc: int
    start: int
    data: int
    end: int
    raw_name: bytes = field(repr=False)
    flags: int = field(repr=False)
    attributes: int = field(repr=False, default=0)
    bare: bool = True
    """Whether its local header has no extra field (EN 319 162-1 §A.1 demands that of the mimetype)."""

    @property
    def is_folder(self) -> bool:
        """Whether it only names a folder."""
        return self.name.endswith("/")

    @property
    def stored(self) -> bool:
        """Whether its content is not compressed."""
        return self.method == records.STORED


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive and its entries, in the order of their places."""

    document: Document
    entries: tuple[ZipEntry, ...]
    _named: dict[str, ZipEntry] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._named.update((entry.name, entry) for entry in reversed(self.entries))

    def find(self, name: str) -> ZipEntry | None:
        """The entry of that name."""
        return self._named.get(name)

    def content(self, entry: ZipEntry) -> ByteSource:
        """The content of an entry, read in place; its reads raise `MalformedZip` where it is damaged."""
        packed = Window(self.document, entry.data, entry.packed)
        return packed if entry.stored else Inflated(packed, entry.size)

    def open(self, entry: ZipEntry, media_type: str = "application/octet-stream") -> Document:
        """The entry as a document."""
        return Document(self.content(entry), b"", entry.name, media_type)

    def read(self, entry: ZipEntry, most: int) -> bytes:
        """All of a small entry, held against its checksum.

        Raises `ZipLimitExceeded` where it is larger than `most` bytes, `MalformedZip` where it is damaged.
        """
        if entry.size > most:
            raise ZipLimitExceeded(limit=f"{most} bytes", detail=f"{entry.name}: {entry.size} bytes")
        data = self.content(entry).read_at(0, entry.size)
        if zlib.crc32(data) != entry.crc:
            raise MalformedZip(detail=f"{entry.name} is not what its checksum says")
        return data


def read_archive(document: Document, limits: ZipLimits = LIMITS) -> Archive:
    """Read an archive's directory; contents stay where they are.

    Raises `MalformedZip`, `ZipUnsupported`, `ZipLimitExceeded`, `ZipNameInvalid`.
    """
    end, tail = _end(document)
    if end.entries > limits.entries or end.size > limits.directory:
        raise ZipLimitExceeded(limit=f"{limits.entries} entries", detail=f"{end.entries} entries")
    if end.offset + end.size != tail:
        raise MalformedZip(detail="the directory does not end where the archive does")
    directory = document.read_at(end.offset, end.size)
    headers: list[records.CentralHeader] = []
    position = 0
    while position < len(directory):
        header = records.read_central(directory, position)
        headers.append(header)
        position = header.end
        if len(headers) > end.entries:
            break
    if len(headers) != end.entries:
        raise MalformedZip(detail="the directory has more or fewer entries than it says")
    _expansion(headers, document.size, limits)
    headers.sort(key=lambda each: each.offset)
    entries: list[ZipEntry] = []
    position = 0
    for index, header in enumerate(headers):
        limit = headers[index + 1].offset if index + 1 < len(headers) else end.offset
        if header.offset != position:
            raise MalformedZip(detail="bytes that belong to no entry, or to two")
        entries.append(_entry(document, header, limit))
        position = limit
    if position != end.offset:
        raise MalformedZip(detail="bytes that belong to no entry")
    _distinct(entries)
    return Archive(document, tuple(entries))


def _end(document: Document) -> tuple[records.End, int]:
    """The end record, and where the central directory must end."""
    length = min(document.size, records.END_SIZE + _COMMENT_MOST)
    base = document.size - length
    tail = document.read_at(base, length)
    place = tail.rfind(records.END)
    while place >= 0:
        comment = tail[place + records.END_SIZE - 2 : place + records.END_SIZE]
        if len(comment) == 2 and place + records.END_SIZE + int.from_bytes(comment, "little") == length:
            break
        place = tail.rfind(records.END, 0, place)
    if place < 0:
        raise MalformedZip(detail="no end of a directory")
    if records.END in tail[place + records.END_SIZE :]:
        raise MalformedZip(detail="an end of a directory in the comment")
    end = records.read_end(tail[place : place + records.END_SIZE])
    at = base + place
    located = records.read_locator64(
        document.read_at(max(at - records.LOCATOR64_SIZE, 0), records.LOCATOR64_SIZE)
    )
    if located is None:
        return end, at
    if located + records.END64_SIZE + records.LOCATOR64_SIZE != at:
        raise MalformedZip(detail="a ZIP64 directory is not where it should be")
    wide = records.read_end64(document.read_at(located, records.END64_SIZE))
    for narrow, full, most in zip(end, wide, (records.MAX16, records.MAX32, records.MAX32), strict=True):
        if narrow not in {full, most}:
            raise MalformedZip(detail="two directories that differ")
    return wide, located


def _expansion(headers: list[records.CentralHeader], size: int, limits: ZipLimits) -> None:
    total = sum(header.size for header in headers)
    most = min(limits.expanded, max(limits.expansion_free, limits.ratio * size))
    if total > most:
        raise ZipLimitExceeded(limit=f"{most} bytes", detail=f"{total} bytes when expanded")


def _entry(document: Document, header: records.CentralHeader, limit: int) -> ZipEntry:
    if header.flags & records.ENCRYPTED_FLAGS or header.flags & records.PATCH_FLAG:
        raise ZipUnsupported(detail="an encrypted entry")
    if header.method not in {records.STORED, records.DEFLATED}:
        raise ZipUnsupported(detail=f"compression method {header.method}")
    local = records.read_local(document.read_at(header.offset, records.LOCAL_SIZE))
    start = header.offset + records.LOCAL_SIZE
    rest = document.read_at(start, local.name_length + local.extra_length)
    data = start + local.name_length + local.extra_length
    described = bool(local.flags & records.DESCRIPTOR_FLAG)
    if (
        rest[: local.name_length] != header.name
        or (local.flags, local.method) != (header.flags, header.method)
        or not (described or _agrees(local, header, rest[local.name_length :]))
    ):
        raise MalformedZip(detail="an entry is not what the directory says")
    if header.method == records.STORED and header.packed != header.size:
        raise MalformedZip(detail="an entry of two sizes")
    gap = limit - data - header.packed
    if gap < 0 or not (gap == 0 or (described and _describes(document.read_at(limit - gap, gap), header))):
        raise MalformedZip(detail="entries overlap, or bytes belong to none")
    if described and not gap:
        raise MalformedZip(detail="an entry lacks its descriptor")
    return ZipEntry(
        _name(header.name, header.flags), header.size, header.packed, header.method, header.crc,
        header.offset, data, limit, header.name, header.flags, header.attributes, local.extra_length == 0,
    )  # fmt: skip


def _agrees(local: records.LocalHeader, header: records.CentralHeader, extra: bytes) -> bool:
    """Whether the local header gives the same checksum and sizes."""
    size, packed = local.size, local.packed
    if records.MAX32 in {size, packed}:
        wide = records.extra_field(extra, records.ZIP64_EXTRA)
        if wide is None or len(wide) < 16:
            return False
        size, packed = int.from_bytes(wide[:8], "little"), int.from_bytes(wide[8:16], "little")
    return (local.crc, packed, size) == (header.crc, header.packed, header.size)


def _describes(data: bytes, header: records.CentralHeader) -> bool:
    """Whether `data` is the entry's data descriptor, in one of its four forms (§4.3.9)."""
    body = data[4:] if len(data) in {16, 24} and data[:4] == records.DESCRIPTOR else data
    if len(body) not in {12, 20}:
        return False
    width = (len(body) - 4) // 2
    numbers = (header.packed, header.size)
    if any(number >= 1 << (8 * width) for number in numbers):
        return False
    return body == header.crc.to_bytes(4, "little") + b"".join(n.to_bytes(width, "little") for n in numbers)


def _name(raw: bytes, flags: int) -> str:
    """The name: UTF-8 where it says so or can be, else code page 437 (§4.4.4, appendix D)."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        if flags & records.UTF8_FLAG:
            raise MalformedZip(detail="a name that is not UTF-8") from None
        name = raw.decode("cp437")
    check_name(name)
    return name


def check_name(name: str) -> None:
    """Raise `ZipNameInvalid` for what would not stay inside the folder that an archive is unpacked to."""
    parts = name.removesuffix("/").split("/")
    if (
        not all(parts)
        or not {".", ".."}.isdisjoint(parts)
        or "\\" in name
        or name[1:_DRIVE] == ":"
        or any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in name)
    ):
        raise ZipNameInvalid(name=name)


def _distinct(entries: list[ZipEntry]) -> None:
    """No two entries of one name, however its letters are composed; no file that is a folder as well."""
    seen: set[str] = set()
    for entry in entries:
        name = unicodedata.normalize("NFC", entry.name).removesuffix("/")
        if name in seen:
            raise ZipNameInvalid(name=entry.name)
        seen.add(name)
    files = {unicodedata.normalize("NFC", entry.name) for entry in entries if not entry.is_folder}
    for name in seen:
        parent = name.rpartition("/")[0]
        while parent:
            if parent in files:
                raise ZipNameInvalid(name=name)
            parent = parent.rpartition("/")[0]
