"""Files that people bring: taken in without ever being whole in memory, kept in their session's folder until it ends."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from shirushi.core.document import Document
from shirushi.core.errors import FileUnreadable
from shirushi.faces.portal.errors import NoRoomForUploads, UploadGone
from shirushi.faces.portal.sessions import IDLE
from shirushi.ports.files import Files

MOST_KEPT = 12
"""How many documents a session keeps; the oldest makes room for the next."""
ROOM_LEFT = 256_000_000
"""How many bytes of the disk uploads never take."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a form brought, as a `ByteSource` for as long as the request lasts. For one thread at a time."""

    content: BinaryIO

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.content.seek(0, 2)

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the content ends."""
        self.content.seek(offset)
        return self.content.read(length)


_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that a session keeps. `facts` are what the pages remember about it, as plain JSON."""

    id: str
    document: Document
    facts: Mapping[str, Any] = field(default_factory=dict)


class Shelf:
    """The documents of one session."""

    def __init__(self, folder: Path, files: Files) -> None:
        self._folder = folder / "documents"
        self._files = files

    def take_in(self, name: str, content: BinaryIO, facts: Mapping[str, Any]) -> Kept:
        """Keep what `content` holds under a new id. Raises `NoRoomForUploads`."""
        id_, place = self._new()
        if shutil.disk_usage(self._folder).free < ROOM_LEFT + content.seek(0, 2):
            raise NoRoomForUploads
        content.seek(0)
        name = plain_name(name)
        with (place / _stored(name)).open("xb") as target:
            shutil.copyfileobj(content, target, 1 << 20)
        return self._described(id_, name, facts)

    def put(self, document: Document, name: str, facts: Mapping[str, Any]) -> Kept:
        """Keep a document that was made here."""
        id_, place = self._new()
        name = plain_name(name)
        self._files.write(document, place / _stored(name))
        return self._described(id_, name, facts)

    def find(self, id_: str) -> Kept:
        """The kept document of that id; raises `UploadGone`."""
        place = self._folder / id_
        try:
            if not _ID.fullmatch(id_):
                raise FileNotFoundError
            about = json.loads((place / "about.json").read_text())
            document = self._files.read(place / _stored(about["name"]))
        except (OSError, ValueError, FileUnreadable) as error:
            raise UploadGone(minutes=int(IDLE.total_seconds() // 60)) from error
        return Kept(id_, replace(document, name=about["name"]), about["facts"])

    def remember(self, kept: Kept, facts: Mapping[str, Any]) -> Kept:
        """The same document with these facts instead."""
        return self._described(kept.id, kept.document.name, facts)

    def drop(self, kept: Kept) -> None:
        """Remove the document."""
        shutil.rmtree(self._folder / kept.id, ignore_errors=True)

    def _new(self) -> tuple[str, Path]:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        kept = sorted(self._folder.iterdir(), key=lambda place: place.stat().st_mtime_ns)
        for place in kept[: max(0, len(kept) - MOST_KEPT + 1)]:
            shutil.rmtree(place, ignore_errors=True)
        id_ = secrets.token_urlsafe(16)
        place = self._folder / id_
        place.mkdir(mode=0o700)
        return id_, place

    def _described(self, id_: str, name: str, facts: Mapping[str, Any]) -> Kept:
        about = self._folder / id_ / "about.json"
        part = about.with_suffix(".part")
        part.write_text(json.dumps({"name": name, "facts": dict(facts)}))
        part.replace(about)
        return self.find(id_)


def plain_name(name: str) -> str:
    """A file's name without folders and without characters that hide or turn what is read."""
    plain = _INVISIBLE.sub("", re.split(r"[/\\]", name)[-1]).strip().lstrip(".")
    stem, dot, ending = plain.rpartition(".")
    return (f"{stem[:150]}{dot}{ending[:20]}" if dot else plain[:150]) or "document"


def _stored(name: str) -> str:
    """The name on disk: of the given one the ending alone, from which the kind of document may be told."""
    ending = re.fullmatch(r".*(\.[A-Za-z0-9]{1,10})", name, re.DOTALL)
    return "content" + (ending[1].lower() if ending else "")
