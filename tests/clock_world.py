"""A machine whose clocks are under control: true UTC, an oscillator that drifts, a system clock that anybody may set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from shirushi.rules.clock import Declaration, Leap, Sample, Tick
from shirushi.rules.clock.model import SECOND

START = int(datetime(2026, 6, 15, tzinfo=UTC).timestamp()) * SECOND
DECLARED = Declaration()


@dataclass
class Machine:
    """Serves `MachineClocks`. `utc` is the truth, `system` what the system clock says; drift is in parts per billion."""

    utc: int = START
    system: int = START
    raw: int = 5 * SECOND
    suspended: int = 0
    drift: int = 0
    slew: int = 0
    leap_at: int = 0
    sent: dict[str, int] = field(default_factory=dict)

    def tick(self) -> Tick:
        return Tick(self.raw, self.system, self.suspended)

    def advance(self, seconds: float) -> None:
        """Time passes; `drift` is how fast the raw clock runs, `slew` how fast the system clock is pushed besides."""
        span = int(seconds * SECOND)
        before, self.utc = self.utc, self.utc + span
        counted = span + span * self.drift // SECOND
        self.raw += counted
        self.system += counted + span * self.slew // SECOND
        if self.leap_at and before < self.leap_at <= self.utc:  # the kernel and the truth repeat a second
            self.utc -= SECOND
            self.system -= SECOND
            self.leap_at = 0

    def step(self, seconds: float) -> None:
        self.system += int(seconds * SECOND)

    def suspend(self, seconds: float) -> None:
        """The machine sleeps: only the system clock, from the battery's, goes on."""
        span = int(seconds * SECOND)
        self.utc += span
        self.system += span
        self.suspended += span

    @property
    def wrong(self) -> int:
        """How far the system clock is from UTC."""
        return abs(self.system - self.utc)

    def sample(self, source: str, *, lie: float = 0.0, error: float = 0.005, **said: object) -> Sample:
        """What a source says now: at most `error` seconds off, unless it lies."""
        offset = self.utc - self.system + int(lie * SECOND)
        words = {"stratum": 1, "leap": Leap.NONE} | said
        return Sample(source, self.tick(), offset, int(error * SECOND), **words)
