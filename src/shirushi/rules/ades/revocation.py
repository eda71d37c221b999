"""Which revocation data may speak of a certificate, and what it says."""

from __future__ import annotations

from dataclasses import replace

from shirushi.core.algorithms import SignatureAlgorithm
from shirushi.core.evidence import Certificate, Crl, Material, OcspResponse, PublicKey, SingleResponse
from shirushi.core.instant import Instant, rfc3339
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import Missing, MissingKind
from shirushi.rules.ades.freshness import is_fresh
from shirushi.rules.ades.model import CertificateStatus, Purpose, ValidationContext
from shirushi.rules.ades.severity import Severity
from shirushi.rules.path.model import Path, RevocationStatus, Status
from shirushi.rules.path.revocation import revocation_status

"""noRevAvail (RFC 9608 §2): no revocation data will ever be published for an end entity's certificate."""


def statuses_of(
    path: Path, at: Instant, context: ValidationContext, material: Material | None = None
) -> tuple[CertificateStatus, ...]:
    """The revocation status of every certificate of `path` at `at`, from `material` or else the context's."""
    return tuple(status_of(path, index, at, context, material) for index in range(len(path.certificates)))


def status_of(
    path: Path, index: int, at: Instant, context: ValidationContext, material: Material | None = None
) -> CertificateStatus:
    """The revocation status of one certificate of `path` at `at`."""
    certificate = path.certificates[index]
    at_hand = informative(certificate, material if material is not None else context.material)
    status = revocation_status(path, index, at, at_hand, context.anchors, require_current=False)
    signer = status.signer.target if status.signer else None
    if (
        signer is not None
        and status.status is Status.GOOD
        and not signer.not_before <= at <= signer.not_after
    ):
        status = _by_valid_signers(path, index, at, at_hand, context) or status
    required = revocation_required(certificate, index, context)
    return CertificateStatus(certificate, path.issuer_of(index), status, required)


def _by_valid_signers(
    path: Path, index: int, at: Instant, material: Material, context: ValidationContext
) -> RevocationStatus | None:
    """GOOD by the word of those who are within validity at `at`, None where they leave it open.

    The newest data is not always the one that can still be relied upon (§5.2.6.4): an OCSP responder may have expired
    where the issuer, whose list is older, has not.
    """
    material.spend(len(material.verified))
    valid = {c.id for c in context.all_certificates() if c.not_before <= at <= c.not_after}
    signed = {data for data, signer in material.verified if signer in valid}
    kept = replace(
        material,
        crls=tuple(c for c in material.crls if c.id in signed),
        ocsp_responses=tuple(r for r in material.ocsp_responses if r.id in signed),
    )
    status = revocation_status(path, index, at, kept, context.anchors, require_current=False)
    return status if status.status is Status.GOOD else None


def revocation_required(certificate: Certificate, index: int, context: ValidationContext) -> Severity:
    """Whether the policy demands a status; never for what its issuer says will not be revoked (EN 319 412-1 §5.2)."""
    policy = context.policy
    if index == 0:
        if certificate.extensions.no_status_expected:
            return Severity.IGNORE
        signer = context.purpose is Purpose.SIGNATURE
        return policy.signer_revocation if signer else policy.time_stamp_revocation
    if context.purpose is Purpose.SIGNATURE:
        return policy.ca_revocation
    return policy.time_stamp_ca_revocation


def informative(certificate: Certificate, material: Material) -> Material:
    """The material without revocation data from before the issuance of `certificate`: they say nothing of it."""
    material.spend(len(material.crls) + sum(len(r.responses) for r in material.ocsp_responses))
    crls = tuple(c for c in material.crls if c.this_update >= certificate.not_before)
    responses = tuple(
        r
        for r in material.ocsp_responses
        if all(single.this_update >= certificate.not_before for single in _singles(r, certificate))
    )
    if len(crls) == len(material.crls) and len(responses) == len(material.ocsp_responses):
        return material
    return replace(material, crls=crls, ocsp_responses=responses)


def _singles(response: OcspResponse, certificate: Certificate) -> tuple[SingleResponse, ...]:
    return tuple(s for s in response.responses if s.certificate.serial_number == certificate.serial_number)


def data_about(certificate: Certificate, material: Material) -> frozenset[str]:
    """The ids of the CRLs and OCSP responses that are meant for `certificate`, usable or not."""
    material.spend(len(material.crls) + sum(len(r.responses) for r in material.ocsp_responses))
    crls = {c.id for c in material.crls if c.issuer == certificate.issuer}
    return frozenset(crls | {r.id for r in material.ocsp_responses if _singles(r, certificate)})


def missing_data(item: CertificateStatus, at: Instant) -> Missing:
    """The request for data on a certificate's status."""
    return Missing(MissingKind.REVOCATION_DATA, item.certificate, item.issuer, at)


def freshness_severity(index: int, context: ValidationContext) -> Severity:
    """What the policy makes of data that is not fresh, on the certificate of that place in a chain."""
    if context.purpose is Purpose.TIME_STAMP:
        return context.policy.time_stamp_freshness
    of_ca = context.policy.ca_freshness if index else None
    return of_ca or context.policy.freshness


def fresh_at(item: CertificateStatus, at: Instant, context: ValidationContext) -> bool:
    """Whether the data behind a status is fresh enough to speak of `at` (§5.2.5); where there is none, nothing ages."""
    if item.required is Severity.IGNORE or item.status.status is Status.UNKNOWN:
        return True
    policy = context.policy
    limit = policy.max_freshness
    if limit is None and item.status.next_update is None:
        limit = policy.max_freshness_without_next_update
    return is_fresh(item.status, at, limit)


def still_stale(item: CertificateStatus, at: Instant, context: ValidationContext) -> Reason | None:
    """Why the data behind a status is too old to speak of `at`, None where it is fresh; unknown data is never fresh."""
    issued = item.status.issued_at
    if issued is not None and fresh_at(item, at, context):
        return None
    return reason(
        "REVOCATION_DATA_STALE",
        certificate=item.certificate.subject.text or f"#{item.certificate.serial_number:x}",
        issued=rfc3339(issued) if issued else "?",
        at=rfc3339(at),
    )


def revocation_issuer(item: CertificateStatus, context: ValidationContext) -> Certificate | None:
    """The certificate whose key signed the data behind a status, None where that is an anchor or there is no data."""
    if item.status.status is Status.UNKNOWN:
        return None
    signer = item.status.signer.target if item.status.signer else item.issuer
    key = (signer.subject, signer.public_key.spki)
    if any((a.certificate.subject, a.certificate.public_key.spki) == key for a in context.anchors):
        return None
    return signer


def data_algorithm(
    item: CertificateStatus, context: ValidationContext
) -> tuple[SignatureAlgorithm | None, PublicKey] | None:
    """The algorithm that signed the data behind a status, with the key; None where there is no data."""
    if item.status.status is Status.UNKNOWN:
        return None
    source = item.status.source_id
    signer = item.status.signer.target if item.status.signer else item.issuer
    every: tuple[Crl | OcspResponse, ...] = (*context.material.crls, *context.material.ocsp_responses)
    found = next((data for data in every if data.id == source), None)
    return (found.signature_algorithm, signer.public_key) if found else None


def signers_of_data(data: str, context: ValidationContext) -> tuple[Certificate, ...]:
    """The certificates under whose keys the CRL or OCSP response of that id verifies."""
    found = (context.certificate(each) for each in context.material.signer_ids(data))
    return tuple(each for each in found if each is not None)
