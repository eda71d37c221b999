"""The question after the status of a certificate, and what revocation data answer to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from shirushi.core.evidence import Certificate, Material, RevocationReason, TrustAnchor
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.rules.path.building import candidate_paths
from shirushi.rules.path.entities import same_entity
from shirushi.rules.path.model import Path, PathFailureKind, RevocationStatus, Status
from shirushi.rules.path.validation import validate_path

ALL_REASONS = frozenset(range(1, 9))
"""The bits of ReasonFlags (RFC 5280 §4.2.1.13), of which the status must be known for all before it is good."""

COMPROMISES = frozenset({RevocationReason.KEY_COMPROMISE, RevocationReason.CA_COMPROMISE})

MAX_DEPTH = 4
"""How many signers of revocation data may stand one behind another."""

_SIGNER_PATHS = 4


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked: the status of `path.certificates[index]` at `at`, from the data in `material`.

    With `require_current`, data count only from thisUpdate to nextUpdate, and their signers must be known to be good;
    without, whoever asks judges their age, and a signer is refused only if known to be revoked. `pending` holds the ids
    of the certificates whose status waits for this one.
    """

    path: Path
    index: int
    at: Instant
    material: Material
    anchors: Sequence[TrustAnchor]
    require_current: bool
    pending: frozenset[str] = frozenset()

    @property
    def certificate(self) -> Certificate:
        """The certificate asked about."""
        return self.path.certificates[self.index]

    @property
    def issuer(self) -> Certificate:
        """The certificate of its issuer."""
        return self.path.issuer_of(self.index)

    @property
    def above(self) -> tuple[Certificate, ...]:
        """The certificates above it, up to and with the anchor's."""
        return (*self.path.certificates[self.index + 1 :], self.path.anchor.certificate)


Decide: TypeAlias = Callable[[Inquiry], RevocationStatus]
"""Answers an inquiry: handed down, for the signers of revocation data have a status as well."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one OCSP response, or one list with its delta, says: nothing against the certificate, or its revocation.

    `issued_at` is when the data were issued, `this_update` when the status that they tell was: of an OCSP response these
    are producedAt and thisUpdate (EN 319 102-1 §5.2.5.4 note 3). `covered` are the reasons that it speaks about.
    """

    source_id: str
    issued_at: Instant
    this_update: Instant
    next_update: Instant | None
    covered: frozenset[int]
    revocation_time: Instant | None = None
    reason: RevocationReason | None = None
    signer: Path | None = None

    @property
    def permanent(self) -> bool:
        """Whether it tells of a revocation that nothing undoes: any but a hold (RFC 5280 §5.3.1)."""
        return self.revocation_time is not None and self.reason is not RevocationReason.CERTIFICATE_HOLD


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed revocation data, with its path; None where that is the certificate's issuer."""

    certificate: Certificate
    path: Path | None = None


def not_current(
    inquiry: Inquiry, source: str, this_update: Instant, next_update: Instant | None
) -> Reason | None:
    """Why data of that period do not count at the time asked about, where they must be current (RFC 5280 §6.3.3 (a)).

    Data without nextUpdate are not shown to be current.
    """
    if not inquiry.require_current or (
        this_update <= inquiry.at and next_update is not None and inquiry.at <= next_update
    ):
        return None
    until = rfc3339(next_update) if next_update else "…"
    return reason(
        "REVOCATION_NOT_CURRENT",
        source=source,
        since=rfc3339(this_update),
        until=until,
        at=rfc3339(inquiry.at),
    )


def issued_too_late(
    inquiry: Inquiry, source: str, this_update: Instant, kept_since: Instant | None
) -> Reason | None:
    """Why silence about a certificate says nothing: it had expired, and no entry need be kept for it (RFC 5280 §3.3).

    `kept_since` is from which time of expiry on entries are kept nevertheless.
    """
    until = inquiry.certificate.not_after
    if this_update <= until or (kept_since is not None and kept_since <= until):
        return None
    return reason("REVOCATION_AFTER_EXPIRY", source=source, since=rfc3339(this_update), until=rfc3339(until))


def signer_path(inquiry: Inquiry, signer: Certificate, when: Instant, decide: Decide) -> Path | None:
    """A path of `signer` that holds at `when`, to the anchor that the inquiry's path ends at; None where none does.

    Its certificates are not revoked either, as far as that can be known (see `Inquiry`); those that the inquiry's path
    holds too are judged with it.
    """
    paths = candidate_paths(signer, inquiry.material, [inquiry.path.anchor], limit=_SIGNER_PATHS)
    return next((path for path in paths if is_reliable(inquiry, path, when, decide)), None)


def is_reliable(inquiry: Inquiry, path: Path, when: Instant, decide: Decide) -> bool:
    """Whether the path of a signer of revocation data holds at `when`.

    Whether the anchor is trusted at a time is a question about the inquiry's path, not about this one. A certificate
    whose status waits for this one is presumed to be good: a CRL issuer may be covered by its own lists.
    """
    failures = validate_path(path, when, inquiry.material).failures
    if any(failure.kind is not PathFailureKind.TRUST for failure in failures):
        return False
    pending = inquiry.pending | {inquiry.certificate.id}
    for index, certificate in enumerate(path.certificates):
        if certificate.id in pending or any(same_entity(certificate, known) for known in inquiry.above):
            continue
        if certificate.extensions.ocsp_no_check and index == 0:
            continue
        if len(pending) > MAX_DEPTH:
            return False
        status = decide(
            Inquiry(path, index, when, inquiry.material, inquiry.anchors, inquiry.require_current, pending)
        )
        compromised = status.revocation_time is not None and status.reason in COMPROMISES
        good_enough = status.status is Status.GOOD or (
            status.status is Status.UNKNOWN and not inquiry.require_current
        )
        if compromised or not good_enough:
            return False
    return True
