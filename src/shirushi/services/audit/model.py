"""The words of the audit log. How records are linked stands in `core.chain`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC
from typing import Any

from shirushi.core.catalogue import Language
from shirushi.core.chain import GENESIS, canonical, link_after, record_text
from shirushi.core.errors import NotAnInstant, ShirushiError
from shirushi.core.instant import Instant, instant, rfc3339
from shirushi.core.reason import Reason

_STATEMENT_VERSION = "shirushi.checkpoint.v1"


class ChainBroken(ShirushiError):
    """The chain cannot go on: its head was removed or made unreadable."""

    code = "AUDIT_CHAIN_BROKEN"


def fixed_instant(at: Instant) -> str:
    """RFC 3339 in UTC with six decimals always: such texts sort as the instants do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Row:
    """A record as the columns hold it. `position` and `link` (hexadecimal) are None until it is linked.

    A row that was tampered with may hold values of any kind: nothing is made of them before they are checked.
    """

    id: int
    at: str
    actor: str
    action: str
    subject: str
    outcome: str
    detail: str
    position: int | None = None
    link: str | None = None

    def link_after(self, previous: str, position: int) -> str | None:
        """The link that this record has at `position` after the link `previous`; None where that is no link."""
        values = (self.at, self.actor, self.action, self.subject, self.outcome, self.detail)
        try:
            before = bytes.fromhex(previous)
        except ValueError:
            return None
        return link_after(before, record_text(position, self.id, values)).hex()


_PLACE = re.compile(rb'\["shirushi\.audit\.v1",(\d{1,18}),(\d{1,18}),')
_FRAME = len(b',""]') + len(GENESIS)


@dataclass(frozen=True, slots=True)
class Line:
    """A record as a line of a chain file holds it, judged by its octets.

    Where the line does not say its own place, or says it in two ways, it counts as the one `expected`.
    """

    octets: bytes = field(repr=False)
    expected: int

    @property
    def position(self) -> int:
        """Its place in the chain."""
        found = _PLACE.match(self.octets)
        return int(found[1]) if found and found[1] == found[2] else self.expected

    @property
    def id(self) -> int:
        """The record's own number: its place."""
        return self.position

    @property
    def link(self) -> str | None:
        """Its link as it stands; None where it does not stand in its place."""
        framed = self.octets[-_FRAME : 2 - _FRAME] == b',"' and self.octets.endswith(b'"]')
        return self.octets[2 - _FRAME : -2].decode("ascii", "replace") if framed else None

    def link_after(self, previous: str, position: int) -> str | None:
        """The link that this record has at `position` after the link `previous`; None where that is no link."""
        record = self.octets[:-_FRAME] + b"]"
        if position != self.position:
            record = _PLACE.sub(b'["shirushi.audit.v1",%d,%d,' % (position, position), record, count=1)
        try:
            return link_after(bytes.fromhex(previous), record).hex()
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What happened, who did it, when. `position` is its place in the chain, None until it is linked.

    A record that was made unreadable, which `verify` names, has `at` None, or the whole text of its detail under
    `unreadable`.
    """

    id: int
    at: Instant | None
    actor: str
    action: str
    subject: str
    outcome: str
    detail: Mapping[str, str | int] = field(default_factory=dict)
    position: int | None = None
    chain: str = ""
    """The lane's chain that holds it; empty where the database does."""


def _showable(value: object) -> str:
    """What stands in a column, as text that any terminal takes."""
    return str(value).encode(errors="backslashreplace").decode()


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Records, newest first. `next_before` is where the next page begins, None where this is the last."""

    records: tuple[AuditRecord, ...]
    next_before: int | None = None


def record_of(row: Row, chain: str = "") -> AuditRecord:
    """The record that a row holds, or a line of a lane's chain."""
    try:
        at = instant(row.at)
    except (NotAnInstant, TypeError):
        at = None
    try:
        detail = dict(json.loads(row.detail))
    except (ValueError, TypeError):
        detail = {"unreadable": ascii(row.detail)}
    return AuditRecord(
        row.id,
        at,
        _showable(row.actor),
        _showable(row.action),
        _showable(row.subject),
        _showable(row.outcome),
        detail,
        row.position,
        chain,
    )


