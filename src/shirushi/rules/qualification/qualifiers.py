"""What the qualifiers of a list's qualification extension do to a certificate's own claims (TS 119 612 §5.5.9.2.3)."""

from __future__ import annotations

from shirushi.core.instant import Instant
from shirushi.core.qualification import Purpose
from shirushi.core.reason import Reason, reason
from shirushi.rules.qualification.content import (
    CertificateContent,
    claimed_purpose,
    claims_qscd,
    claims_qualified,
)

_PURPOSES = {
    "QCForESig": Purpose.SIGNATURE,
    "QCForESeal": Purpose.SEAL,
    "QCForWSA": Purpose.WEBSITE,
}
_LEGAL_PERSON = "QCForLegalPerson"
_QUALIFIED = frozenset({"QCStatement", "NotQualified"})
_QSCD = frozenset({"QCWithSSCD", "QCWithQSCD", "QCQSCDManagedOnBehalf"})
_NO_QSCD = frozenset({"QCNoSSCD", "QCNoQSCD"})
_AS_IN_CERTIFICATE = frozenset({"QCSSCDStatusAsInCert", "QCQSCDStatusAsInCert"})


def contradiction(qualifiers: frozenset[str]) -> str:
    """Qualifiers that contradict one another (TS 119 615 §4.4.5); empty where none do."""
    for group in (qualifiers & _QUALIFIED, qualifiers & _PURPOSES.keys()):
        if len(group) > 1:
            return ", ".join(sorted(group))
    devices = [group for each in (_QSCD, _NO_QSCD, _AS_IN_CERTIFICATE) if (group := qualifiers & each)]
    return ", ".join(sorted(frozenset().union(*devices))) if len(devices) > 1 else ""


def qualified(
    content: CertificateContent, qualifiers: frozenset[str], issued: Instant
) -> tuple[bool, Reason]:
    """Whether the certificate is qualified, and what says so: the list overrides the certificate (TS 119 615 §4.4.6)."""
    deciding = sorted(qualifiers & _QUALIFIED)
    if deciding:
        return deciding == ["QCStatement"], reason("QUALIFICATION_BY_LIST", qualifier=deciding[0])
    if claims_qualified(content, issued):
        return True, reason("QUALIFICATION_BY_CERTIFICATE")
    if content.legislations:
        return False, reason("QUALIFICATION_OTHER_LAW", countries=", ".join(sorted(content.legislations)))
    return False, reason("QUALIFICATION_NOT_CLAIMED")


def purpose(content: CertificateContent, qualifiers: frozenset[str]) -> Purpose | None:
    """What the certificate is for, by the list, else by itself (§4.5.2); None where it says several things."""
    stated = [_PURPOSES[each] for each in qualifiers if each in _PURPOSES]
    if stated:
        return stated[0]
    return Purpose.SEAL if _LEGAL_PERSON in qualifiers else claimed_purpose(content)


def qscd(content: CertificateContent, qualifiers: frozenset[str], issued: Instant) -> bool:
    """Whether the key lies in a qualified device, by the list, else by the certificate (§4.5.3)."""
    if qualifiers & _QSCD:
        return True
    return not qualifiers & _NO_QSCD and claims_qscd(content, issued)
