"""What several sources say together, though some of them lie (RFC 5905 §11.2.1, with its bound kept honest)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from shirushi.rules.clock.judging import PPB, SUSPENSION, estimate, uncertainty
from shirushi.rules.clock.model import (
    SECOND,
    Declaration,
    Fix,
    Leap,
    Sample,
    Selection,
    SourceFinding,
    Standing,
    Tick,
)

UNSYNCHRONISED_STRATUM = 16
SMEARING_REFERENCES = (b"GOOG", b"AMZN", b"FB\0\0")
"""Reference identifiers of services that smear leap seconds by their own word."""
SMEARING_OCTET = 254
"""A server that smears at this moment says so in the first octet of its reference identifier (ntpd ≥ 4.2.8p3)."""
SMEARING_NAMES = (
    "time.google.com",
    "time1.google.com",
    "time2.google.com",
    "time3.google.com",
    "time4.google.com",
    "metadata.google.internal",
    "time.aws.com",
    "169.254.169.123",
    "fd00:ec2::123",
    "time.facebook.com",
)


def smears_by_name(address: str) -> bool:
    """Whether the server at `address` smears leap seconds by its operator's own word (EN 319 422 refuses such time)."""
    return address.rstrip(".").lower() in SMEARING_NAMES


def select(sources: Sequence[str], samples: Iterable[Sample], declared: Declaration, tick: Tick) -> Selection:
    """A fix at `tick` from the last sample of each of `sources`; at most one sample a source.

    The fix spans every position that a majority of the sources heard holds possible. UTC is therefore within it as long
    as no more than (m-1)//2 of the m sources lie, whatever those say. A source that lies wholly outside is false.
    """
    heard = {sample.source: sample for sample in samples}
    findings = [
        SourceFinding(source, _standing(heard.get(source), declared, tick), heard.get(source))
        for source in sources
    ]
    usable = [f.sample for f in findings if f.standing is Standing.AGREED and f.sample is not None]
    announced = [sample for sample in usable if sample.leap in {Leap.INSERTED, Leap.DELETED}]
    if 2 * len(announced) > len(usable):
        # whoever does not announce what most announce will be wrong, or smears
        usable = announced
        findings = [
            SourceFinding(f.source, Standing.SMEARED, f.sample)
            if f.standing is Standing.AGREED and f.sample not in announced
            else f
            for f in findings
        ]
    if len(usable) < max(declared.least, 1):
        return Selection(None, tuple(findings), "CLOCK_TOO_FEW_SOURCES")
    span = _majority(usable, declared, tick)
    if span is None:
        return Selection(None, _without_agreement(findings), "CLOCK_SOURCES_DISAGREE")
    findings = [
        SourceFinding(f.source, Standing.FALSE, f.sample)
        if f.standing is Standing.AGREED and f.sample and not _meets(f.sample, declared, tick, span)
        else f
        for f in findings
    ]
    low, high = span
    middle = (low + high) // 2
    leap = announced[0].leap if 2 * len(announced) > len(usable) else Leap.NONE
    leap_at = _end_of_month(middle) if announced else 0
    fix = Fix(tick, middle - tick.system, high - middle, leap, leap_at)
    return Selection(fix, tuple(findings))


def contradicts(previous: Fix, found: Fix, declared: Declaration) -> bool:
    """Whether two fixes cannot both be true: the sources jumped together, or the raw clock runs worse than declared."""
    apart = abs(estimate(previous, found.tick) - (found.tick.system + found.offset))
    return apart > uncertainty(previous, declared, found.tick) + found.error


def drift(first: Fix, last: Fix) -> tuple[int, int] | None:
    """How far the raw clock runs slow of UTC between two fixes, in parts per billion, and the error of that; None at once."""
    elapsed = last.tick.raw - first.tick.raw
    if elapsed < 60 * SECOND:
        return None
    ahead = last.tick.system + last.offset - estimate(first, last.tick)
    return ahead * PPB // elapsed, (first.error + last.error) * PPB // elapsed


def _standing(sample: Sample | None, declared: Declaration, tick: Tick) -> Standing:
    if sample is None or not 0 <= tick.raw - sample.tick.raw <= declared.patience:
        return Standing.SILENT
    if sample.tick.suspended < tick.suspended - SUSPENSION:
        return Standing.SILENT  # said before the machine slept: it says nothing of now
    if sample.leap is Leap.UNSYNCHRONISED or not 0 < sample.stratum < UNSYNCHRONISED_STRATUM:
        return Standing.UNSYNCHRONISED
    if sample.reference[:1] == bytes([SMEARING_OCTET]) or sample.reference in SMEARING_REFERENCES:
        return Standing.SMEARED
    if sample.error > declared.distant:
        return Standing.DISTANT
    return Standing.AGREED


def _interval(sample: Sample, declared: Declaration, tick: Tick) -> tuple[int, int]:
    """Between which positions UTC stands at `tick`, by this sample."""
    age = tick.raw - sample.tick.raw
    middle = sample.tick.system + sample.offset + age
    error = sample.error + -(-age * declared.drift // PPB)
    return middle - error, middle + error


def _majority(samples: Sequence[Sample], declared: Declaration, tick: Tick) -> tuple[int, int] | None:
    """The lowest and the highest position that lie in all but (m-1)//2 of the m intervals; None where no position does."""
    intervals = [_interval(sample, declared, tick) for sample in samples]
    needed = len(intervals) - (len(intervals) - 1) // 2
    lows = sorted(low for low, _ in intervals)
    highs = sorted(high for _, high in intervals)
    inside = [
        point for point in (*lows, *highs) if sum(low <= point <= high for low, high in intervals) >= needed
    ]
    return (min(inside), max(inside)) if inside else None


def _meets(sample: Sample, declared: Declaration, tick: Tick, span: tuple[int, int]) -> bool:
    low, high = _interval(sample, declared, tick)
    return low <= span[1] and span[0] <= high


def _without_agreement(findings: Iterable[SourceFinding]) -> tuple[SourceFinding, ...]:
    return tuple(
        SourceFinding(f.source, Standing.FALSE, f.sample) if f.standing is Standing.AGREED else f
        for f in findings
    )


def _end_of_month(posix: int) -> int:
    """The POSIX time at which the month ends that `posix` lies in."""
    at = datetime.fromtimestamp(posix // SECOND, UTC)
    following = datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)
    return int(following.timestamp()) * SECOND
