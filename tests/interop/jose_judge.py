"""`jose` of npm as a judge of JSON Web Signatures: one Node.js process a test process.

It is installed once a machine, as its lock file pins it, into ~/.cache/shirushi-tests. Where the registry does not
answer, the tests that need it skip and say so.
"""

import atexit
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import require

PROJECT = Path(__file__).parent / "jose"
FILES = ("package.json", "package-lock.json", "verify.mjs")
INSTALL_PATIENCE_SECONDS = 300


def jose_verify(data: bytes, key: bytes) -> bool:
    """Whether a JWS verifies under a public key in PEM."""
    judge = _judge()
    assert judge.stdin is not None
    assert judge.stdout is not None
    judge.stdin.write(json.dumps({"jws": data.decode(), "key": key.decode()}) + "\n")
    judge.stdin.flush()
    answer = json.loads(judge.stdout.readline())
    assert answer["ok"] or answer["why"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", answer
    return bool(answer["ok"])


@cache
def _judge() -> "subprocess.Popen[str]":
    require("node", "nodejs")
    require("npm", "npm")
    folder = _installed()
    if folder is None:
        pytest.skip("needs jose of npm: the registry did not give it")
    process = subprocess.Popen(
        ["node", "verify.mjs"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )

    def end() -> None:
        process.communicate()

    atexit.register(end)
    return process


@cache
def _installed() -> Path | None:
    """The folder with the judge and its package; None where it could not be had."""
    key = sha256(b"".join((PROJECT / name).read_bytes() for name in FILES)).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "shirushi-tests"
    target = home / f"jose-{key}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "jose.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.is_dir():
            return target
        with tempfile.TemporaryDirectory(dir=home) as folder:
            project = Path(folder, "jose")
            project.mkdir()
            for name in FILES:
                shutil.copy(PROJECT / name, project)
            try:
                done = subprocess.run(
                    ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                    cwd=project,
                    check=False,
                    capture_output=True,
                    stdin=subprocess.DEVNULL,
                    timeout=INSTALL_PATIENCE_SECONDS,
                )
            except subprocess.TimeoutExpired:
                return None
            if done.returncode:
                return None
            project.rename(target)
    return target
