"""The audit log: what every service writes beside its state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


class AuditChain(Protocol):
    """A chain of records of its own, which this process alone lengthens."""

    @property
    def name(self) -> str:
        """What it is called among the chains of the domain."""
        ...

    def append(self, tails: Sequence[bytes]) -> int:
        """Link records, given as `core.chain.record_tail`, in their order, and make them durable.

        Gives how many of them, from the first on, are kept for good: fewer than all where the disk is full. What raises
        `FileUnwritable` may have kept any of them, and takes no more: the process must begin anew.
        """
        ...


class AuditChains(Protocol):
    """The chains of records that lie beside the database."""

    def names(self) -> tuple[str, ...]:
        """What they are called; raises `FileUnreadable`."""
        ...

    def keeper(self, name: str) -> str:
        """The machine that keeps a chain of that name; empty where it is this one; raises `FileUnreadable`."""
        ...

    def head(self, name: str) -> tuple[int, str]:
        """Position and link (hexadecimal) of the last record, which is durable then; 0 and zeros before the first.

        Raises `FileUnreadable`, also where the last line cannot be read as a record.
        """
        ...

    def lines(self, name: str) -> Iterable[bytes]:
        """Every line from the first on, with its line feed unless it is not whole; raises `FileUnreadable`."""
        ...


class KeptRecords(Protocol):
    """Chained records that another service keeps in the database: checkpoints bind their heads as well.

    Their names hold a stroke (`clock/node`), which those of lanes' chains never do.
    """

    def heads(self) -> Mapping[str, tuple[int, str]]:
        """Number and digest (hexadecimal) of the newest record of each chain, by its name."""
        ...

    def links(self, name: str, numbers: Iterable[int]) -> tuple[int, Mapping[int, str]]:
        """The number of the newest record of a chain, 0 where there is none; the digests of those with these numbers."""
        ...
