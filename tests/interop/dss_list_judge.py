"""DSS as a judge that trusts by lists in files, with the agreements in the list of lists or without.

It is built as `tests.interop.maven` says.
"""

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.interop.maven import built
from tests.interop.programs import pem


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists by location; `root` is the location of the list of lists, `signers` who may sign it, DER."""

    root: str
    signers: Sequence[bytes]
    contents: Mapping[str, bytes]


def dss_by_lists(
    document: Path, lists: Lists, *, mra: bool, crls: Sequence[bytes] = (), at: datetime | None = None
) -> dict[str, Any]:
    """What DSS makes of a document: `signatures` with their qualification, and `lists` as it found them."""
    target = built("dss", "EU DSS 6.4")
    with tempfile.TemporaryDirectory(prefix="shirushi-dss-") as folder:

        def lay(name: str, content: bytes) -> str:
            path = Path(folder, name)
            path.write_bytes(content)
            return str(path)

        fields = [
            str(document),
            at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else "",
            lists.root,
            "|".join(lay(f"signer-{n}", pem(each)) for n, each in enumerate(lists.signers)),
            "|".join(
                f"{url}={lay(f'list-{n}', each)}" for n, (url, each) in enumerate(lists.contents.items())
            ),
            "|".join(lay(f"crl-{n}", each) for n, each in enumerate(crls)),
            "",
            "mra" if mra else "",
        ]
        done = subprocess.run(
            [
                "java",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                f"{target}/dss-judge.jar:{target}/lib/*",
                "jp.shirushi.interop.DssListJudge",
            ],
            input="\t".join(fields) + "\n",
            capture_output=True,
            text=True,
            check=True,
            timeout=180,
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
