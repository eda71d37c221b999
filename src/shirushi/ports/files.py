"""Files as the user of a face names them."""

from __future__ import annotations

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
