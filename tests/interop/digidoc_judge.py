"""libdigidocpp, which the Baltic states sign with, as a judge of ASiC-E with XAdES; without any trusted list.

It trusts what the EU's trusted lists name and nothing else, so that of a signature of ours it can only say whether it is
intact and well formed. It runs in a process of its own, which reads one container a line.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.interop.programs import JudgeFailed, run_python

TRUST = re.compile(
    "Signature validation|[Uu]nable to (verify|get)|Certificate status: unknown|certificate verify error"
    "|OCSP|RevocationValues object is missing|RevocationValues"
)
"""What it says where it lacks a trusted list or an OCSP answer: nothing about integrity or form."""


@dataclass(frozen=True, slots=True)
class DigidocSignature:
    """A signature as it reads it; `objections` are those that are not about trust, `distrust` those that are."""

    profile: str
    signed_by: str
    signing_time: str
    roles: tuple[str, ...]
    place: tuple[str, ...]
    """City, street, region, postal code, country."""
    objections: tuple[str, ...]
    distrust: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigidocContainer:
    """Files with their media types, and signatures; `error` where it does not open the container."""

    files: dict[str, str]
    signatures: tuple[DigidocSignature, ...]
    error: str = ""


def digidoc(*containers: bytes) -> tuple[DigidocContainer, ...]:
    """Open and validate containers."""
    with tempfile.TemporaryDirectory(prefix="shirushi-digidoc-") as folder:
        paths = [Path(folder, f"{number}.asice") for number in range(len(containers))]
        for path, data in zip(paths, containers, strict=True):
            path.write_bytes(data)
        project = Path(__file__).resolve().parents[2]
        done = run_python(__name__, folder, *map(str, paths), folder=project)
    if done.returncode:
        raise JudgeFailed(done)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return tuple(_container(answer) for answer in answers)


def _container(answer: dict[str, Any]) -> DigidocContainer:
    signatures = tuple(
        DigidocSignature(
            one["profile"],
            one["signed_by"],
            one["signing_time"],
            tuple(one["roles"]),
            tuple(one["place"]),
            tuple(word for word in one["words"] if not TRUST.search(word)),
            tuple(word for word in one["words"] if TRUST.search(word)),
        )
        for one in answer["signatures"]
    )
    return DigidocContainer(answer["files"], signatures, answer["error"])


def _judge(folder: str, paths: Sequence[str]) -> None:
    """In the process of its own, without the caller's settings."""
    import pydigidoc

    os.environ["HOME"] = folder
    pydigidoc.initialize("shirushi-tests")
    for path in paths:
        sys.stdout.write(json.dumps(_answer(pydigidoc, path)) + "\n")
        sys.stdout.flush()
    os._exit(0)  # its threads look for trusted lists still


def _answer(pydigidoc: Any, path: str) -> dict[str, Any]:
    try:
        opened = pydigidoc.Container.open(path)
    except RuntimeError as refusal:
        return {"files": {}, "signatures": [], "error": str(refusal)}
    found = []
    for one in opened.signatures():
        words = ""
        try:
            one.validate()
        except RuntimeError as refusal:
            words = str(refusal)
        place = (
            one.city(),
            one.street_address(),
            one.state_or_province(),
            one.postal_code(),
            one.country_name(),
        )
        found.append(
            {
                "profile": one.profile(),
                "signed_by": one.signed_by(),
                "signing_time": one.claimed_signing_time(),
                "roles": list(one.signer_roles()),
                "place": place,
                "words": [line.strip() for line in words.splitlines() if line.strip()],
            }
        )
    files = {each.file_name(): each.media_type() for each in opened.data_files()}
    return {"files": files, "signatures": found, "error": ""}


if __name__ == "__main__":
    _judge(sys.argv[1], sys.argv[2:])
