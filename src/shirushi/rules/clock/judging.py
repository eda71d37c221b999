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
    slept = abs(tick.suspended - fix.tick.suspended)
    return fix.error + slept - -abs(tick.raw - fix.tick.raw) * declared.drift // PPB


def judge(fix: Fix, declared: Declaration, tick: Tick) -> Verdict:
    """Whether the system clock stands within the declared accuracy at `tick`, by a fix that was made before."""
    deviation = tick.system - estimate(fix, tick)
    return Verdict(refusal(fix, declared, tick), abs(deviation) + uncertainty(fix, declared, tick), deviation)


def refusal(fix: Fix, declared: Declaration, tick: Tick) -> Refusal | None:
    """Why the time at `tick` is not to be told, by a fix that was made before; None where it may be.

    Seen are: a step of the system clock against the raw clock, however small its effect; the machine having slept,
    during which the raw clock stands still; a hold-over that has lasted too long; the neighbourhood of a leap second.
    """
    then = fix.tick
    age = tick.raw - then.raw
    if age < 0:
        return Refusal.NO_FIX
    slept = abs(tick.suspended - then.suspended)
    if slept > SUSPENSION:
        return Refusal.SUSPENDED
    stepped = tick.system - then.system - age
    error = fix.error + slept - -age * declared.drift // PPB
    if fix.leap_at:
        elapsed = then.system + fix.offset + age  # as if there were no leap second
        if fix.leap_at - LEAP_PAUSE - error <= elapsed <= fix.leap_at + SECOND + LEAP_PAUSE + error:
            return Refusal.LEAP
        if elapsed > fix.leap_at:
            stepped -= _leap(fix)
    if abs(stepped) > declared.step:
        return Refusal.STEPPED
    if abs(stepped - fix.offset) + error > declared.accuracy:
        return Refusal.INACCURATE
    return None


def _leap(fix: Fix) -> int:
    return {Leap.INSERTED: -SECOND, Leap.DELETED: SECOND}.get(fix.leap, 0)
