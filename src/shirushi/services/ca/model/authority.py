"""Certification authorities: what an operator defines, and what stands once it is established."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, cached_property

from shirushi.codecs.asn1.issue import key_identifier
from shirushi.core.algorithms import KeyType, SignatureAlgorithm, signature_algorithm
from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant
from shirushi.services.ca.model.errors import DefinitionRefused
from shirushi.services.ca.model.name import DistinguishedName

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_URL = re.compile(r"(https?|ldap)://[!-~]+")
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")
PARTITION = "{partition}"
MOST_PARTITIONS = 256


@dataclass(frozen=True, slots=True)
class AuthorityDefinition:
    """What an operator decides of a certification authority.

    Attributes:
        name: a short name in lower case, which names the authority for ever (`root`, `issuing-2026`).
        subject: its distinguished name.
        key_type: the type of its key.
        key_label: a key of that type that lies in the key store already; one is generated where None.
        pss: whether an RSA key signs with RSASSA-PSS.
        not_before: the beginning of its certificate's validity; the present where None.
        not_after: the end; what the profile says where None, and never after its issuer's.
        path_length: how many authorities may follow below it (RFC 5280 §4.2.1.9); any number where None.
        crl_urls: where its CRL is published: said in the certificates that it issues, as are the next two.
        ocsp_urls: where its OCSP responder answers.
        ca_issuers_urls: where its own certificate is published.
        crl_validity: from thisUpdate to nextUpdate of its CRLs.
        ocsp_validity: from thisUpdate to nextUpdate of its OCSP answers.
        pds: disclosure statements as (URL, language) for qualified certificates (EN 319 412-5 §4.3.4).
        legislation: the countries under whose law its qualified certificates are qualified, where that is not the
            European Union's (EN 319 412-5 §4.2.4).
        retention_years: how long records on its qualified certificates are kept (EN 319 412-5 §4.3.3).
        cps: where its practice statement lies (RFC 5280 §4.2.1.4).
        policies: certificate policies of its own, as (profile, object identifier): what it issues by that profile asserts
            them before the profile's (RFC 5280 §4.2.1.4).
        partitions: over how many CRLs its certificates are spread by serial number; each of `crl_urls` and
            `delta_crl_urls` holds `{partition}`, 0 and up, where there are several.
        delta_crl_urls: where its delta CRL is published (RFC 5280 §4.2.1.15); none where there is none.
        delta_validity: from thisUpdate to nextUpdate of its delta CRLs.
        succeeds: the authority whose name and work this one takes over with another key; what is asked of that one is
            issued by this one as soon as it stands, and both go on telling the status of what they issued.
        lint: whether what it issues is linted first. Without, every certificate's audit row says so.
    """

    name: str
    subject: DistinguishedName
    key_type: KeyType
    key_label: str | None = None
    pss: bool = False
    not_before: Instant | None = None
    not_after: Instant | None = None
    path_length: int | None = None
    crl_urls: tuple[str, ...] = ()
    ocsp_urls: tuple[str, ...] = ()
    ca_issuers_urls: tuple[str, ...] = ()
    crl_validity: timedelta = timedelta(days=7)
    ocsp_validity: timedelta = timedelta(hours=1)
    pds: tuple[tuple[str, str], ...] = ()
    legislation: tuple[str, ...] = ()
    retention_years: int | None = None
    cps: str | None = None
    policies: tuple[tuple[str, str], ...] = ()
    partitions: int = 1
    delta_crl_urls: tuple[str, ...] = ()
    delta_validity: timedelta = timedelta(days=1)
    succeeds: str | None = None
    lint: bool = True

    @property
    def algorithm(self) -> SignatureAlgorithm:
        """What the authority signs with."""
        return _algorithm(self.key_type, self.pss)

    def partition_of(self, serial_number: int) -> int:
        """On which of its CRLs a certificate stands once it is revoked."""
        return serial_number % self.partitions

    def crl_urls_of(self, partition: int) -> tuple[str, ...]:
        """Where that CRL is published."""
        return _placed(self.crl_urls, partition)

    def delta_crl_urls_of(self, partition: int) -> tuple[str, ...]:
        """Where the delta to that CRL is published."""
        return _placed(self.delta_crl_urls, partition)

    def policies_of(self, profile: str) -> tuple[str, ...]:
        """The policies of its own that certificates of that profile assert."""
        return tuple(oid for of, oid in self.policies if of == profile)

    def published_under(self, address: str) -> AuthorityDefinition:
        """The same, its lists, answers and certificate found where the platform serves them under `address`.

        What the definition itself names stays.
        """
        part = f"/{PARTITION}" if self.partitions > 1 else ""
        return replace(
            self,
            crl_urls=self.crl_urls or (f"{address}/crl/{self.name}{part}.crl",),
            ocsp_urls=self.ocsp_urls or (f"{address}/ocsp",),
            ca_issuers_urls=self.ca_issuers_urls or (f"{address}/certificates/{self.name}.cer",),
        )

    def check(self) -> None:
        """Raise `DefinitionRefused` or `SubjectNameRefused` where it says something that cannot be."""
        if not _NAME.fullmatch(self.name):
            raise DefinitionRefused(name=self.name, detail="name")
        self.subject.encode()
        for url in (
            *self.crl_urls,
            *self.ocsp_urls,
            *self.ca_issuers_urls,
            *(location for location, _ in self.pds),
            *self.delta_crl_urls,
            *((self.cps,) if self.cps else ()),
        ):
            if not _URL.fullmatch(url):
                raise DefinitionRefused(name=self.name, detail=url)
        for _, oid in self.policies:
            if not _OID.fullmatch(oid):
                raise DefinitionRefused(name=self.name, detail=oid)
        if not 1 <= self.partitions <= MOST_PARTITIONS:
            raise DefinitionRefused(name=self.name, detail=f"partitions {self.partitions}")
        lists = (*self.crl_urls, *self.delta_crl_urls)
        if any((PARTITION in url) != (self.partitions > 1) for url in lists) or (
            self.partitions > 1 and not self.crl_urls
        ):
            raise DefinitionRefused(name=self.name, detail=f"partitions {self.partitions}: {PARTITION}")
        if not 0 <= (self.retention_years or 0) <= 200:
            raise DefinitionRefused(name=self.name, detail=f"retention_years {self.retention_years}")
        if self.path_length is not None and self.path_length < 0:
            raise DefinitionRefused(name=self.name, detail=f"path_length {self.path_length}")
        if min(self.crl_validity, self.ocsp_validity, self.delta_validity) < timedelta(seconds=1):
            raise DefinitionRefused(name=self.name, detail="crl_validity, ocsp_validity, delta_validity")
        for country in (*self.legislation, *(language.upper() for _, language in self.pds)):
            if not re.fullmatch("[A-Z]{2}", country):
                raise DefinitionRefused(name=self.name, detail=country)


def _placed(urls: tuple[str, ...], partition: int) -> tuple[str, ...]:
    return tuple(url.replace(PARTITION, str(partition)) for url in urls)


@cache
def _algorithm(key_type: KeyType, pss: bool) -> SignatureAlgorithm:  # noqa: FBT001  keys of a cache
    return signature_algorithm(key_type, pss=pss)


@dataclass(frozen=True)
class Authority:
    """An established certification authority. `issuer` names the authority above it, None for a root."""

    definition: AuthorityDefinition
    issuer: str | None
    key_label: str
    certificate: Certificate = field(repr=False)

    @property
    def name(self) -> str:
        """The authority's name."""
        return self.definition.name

    @cached_property
    def key_identifier(self) -> bytes:
        """The SHA-1 of its public key."""
        return key_identifier(self.certificate.public_key.spki)


@dataclass(frozen=True, slots=True)
class Responder:
    """A key and certificate that answer OCSP requests for one authority (RFC 6960 §2.6)."""

    key_label: str
    certificate: Certificate = field(repr=False)
    key_identifier: bytes
    algorithm: SignatureAlgorithm
