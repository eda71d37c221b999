"""Trust services, their levels in Japan and in the European Union, and the legal effect of each level with its source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache

from shirushi.core.reason import Reason, reason
from shirushi.rules.assurance.model import Citation, TableInvalid, TableMark
from shirushi.rules.assurance.tables import Table, table

NAME = "trust-services"


class TrustService(Enum):
    """A kind of trust service."""

    SIGNATURE = "signature"
    SEAL = "seal"
    TIME_STAMP = "time-stamp"
    DELIVERY = "delivery"
    PRESERVATION = "preservation"


class Jurisdiction(Enum):
    """Whose law."""

    JP = "jp"
    EU = "eu"


class Weight(Enum):
    """What hangs on a matter.

    Ordinary: hardly anyone will dispute it. Important: a dispute is possible and would hurt. Decisive: a law demands the
    form, or the effect must be presumed rather than proved.
    """

    ORDINARY = "ordinary"
    IMPORTANT = "important"
    DECISIVE = "decisive"


@dataclass(frozen=True, slots=True)
class LegalEffect:
    """What a level of a service is worth under one law.

    Attributes:
        jurisdiction: whose law.
        level: the level's name there.
        reason: the effect, for a person.
        citation: the law and its clause.
        verified: its wording was compared with the law's own.
    """

    jurisdiction: Jurisdiction
    level: str
    reason: Reason
    citation: Citation
    verified: bool


@dataclass(frozen=True, slots=True)
class ServiceTable:
    """Which level each weight asks for, what each level is worth, and how long signatures last by themselves."""

    mark: TableMark
    levels: tuple[tuple[tuple[TrustService, Jurisdiction, Weight], str], ...]
    effects: tuple[tuple[TrustService, LegalEffect], ...]
    certificate_years: int
    token_years: int
    certificate_citation: Citation
    token_citation: Citation

    def level(self, service: TrustService, jurisdiction: Jurisdiction, weight: Weight) -> str:
        """The level that the weight asks for."""
        return dict(self.levels)[service, jurisdiction, weight]

    def effect(self, service: TrustService, jurisdiction: Jurisdiction, level: str) -> LegalEffect:
        """What the level is worth; raises `TableInvalid` where the table does not say."""
        for named, effect in self.effects:
            if (named, effect.jurisdiction, effect.level) == (service, jurisdiction, level):
                return effect
        raise TableInvalid(table=self.mark.id, detail=f"{service.value} {jurisdiction.value} {level}")


def service_table(source: Table) -> ServiceTable:
    """The services out of their data; raises `TableInvalid`."""
    try:
        content = source.content
        keeping = content["keeping"]
        levels = tuple(
            (
                (TrustService(row["id"]), jurisdiction, weight),
                str(row[jurisdiction.value][weight.value]),
            )
            for row in content["service"]
            for jurisdiction in Jurisdiction
            for weight in Weight
        )
        effects = tuple(
            (
                TrustService(row["service"]),
                LegalEffect(
                    Jurisdiction(row["jurisdiction"]),
                    row["level"],
                    reason(f"ASSURANCE_EFFECT_{row['effect']}"),
                    Citation(row["document"][0], row["document"][1], row["clause"]),
                    row["verified"] is True,
                ),
            )
            for row in content["effect"]
        )
        return ServiceTable(
            source.mark,
            levels,
            effects,
            keeping["certificate_years"],
            keeping["token_years"],
            Citation(keeping["certificate_clause"], keeping["certificate_clause"], ""),
            Citation(keeping["token_clause"], keeping["token_clause"], ""),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise TableInvalid(table=source.mark.id, detail=error) from error


@cache
def shipped() -> ServiceTable:
    """The services as they ship."""
    return service_table(table(NAME))
