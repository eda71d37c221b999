"""Mutual recognition asked of a verdict: what it is at home, and what that counts as here."""

from __future__ import annotations

from collections.abc import Callable

from shirushi.codecs.asn1.material import build_material
from shirushi.core.instant import Instant
from shirushi.core.recognition import Equivalence, Treaty
from shirushi.core.verdict import SignatureVerdict
from shirushi.rules.equivalence.grades import grade
from shirushi.rules.qualification import ServiceIndex, native_qualifications


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
        chains = (verdict.chain, *(each.chain for each in verdict.time_stamps))
        material = build_material({certificate for chain in chains for certificate in chain})
        return tuple(
            grade(native, facts, treaty, asking)
            for native, facts in native_qualifications(verdict, index, treaty, material, at)
            if native.party != asking
        )
