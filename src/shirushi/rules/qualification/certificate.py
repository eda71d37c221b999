"""What a certificate is qualified as at one time (ETSI TS 119 615 §4.4 and §4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import (
    EIDAS,
    GRANTED,
    SUPERVISED,
    CertificateQualification,
    Ground,
    Purpose,
    Step,
)
from shirushi.core.reason import Reason, reason
from shirushi.core.trusted_list import ServiceType, in_language
from shirushi.rules.equivalence import EffectivePeriod, as_listed, under_agreement
from shirushi.rules.qualification import qualifiers as by_list
from shirushi.rules.qualification.content import meets, own_content, translated
from shirushi.rules.qualification.index import Entry, ServiceIndex, SourceList

_SIE = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
_OFFERED = {
    f"{_SIE}ForeSignatures": Purpose.SIGNATURE,
    f"{_SIE}ForeSeals": Purpose.SEAL,
    f"{_SIE}ForWebSiteAuthentication": Purpose.WEBSITE,
}


def qualify_certificate(
    certificate: Certificate, chain: Sequence[Certificate], index: ServiceIndex, at: Instant
) -> CertificateQualification:
    """What `certificate` is at `at` by the lists in `index`. `chain` runs from it upwards and is valid already."""
    steps: list[Step] = []
    opinions: list[_Opinion] = []
    for entry in index.matching(chain[1:] or chain):
        opinions += [_Opinion(certificate, entry, each, at) for each in _periods(entry, at, steps)]
    if not opinions:
        said = reason("QUALIFICATION_NO_SERVICE", at=rfc3339(at))
        steps.append(Step("TS 119 615 §4.4.4", passed=False, reason=said))
        decided = None if any(each.reason.code == "EQUIVALENCE_RIVALS" for each in steps) else False
        return CertificateQualification(at, qualified=decided, steps=tuple(steps))
    conclusions = [each.concluded() for each in opinions]
    heard = [each for each in conclusions if each.qualified is not False] or conclusions
    steps += [step for each in heard for step in each.steps]
    if len({(each.qualified, each.purpose, each.qscd) for each in heard}) > 1:
        names = ", ".join(each.source.service for each in heard if each.source)
        steps.append(Step("TS 119 615 §4.4.4", None, reason("QUALIFICATION_CONFLICT", services=names)))
        return CertificateQualification(at, qualified=None, source=heard[0].source, steps=tuple(steps))
    first = heard[0]
    return CertificateQualification(
        at, first.qualified, first.purpose, first.qscd, first.source, tuple(steps)
    )


def _periods(entry: Entry, at: Instant, steps: list[Step]) -> Iterator[EffectivePeriod]:
    """What the service was at `at` in our terms, where it issues qualified certificates; `steps` take how that was found."""
    name = in_language(entry.service.current.names)
    native = entry.service.at(at)
    if native is None:
        said = reason("QUALIFICATION_LATER", service=name, at=rfc3339(at))
        steps.append(Step("TS 119 615 §4.3.4", passed=False, reason=said))
        return
    if entry.source.rivals:
        steps.append(Step("MRA §3", None, rivalry(entry.source)))
        return
    agreement = entry.source.agreement
    found: tuple[EffectivePeriod, ...] = (as_listed(native),)
    if agreement is not None:
        found, refusals = under_agreement(native, agreement, at)
        steps += [Step("MRA §3", None if _ambiguous(each) else False, each) for each in refusals]
    for period in found:
        if period.applied is not None:
            said = reason("EQUIVALENCE_APPLIED", rule=period.applied.identifier, service=name)
            steps.append(Step("MRA §3", passed=True, reason=said))
        if period.service_type == ServiceType.CA_QC.value:
            yield period


def rivalry(source: SourceList) -> Reason:
    """Which lists of lists hold different agreements for one list."""
    lists = ", ".join(each[:16] for each in source.rivals)
    return reason("EQUIVALENCE_RIVALS", territory=source.trusted_list.territory, lists=lists)


def _ambiguous(said: Reason) -> bool:
    return said.code == "EQUIVALENCE_AMBIGUOUS"


@dataclass(frozen=True, slots=True)
class _Opinion:
    """One service asked about one certificate."""

    certificate: Certificate
    entry: Entry
    period: EffectivePeriod
    at: Instant

    def concluded(self) -> CertificateQualification:
        """What the service says, with the steps up to the one that decided."""
        native, issued = self.period.native, self.certificate.not_before
        if native.unknown_critical:
            unknown = ", ".join(native.unknown_critical)
            said = reason("QUALIFICATION_EXTENSION", service=self._name, extension=unknown)
            return self._answer(None, self._step("§4.3.4", None, said))
        granted = self._status()
        if not granted.passed:
            return self._answer(False, granted)  # noqa: FBT003  an answer, as those below
        applied = [(each, meets(each.criteria, self.certificate)) for each in self.period.qualifications]
        qualifiers = frozenset(_last(name) for each, met in applied if met for name in each.qualifiers)
        if any(met is None for _, met in applied):
            said = reason("QUALIFICATION_CRITERIA", service=self._name)
            return self._answer(None, granted, self._step("§4.4.5", None, said))
        clash = by_list.contradiction(qualifiers)
        if clash:
            said = reason("QUALIFICATION_QUALIFIERS", service=self._name, qualifiers=clash)
            return self._answer(None, granted, self._step("§4.4.5", None, said))
        content = own_content(self.certificate)
        if self.period.applied is not None:
            content = translated(self.certificate, content, self.period.applied.contents(issued))
        qualified, why = by_list.qualified(content, qualifiers, issued)
        claim = self._step("§4.4.6", qualified, why)
        if not qualified:
            return self._answer(False, granted, claim)  # noqa: FBT003
        purpose = by_list.purpose(content, qualifiers)
        offered = {_OFFERED[each] for each in self.period.additional_information if each in _OFFERED}
        if self.at >= EIDAS and purpose not in offered:
            verdict = None if purpose is None else False
            return self._answer(verdict, granted, claim, self._not_offered(purpose, offered))
        qscd = by_list.qscd(content, qualifiers, issued)
        device = self._step("§4.5.3", qscd, reason("QUALIFICATION_QSCD" if qscd else "QUALIFICATION_NO_QSCD"))
        return self._answer(True, granted, claim, device, purpose=purpose, qscd=qscd)  # noqa: FBT003

    @property
    def _name(self) -> str:
        return in_language(self.period.native.names)

    def _status(self) -> Step:
        said = reason(
            "QUALIFICATION_STATUS",
            service=self._name,
            status=_last(self.period.status),
            since=rfc3339(self.period.native.start),
        )
        good = GRANTED if self.at >= EIDAS else SUPERVISED
        return self._step("§4.4.4", self.period.status in good, said)

    def _not_offered(self, purpose: Purpose | None, offered: set[Purpose]) -> Step:
        said = reason(
            "QUALIFICATION_PURPOSE",
            service=self._name,
            purpose=purpose.value if purpose else "?",
            offered=", ".join(sorted(each.value for each in offered)) or "-",
        )
        return Step("TS 119 615 §4.4.4", passed=False, reason=said)

    @staticmethod
    def _step(clause: str, passed: bool | None, said: Reason) -> Step:  # noqa: FBT001  a step's outcome
        return Step(f"TS 119 615 {clause}", passed, said)

    def _answer(
        self,
        qualified: bool | None,  # noqa: FBT001  as above
        *steps: Step,
        purpose: Purpose | None = None,
        qscd: bool | None = None,
    ) -> CertificateQualification:
        applied, source = self.period.applied, self.entry.source_at(self.at)
        if applied is not None and source is not None:
            source = replace(
                source,
                ground=Ground.AGREEMENT,
                agreement=applied.identifier,
                carried_by=self.entry.source.carried_by,
            )
        return CertificateQualification(self.at, qualified, purpose, qscd, source, steps)


def _last(uri: str) -> str:
    return uri.rstrip("/").rpartition("/")[2]
