"""Certificates: asked for, issued, revoked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.evidence import Certificate, GeneralName, RevocationReason
from shirushi.core.instant import Instant
from shirushi.services.ca.model.name import DistinguishedName
from shirushi.services.ca.model.searching import Standing


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """What is asked of an authority.

    Attributes:
        authority: the name of the authority that shall issue.
        profile: the name of the certificate profile.
        subject: who is certified.
        public_key: the subject's SubjectPublicKeyInfo in DER. That the subject holds the private key was shown before.
        alternative_names: further names of the subject, such as an e-mail address.
        not_before: the beginning of the validity; the present where None.
        not_after: its end; what the profile says where None, and never after the issuer's.
    """

    authority: str
    profile: str
    subject: DistinguishedName
    public_key: bytes = field(repr=False)
    alternative_names: tuple[GeneralName, ...] = ()
    not_before: Instant | None = None
    not_after: Instant | None = None


class CertificateState(Enum):
    """How far a serial number has come."""

    RESERVED = "reserved"
    """The serial number and the intent are durable; no certificate has left."""
    ISSUED = "issued"
    ABANDONED = "abandoned"
    """The key could not be used: the serial number is never used again."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """When and why a certificate was revoked. `recorded_at` is when the authority was told."""

    serial_number: int
    revocation_time: Instant
    reason: RevocationReason
    recorded_at: Instant


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate that left this authority."""

    serial_number: int
    der: bytes = field(repr=False)
    authority: str
    profile: str
    not_before: Instant
    not_after: Instant
    revocation: Revocation | None = None

    @property
    def certificate(self) -> Certificate:
        """What it says, as evidence."""
        return parse_certificate(self.der)

    def standing(self, now: Instant) -> Standing:
        """How it stands at that moment."""
        if self.revocation is not None:
            held = self.revocation.reason is RevocationReason.CERTIFICATE_HOLD
            return Standing.ON_HOLD if held else Standing.REVOKED
        if now > self.not_after:
            return Standing.EXPIRED
        return Standing.VALID if now >= self.not_before else Standing.FUTURE


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """Issued certificates. `following` is where the next page begins, None at the end: see `CertificateAuthority.certificates`."""

    certificates: tuple[IssuedCertificate, ...]
    following: tuple[Instant, int] | None = None


@dataclass(frozen=True, slots=True)
class CrlRecord:
    """A published CRL. `revocations` counts the authority's acts of revocation and release that it includes.

    `partition` is which of the authority's CRLs it is, `base` the number of the complete CRL that a delta builds on.
    """

    number: int
    this_update: Instant
    next_update: Instant
    revocations: int
    der: bytes = field(repr=False)
    partition: int = 0
    base: int | None = None
