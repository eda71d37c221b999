"""Whether the platform can do its work now, and if not, why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from shirushi.core.actor import service_actor
from shirushi.core.catalogue import Language
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.domain import Domain
from shirushi.ports.clock import TimeNotAvailable
from shirushi.services.clock.model import ClockStatus

_log = logging.getLogger(__name__)
_SELF = service_actor("web")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold: its causes where it does not, and facts about it."""

    name: str
    causes: tuple[Reason, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def conditions(domain: Domain) -> tuple[Condition, ...]:
    """Every condition, each looked at anew."""
    checks: tuple[tuple[str, Callable[[Domain], tuple[list[Reason], dict[str, Any]]]], ...] = (
        ("database", _database),
        ("trust_anchors", _trust_anchors),
        ("time_stamping", _time_stamping),
        ("keys", _keys),
        ("tokens", _tokens),
        ("revocation_lists", _revocation_lists),
        ("trusted_lists", _trusted_lists),
    )
    return tuple(_look(name, check, domain) for name, check in checks)


def readiness_report(found: tuple[Condition, ...], language: Language) -> dict[str, Any]:
    """The conditions as plain data for JSON."""
    return {
        "ready": not any(condition.causes for condition in found),
        "conditions": [
            {
                "name": condition.name,
                "ready": not condition.causes,
                "causes": [
                    {"code": cause.code, "message": cause.explain(language), "remedy": cause.remedy(language)}
                    for cause in condition.causes
                ],
                "facts": condition.facts,
            }
            for condition in found
        ],
    }


def _look(
    name: str, check: Callable[[Domain], tuple[list[Reason], dict[str, Any]]], domain: Domain
) -> Condition:
    """The condition. What cannot be looked at does not hold; where things lie is for the log alone."""
    try:
        causes, facts = check(domain)
    except ShirushiError as error:
        _log.warning("ready.not", extra={"job": name, "code": error.code})
        return Condition(name, (reason("NOT_READY", detail=error.code),))
    for cause in causes:
        _log.warning("ready.not", extra={"job": name, "code": cause.code})
    return Condition(name, tuple(causes), facts)


def _database(domain: Domain) -> tuple[list[Reason], dict[str, Any]]:
    with domain.ports.database.reading() as connection:
        return [], {"kind": connection.dialect.name}


def _trust_anchors(domain: Domain) -> tuple[list[Reason], dict[str, Any]]:
    return [], {"count": len(domain.ports.anchors.anchors(domain.ports.clock.now()))}


def _time_stamping(domain: Domain) -> tuple[list[Reason], dict[str, Any]]:
    """The clock against its sources and what was written before, and the units' certificates and keys."""
    causes: list[Reason] = []
    try:
        domain.services.tsa.check(_SELF)
    except TimeNotAvailable as error:
        causes.append(error.cause or reason("NOT_READY", detail=error.code))
    facts = {"units": len(domain.configuration.tsa), "clock": rfc3339(domain.ports.clock.now())}
    return causes, facts | _guard(domain.services.clock.status(_SELF))


def _guard(found: ClockStatus) -> dict[str, Any]:
    """How the clock stands by its guard."""
    return {
        "state": found.state.name.lower(),
        "offset_ms": None if found.offset is None else round(found.offset / 1e6, 3),
        "bound_ms": None if found.bound is None else round(found.bound / 1e6, 3),
        "source_age_s": None if found.age is None else round(found.age / 1e9, 1),
        "traceable_to": found.traceable_to or None,
    }


def _keys(domain: Domain) -> tuple[list[Reason], dict[str, Any]]:
    """Whether the keys that work without a person can be opened; none of them signs anything for it."""
    labels = [domain.configuration.audit.key]
    labels += [authority.key_label for authority in domain.services.ca.authorities(_SELF)]
    causes = list(_unusable(domain, labels))
    return causes, {"usable": len(labels) - len(causes), "count": len(labels)}


def _tokens(domain: Domain) -> tuple[list[Reason], dict[str, Any]]:
    """Whether the PKCS#11 tokens of the platform's can be used; a person's own may be away."""
    causes: list[Reason] = []
    recoveries: dict[str, str] = {}
    personal = {section.name for section in domain.configuration.pkcs11 if section.personal}
    signers = [signer for signer in domain.ports.signers if signer.name not in personal]
    for signer in signers:
        try:
            recoveries[signer.name] = str(signer.check())
        except ShirushiError as error:
            causes.append(reason("NOT_READY", detail=f"{signer.name}: {error.code}"))
    return causes, {"usable": len(recoveries), "count": len(signers), "recoveries": recoveries}


def _unusable(domain: Domain, labels: list[str]) -> Iterator[Reason]:
    for label in labels:
        try:
            domain.keys.signer(label)
        except ShirushiError as error:
            yield reason("NOT_READY", detail=f"{label}: {error.code}")


def _revocation_lists(domain: Domain) -> tuple[list[Reason], dict[str, Any]]:
    now, causes, facts = domain.ports.clock.now(), [], {}
    for authority in domain.services.ca.authorities(_SELF):
        latest = domain.services.ca.latest_crl(_SELF, authority.name)
        facts[authority.name] = rfc3339(latest.next_update) if latest else None
        valid = authority.certificate.not_before <= now <= authority.certificate.not_after
        if latest and valid and latest.next_update < now:
            due = rfc3339(latest.next_update)
            causes.append(reason("CRL_OVERDUE", authority=authority.name, next_update=due))
    return causes, {"next_update": facts}


def _trusted_lists(domain: Domain) -> tuple[list[Reason], dict[str, Any]]:
    """Whether every source leads to a list that counts; each territory's due date and last failure are facts of its own."""
    now = domain.ports.clock.now()
    found = domain.services.trusted_lists.standings(_SELF)
    counting = {each.place.source for each in found if each.counts and each.place}
    sources = [source.name for source in domain.services.trusted_lists.sources]
    causes = [reason("LISTS_NONE_COUNT", source=each) for each in sources if each not in counting]
    facts: dict[str, Any] = {
        "anchors": domain.services.trusted_lists.anchor_count,
        "lists": sum(each.counts for each in found),
        "count": len(found),
    }
    held = [each for each in found if each.held]
    if held:
        facts["next_update"] = {
            each.territory: rfc3339(each.held.next_update) if each.held and each.held.next_update else None
            for each in held
        }
        facts["age_days"] = {each.territory: (now - each.held.issued).days for each in held if each.held}
    failing = {
        each.territory: " ".join(said.code for said in each.place.failure)
        for each in found
        if each.place and each.place.failing
    }
    return causes, facts | ({"failures": failing} if failing else {})
