"""The use cases of trusted lists: load and judge, keep what is accepted, ask what was said at a date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from shirushi.core.actor import Actor
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.qualification import Qualification
from shirushi.core.trusted_list import ListedService, Provider, ServicePeriod
from shirushi.core.verdict import SignatureVerdict
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.trust import NoTrustAnchors
from shirushi.rules.lists import Candidate, ListJudgement, ListSignature, Question, judge
from shirushi.rules.qualification import alternatives, qualify
from shirushi.rules.suites import AlgorithmCatalogue
from shirushi.services.trustlist import store
from shirushi.services.trustlist.model import Explanation, HeldList, Snapshot, TerritoryUnknown
from shirushi.services.trustlist.service.listed_trust import ListedTrust, newest, parsed
from shirushi.services.trustlist.service.reading import candidate


class TrustedLists:
    """Holds accepted lists as snapshots. `anchors` are the certificates that sign lists of lists, by configuration.

    `grace` is for how long the last good edition still counts after the next one was due.
    """

    def __init__(
        self,
        *,
        anchors: Sequence[Certificate],
        catalogue: AlgorithmCatalogue,
        database: Database,
        clock: Clock,
        audit: AuditLog,
        grace: timedelta = timedelta(0),
    ) -> None:
        self._anchors = frozenset(anchor.der for anchor in anchors)
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
        """
        pinned = self._anchors | {anchor.der for anchor in anchors}
        candidates = [candidate(document) for document in documents]
        now = self._clock.now()
        with self._database.unit() as connection:
            judgements = judge(candidates, Question(pinned, at, self._catalogue, store.known(connection)))
            for document, judgement in zip(documents, judgements, strict=True):
                if judgement.signature is ListSignature.VERIFIED:
                    store.keep(connection, _snapshot(judgement, document.read(), now))
                self._record(connection, actor, judgement)
        return judgements

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
                HeldList(each, parsed(each.digest, store.content(connection, each.digest)))
                for each in newest(store.heads(connection), when)
            )

    def services(
        self, actor: Actor, territory: str, *, at: Instant | None = None
    ) -> Iterator[tuple[Provider, ListedService, ServicePeriod]]:
        """What the newest list of `territory` says of `at`, by default now: each service with the period then.

        A list speaks of the past in its services' histories; services that began later are left out. Raises
        `TerritoryUnknown`.
        """
        when = at or self._clock.now()
        held = [each for each in self.lists(actor) if not each.trusted_list.is_list_of_lists]
        found = next((each for each in held if each.snapshot.territory == territory.upper()), None)
        if found is None:
            known = ", ".join(each.snapshot.territory for each in held) or "-"
            raise TerritoryUnknown(territory=territory, known=known)
        for provider in found.trusted_list.providers:
            for service in provider.services:
                period = service.at(when)
                if period is not None:
                    yield provider, service, period

    def qualified(self, verdict: SignatureVerdict, at: Instant) -> Qualification | None:
        """Serves `Qualifier` from the lists that count at `at`."""
        trust = self._trust(at)
        return qualify(verdict, trust.index, at) if trust.index.sources else None

    def explain(self, actor: Actor, verdict: SignatureVerdict, at: Instant) -> Explanation | None:  # noqa: ARG002  lists are public
        """Why a signature is qualified as it is, with the lists that it rests on, and what would have changed it."""
        trust = self._trust(at)
        qualification = qualify(verdict, trust.index, at) if trust.index.sources else None
        if qualification is None:
            return None
        with self._database.reading() as connection:
            rested_on = [each for each in store.heads(connection) if each.digest in qualification.snapshots]
        return Explanation(verdict, qualification, tuple(rested_on), alternatives(verdict, trust.index, at))

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
                each.digest
                for each in newest(store.heads(connection), at)
                if each.next_update is None or at <= each.next_update + self._grace
            )
            trust = self._listed
            if trust is None or trust.digests != digests:
                contents = {digest: store.content(connection, digest) for digest in digests}
                trust = self._listed = ListedTrust(contents)
        return trust


def _snapshot(judgement: ListJudgement, content: bytes, now: Instant) -> Snapshot:
    found: Candidate = judgement.candidate
    assert found.trusted_list is not None
    return Snapshot(
        digest=found.digest,
        name=found.name,
        territory=found.trusted_list.territory,
        list_type=found.trusted_list.list_type,
        sequence=found.trusted_list.sequence,
        issued=found.trusted_list.issued,
        next_update=found.trusted_list.next_update,
        vouched_by=judgement.vouched_by,
        loaded_at=now,
        content=content,
    )
