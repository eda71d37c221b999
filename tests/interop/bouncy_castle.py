"""Debian's Bouncy Castle behind small Java programs of ours, which run from their source: one start for all questions."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.conftest import require

_JARS = [Path(f"/usr/share/java/{name}.jar") for name in ("bcprov", "bcutil", "bcpkix")]
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # it lives for a second or two


def bouncy_castle(program: str, *arguments: Path | str) -> list[str]:
    """The lines that a program beside this module says; skips the test where Java or the library is absent."""
    require("java", "default-jdk-headless")
    if not all(jar.exists() for jar in _JARS):
        require("bcpkix.jar", "libbcpkix-java")
    source = Path(__file__).with_name(f"{program}.java")
    classes = ":".join(map(str, _JARS))
    command = ["java", *_QUICK, "-cp", classes, str(source), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
