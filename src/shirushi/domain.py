"""The only composition root: a configuration becomes a `Domain`, a trust domain with its services."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import URL

from shirushi.adapters.access_tokens import DatabaseTokens
from shirushi.adapters.agreement_files import AgreementFiles
from shirushi.adapters.all_anchors import AllAnchors
from shirushi.adapters.bridge_anchors import BridgeAnchors
from shirushi.adapters.chain_file import ChainFolder
from shirushi.adapters.checkpoint_files import CheckpointFile
from shirushi.adapters.clock_board import GuardedClock, MappedBoard, SystemClocks
from shirushi.adapters.configuration import Configuration, ListOfListsSection, TrustSection, TsaSection
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory, default_path
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.dns_client import DnsClient, resolver, system_resolvers
from shirushi.adapters.domain_control import ControlBounds, NetworkControl
from shirushi.adapters.files import open_document, write_document
from shirushi.adapters.http_fetcher import Bounds, HttpFetcher
from shirushi.adapters.kept_replies import DatabaseReplies
from shirushi.adapters.key_routing import RoutedKeyStore
from shirushi.adapters.key_usage import LimitedKeyStore
from shirushi.adapters.pkcs11.client import SignerClient, settings_of
from shirushi.adapters.pkcs11.key_store import TokenKeyStore
from shirushi.adapters.pkilint_linter import PkiLinter
from shirushi.adapters.remote_revocation import RemoteRevocation
from shirushi.adapters.remote_time_stamper import RemoteTimeStamper
from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.adapters.system_clock import SystemClock, SystemEntropy
from shirushi.adapters.time_sources import ConfiguredSources
from shirushi.adapters.uploads import SpooledUploads
from shirushi.codecs.asn1.pem import certificates_in
from shirushi.codecs.jose.jws import Serialization
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.core.actor import Actor, Role, service_actor
from shirushi.core.algorithms import signature_algorithm
from shirushi.core.document import Document
from shirushi.core.errors import ConfigurationInvalid, MalformedInput
from shirushi.core.evidence import Certificate, SignatureFormat
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.either import Asic
from shirushi.formats.cades.format import DETACHED_TYPE, ENVELOPING_TYPE, Cades
from shirushi.formats.jades.format import COMPACT_TYPE, JSON_TYPE, Jades
from shirushi.formats.pades.format import Pades
from shirushi.formats.plain.files import parse_cms_file, parse_xml_file
from shirushi.formats.plain.records import ERS_TYPE, parse_record
from shirushi.formats.plain.tokens import RESPONSE_TYPE, TOKEN_TYPE, parse_token
from shirushi.formats.protocol import Format, Packaging
from shirushi.formats.xades.format import Xades
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.fetcher import Fetcher
from shirushi.ports.files import Uploads
from shirushi.ports.keys import KeyStore
from shirushi.ports.trust import TrustAnchors
from shirushi.rules.ades import JAPAN
from shirushi.rules.clock import Declaration
from shirushi.rules.clock.model import SECOND
from shirushi.services.assurance.service import AssuranceService
from shirushi.services.audit.service import AuditService, AuditTrail
from shirushi.services.ca.model.acme import AcmeTerms
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.est import EstTerms
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment
from shirushi.services.clock.service import ClockGuard, TimeRecordHeads
from shirushi.services.signing.model import Form, RenewalPolicy
from shirushi.services.signing.service import Signing
from shirushi.services.trustlist.model import ListSource, TerritoryList
from shirushi.services.trustlist.service import ListPublishing, Recognising, TrustedLists
from shirushi.services.tsa.model import TimeStampUnit
from shirushi.services.tsa.service import TimeStampingAuthority
from shirushi.services.validation.service import Parser, Validation

PDF = "application/pdf"
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


class LocalFiles:
    """Serves the port `Files` from the local file system."""

    def read(self, path: Path) -> Document:
        """The file as a document, read in place."""
        return open_document(path)

    def write(self, document: Document, path: Path) -> None:
        """Put the document there, whole or not at all; never in the place of its own source."""
        write_document(document, path)

    def replace(self, document: Document, path: Path) -> None:
        """Put the document in the place of its own source, whole or not at all."""
        write_document(document, path, replace_source=True)

    def within(self, folder: Path) -> Iterator[Path]:
        """The regular files in the folder and those below it, hidden ones left out."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path


