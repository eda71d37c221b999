"""Back up a whole trust domain while it serves, and make one from a backup."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import BaseModel

from shirushi.adapters.configuration import Configuration
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.data_directory import MASTER_KEY_VARIABLE, DataDirectory
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.database_copy import copy_from_file, copy_to_file
from shirushi.adapters.pkcs11.client import settings_of
from shirushi.adapters.pkcs11.key_store import ENDING, TokenKey
from shirushi.adapters.sealed_archive import (
    CHUNK,
    ArchiveRefused,
    add_bytes,
    add_file,
    reading_archive,
    write_archive,
)
from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.adapters.system_clock import SystemClock
from shirushi.core.errors import FileUnwritable
from shirushi.core.instant import rfc3339
from shirushi.domain import LOCAL_OPERATOR, database_url, open_domain
from shirushi.ports.audit import AuditEvent
from shirushi.services.audit.service import AuditTrail
from shirushi.services.ca import store as ca_store
from shirushi.services.tsa import store as tsa_store

MANIFEST = "manifest.json"
DATABASE = "shirushi.sqlite"
_PASSING = {"uploads", "visits", "batches", "run"}
"""Folders of what only the running platform needs."""
_OF_THE_GUARD = {Path("clock/board"), Path("clock/guard.lock")}
"""What the clock guard of one machine posts; a stop of the clock is kept."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: files by name with their SHA-256; and what it does not hold, for an operator to keep apart.

    Attributes:
        on_tokens: the labels of keys that lie on tokens, which stay there.
        master_key: whether the master key is in it; else it was given in the environment.
        outside: files and folders that the configuration names outside the data directory, and variables with PINs.
    """

    created_at: str
    name: str
    files: dict[str, str]
    on_tokens: tuple[str, ...]
    master_key: bool
    outside: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """As the archive holds it."""
        content = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    @classmethod
    def decode(cls, data: bytes) -> BackupReport:
        """What `encode` wrote; raises ValueError, KeyError, TypeError."""
        said = json.loads(data)
        lists = {name: tuple(said.get(name, ())) for name in ("on_tokens", "outside")}
        return cls(**(said | lists))


def backup(data: Path, target: Path, passphrase: str) -> BackupReport:
    """Write all of a domain to `target`, under a passphrase, and read it back before it counts.

    The database is copied as it is at one moment. What the audit log keeps in files is taken before that, for a file
    may hold less than the database but never more; keys after it, for a row without its key would be worse than a key
    without its row. A master key that is given in the environment stays out.

    Raises `PassphraseShort`, `FileUnwritable`, and what opening the domain raises.
    """
    directory = DataDirectory(data)
    with open_domain(data) as domain, domain.ports.database.unit() as connection:
        event = AuditEvent("domain.backup", domain.name)
        AuditTrail(domain.ports.clock).record(connection, LOCAL_OPERATOR, event)
    configuration = read_configuration(directory.configuration)
    digests: dict[str, str] = {}

    def put(archive: tarfile.TarFile, path: Path, name: str = "") -> None:
        name = name or path.relative_to(directory.path).as_posix()
        if name not in digests:
            digests[name] = add_file(archive, name, path)

    report: list[BackupReport] = []

    def fill(archive: tarfile.TarFile) -> None:
        for path in _files(directory.audit, deep=False):
            put(archive, path)
        with tempfile.TemporaryDirectory(prefix="shirushi-backup-", dir=target.absolute().parent) as folder:
            copied = Path(folder) / DATABASE
            copy_to_file(database_url(directory, configuration), copied)
            put(archive, copied, DATABASE)
        for path in _files(directory.path, deep=True):
            if not _left_out(path.relative_to(directory.path)):
                put(archive, path)
        keys = sorted(directory.keys.glob(f"*{ENDING}"))
        made = BackupReport(
            rfc3339(SystemClock().now()),
            configuration.domain.name,
            dict(digests),
            tuple(TokenKey.read(path, path.name).reference.label for path in keys),
            "secrets/master.key" in digests,
            _outside(directory, configuration),
        )
        report.append(made)
        add_bytes(archive, MANIFEST, made.encode())

    try:
        write_archive(target, passphrase, fill)
    except OSError as error:
        raise FileUnwritable(path=target, detail=error.strerror) from error
    try:
        examine(target, passphrase)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return report[0]


def examine(source: Path, passphrase: str) -> BackupReport:
    """Read a backup to its end and hold every file against the list; raises `ArchiveRefused`, `FileUnreadable`."""
    found: dict[str, str] = {}
    report = None
    with reading_archive(source, passphrase) as files:
        for entry, content in files:
            if report is not None:
                raise ArchiveRefused(path=source)
            if entry.name == MANIFEST:
                report = _manifest(content.read(), source)
            else:
                digest = hashlib.sha256()
                while chunk := content.read(CHUNK):
                    digest.update(chunk)
                found[entry.name] = digest.hexdigest()
    if report is None or report.files != found:
        raise ArchiveRefused(path=source)
    return report


def restore(source: Path, data: Path, passphrase: str, database: str = "") -> BackupReport:
    """Make a domain in `data`, where nothing may lie, from a backup that is examined whole before.

    `database` names an empty PostgreSQL database; without it the domain has an SQLite file of its own. What the domain
    gave out after the backup is not known to it, so serial numbers of tokens and numbers of CRLs go on far above: see
    `skip_ahead` of the stores. Serial numbers of certificates are 128 random bits.

    Raises `ArchiveRefused`, `DataDirectoryExists` and its siblings, `MasterKeyMissing` where it was left out and is not
    in the environment, `KeyStoreForeign` where it is another, `DatabaseNotEmpty`.
    """
    report = examine(source, passphrase)
    with DataDirectory.creating(data) as directory:
        directory.master_key_file.unlink(missing_ok=True)
        with reading_archive(source, passphrase) as files:
            for entry, content in files:
                if entry.name != MANIFEST:
                    _extract(directory.path / _relative(entry.name, source), content)
        if report.master_key and MASTER_KEY_VARIABLE in os.environ:
            directory.master_key_file.unlink()
        SoftwareKeyStore(directory.keys, directory.master_key()).check()
        configuration = read_configuration(directory.configuration)
        directory.configuration.unlink()
        url = sqlite_url(directory.database)
        migrate(url)
        _begin_anew(SqlDatabase(url), configuration.domain.name, report)
        if database:
            copy_from_file(directory.database, database)
            directory.database.unlink()
        section = configuration.database.model_copy(update={"url": database})
        write_configuration(directory.configuration, configuration.model_copy(update={"database": section}))
    return report


def _begin_anew(database: SqlDatabase, name: str, report: BackupReport) -> None:
    """Leave room for all that may have been given out since the backup, and say so in the audit log."""
    try:
        with database.unit() as connection:
            tsa_store.skip_ahead(connection)
            ca_store.skip_ahead(connection)
            event = AuditEvent("domain.restore", name, detail={"backup": report.created_at})
            AuditTrail(SystemClock()).record(connection, LOCAL_OPERATOR, event)
    finally:
        database.close()


def _files(folder: Path, *, deep: bool) -> Iterator[Path]:
    for path in sorted(folder.rglob("*") if deep else folder.iterdir()):
        if path.is_file() and not path.is_symlink():
            yield path


def _left_out(path: Path) -> bool:
    first = path.parts[0]
    return first in _PASSING or path in _OF_THE_GUARD or first.startswith((DATABASE, "."))


def _outside(directory: DataDirectory, configuration: Configuration) -> tuple[str, ...]:
    """What the configuration names that lies elsewhere, sorted."""
    tokens = [each for each in configuration.pkcs11 if not each.personal]
    named = [*_paths(configuration), *(Path(each.pin_file) for each in tokens if each.pin_file)]
    found = {str(path) for path in map(directory.resolve, named) if not path.is_relative_to(directory.path)}
    found |= {settings_of(directory, each).variable for each in tokens if not each.pin_file}
    return tuple(sorted(found))


def _paths(value: object) -> Iterator[Path]:
    """Every path in a part of the configuration."""
    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _paths(getattr(value, name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _paths(each)


def _relative(name: str, source: Path) -> Path:
    """The name as a path below the data directory; raises `ArchiveRefused` for one that leads out of it."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or parts[0] == "/":
        raise ArchiveRefused(path=source)
    return Path(*parts)


def _extract(path: Path, content: IO[bytes]) -> None:
    try:
        for folder in reversed(path.parents):
            folder.mkdir(mode=0o700, exist_ok=True)
        with path.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise FileUnwritable(path=path, detail=error.strerror) from error


def _manifest(data: bytes, source: Path) -> BackupReport:
    try:
        return BackupReport.decode(data)
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveRefused(path=source) from error
