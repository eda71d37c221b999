"""The audit log: what every service writes beside its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection

from shirushi.core.actor import Actor


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What happened: `action` as `service.verb` (`tsa.stamp`), `subject` what it was done to, `detail` as plain facts.

    Neither holds secrets or personal data beyond the identifiers that the action itself is about.
    """

    action: str
    subject: str
    outcome: str = "done"
    detail: Mapping[str, str | int] = field(default_factory=dict)


class AuditLog(Protocol):
    """Takes events within the unit of work whose state they belong to."""

    def record(self, connection: Connection, actor: Actor, event: AuditEvent) -> None:
        """Write the event in the unit of `connection`: it is kept if and only if the unit commits."""
        ...


class CheckpointArchive(Protocol):
    """A place outside the database that keeps the audit log's checkpoints, one line of JSON each, in their order."""

    def last(self) -> int:
        """The number of the last checkpoint that is kept whole, 0 where there is none; raises `FileUnreadable`."""
        ...

    def append(self, lines: Sequence[str]) -> None:
        """Keep lines that follow the last one, durably; raises `FileUnwritable`."""
        ...

    def lines(self) -> tuple[str, ...]:
        """All lines that are kept; raises `FileUnreadable`."""
        ...
