"""Which service do I need? From what must be shown to the trust services, their levels and their legal effects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from shirushi.core.reason import reason
from shirushi.rules.assurance.model import Citation, Step, TableMark
from shirushi.rules.assurance.trust_services import (
    Jurisdiction,
    LegalEffect,
    ServiceTable,
    TrustService,
    Weight,
    shipped,
)


class Who(Enum):
    """Whose act or whose document must be shown."""

    NOBODY = "nobody"
    PERSON = "person"
    ORGANISATION = "organisation"
    REPRESENTATIVE = "representative"


class Abroad(Enum):
    """Where it must count beside Japan."""

    NO = "no"
    EU = "eu"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be shown later.

    Attributes:
        who: a person's will, an organisation's origin, or a person's will on behalf of an organisation.
        unchanged: that it was not changed.
        when: at what time it existed.
        arrived: that it was sent and received.
        kept_years: for how many years this must be shown; 0: only now.
        abroad: where beside Japan.
        weight: what hangs on it.
    """

    who: Who
    unchanged: bool
    when: bool
    arrived: bool
    kept_years: int
    abroad: Abroad
    weight: Weight


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One service, with its level and the legal effect of that level in Japan and in the European Union.

    `signature_level` is the level of the AdES baseline (EN 319 102-1) where the service makes a signature or seal.
    """

    service: TrustService
    effects: tuple[LegalEffect, ...]
    why: tuple[Step, ...]
    signature_level: str | None = None

    def level(self, jurisdiction: Jurisdiction) -> str:
        """The level's name under that law."""
        return next(effect.level for effect in self.effects if effect.jurisdiction is jurisdiction)


@dataclass(frozen=True, slots=True)
class Advice:
    """The services that show what must be shown; none where nothing must. `notes` hold for the whole."""

    needs: Needs
    recommendations: tuple[Recommendation, ...]
    notes: tuple[Step, ...]
    tables: tuple[TableMark, ...]

    @property
    def unverified(self) -> tuple[LegalEffect, ...]:
        """The legal effects among them whose wording was not compared with the law's own."""
        return tuple(e for r in self.recommendations for e in r.effects if not e.verified)


def which_service(needs: Needs, services: ServiceTable | None = None) -> Advice:
    """The trust services that show what `needs` names."""
    services = services or shipped()
    here = services.mark.cite("")
    why: dict[TrustService, list[Step]] = {}

    def ask(service: TrustService, code: str, citation: Citation = here, **parameters: object) -> None:
        why.setdefault(service, []).append(Step(reason(code, **parameters), citation))

    signs = {
        Who.NOBODY: None,
        Who.PERSON: TrustService.SIGNATURE,
        Who.REPRESENTATIVE: TrustService.SIGNATURE,
        Who.ORGANISATION: TrustService.SEAL,
    }[needs.who]
    if signs:
        ask(signs, f"ASSURANCE_NEED_{needs.who.name}")
        if needs.unchanged:
            ask(signs, "ASSURANCE_NEED_UNCHANGED_BY_SIGNATURE")
    elif needs.unchanged:
        ask(TrustService.TIME_STAMP, "ASSURANCE_NEED_UNCHANGED_BY_TIME_STAMP")
    if needs.when:
        ask(TrustService.TIME_STAMP, "ASSURANCE_NEED_WHEN")
    if signs and (needs.weight is not Weight.ORDINARY or needs.kept_years):
        ask(TrustService.TIME_STAMP, "ASSURANCE_NEED_SIGNATURE_TIME")
    if needs.arrived:
        ask(TrustService.DELIVERY, "ASSURANCE_NEED_ARRIVED")
    if why and needs.kept_years > services.certificate_years:
        ask(
            TrustService.PRESERVATION,
            "ASSURANCE_NEED_KEPT",
            services.certificate_citation,
            years=needs.kept_years,
            certificate_years=services.certificate_years,
        )
    recommendations = tuple(
        Recommendation(
            service,
            tuple(
                services.effect(service, law, services.level(service, law, needs.weight))
                for law in (Jurisdiction.JP, Jurisdiction.EU)
            ),
            tuple(why[service]),
            _signature_level(needs, services) if service is signs else None,
        )
        for service in TrustService
        if service in why
    )
    return Advice(needs, recommendations, _notes(needs, services, any_service=bool(why)), (services.mark,))


def _signature_level(needs: Needs, services: ServiceTable) -> str:
    """The AdES baseline level that still shows the signature valid at the end."""
    if needs.kept_years > services.token_years:
        return "B-LTA"
    if needs.kept_years:
        return "B-LT"
    return "B-B" if needs.weight is Weight.ORDINARY and not needs.when else "B-T"


def _notes(needs: Needs, services: ServiceTable, *, any_service: bool) -> tuple[Step, ...]:
    here = services.mark.cite("")
    regulation = Citation("Regulation (EU) No 910/2014", "規則 (EU) No 910/2014", "Art. 14")
    notes = []
    if not any_service:
        notes.append(Step(reason("ASSURANCE_NEED_NOTHING"), here))
    if needs.who is Who.REPRESENTATIVE:
        notes.append(Step(reason("ASSURANCE_NEED_MANDATE"), here))
    if any_service and needs.kept_years > services.token_years:
        notes.append(
            Step(reason("ASSURANCE_NEED_RENEWAL", token_years=services.token_years), services.token_citation)
        )
    if any_service and needs.abroad is Abroad.EU:
        notes.append(Step(reason("ASSURANCE_NEED_ABROAD_EU"), regulation))
    if any_service and needs.abroad is Abroad.ELSEWHERE:
        notes.append(Step(reason("ASSURANCE_NEED_ABROAD_ELSEWHERE"), here))
    return tuple(notes)