@contextmanager
def open_domain(path: str | os.PathLike[str] | None = None, *, supervised: bool = False) -> Iterator[Domain]:
    """Open the trust domain in a data directory, by default $SHIRUSHI_DATA or `./shirushi-data`.

    Raises `DataDirectoryMissing` and its siblings, `ConfigurationInvalid`, or what the database raises.
    """
    directory = DataDirectory(path or default_path())
    with compose(directory, read_configuration(directory.configuration), supervised=supervised) as domain:
        yield domain


@contextmanager
def passing_trusted_lists() -> Iterator[TrustedLists]:
    """Trusted lists that are judged and kept by nobody: for whoever has no trust domain."""
    with TemporaryDirectory(prefix="shirushi-") as folder:
        url = sqlite_url(Path(folder) / "lists.sqlite")
        migrate(url)
        database, clock = SqlDatabase(url), SystemClock()
        try:
            yield _trusted_lists(database, clock, AuditTrail(clock), fetcher=HttpFetcher())
        finally:
            database.close()


def migrate_domain(path: str | os.PathLike[str] | None = None) -> str:
    """Bring the database of a trust domain to this program's schema, as opening it does; the revision it has now."""
    directory = DataDirectory(path or default_path())
    return migrate(database_url(directory, read_configuration(directory.configuration)))


@contextmanager
def compose(
    directory: DataDirectory,
    configuration: Configuration,
    clock: Clock | None = None,
    *,
    supervised: bool = False,
) -> Iterator[Domain]:
    """Construct the services over their adapters; at the end, link the audit rows that were written meanwhile.

    `supervised` says that a supervisor runs the signer processes; else they are started here as they are needed.
    """
    url = database_url(directory, configuration)
    migrate(url)
    database = SqlDatabase(url)
    given, clock = clock, clock or SystemClock()
    entropy = SystemEntropy()
    token_signers = [
        SignerClient(directory, settings_of(directory, section), supervised=supervised)
        for section in configuration.pkcs11
    ]
    keys = _keys(directory, configuration, token_signers, database, clock)
    audit = AuditTrail(clock)
    ca = CertificateAuthority(
        database=database, keys=keys, clock=clock, entropy=entropy, audit=audit, linter=PkiLinter()
    )
    board, machine = MappedBoard(directory.folder("clock")), SystemClocks()
    guard = _guard(configuration, board, machine, database=database, keys=keys, clock=clock, audit=audit)
    guarded = given or GuardedClock(board, machine, guard.look_once)
    tsa = TimeStampingAuthority(
        units=[_unit(directory, section, keys) for section in configuration.tsa],
        keys=keys,
        clock=guarded,
        database=database,
        audit=audit,
        issuer=ca,
    )
    trusted_lists = _trusted_lists(
        database,
        clock,
        audit,
        fetcher=_fetcher(configuration),
        anchors=[c for path in configuration.trust.list_signers for c in _chain(directory.resolve(path))],
        sources=[_list_source(directory, section) for section in configuration.list_of_lists],
        grace=timedelta(days=configuration.trust.list_grace_days),
        recognising=_recognising(directory, configuration.trust),
    )
    bridges = BridgeAnchors(
        [directory.resolve(anchor) for anchor in configuration.trust.anchors],
        [directory.resolve(path) for path in configuration.trust.cross_certificates],
    )
    anchors = AllAnchors([bridges, trusted_lists])
    remote = RemoteRevocation(_fetcher(configuration))
    elsewhere = configuration.signing.time_stamps_from
    stamper = RemoteTimeStamper(elsewhere, _fetcher(configuration), entropy) if elsewhere else tsa
    pades, xades = Pades(font=_font, irregular=RebuiltPdf, token_space=stamper.token_size), Xades()
    formats: dict[str, Format] = {
        PDF: pades,
        "application/xml": xades,
        "text/xml": xades,
        "application/json": Jades(),
        JSON_TYPE: Jades(),
        COMPACT_TYPE: Jades(Serialization.COMPACT),
        "application/jwt": Jades(Serialization.COMPACT),
        ENVELOPING_TYPE: Cades(Packaging.ENVELOPING),
        DETACHED_TYPE: Cades(Packaging.DETACHED),
        AsicKind.S.value: Asic(AsicKind.S),
        AsicKind.E.value: Asic(AsicKind.E),
        AsicKind.S.with_xades: Asic(AsicKind.S, SignatureFormat.XADES),
        AsicKind.E.with_xades: Asic(AsicKind.E, SignatureFormat.XADES),
    }
    signing = Signing(
        formats=formats,
        forms=_forms(formats),
        keys=keys,
        time_stamper=stamper,
        anchors=anchors,
        sources=[ca, bridges, remote],
        register=ca,
        algorithms=JAPAN.catalogue,
        renewal=RenewalPolicy(
            tuple(map(directory.resolve, configuration.renewal.folders)),
            timedelta(days=configuration.renewal.days_before),
        ),
        files=LocalFiles(),
        database=database,
        clock=clock,
        entropy=entropy,
        audit=audit,
        pin_attempts=configuration.pin.attempts,
        default_form=AsicKind.E.value,
    )
    validation = Validation(
        parsers={media_type: each.parse for media_type, each in formats.items()} | _PLAIN,
        anchors=anchors,
        sources=[ca, bridges],
        remote_sources=[remote],
        qualifier=trusted_lists,
        policy=JAPAN,
        clock=clock,
        database=database,
        audit=audit,
    )
    audit_service = AuditService(
        trail=audit,
        database=database,
        keys=keys,
        key_label=configuration.audit.key,
        clock=clock,
        time_stamper=tsa if configuration.tsa else None,
        chains=ChainFolder(directory.chains, configuration.clock.node),
        kept=TimeRecordHeads(database),
        archives=[
            CheckpointFile(folder / "checkpoints.jsonl")
            for folder in (directory.audit, *map(directory.resolve, configuration.audit.elsewhere))
        ],
    )
    publishing = ListPublishing(
        sealer=signing, catalogue=JAPAN.catalogue, database=database, clock=clock, audit=audit
    )
    services = Services(
        audit_service,
        ca,
        _enrolment(directory, configuration, ca),
        tsa,
        guard,
        signing,
        validation,
        trusted_lists,
        publishing,
    )
    ports = Ports(
        database,
        clock,
        anchors,
        DatabaseTokens(database, clock, entropy, audit),
        DatabaseReplies(database, clock),
        SpooledUploads(directory.folder("uploads")),
        directory.folder("visits"),
        guarded,
        directory.chains,
        tuple(token_signers),
    )
    try:
        yield Domain(configuration.domain.name, services, LOCAL_OPERATOR, keys, configuration, ports)
        audit_service.sequence(service_actor("audit"))
    finally:
        for signer in token_signers:
            signer.close()
        database.close()


