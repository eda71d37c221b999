"""Mutual recognition: what a foreign service counts as under an agreement (the Commission's MRA specification, §3)."""

from shirushi.rules.equivalence.services import (
    AppliedEquivalence,
    EffectivePeriod,
    as_listed,
    under_agreement,
)

__all__ = ["AppliedEquivalence", "EffectivePeriod", "as_listed", "under_agreement"]
