"""What hostile documents under 1 MB cost, each in a process of its own: CPU-seconds and peak memory."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import time
from typing import Any

from benchmarks.measure import peak_memory_mb, show

GOAL_SECONDS, GOAL_MB = 2.0, 500


def cost(name: str) -> dict[str, Any]:
    """Compose it, judge it."""
    composed: Any = importlib.import_module("tests.unit.bounds.composed")
    importlib.import_module("tests.unit.bounds.test_bounds")
    made = composed.EVERY[name]()
    begin = time.process_time()
    ended = composed.outcome(made)
    spent = round(time.process_time() - begin, 2)
    return {"bytes": len(made.data), "cpu_seconds": spent, "peak_mb": peak_memory_mb(), "outcome": ended}


def main() -> None:
    """Judge all, print JSON."""
    composed: Any = importlib.import_module("tests.unit.bounds.composed")
    importlib.import_module("tests.unit.bounds.test_bounds")
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        found = {name: pool.apply(cost, (name,)) for name in composed.EVERY}
    worst = {
        "goal_cpu_seconds": GOAL_SECONDS,
        "worst_cpu_seconds": max(each["cpu_seconds"] for each in found.values()),
        "goal_mb": GOAL_MB,
        "worst_mb": max(each["peak_mb"] for each in found.values()),
    }
    show("bounds", {**json.loads(json.dumps(found)), **worst})


if __name__ == "__main__":
    main()
