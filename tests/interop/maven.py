"""Judges that are small Java programs of ours: built once a machine with Maven into ~/.cache/shirushi-tests.

Where Maven Central does not answer, the tests that need one skip and say so; with SHIRUSHI_REQUIRE_DSS=1 they fail.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import require

PATIENCE_SECONDS = 900


def built(project: str, title: str) -> Path:
    """The folder of a built judge: its jar, and what it needs in `lib`."""
    require("mvn", "maven")
    require("javac", "default-jdk-headless")
    target = _built(Path(__file__).parent / project)
    if target is None:
        line = f"needs {title}: Maven Central did not give it"
        if os.environ.get("SHIRUSHI_REQUIRE_DSS") == "1":
            pytest.fail(line, pytrace=False)
        pytest.skip(line)
    return target


@cache
def _built(source: Path) -> Path | None:
    """None where Maven could not fetch or build it."""
    sources = sorted(path for path in source.rglob("*") if path.suffix in {".xml", ".java"})
    key = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shirushi-tests"
    target = home / f"{source.name}-{key}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / f"{source.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return target
        with tempfile.TemporaryDirectory(dir=home) as folder:
            project = Path(folder, source.name)
            shutil.copytree(source, project, ignore=shutil.ignore_patterns("target"))
            done = subprocess.run(
                ["mvn", "-q", "-B", "-f", str(project / "pom.xml"), "package"],
                check=False,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=PATIENCE_SECONDS,
            )
            if done.returncode:
                return None
            (project / "target").rename(target)
    return target
