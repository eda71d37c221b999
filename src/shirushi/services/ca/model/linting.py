"""Waivers: findings of the linter that do not keep a certificate back, each with its reason, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that is let pass.

    Attributes:
        finding: the finding's code.
        profiles: in certificates of which profiles; in all where empty.
        reason: why it is no fault.
    """

    finding: str
    profiles: frozenset[str]
    reason: str


@cache
def waivers() -> tuple[Waiver, ...]:
    """All waivers."""
    data = tomllib.loads((files(__package__) / "waivers.toml").read_text(encoding="utf-8"))
    return tuple(
        Waiver(each["finding"], frozenset(each.get("profiles", ())), each["reason"])
        for each in data["waiver"]
    )


def waiver(finding: str, profile: str) -> Waiver | None:
    """The waiver for a finding in a certificate of that profile, or None."""
    return next(
        (
            each
            for each in waivers()
            if each.finding == finding and (not each.profiles or profile in each.profiles)
        ),
        None,
    )
