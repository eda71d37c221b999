"""The European Commission's validation library DSS 6.4 as a judge: offline, stock policy, one JVM a test process.

It is built as `tests.interop.maven` says.
"""

import atexit
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.interop.maven import built
from tests.interop.programs import pem


@dataclass(frozen=True, slots=True)
class DssRequest:
    """A document with what the judge may know; certificates are PEM or DER, CRLs and OCSP responses DER."""

    document: bytes | Path
    roots: Sequence[bytes] = ()
    intermediates: Sequence[bytes] = ()
    crls: Sequence[bytes] = ()
    ocsps: Sequence[bytes] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict)
    """Detached contents by file name."""
    at: datetime | None = None
    """Validation time; None is now."""
    name: str = "document"
    """File name of the document, where its format cares."""
    eddsa: bool = False
    """Whether the entries of EdDSA count, which stand in the stock policy as comments; else it is the stock policy."""


@dataclass(frozen=True, slots=True)
class DssTimestamp:
    """Verdict on one time-stamp."""

    indication: str
    sub_indication: str
    time: datetime | None
    produced_by: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DssSignature:
    """Verdict on one signature, in the standard's words: "TOTAL_PASSED", "PAdES-BASELINE-T"."""

    indication: str
    sub_indication: str
    format: str
    intact: bool
    """References found and intact, and the signature value verified: the signature apart from trust."""
    signed_by: str
    best_signature_time: datetime | None
    signing_time: datetime | None
    structure: tuple[str, ...]
    """What does not fit the format's schema (XAdES, JAdES)."""
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    timestamps: tuple[DssTimestamp, ...]
    said: Mapping[str, Any] = field(default_factory=dict)
    """What the signer says: commitments, claimed_roles, certified_roles (how many), place, policy, policy_url; and
    whether it is a counter_signature."""


@dataclass(frozen=True, slots=True)
class DssReport:
    """Everything found in one document; `error` holds the refusal of a document that could not be read."""

    signatures: tuple[DssSignature, ...]
    timestamps: tuple[DssTimestamp, ...]
    """Detached and container time-stamps and PDF document time-stamps."""
    evidence_records: tuple[DssTimestamp, ...]
    error: str = ""


def dss_judge(*requests: DssRequest) -> tuple[DssReport, ...]:
    """Ask DSS for each request in turn; one JVM serves all calls of the process."""
    judge = _judge()
    with tempfile.TemporaryDirectory(prefix="shirushi-dss-") as folder:
        return tuple(
            _ask(judge, request, Path(folder, str(number))) for number, request in enumerate(requests)
        )


def _ask(judge: "subprocess.Popen[str]", request: DssRequest, folder: Path) -> DssReport:
    folder.mkdir()

    def lay(name: str, content: bytes) -> str:
        path = folder / name
        path.write_bytes(content)
        return str(path)

    def lay_all(kind: str, contents: Sequence[bytes]) -> str:
        return "|".join(lay(f"{kind}-{number}", content) for number, content in enumerate(contents))

    document = request.document
    if request.contents:
        (folder / "contents").mkdir()
    fields = [
        str(document) if isinstance(document, Path) else lay(request.name, document),
        request.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if request.at else "",
        lay_all("root", [pem(item) for item in request.roots]),
        lay_all("other", [pem(item) for item in request.intermediates]),
        lay_all("crl", request.crls),
        lay_all("ocsp", request.ocsps),
        "|".join(lay(f"contents/{name}", content) for name, content in request.contents.items()),
        "eddsa" if request.eddsa else "",
    ]
    assert judge.stdin is not None
    assert judge.stdout is not None
    judge.stdin.write("\t".join(fields) + "\n")
    judge.stdin.flush()
    answer = judge.stdout.readline()
    if not answer:
        raise RuntimeError(f"the DSS judge ended with status {judge.wait()} at {request.name}")
    return _report(json.loads(answer))


def _report(answer: dict[str, Any]) -> DssReport:
    if "error" in answer:
        return DssReport((), (), (), answer["error"])
    return DssReport(
        signatures=tuple(
            DssSignature(
                indication=one["indication"],
                sub_indication=one["sub_indication"] or "",
                format=one["format"] or "",
                intact=one["intact"] and one["valid"],
                signed_by=one["signed_by"] or "",
                best_signature_time=_time(one["best_signature_time"]),
                signing_time=_time(one["signing_time"]),
                structure=tuple(one["structure"]),
                errors=tuple(one["errors"]),
                warnings=tuple(one["warnings"]),
                timestamps=tuple(_timestamp(stamp) for stamp in one["timestamps"]),
                said=one["said"],
            )
            for one in answer["signatures"]
        ),
        timestamps=tuple(_timestamp(stamp) for stamp in answer["timestamps"]),
        evidence_records=tuple(_timestamp(record) for record in answer["evidence_records"]),
    )


def _timestamp(one: dict[str, Any]) -> DssTimestamp:
    return DssTimestamp(
        indication=one["indication"],
        sub_indication=one["sub_indication"] or "",
        time=_time(one["time"]),
        produced_by=one.get("produced_by") or "",
        errors=tuple(one["errors"]),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@cache
def _judge() -> "subprocess.Popen[str]":
    target = built("dss", "EU DSS 6.4")
    command = [
        "java",
        "-Xmx768m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.net.useSystemProxies=false",
    ]
    process = subprocess.Popen(
        [*command, "-cp", f"{target}/dss-judge.jar:{target}/lib/*", "jp.shirushi.interop.DssJudge"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )

    def end() -> None:
        process.communicate()

    atexit.register(end)
    return process
