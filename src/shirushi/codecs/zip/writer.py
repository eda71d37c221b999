"""Archives written the same in every run: entries stored as they are, in the order given, dated 1980-01-01.

What is put in stays where it is and is read when the archive is: a large file costs one reading, for its checksum.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from shirushi.codecs.zip import records
from shirushi.codecs.zip.errors import ZipNameInvalid
from shirushi.codecs.zip.reader import Archive, ZipEntry, check_name
from shirushi.codecs.zip.sources import Joined, Window
from shirushi.core.document import Bytes, ByteSource, Document


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A file to be stored. The content must not change afterwards."""

    name: str
    content: Document


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry of another archive, taken over byte for byte; `name`, where given, takes the place of its own.

    A renamed one is stored anew.
    """

    archive: Archive
    entry: ZipEntry
    name: str | None = None


def write_archive(
    entries: Iterable[NewEntry | KeptEntry], name: str = "", media_type: str = "application/zip"
) -> Document:
    """An archive with `entries`; raises `ZipNameInvalid` for a name that may not be or stands twice."""
    parts: list[ByteSource] = []
    directory: list[bytes] = []
    names: set[str] = set()
    offset = 0
    for given in entries:
        entry = given
        if isinstance(entry, KeptEntry) and entry.name not in {None, entry.entry.name}:
            entry = NewEntry(entry.name or "", entry.archive.open(entry.entry))
        written, header = _kept(entry, offset) if isinstance(entry, KeptEntry) else _new(entry, offset)
        known = entry.entry.name if isinstance(entry, KeptEntry) else entry.name
        if known in names:
            raise ZipNameInvalid(name=known)
        names.add(known)
        parts.extend(written)
        directory.append(header)
        offset += sum(part.size for part in written)
    body = b"".join(directory)
    parts.append(Bytes(body + records.end_records(len(directory), len(body), offset)))
    return Document(Joined(parts), b"", name, media_type)


def _new(entry: NewEntry, offset: int) -> tuple[list[ByteSource], bytes]:
    check_name(entry.name)
    raw = entry.name.encode("utf-8")
    flags = 0 if raw.isascii() else records.UTF8_FLAG
    crc = 0
    for chunk in entry.content.chunks():
        crc = zlib.crc32(chunk, crc)
    size = entry.content.size
    head = records.local_header(raw, flags, crc, size)
    header = records.CentralHeader(flags, records.STORED, crc, size, size, offset, raw)
    return [Bytes(head), entry.content], records.central_header(header)


def _kept(given: KeptEntry, offset: int) -> tuple[list[ByteSource], bytes]:
    entry = given.entry
    header = records.CentralHeader(
        entry.flags,
        entry.method,
        entry.crc,
        entry.packed,
        entry.size,
        offset,
        entry.raw_name,
        entry.attributes,
    )
    window = Window(given.archive.document, entry.start, entry.end - entry.start)
    return [window], records.central_header(header)
