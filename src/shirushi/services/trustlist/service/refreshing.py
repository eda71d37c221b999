"""Refreshing: a list of lists with its pivots, then every list that it points to, each apart from the others."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from shirushi.core.actor import Actor
from shirushi.core.document import document
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.core.trusted_list import ListPointer
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.fetcher import Edition, Fetcher, FetchFailed
from shirushi.rules.lists import (
    Candidate,
    ListJudgement,
    ListSignature,
    Question,
    judge,
    pivots_of,
    replayed,
)
from shirushi.rules.suites import AlgorithmCatalogue
from shirushi.services.trustlist import store
from shirushi.services.trustlist.model import ListSource, Place, Refreshed
from shirushi.services.trustlist.service.reading import candidate, snapshot_of

_log = logging.getLogger(__name__)

ACCEPT = "application/vnd.etsi.tsl+xml, application/xml, text/xml, application/jose, application/jwt"
AT_ONCE = 8
MOST_PIVOTS = 32
"""Pivots are fetched before anybody has vouched for the list that names them."""
MOST_LISTS = 200


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What came from a place: a list as it was read, or why there is none."""

    location: str
    found: Candidate | None = None
    content: bytes = b""
    edition: Edition = field(default_factory=Edition)
    failure: tuple[Reason, ...] = ()


