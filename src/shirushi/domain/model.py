"""A trust domain as its faces see it: the services, bound to an actor, and what else the faces need."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from shirushi.adapters.access_tokens import DatabaseTokens
from shirushi.adapters.configuration import Configuration
from shirushi.adapters.kept_replies import DatabaseReplies
from shirushi.adapters.key_usage import LimitedKeyStore
from shirushi.adapters.pkcs11.client import SignerClient
from shirushi.core.actor import Actor, Role
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.files import Uploads
from shirushi.ports.trust import TrustAnchors
from shirushi.services.assurance.service import AssuranceService
from shirushi.services.audit.service import AuditService
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment
from shirushi.services.clock.service import ClockGuard
from shirushi.services.signing.service import Batches, Signing
from shirushi.services.trustlist.model import TerritoryList
from shirushi.services.trustlist.service import ListPublishing, TrustedLists
from shirushi.services.tsa.service import TimeStampingAuthority
from shirushi.services.validation.service import Validation

LOCAL_OPERATOR = Actor("local:operator", frozenset({Role.OPERATOR, Role.AUDITOR}))
"""Whoever may read the data directory's secrets: the account that runs the platform."""


@dataclass(frozen=True, slots=True)
class Services:
    """The services themselves: every use case takes its actor first."""

    audit: AuditService
    ca: CertificateAuthority
    enrolment: Enrolment
    tsa: TimeStampingAuthority
    clock: ClockGuard
    signing: Signing
    batches: Batches
    validation: Validation
    trusted_lists: TrustedLists
    list_publishing: ListPublishing
    assurance: AssuranceService = field(default_factory=AssuranceService)


class Acting:
    """A service whose use cases are bound to one actor: `acting.seal(document, …)` is `service.seal(actor, document, …)`."""

    def __init__(self, service: object, actor: Actor) -> None:
        self._service = service
        self._actor = actor

    def __getattr__(self, use_case: str) -> Any:
        return partial(getattr(self._service, use_case), self._actor)

    def __dir__(self) -> list[str]:
        return [name for name in dir(self._service) if not name.startswith("_")]


class ActingLists(Acting):
    """Trusted lists for one actor: `lists["JP"]` is the list of Japan, verified, or an error that says why not."""

    def __getitem__(self, territory: str) -> TerritoryList:
        found: TerritoryList = self.of(territory)
        return found


@dataclass(frozen=True, slots=True)
class Ports:
    """What the faces need beside the services."""

    database: Database
    clock: Clock
    anchors: TrustAnchors
    tokens: DatabaseTokens
    replies: DatabaseReplies
    uploads: Uploads
    visits: Path
    """A private folder for what the portal's visitors leave here."""
    guarded_clock: Clock
    """The clock that tokens are dated by."""
    chains: Path
    """Where the lanes keep their chains of audit records."""
    signers: tuple[SignerClient, ...] = ()
    """The signer processes of the PKCS#11 tokens."""


@dataclass(frozen=True)
class Domain:
    """A trust domain. Its properties are the services, bound to `actor`; `services` holds them unbound."""

    name: str
    services: Services
    actor: Actor
    keys: LimitedKeyStore
    configuration: Configuration
    ports: Ports

    @cached_property
    def audit(self) -> Any:
        """The audit log: `search`, `verify`."""
        return Acting(self.services.audit, self.actor)

    @cached_property
    def ca(self) -> Any:
        """The certification authorities: `issue`, `revoke`, `publish_crl`, `answer_ocsp`."""
        return Acting(self.services.ca, self.actor)

    @cached_property
    def tsa(self) -> Any:
        """The time-stamping authority: `stamp`, `answer`."""
        return Acting(self.services.tsa, self.actor)

    @cached_property
    def clock(self) -> Any:
        """The clock guard: `status`, `stop`, `resume`, `records`, `verify`."""
        return Acting(self.services.clock, self.actor)

    @cached_property
    def signing(self) -> Any:
        """Signing: `credential`, `prepare`, `sign`, `seal`, `extend`."""
        return Acting(self.services.signing, self.actor)

    @cached_property
    def batches(self) -> Any:
        """Batches that are signed in the background: `open`, `add`, `begin`, `find`, `cancel`, `result`, `archive`."""
        return Acting(self.services.batches, self.actor)

    @cached_property
    def validation(self) -> Any:
        """Validation: `validate`."""
        return Acting(self.services.validation, self.actor)

    @cached_property
    def trusted_lists(self) -> ActingLists:
        """Trusted lists: `["JP"]`, `load`, `refresh`, `lists`, `services`, `explain`."""
        return ActingLists(self.services.trusted_lists, self.actor)

    @cached_property
    def list_publishing(self) -> Any:
        """Own trusted lists: `publish`, `publish_draft`."""
        return Acting(self.services.list_publishing, self.actor)

    @cached_property
    def assurance(self) -> Any:
        """Assurance: `assess`, `fit_gap`, `which_service`, `portfolio`."""
        return Acting(self.services.assurance, self.actor)
