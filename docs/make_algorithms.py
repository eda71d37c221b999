"""Write docs/algorithms.md from the dated catalogues in rules/suites."""

from pathlib import Path

from shirushi.core.instant import Instant
from shirushi.rules.suites import CRYPTREC, ETSI, MODERN, AlgorithmCatalogue

TARGET = Path(__file__).parent / "algorithms.md"
HEAD = """# Algorithms

What is not listed is not accepted. An end date is the first day on which an algorithm is no longer relied upon; what was
signed before it stays valid where a time-stamp proves that it existed then. The policy `japan` uses CRYPTREC's list.

Made from `src/shirushi/rules/suites/` by `make docs`.
"""


def day(until: Instant | None) -> str:
    """The end date, or a dash."""
    return until.date().isoformat() if until else "–"


def table(catalogue: AlgorithmCatalogue) -> str:
    """One catalogue."""
    rows = [(entry.algorithm.label, "", entry.until, entry.source) for entry in catalogue.digests]
    rows += [
        (
            entry.scheme.value,
            f"from {entry.minimum_bits} bits" + (", named curves" if entry.curves else ""),
            entry.until,
            entry.source,
        )
        for entry in catalogue.schemes
    ]
    lines = [f"| {name} | {keys} | {day(until)} | {source} |" for name, keys, until, source in rows]
    head = f"\n## {catalogue.name}\n\n| algorithm | keys | until | source |\n|---|---|---|---|\n"
    return head + "\n".join(lines) + "\n"


def render() -> str:
    """The whole page."""
    return HEAD + "".join(map(table, (CRYPTREC, ETSI, MODERN)))


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
    print(TARGET.name)
