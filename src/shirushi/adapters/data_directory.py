"""The data directory: where one trust domain keeps its configuration, secrets, keys and database."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from shirushi.adapters.files import write_whole
from shirushi.core.errors import FileUnwritable, ShirushiError

MASTER_KEY_VARIABLE = "SHIRUSHI_MASTER_KEY"
DATA_VARIABLE = "SHIRUSHI_DATA"
_CREATING = ".creating"
_CONFIGURATION = "shirushi.toml"


class DataDirectoryMissing(ShirushiError):
    """No trust domain lies in the directory."""

    code = "DATA_DIRECTORY_MISSING"


class DataDirectoryExists(ShirushiError):
    """A domain was to be made where something lies already."""

    code = "DATA_DIRECTORY_EXISTS"


class DataDirectoryExposed(ShirushiError):
    """Other users may enter the directory, or read a secret in it."""

    code = "DATA_DIRECTORY_EXPOSED"


class DataDirectoryForeign(ShirushiError):
    """The directory belongs to another user, or is no directory."""

    code = "DATA_DIRECTORY_FOREIGN"


class DataDirectoryBusy(ShirushiError):
    """Another process is making a domain in the directory at this moment."""

    code = "DATA_DIRECTORY_BUSY"


class MasterKeyMissing(ShirushiError):
    """The master key is neither in its file nor in the environment."""

    code = "MASTER_KEY_MISSING"


class MasterKeyMalformed(ShirushiError):
    """What stands in the place of the master key is none. It is not shown."""

    code = "MASTER_KEY_MALFORMED"


class DataDirectory:
    """An existing data directory that belongs to this user and that nobody else may enter.

    Raises:
        DataDirectoryMissing: no domain lies in `path`.
        DataDirectoryForeign, DataDirectoryExposed: it is not this user's alone.
        DataDirectoryBusy: another process is still making the domain.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).absolute()
        if not self.path.exists():
            raise DataDirectoryMissing(path=self.path)
        _check_ours(self.path)
        if not self.configuration.exists():
            if _being_made(self.path):
                raise DataDirectoryBusy(path=self.path)
            raise DataDirectoryMissing(path=self.path)

    @classmethod
    @contextmanager
    def creating(
        cls, path: str | os.PathLike[str], environment: Mapping[str, str] = os.environ
    ) -> Iterator[DataDirectory]:
        """Make a data directory: the block fills it, and writes its configuration last.

        Of several processes that try at once, one does. A block that raises leaves nothing behind; what a process left
        that was killed in the middle is cleared away by the next.

        Raises:
            DataDirectoryExists: something lies in `path`.
            DataDirectoryBusy: another process is making it.
            DataDirectoryForeign, DataDirectoryExposed: it is there, empty, and not this user's alone.
            FileUnwritable: there is no place for it.
        """
        made = cls.__new__(cls)
        made.path = Path(path).absolute()
        try:
            existed = made.path.exists()
            made.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FileUnwritable(path=made.path, detail=error.strerror) from error
        _check_ours(made.path)
        try:
            lock = _lock(made.path)
        except OSError as error:
            raise FileUnwritable(path=made.path, detail=error.strerror) from error
        try:
            _clear(made.path)
            _make_master_key(made, environment)
            yield made
            _check_finished(made)
            (made.path / _CREATING).unlink()
        except BaseException:
            _clear(made.path)
            (made.path / _CREATING).unlink(missing_ok=True)
            if not existed:
                with suppress(OSError):
                    made.path.rmdir()
            raise
        finally:
            os.close(lock)

    @property
    def configuration(self) -> Path:
        """The configuration file."""
        return self.path / _CONFIGURATION

    @property
    def database(self) -> Path:
        """The database file, where the configuration names no other database."""
        return self.path / "shirushi.sqlite"

    @property
    def keys(self) -> Path:
        """The folder of key files."""
        return self.folder("keys")

    @property
    def audit(self) -> Path:
        """The folder of what the audit log exports."""
        return self.folder("audit")

    @property
    def chains(self) -> Path:
        """The folder of the lanes' chains of audit records."""
        return self.audit / "chains"

    def folder(self, name: str) -> Path:
        """A folder of the data directory, made where it is absent, for this user alone."""
        folder = self.path / name
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise FileUnwritable(path=folder, detail=error.strerror) from error
        return folder

    def resolve(self, path: Path) -> Path:
        """A path of the configuration, which is relative to the data directory."""
        return self.path / path

    def master_key(self, environment: Mapping[str, str] = os.environ) -> bytes:
        """The 32 octets under which keys are wrapped: from SHIRUSHI_MASTER_KEY, else from `secrets/master.key`.

        Raises:
            MasterKeyMissing, MasterKeyMalformed: it is not there, or is not 64 hexadecimal digits.
            DataDirectoryExposed: other users may read the file.
        """
        given = environment.get(MASTER_KEY_VARIABLE)
        if given is not None:
            return _master_key(given, MASTER_KEY_VARIABLE)
        path = self.master_key_file
        try:
            check_closed(path)
            return _master_key(path.read_text("ascii"), path)
        except FileNotFoundError:
            raise MasterKeyMissing(path=path) from None
        except (OSError, UnicodeDecodeError) as error:
            raise MasterKeyMalformed(path=path) from error

    @property
    def master_key_file(self) -> Path:
        """Where the master key lies, unless it is given in the environment."""
        return self.path / "secrets" / "master.key"


