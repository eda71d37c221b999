"""The database, as units of work over SQLAlchemy Core."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, MetaData

from shirushi.core.errors import ShirushiError

metadata = MetaData()
"""Every store declares its tables here; the migrations bring a database to it."""


class StorageFull(ShirushiError):
    """No space is left: the unit was rolled back, and what was durable before it still is."""

    code = "STORAGE_FULL"


class StorageBusy(ShirushiError):
    """Another process held the database for longer than this one may wait: the unit was rolled back."""

    code = "STORAGE_BUSY"


class StorageFailed(ShirushiError):
    """The database cannot be opened, read or written for another reason: the unit was rolled back."""

    code = "STORAGE_FAILED"


class StorageForeign(ShirushiError):
    """The database has a schema that this program does not know."""

    code = "STORAGE_FOREIGN"


class Database(Protocol):
    """Opens units of work. A unit commits when its block ends well and rolls back when it raises."""

    def unit(self) -> AbstractContextManager[Connection]:
        """A unit that may write: it is durable once its block has ended. Raises `StorageFull`, `StorageBusy`."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A consistent view that never writes."""
        ...
