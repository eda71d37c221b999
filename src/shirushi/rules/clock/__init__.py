"""Whether a machine's clock may be relied upon: what its sources say, how far it may have gone since, and where it stops.

EN 319 421 §7.7.2 asks that time is traceable to UTC(k), that drifts and jumps are detected, and that no token is made
outside the declared accuracy. Everything here counts in nanoseconds; positions on UTC are POSIX time.
"""

from shirushi.rules.clock.judging import bound, judge, refusal
from shirushi.rules.clock.model import (
    Declaration,
    Fix,
    GuardState,
    Leap,
    Refusal,
    Sample,
    Selection,
    SourceFinding,
    Standing,
    Tick,
    Verdict,
)
from shirushi.rules.clock.selecting import contradicts, drift, select, smears_by_name
from shirushi.rules.clock.watching import Watch

__all__ = [
    "Declaration",
    "Fix",
    "GuardState",
    "Leap",
    "Refusal",
    "Sample",
    "Selection",
    "SourceFinding",
    "Standing",
    "Tick",
    "Verdict",
    "Watch",
    "bound",
    "contradicts",
    "drift",
    "judge",
    "refusal",
    "select",
    "smears_by_name",
]
