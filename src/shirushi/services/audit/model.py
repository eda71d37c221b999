"""The words of the audit log.

A record is hashed in one encoding, which another program can repeat from the stored columns: the UTF-8 bytes of the JSON
array `["shirushi.audit.v1", position, id, at, actor, action, subject, outcome, detail]` without white space, where `at`
is RFC 3339 in UTC with six decimals, `detail` is itself the text of a JSON object with sorted keys, and no character is
escaped that JSON does not demand (RFC 8785 §3.2.2.2). The link of a record is SHA-256 over the 32 octets of the link
before it (zeros before the first) and those bytes; `position` counts from 1 without gaps in the order of linking.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC

from shirushi.core.instant import Instant, instant
from shirushi.core.reason import Reason

GENESIS = "00" * 32
"""What stands for the link before the first record, in hexadecimal."""

_VERSION = "shirushi.audit.v1"


def canonical(value: object) -> str:
    """The one JSON text of a value made of text, whole numbers, arrays and objects with ASCII names (RFC 8785)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


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
        """The link that this record has at `position` after the link `previous`; None where there can be none."""
        values = (self.at, self.actor, self.action, self.subject, self.outcome, self.detail)
        record = json.dumps(
            [_VERSION, position, self.id, *values], separators=(",", ":"), ensure_ascii=False, default=str
        )
        try:
            return hashlib.sha256(bytes.fromhex(previous) + record.encode()).hexdigest()
        except (ValueError, TypeError):  # what stands in a column was tampered with
            return None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What happened, who did it, when. `position` is its place in the chain, None until it is linked."""

    id: int
    at: Instant
    actor: str
    action: str
    subject: str
    outcome: str
    detail: Mapping[str, str | int] = field(default_factory=dict)
    position: int | None = None


def record_of(row: Row) -> AuditRecord:
    """The record that a row holds; ValueError where it was made unreadable, which `verify` names."""
    detail = json.loads(row.detail)
    return AuditRecord(
        row.id, instant(row.at), row.actor, row.action, row.subject, row.outcome, detail, row.position
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement that the chain had `count` records and the link `head` at a time.

    `statement` is the canonical JSON text that was signed; it holds the fields, the label and the public key's SHA-256,
    and in `previous` the SHA-256 of the statement before it. `token` is an RFC 3161 TimeStampToken over the SHA-256 of
    statement and signature, in DER, None where the domain had no time-stamping then.
    """

    number: int
    at: Instant
    count: int
    head: str
    statement: str
    key_label: str
    signature: bytes = field(repr=False)
    token: bytes | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something wrong with the log: which record or checkpoint, and what.

    `position` is the place in the chain, `record_id` the record's own number; each is None where it does not apply.
    """

    reason: Reason
    position: int | None = None
    record_id: int | None = None


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

    @property
    def intact(self) -> bool:
        """Whether nothing was found altered, removed, reordered or cut off."""
        return not self.findings
