"""Offsets over time as a drawing: what the page's SVG needs, in its own units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shirushi.core.instant import Instant
from shirushi.faces.portal.languages import JAPAN
from shirushi.services.clock.model import TimeRecord

WIDTH, HEIGHT = 760, 280
LEFT, RIGHT, TOP, BOTTOM = 84, 14, 14, 36
_NICE = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid: where it stands, and what it is called."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The drawing. `band` is the area in which UTC was held to lie, `offset` the line of what was measured.

    `levels` are horizontal lines with their values, `moments` vertical ones with their times, `stops` the places of
    stops, and `limits` the heights of the declared accuracy where it lies within the drawing.
    """

    band: tuple[str, ...]
    offset: tuple[str, ...]
    levels: tuple[Line, ...]
    moments: tuple[Line, ...]
    stops: tuple[float, ...]
    limits: tuple[float, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def plot(records: Sequence[TimeRecord], since: Instant, until: Instant, gap: timedelta) -> Plot | None:
    """The drawing of `records`, oldest first; None where none of them holds an offset.

    Where two records lie further apart than `gap`, nothing is known of the time between, and nothing is drawn.
    """
    points = [
        (record.at, record.said["offset_ns"] / 1e6, record.said["bound_ns"] / 1e6)
        for record in records
        if isinstance(record.said.get("offset_ns"), int) and isinstance(record.said.get("bound_ns"), int)
    ]
    if not points:
        return None
    step = _step(max(abs(offset) + bound for _, offset, bound in points))
    most = 2 * step
    inner, middle = WIDTH - LEFT - RIGHT, (TOP + HEIGHT - BOTTOM) / 2

    def across(at: Instant) -> float:
        return round(LEFT + inner * ((at - since) / (until - since)), 1)

    def up(value: float) -> float:
        share = max(-1.0, min(1.0, value / most))
        return round(middle - share * (HEIGHT - BOTTOM - TOP) / 2, 1)

    runs: list[list[tuple[Instant, float, float]]] = [[]]
    for point in points:
        if runs[-1] and point[0] - runs[-1][-1][0] > gap:
            runs.append([])
        runs[-1].append(point)
    accuracy = max((record.said.get("accuracy_ns", 0) for record in records), default=0) / 1e6
    return Plot(
        band=tuple(
            " ".join(
                [f"{across(at)},{up(offset + bound)}" for at, offset, bound in run]
                + [f"{across(at)},{up(offset - bound)}" for at, offset, bound in reversed(run)]
            )
            for run in runs
        ),
        offset=tuple(" ".join(f"{across(at)},{up(offset)}" for at, offset, _ in run) for run in runs),
        levels=tuple(Line(up(n * step), f"{n * step:+g} ms" if n else "0") for n in range(-2, 3)),
        moments=tuple(
            Line(across(at), f"{at.astimezone(JAPAN):%H:%M}")
            for at in (since + (until - since) * share / 4 for share in range(5))
        ),
        stops=tuple(across(record.at) for record in records if record.kind == "stopped"),
        limits=(up(accuracy), up(-accuracy)) if accuracy <= most else (),
    )


def _step(most: float) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ milliseconds of which two reach up to `most`."""
    scale = 1e-6
    while True:
        for nice in _NICE:
            if 2 * nice * scale >= most:
                return nice * scale
        scale *= 10
