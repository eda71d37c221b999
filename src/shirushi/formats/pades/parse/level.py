"""The baseline level that a signature claims by what it carries (EN 319 142-1 §6), before any validation."""

from __future__ import annotations

from shirushi.codecs.pdf.form import SignatureDictionary
from shirushi.core.evidence import Level, SignatureEvidence, SignatureFormat
from shirushi.core.reason import Reason, reason


def baseline_failings(evidence: SignatureEvidence, signature: SignatureDictionary) -> tuple[Reason, ...]:
    """What keeps a signature from B-B (EN 319 142-1 §6.3). `evidence` is as the CMS alone gave it."""
    if evidence.format is not SignatureFormat.PADES:
        return (reason("PADES_SUBFILTER_NOT_PADES", sub_filter=signature.sub_filter or "-"),)
    failings: list[Reason] = []
    if evidence.signing_certificate is None:
        failings.append(reason("PADES_SIGNER_CERTIFICATE_MISSING"))
    elif evidence.certificate_reference is None:
        failings.append(reason("PADES_CERTIFICATE_REFERENCE_MISSING"))
    if evidence.claimed_signing_time is not None:
        failings.append(reason("PADES_SIGNING_TIME_ATTRIBUTE"))
    if signature.time is None:
        failings.append(reason("PADES_CLAIMED_TIME_MISSING"))
    if signature.dictionary.get("Cert") is not None:
        failings.append(reason("PADES_CERT_ENTRY"))
    return tuple(failings)


def claimed_level(
    evidence: SignatureEvidence, failings: tuple[Reason, ...], *, material: bool, stamped_material: bool
) -> Level | None:
    """The level of a signature with its time-stamps in place.

    `material` is whether the document security store tells the status of the signing certificate, `stamped_material`
    whether a document time-stamp covers that store.
    """
    if failings:
        return None
    if not evidence.signature_timestamps and not evidence.archive_timestamps:
        return Level.B_B
    if not material:
        return Level.B_T
    return Level.B_LTA if stamped_material else Level.B_LT
