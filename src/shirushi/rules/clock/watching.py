"""The guard's life: it starts, comes into service with a good fix, stops, and returns only when an operator asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from shirushi.rules.clock.judging import refusal
from shirushi.rules.clock.model import (
    PASSING,
    Declaration,
    Fix,
    GuardState,
    Refusal,
    Sample,
    Selection,
    Tick,
)
from shirushi.rules.clock.selecting import contradicts, select


@dataclass(frozen=True, slots=True)
class Watch:
    """What the guard knows. Each step gives the next one; nothing is forgotten but what an operator clears.

    Attributes:
        declared: what is declared of the clock.
        sources: the names of the sources that may be heard.
        state: whether tokens may be made.
        code: why not, in the catalogue; empty in service.
        fix: where UTC stood when enough sources last agreed; kept while they do not: the hold-over.
        first: the first fix of an unbroken row, from which drift is measured.
        samples: the last one of each source.
        selection: what came of the last round.
    """

    declared: Declaration
    sources: tuple[str, ...]
    state: GuardState = GuardState.STARTING
    code: str = Refusal.NO_FIX.value
    fix: Fix | None = None
    first: Fix | None = None
    samples: tuple[Sample, ...] = ()
    selection: Selection | None = None

    def looked(self, tick: Tick) -> Self:
        """After a look at the machine's clocks alone: in service no longer where they left the accuracy."""
        if self.state is not GuardState.IN_SERVICE or self.fix is None:
            return self
        refused = refusal(self.fix, self.declared, tick)
        return self if refused is None or refused in PASSING else self.stopped(refused.value)

    def heard(self, samples: Iterable[Sample], tick: Tick) -> Self:
        """After a round of asking the sources, which ended before `tick`.

        The clock is first judged by the fix of before, so that nothing that happened meanwhile is covered up by the new
        one. A round about a leap second counts for nothing: what is said then may mean either of two seconds.
        """
        after = self.looked(tick)
        if self.fix is not None and refusal(self.fix, self.declared, tick) is Refusal.LEAP:
            return replace(after, samples=())
        known = {sample.source: sample for sample in (*self.samples, *samples)}
        selection = select(self.sources, known.values(), self.declared, tick)
        after = replace(after, samples=tuple(known.values()), selection=selection)
        found = selection.fix
        if found is None:
            starting = after.state is GuardState.STARTING
            return replace(after, code=selection.code or after.code) if starting else after
        if self.fix is not None and contradicts(self.fix, found, self.declared):
            if after.state is GuardState.IN_SERVICE:
                after = after.stopped(Refusal.CONTRADICTED.value)
            after = replace(after, first=None)
        after = replace(after, fix=found, first=after.first or found)
        refused = after.unfit(tick)
        if after.state is GuardState.STARTING:
            return replace(after, state=after.state if refused else GuardState.IN_SERVICE, code=refused)
        return after.looked(tick)

    def stopped(self, code: str) -> Self:
        """Out of service for the reason `code`. The first reason stays."""
        return (
            self if self.state is GuardState.STOPPED else replace(self, state=GuardState.STOPPED, code=code)
        )

    def unfit(self, tick: Tick) -> str:
        """Why the clock could not be in service now, in the catalogue; empty where it could."""
        if self.fix is None:
            return (self.selection.code if self.selection else None) or Refusal.NO_FIX.value
        refused = refusal(self.fix, self.declared, tick)
        return refused.value if refused else ""

    def returned(self, tick: Tick) -> Self:
        """Back in service, as an operator asked; as before where the clock is not fit for it."""
        if self.state is not GuardState.STOPPED or self.unfit(tick):
            return self
        return replace(self, state=GuardState.IN_SERVICE, code="")
