"""The words of trusted lists as this service keeps and reports them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from shirushi.core.catalogue import Language
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant
from shirushi.core.qualification import (
    Conclusion,
    Qualification,
)
from shirushi.core.reason import Reason
from shirushi.core.recognition import Equivalence, NativeQualification, Wording
from shirushi.core.trusted_list import ListedService, Provider, ServiceType, TrustedList, in_language
from shirushi.core.verdict import SignatureVerdict
from shirushi.ports.fetcher import Edition


class TerritoryUnknown(ShirushiError):
    """No accepted list of that territory is held; `territory`, and `known` ones."""

    code = "TERRITORY_UNKNOWN"


class TrustedListOverdue(ShirushiError):
    """The list was due to be replaced, and the grace is over: nothing may rest on it; `next_update`."""

    code = "LIST_EXPIRED"


class SnapshotUnknown(ShirushiError):
    """No snapshot of that `digest` is held."""

    code = "SNAPSHOT_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An edition of a list that was accepted, named by the SHA-256 of its bytes, which never change."""

    digest: str
    name: str
    territory: str
    list_type: str
    sequence: int
    issued: Instant
    next_update: Instant | None
    vouched_by: str
    loaded_at: Instant
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListSource:
    """A list of lists that is kept up to date, or a single list: where it is, and whose certificates it starts from."""

    name: str
    location: str
    signers: tuple[Certificate, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A location where a list is looked for, on behalf of the source `source`, and how that went.

    `digest` and `edition` are those of the last good list there, empty where there was none. `failure` is why the last
    failure was one, at `failed_at`; `failing` whether nothing good came since.
    """

    location: str
    source: str
    territory: str
    tried_at: Instant
    digest: str = ""
    edition: Edition = field(default_factory=Edition)
    succeeded_at: Instant | None = None
    failed_at: Instant | None = None
    failure: tuple[Reason, ...] = ()
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How a refresh of a source went: where a new edition was accepted, where all is as it was, what failed."""

    source: str
    accepted: tuple[Place, ...]
    unchanged: tuple[Place, ...]
    failed: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class ListStanding:
    """How one territory's list stands: the edition held, None where there is none, and the place it is looked for at.

    `counts` says whether decisions rest on the edition now: it is verified, and not overdue for longer than the grace.
    """

    territory: str
    list_type: str
    held: Snapshot | None
    place: Place | None
    counts: bool


@dataclass(frozen=True, slots=True)
class HeldList:
    """A snapshot, and what it says."""

    snapshot: Snapshot
    trusted_list: TrustedList = field(repr=False)


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A status of a service by its URI (TS 119 612 §5.5.4)."""

    uri: str

    @property
    def name(self) -> str:
        """The URI's last part, such as granted."""
        return last_part(self.uri)


@dataclass(frozen=True, slots=True)
class ServiceAt:
    """What a service was at a time: since `since`, and until `until` where its period has ended.

    `number` is its place in this edition: the provider's and the service's, from 1.
    """

    number: str
    provider: str
    name: str
    type: str
    status: ServiceStatus
    since: Instant
    until: Instant | None
    service: ListedService = field(repr=False)


@dataclass(frozen=True, slots=True)
class TerritoryList:
    """A territory's list that was verified; `now` is when it was asked for."""

    snapshot: Snapshot
    trusted_list: TrustedList = field(repr=False)
    now: Instant

    def services(
        self,
        *,
        type: ServiceType | str | None = None,  # noqa: A002  the list's own word
        at: Instant | date | None = None,
        language: str = "en",
    ) -> Iterator[ServiceAt]:
        """What each service of that type was at `at`, by default now; a date stands for its first instant in UTC."""
        wanted = type.value if isinstance(type, ServiceType) else type
        when = self.now if at is None else at if isinstance(at, datetime) else midnight(at)
        for outer, provider in enumerate(self.trusted_list.providers, 1):
            for inner, service in enumerate(provider.services, 1):
                period = service.at(when)
                if period is not None and wanted in (None, period.service_type):
                    yield ServiceAt(
                        number=f"{outer}-{inner}",
                        provider=in_language(provider.names, language),
                        name=in_language(period.names, language),
                        type=period.service_type,
                        status=ServiceStatus(period.status),
                        since=period.start,
                        until=service.end_of(period),
                        service=service,
                    )

    def numbered(self, number: str) -> tuple[Provider, ListedService] | None:
        """The service at that place, with its provider; None where there is none."""
        return next(
            (
                (provider, service)
                for outer, provider in enumerate(self.trusted_list.providers, 1)
                for inner, service in enumerate(provider.services, 1)
                if f"{outer}-{inner}" == number
            ),
            None,
        )


def midnight(day: date) -> Instant:
    """The first instant of a day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def last_part(uri: str) -> str:
    """The last part of a URI, by which its status or type is called."""
    return uri.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a signature, seal or time-stamp is by our own rules; `title` is what people call it there, if anything."""

    party: Wording
    native: NativeQualification
    title: Wording | None

    def words(self, language: Language) -> str:
        """Its title, or its name in the rules; a dash where the rules conclude nothing."""
        return self.title.text(language) if self.title else self.native.conclusion or "–"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a signature is qualified as it is. `snapshots` are the lists it rests on, without their contents.

    `alternatives` are exchanges of one input that would have led to another conclusion.
    """

    verdict: SignatureVerdict
    qualification: Qualification
    snapshots: tuple[Snapshot, ...]
    alternatives: tuple[tuple[Reason, Conclusion], ...]
    equivalences: tuple[Equivalence, ...] = ()
    """What the signature and its time-stamps count as under agreements, where another party's services made them."""
    standings: tuple[Standing, ...] = ()
    """What they are by our own rules, where services of ours made them."""