def _enrolment(directory: DataDirectory, configuration: Configuration, ca: CertificateAuthority) -> Enrolment:
    said = configuration.acme
    resolvers = tuple(map(resolver, said.resolvers)) or system_resolvers()
    bounds = ControlBounds(
        seconds=said.seconds,
        http_port=said.http_port,
        tls_port=said.tls_port,
        allow_private=said.allow_private,
    )
    terms = AcmeTerms(
        said.authority,
        said.profile,
        configuration.domain.address.rstrip("/"),
        said.terms_of_service,
        said.external_accounts,
        said.orders_an_hour,
        said.failures_an_hour,
        said.accounts_an_hour,
    )
    compromised = CompromisedKeys()
    for path in map(directory.resolve, configuration.enrolment.compromised_keys):
        try:
            compromised = compromised.joined(CompromisedKeys.read(path.read_text(encoding="ascii")))
        except (OSError, ValueError) as error:
            raise ConfigurationInvalid(path=path, detail=error) from error
    return Enrolment(
        ca=ca,
        control=NetworkControl(DnsClient(resolvers, said.seconds / 2), bounds),
        acme=terms if said.authority else None,
        est=[
            EstTerms(each.label, each.authority, each.profile, timedelta(days=each.code_days))
            for each in configuration.est
        ],
        compromised=compromised,
    )


def _trusted_lists(
    database: Database,
    clock: Clock,
    audit: AuditTrail,
    *,
    fetcher: Fetcher,
    anchors: Sequence[Certificate] = (),
    sources: Sequence[ListSource] = (),
    grace: timedelta = timedelta(0),
    recognising: Recognising | None = None,
) -> TrustedLists:
    return TrustedLists(
        anchors=anchors,
        catalogue=JAPAN.catalogue,
        database=database,
        clock=clock,
        audit=audit,
        fetcher=fetcher,
        sources=sources,
        grace=grace,
        recognising=recognising,
    )


def _recognising(directory: DataDirectory, section: TrustSection) -> Recognising:
    paths = [directory.resolve(path) for path in section.agreements]
    return Recognising(AgreementFiles(paths, examples=section.example_agreements).treaty, section.party)


def _list_source(directory: DataDirectory, section: ListOfListsSection) -> ListSource:
    signers = (c for path in section.signers for c in _chain(directory.resolve(path)))
    return ListSource(section.name, section.location, tuple(signers))


