"""What revocation lists and OCSP responses say (RFC 5280 §5, RFC 6960)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.evidence.certificate import Certificate, DistributionPoint, GeneralName, Name
from shirushi.core.instant import Instant


class RevocationReason(Enum):
    """CRLReason (RFC 5280 §5.3.1)."""

    UNSPECIFIED = 0
    KEY_COMPROMISE = 1
    CA_COMPROMISE = 2
    AFFILIATION_CHANGED = 3
    SUPERSEDED = 4
    CESSATION_OF_OPERATION = 5
    CERTIFICATE_HOLD = 6
    REMOVE_FROM_CRL = 8
    PRIVILEGE_WITHDRAWN = 9
    AA_COMPROMISE = 10


class CertificateStatus(Enum):
    """CertStatus (RFC 6960 §4.2.1)."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RevokedEntry:
    """A revoked certificate on a list. `certificate_issuer` is set on indirect lists (RFC 5280 §5.3.3)."""

    serial_number: int
    revocation_time: Instant
    reason: RevocationReason | None = None
    invalidity_date: Instant | None = None
    certificate_issuer: Name | None = None
    unknown_critical: bool = False


@dataclass(frozen=True, slots=True)
class IssuingDistributionPoint:
    """RFC 5280 §5.2.5."""

    full_name: tuple[GeneralName, ...] = ()
    relative_name: bytes | None = None
    only_user_certificates: bool = False
    only_ca_certificates: bool = False
    only_attribute_certificates: bool = False
    only_some_reasons: frozenset[int] | None = None
    indirect: bool = False


@dataclass(frozen=True, slots=True)
class Crl:
    """A certificate revocation list. `id` is the hexadecimal SHA-256 of its DER.

    `entries` maps (certificate issuer's name, serial number) to the entry; the issuer is the list's own where the list
    is not indirect. `delta_base` is the BaseCRLNumber of a delta list. `expired_certs_on_crl` is the time since which
    certificates stay on the list after they have expired (X.509 §9.5.2.7); None where the list does not say.
    """

    id: str
    der: bytes = field(repr=False)
    issuer: Name
    this_update: Instant
    next_update: Instant | None
    signature_oid: str
    signature_algorithm: SignatureAlgorithm | None
    entries: Mapping[tuple[Name, int], RevokedEntry] = field(repr=False)
    number: int | None = None
    delta_base: int | None = None
    authority_key_identifier: bytes | None = None
    issuing_distribution_point: IssuingDistributionPoint | None = None
    freshest_crl: tuple[DistributionPoint, ...] = ()
    critical: frozenset[str] = frozenset()
    malformed: frozenset[str] = frozenset()
    expired_certs_on_crl: Instant | None = None
    _unknown: list[bool] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def has_unknown_critical_entries(self) -> bool:
        """Whether any entry has a critical extension that cannot be processed: looked for once."""
        if not self._unknown:
            self._unknown.append(any(entry.unknown_critical for entry in self.entries.values()))
        return self._unknown[0]


@dataclass(frozen=True, slots=True)
class CertificateIdentifier:
    """CertID (RFC 6960 §4.1.1)."""

    digest_algorithm: DigestAlgorithm
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial_number: int


@dataclass(frozen=True, slots=True)
class SingleResponse:
    """The status of one certificate (RFC 6960 §4.2.1). `certificate_hash` is CertHash (Common PKI)."""

    certificate: CertificateIdentifier
    status: CertificateStatus
    this_update: Instant
    next_update: Instant | None = None
    revocation_time: Instant | None = None
    reason: RevocationReason | None = None
    archive_cutoff: Instant | None = None
    certificate_hash: bytes | None = None
    critical: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OcspResponse:
    """A basic OCSP response. `id` is the hexadecimal SHA-256 of its DER (the BasicOCSPResponse).

    `responder` is a name, or the SHA-1 of the responder's public key as bytes.
    """

    id: str
    der: bytes = field(repr=False)
    responder: Name | bytes
    produced_at: Instant
    responses: tuple[SingleResponse, ...]
    signature_oid: str
    signature_algorithm: SignatureAlgorithm | None
    certificates: tuple[Certificate, ...] = ()
    nonce: bytes | None = None
    critical: frozenset[str] = frozenset()
