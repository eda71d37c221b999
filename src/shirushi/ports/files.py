"""Files as the user of a face names them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from shirushi.core.document import Document


class Files(Protocol):
    """Opens and writes documents."""

    def read(self, path: Path) -> Document:
        """The file as a document, read in place; raises `FileUnreadable`."""
        ...

    def write(self, document: Document, path: Path) -> None:
        """Put the document there durably, whole or not at all; raises `FileUnwritable`."""
        ...

    def replace(self, document: Document, path: Path) -> None:
        """As `write`, in the place of the very file that the document was read from."""
        ...

    def within(self, folder: Path) -> Iterable[Path]:
        """The regular files in a folder and those below it, in order; none where there is no such folder."""
        ...


class Upload(Protocol):
    """Bytes that arrive in pieces. Until `finish` nobody else sees them; whatever happens, nothing of it stays behind."""

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        ...

    def write(self, data: bytes) -> None:
        """Take the next piece; raises `StorageFull` where there is no room for it."""
        ...

    def finish(self, name: str) -> Document:
        """All of it as a document of that name, which lives as long as it is referred to."""
        ...


class Uploads(Protocol):
    """Takes in documents from a network, small ones in memory, large ones on disk."""

    def begin(self) -> Upload:
        """A new upload."""
        ...
