"""The words of the clock guard. All spans are nanoseconds; frequencies are parts per billion."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum

SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tick:
    """The machine's clocks, read at one moment.

    Attributes:
        raw: CLOCK_MONOTONIC_RAW, which nothing steps or slews.
        system: CLOCK_REALTIME, the clock that tokens are dated by, as POSIX time.
        suspended: how long the machine has slept since it started: CLOCK_BOOTTIME less CLOCK_MONOTONIC.
    """

    raw: int
    system: int
    suspended: int = 0


class Leap(IntEnum):
    """The leap indicator of RFC 5905 §7.3."""

    NONE = 0
    INSERTED = 1
    DELETED = 2
    UNSYNCHRONISED = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """What one source said: UTC stood at `tick.system + offset`, or at most `error` away from there.

    `error` is the root distance of RFC 5905 §11.2: half the delay to the source and beyond it, dispersion, precision.
    """

    source: str
    tick: Tick
    offset: int
    error: int
    stratum: int
    leap: Leap = Leap.NONE
    reference: bytes = b""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is declared of a clock, and what is assumed of the machine.

    Attributes:
        accuracy: the largest distance from UTC at which tokens are made.
        drift: how far the raw clock may run away from UTC at worst, in parts per billion.
        step: a difference between the system clock and the raw clock, since the last fix, that is taken for a step.
        least: how many sources must be heard; of m heard, the result holds though any (m-1)//2 of them lie.
        distant: a source whose own error is larger is of no use.
        patience: how long a source's last sample counts.
    """

    accuracy: int = SECOND
    drift: int = 200_000
    step: int = SECOND // 10
    least: int = 3
    distant: int = SECOND // 2
    patience: int = 128 * SECOND


@dataclass(frozen=True, slots=True)
class Fix:
    """Where UTC stood: at `tick.system + offset`, at most `error` away, as long as a majority of sources told the truth.

    `leap_at` is the POSIX time of the end of the month that an announced leap second comes at, 0 where none is;
    `leap` says which kind, as most sources announce it.
    """

    tick: Tick
    offset: int
    error: int
    leap: Leap = Leap.NONE
    leap_at: int = 0


class Refusal(Enum):
    """Why no time is told. The values are codes of the catalogue."""

    NO_FIX = "CLOCK_NO_FIX"
    STEPPED = "CLOCK_STEPPED"
    SUSPENDED = "CLOCK_SUSPENDED"
    INACCURATE = "CLOCK_INACCURATE"
    LEAP = "CLOCK_LEAP_SECOND"
    CONTRADICTED = "CLOCK_CONTRADICTED"
    STOPPED = "CLOCK_STOPPED"


PASSING = frozenset({Refusal.LEAP, Refusal.NO_FIX})
"""Refusals that end by themselves; after any other, an operator returns the clock to service."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the system clock stands within the declared accuracy: `refusal` is None where it does.

    `bound` is how far from UTC it may be at most, `deviation` how far from the estimate it is.
    """

    refusal: Refusal | None
    bound: int
    deviation: int


class GuardState(IntEnum):
    """Whether tokens may be made."""

    STARTING = 0
    IN_SERVICE = 1
    STOPPED = 2


class Standing(Enum):
    """What came of one source in a round."""

    AGREED = "agreed"
    FALSE = "false"
    SILENT = "silent"
    UNSYNCHRONISED = "unsynchronised"
    DISTANT = "distant"
    SMEARED = "smeared"


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """One source, what it said last, and what came of it."""

    source: str
    standing: Standing
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """What the sources say together: a fix, unless too few are heard or no majority agrees."""

    fix: Fix | None
    findings: tuple[SourceFinding, ...]
    code: str | None = None

    @property
    def agreed(self) -> tuple[SourceFinding, ...]:
        """The sources that the fix rests upon."""
        return tuple(finding for finding in self.findings if finding.standing is Standing.AGREED)