class Refreshing:
    """Refreshes one source at a time. Whatever fails leaves what is held as it was."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        catalogue: AlgorithmCatalogue,
        database: Database,
        clock: Clock,
        audit: AuditLog,
    ) -> None:
        self._fetcher = fetcher
        self._catalogue = catalogue
        self._database = database
        self._clock = clock
        self._audit = audit

    def run(self, actor: Actor, source: ListSource) -> Refreshed:
        """Refresh what `source` leads to. Each list is a unit of its own: what was accepted before a failure stays.

        Where the list of lists cannot be had, the one that is held leads on, as long as it is not overdue.
        """
        with self._database.reading() as connection:
            known = {each.location: each for each in store.places(connection)}
        anchors = frozenset(each.der for each in source.signers)
        with ThreadPoolExecutor(AT_ONCE, "trusted-list") as pool:

            def fetched(locations: Iterable[str]) -> list[_Arrival]:
                return list(pool.map(lambda each: self._fetch(each, known.get(each)), locations))

            (root,) = fetched([source.location])
            pivots = fetched(_pivots(root.found))
            chain = [each.found for each in pivots if each.found]
            asked = _Asked(actor, source, known, anchors, tuple(chain))
            done = [self._take(asked, root, _territory(root.found) or source.name, self._clock.now())]
            for pivot in pivots:  # a pivot speaks for its own time, and stands for no territory
                self._take(asked, pivot, "", None)
            guide = root.found if not done[0][0].failing else self._held(known.get(source.location))
            if guide is not None and done[0][0].failing:
                chain = [held for each in _pivots(guide) if (held := self._held(known.get(each)))]
            pointers = self._pointers(guide, chain, anchors)
            asked = replace(asked, sponsors=(*chain, guide) if guide else ())
            coming = {
                pool.submit(self._fetch, each.location, known.get(each.location)): each for each in pointers
            }
            done += [
                self._take(asked, each.result(), coming[each].territory, self._clock.now())
                for each in as_completed(coming)
            ]
        if guide is not None:
            locations = [source.location, *_pivots(guide), *(each.location for each in pointers)]
            with self._database.unit() as connection:
                store.keep_places(connection, source.name, locations)
        return Refreshed(
            source.name,
            tuple(place for place, new in done if new),
            tuple(place for place, new in done if not new and not place.failing),
            tuple(place for place, _ in done if place.failing),
        )

    def _fetch(self, location: str, place: Place | None) -> _Arrival:
        """What is at a location now, read; never raises for what is wrong there or on the way."""
        try:
            held = self._content(place)
            edition = place.edition if place and held is not None else Edition()
            answer = self._fetcher.fetch_unless(location, edition, accept=ACCEPT)
            content = held if answer.body is None else answer.body
            assert content is not None, "304 answers a condition alone"
            return _Arrival(location, candidate(document(content, location)), content, answer.edition)
        except FetchFailed as error:
            return _Arrival(location, failure=(reason(error.code, **error.parameters),))
        except Exception:  # noqa: BLE001  one list's fault, even one of ours, is no other's
            _log.exception("trustlist.failed", extra={"url": location})
            return _Arrival(location, failure=(reason("LIST_UNREADABLE"),))

    def _held(self, place: Place | None) -> Candidate | None:
        """The last good list from a place, read again."""
        content = self._content(place)
        return None if place is None or content is None else candidate(document(content, place.location))

    def _content(self, place: Place | None) -> bytes | None:
        if place is None or not place.digest:
            return None
        with self._database.reading() as connection:
            return store.content(connection, place.digest)

    def _pointers(
        self, guide: Candidate | None, chain: Sequence[Candidate], anchors: frozenset[bytes]
    ) -> tuple[ListPointer, ...]:
        """Where the lists are that a list of lists points to; none where it is not to be believed now."""
        if guide is None or guide.trusted_list is None:
            return ()
        (*_, judgement) = judge((*chain, guide), Question(anchors, self._clock.now(), self._catalogue))
        if judgement.signature is not ListSignature.VERIFIED:
            return ()
        readable = (
            each
            for each in guide.trusted_list.pointers
            if each.location and not each.is_list_of_lists and "pdf" not in each.mime_type
        )
        return tuple({each.location: each for each in readable}.values())[:MOST_LISTS]

    def _take(
        self, asked: _Asked, arrival: _Arrival, territory: str, at: Instant | None
    ) -> tuple[Place, bool]:
        """Judge what arrived beside those who may vouch for it; keep it, or say at its place why not."""
        now = self._clock.now()
        before = asked.known.get(arrival.location) or Place(arrival.location, asked.source.name, "", now)
        place = replace(before, source=asked.source.name, territory=territory[:16], tried_at=now)
        with self._database.unit() as connection:
            new, failure = False, arrival.failure
            if arrival.found is not None:
                question = Question(asked.anchors, at, self._catalogue, store.known(connection))
                (*_, judgement) = judge((*asked.sponsors, arrival.found), question)
                failure = _refusal(judgement, territory, question)
                if not failure:
                    new = store.keep(connection, snapshot_of(judgement, arrival.content, now))
            if failure:
                place = replace(place, failed_at=now, failure=failure, failing=True)
            else:
                digest = arrival.found.digest if arrival.found else ""
                place = replace(
                    place, digest=digest, edition=arrival.edition, succeeded_at=now, failing=False
                )
            store.put_place(connection, place)
            codes = " ".join(each.code for each in failure)
            if new or failure:
                outcome = "failed" if failure else "accepted"
                said = {"territory": territory, "reasons": codes, "digest": "" if failure else place.digest}
                event = AuditEvent("trustlist.refresh", place.location, outcome, said)
                self._audit.record(connection, asked.actor, event)
        if failure:
            _log.warning("trustlist.failed", extra={"url": place.location, "code": codes})
        return place, new


@dataclass(frozen=True, slots=True)
class _Asked:
    """On whose behalf, and by what, a refresh judges: `sponsors` are the lists that may vouch for others."""

    actor: Actor
    source: ListSource
    known: Mapping[str, Place]
    anchors: frozenset[bytes]
    sponsors: tuple[Candidate, ...]


def _refusal(judgement: ListJudgement, territory: str, question: Question) -> tuple[Reason, ...]:
    """Why a list that came from a place is not taken from there."""
    if judgement.signature is not ListSignature.VERIFIED:
        return judgement.reasons
    said = judgement.candidate.trusted_list
    assert said is not None
    if question.at is None:
        return ()
    if not said.is_list_of_lists and territory and said.territory != territory.upper():
        return (reason("LIST_TERRITORY_OTHER", territory=said.territory, expected=territory),)
    return tuple(replayed(judgement.candidate, question.known))


def _pivots(found: Candidate | None) -> tuple[str, ...]:
    """The locations of the pivots of a list of lists."""
    if found is None or found.trusted_list is None or not found.trusted_list.is_list_of_lists:
        return ()
    return pivots_of(found)[:MOST_PIVOTS]


def _territory(found: Candidate | None) -> str:
    return found.trusted_list.territory if found and found.trusted_list else ""
