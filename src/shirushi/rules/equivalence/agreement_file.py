"""Parties and agreements in files: TOML, one table `party` or `agreement` each.

Nothing is passed over: an entry that is not understood would be a condition that nobody checks.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import combinations
from typing import Any, TypeVar

from shirushi.core.algorithms import KeyKind
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level
from shirushi.core.instant import Instant
from shirushi.core.recognition import (
    Conclusion,
    Conditions,
    Grade,
    Pair,
    Party,
    RecognitionAgreement,
    System,
    Treaty,
    TrustKind,
    Wording,
)
from shirushi.core.verdict import Indication
from shirushi.rules.suites import CATALOGUES

LARGEST = 1 << 20
"""Bytes of a file."""

T = TypeVar("T")


class AgreementMalformed(MalformedInput):
    """A party or an agreement that cannot be read: `name` is the file, `detail` the entry and what is wrong with it."""

    code = "AGREEMENT_MALFORMED"


class AgreementDuplicate(MalformedInput):
    """Two files speak of one party or agreement; `id`."""

    code = "AGREEMENT_DUPLICATE"


class AgreementPartyUnknown(MalformedInput):
    """An agreement names a party of which no file speaks; `agreement`, `party`."""

    code = "AGREEMENT_PARTY_UNKNOWN"


class AgreementConclusionUnknown(MalformedInput):
    """A pair names a conclusion that its party's rules never reach; `agreement`, `pair`, `conclusion`."""

    code = "AGREEMENT_CONCLUSION_UNKNOWN"


class AgreementPairsAmbiguous(MalformedInput):
    """Two pairs of one rank grade one conclusion differently on the same conditions; `agreement`, `pairs`, `rank`."""

    code = "AGREEMENT_PAIRS_AMBIGUOUS"


def read_treaty(files: Iterable[tuple[str, bytes]]) -> Treaty:
    """Every party and agreement in files of (name, content).

    Raises `AgreementMalformed`, `AgreementDuplicate`, `AgreementPartyUnknown`, `AgreementConclusionUnknown`,
    `AgreementPairsAmbiguous`.
    """
    parties: dict[str, Party] = {}
    agreements: dict[str, RecognitionAgreement] = {}
    for name, content in files:
        read = _read(name, content)
        known: dict[str, Any] = parties if isinstance(read, Party) else agreements
        if read.id in known:
            raise AgreementDuplicate(id=read.id)
        known[read.id] = read
    for agreement in agreements.values():
        _check(agreement, parties)
    return Treaty(tuple(parties.values()), tuple(agreements.values()))


def _check(agreement: RecognitionAgreement, parties: Mapping[str, Party]) -> None:
    for id_ in agreement.parties:
        if id_ not in parties:
            raise AgreementPartyUnknown(agreement=agreement.id, party=id_)
    for pair in agreement.pairs:
        origin = parties[pair.origin]
        known = {each.name for each in origin.conclusions}
        for conclusion in sorted(pair.native - known):
            raise AgreementConclusionUnknown(agreement=agreement.id, pair=pair.id, conclusion=conclusion)
    for one, other in combinations(agreement.pairs, 2):
        same = (one.rank, one.origin, one.conditions) == (other.rank, other.origin, other.conditions)
        if same and one.native & other.native and one.grade != other.grade:
            raise AgreementPairsAmbiguous(
                agreement=agreement.id, pairs=f"{one.id}, {other.id}", rank=one.rank
            )


def _read(name: str, content: bytes) -> Party | RecognitionAgreement:
    if len(content) > LARGEST:
        raise AgreementMalformed(name=name, detail=f"more than {LARGEST} bytes")
    try:
        told = _Table("", tomllib.loads(content.decode()))
        if "party" in told.content:
            found: Party | RecognitionAgreement = _party(told.table("party"))
        else:
            found = _agreement(told.table("agreement"), hashlib.sha256(content).hexdigest())
        told.end()
    except _Wrong as error:
        raise AgreementMalformed(name=name, detail=str(error)[:200]) from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # UnicodeDecodeError and TOMLDecodeError, which names the line
        raise AgreementMalformed(name=name, detail=str(error)[:200]) from None
    return found


class _Wrong(Exception):
    def __init__(self, entry: str, detail: str) -> None:
        super().__init__(f"{entry}: {detail}")


