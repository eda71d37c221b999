"""What `shirushi.toml` says: one model for each section, each entry checked on start.

A service that wants configuration adds a section here as a model of its own and a field in `Configuration`. Every field
says in its description what it means, for the comments of a file that is written anew. Paths are relative to the data
directory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from shirushi.core.errors import NotAnInstant
from shirushi.core.instant import instant


class Section(BaseModel):
    """A part of the configuration: unknown entries are refused, and no value is bent to fit."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Iterable[_Named])


def _distinct(sections: N) -> N:
    for name, count in Counter(section.name for section in sections).items():
        if count > 1:
            raise ValueError(f"{name} stands {count} times")
    return sections


def _moment(text: str) -> str:
    if text:
        try:
            instant(text)
        except NotAnInstant as error:
            raise ValueError(error.explain("en")) from error
    return text


Name = Annotated[str, Field(min_length=1, max_length=200)]
ObjectIdentifier = Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9][0-9]*))+$", max_length=200)]
Moment = Annotated[str, AfterValidator(_moment)]
"""An RFC 3339 date-time, or nothing."""
Address = Annotated[str, Field(pattern=r"^https?://[!-~]+[^/]$")]


class DomainSection(Section):
    """The trust domain."""

    version: Literal[1] = Field(default=1, description="the version of this file's form")
    name: Name = Field(description="what the domain is called")
    address: Address = Field(
        default="http://localhost:8080", description="where it answers, as its certificates say"
    )


class DatabaseSection(Section):
    """Where state is kept."""

    url: str = Field(
        default="", description="postgresql+psycopg://user@host/database; empty: SQLite in this directory"
    )


class KeysSection(Section):
    """Where private keys lie."""

    store: Literal["software"] = Field(default="software", description="software: encrypted files in keys/")


