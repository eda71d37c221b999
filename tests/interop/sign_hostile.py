"""Signs every PDF of a folder under limits on time and memory, and tells as JSON what became of each.

`python -m tests.interop.sign_hostile DOMAIN FOLDER OUT`: a program of its own, so that the limits strike nothing else.
"""

import json
import resource
import sys
from pathlib import Path

from shirushi.core.errors import ShirushiError
from tests.interop.ours import Ours, opened

CPU_SECONDS = 60
"""For all files together, on any machine: the slowest takes half a second here."""
MEMORY = 1 << 30
"""Address space in bytes: two files unpack to 512 MiB each where nobody stops them."""


def outcome(ours: Ours, given: Path, out: Path) -> dict[str, object]:
    try:
        signed = ours.sign(given)
    except ShirushiError as refusal:
        return {"declined": refusal.code, "words": [refusal.explain("ja"), refusal.explain("en")]}
    (out / given.name).write_bytes(signed)
    verdict = ours.validate(signed)
    return {
        "indication": str(verdict.indication and verdict.indication.value),
        "signatures": str(len(verdict.signatures)),
    }


def main(domain: Path, folder: Path, out: Path) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with opened(domain) as ours:
        sys.stdout.write(
            json.dumps({path.name: outcome(ours, path, out) for path in sorted(folder.glob("*.pdf"))})
        )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
