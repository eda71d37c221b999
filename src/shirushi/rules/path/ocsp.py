"""What OCSP responses say of a certificate: RFC 6960 §3.2, §4.2.2."""

from __future__ import annotations

from collections.abc import Iterator

from shirushi.codecs.asn1.keys import subject_key_bits
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import (
    Certificate,
    CertificateIdentifier,
    CertificateStatus,
    KeyUsage,
    Name,
    OcspResponse,
    RevocationReason,
    SingleResponse,
)
from shirushi.core.reason import Reason, reason
from shirushi.rules.path.entities import verifies
from shirushi.rules.path.extensions import OCSP_SIGNING, PROCESSABLE_IN_OCSP
from shirushi.rules.path.inquiry import (
    ALL_REASONS,
    Decide,
    Finding,
    Inquiry,
    Signer,
    is_reliable,
    issued_too_late,
    not_current,
)
from shirushi.rules.path.model import Path

RESPONDER_PURPOSES = frozenset(
    {
        OCSP_SIGNING,
        "http://uri.etsi.org/TrstSvc/Svctype/Certstatus/OCSP",
        "http://uri.etsi.org/TrstSvc/Svctype/Certstatus/OCSP/QC",
    }
)
"""The purposes for which an anchor is a responder trusted by decision (RFC 6960 §4.2.2.2; TS 119 612 §5.5.1)."""

_IDENTIFIED = 50
"""What a response costs that may be about the certificate."""

_HASH_BY_LENGTH = {
    20: DigestAlgorithm.SHA1,
    32: DigestAlgorithm.SHA256,
    48: DigestAlgorithm.SHA384,
    64: DigestAlgorithm.SHA512,
}


def ocsp_findings(inquiry: Inquiry, decide: Decide) -> Iterator[Finding | Reason]:
    """What each response says that is about the certificate, or why it counts for nothing."""
    for response in inquiry.material.ocsp_responses:
        inquiry.material.spend(1 + len(response.responses))
        for single in response.responses:
            if single.certificate.serial_number != inquiry.certificate.serial_number:
                continue
            inquiry.material.spend(_IDENTIFIED)
            if identifies(single.certificate, inquiry.certificate, inquiry.issuer):
                yield _finding(inquiry, response, single, decide)


def identifies(identifier: CertificateIdentifier, certificate: Certificate, issuer: Certificate) -> bool:
    """Whether a CertID means `certificate`, issued by `issuer` (RFC 6960 §4.1.1), under whatever digest it uses."""
    if identifier.serial_number != certificate.serial_number:
        return False
    try:
        digest = identifier.digest_algorithm.digest
        return identifier.issuer_name_hash in {
            digest(certificate.issuer.der),
            digest(issuer.subject.der),
        } and identifier.issuer_key_hash == digest(subject_key_bits(issuer.public_key.spki))
    except (UnsupportedAlgorithm, MalformedInput):
        return False


def _finding(
    inquiry: Inquiry, response: OcspResponse, single: SingleResponse, decide: Decide
) -> Finding | Reason:
    source = _source(response)
    unknown = sorted((response.critical | single.critical) - PROCESSABLE_IN_OCSP)
    if unknown:
        return reason("REVOCATION_EXTENSION_UNKNOWN", source=source, oid=unknown[0])
    if single.status is CertificateStatus.UNKNOWN:
        return reason("OCSP_STATUS_UNKNOWN", source=source)
    if single.certificate_hash is not None and not _is_hash_of(single.certificate_hash, inquiry.certificate):
        return reason("OCSP_CERTIFICATE_HASH_DIFFERS", source=source)
    stale = not_current(inquiry, source, single.this_update, single.next_update)
    if stale:
        return stale
    revoked = single.status is CertificateStatus.REVOKED
    if not revoked and single.certificate_hash is None:
        too_late = issued_too_late(inquiry, source, single.this_update, single.archive_cutoff)
        if too_late:
            return too_late
    signer = _signer(inquiry, response, decide)
    if signer is None:
        return reason("OCSP_RESPONDER_NOT_AUTHORIZED", source=source)
    return Finding(
        source_id=response.id,
        issued_at=response.produced_at,
        this_update=single.this_update,
        next_update=single.next_update,
        covered=ALL_REASONS,
        revocation_time=(single.revocation_time or single.this_update) if revoked else None,
        reason=(single.reason or RevocationReason.UNSPECIFIED) if revoked else None,
        signer=signer.path,
    )


def _signer(inquiry: Inquiry, response: OcspResponse, decide: Decide) -> Signer | None:
    """Who signed the response, if it may speak for the issuer (RFC 6960 §4.2.2.2).

    That is the issuer's own key, a responder trusted by decision, or one with a certificate for OCSP signing that the
    issuer's same key signed and that was valid when the response was produced.
    """
    issuer = inquiry.issuer
    if _is_responder(response, issuer) and verifies(inquiry.material, response.id, issuer):
        return Signer(issuer)
    for anchor in inquiry.anchors:
        if (
            anchor.purposes & RESPONDER_PURPOSES
            and _is_responder(response, anchor.certificate)
            and verifies(inquiry.material, response.id, anchor.certificate)
            and (anchor.valid_from is None or anchor.valid_from <= response.produced_at)
            and (anchor.valid_until is None or response.produced_at <= anchor.valid_until)
        ):
            return Signer(anchor.certificate, Path(anchor.certificate, (), anchor))
    inquiry.material.spend(len(response.certificates))
    signers = inquiry.material.signers_of(response.id)
    for delegate in {c.id: c for c in (*response.certificates, *signers)}.values():
        if (
            inquiry.material.is_signed_by(response.id, delegate)
            and _is_responder(response, delegate)
            and _may_sign_responses(delegate)
            and delegate.issuer == issuer.subject
            and verifies(inquiry.material, delegate.id, issuer)
        ):
            path = Path(
                delegate, (delegate, *inquiry.path.certificates[inquiry.index + 1 :]), inquiry.path.anchor
            )
            if is_reliable(inquiry, path, response.produced_at, decide):
                return Signer(delegate, path)
    return None


def _is_responder(response: OcspResponse, certificate: Certificate) -> bool:
    """Whether the ResponderID means `certificate` (RFC 6960 §4.2.1)."""
    if isinstance(response.responder, Name):
        return response.responder == certificate.subject
    try:
        return response.responder == DigestAlgorithm.SHA1.digest(
            subject_key_bits(certificate.public_key.spki)
        )
    except MalformedInput:
        return False


def _may_sign_responses(certificate: Certificate) -> bool:
    """Whether it is for OCSP signing, and its key for signatures."""
    extensions = certificate.extensions
    return OCSP_SIGNING in (extensions.extended_key_usage or ()) and (
        extensions.key_usage is None
        or not extensions.key_usage.isdisjoint({KeyUsage.DIGITAL_SIGNATURE, KeyUsage.NON_REPUDIATION})
    )


def _is_hash_of(value: bytes, certificate: Certificate) -> bool:
    """Whether a CertHash (Common PKI part 4 §3.1.2) is the certificate's; its length tells the digest."""
    algorithm = _HASH_BY_LENGTH.get(len(value))
    return algorithm is not None and algorithm.digest(certificate.der) == value


def _source(response: OcspResponse) -> str:
    responder = response.responder
    return responder.text if isinstance(responder, Name) else responder.hex()