class Pkcs11Section(Section):
    """A PKCS#11 token: a hardware security module, a card, or SoftHSM."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] = Field(
        description="a short name in lower case, by which [[key]] chooses it"
    )
    module: str = Field(min_length=1, description="the library that its maker gives, such as libsofthsm2.so")
    label: Name = Field(description="the token's label")
    serial: str = Field(default="", description="its serial number, where several have that label")
    pin_file: str = Field(
        default="", description="a file with its PIN; empty: the environment variable SHIRUSHI_PIN_<NAME>"
    )
    personal: bool = Field(
        default=False,
        description="a person's own: the PIN is asked for with each signature, and kept nowhere",
    )


class KeySection(Section):
    """Keys of some label: where they lie, and how long and how often they may be used. The first that fits counts."""

    label: Name = Field(description="the label; * stands for any text")
    token: str = Field(default="", description="the token on which it is made; empty: in keys/")
    uses: int = Field(default=0, ge=0, description="how often it may sign in all; 0: without a limit")
    not_before: Moment = Field(default="", description="from when it may sign (RFC 3339); empty: at once")
    not_after: Moment = Field(default="", description="until when it may sign (RFC 3339); empty: for ever")


class PinSection(Section):
    """How PINs are guarded."""

    attempts: int = Field(default=5, ge=1, le=15, description="so many wrong PINs in a row lock a credential")


class AuditSection(Section):
    """The audit log."""

    key: Name = Field(default="audit", description="the label of the key that signs checkpoints")
    elsewhere: tuple[Path, ...] = Field(
        default=(), description="folders on other machines that keep checkpoints too"
    )


class CaSection(Section):
    """A certification authority."""

    name: Name = Field(description="the authority's name, as it was established")


class AcmeSection(Section):
    """Certificates for websites by ACME (RFC 8555); none where no authority is named."""

    authority: str = Field(default="", max_length=40, description="the authority that issues; empty: no ACME")
    profile: Name = Field(default="tls-server", description="the profile of the certificates")
    terms_of_service: str = Field(default="", description="the address of terms that accounts must agree to")
    external_accounts: bool = Field(
        default=False, description="whether accounts need a key that `shirushi ca acme-key` makes"
    )
    caa_identities: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,253}$")], ...] = Field(
        default=(),
        description="the names by which CAA records of domains name this authority; none: they are not looked at",
    )
    orders_an_hour: int = Field(default=300, ge=1, description="how many orders one account may make")
    failures_an_hour: int = Field(
        default=5, ge=1, description="how many challenges of one account for one name may fail"
    )
    accounts_an_hour: int = Field(default=500, ge=1, description="how many accounts may be made in all")
    resolvers: tuple[str, ...] = Field(
        default=(), description="name servers, host or host:port; none: those of /etc/resolv.conf"
    )
    seconds: float = Field(default=10.0, gt=0, le=60, description="how long one challenge may take")
    allow_private: bool = Field(
        default=False, description="whether hosts at private addresses may be asked, as within a company"
    )
    http_port: int = Field(
        default=80, ge=1, le=65535, description="the port of http-01; another in trials alone"
    )
    tls_port: int = Field(default=443, ge=1, le=65535, description="the port of tls-alpn-01; likewise")


class EstSection(Section):
    """Certificates for devices by EST (RFC 7030)."""

    label: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")] = Field(
        default="", description="the label in its addresses; empty: those without one"
    )
    authority: Name = Field(description="the authority that issues")
    profile: Name = Field(default="device", description="the profile of the certificates")
    code_days: float = Field(default=7, gt=0, le=366, description="how long an enrolment code can be used")


class EnrolmentSection(Section):
    """What holds for all certification requests."""

    compromised_keys: tuple[Path, ...] = Field(
        default=(),
        description="lists of compromised keys: openssl-blacklist, or SHA-256 of SubjectPublicKeyInfo",
    )


class TsaSection(Section):
    """A time-stamping unit."""

    name: Name = Field(description="what the unit is called")
    key: Name = Field(description="the label of its key")
    chain: Path = Field(description="its certificate and those above it, in PEM, its own first")
    policy: ObjectIdentifier = Field(description="the policy under which it makes tokens")
    accuracy_seconds: float = Field(
        1.0, gt=0, le=3600, description="the accuracy against UTC that it declares"
    )
    qualified: bool = Field(
        default=False, description="whether its tokens say that they are qualified (EN 319 422 §9.1)"
    )
    rotate_days: int = Field(
        default=30, ge=0, le=3650, description="so long before its key's usage ends it gets another; 0: never"
    )


class ClockSection(Section):
    """The clock guard: outside the accuracy that the time-stamping units declare, no token is made."""

    node: str = Field(
        default="", max_length=200, description="this machine's name in the records; empty: its host name"
    )
    least_sources: int = Field(
        default=3, ge=1, le=64, description="so many sources must be heard; with 3, one may be wrong"
    )
    poll_seconds: float = Field(default=16.0, ge=1, le=1024, description="how often the sources are asked")
    timeout_seconds: float = Field(default=1.0, gt=0, le=10, description="how long an answer is waited for")
    worst_drift_ppm: float = Field(
        default=200.0,
        gt=0,
        le=10_000,
        description="how far this machine's oscillator may run from UTC at worst",
    )
    step_milliseconds: int = Field(
        default=100, ge=10, le=1000, description="a jump of the system clock from which on it is a step"
    )
    record_seconds: int = Field(
        default=60, ge=1, le=86_400, description="how often a time-audit record is signed"
    )


class ClockSourceSection(Section):
    """A source of time that the system clock is held against."""

    name: Name = Field(description="what the source is called")
    kind: Literal["sntp", "chrony", "local"] = Field(
        default="sntp",
        description="sntp: a server; chrony: this machine's chronyd; local: the system clock itself, for trials",
    )
    server: str = Field(default="", max_length=255, description="host, or host:port, of an NTP server")
    traceable_to: str = Field(
        default="", max_length=200, description="the UTC(k) that its operator vouches for, such as UTC(NICT)"
    )
    smeared: bool = Field(
        default=False, description="whether it smears leap seconds; then it is refused, for that is not UTC"
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.kind == "sntp") != bool(self.server):
            raise ValueError("sntp, and nothing else, needs a server")
        return self


class TrustSection(Section):
    """Who is trusted."""

    anchors: tuple[Path, ...] = Field(
        default=(), description="certificates in PEM or DER; nobody else is trusted"
    )
    list_signers: tuple[Path, ...] = Field(
        default=(),
        description="certificates that sign lists of lists, as the official journal published them",
    )
    list_grace_days: int = Field(
        default=0,
        ge=0,
        le=30,
        description="for how many days a list still counts after its next edition was due",
    )
    refresh_hours: float = Field(
        default=6.0, gt=0, le=168, description="how often the lists of lists are looked up again"
    )
    party: Name = Field(default="JP", description="whose equivalents are asked for in mutual recognition")
    agreements: tuple[Path, ...] = Field(
        default=(), description="files or folders of parties and agreements of mutual recognition (TOML)"
    )
    example_agreements: bool = Field(
        default=False, description="whether the fictitious agreements that ship count: for trials alone"
    )
    cross_certificates: tuple[Path, ...] = Field(
        default=(), description="files or folders of cross-certificates that our anchors issued to bridges"
    )


class ListOfListsSection(Section):
    """A list of trusted lists, or a single trusted list, that is kept up to date."""

    name: Name = Field(description="what it is called, such as EU")
    location: Address = Field(description="where its newest edition is found, in XML or JSON")
    signers: tuple[Path, ...] = Field(
        min_length=1, description="certificates that sign it, as the official journal published them"
    )


class FederationSection(Section):
    """An OpenID Federation whose services are trusted over chains of statements."""

    name: Name = Field(description="the trust anchor's entity identifier, an https address")
    keys: Path = Field(description="the trust anchor's keys, as it published them: a JWK Set")
    chains: tuple[Path, ...] = Field(
        min_length=1,
        description="files or folders of trust chains, JSON arrays with the leaf's statement first",
    )
    entity_type: Name = Field(
        default="trust_service_provider", description="the metadata whose certificates are trusted"
    )


class FetchSection(Section):
    """Fetching revocation data and certificates from where certificates say they are."""

    allow_private: bool = Field(
        default=False,
        description="whether addresses of private networks and of this machine may be fetched from",
    )
    seconds: float = Field(default=10.0, gt=0, le=300, description="how long one fetch may take in all")
    megabytes: int = Field(default=32, ge=1, le=1024, description="the largest answer taken in")
    cache_seconds: float = Field(
        default=300.0, ge=0, le=86400, description="how long an answer is used again at most"
    )


class ServeSection(Section):
    """The running server."""

    host: str = Field(default="127.0.0.1", max_length=255, description="the address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="the port; 0: any that is free")
    workers: int = Field(default=2, ge=1, le=64, description="web processes")
    threads: int = Field(default=8, ge=1, le=256, description="use cases at once in each web process")
    lanes: int = Field(
        default=0, ge=0, le=64, description="processes that only answer time-stamp requests; 0: none"
    )
    lane_port: int = Field(
        default=8318, ge=0, le=65535, description="the port of those processes; 0: any that is free"
    )
    ocsp_lanes: int = Field(
        default=0, ge=0, le=64, description="processes that only answer OCSP requests; 0: none"
    )
    ocsp_port: int = Field(
        default=8319, ge=0, le=65535, description="the port of those processes; 0: any that is free"
    )
    certificate: str = Field(
        default="", description="its own TLS certificate chain in PEM; empty: plain HTTP"
    )
    key: str = Field(default="", description="the private key of that certificate, in PEM")
    proxies: tuple[str, ...] = Field(
        default=(), description="addresses of proxies whose X-Forwarded-For and -Proto are believed"
    )
    client_certificate_header: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9-]{0,60}$",
        description="the header in which those proxies tell a client's certificate; empty: none is believed",
    )
    document_megabytes: int = Field(default=100, ge=1, le=4096, description="the largest document taken in")
    requests_per_second: float = Field(
        default=50.0, gt=0, description="what one caller may ask of each web process in the long run"
    )
    burst: int = Field(default=100, ge=1, description="what a quiet caller may ask at once")
    idle_seconds: float = Field(
        default=10.0, gt=0, le=600, description="how long the next piece of a request is waited for"
    )
    at_once: int = Field(default=256, ge=1, description="requests that each web process has in hand at most")
    stop_seconds: int = Field(
        default=30, ge=1, le=3600, description="how long requests in hand may take when the server stops"
    )
    checkpoint_minutes: float = Field(default=5.0, gt=0, description="how often the audit log is bound")
    metrics_open: bool = Field(default=False, description="whether /metrics answers without a token")
    traces: str = Field(default="", description="an OTLP/HTTP address for OpenTelemetry traces; empty: none")


class SigningSection(Section):
    """How signatures are made."""

    time_stamps_from: str = Field(
        default="", description="the address of a time-stamping authority (RFC 3161); empty: our own"
    )


class RenewalSection(Section):
    """Renewing what was augmented here, before its newest time-stamp ceases to prove anything."""

    folders: tuple[Path, ...] = Field(
        default=(), description="where such documents lie; they are replaced by their renewals there"
    )
    days_before: int = Field(default=90, ge=0, le=3650, description="how long before it falls due")


class LogSection(Section):
    """What is logged, as JSON lines on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="from which level on"
    )


