"""What a certificate says (RFC 5280 §4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.algorithms import KeyKind, SignatureAlgorithm
from shirushi.core.instant import Instant

_NO_REV_AVAIL = "2.5.29.56"


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name. Two names are equal when they match under RFC 5280 §7.1, whatever their encoding.

    `normal` holds, for each RDN in order, its (attribute type OID, prepared value) pairs; an empty tuple is the empty
    name. `text` is RFC 4514 in the order people read it.
    """

    normal: tuple[frozenset[tuple[str, str]], ...]
    der: bytes = field(compare=False)
    text: str = field(compare=False, default="")

    def __bool__(self) -> bool:
        return bool(self.normal)

    def get(self, oid: str) -> str | None:
        """The first value of an attribute type, as prepared for matching, or None."""
        return next((value for rdn in self.normal for kind, value in rdn if kind == oid), None)


class GeneralNameKind(Enum):
    """The alternatives of GeneralName (RFC 5280 §4.2.1.6), by context tag."""

    OTHER = 0
    EMAIL = 1
    DNS = 2
    X400 = 3
    DIRECTORY = 4
    EDI = 5
    URI = 6
    IP = 7
    REGISTERED_ID = 8


@dataclass(frozen=True, slots=True)
class GeneralName:
    """A general name; `value` is text for e-mail, DNS, URI and registered ID, a `Name` for directory names, else bytes."""

    kind: GeneralNameKind
    value: str | bytes | Name


class KeyUsage(Enum):
    """The bits of the key usage extension (RFC 5280 §4.2.1.3), by bit number."""

    DIGITAL_SIGNATURE = 0
    NON_REPUDIATION = 1
    KEY_ENCIPHERMENT = 2
    DATA_ENCIPHERMENT = 3
    KEY_AGREEMENT = 4
    KEY_CERT_SIGN = 5
    CRL_SIGN = 6
    ENCIPHER_ONLY = 7
    DECIPHER_ONLY = 8


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A subject public key. `spki` is its SubjectPublicKeyInfo in DER; `bits` the modulus or field size.

    `curve` is the object identifier of a named curve. `parameters_inherited` marks a DSA key that takes its parameters
    from its issuer (RFC 3279 §2.3.2).
    """

    spki: bytes
    kind: KeyKind | None
    bits: int
    curve: str | None = None
    parameters_inherited: bool = False


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """RFC 5280 §4.2.1.9."""

    ca: bool
    path_length: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyInformation:
    """A certificate policy and its qualifiers in DER (RFC 5280 §4.2.1.4)."""

    oid: str
    qualifiers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyConstraints:
    """RFC 5280 §4.2.1.11: after how many certificates each constraint begins, or None."""

    require_explicit_policy: int | None = None
    inhibit_policy_mapping: int | None = None


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """RFC 5280 §4.2.1.10. `minimum` and `maximum` other than their defaults make `unusable` true."""

    permitted: tuple[GeneralName, ...] = ()
    excluded: tuple[GeneralName, ...] = ()
    unusable: bool = False


@dataclass(frozen=True, slots=True)
class DistributionPoint:
    """Where a CRL is found, for which reasons, by which issuer (RFC 5280 §4.2.1.13).

    `relative_name` is the DER of a name relative to the CRL issuer; `reasons` are bit numbers of ReasonFlags.
    """

    full_name: tuple[GeneralName, ...] = ()
    relative_name: bytes | None = None
    reasons: frozenset[int] | None = None
    crl_issuer: tuple[GeneralName, ...] = ()


@dataclass(frozen=True, slots=True)
class QcStatement:
    """A statement for qualified certificates (EN 319 412-5); `info` is its DER or None.

    `words` are the object identifiers and country codes where the info lists such (QcType, QcCClegislation).
    """

    oid: str
    info: bytes | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extensions of a certificate; None where an extension is absent.

    `present` holds the object identifiers of all, `critical` of the critical ones. One that could not be parsed is in
    `malformed`; one that stands twice in `repeated`.
    """

    present: frozenset[str] = frozenset()
    critical: frozenset[str] = frozenset()
    malformed: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    basic_constraints: BasicConstraints | None = None
    key_usage: frozenset[KeyUsage] | None = None
    private_key_usage: tuple[Instant | None, Instant | None] | None = None
    """From when to when the key itself may be used (privateKeyUsagePeriod, RFC 3280 §4.2.1.4)."""
    extended_key_usage: frozenset[str] | None = None
    subject_key_identifier: bytes | None = None
    authority_key_identifier: bytes | None = None
    subject_alternative_names: tuple[GeneralName, ...] = ()
    certificate_policies: tuple[PolicyInformation, ...] | None = None
    policy_mappings: tuple[tuple[str, str], ...] = ()
    policy_constraints: PolicyConstraints | None = None
    inhibit_any_policy: int | None = None
    name_constraints: NameConstraints | None = None
    crl_distribution_points: tuple[DistributionPoint, ...] = ()
    freshest_crl: tuple[DistributionPoint, ...] = ()
    ocsp_urls: tuple[str, ...] = ()
    ca_issuers_urls: tuple[str, ...] = ()
    qc_statements: tuple[QcStatement, ...] = ()
    ocsp_no_check: bool = False
    short_term: bool = False
    """id-etsi-ext-valassured-ST-certs (EN 319 412-1 §5.2): valid for so short a time that it is never revoked."""

    @property
    def no_status_expected(self) -> bool:
        """Whether the issuer says that it will never be revoked: as above, or by noRevAvail (RFC 9608)."""
        return self.short_term or _NO_REV_AVAIL in self.present


@dataclass(frozen=True, slots=True)
class Certificate:
    """An X.509 certificate. `id` is the lower-case hexadecimal SHA-256 of its DER and names it in all evidence.

    `signature_algorithm` is None where the algorithm is unknown; `signature_oid` always holds its identifier.
    """

    id: str
    der: bytes = field(repr=False)
    version: int
    serial_number: int
    issuer: Name
    subject: Name
    not_before: Instant
    not_after: Instant
    public_key: PublicKey = field(repr=False)
    signature_oid: str
    signature_algorithm: SignatureAlgorithm | None
    extensions: Extensions = field(repr=False)

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name (RFC 5280 §6.1)."""
        return self.subject == self.issuer
