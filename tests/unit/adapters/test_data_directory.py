from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shirushi.adapters.data_directory import (
    DataDirectory,
    DataDirectoryBusy,
    DataDirectoryExists,
    DataDirectoryExposed,
    DataDirectoryForeign,
    DataDirectoryMissing,
    MasterKeyMalformed,
    MasterKeyMissing,
    default_path,
)
from shirushi.core.errors import FileUnwritable

KEY = "ab" * 32


def make(path: Path, **environment: str) -> DataDirectory:
    with DataDirectory.creating(path, environment) as made:
        made.configuration.write_text("")
    return made


def fail(path: Path, error: BaseException) -> None:
    with DataDirectory.creating(path, {}) as made:
        (made.keys / "some.key").write_text("")
        made.configuration.write_text("")
        raise error


def test_made_and_opened(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "data"
    make(path)
    opened = DataDirectory(path)
    assert opened.database == path / "shirushi.sqlite"
    assert opened.resolve(Path("trust/root.pem")) == path / "trust" / "root.pem"
    assert opened.keys == path / "keys"
    assert opened.audit.is_dir()
    for folder in (path, opened.keys, path / "secrets"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(opened.master_key({})) == 32
    assert sorted(entry.name for entry in path.iterdir()) == ["audit", "keys", "secrets", "shirushi.toml"]


def test_missing(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path):
        tmp_path.chmod(0o700)
        with pytest.raises(DataDirectoryMissing) as caught:
            DataDirectory(path)
        assert "shirushi demo" in caught.value.remedy("ja")
        assert "--data" in caught.value.remedy("en")


def test_not_this_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "data"
    make(path)
    path.chmod(0o750)
    with pytest.raises(DataDirectoryExposed, match="750"):
        DataDirectory(path)
    path.chmod(0o700)
    opened = DataDirectory(path)
    opened.master_key_file.chmod(0o644)
    with pytest.raises(DataDirectoryExposed, match="644"):
        opened.master_key({})


def test_another_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path / "data")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(DataDirectoryForeign, match="belongs to the user"):
        DataDirectory(tmp_path / "data")


def test_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataDirectoryForeign, match="not a directory"):
        DataDirectory(tmp_path / "file")
    with pytest.raises(FileUnwritable):
        make(tmp_path / "file")
    with pytest.raises(FileUnwritable):
        make(tmp_path / "file" / "below")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    made = make(tmp_path / "data")
    key = made.master_key({})
    with pytest.raises(DataDirectoryExists):
        make(tmp_path / "data")
    assert DataDirectory(tmp_path / "data").master_key({}) == key
    (tmp_path / "other").mkdir(mode=0o700)
    (tmp_path / "other" / "thesis.txt").write_text("years of work")
    with pytest.raises(DataDirectoryExists):
        make(tmp_path / "other")
    assert [entry.name for entry in (tmp_path / "other").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt()], ids=repr)
def test_a_failure_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        fail(tmp_path / "data", error)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "empty").mkdir(mode=0o700)
    with pytest.raises(type(error)):
        fail(tmp_path / "empty", error)
    assert list((tmp_path / "empty").iterdir()) == []
    make(tmp_path / "empty")


def test_the_configuration_is_written_last(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="last"), DataDirectory.creating(tmp_path / "data", {}):
        pass
    assert list(tmp_path.iterdir()) == []


def test_two_at_once(tmp_path: Path) -> None:
    path = tmp_path / "data"
    with DataDirectory.creating(path, {}) as made:
        with pytest.raises(DataDirectoryBusy):
            make(path)
        with pytest.raises(DataDirectoryBusy):
            DataDirectory(path)
        assert made.master_key_file.exists()
        made.configuration.write_text("")
    assert DataDirectory(path).master_key({}) == made.master_key({})


def test_a_killed_attempt_is_cleared_by_the_next(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from shirushi.adapters.data_directory import DataDirectory\n"
        "with DataDirectory.creating(sys.argv[1], {}) as made:\n"
        "    (made.keys / 'half.key').write_text('')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    path = tmp_path / "data"
    assert subprocess.run([sys.executable, "-c", program, path], check=False).returncode == -9
    assert (path / "keys" / "half.key").exists()
    with pytest.raises(DataDirectoryMissing):
        DataDirectory(path)
    made = make(path)
    assert not (made.keys / "half.key").exists()


def test_a_finished_domain_is_never_cleared(tmp_path: Path) -> None:
    path = tmp_path / "data"
    make(path)
    (path / ".creating").write_text("")  # killed between the configuration and the end
    with pytest.raises(DataDirectoryExists):
        make(path)
    assert DataDirectory(path).master_key({})


def test_the_master_key_from_outside(tmp_path: Path) -> None:
    make(tmp_path / "data", SHIRUSHI_MASTER_KEY=KEY)
    opened = DataDirectory(tmp_path / "data")
    assert not opened.master_key_file.exists()
    assert opened.master_key({"SHIRUSHI_MASTER_KEY": KEY + "\n"}) == bytes.fromhex(KEY)
    with pytest.raises(MasterKeyMissing):
        opened.master_key({})
    for wrong in ("", "ab", "zz" * 32, KEY + "00"):
        with pytest.raises(MasterKeyMalformed) as caught:
            opened.master_key({"SHIRUSHI_MASTER_KEY": wrong})
        assert wrong[:8] not in str(caught.value) or not wrong


def test_a_damaged_master_key(tmp_path: Path) -> None:
    opened = make(tmp_path / "data")
    for content in (b"", b"\xff" * 64, b"00" * 31):
        opened.master_key_file.write_bytes(content)
        with pytest.raises(MasterKeyMalformed):
            opened.master_key({})


def test_where_it_is_by_default() -> None:
    assert default_path({}) == Path("shirushi-data")
    assert default_path({"SHIRUSHI_DATA": "/srv/trust"}) == Path("/srv/trust")
