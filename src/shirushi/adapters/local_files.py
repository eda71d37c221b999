"""The local file system as a service sees it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from shirushi.adapters.files import open_document, write_document
from shirushi.core.document import Document


class LocalFiles:
    """Serves the port `Files` from the local file system."""

    def read(self, path: Path) -> Document:
        """The file as a document, read in place."""
        return open_document(path)

    def write(self, document: Document, path: Path) -> None:
        """Put the document there, whole or not at all; never in the place of its own source."""
        write_document(document, path)

    def replace(self, document: Document, path: Path) -> None:
        """Put the document in the place of its own source, whole or not at all."""
        write_document(document, path, replace_source=True)

    def within(self, folder: Path) -> Iterator[Path]:
        """The regular files in the folder and those below it, hidden ones left out."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path
