"""The lanes' chains: bound by the same checkpoints as the log in the database, and held against them in the same way."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from shirushi.core.chain import canonical
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant
from shirushi.core.reason import reason
from shirushi.ports.audit import AuditChains, KeptRecords
from shirushi.services.audit.model import (
    AuditFinding,
    AuditRecord,
    ChainState,
    Line,
    Row,
    fixed_instant,
    record_of,
)
from shirushi.services.audit.service.chain import ChainExamination
from shirushi.services.audit.service.checkpoints import CheckpointExamination

_log = logging.getLogger(__name__)

QUIET_RECORDS = 60
"""After how many records that come by themselves a checkpoint is made though nothing else has happened."""


def chain_heads(
    chains: AuditChains | None, kept: KeptRecords | None, before: Mapping[str, tuple[int, str]]
) -> Mapping[str, tuple[int, str]]:
    """How many records each chain has, durably, and its last link: what a checkpoint is to bind.

    Of a chain that another machine keeps, what the last checkpoint said, `before`, goes on to hold. One that was made
    unreadable is left out, and the log says so: what earlier checkpoints say of it stands.
    """
    heads = dict(kept.heads()) if kept else {}
    if chains is None:
        return heads
    for name in sorted({*chains.names(), *(name for name in before if not _in_database(name))}):
        try:
            foreign = chains.keeper(name) != ""
            count, link = chains.head(name)
        except ShirushiError as error:
            _log.error("audit.chain_unreadable", extra={"code": error.code, "subject": name})
            continue
        if foreign and name in before:
            count, link = max((count, link), before[name])
        if count:
            heads[name] = count, link
    return heads


def moved(heads: Mapping[str, tuple[int, str]], before: Mapping[str, tuple[int, str]]) -> bool:
    """Whether the chains have changed so that a checkpoint is due for their sake alone.

    Records in the database come by themselves, each minute: alone they make one only when there are many.
    """
    return any(
        head != before.get(name)
        and (not _in_database(name) or head[0] - before.get(name, (0, ""))[0] >= QUIET_RECORDS)
        for name, head in heads.items()
    )


@dataclass(frozen=True, slots=True)
class ChainSearch:
    """What is sought in the lanes' chains; all that is given must fit.

    `subject` is the serial number of a token, `digest` in hexadecimal what was stamped or the token's own; `since` is
    included, `until` is not.
    """

    subject: str | None = None
    digest: str | None = None
    since: Instant | None = None
    until: Instant | None = None

    def records(self, chains: AuditChains, limit: int) -> list[AuditRecord]:
        """The newest `limit` records that fit, newest first: every line is read, a second for a million or two."""
        found: list[AuditRecord] = []
        for name in chains.names():
            lines = deque((line for line in chains.lines(name) if self._fits(line)), maxlen=limit)
            found += [record for line in lines if (record := _record(line, name))]
        found.sort(
            key=lambda record: (fixed_instant(record.at) if record.at else "", record.id), reverse=True
        )
        return found[:limit]

    def _fits(self, line: bytes) -> bool:
        if self.subject is not None and b',"tsa.stamp",%b,' % canonical(self.subject).encode() not in line:
            return False
        if self.digest is not None and self.digest.lower().encode() not in line:
            return False
        if self.since is None and self.until is None:
            return True
        at = line.split(b'"', 4)[3:4]
        since = fixed_instant(self.since).encode() if self.since else b""
        until = fixed_instant(self.until).encode() if self.until else b"~"
        return bool(at) and since <= at[0] < until


def _record(line: bytes, chain: str) -> AuditRecord | None:
    """The record of a line; None where it was made unreadable, which `verify` names."""
    try:
        _, position, number, at, actor, action, subject, outcome, detail, link = json.loads(line)
        return record_of(Row(number, at, actor, action, subject, outcome, detail, position, link), chain)
    except (ValueError, TypeError):
        return None


@dataclass(slots=True)
class ChainsVerified:
    """What was found in all chains together."""

    states: list[ChainState] = field(default_factory=list)
    findings: list[AuditFinding] = field(default_factory=list)
    omitted: int = 0


def verify_chains(
    chains: AuditChains | None, kept: KeptRecords | None, statements: CheckpointExamination
) -> ChainsVerified:
    """Hold every line of every chain against its link, and the chains against the checkpoints.

    A line that an interrupted process began and did not end is no record: what it was to say was never answered. A
    chain that another machine keeps is verified as far as it lies here too, and otherwise named. Raises `FileUnreadable`.
    """
    found = ChainsVerified()
    names = set(chains.names()) if chains else set()
    for name in sorted(statements.chains | names | set(kept.heads() if kept else ())):
        if _in_database(name):
            _verify_kept(found, name, kept, statements)
            continue
        keeper = chains.keeper(name) if chains else ""
        if chains and name in names:
            _verify_chain(found, name, chains, statements, keeper)
        elif keeper:
            promised = max(statements.counts(name), default=0)
            found.states.append(ChainState(name, 0, 0, "", keeper, promised))
        else:
            found.findings.append(AuditFinding(reason("AUDIT_CHAIN_ABSENT", name=name), chain=name))
    return found


def _verify_chain(
    found: ChainsVerified, name: str, chains: AuditChains, statements: CheckpointExamination, keeper: str
) -> None:
    counts = statements.counts(name)
    examination, expected, head = ChainExamination(None, counts, name), 1, ""
    for octets in chains.lines(name):
        if octets.endswith(b"\n"):
            line = Line(octets[:-1], expected)
            examination.take(line)
            expected, head = line.position + 1, line.link or ""
    found.findings += examination.findings()
    reach = examination.reach
    promised = max(counts, default=0)
    # a copy of another machine's chain may be older than the checkpoints: what it lacks is verified there
    against = max(reach, promised) if keeper else reach
    found.findings += statements.contradictions(examination.links, against, name)
    found.omitted += examination.omitted
    bound = statements.bound(examination.links, name)
    found.states.append(ChainState(name, examination.taken, bound, head, keeper, promised if keeper else 0))


def _verify_kept(
    found: ChainsVerified, name: str, kept: KeptRecords | None, statements: CheckpointExamination
) -> None:
    counts = statements.counts(name)
    newest, digests = kept.links(name, counts) if kept else (0, {})
    links = {number: (digests[number],) if number in digests else () for number in counts}
    found.findings += statements.contradictions(links, newest, name)
    head = kept.heads().get(name, (0, ""))[1] if kept else ""
    found.states.append(ChainState(name, newest, statements.bound(links, name), head))


def _in_database(name: str) -> bool:
    return "/" in name