@dataclass(frozen=True, slots=True)
class Statement:
    """What a checkpoint says: that the chain had `count` records and the link `head` at a time.

    `key` is the label of the signing key, `spki` the SHA-256 of its SubjectPublicKeyInfo, `previous` that of the text of
    the statement before it; all digests and links are hexadecimal. `chains` says for each chain of the lanes, by name,
    how many records it had, and its link; where there is none, the text does not mention it.
    """

    number: int
    at: str
    count: int
    head: str
    key: str
    spki: str
    previous: str
    version: str = _STATEMENT_VERSION
    chains: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The canonical JSON that is signed."""
        content = asdict(self)
        return canonical(content if self.chains else {k: v for k, v in content.items() if k != "chains"})

    @classmethod
    def parse(cls, text: str) -> Statement:
        """Read the text; ValueError where it is no canonical statement of this version."""
        content = json.loads(text)
        if not isinstance(content, dict):
            raise ValueError("not a statement")  # noqa: TRY004  one error for what is none
        chains = content.pop("chains", {})
        if {k: type(v) for k, v in content.items()} != _STATEMENT_TYPES or not isinstance(chains, dict):
            raise ValueError("not a statement")
        heads = {name: (int(count), str(head)) for name, (count, head) in chains.items()}
        statement = cls(**content, chains=heads)
        if statement.version != _STATEMENT_VERSION or statement.text != text:
            raise ValueError("not a canonical statement")
        return statement


_STATEMENT_TYPES: dict[str, type] = {
    "number": int,
    "at": str,
    "count": int,
    "head": str,
    "key": str,
    "spki": str,
    "previous": str,
    "version": str,
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement about the chain.

    `signature` covers the statement's text in UTF-8. `token` is an RFC 3161 TimeStampToken over the SHA-256 of text and
    signature, in DER; None where no time-stamp was to be had.
    """

    number: int
    statement: str
    signature: bytes = field(repr=False)
    token: bytes | None = field(repr=False, default=None)

    @property
    def stamped(self) -> bytes:
        """What the time-stamp covers."""
        return self.statement.encode() + self.signature

    @property
    def digest(self) -> str:
        """The SHA-256 of the statement, by which the next one names it, in hexadecimal."""
        return hashlib.sha256(str(self.statement).encode(errors="surrogateescape")).hexdigest()

    def line(self) -> str:
        """The checkpoint as one line of JSON, for keeping elsewhere."""
        return canonical(
            {
                "number": self.number,
                "signature": self.signature.hex(),
                "statement": self.statement,
                "token": self.token.hex() if self.token else "",
            }
        )

    @classmethod
    def from_line(cls, line: str) -> Checkpoint:
        """Read such a line; ValueError where it is none."""
        try:
            found = json.loads(line)
            token = bytes.fromhex(found["token"]) or None
            return cls(
                int(found["number"]), str(found["statement"]), bytes.fromhex(found["signature"]), token
            )
        except (KeyError, TypeError) as error:
            raise ValueError("not a checkpoint") from error


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something wrong with the log: which record or checkpoint, and what.

    `position` is the place in the chain, `record_id` the record's own number; each is None where it does not apply.
    `chain` is the name of a lane's chain, empty for the log in the database.
    """

    reason: Reason
    position: int | None = None
    record_id: int | None = None
    chain: str = ""


@dataclass(frozen=True, slots=True)
class ChainState:
    """A chain beside the log, as it was verified: of its `records`, the first `bound` stand under a valid checkpoint.

    `head` is the link of the last, in hexadecimal. Where another machine keeps the chain, `kept_on` names it, `records`
    counts what lies here as well, and `promised` how many records checkpoints say it has: the rest is verified there.
    """

    name: str
    records: int
    bound: int
    head: str = ""
    kept_on: str = ""
    promised: int = 0

    @property
    def unbound(self) -> int:
        """How many records are chained and not bound yet."""
        return self.records - self.bound


@dataclass(frozen=True, slots=True)
class AuditVerification:
    """The outcome of verifying the whole log; intact when there are no findings.

    Of `records`, the first `bound` stand under a valid checkpoint; those after them up to `linked` are chained alone,
    and `unlinked` names the numbers of the records that nothing binds yet. `findings_omitted` counts further findings.
    """

    records: int
    linked: int
    bound: int
    unlinked: tuple[int, ...]
    checkpoints: int
    stamped: int
    findings: tuple[AuditFinding, ...]
    findings_omitted: int = 0
    chains: tuple[ChainState, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether nothing was found altered, removed, reordered or cut off."""
        return not self.findings


def record_report(record: AuditRecord) -> dict[str, Any]:
    """A record as plain data for JSON."""
    return {
        "id": record.id,
        "at": rfc3339(record.at) if record.at else None,
        "actor": record.actor,
        "action": record.action,
        "subject": record.subject,
        "outcome": record.outcome,
        "detail": dict(record.detail),
        "position": record.position,
        "chain": record.chain,
    }


def verification_report(found: AuditVerification, language: Language) -> dict[str, Any]:
    """The outcome of a verification as plain data for JSON."""
    return {
        "intact": found.intact,
        "records": found.records,
        "linked": found.linked,
        "bound": found.bound,
        "unlinked": list(found.unlinked),
        "checkpoints": found.checkpoints,
        "stamped": found.stamped,
        "findings": [
            {
                "code": finding.reason.code,
                "message": finding.reason.explain(language),
                "remedy": finding.reason.remedy(language),
                "position": finding.position,
                "record": finding.record_id,
                "chain": finding.chain,
            }
            for finding in found.findings
        ],
        "findings_omitted": found.findings_omitted,
        "chains": [asdict(chain) | {"unbound": chain.unbound} for chain in found.chains],
    }
