"""The history of the database's schema, as Alembic revisions that form one line.

To add tables or change them: declare the tables in the service's `store` on `shirushi.ports.database.metadata`, and add
a file `versions/mYYYYMMDD_<service>[_<what>].py` of today's date (`m20261121_audit.py` is an example). It begins with
`revision, down_revision = place(__file__)` and has a function `upgrade()` that names every column with `alembic.op`,
and never refers to the store, which will move on. A file's revision is its name (at most 32 characters), and it follows the file before it in
the order of names: so two people who add files on one day do not collide, and none edits another's. A file that was
released is never changed, renamed, or preceded by a new one.

There is no way down: a backup is the way back. The test of this package holds an empty database that was migrated
against the tables that the stores declare.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where Alembic finds its environment."""


def revisions() -> tuple[str, ...]:
    """All revisions, oldest first."""
    return tuple(sorted(path.stem for path in (FOLDER / "versions").glob("m*.py")))


def head() -> str:
    """The revision that this program's stores are written for."""
    return revisions()[-1]


def place(file: str) -> tuple[str, str | None]:
    """The revision that `file` holds, and the one before it."""
    name = Path(file).stem
    line = revisions()
    index = line.index(name)
    return name, line[index - 1] if index else None
