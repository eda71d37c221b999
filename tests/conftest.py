"""What every test shares: the corpora folder, programs of other hands, determinism."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from sqlalchemy import URL

    from tests.interop.ours import Ours
    from tests.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"

settings.register_profile("house", derandomize=True, deadline=None, database=None, print_blob=True)
settings.load_profile("house")


def require(program: str, package: str) -> None:
    """Skip the running test when `program` is absent, naming the Debian `package`; fail under CI=true."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])
    if shutil.which(program, path=path):
        return
    line = f"needs the program {program} of the Debian package {package}: run `make system` as root"
    if IN_CI:
        pytest.fail(line, pytrace=False)
    pytest.skip(line)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Honour `@pytest.mark.needs(program, package)`."""
    for mark in item.iter_markers("needs"):
        program, package = mark.args
        require(program, package)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The read-only corpora folder: $SHIRUSHI_CORPORA, else ../shared/corpora beside the clone."""
    folder = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora")
    if not folder.is_dir():
        pytest.skip(f"needs the corpora folder: {folder} is absent (set SHIRUSHI_CORPORA)")
    return folder


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The committed fixtures folder `tests/fixtures`."""
    return ROOT / "tests" / "fixtures"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's trust domain, freshly made and untouched: copy it, never open it."""
    from shirushi.demo.establish import establish
    from shirushi.demo.plan import load_plan

    path = tmp_path_factory.mktemp("template") / "domain"
    establish(path, load_plan(), lambda _: None)
    return path


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    """A trust domain of the test's own, with the demo's people and companies."""
    return shutil.copytree(template, tmp_path / "shirushi-data")


@pytest.fixture(scope="session")
def ours(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Ours"]:
    """A demo domain that stays open, for tests that only sign and validate; what they may revoke is a copy of their own."""
    from tests.interop.ours import opened

    with opened(shutil.copytree(template, tmp_path_factory.mktemp("ours") / "domain")) as world:
        yield world


@pytest.fixture(scope="session")
def postgres() -> Iterator["Cluster"]:
    """A running PostgreSQL server; whoever stops it starts it again."""
    from tests.postgres import cluster

    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> "URL":
    """A new database of each kind: a file that is not there yet, and an empty database of a server."""
    from shirushi.adapters.database import sqlite_url

    if request.param == "sqlite":
        return sqlite_url(tmp_path / "shirushi.sqlite")
    running: Cluster = request.getfixturevalue("postgres")
    return running.database()


@pytest.fixture
def contract() -> Path:
    """A small Japanese PDF that nobody has signed."""
    return ROOT / "src" / "shirushi" / "demo" / "documents" / "contract.pdf"


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """A generator seeded by the test's own name: the same numbers in every run and any order."""
    return random.Random(request.node.nodeid)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the caller's data directory or language."""
    monkeypatch.delenv("SHIRUSHI_DATA", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
