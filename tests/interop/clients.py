"""ACME and EST clients of other hands, fetched and built once a machine into ~/.cache/shirushi-tests.

Where the registry does not answer, the tests that need one skip and say so.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

PATIENCE_SECONDS = 900
_CERTBOT = "certbot==4.2.0"
_PACKAGES = {
    "lego": "github.com/go-acme/lego/v4/cmd/lego",
    "estclient": "github.com/globalsign/est/cmd/estclient",
}


def go_program(name: str) -> Path:
    """A Go program, at the version that `go/<name>/go.mod` pins."""
    if shutil.which("go") is None:
        pytest.skip(f"needs {name}: the program go (Debian package golang-go) is absent")
    return _given(_go_program(name), name, "the Go module proxy")


def certbot() -> Path:
    """certbot in an environment of its own."""
    return _given(_certbot(), _CERTBOT, "PyPI")


def _given(found: Path | None, name: str, source: str) -> Path:
    if found is None:
        pytest.skip(f"needs {name}: {source} did not give it")
    return found


@cache
def _go_program(name: str) -> Path | None:
    source = Path(__file__).parent / "go" / name

    def build(target: Path) -> list[list[str]]:
        shutil.copytree(source, target / "module")
        (target / "bin").mkdir()
        command = ["go", "build", "-C", str(target / "module"), "-mod=mod"]
        return [[*command, "-o", str(target / "bin" / name), _PACKAGES[name]]]

    key = b"".join((source / each).read_bytes() for each in ("go.mod", "go.sum"))
    home = _built(name, key, build)
    return home / "bin" / name if home else None


@cache
def _certbot() -> Path | None:
    def build(target: Path) -> list[list[str]]:
        python = str(target / "venv" / "bin" / "python")
        return [
            [sys.executable, "-m", "venv", str(target / "venv")],
            [python, "-m", "pip", "install", "-q", _CERTBOT],
        ]

    home = _built("certbot", _CERTBOT.encode(), build)
    return home / "venv" / "bin" / "certbot" if home else None


def _built(name: str, key: bytes, build: Callable[[Path], list[list[str]]]) -> Path | None:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shirushi-tests"
    target = home / f"{name}-{sha256(key).hexdigest()[:16]}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (target / "whole").exists():
            return target
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for command in build(target):
            with tempfile.TemporaryFile() as said:
                done = subprocess.run(
                    command,
                    check=False,
                    stdout=said,
                    stderr=said,
                    stdin=subprocess.DEVNULL,
                    timeout=PATIENCE_SECONDS,
                )
            if done.returncode:
                return None
        (target / "whole").touch()
    return target
