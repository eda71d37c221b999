"""Measure callables against one another in one interleaved run."""

from __future__ import annotations

import json
import platform
import resource
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a callable ran per CPU-second of this process: the median over the rounds, and all rounds."""

    median: float
    rounds: tuple[float, ...]


def interleaved(
    work: Mapping[str, Callable[[], object]], *, rounds: int = 7, slot: float = 0.3
) -> dict[str, Rate]:
    """Run each callable for `slot` CPU-seconds in turn, `rounds` times, so that a noisy minute falls on all alike."""
    for call in work.values():
        call()
    rates: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            count, begin = 0, time.process_time()
            while (spent := time.process_time() - begin) < slot:
                call()
                count += 1
            rates[name].append(count / spent)
    return {name: Rate(statistics.median(found), tuple(found)) for name, found in rates.items()}


def ratios(rates: Mapping[str, Rate], to: str) -> dict[str, float]:
    """Each rate over that of `to`, round by round, as the median of those quotients."""
    base = rates[to].rounds
    return {
        name: round(statistics.median(a / b for a, b in zip(rate.rounds, base, strict=True)), 3)
        for name, rate in rates.items()
        if name != to
    }


def peak_memory_mb() -> float:
    """The most memory that this process has held, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def show(name: str, result: Mapping[str, Any]) -> None:
    """Print a result as JSON with the machine it was measured on."""
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
    }
    print(json.dumps({"benchmark": name, **result, "on": machine}, ensure_ascii=False, indent=2))
