"""The baseline level that a signature claims by what it carries (EN 319 122-1 §6.3), before any validation."""

from __future__ import annotations

from collections.abc import Iterable

from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.formats.cades import oids
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.cms.structure import Signer

_LEGACY = (
    # what stands in unsigned attributes, by the most that it makes of a signature (TS 101 733 §4.4)
    ((oids.ARCHIVE_TIMESTAMP_V1, oids.ARCHIVE_TIMESTAMP_V2, oids.LONG_TERM_VALIDATION), "CAdES-A"),
    ((cms_oids.CERTIFICATE_VALUES, cms_oids.REVOCATION_VALUES), "CAdES-X-L"),
    ((oids.SIGNATURE_AND_REFERENCES_TIMESTAMP,), "CAdES-X Type 1"),
    ((oids.REFERENCES_TIMESTAMP,), "CAdES-X Type 2"),
    ((oids.CERTIFICATE_REFERENCES, oids.REVOCATION_REFERENCES), "CAdES-C"),
)
_ENCLOSED = (cms_oids.CERTIFICATE_VALUES, cms_oids.REVOCATION_VALUES)
_REFERENCES = (oids.CERTIFICATE_REFERENCES, oids.REVOCATION_REFERENCES)


def baseline_failings(
    evidence: SignatureEvidence, signer: Signer, certificates: Iterable[Certificate]
) -> tuple[Reason, ...]:
    """What keeps a signature from B-B (EN 319 122-1 §6.3). `certificates` are those of the SignedData itself."""
    failings: list[Reason] = []
    signed = {attribute.oid for attribute in signer.signed}
    certificate = evidence.signing_certificate
    if certificate is None or all(each.id != certificate.id for each in certificates):
        failings.append(reason("CADES_SIGNER_CERTIFICATE_MISSING"))
    if not signed & {cms_oids.SIGNING_CERTIFICATE, cms_oids.SIGNING_CERTIFICATE_V2}:
        failings.append(reason("CADES_CERTIFICATE_REFERENCE_MISSING"))
    elif (
        cms_oids.SIGNING_CERTIFICATE_V2 in signed
        and evidence.certificate_reference is not None
        and evidence.certificate_reference.digest.algorithm is DigestAlgorithm.SHA1
    ):
        failings.append(reason("CADES_CERTIFICATE_REFERENCE_SHA1"))
    if cms_oids.SIGNING_TIME not in signed:
        failings.append(reason("CADES_SIGNING_TIME_MISSING"))
    failings += [each for each in evidence.structure if each.code == "CMS_ATTRIBUTE_REPEATED"]
    return tuple(failings)


def legacy_level(signer: Signer) -> str:
    """What editions before EN 319 122-1 call a signature that carries such attributes; empty where it has none."""
    unsigned = {attribute.oid for attribute in signer.unsigned}
    return next((name for kinds, name in _LEGACY if unsigned & set(kinds)), "")


def legacy_failings(signer: Signer) -> tuple[Reason, ...]:
    """The legacy level, and whether the data that is referred to is missing."""
    name = legacy_level(signer)
    if not name:
        return ()
    unsigned = {attribute.oid for attribute in signer.unsigned}
    found = [reason("CADES_LEGACY_LEVEL", level=name)]
    if unsigned & set(_REFERENCES) and not unsigned & set(_ENCLOSED):
        found.append(reason("CADES_REFERENCES_ONLY"))
    return tuple(found)


def needs_no_status(certificate: Certificate) -> bool:
    """Whether no revocation data is expected of it (RFC 6960 §4.2.2.2.1, EN 319 412-1 §5.2)."""
    extensions = certificate.extensions
    return certificate.self_issued or extensions.ocsp_no_check or extensions.short_term


def claimed_level(
    failings: tuple[Reason, ...], *, stamped: bool, material: bool, legacy: bool, archived: bool
) -> Level | None:
    """The level, None where `failings` keep the signature from B-B.

    `material` is whether the SignedData tells the signing certificate's status; `legacy` whether attributes stand in it
    that B-LT forbids (EN 319 122-1 §6.3); `archived` whether an archive time-stamp covers all that.
    """
    if failings:
        return None
    if not stamped:
        return Level.B_B
    if not material or legacy:
        return Level.B_T
    return Level.B_LTA if archived else Level.B_LT


def forbidden_at_lt(signer: Signer) -> bool:
    """Whether the signature has attributes that a baseline signature of level B-LT must not have."""
    unsigned = {attribute.oid for attribute in signer.unsigned}
    return bool(unsigned & {*_ENCLOSED, *_REFERENCES, oids.REFERENCES_TIMESTAMP})
