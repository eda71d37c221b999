"""One update seen from the revision before it: what the rules look at."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.codecs.pdf.objects import PdfDict, PdfValue
from shirushi.codecs.pdf.reader import PdfReader, Revision
from shirushi.formats.pades.changes.comparison import Altered, Comparison
from shirushi.formats.pades.changes.territory import Kind, Role, Territory


@dataclass(frozen=True, slots=True)
class Step:
    """A revision, the one before it, and the objects that differ. `territory` is that of the one before."""

    comparison: Comparison
    revision: Revision
    territory: Territory
    altered: dict[int, Altered]

    @property
    def old(self) -> PdfReader:
        """The document before the update."""
        return self.comparison.old

    @property
    def new(self) -> PdfReader:
        """The document after the update."""
        return self.comparison.new

    def altered_in(self, *roles: Role) -> list[int]:
        """The altered objects of those roles."""
        return [number for number in self.altered if self.territory.roles.get(number) in roles]

    def touches(self, kind: Kind) -> bool:
        """Whether an object of that kind of part was altered."""
        parts = self.territory.parts
        return any(number in parts and parts[number].kind is kind for number in self.altered)

    def altered_entries(self) -> dict[int, set[str]]:
        """The entries of fields and annotations that differ, by object number; "" where the object itself is gone."""
        found: dict[int, set[str]] = {}
        for number, altered in self.altered.items():
            if self.territory.roles.get(number) is Role.NODE:
                before, after = altered.before, altered.after
                if isinstance(before, dict) and isinstance(after, dict):
                    keys = self.comparison.changed_keys(before, after)
                else:
                    keys = {""}
                found.setdefault(number, set()).update(keys)
            part = self.territory.parts.get(number)
            if part is not None and part.kind is Kind.NODE:
                found.setdefault(part.number, set()).add(part.key)
        return found


def entry(view: PdfReader, value: PdfValue) -> PdfDict:
    """The value as a dictionary; an empty one where it is none."""
    found = view.resolve(value)
    return found if isinstance(found, dict) else {}
