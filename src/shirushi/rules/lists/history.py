"""Whether two editions of a list say the same of one date: what a later edition says otherwise is rewritten history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from shirushi.core.instant import Instant
from shirushi.core.trusted_list import ListedService, ServicePeriod, TrustedList, in_language


class Rewriting(Enum):
    """How the later edition differs of the date."""

    GONE = "gone"
    """The service is not listed any more: TS 119 612 §5.3.12 lets no service leave a list that keeps its history for good."""
    STATUS = "status"
    """It had another status then."""
    START = "start"
    """It had the same status, since another time."""
    LATER = "later"
    """Its history begins after the date only."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One service of which the editions differ: what either says of the date, None where it says nothing."""

    territory: str
    provider: str
    service: str
    service_type: str
    kind: Rewriting
    before: ServicePeriod
    after: ServicePeriod | None


def rewritten(older: TrustedList, newer: TrustedList, at: Instant) -> Iterator[Rewritten]:
    """Each service that `older` knew at `at`, where `newer` says otherwise of the same date.

    Services are the same where their type is and a certificate, a key identifier or a subject name is shared. An `at`
    after the older edition's issue asks it about a future that it could not know.
    """
    known = _by_identity(newer)
    for provider in older.providers:
        for service in provider.services:
            before = service.at(at)
            if before is None:
                continue
            found = [known[key] for key in _keys(service, before.service_type) if key in known]
            periods = [period for each in found[:1] for other in each if (period := other.at(at))]
            kind = _kind(before, bool(found), periods)
            if kind is not None:
                name = in_language(before.names)
                yield Rewritten(
                    older.territory,
                    in_language(provider.names),
                    name,
                    before.service_type,
                    kind,
                    before,
                    periods[0] if periods else None,
                )


def _kind(before: ServicePeriod, listed: bool, periods: list[ServicePeriod]) -> Rewriting | None:  # noqa: FBT001  a finding
    if not listed:
        return Rewriting.GONE
    if not periods:
        return Rewriting.LATER
    same = [each for each in periods if each.status == before.status]
    if not same:
        return Rewriting.STATUS
    return None if any(each.start == before.start for each in same) else Rewriting.START


def _by_identity(trusted_list: TrustedList) -> dict[tuple[str, object], list[ListedService]]:
    found: dict[tuple[str, object], list[ListedService]] = {}
    for service in trusted_list.services:
        for kind in {period.service_type for period in service.periods}:
            for key in _keys(service, kind):
                found.setdefault(key, []).append(service)
    return found


def _keys(service: ListedService, kind: str) -> Iterator[tuple[str, object]]:
    """What names a service: the strongest first."""
    identities = [period.identity for period in service.periods]
    for each in identities:
        yield from ((kind, certificate) for certificate in each.certificates)
    for each in identities:
        yield from ((kind, key) for key in each.key_identifiers)
    for each in identities:
        yield from ((kind, name) for name in each.subject_names)
