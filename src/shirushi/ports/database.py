"""The database, as units of work over SQLAlchemy Core."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, MetaData

metadata = MetaData()
"""Every store declares its tables here; the migrations bring a database to it."""


class Database(Protocol):
    """Opens units of work. A unit commits when its block ends well and rolls back when it raises."""

    def unit(self) -> AbstractContextManager[Connection]:
        """A unit that may write: it is durable once its block has ended. Raises `StorageFull`, `StorageBusy`."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A consistent view that never writes."""
        ...
