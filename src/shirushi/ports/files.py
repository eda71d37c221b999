"""Files as the user of a face names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


class Depot(Protocol):
    """Keeps documents on disk under names, in folders of their own, until they are removed. Calls are thread-safe.

    Names of folders and documents are letters, digits and hyphens. Who works on a folder claims it; the end of the
    process, however it comes, ends its claims.
    """

    def put(self, folder: str, name: str, document: Document) -> Document:
        """Keep the document durably, whole or not at all; what is kept, of the same name and of the type it looks like.

        Raises `StorageFull` where it would leave too little room, or `FileUnwritable`.
        """
        ...

    def get(self, folder: str, name: str, shown: str) -> Document | None:
        """The document under the file name `shown`, None where it is not there; open only while it is read."""
        ...

    def remove(self, folder: str, name: str | None = None) -> None:
        """Remove the document, or the folder with all that it keeps; what is not there stays away."""
        ...

    def has(self, folder: str) -> bool:
        """Whether there is such a folder here."""
        ...

    def claim(self, folder: str) -> Callable[[], None] | None:
        """Claim the folder: gives what releases it; None while somebody has it, and where there is no such folder."""
        ...
