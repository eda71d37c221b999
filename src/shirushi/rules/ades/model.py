"""The words that the building blocks hand to one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from shirushi.core.evidence import Certificate, Material, RevocationReason, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import Indication, Missing, SubIndication
from shirushi.rules.ades.policy import ValidationPolicy
from shirushi.rules.ades.severity import Severity
from shirushi.rules.path.model import Path, RevocationStatus, Status


class Purpose(Enum):
    """What a signature under validation is: a policy treats the two differently."""

    SIGNATURE = "signature"
    TIME_STAMP = "time-stamp"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The outcome of a building block (EN 319 102-1 §5.1.3).

    `reasons` say why it is not PASSED; `warnings` are what the policy only warns of. `missing` is what, once at hand,
    could lead to another outcome.
    """

    indication: Indication
    sub_indication: SubIndication | None = None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the block returned PASSED."""
        return self.indication is Indication.TOTAL_PASSED

    def is_indeterminate(self, *sub_indications: SubIndication) -> bool:
        """Whether the block returned INDETERMINATE with one of `sub_indications`."""
        return self.indication is Indication.INDETERMINATE and self.sub_indication in sub_indications

    def warned(self, warnings: Iterable[Reason]) -> Conclusion:
        """The same with further warnings, none twice."""
        return replace(self, warnings=tuple(dict.fromkeys((*self.warnings, *warnings))))


PASSED = Conclusion(Indication.TOTAL_PASSED)


def failed(sub_indication: SubIndication, *reasons: Reason) -> Conclusion:
    """FAILED; without a finer reason the one of the sub-indication itself."""
    return Conclusion(Indication.TOTAL_FAILED, sub_indication, reasons or (reason(sub_indication.name),))


def indeterminate(
    sub_indication: SubIndication, *reasons: Reason, missing: tuple[Missing, ...] = ()
) -> Conclusion:
    """INDETERMINATE; without a finer reason the one of the sub-indication itself."""
    return Conclusion(
        Indication.INDETERMINATE, sub_indication, reasons or (reason(sub_indication.name),), missing=missing
    )


@dataclass(frozen=True, slots=True)
class Findings:
    """What the checks of one block found, sorted by the severity that the policy gives each."""

    failures: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    def add(self, severity: Severity, *reasons: Reason) -> Findings:
        """With further findings; what the policy ignores is dropped."""
        if severity is Severity.FAIL:
            return replace(self, failures=(*self.failures, *reasons))
        return replace(self, warnings=(*self.warnings, *severity.told(*reasons)))


@dataclass(frozen=True, slots=True)
class ValidationContext:
    """The inputs of all building blocks (EN 319 102-1 §5.2.4). `time` is the current time of the validation."""

    material: Material
    anchors: tuple[TrustAnchor, ...]
    policy: ValidationPolicy
    time: Instant
    purpose: Purpose = Purpose.SIGNATURE
    _certificates: dict[str, Certificate] = field(default_factory=dict, init=False, repr=False, compare=False)

    def for_time_stamps(self) -> ValidationContext:
        """The same for the signature of a time-stamp token."""
        return replace(self, purpose=Purpose.TIME_STAMP)

    @property
    def usable_anchors(self) -> tuple[TrustAnchor, ...]:
        """The anchors trusted for the purpose, whatever the time."""
        wanted = (
            self.policy.signature_purposes
            if self.purpose is Purpose.SIGNATURE
            else self.policy.time_stamp_purposes
        )
        return tuple(a for a in self.anchors if not a.purposes or not a.purposes.isdisjoint(wanted))

    def certificate(self, identifier: str) -> Certificate | None:
        """The certificate of that id among material and anchors."""
        return self._every().get(identifier)

    def all_certificates(self) -> tuple[Certificate, ...]:
        """Every certificate at hand: the anchors', the material's and those inside OCSP responses, none twice."""
        return tuple(self._every().values())

    def _every(self) -> dict[str, Certificate]:
        if not self._certificates:
            every = self._certificates
            every |= {a.certificate.id: a.certificate for a in self.anchors}
            every |= {c.id: c for c in self.material.certificates}
            every |= {c.id: c for r in self.material.ocsp_responses for c in r.certificates}
            self.material.spend(len(every))
        return self._certificates


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """What revocation data told of one certificate of a chain.

    `required` is whether the policy demands a status.
    """

    certificate: Certificate
    issuer: Certificate
    status: RevocationStatus
    required: Severity


@dataclass(frozen=True, slots=True)
class ChainFinding:
    """One thing that keeps a chain from passing. `status` is the revocation status it rests on, where it does."""

    conclusion: Conclusion
    status: CertificateStatus | None = None

    @property
    def revocation_time(self) -> Instant | None:
        """When the certificate was revoked or suspended, where that is the finding."""
        return self.status.status.revocation_time if self.status else None

    @property
    def suspended(self) -> bool:
        """Whether the certificate was found on hold."""
        return (
            self.status is not None
            and self.status.status.status is Status.REVOKED
            and self.status.status.reason is RevocationReason.CERTIFICATE_HOLD
        )


@dataclass(frozen=True, slots=True)
class ChainResult:
    """What X.509 certificate validation returned (EN 319 102-1 §5.2.6.3), with what later blocks need of it.

    `path` is None where no chain was found. `findings` hold, in the standard's order, everything that keeps the chain
    from passing: a later block that heals the first must heal the others too. `statuses` run from the signing
    certificate upwards. `others` are further chains, none of which passes either: a later block may heal one of them.
    """

    path: Path | None = None
    findings: tuple[ChainFinding, ...] = ()
    statuses: tuple[CertificateStatus, ...] = ()
    warnings: tuple[Reason, ...] = ()
    others: tuple[ChainResult, ...] = ()

    @property
    def conclusion(self) -> Conclusion:
        """PASSED, or what the first finding says, with what the others lack."""
        if not self.findings:
            return PASSED.warned(self.warnings)
        missing = tuple(dict.fromkeys(m for f in self.findings for m in f.conclusion.missing))
        return replace(self.findings[0].conclusion, missing=missing).warned(self.warnings)

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """The certificates from the signing certificate to the anchor."""
        if self.path is None:
            return ()
        anchor = self.path.anchor.certificate
        certificates = self.path.certificates or (self.path.target,)
        return (*(c for c in certificates if c.id != anchor.id), anchor)

    @property
    def trust(self) -> str:
        """The anchor's name, empty when none was reached."""
        if self.path is None:
            return ""
        return self.path.anchor.name or self.path.anchor.certificate.subject.text


@dataclass(frozen=True, slots=True)
class BasicResult:
    """What a basic signature validation returned (EN 319 102-1 §5.3.3).

    `weak` is set where nothing but algorithms of the signature value or of signed attributes stand against it.
    """

    conclusion: Conclusion
    chain: ChainResult = field(default_factory=ChainResult)
    weak: bool = False
