"""What the clock guard asks of the machine and of its sources, and where it posts what it found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from shirushi.rules.clock import Declaration, Fix, GuardState, Sample, Tick


@dataclass(frozen=True, slots=True)
class Posted:
    """What the guard last said. `code` names in the catalogue why the clock is not in service; empty where it is.

    `fix` is kept up to date while the clock is stopped too: it shows whether it may return.
    """

    state: GuardState
    declared: Declaration
    fix: Fix | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """A configured source. `traceable_to` names the UTC(k) it is traceable to, empty where it is to none.

    `address` says where it is asked; `refused` names in the catalogue why it is never asked.
    """

    name: str
    kind: str
    address: str
    traceable_to: str
    refused: str = ""


class MachineClocks(Protocol):
    """Reads the machine's clocks."""

    def tick(self) -> Tick:
        """All of them, as at one moment."""
        ...


class TimeSources(Protocol):
    """The sources of time that were configured."""

    @property
    def descriptions(self) -> tuple[SourceDescription, ...]:
        """All of them, in their order."""
        ...

    def ask(self) -> Sequence[Sample]:
        """Ask every source once; those that do not answer, or not as they must, are not among the samples."""
        ...


class ClockBoard(Protocol):
    """Where one guard a machine posts its state, and every process that tells the time reads it. Thread-safe."""

    def read(self) -> Posted | None:
        """What was posted last since this machine started; None where nothing whole was."""
        ...

    def post(self, posted: Posted) -> None:
        """Post a state, at once for all processes, and durably where it is a stop."""
        ...

    def stopped(self) -> str:
        """The code of the stop that stands, whatever happened to the machine since; empty where none does."""
        ...

    def alarm(self, code: str) -> None:
        """A reader saw the clock leave its accuracy: the guard is to stop, whatever the clock says by then."""
        ...

    def alarmed(self) -> str:
        """The alarm that stands; empty where none does."""
        ...

    def ask_return(self) -> None:
        """An operator returns the clock to service: the guard is to look whether it may."""
        ...

    def return_asked(self) -> bool:
        """Whether an operator has asked, and no guard has looked since."""
        ...

    def settle(self) -> None:
        """Alarm and request were seen to: take both down."""
        ...

    def guarding(self) -> AbstractContextManager[bool]:
        """Be the guard for a while; false where another process is."""
        ...