class Configuration(Section):
    """The whole of `shirushi.toml`."""

    domain: DomainSection
    database: DatabaseSection = DatabaseSection()
    keys: KeysSection = KeysSection()
    pkcs11: Annotated[tuple[Pkcs11Section, ...], AfterValidator(_distinct)] = ()
    key: tuple[KeySection, ...] = ()
    pin: PinSection = PinSection()
    audit: AuditSection = AuditSection()
    ca: Annotated[tuple[CaSection, ...], AfterValidator(_distinct)] = ()
    acme: AcmeSection = AcmeSection()
    est: tuple[EstSection, ...] = ()
    enrolment: EnrolmentSection = EnrolmentSection()
    tsa: Annotated[tuple[TsaSection, ...], AfterValidator(_distinct)] = ()
    clock: ClockSection = ClockSection()
    clock_source: Annotated[tuple[ClockSourceSection, ...], AfterValidator(_distinct)] = ()
    trust: TrustSection = TrustSection()
    list_of_lists: Annotated[tuple[ListOfListsSection, ...], AfterValidator(_distinct)] = ()
    federation: Annotated[tuple[FederationSection, ...], AfterValidator(_distinct)] = ()
    fetch: FetchSection = FetchSection()
    serve: ServeSection = ServeSection()
    signing: SigningSection = SigningSection()
    renewal: RenewalSection = RenewalSection()
    log: LogSection = LogSection()
