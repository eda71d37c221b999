"""What a trusted list says (ETSI TS 119 612): who supervises whom, which trust services there are, and since when.

Values only: nothing here has been verified or judged. `rules.lists` says whether a list may be believed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.agreement import MutualRecognitionAgreement
from shirushi.core.criteria import Criteria
from shirushi.core.instant import Instant

LIST_OF_LISTS = "http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUlistofthelists"

Texts = tuple[tuple[str, str], ...]
"""A text in several languages: pairs of language tag and text, in the list's order."""


def in_language(texts: Texts, language: str = "en") -> str:
    """The text in `language`, else in English, else the first; empty where there is none."""
    by_language = dict(reversed(texts))
    return by_language.get(language) or by_language.get("en") or (texts[0][1] if texts else "")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """A postal address in one language (§5.3.5.1); `country` is its ISO 3166-1 code."""

    language: str
    street: str
    locality: str
    country: str
    region: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """How an operator or a provider is reached: by post, and by e-mail and on the web as URIs (§5.3.5)."""

    postal: tuple[PostalAddress, ...] = ()
    electronic: Texts = ()


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Who took a service over (§5.5.9.3)."""

    information: Texts
    provider: Texts
    operator: Texts
    territory: str


@dataclass(frozen=True, slots=True)
class DigitalIdentity:
    """How a list names a service's key or a list's signer (§5.5.3): any of these; the certificates in DER."""

    certificates: tuple[bytes, ...] = field(default=(), repr=False)
    key_identifiers: tuple[bytes, ...] = ()
    subject_names: tuple[str, ...] = ()
    """As the list wrote them: RFC 2253 text, in whatever dialect the operator's tool speaks."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """A QualificationElement (§5.5.9.2): the qualifiers that hold for certificates meeting the criteria."""

    qualifiers: tuple[str, ...]
    criteria: Criteria


@dataclass(frozen=True, slots=True)
class ServicePeriod:
    """A service from `start` until the next younger period starts: the current entry or one of its history (§5.5, §5.6).

    `unknown_critical` names critical extensions that are not understood here: the service then says nothing for sure.
    """

    service_type: str
    names: Texts
    status: str
    start: Instant
    identity: DigitalIdentity
    additional_information: tuple[str, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    expired_certificates_since: Instant | None = None
    """ExpiredCertsRevocationInfo (§5.5.9.1): from when revocation data outlives the certificates."""
    taken_over_by: TakenOver | None = None
    unknown_critical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedService:
    """A trust service with its whole history: `periods`, the youngest first. It has the identity of every period."""

    periods: tuple[ServicePeriod, ...]
    supply_points: Texts = ()
    """Pairs of what is found there, as a service type's URI, empty where the list does not say, and the place."""
    scheme_definitions: Texts = ()

    @property
    def current(self) -> ServicePeriod:
        """The youngest period."""
        return self.periods[0]

    def at(self, when: Instant) -> ServicePeriod | None:
        """The period that `when` falls in; None before the first. Of two that start together the younger entry counts."""
        return next((period for period in self.periods if period.start <= when), None)

    def end_of(self, period: ServicePeriod) -> Instant | None:
        """When the period gave way to the next younger; None for the current one."""
        place = next(index for index, each in enumerate(self.periods) if each is period)
        return self.periods[place - 1].start if place else None


@dataclass(frozen=True, slots=True)
class Provider:
    """A trust service provider and its services (§5.4)."""

    names: Texts
    trade_names: Texts
    services: tuple[ListedService, ...]
    information: Texts = ()
    address: Address = Address()
    unknown_critical: tuple[str, ...] = ()

    @property
    def identifier(self) -> str:
        """The official registration identifier among the trade names (§5.4.2), such as VATES-A12345678; else empty."""
        return next((text for _, text in self.trade_names if text[3:5].isalpha() and text[5:6] == "-"), "")


@dataclass(frozen=True, slots=True)
class ListPointer:
    """An OtherTSLPointer (§5.3.13): where another list is, and who may sign it. `location` may be empty in real lists."""

    location: str
    signers: DigitalIdentity
    territory: str = ""
    list_type: str = ""
    mime_type: str = ""
    operators: Texts = ()
    community_rules: tuple[str, ...] = ()
    agreement: MutualRecognitionAgreement | None = field(default=None, repr=False)

    @property
    def is_list_of_lists(self) -> bool:
        """Whether it points to a list of lists."""
        return self.list_type == LIST_OF_LISTS


@dataclass(frozen=True, slots=True)
class TrustedList:
    """A trusted list or a list of lists (§5.3). `next_update` is None for a closed list (§5.3.15)."""

    version: int
    sequence: int
    list_type: str
    territory: str
    operators: Texts
    scheme_names: Texts
    issued: Instant
    next_update: Instant | None
    providers: tuple[Provider, ...] = field(default=(), repr=False)
    pointers: tuple[ListPointer, ...] = field(default=(), repr=False)
    information: Texts = ()
    status_determination: str = ""
    community_rules: tuple[str, ...] = ()
    distribution_points: tuple[str, ...] = ()
    address: Address = Address()
    legal_notices: Texts = ()
    historical_period: int = 65535
    """For how many days a service stays in the list after it ended; 65535 means for good (§5.3.12)."""
    unknown_critical: tuple[str, ...] = ()

    @property
    def is_list_of_lists(self) -> bool:
        """Whether it lists lists rather than services."""
        return self.list_type == LIST_OF_LISTS

    @property
    def services(self) -> tuple[ListedService, ...]:
        """Every service of every provider, in the list's order."""
        return tuple(service for provider in self.providers for service in provider.services)


class ServiceType(Enum):
    """Service types (§5.5.1) that code names; a list may hold any URI."""

    CA_QC = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"
    TSA_QTST = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
    CA_PKC = "http://uri.etsi.org/TrstSvc/Svctype/CA/PKC"
    TSA = "http://uri.etsi.org/TrstSvc/Svctype/TSA"
    NATIONAL_ROOT = "http://uri.etsi.org/TrstSvc/Svctype/NationalRootCA-QC"
