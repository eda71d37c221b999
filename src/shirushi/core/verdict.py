"""Verdicts: the indications of EN 319 102-1 §5.1.3 with their reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant
from shirushi.core.qualification import Qualification
from shirushi.core.reason import Reason


class Indication(Enum):
    """The main status (EN 319 102-1 §5.1.3), best first. PASSED and FAILED stand for building blocks' results too."""

    TOTAL_PASSED = "TOTAL_PASSED"
    INDETERMINATE = "INDETERMINATE"
    TOTAL_FAILED = "TOTAL_FAILED"


class SubIndication(Enum):
    """EN 319 102-1 table 6."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    SIGNATURE_POLICY_NOT_AVAILABLE = "SIGNATURE_POLICY_NOT_AVAILABLE"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND_NO_POE = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    OUT_OF_BOUNDS_NOT_REVOKED = "OUT_OF_BOUNDS_NOT_REVOKED"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    REVOCATION_OUT_OF_BOUNDS_NO_POE = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    NO_POE = "NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    CUSTOM = "CUSTOM"


class MissingKind(Enum):
    """What kind of material the rule asks for."""

    ISSUER_CERTIFICATE = "issuer-certificate"
    REVOCATION_DATA = "revocation-data"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the rule lacked: the service may fetch it and run the rule again.

    For an issuer's certificate, `certificate` is the one whose issuer is sought; for revocation data the one whose
    status is sought, with `issuer` at hand. `urls` are where the certificate says it can be found.
    """

    kind: MissingKind
    certificate: Certificate
    issuer: Certificate | None = None
    at: Instant | None = None


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """The verdict on one signature.

    `best_signature_time` is the earliest time at which the signature is proven to have existed (EN 319 102-1 §5.6),
    the validation time where nothing earlier is proven. `chain` runs from the signing certificate to the anchor.
    `trust` names the anchor, empty when none was reached. `time_stamps` are the verdicts on its time-stamp tokens.
    `reasons` say why the indication is not TOTAL_PASSED; `warnings` are what the policy only warns of.
    """

    signature: SignatureEvidence
    indication: Indication
    sub_indication: SubIndication | None
    reasons: tuple[Reason, ...]
    best_signature_time: Instant | None
    chain: tuple[Certificate, ...] = ()
    trust: str = ""
    level: Level | None = None
    missing: tuple[Missing, ...] = field(default=(), repr=False)
    time_stamps: tuple[TimeStampVerdict, ...] = ()
    warnings: tuple[Reason, ...] = ()
    information: tuple[Reason, ...] = ()
    """What the policy wants told, and nothing more."""
    qualification: Qualification | None = None
    """What trusted lists say of it; None where none were asked."""


@dataclass(frozen=True, slots=True)
class TimeStampVerdict:
    """The verdict on one time-stamp token: its indication holds at its own generation time where that is proven."""

    id: str
    indication: Indication
    sub_indication: SubIndication | None
    reasons: tuple[Reason, ...]
    gen_time: Instant
    trust: str = ""
    chain: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a document: that of its worst signature.

    A document without any signature has `indication` None: there is nothing to judge.
    """

    signatures: tuple[SignatureVerdict, ...]
    validation_time: Instant
    policy_digest: str = ""
    policy_name: str = ""
    policy_unmapped: tuple[str, ...] = ()
    """What the policy's own file demands and nobody checked here."""

    @property
    def worst(self) -> SignatureVerdict | None:
        """The signature whose verdict is the document's."""
        order = list(Indication)
        return max(self.signatures, key=lambda s: order.index(s.indication), default=None)

    @property
    def indication(self) -> Indication | None:
        """The worst signature's indication, None without signatures."""
        return self.worst.indication if self.worst else None

    @property
    def sub_indication(self) -> SubIndication | None:
        """The worst signature's sub-indication."""
        return self.worst.sub_indication if self.worst else None

    @property
    def best_signature_time(self) -> Instant | None:
        """The worst signature's best signature time."""
        return self.worst.best_signature_time if self.worst else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All signatures' reasons, the worst one's first, none twice."""
        ordered = sorted(self.signatures, key=lambda s: s is not self.worst)
        return tuple(dict.fromkeys(r for s in ordered for r in s.reasons))