class _Table:
    """A table whose entries are taken one by one; what nobody took is refused at the `end`."""

    def __init__(self, name: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise _Wrong(name, "it is no table")
        self._name = name
        self.content = dict(content)

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        if key not in self.content:
            if default is None:
                raise _Wrong(self._path(key), "it is missing")
            return default
        value = self.content.pop(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise _Wrong(self._path(key), f"{str(value)[:60]} is not what it takes")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.take(key, str, default)
        if not value and default is None:
            raise _Wrong(self._path(key), "it is empty")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self.take(key, int, default)
        if not 0 <= value < 100_000:
            raise _Wrong(self._path(key), f"{value} is out of range")
        return value

    def time(self, key: str, *, optional: bool = False) -> Instant | None:
        if optional and key not in self.content:
            return None
        value = self.take(key, datetime)
        if value.tzinfo is None:
            raise _Wrong(self._path(key), "a time names its offset")
        return value.astimezone(UTC)

    def texts(self, key: str, *, needed: bool = False) -> frozenset[str]:
        values = self.take(key, list, None if needed else [])
        if not all(isinstance(each, str) and each for each in values) or (needed and not values):
            raise _Wrong(self._path(key), "it is a list of texts")
        return frozenset(values)

    def table(self, key: str) -> _Table:
        return _Table(self._path(key), self.take(key, dict))

    def tables(self, key: str) -> list[_Table]:
        return [_Table(f"{self._path(key)}[{n}]", each) for n, each in enumerate(self.take(key, list, []))]

    def wording(self, key: str) -> Wording:
        told = self.table(key)
        wording = Wording(told.text("en"), told.text("ja"))
        told.end()
        return wording

    def one_of(self, key: str, known: Mapping[str, T]) -> T:
        return self._known(key, self.text(key), known)

    def some_of(self, key: str, known: Mapping[str, T]) -> frozenset[T]:
        return frozenset(self._known(key, each, known) for each in self.texts(key))

    def _known(self, key: str, value: str, known: Mapping[str, T]) -> T:
        if value not in known:
            raise _Wrong(self._path(key), f"{value[:60]} is none of {', '.join(known)}")
        return known[value]

    def end(self) -> None:
        for key in self.content:
            raise _Wrong(self._path(key), "there is no such entry")


_KINDS = {each.value: each for each in TrustKind}
_SYSTEMS = {each.value: each for each in System}
_INDICATIONS = {each.value: each for each in (Indication.TOTAL_PASSED, Indication.INDETERMINATE)}
_KEYS = {each.value: each for each in KeyKind}
_LEVELS = {each.value: each for each in Level}
_CATALOGUES = {each: each for each in CATALOGUES}

EU_CONCLUSIONS = (
    Conclusion("QESig", TrustKind.SIGNATURE, device=True),
    Conclusion("AdESig-QC", TrustKind.SIGNATURE),
    Conclusion("AdESig", TrustKind.SIGNATURE),
    Conclusion("QESeal", TrustKind.SEAL, device=True),
    Conclusion("AdESeal-QC", TrustKind.SEAL),
    Conclusion("AdESeal", TrustKind.SEAL),
    Conclusion("QTSA", TrustKind.TIME_STAMP),
)
"""What ETSI TS 119 615 §4.6 and §4.7 conclude, as far as an agreement can speak of it."""


def _party(told: _Table) -> Party:
    system = told.one_of("system", _SYSTEMS)
    conclusions = [_conclusion(each) for each in told.tables("conclusions")]
    party = Party(
        id=told.text("id"),
        name=told.wording("name"),
        legislation=told.wording("legislation"),
        system=system,
        territories=told.texts("territories", needed=system is not System.BRIDGE),
        bridges=told.texts("bridges", needed=system is System.BRIDGE),
        conclusions=EU_CONCLUSIONS if system is System.EU else tuple(conclusions),
    )
    if bool(conclusions) is (system is System.EU):
        raise _Wrong(
            "party.conclusions", f"the system {system.value} takes {'none' if conclusions else 'some'}"
        )
    told.end()
    return party


def _conclusion(told: _Table) -> Conclusion:
    found = Conclusion(
        name=told.text("name"),
        kind=told.one_of("kind", _KINDS),
        service_types=told.texts("service_types"),
        statuses=told.texts("statuses"),
        policies=told.texts("policies"),
        mapped=told.texts("mapped"),
        device=told.take("device", bool, default=False),
    )
    told.end()
    return found


def _agreement(told: _Table, digest: str) -> RecognitionAgreement:
    id_ = told.text("id")
    parties = told.take("parties", list)
    if len(parties) != 2 or not all(isinstance(each, str) for each in parties) or parties[0] == parties[1]:
        raise _Wrong("agreement.parties", "they are two")
    valid_from = told.time("valid_from")
    assert valid_from is not None
    found = RecognitionAgreement(
        id=id_,
        parties=(parties[0], parties[1]),
        legal_basis=told.wording("legal_basis"),
        valid_from=valid_from,
        valid_until=told.time("valid_until", optional=True),
        repealed_at=told.time("repealed_at", optional=True),
        fictitious=told.take("fictitious", bool, default=False),
        pairs=tuple(_pair(each, parties) for each in told.tables("pairs")),
        digest=digest,
    )
    if not found.pairs or len({each.id for each in found.pairs}) < len(found.pairs):
        raise _Wrong("agreement.pairs", "there are some, each with an id of its own")
    if found.valid_until is not None and found.valid_until <= found.valid_from:
        raise _Wrong("agreement.valid_until", "it lies before valid_from")
    told.end()
    return found


def _pair(told: _Table, parties: list[str]) -> Pair:
    known = {each: each for each in parties}
    pair = Pair(
        id=told.text("id"),
        rank=told.number("rank"),
        origin=told.one_of("from", known),
        recognising=told.one_of("to", known),
        native=told.texts("native", needed=True),
        grade=Grade(told.text("service"), told.text("level", "")),
        conditions=_conditions(told.table("conditions")) if "conditions" in told.content else Conditions(),
    )
    if pair.origin == pair.recognising:
        raise _Wrong(f"agreement.pairs {pair.id}", "from and to are the same party")
    told.end()
    return pair


def _conditions(told: _Table) -> Conditions:
    found = Conditions(
        indications=told.some_of("indications", _INDICATIONS) or Conditions().indications,
        device=told.take("device", bool) if "device" in told.content else None,
        algorithms=told.one_of("algorithms", _CATALOGUES) if "algorithms" in told.content else "",
        statuses=told.texts("statuses"),
        kinds=told.some_of("kinds", _KINDS),
        keys=told.some_of("keys", _KEYS),
        level=told.one_of("level", _LEVELS) if "level" in told.content else None,
        certificate_days=told.number("certificate_days", 0),
        algorithm_days=told.number("algorithm_days", 0),
    )
    if found.algorithm_days and not found.algorithms:
        raise _Wrong("conditions.algorithm_days", "algorithms names the catalogue that it is counted by")
    told.end()
    return found
