"""Mutual recognition asked of a verdict: what it is at home, and what that counts as here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from shirushi.codecs.asn1.material import build_material
from shirushi.core.instant import Instant
from shirushi.core.recognition import Equivalence, NativeQualification, System, Treaty
from shirushi.core.verdict import SignatureVerdict
from shirushi.rules.equivalence.conditions import Facts
from shirushi.rules.equivalence.grades import grade
from shirushi.rules.qualification import ServiceIndex, native_qualifications
from shirushi.services.trustlist.model import Standing


class Recognising:
    """Answers for `party`, by the agreements that `treaty` gives when it is asked; what stands in files counts at once."""

    def __init__(self, treaty: Callable[[], Treaty] = Treaty, party: str = "JP") -> None:
        self._treaty = treaty
        self.party = party

    def treaty(self) -> Treaty:
        """Every party and agreement; raises what reading them raises."""
        return self._treaty()

    def answers(
        self, verdict: SignatureVerdict, index: ServiceIndex, at: Instant, party: str = ""
    ) -> tuple[Equivalence, ...]:
        """One answer for the signature and each time-stamp that a party other than `party` made, by default our own."""
        treaty, asking = self._treaty(), party or self.party
        if not treaty.agreements:
            return ()
        return tuple(
            grade(native, facts, treaty, asking)
            for native, facts in _at_home(verdict, index, treaty, at)
            if native.party != asking
        )

    def standings(self, verdict: SignatureVerdict, index: ServiceIndex, at: Instant) -> tuple[Standing, ...]:
        """What the signature and its time-stamps are by our own rules, where services of ours made them."""
        treaty = self._treaty()
        own = next((each for each in treaty.parties if each.id == self.party), None)
        if own is None or own.system is System.EU:  # of which the qualification speaks
            return ()
        titles = {(each.name, each.kind): each.title for each in own.conclusions}
        return tuple(
            Standing(own.name, native, titles.get((native.conclusion or "", native.kind)))
            for native, _ in _at_home(verdict, index, treaty, at)
            if native.party == own.id
        )


def _at_home(
    verdict: SignatureVerdict, index: ServiceIndex, treaty: Treaty, at: Instant
) -> Iterator[tuple[NativeQualification, Facts]]:
    """What it is by the rules of each party whose services made it."""
    chains = (verdict.chain, *(each.chain for each in verdict.time_stamps))
    material = build_material({certificate for chain in chains for certificate in chain})
    return native_qualifications(verdict, index, treaty, material, at)