def _forms(formats: Mapping[str, Format]) -> tuple[Form, ...]:
    """What signers may choose by name, each with the ways in which it places signatures."""
    enveloped, enveloping, detached = Packaging.ENVELOPED, Packaging.ENVELOPING, Packaging.DETACHED
    return (
        Form("pades", formats[PDF]),
        Form("xades", formats["application/xml"], (enveloped, enveloping, detached), otherwise=detached),
        Form("cades", formats[ENVELOPING_TYPE], (enveloping, detached)),
        Form("jades", formats[JSON_TYPE], (enveloping, detached)),
        Form("jades-compact", formats[COMPACT_TYPE], (enveloping, detached)),
        Form("asic-s", formats[AsicKind.S.value]),
        Form("asic-e", formats[AsicKind.E.value], container=partial(new_container, kind=AsicKind.E)),
        Form("asic-s-xades", formats[AsicKind.S.with_xades]),
        Form(
            "asic-e-xades",
            formats[AsicKind.E.with_xades],
            container=partial(new_container, kind=AsicKind.E),
        ),
    )


_PLAIN: dict[str, Parser] = {
    "application/xml": parse_xml_file,
    "text/xml": parse_xml_file,
    ENVELOPING_TYPE: parse_cms_file,
    DETACHED_TYPE: parse_cms_file,
    TOKEN_TYPE: parse_token,
    RESPONSE_TYPE: parse_token,
    ERS_TYPE: parse_record,
}
"""What is only ever validated, or must be looked into before it is known what it is."""


def database_url(directory: DataDirectory, configuration: Configuration) -> str | URL:
    """Where the domain's database lies."""
    return configuration.database.url or sqlite_url(directory.database)


def _keys(
    directory: DataDirectory,
    configuration: Configuration,
    signers: Sequence[SignerClient],
    database: Database,
    clock: Clock,
) -> LimitedKeyStore:
    """Encrypted files and tokens, as the configuration routes labels, with the limits that it sets."""
    folder = directory.keys
    personal = {section.name: section.personal for section in configuration.pkcs11}
    tokens = {each.name: TokenKeyStore(folder, each, personal=personal[each.name]) for each in signers}
    software = SoftwareKeyStore(folder, directory.master_key())
    routed = RoutedKeyStore(folder, software, tokens, configuration.key)
    return LimitedKeyStore(routed, configuration.key, database, clock)


def _fetcher(configuration: Configuration) -> HttpFetcher:
    given = configuration.fetch
    bounds = Bounds(seconds=given.seconds, size=given.megabytes << 20, cache_seconds=given.cache_seconds)
    return HttpFetcher(bounds, allow_private=given.allow_private)


def _guard(
    configuration: Configuration,
    board: MappedBoard,
    machine: SystemClocks,
    *,
    database: Database,
    keys: KeyStore,
    clock: Clock,
    audit: AuditTrail,
) -> ClockGuard:
    said = configuration.clock
    accuracy = min((unit.accuracy_seconds for unit in configuration.tsa), default=1.0)
    return ClockGuard(
        board=board,
        machine=machine,
        sources=ConfiguredSources(configuration.clock_source, machine, said.timeout_seconds),
        declared=Declaration(
            accuracy=int(accuracy * SECOND),
            drift=int(said.worst_drift_ppm * 1000),
            step=said.step_milliseconds * SECOND // 1000,
            least=said.least_sources,
            distant=int(accuracy * SECOND) // 2,
            patience=int(said.poll_seconds * SECOND) * 8,
        ),
        database=database,
        keys=keys,
        key_label=configuration.audit.key,
        clock=clock,
        audit=audit,
        node=said.node or os.uname().nodename,
        record_every=timedelta(seconds=said.record_seconds),
    )


def _unit(directory: DataDirectory, section: TsaSection, keys: KeyStore) -> TimeStampUnit:
    return TimeStampUnit(
        name=section.name,
        key_label=section.key,
        chain=_chain(directory.resolve(section.chain)),
        policy_oid=section.policy,
        accuracy=timedelta(seconds=section.accuracy_seconds),
        qualified=section.qualified,
        rotate_before=timedelta(days=section.rotate_days),
        algorithm=signature_algorithm(keys.reference(section.key).key_type),
    )


def _chain(path: Path) -> tuple[Certificate, ...]:
    try:
        return certificates_in(path.read_bytes())
    except (OSError, MalformedInput) as error:
        raise ConfigurationInvalid(path=path, detail=error) from error


def _font() -> bytes:
    """The font of visible marks: read when one is drawn, for it is large."""
    return (files("shirushi") / "vendor" / "noto-sans-jp" / "NotoSansJP-Regular.ttf").read_bytes()
