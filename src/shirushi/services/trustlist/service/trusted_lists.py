"""The use cases of trusted lists: load and judge, keep what is accepted, ask what was said at a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection

from shirushi.core.actor import Actor, Role
from shirushi.core.document import Document
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import Certificate, TrustAnchor
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import Qualification
from shirushi.core.recognition import Treaty
from shirushi.core.trusted_list import ListedService, Provider, ServicePeriod
from shirushi.core.verdict import SignatureVerdict
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.fetcher import Fetcher
from shirushi.ports.trust import NoTrustAnchors
from shirushi.rules.lists import ListJudgement, ListSignature, Question, judge
from shirushi.rules.qualification import alternatives, qualify
from shirushi.rules.suites import AlgorithmCatalogue
from shirushi.services.trustlist import store
from shirushi.services.trustlist.model import (
    Explanation,
    HeldList,
    ListSource,
    ListStanding,
    Refreshed,
    Snapshot,
    SnapshotUnknown,
    TerritoryList,
    TerritoryUnknown,
    TrustedListOverdue,
)
from shirushi.services.trustlist.service.listed_trust import ListedTrust, newest, parsed
from shirushi.services.trustlist.service.reading import candidate, snapshot_of
from shirushi.services.trustlist.service.recognising import Recognising
from shirushi.services.trustlist.service.refreshing import Refreshing


class TrustedLists:
    """Holds accepted lists as snapshots. `anchors` are the certificates that sign lists of lists, by configuration.

    `sources` are kept up to date with `fetcher`; their signers are anchors too. `grace` is for how long the last good
    edition still counts after the next one was due. `recognising` answers what foreign conclusions count as here.
    """

    def __init__(
        self,
        *,
        anchors: Sequence[Certificate],
        catalogue: AlgorithmCatalogue,
        database: Database,
        clock: Clock,
        audit: AuditLog,
        fetcher: Fetcher,
        sources: Sequence[ListSource] = (),
        grace: timedelta = timedelta(0),
        recognising: Recognising | None = None,
    ) -> None:
        self._recognising = recognising or Recognising()
        self.sources = tuple(sources)
        named = (signer for source in sources for signer in source.signers)
        self._anchors = frozenset(anchor.der for anchor in (*anchors, *named))
        self._refreshing = Refreshing(
            fetcher=fetcher, catalogue=catalogue, database=database, clock=clock, audit=audit
        )
        self._catalogue = catalogue
        self._database = database
        self._clock = clock
        self._audit = audit
        self._grace = grace
        self._listed: ListedTrust | None = None

    def load(
        self,
        actor: Actor,
        documents: Sequence[Document],
        *,
        anchors: Sequence[Certificate] = (),
        at: Instant | None = None,
    ) -> tuple[ListJudgement, ...]:
        """Judge lists together, one judgement each, and keep those that are verified.

        `anchors` add to those of the configuration. `at` is the time that freshness is judged for; None judges each
        list at its own issue, as for a history. What is rejected leaves everything held as it was.
        Raises `NotPermitted` where the actor is no operator.
        """
        self._permit(actor, "trustlist.load")
        pinned = self._anchors | {anchor.der for anchor in anchors}
        candidates = [candidate(document) for document in documents]
        now = self._clock.now()
        with self._database.unit() as connection:
            judgements = judge(candidates, Question(pinned, at, self._catalogue, store.known(connection)))
            for document, judgement in zip(documents, judgements, strict=True):
                if judgement.signature is ListSignature.VERIFIED:
                    store.keep(connection, snapshot_of(judgement, document.read(), now))
                self._record(connection, actor, judgement)
        return judgements

    def refresh(self, actor: Actor) -> tuple[Refreshed, ...]:
        """Fetch every source and the lists that it leads to; what fails is kept with its reason, and changes nothing else.

        Raises `NotPermitted` where the actor is neither an operator nor a service.
        """
        self._permit(actor, "trustlist.refresh", Role.SERVICE)
        return tuple(self._refreshing.run(actor, source) for source in self.sources)

    @property
    def anchor_count(self) -> int:
        """How many certificates may sign lists by configuration."""
        return len(self._anchors)

    def _permit(self, actor: Actor, action: str, *roles: Role) -> None:
        if not actor.has(Role.OPERATOR, *roles):
            with self._database.unit() as connection:
                self._audit.record(connection, actor, AuditEvent(action, "lists", "refused"))
            raise NotPermitted(actor=actor.id, action=action)

    def standings(self, actor: Actor) -> tuple[ListStanding, ...]:  # noqa: ARG002  lists are public
        """How the list of each territory stands now, whether one is held or only looked for; by territory."""
        now = self._clock.now()
        with self._database.reading() as connection:
            heads = newest(store.heads(connection), now)
            names = {source.name for source in self.sources}
            places = [each for each in store.places(connection) if each.territory and each.source in names]
        found = []
        for held in heads:
            same = [each for each in places if each.territory == held.territory]
            place = next((each for each in same if each.digest == held.digest), None)
            place = place or (same[0] if len(same) == 1 else None)
            if place:
                places.remove(place)
            found.append(ListStanding(held.territory, held.list_type, held, place, self._counts(held, now)))
        found += [ListStanding(each.territory, "", None, each, counts=False) for each in places]
        return tuple(sorted(found, key=lambda each: (each.territory, each.list_type)))

    def _counts(self, held: Snapshot, at: Instant) -> bool:
        return held.next_update is None or at <= held.next_update + self._grace

    def _record(self, connection: Connection, actor: Actor, judgement: ListJudgement) -> None:
        self._audit.record(
            connection,
            actor,
            AuditEvent(
                "trustlist.load",
                judgement.candidate.digest,
                judgement.signature.value,
                {
                    "reasons": " ".join(each.code for each in judgement.reasons),
                    "vouched_by": judgement.vouched_by,
                },
            ),
        )

    def lists(self, actor: Actor, *, at: Instant | None = None) -> tuple[HeldList, ...]:  # noqa: ARG002  lists are public
        """The newest accepted edition of every list that was issued by `at`, by default now; by territory."""
        when = at or self._clock.now()
        with self._database.reading() as connection:
            return tuple(
                HeldList(each, parsed(each.digest, _content(connection, each.digest)))
                for each in newest(store.heads(connection), when)
            )

    def of(self, actor: Actor, territory: str) -> TerritoryList:
        """The newest list of `territory`, verified when it was accepted.

        Raises `TerritoryUnknown`, and `TrustedListOverdue` where it has run out for longer than the grace.
        """
        held = self.browse(actor, territory)
        if not self._counts(held.snapshot, held.now):
            due = rfc3339(held.snapshot.next_update) if held.snapshot.next_update else "-"
            raise TrustedListOverdue(next_update=due)
        return held

    def browse(self, actor: Actor, territory: str) -> TerritoryList:
        """The newest list of `territory`, overdue or not, to be looked at; raises `TerritoryUnknown`."""
        held = self._held(actor, territory)
        return TerritoryList(held.snapshot, held.trusted_list, self._clock.now())

    def services(
        self, actor: Actor, territory: str, *, at: Instant | None = None
    ) -> Iterator[tuple[Provider, ListedService, ServicePeriod]]:
        """What the newest list of `territory` says of `at`, by default now: each service with the period then.

        A list speaks of the past in its services' histories; services that began later are left out. Raises
        `TerritoryUnknown`.
        """
        when = at or self._clock.now()
        for provider in self._held(actor, territory).trusted_list.providers:
            for service in provider.services:
                period = service.at(when)
                if period is not None:
                    yield provider, service, period

    def _held(self, actor: Actor, territory: str) -> HeldList:
        held = [each for each in self.lists(actor) if not each.trusted_list.is_list_of_lists]
        found = next((each for each in held if each.snapshot.territory == territory.upper()), None)
        if found is None:
            known = ", ".join(each.snapshot.territory for each in held) or "-"
            raise TerritoryUnknown(territory=territory, known=known)
        return found

    def qualified(self, verdict: SignatureVerdict, at: Instant) -> Qualification | None:
        """Serves `Qualifier` from the lists that count at `at`."""
        return _qualified(verdict, self._trust(at), at)

    def explain(
        self,
        actor: Actor,  # noqa: ARG002  lists are public
        verdict: SignatureVerdict,
        at: Instant,
        *,
        snapshots: Sequence[str] | None = None,
        party: str = "",
    ) -> Explanation | None:
        """Why a signature is qualified as it is, with the lists that it rests on, and what would have changed it.

        `snapshots` are the digests of the lists to ask, as an earlier answer's `consulted` names them: it is then given
        again, whatever was loaded since. By default those that count at `at`. `party` is whose equivalents are asked
        for, by default our own. Raises `SnapshotUnknown`, or what reading the agreements raises.
        """
        trust = self._trust(at) if snapshots is None else self._as_of(snapshots)
        qualification = _qualified(verdict, trust, at)
        if qualification is None:
            return None
        equivalences = self._recognising.answers(verdict, trust.index, at, party)
        standings = self._recognising.standings(verdict, trust.index, at)
        homes = (each.native.snapshots for each in standings)
        digests = qualification.snapshots.union(*(each.snapshots for each in equivalences), *homes)
        with self._database.reading() as connection:
            rested_on = tuple(each for each in store.heads(connection) if each.digest in digests)
        changed = alternatives(verdict, trust.index, at)
        return Explanation(verdict, qualification, rested_on, changed, equivalences, standings)

    def agreements(self, actor: Actor) -> Treaty:  # noqa: ARG002  agreements are public
        """Every party and agreement of mutual recognition; raises what reading them raises."""
        return self._recognising.treaty()

    def _as_of(self, snapshots: Sequence[str]) -> ListedTrust:
        """What these snapshots say together."""
        with self._database.reading() as connection:
            contents = {each: store.content(connection, each) for each in snapshots}
        for digest, content in contents.items():
            if content is None:
                raise SnapshotUnknown(digest=digest)
        return ListedTrust({digest: content for digest, content in contents.items() if content is not None})

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:
        """Serves `TrustAnchors` from the lists that count at `at`; raises `NoTrustAnchors`."""
        found = self._trust(at).anchors
        if not found:
            raise NoTrustAnchors
        return found

    def _trust(self, at: Instant) -> ListedTrust:
        """What the newest editions issued by `at` say that have not run out for longer than the grace.

        It is built once for a set of editions, and again when another edition is accepted.
        """
        with self._database.reading() as connection:
            digests = tuple(
                each.digest for each in newest(store.heads(connection), at) if self._counts(each, at)
            )
            trust = self._listed
            if trust is None or trust.digests != digests:
                contents = {digest: _content(connection, digest) for digest in digests}
                trust = self._listed = ListedTrust(contents)
        return trust


def _qualified(verdict: SignatureVerdict, trust: ListedTrust, at: Instant) -> Qualification | None:
    found = qualify(verdict, trust.index, at) if trust.index.sources else None
    return replace(found, consulted=trust.digests) if found else None


def _content(connection: Connection, digest: str) -> bytes:
    """The bytes of a snapshot whose row was just read: none is ever removed."""
    found = store.content(connection, digest)
    assert found is not None
    return found
