"""What a party's own trusted list makes of a chain, by types and statuses that are the party's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import Step
from shirushi.core.reason import reason
from shirushi.core.recognition import Conclusion, NativeFinding, Party, TrustKind
from shirushi.core.trusted_list import ServicePeriod, in_language
from shirushi.rules.qualification.index import Entry, ServiceIndex


def serving(party: Party, chain: Sequence[Certificate], index: ServiceIndex) -> Iterator[Entry]:
    """The services in the party's own lists that the chain's certificates identify."""
    for entry in index.matching(chain):
        if entry.source.trusted_list.territory in party.territories:
            yield entry


def listed(
    party: Party,
    chain: Sequence[Certificate],
    kinds: Collection[TrustKind],
    at: Instant,
    index: ServiceIndex,
) -> NativeFinding:
    """What the party concludes at `at`: one thing, nothing, or None where its list contradicts itself."""
    found: dict[str, tuple[Entry, ServicePeriod]] = {}
    for entry in serving(party, chain, index):
        period = entry.service.at(at)
        if period is None:
            continue
        reached = [
            each for each in party.conclusions if each.kind in kinds and _holds(each, period, chain[0])
        ]
        if reached and period.unknown_critical:
            unknown = ", ".join(period.unknown_critical)
            said = reason("NATIVE_EXTENSION", service=in_language(period.names), extension=unknown)
            return NativeFinding(
                at, None, entry.source_at(at), period.status, (Step(party.id, passed=None, reason=said),)
            )
        for each in reached:
            found.setdefault(each.name, (entry, period))
    if not found:
        said = reason("NATIVE_NONE", party=party.id, at=rfc3339(at))
        entry_seen = next(serving(party, chain, index), None)
        source = entry_seen.source_at(at) if entry_seen else None
        step = Step(party.id, passed=False, reason=said)
        return NativeFinding(at, "", source, source.status if source else "", (step,))
    name, (entry, period) = next(iter(found.items()))
    if len(found) > 1:
        said = reason("NATIVE_CONFLICT", party=party.id, conclusions=", ".join(sorted(found)))
        return NativeFinding(
            at, None, entry.source_at(at), period.status, (Step(party.id, passed=None, reason=said),)
        )
    said = reason(
        "NATIVE_SERVICE",
        party=party.id,
        service=in_language(period.names),
        status=period.status.rpartition("/")[2],
        since=rfc3339(period.start),
        conclusion=name,
    )
    step = Step(party.id, passed=True, reason=said)
    return NativeFinding(at, name, entry.source_at(at), period.status, (step,))


def _holds(conclusion: Conclusion, period: ServicePeriod, certificate: Certificate) -> bool:
    policies = {each.oid for each in certificate.extensions.certificate_policies or ()}
    return (
        period.service_type in conclusion.service_types
        and period.status in conclusion.statuses
        and (not conclusion.policies or bool(policies & conclusion.policies))
    )
