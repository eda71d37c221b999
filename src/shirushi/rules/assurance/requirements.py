"""Levels out of facts: a scale lists for each level what must be shown; the highest level that is shown whole counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LOWER = "@lower"
"""Stands among the facts of an alternative for "the level beneath is reached too"."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one level of a scale demands: every fact of `every`, and one whole group of `either` where there is any."""

    value: int
    name: str
    clause: str
    every: tuple[str, ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    with_lower: bool = True


def requirement(row: Mapping[str, Any]) -> Requirement:
    """One level out of its data; raises KeyError for what is missing."""
    return Requirement(
        row["value"],
        row["name"],
        row["clause"],
        tuple(row.get("every", ())),
        tuple(tuple(group) for group in row.get("either", ())),
        row.get("with_lower", True),
    )


def missing(demanded: Requirement, facts: Collection[str]) -> tuple[str, ...]:
    """What lacks for this level, by the alternative that lacks least; empty where nothing does."""
    lacking = [fact for fact in demanded.every if fact not in facts]
    if demanded.either:
        groups = [[fact for fact in group if fact not in facts] for group in demanded.either]
        shortest: list[str] = min(groups, key=len)
        lacking += shortest
    return tuple(dict.fromkeys(lacking))


def highest(
    scale: Sequence[Requirement], facts: Collection[str]
) -> tuple[Requirement | None, Requirement | None, tuple[str, ...]]:
    """The highest level shown, the next one above it, and what lacks for that; `scale` from its lowest level upwards.

    A level is reached where its own demands are met and, unless it says otherwise, the one beneath is reached.
    """
    held: Requirement | None = None
    below = True
    first_failed: Requirement | None = None
    for demanded in scale:
        known = {*facts, LOWER} if below else facts
        below = (below or not demanded.with_lower) and not missing(demanded, known)
        if below:
            held, first_failed = demanded, None
        elif first_failed is None:
            first_failed = demanded
    if first_failed is None:
        return held, None, ()
    return held, first_failed, tuple(f for f in missing(first_failed, {*facts, LOWER}))


def closed(facts: Collection[str], implied: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The facts with all that they imply."""
    known: set[str] = set()
    pending = list(facts)
    while pending:
        fact = pending.pop()
        if fact not in known:
            known.add(fact)
            pending.extend(implied.get(fact, ()))
    return frozenset(known)
