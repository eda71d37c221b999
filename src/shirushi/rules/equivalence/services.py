"""A service's period as the pointing party reads it: as listed, or translated by an agreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shirushi.core.agreement import (
    ContentEquivalence,
    EquivalencePeriod,
    ListedType,
    MutualRecognitionAgreement,
    QualificationEquivalence,
    ServiceEquivalence,
)
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.core.trusted_list import Qualification, ServicePeriod


@dataclass(frozen=True, slots=True)
class AppliedEquivalence:
    """The rule that was applied: its legal identifier and the period of it that was in force."""

    identifier: str
    period: EquivalencePeriod
    until: Instant | None

    def contents(self, issued: Instant) -> tuple[ContentEquivalence, ...]:
        """How certificates issued at `issued` are read: not at all outside the period."""
        inside = self.period.start <= issued and (self.until is None or issued < self.until)
        return self.period.contents if inside else ()


@dataclass(frozen=True, slots=True)
class EffectivePeriod:
    """A period in the pointing party's terms. `applied` is None where the list is the pointing party's own."""

    native: ServicePeriod
    service_type: str
    status: str
    additional_information: tuple[str, ...]
    qualifications: tuple[Qualification, ...]
    applied: AppliedEquivalence | None = None


def as_listed(period: ServicePeriod) -> EffectivePeriod:
    """A period of a list that needs no translation."""
    return EffectivePeriod(
        period, period.service_type, period.status, period.additional_information, period.qualifications
    )


def under_agreement(
    period: ServicePeriod, agreement: MutualRecognitionAgreement, at: Instant
) -> tuple[tuple[EffectivePeriod, ...], tuple[Reason, ...]]:
    """What the period counts as at `at`, once for each additional information that it states, and what kept it from it.

    A rule applies where it was enacted at `at` and names the service's type, information and status. Where several
    apply, none does: which of them was meant is for the parties to say, and the reason names them.
    """
    found: list[EffectivePeriod] = []
    reasons: list[Reason] = []
    for information in period.additional_information or ("",):
        candidates = list(_candidates(period, information, agreement, at))
        if len(candidates) == 1:
            found.append(candidates[0])
        elif candidates:
            names = ", ".join(each.applied.identifier for each in candidates if each.applied)
            reasons.append(reason("EQUIVALENCE_AMBIGUOUS", rules=names))
    if not found and not reasons:
        reasons.append(reason("EQUIVALENCE_NONE", type=period.service_type, status=period.status))
    return tuple(found), tuple(reasons)


def _candidates(
    period: ServicePeriod, information: str, agreement: MutualRecognitionAgreement, at: Instant
) -> Iterator[EffectivePeriod]:
    for equivalence in agreement.equivalences:
        rule = next((each for each in equivalence.periods if each.start <= at), None)
        if (
            rule is None
            or not rule.enacted
            or ListedType(period.service_type, information) not in rule.pointed_types
        ):
            continue
        status = _status(rule, period.status)
        if status is None:
            continue
        yield from _translated(period, equivalence, rule, status)


def _status(rule: EquivalencePeriod, status: str) -> str | None:
    for each in (rule.valid, rule.invalid):
        if status in each.pointed and each.pointing:
            return each.pointing[0]
    return None


def _translated(
    period: ServicePeriod, equivalence: ServiceEquivalence, rule: EquivalencePeriod, status: str
) -> Iterator[EffectivePeriod]:
    applied = AppliedEquivalence(equivalence.identifier, rule, equivalence.end_of(rule))
    qualifications = tuple(_qualifications(period.qualifications, rule.qualification))
    for service_type in dict.fromkeys(each.service_type for each in rule.pointing_types):
        information = tuple(
            each.additional_information
            for each in rule.pointing_types
            if each.service_type == service_type and each.additional_information
        )
        yield EffectivePeriod(period, service_type, status, information, qualifications, applied)


def _qualifications(
    native: tuple[Qualification, ...], equivalence: QualificationEquivalence | None
) -> Iterator[Qualification]:
    """Qualifiers that the agreement knows, in the pointing party's terms; the others say nothing to it."""
    known = {each.pointed: each.pointing for each in equivalence.qualifiers} if equivalence else {}
    for each in native:
        qualifiers = tuple(known[name] for name in each.qualifiers if name in known)
        if qualifiers:
            yield replace(each, qualifiers=qualifiers)
