"""The words of the clock guard's service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shirushi.core.catalogue import Language
from shirushi.core.chain import GENESIS, canonical
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.ports.clock import TimeNotAvailable
from shirushi.ports.clock_guard import SourceDescription
from shirushi.rules.clock import Declaration, GuardState, SourceFinding, Tick, Watch, bound, drift

VERSION = "shirushi.clock.v1"


class ClockNotStopped(ShirushiError):
    """The clock is to be returned to service, and is not stopped."""

    code = "CLOCK_NOT_STOPPED"


class ClockUnfit(TimeNotAvailable):
    """The clock is to be returned to service, and is not fit for it now."""

    code = "CLOCK_UNFIT"


@dataclass(frozen=True, slots=True)
class TimeRecord:
    """A signed statement of where the time comes from: one link of this node's chain of time-audit records.

    `statement` is canonical JSON; `signature` covers it in UTF-8.
    """

    node: str
    number: int
    at: Instant
    kind: str
    statement: str = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """The SHA-256 of the statement, by which the next one names it, in hexadecimal."""
        return hashlib.sha256(self.statement.encode(errors="surrogateescape")).hexdigest()

    @property
    def said(self) -> Mapping[str, Any]:
        """What the statement says; empty where it is none."""
        try:
            found = json.loads(self.statement)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class TimeRecordsVerification:
    """What came of holding every record against its signature and the one before it."""

    records: int
    findings: tuple[Reason, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found altered, removed or cut off."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class ClockStatus:
    """How the clock stands now. `bound` and `offset` are None before the first fix; spans are nanoseconds.

    `said` is the newest record: what each source said when it was written.
    """

    state: GuardState
    code: str
    declared: Declaration
    offset: int | None
    bound: int | None
    age: int | None
    sources: tuple[SourceDescription, ...]
    said: TimeRecord | None

    @property
    def traceable_to(self) -> str:
        """The UTC(k) of the sources, as they were configured; empty where one is traceable to none."""
        names = {source.traceable_to for source in self.sources if not source.refused}
        return ", ".join(sorted(names)) if names and "" not in names else ""


def statement(
    watch: Watch,
    tick: Tick,
    sources: Mapping[str, SourceDescription],
    previous: TimeRecord | None,
    said: Mapping[str, str | int],
) -> str:
    """The text of a record: whole numbers of nanoseconds, and parts per billion."""
    fix = watch.fix
    run = drift(watch.first, fix) if watch.first and fix else None
    content: dict[str, object] = {
        "version": VERSION,
        **said,
        "number": previous.number + 1 if previous else 1,
        "previous": previous.digest if previous else GENESIS,
        "state": watch.state.name.lower(),
        "reason": watch.code,
        "accuracy_ns": watch.declared.accuracy,
        "worst_drift_ppb": watch.declared.drift,
        "sources": [_source(f, sources[f.source]) for f in watch.selection.findings]
        if watch.selection
        else [],
    }
    if fix is not None:
        content |= {
            "offset_ns": fix.offset,
            "error_ns": fix.error,
            "age_ns": tick.raw - fix.tick.raw,
            "bound_ns": bound(fix, watch.declared, tick),
            "leap": fix.leap.name.lower(),
        }
    if run is not None:
        content |= {"drift_ppb": run[0], "drift_error_ppb": run[1]}
    return canonical(content)


def _source(finding: SourceFinding, described: SourceDescription) -> dict[str, str | int]:
    found: dict[str, str | int] = {
        "name": finding.source,
        "address": described.address,
        "traceable_to": described.traceable_to,
        "standing": finding.standing.value,
    }
    if finding.sample is not None:
        found |= {
            "offset_ns": finding.sample.offset,
            "error_ns": finding.sample.error,
            "stratum": finding.sample.stratum,
            "leap": finding.sample.leap.name.lower(),
        }
    return found


def status_report(found: ClockStatus, language: Language) -> dict[str, Any]:
    """The status as plain data for JSON."""
    cause = reason(found.code) if found.code else None
    newest = found.said.said if found.said else {}
    return {
        "state": found.state.name.lower(),
        "code": found.code,
        "message": cause.explain(language) if cause else "",
        "remedy": cause.remedy(language) if cause else "",
        "accuracy_ns": found.declared.accuracy,
        "offset_ns": found.offset,
        "bound_ns": found.bound,
        "age_ns": found.age,
        "traceable_to": found.traceable_to,
        "sources": [
            {
                "name": source.name,
                "kind": source.kind,
                "address": source.address,
                "traceable_to": source.traceable_to,
                "refused": source.refused,
                **{k: v for k, v in _last(newest, source.name).items() if k in _LAST},
            }
            for source in found.sources
        ],
    }


_LAST = frozenset({"standing", "offset_ns", "error_ns", "stratum"})


def _last(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return next((each for each in said.get("sources", ()) if each.get("name") == name), {})


def records_verification_report(found: TimeRecordsVerification, language: Language) -> dict[str, Any]:
    """The outcome of a verification as plain data for JSON."""
    return {
        "intact": found.intact,
        "records": found.records,
        "findings": [
            {"code": each.code, "message": each.explain(language), "remedy": each.remedy(language)}
            for each in found.findings
        ],
    }


def record_report(record: TimeRecord) -> dict[str, Any]:
    """A record as plain data for JSON: whole, so that anyone can check it who has the key's certificate or SPKI."""
    return {
        "node": record.node,
        "number": record.number,
        "statement": record.statement,
        "signature": record.signature.hex(),
        "digest": record.digest,
    }
