"""Parties and agreements in files: TOML, one table `party` or `agreement` each.

Nothing is passed over: an entry that is not understood would be a condition that nobody checks.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from shirushi.codecs.toml import EntryWrong, TomlTable
from shirushi.core.algorithms import KeyKind
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level
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
        told = TomlTable("", tomllib.loads(content.decode()))
        if "party" in told.content:
            found: Party | RecognitionAgreement = _party(told.table("party"))
        else:
            found = _agreement(told.table("agreement"), hashlib.sha256(content).hexdigest())
        told.end()
    except EntryWrong as error:
        raise AgreementMalformed(name=name, detail=str(error)[:200]) from None
    except (
        ValueError,
        RecursionError,
    ) as error:  # UnicodeDecodeError and TOMLDecodeError, which names the line
        raise AgreementMalformed(name=name, detail=str(error)[:200]) from None
    return found


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


def _wording(told: TomlTable, key: str) -> Wording:
    words = told.table(key)
    wording = Wording(words.text("en"), words.text("ja"))
    words.end()
    return wording


def _party(told: TomlTable) -> Party:
    system = told.one_of("system", _SYSTEMS)
    conclusions = [_conclusion(each) for each in told.tables("conclusions")]
    party = Party(
        id=told.text("id"),
        name=_wording(told, "name"),
        legislation=_wording(told, "legislation"),
        system=system,
        territories=frozenset(told.texts("territories", needed=system is not System.BRIDGE)),
        bridges=frozenset(told.texts("bridges", needed=system is System.BRIDGE)),
        conclusions=EU_CONCLUSIONS if system is System.EU else tuple(conclusions),
    )
    if bool(conclusions) is (system is System.EU):
        raise EntryWrong(
            "party.conclusions", f"the system {system.value} takes {'none' if conclusions else 'some'}"
        )
    told.end()
    return party


def _conclusion(told: TomlTable) -> Conclusion:
    found = Conclusion(
        name=told.text("name"),
        kind=told.one_of("kind", _KINDS),
        service_types=frozenset(told.texts("service_types")),
        statuses=frozenset(told.texts("statuses")),
        policies=frozenset(told.texts("policies")),
        mapped=frozenset(told.texts("mapped")),
        device=told.take("device", bool, default=False),
        title=_wording(told, "title") if "title" in told.content else None,
    )
    told.end()
    return found


def _agreement(told: TomlTable, digest: str) -> RecognitionAgreement:
    id_ = told.text("id")
    parties = told.take("parties", list)
    if len(parties) != 2 or not all(isinstance(each, str) for each in parties) or parties[0] == parties[1]:
        raise EntryWrong("agreement.parties", "they are two")
    valid_from = told.time("valid_from")
    assert valid_from is not None
    found = RecognitionAgreement(
        id=id_,
        parties=(parties[0], parties[1]),
        legal_basis=_wording(told, "legal_basis"),
        valid_from=valid_from,
        valid_until=told.time("valid_until", optional=True),
        repealed_at=told.time("repealed_at", optional=True),
        fictitious=told.take("fictitious", bool, default=False),
        pairs=tuple(_pair(each, parties) for each in told.tables("pairs")),
        digest=digest,
    )
    if not found.pairs or len({each.id for each in found.pairs}) < len(found.pairs):
        raise EntryWrong("agreement.pairs", "there are some, each with an id of its own")
    if found.valid_until is not None and found.valid_until <= found.valid_from:
        raise EntryWrong("agreement.valid_until", "it lies before valid_from")
    told.end()
    return found


def _pair(told: TomlTable, parties: list[str]) -> Pair:
    known = {each: each for each in parties}
    pair = Pair(
        id=told.text("id"),
        rank=told.number("rank"),
        origin=told.one_of("from", known),
        recognising=told.one_of("to", known),
        native=frozenset(told.texts("native", needed=True)),
        grade=Grade(told.text("service"), told.text("level", "")),
        conditions=_conditions(told.table("conditions")) if "conditions" in told.content else Conditions(),
    )
    if pair.origin == pair.recognising:
        raise EntryWrong(f"agreement.pairs {pair.id}", "from and to are the same party")
    told.end()
    return pair


def _conditions(told: TomlTable) -> Conditions:
    found = Conditions(
        indications=told.some_of("indications", _INDICATIONS) or Conditions().indications,
        device=told.take("device", bool) if "device" in told.content else None,
        algorithms=told.one_of("algorithms", _CATALOGUES) if "algorithms" in told.content else "",
        statuses=frozenset(told.texts("statuses")),
        kinds=told.some_of("kinds", _KINDS),
        keys=told.some_of("keys", _KEYS),
        level=told.one_of("level", _LEVELS) if "level" in told.content else None,
        certificate_days=told.number("certificate_days", 0),
        algorithm_days=told.number("algorithm_days", 0),
    )
    if found.algorithm_days and not found.algorithms:
        raise EntryWrong("conditions.algorithm_days", "algorithms names the catalogue that it is counted by")
    told.end()
    return found
