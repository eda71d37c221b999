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
        places: in which parts of the certificate, by words of the finding's place; in all where empty.
        reason: why it is no fault.
    """

    finding: str
    profiles: frozenset[str]
    places: tuple[str, ...]
    reason: str

    def covers(self, finding: str, place: str, profile: str) -> bool:
        """Whether it lets a finding pass in a certificate of that profile."""
        return (
            finding == self.finding
            and (not self.profiles or profile in self.profiles)
            and (not self.places or any(part in place for part in self.places))
        )


@cache
def waivers() -> tuple[Waiver, ...]:
    """All waivers."""
    data = tomllib.loads((files(__package__) / "waivers.toml").read_text(encoding="utf-8"))
    return tuple(
        Waiver(
            each["finding"],
            frozenset(each.get("profiles", ())),
            tuple(each.get("places", ())),
            each["reason"],
        )
        for each in data["waiver"]
    )


def waiver(finding: str, place: str, profile: str) -> Waiver | None:
    """The waiver for a finding in a certificate of that profile, or None."""
    return next((each for each in waivers() if each.covers(finding, place, profile)), None)
