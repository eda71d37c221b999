"""The lanes' chains: bound by the same checkpoints as the log in the database, and held against them in the same way."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from shirushi.core.errors import ShirushiError
from shirushi.core.reason import reason
from shirushi.ports.audit import AuditChains
from shirushi.services.audit.model import AuditFinding, ChainState, Line
from shirushi.services.audit.service.chain import ChainExamination
from shirushi.services.audit.service.checkpoints import CheckpointExamination

_log = logging.getLogger(__name__)


def chain_heads(chains: AuditChains | None) -> Mapping[str, tuple[int, str]]:
    """How many records each chain has, durably, and its last link.

    One that was made unreadable is left out, and the log says so: what earlier checkpoints say of it stands.
    """
    heads = {}
    for name in chains.names() if chains else ():
        try:
            count, link = chains.head(name) if chains else (0, "")
        except ShirushiError as error:
            _log.error("audit.chain_unreadable", extra={"code": error.code, "subject": name})
            continue
        if count:
            heads[name] = count, link
    return heads


@dataclass(slots=True)
class ChainsVerified:
    """What was found in all chains together."""

    states: list[ChainState] = field(default_factory=list)
    findings: list[AuditFinding] = field(default_factory=list)
    omitted: int = 0


def verify_chains(chains: AuditChains | None, statements: CheckpointExamination) -> ChainsVerified:
    """Hold every line of every chain against its link, and the chains against the checkpoints.

    A line that an interrupted process began and did not end is no record: what it was to say was never answered.
    Raises `FileUnreadable`.
    """
    found = ChainsVerified()
    names = chains.names() if chains else ()
    for name in sorted(statements.chains - {*names}):
        found.findings.append(AuditFinding(reason("AUDIT_CHAIN_ABSENT", name=name), chain=name))
    for name in names:
        examination, expected = ChainExamination(None, statements.counts(name), name), 1
        for octets in chains.lines(name) if chains else ():
            if octets.endswith(b"\n"):
                line = Line(octets[:-1], expected)
                examination.take(line)
                expected = line.position + 1
        found.findings += examination.findings()
        found.findings += statements.contradictions(examination.links, examination.reach, name)
        found.omitted += examination.omitted
        bound = statements.bound(examination.links, name)
        found.states.append(ChainState(name, examination.taken, bound))
    return found
