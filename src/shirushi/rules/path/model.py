"""The words of path validation."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.evidence import Certificate, RevocationReason, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason

ANY_POLICY = "2.5.29.32.0"


@dataclass(frozen=True, slots=True)
class Path:
    """A prospective path: `certificates` from the target up to the one that the anchor's key verifies.

    A target that is itself an anchor has an empty `certificates`.
    """

    target: Certificate
    certificates: tuple[Certificate, ...]
    anchor: TrustAnchor

    def issuer_of(self, index: int) -> Certificate:
        """The certificate whose key verifies `certificates[index]`."""
        below = index + 1
        return self.certificates[below] if below < len(self.certificates) else self.anchor.certificate


@dataclass(frozen=True, slots=True)
class PathParameters:
    """The inputs of RFC 5280 §6.1.1 that a policy sets.

    `max_path_length` is how many intermediate certificates that are not self-issued a path may have (None: any number).
    With `anchor_constraints`, the constraints in the anchor's own certificate hold for the path (RFC 5937 §3.2);
    without, the anchor gives its name and key alone, as in RFC 5280 §6.1.1 (d).
    """

    initial_policy_set: frozenset[str] = frozenset({ANY_POLICY})
    initial_explicit_policy: bool = False
    initial_policy_mapping_inhibit: bool = False
    initial_any_policy_inhibit: bool = False
    max_path_length: int | None = None
    anchor_constraints: bool = True


class PathFailureKind(Enum):
    """What kind of failure it is, so that EN 319 102-1 can name the sub-indication."""

    SIGNATURE = "signature"
    VALIDITY = "validity"
    CONSTRAINTS = "constraints"
    TRUST = "trust"
    """The anchor is not trusted at that time."""


@dataclass(frozen=True, slots=True)
class PathFailure:
    """Why a path is not valid, and at which certificate."""

    kind: PathFailureKind
    certificate: Certificate
    reason: Reason


@dataclass(frozen=True, slots=True)
class PathResult:
    """The outcome of RFC 5280 §6.1 without revocation: valid when `failures` is empty.

    `policies` is the user-constrained policy set, with {anyPolicy} where any is acceptable.
    """

    path: Path
    failures: tuple[PathFailure, ...]
    policies: frozenset[str] = field(default=frozenset())

    @property
    def valid(self) -> bool:
        """Whether the path may be relied upon, apart from revocation."""
        return not self.failures


class Status(Enum):
    """What revocation data say of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RevocationStatus:
    """The status of one certificate, and the data that tells it.

    `issued_at` is thisUpdate of a list or of a single response (EN 319 102-1 §5.2.5.4 note 3); `source_id` the id of the
    CRL or OCSP response. With UNKNOWN, `reasons` tells what is missing or unusable. A certificate revoked only after the
    time that was asked about is GOOD, with `revocation_time` and `reason` set. `signer` is the path of whoever signed
    the data, None where that is the certificate's issuer.
    """

    status: Status
    source_id: str = ""
    issued_at: Instant | None = None
    next_update: Instant | None = None
    revocation_time: Instant | None = None
    reason: RevocationReason | None = None
    reasons: tuple[Reason, ...] = ()
    signer: Path | None = None
