"""What a signature is qualified as (ETSI TS 119 615 §4.6), and a time-stamp (§4.7)."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.core.evidence import Certificate
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.qualification import (
    EIDAS,
    GRANTED,
    SUPERVISED,
    CertificateQualification,
    Conclusion,
    Purpose,
    Qualification,
    SignatureQualification,
    Step,
    TimeStampQualification,
)
from shirushi.core.reason import reason
from shirushi.core.trusted_list import ServiceType, in_language
from shirushi.core.verdict import Indication, SignatureVerdict
from shirushi.rules.equivalence import as_listed, under_agreement
from shirushi.rules.qualification.certificate import qualify_certificate, rivalry
from shirushi.rules.qualification.index import ServiceIndex

_Q = SignatureQualification
_CONCLUSIONS = {
    (Purpose.SIGNATURE, True): (_Q.QESIG, _Q.INDETERMINATE_QESIG),
    (Purpose.SIGNATURE, False): (_Q.ADESIG_QC, _Q.INDETERMINATE_ADESIG_QC),
    (Purpose.SEAL, True): (_Q.QESEAL, _Q.INDETERMINATE_QESEAL),
    (Purpose.SEAL, False): (_Q.ADESEAL_QC, _Q.INDETERMINATE_ADESEAL_QC),
    (Purpose.WEBSITE, True): (_Q.UNKNOWN_QC_QSCD, _Q.INDETERMINATE_UNKNOWN),
    (Purpose.WEBSITE, False): (_Q.UNKNOWN_QC, _Q.INDETERMINATE_UNKNOWN),
}


def qualify(verdict: SignatureVerdict, index: ServiceIndex, now: Instant) -> Qualification | None:
    """The qualification of a signature whose chain was found; None where there is none to ask the lists about."""
    certificate = verdict.signature.signing_certificate
    if certificate is None or not verdict.chain:
        return None
    best = verdict.best_signature_time or now
    at_issuance = qualify_certificate(certificate, verdict.chain, index, certificate.not_before)
    at_best = qualify_certificate(certificate, verdict.chain, index, best)
    kinds: list[tuple[str, TimeStampQualification]] = []
    steps: list[Step] = []
    for stamp in verdict.time_stamps:
        kind, found = TimeStampQualification.UNKNOWN, tuple[Step, ...]()
        if stamp.chain:
            kind, found = qualify_time_stamp(stamp.chain, index, stamp.gen_time)
        kinds.append((stamp.id, kind))
        steps += found
    conclusion: Conclusion = qualify_signature(verdict.indication, at_issuance, at_best)
    if verdict.signature.stands_alone:
        passed = verdict.indication is Indication.TOTAL_PASSED
        conclusion = kinds[0][1] if kinds and passed else TimeStampQualification.UNKNOWN
    return Qualification(conclusion, at_issuance, at_best, tuple(kinds), tuple(steps))


def qualify_signature(
    indication: Indication, at_issuance: CertificateQualification, at_best_time: CertificateQualification
) -> SignatureQualification:
    """Both times count: the certificate was issued as qualified, and the service still was when the signature was made.

    The purpose is that at issuance; the device is judged at best signature time (§4.6.3).
    """
    if indication is Indication.TOTAL_FAILED:
        return _Q.NOT_ADES
    passed = indication is Indication.TOTAL_PASSED
    if at_issuance.qualified is None or at_best_time.qualified is None:
        return _Q.UNKNOWN if passed else _Q.INDETERMINATE_UNKNOWN
    purpose = at_issuance.purpose or Purpose.SIGNATURE
    if at_issuance.qualified and at_best_time.qualified and at_best_time.purpose is at_issuance.purpose:
        conclusion = _CONCLUSIONS[(purpose, bool(at_best_time.qscd))]
        return conclusion[0] if passed else conclusion[1]
    if purpose is Purpose.SEAL:
        return _Q.ADESEAL if passed else _Q.INDETERMINATE_ADESEAL
    return _Q.ADESIG if passed else _Q.INDETERMINATE_ADESIG


def qualify_time_stamp(
    chain: Sequence[Certificate], index: ServiceIndex, at: Instant
) -> tuple[TimeStampQualification, tuple[Step, ...]]:
    """Whether the time-stamp comes from a qualified service: one that the lists name TSA/QTST and granted at `at`.

    `chain` runs from the unit's certificate upwards: a list may name the unit or its issuer.
    """
    steps: list[Step] = []
    good = GRANTED if at >= EIDAS else SUPERVISED
    result = TimeStampQualification.TSA
    for entry in index.matching(chain):
        native = entry.service.at(at)
        if native is None:
            continue
        if entry.source.rivals:
            steps.append(Step("MRA §3", None, rivalry(entry.source)))
            continue
        agreement = entry.source.agreement
        found = (as_listed(native),) if agreement is None else under_agreement(native, agreement, at)[0]
        for period in found:
            if period.service_type != ServiceType.TSA_QTST.value:
                continue
            name = in_language(native.names)
            granted = None if native.unknown_critical else period.status in good
            steps.append(
                Step(
                    "TS 119 615 §4.7",
                    granted,
                    reason(
                        "QUALIFICATION_STATUS",
                        service=name,
                        status=period.status.rpartition("/")[2],
                        since=rfc3339(native.start),
                    ),
                )
            )
            if granted:
                result = TimeStampQualification.QTSA
    return result, tuple(steps)
