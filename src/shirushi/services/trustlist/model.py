"""The words of trusted lists as this service keeps and reports them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shirushi.core.catalogue import Language
from shirushi.core.errors import ShirushiError
from shirushi.core.instant import Instant
from shirushi.core.trusted_list import TrustedList
from shirushi.rules.lists import ListJudgement, ListSignature


class TerritoryUnknown(ShirushiError):
    """No accepted list of that territory is held; `territory`, and `known` ones."""

    code = "TERRITORY_UNKNOWN"


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
class HeldList:
    """A snapshot, and what it says."""

    snapshot: Snapshot
    trusted_list: TrustedList = field(repr=False)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a load brought. Providers to certificates are counted in the lists that were not rejected.

    `history` counts past periods; `certificates` the different certificates that identify services; `verified` the
    lists whose signature holds, `pinned` those among them whose signer is pinned.
    """

    lists: int
    providers: int
    services: int
    history: int
    certificates: int
    verified: int
    pinned: int


def totals(judgements: Sequence[ListJudgement]) -> Totals:
    """Count what a load brought."""
    sound = [each for each in judgements if each.signature is not ListSignature.REJECTED]
    read = [each.candidate.trusted_list for each in sound if each.candidate.trusted_list]
    services = [service for each in read for service in each.services]
    certificates = {
        certificate
        for service in services
        for period in service.periods
        for certificate in period.identity.certificates
    }
    return Totals(
        lists=len(judgements),
        providers=sum(len(each.providers) for each in read),
        services=len(services),
        history=sum(len(service.periods) - 1 for service in services),
        certificates=len(certificates),
        verified=len(sound),
        pinned=sum(each.signature is ListSignature.VERIFIED for each in sound),
    )


def report(judgements: Sequence[ListJudgement], language: Language) -> dict[str, Any]:
    """The answer to a load, for programs."""
    counted = totals(judgements)
    return {
        "totals": {name: getattr(counted, name) for name in Totals.__slots__},
        "lists": [_row(each, language) for each in judgements],
    }


def _row(judgement: ListJudgement, language: Language) -> dict[str, Any]:
    trusted_list = judgement.candidate.trusted_list
    return {
        "file": judgement.candidate.name,
        "territory": trusted_list.territory if trusted_list else None,
        "sequence": trusted_list.sequence if trusted_list else None,
        "signature": judgement.signature.value,
        "reason": "; ".join(f"{each.code}: {each.explain(language)}" for each in judgement.reasons) or None,
    }
