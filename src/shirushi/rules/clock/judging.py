"""May the system clock be believed at this moment? Asked at each token: integers alone, no allocation to speak of."""

from __future__ import annotations

from shirushi.rules.clock.model import SECOND, Declaration, Fix, Leap, Refusal, Tick, Verdict

LEAP_PAUSE = 2 * SECOND
"""How long before and after a leap second no token is made: its own second has no unambiguous POSIX time."""
SUSPENSION = SECOND // 100
"""Two readings of how long a machine has slept differ by less when it has not slept between them."""
PPB = 1_000_000_000


def estimate(fix: Fix, tick: Tick) -> int:
    """UTC at `tick` by the raw clock, as POSIX time: it goes back, or forward, by a second after a leap second."""
    now = fix.tick.system + fix.offset + tick.raw - fix.tick.raw
    if fix.leap_at and now >= fix.leap_at:
        return now + _leap(fix)
    return now


def bound(fix: Fix, declared: Declaration, tick: Tick) -> int:
    """How far from UTC the system clock may be at `tick`, at most: its deviation, the error of the fix, and drift × age."""
    return abs(tick.system - estimate(fix, tick)) + uncertainty(fix, declared, tick)


def uncertainty(fix: Fix, declared: Declaration, tick: Tick) -> int:
    """How far from UTC the estimate may be at `tick`."""
    return fix.error + -(-abs(tick.raw - fix.tick.raw) * declared.drift // PPB)


def judge(fix: Fix, declared: Declaration, tick: Tick) -> Verdict:
    """Whether the system clock stands within the declared accuracy at `tick`, by a fix that was made before.

    Seen are: a step of the system clock against the raw clock, however small its effect; the machine having slept,
    during which the raw clock stands still; a hold-over that has lasted too long; the neighbourhood of a leap second.
    """
    deviation = tick.system - estimate(fix, tick)
    at_most = abs(deviation) + uncertainty(fix, declared, tick)
    if tick.raw < fix.tick.raw:
        refusal: Refusal | None = Refusal.NO_FIX
    elif abs(tick.suspended - fix.tick.suspended) > SUSPENSION:
        refusal = Refusal.SUSPENDED
    elif _near_leap(fix, declared, tick):
        refusal = Refusal.LEAP
    elif abs(deviation + fix.offset) > declared.step:
        refusal = Refusal.STEPPED
    elif at_most > declared.accuracy:
        refusal = Refusal.INACCURATE
    else:
        refusal = None
    return Verdict(refusal, at_most, deviation)


def _near_leap(fix: Fix, declared: Declaration, tick: Tick) -> bool:
    if not fix.leap_at:
        return False
    elapsed = fix.tick.system + fix.offset + tick.raw - fix.tick.raw  # as if there were no leap second
    margin = LEAP_PAUSE + uncertainty(fix, declared, tick)
    return fix.leap_at - margin <= elapsed <= fix.leap_at + SECOND + margin


def _leap(fix: Fix) -> int:
    return {Leap.INSERTED: -SECOND, Leap.DELETED: SECOND}.get(fix.leap, 0)
