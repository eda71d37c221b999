"""The conditions of a pair, each against what is known of the signature or time-stamp."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.evidence import Certificate, Level
from shirushi.core.instant import Instant
from shirushi.core.recognition import Conditions, NativeQualification, Pair
from shirushi.core.verdict import Indication
from shirushi.rules.suites import CATALOGUES, acceptable, acceptable_digest, reliable_until

_LEVELS = tuple(Level)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the signature or time-stamp beside its native qualification. `level` None: it has none."""

    indication: Indication
    at: Instant
    """Best signature time; a time-stamp's own time."""
    certificate: Certificate
    algorithm: SignatureAlgorithm | None
    digests: frozenset[DigestAlgorithm] = frozenset()
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition: its name, what is wanted, what was found."""

    condition: str
    wanted: str
    found: str
    met: bool


def findings(conditions: Conditions, native: NativeQualification, facts: Facts) -> Iterator[Finding]:
    """Every condition that is set, met or not. What is not known meets none."""
    both = (native.at_issuance, native.at_best_signature_time)
    key = facts.certificate.public_key.kind
    if conditions.indications:
        yield _one_of("indications", conditions.indications, facts.indication)
    if conditions.device is not None:
        found = {True: "true", False: "false", None: "?"}[native.device]
        wanted = str(conditions.device).lower()
        yield Finding("device", wanted, found, native.device is conditions.device)
    if conditions.statuses:
        held = [each.status for each in both]
        met = all(each in conditions.statuses for each in held)
        yield Finding("statuses", _words(conditions.statuses), _words(held), met)
    if conditions.kinds:
        yield _one_of("kinds", conditions.kinds, native.kind)
    if conditions.keys:
        yield _one_of("keys", conditions.keys, key)
    if conditions.level is not None:
        met = facts.level is not None and _LEVELS.index(facts.level) >= _LEVELS.index(conditions.level)
        yield Finding("level", conditions.level.value, facts.level.value if facts.level else "?", met)
    if conditions.certificate_days:
        yield _days("certificate_days", conditions.certificate_days, facts.certificate.not_after, facts.at)
    if conditions.algorithms:
        yield from _algorithms(conditions, facts)


def without(pair: Pair, condition: str) -> Pair:
    """The same pair with one condition not set."""
    fresh: Any = frozenset(Indication) if condition == "indications" else getattr(Conditions(), condition)
    changed: dict[str, Any] = {condition: fresh}
    return replace(pair, conditions=replace(pair.conditions, **changed))


def _one_of(condition: str, wanted: Iterable[Enum], found: Enum | None) -> Finding:
    values = sorted(str(each.value) for each in wanted)
    shown = str(found.value) if found else "?"
    return Finding(condition, ", ".join(values), shown, shown in values)


def _words(uris: Iterable[str]) -> str:
    return ", ".join(sorted({each.rstrip("/").rpartition("/")[2] or "-" for each in uris}))


def _days(condition: str, wanted: int, until: Instant | None, at: Instant) -> Finding:
    """Whether `until`, an exclusive end or None for none known, lies `wanted` days after `at`."""
    met = until is None or until - at >= timedelta(days=wanted)
    return Finding(condition, str(wanted), "∞" if until is None else str((until - at).days), met)


def _algorithms(conditions: Conditions, facts: Facts) -> Iterator[Finding]:
    catalogue, key = CATALOGUES[conditions.algorithms], facts.certificate.public_key
    refusals = [acceptable(facts.algorithm, key, facts.at, catalogue)]
    refusals += [acceptable_digest(each, facts.at, catalogue) for each in sorted(facts.digests, key=str)]
    failing = next((each for each in refusals if each is not None), None)
    shown = str(facts.algorithm or "?")
    if failing is not None:
        shown = f"{dict(failing.parameters).get('algorithm', shown)} [{failing.code}]"
    yield Finding("algorithms", catalogue.name, shown, failing is None)
    if conditions.algorithm_days:
        ends = [reliable_until(facts.algorithm, key, catalogue)]
        ends += [reliable_until(each, None, catalogue) for each in facts.digests]
        known = [each for each in ends if each is not None]
        until = min(known) if known else None
        yield _days("algorithm_days", conditions.algorithm_days, until, facts.at)