def default_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the data directory is unless somebody says otherwise: $SHIRUSHI_DATA, else `shirushi-data` right here."""
    return Path(environment.get(DATA_VARIABLE) or "shirushi-data")


def _master_key(text: str, path: object) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        raise MasterKeyMalformed(path=path) from None
    if len(key) != 32:
        raise MasterKeyMalformed(path=path)
    return key


def _make_master_key(directory: DataDirectory, environment: Mapping[str, str]) -> None:
    if MASTER_KEY_VARIABLE in environment:
        directory.master_key(environment)
        return
    directory.folder("secrets")
    write_whole(directory.master_key_file, secrets.token_hex(32).encode() + b"\n", mode=0o600, replace=False)


def _check_finished(directory: DataDirectory) -> None:
    if not directory.configuration.exists():
        raise RuntimeError("who makes a data directory writes its configuration last")


def _check_ours(path: Path) -> None:
    try:
        status = path.stat()
    except OSError as error:
        raise DataDirectoryForeign(path=path, detail=error.strerror) from error
    if not stat.S_ISDIR(status.st_mode):
        raise DataDirectoryForeign(path=path, detail="it is not a directory")
    if status.st_uid != os.geteuid():
        raise DataDirectoryForeign(path=path, detail=f"it belongs to the user {status.st_uid}")
    _check_closed(path, status)


def check_closed(path: Path) -> None:
    """Raise `DataDirectoryExposed` where users other than the owner may read the file or enter the folder, or OSError."""
    _check_closed(path, path.stat())


def _check_closed(path: Path, status: os.stat_result) -> None:
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise DataDirectoryExposed(path=path, mode=f"{stat.S_IMODE(status.st_mode):03o}")


def _lock(path: Path) -> int:
    """Take the directory for making a domain: gives the locked descriptor of `.creating`, which marks it unfinished.

    Who holds the lock on the file that bears the name may clear the directory, unless a configuration lies there: that
    is written last, so a domain was finished.
    """
    while True:
        _check_free(path)
        lock = os.open(path / _CREATING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(lock), (path / _CREATING).stat()):
                    _check_free(path)
                    return lock
        except BlockingIOError:
            os.close(lock)
            raise DataDirectoryBusy(path=path) from None
        except DataDirectoryExists:
            (path / _CREATING).unlink()
            os.close(lock)
            raise
        os.close(lock)  # whoever held it has finished meanwhile: look again


def _check_free(path: Path) -> None:
    entries = {entry.name for entry in path.iterdir()}
    if _CONFIGURATION in entries or (entries and _CREATING not in entries):
        raise DataDirectoryExists(path=path)


def _being_made(path: Path) -> bool:
    try:
        lock = os.open(path / _CREATING, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _clear(path: Path) -> None:
    """Remove all but the mark: it lay in an empty directory before anything else did, so all is unfinished work."""
    for entry in path.iterdir():
        if entry.name == _CREATING:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
