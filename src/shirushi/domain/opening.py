"""Open, or bring up to date, the trust domain in a data directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory, default_path
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.http_fetcher import HttpFetcher
from shirushi.adapters.system_clock import SystemClock
from shirushi.domain.composing import compose, database_url
from shirushi.domain.model import Domain
from shirushi.rules.ades import JAPAN
from shirushi.services.audit.service import AuditTrail
from shirushi.services.trustlist.service import TrustedLists


@contextmanager
def open_domain(path: str | os.PathLike[str] | None = None, *, supervised: bool = False) -> Iterator[Domain]:
    """Open the trust domain in a data directory, by default $SHIRUSHI_DATA or `./shirushi-data`.

    Raises `DataDirectoryMissing` and its siblings, `ConfigurationInvalid`, or what the database raises.
    """
    directory = DataDirectory(path or default_path())
    with compose(directory, read_configuration(directory.configuration), supervised=supervised) as domain:
        yield domain


@contextmanager
def passing_trusted_lists() -> Iterator[TrustedLists]:
    """Trusted lists that are judged and kept by nobody: for whoever has no trust domain."""
    with TemporaryDirectory(prefix="shirushi-") as folder:
        url = sqlite_url(Path(folder) / "lists.sqlite")
        migrate(url)
        database, clock = SqlDatabase(url), SystemClock()
        try:
            yield TrustedLists(
                anchors=(),
                catalogue=JAPAN.catalogue,
                database=database,
                clock=clock,
                audit=AuditTrail(clock),
                fetcher=HttpFetcher(),
            )
        finally:
            database.close()


def migrate_domain(path: str | os.PathLike[str] | None = None) -> str:
    """Bring the database of a trust domain to this program's schema, as opening it does; the revision it has now."""
    directory = DataDirectory(path or default_path())
    return migrate(database_url(directory, read_configuration(directory.configuration)))
