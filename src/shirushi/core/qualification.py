"""The words of ETSI TS 119 615: what a certificate, a time-stamp and a signature are qualified as, and by which steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TypeAlias

from shirushi.core.instant import Instant
from shirushi.core.reason import Reason

EIDAS = datetime(2016, 7, 1, tzinfo=UTC)
"""From here on Regulation (EU) No 910/2014 applies, and lists speak of granted and withdrawn; before, Directive 1999/93/EC."""

SVCSTATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
GRANTED = frozenset({f"{SVCSTATUS}granted"})
SUPERVISED = frozenset(
    f"{SVCSTATUS}{name}" for name in ("undersupervision", "supervisionincessation", "accredited", "granted")
) | frozenset(
    f"http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/Svcstatus/{name}"
    for name in ("undersupervision", "supervisionincessation", "accredited")
)
"""What counted as granted before `EIDAS` (TS 119 615 §4.4.4)."""


class Purpose(Enum):
    """What a qualified certificate is for (Regulation (EU) No 910/2014, Articles 28, 38, 45)."""

    SIGNATURE = "signature"
    SEAL = "seal"
    WEBSITE = "website"


class Ground(Enum):
    """Where a service's say comes from: the list itself, or an agreement that lets it count."""

    LISTED = "listed"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the procedure: its clause, whether it went on (None: it could not be told), and what it rested on."""

    clause: str
    passed: bool | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class ServiceSource:
    """The service and the period that decided: everything that names the entry again."""

    territory: str
    provider: str
    service: str
    service_type: str
    status: str
    period_start: Instant
    snapshot: str
    """The SHA-256 of the list's bytes, hexadecimal."""
    ground: Ground = Ground.LISTED
    agreement: str = ""
    """The legal identifier of the equivalence that was applied; empty where none was."""
    carried_by: str = ""
    """The SHA-256 of the list of lists that carries the agreement, hexadecimal; empty where none does."""

    @property
    def snapshots(self) -> frozenset[str]:
        """The digests of the lists that it rests on."""
        return frozenset(filter(None, (self.snapshot, self.carried_by)))


@dataclass(frozen=True, slots=True)
class CertificateQualification:
    """What a certificate is at one time (TS 119 615 §4.4, §4.5).

    `qualified` None means that the lists contradict one another, or cannot be understood: nothing is concluded.
    """

    at: Instant
    qualified: bool | None
    purpose: Purpose | None = None
    qscd: bool | None = None
    source: ServiceSource | None = None
    steps: tuple[Step, ...] = ()


class SignatureQualification(Enum):
    """The qualification of a signature or seal (TS 119 615 §4.6), best first."""

    QESIG = "QESig"
    QESEAL = "QESeal"
    ADESIG_QC = "AdESig-QC"
    ADESEAL_QC = "AdESeal-QC"
    ADESIG = "AdESig"
    ADESEAL = "AdESeal"
    UNKNOWN_QC_QSCD = "UnknownQC-QSCD"
    UNKNOWN_QC = "UnknownQC"
    UNKNOWN = "Unknown"
    INDETERMINATE_QESIG = "Indeterminate QESig"
    INDETERMINATE_QESEAL = "Indeterminate QESeal"
    INDETERMINATE_ADESIG_QC = "Indeterminate AdESig-QC"
    INDETERMINATE_ADESEAL_QC = "Indeterminate AdESeal-QC"
    INDETERMINATE_ADESIG = "Indeterminate AdESig"
    INDETERMINATE_ADESEAL = "Indeterminate AdESeal"
    INDETERMINATE_UNKNOWN = "Indeterminate"
    NOT_ADES = "Not AdES"


class TimeStampQualification(Enum):
    """The qualification of a time-stamp (TS 119 615 §4.7)."""

    QTSA = "QTSA"
    TSA = "TSA"
    UNKNOWN = "Unknown"


Conclusion: TypeAlias = SignatureQualification | TimeStampQualification
"""What a signature or seal is qualified as; of a time-stamp token or an evidence record by itself, what that is."""


@dataclass(frozen=True, slots=True)
class Qualification:
    """What a signature is qualified as, how that was found at both times that count, and what its time-stamps are.

    `time_stamps` are pairs of a time-stamp's id and its qualification, `steps` how those were found. `consulted` are the
    digests of all the lists that were asked: from them the same answer can be given again.
    """

    conclusion: Conclusion
    at_issuance: CertificateQualification
    at_best_signature_time: CertificateQualification
    time_stamps: tuple[tuple[str, TimeStampQualification], ...] = ()
    steps: tuple[Step, ...] = ()
    consulted: tuple[str, ...] = ()

    @property
    def snapshots(self) -> frozenset[str]:
        """The digests of the lists that it rests on."""
        sources = (self.at_issuance.source, self.at_best_signature_time.source)
        return frozenset().union(*(each.snapshots for each in sources if each))
