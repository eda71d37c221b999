"""Whether a machine's clock may be relied upon: what its sources say, how far it may have gone since, and where it stops.

EN 319 421 §7.7.2 asks that time is traceable to UTC(k), that drifts and jumps are detected, and that no token is made
outside the declared accuracy. Everything here counts in nanoseconds; positions on UTC are POSIX time.
"""

from shirushi.rules.clock.judging import bound, judge
from shirushi.rules.clock.model import (
    Declaration,
    Fix,
    Leap,
    Refusal,
    Sample,
    Selection,
    SourceFinding,
    Standing,
    Tick,
    Verdict,
)
from shirushi.rules.clock.selecting import contradicts, drift, select

__all__ = [
    "Declaration",
    "Fix",
    "Leap",
    "Refusal",
    "Sample",
    "Selection",
    "SourceFinding",
    "Standing",
    "Tick",
    "Verdict",
    "bound",
    "contradicts",
    "drift",
    "judge",
    "select",
]
