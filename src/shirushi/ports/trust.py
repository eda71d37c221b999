"""Ports between services: what one trust service may ask of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from shirushi.core.actor import Actor
from shirushi.core.algorithms import Digest
from shirushi.core.document import Document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Certificate, Level, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.qualification import Qualification
from shirushi.core.verdict import SignatureVerdict, Verdict
from shirushi.formats.protocol import SignatureParameters


class NoTrustAnchors(ShirushiError):
    """Nobody is trusted, so nothing can be judged."""

    code = "NO_TRUST_ANCHORS"


class MaterialUnavailable(ShirushiError):
    """Validation material could not be had: `certificate` names whose, `detail` each place with what went wrong there."""

    code = "MATERIAL_UNAVAILABLE"


class RevocationDataUnavailable(MaterialUnavailable):
    """No revocation data on the certificate could be had."""

    code = "REVOCATION_DATA_UNAVAILABLE"


class IssuerUnavailable(MaterialUnavailable):
    """The certificate of the certificate's issuer could not be had."""

    code = "ISSUER_UNAVAILABLE"


class TimeStamper(Protocol):
    """Gives time-stamp tokens (RFC 3161)."""

    def stamp(self, actor: Actor, imprint: Digest) -> bytes:
        """A TimeStampToken over `imprint`, in DER; raises a `ShirushiError` that says why there is none."""
        ...

    def token_size(self) -> int:
        """An upper bound of a token's length in bytes, for space that must be reserved before it is asked for."""
        ...


class Sealer(Protocol):
    """Seals documents with a legal person's e-seal."""

    def seal(
        self,
        actor: Actor,
        document: Document,
        by: str,
        *,
        level: Level = ...,
        parameters: SignatureParameters | None = None,
    ) -> Document:
        """The document sealed by the credential `by`; raises a `ShirushiError` that says why it is not."""
        ...


class RevocationSource(Protocol):
    """Finds revocation data and issuers' certificates.

    What is found comes one by one, the best first; whoever has enough asks no further. Nothing known is an empty
    answer; where places are known and all fail, a `MaterialUnavailable` names each, and the log has every failure.
    """

    def revocation_data(self, certificate: Certificate, issuer: Certificate, at: Instant) -> Iterable[bytes]:
        """DER of OCSP responses (BasicOCSPResponse) and CRLs that may tell the status of `certificate` at `at`.

        Raises `RevocationDataUnavailable`, at the call or on the way.
        """
        ...

    def issuers(self, certificate: Certificate) -> Iterable[bytes]:
        """DER of certificates that may have issued `certificate`; raises `IssuerUnavailable`, as above."""
        ...


class CertificateIssuer(Protocol):
    """Issues certificates for the keys of other services."""

    def renew(self, actor: Actor, certificate: Certificate, public_key: bytes) -> tuple[Certificate, ...]:
        """A certificate like `certificate` for another key (its SubjectPublicKeyInfo), with those above it.

        Raises a `ShirushiError` that says why there is none.
        """
        ...


class CertificateRegister(Protocol):
    """Knows the certificates that this domain issued."""

    def revoked_at(self, certificate: Certificate) -> Instant | None:
        """When `certificate` was revoked; None where it was not, or where others issued it."""
        ...


class TrustAnchors(Protocol):
    """Says who is trusted."""

    def anchors(self, at: Instant) -> tuple[TrustAnchor, ...]:
        """The anchors trusted at `at`; raises `NoTrustAnchors` where there is none, for then nothing can be judged."""
        ...


class Qualifier(Protocol):
    """Says what a verdict's signature is qualified as."""

    def qualified(self, verdict: SignatureVerdict, at: Instant) -> Qualification | None:
        """Its qualification by the trusted lists held for `at`; None where there is no list, or no chain to ask about."""
        ...


class Validator(Protocol):
    """Judges signed documents."""

    def validate(
        self,
        actor: Actor,
        document: Document,
        *,
        content: Sequence[Document] = ...,
        at: Instant | None = None,
        offline: bool = False,
    ) -> Verdict:
        """The verdict at `at`, by default now; `content` is what a detached signature covers. Raises `MalformedInput` where the document cannot be read."""
        ...
