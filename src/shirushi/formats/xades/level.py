"""The baseline level that a signature claims by what it carries (EN 319 132-1 §6), before any validation."""

from __future__ import annotations

from shirushi.codecs.xml.names import ds
from shirushi.core.evidence import Level, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.formats.long_term import tells_status
from shirushi.formats.xades.evidence import COUNTERSIGNED, Examination
from shirushi.formats.xades.properties import children, is_xades
from shirushi.formats.xades.stamps import ARCHIVE_STAMPS, REFERENCE_STAMPS, REFERENCES


def baseline_failings(examination: Examination) -> tuple[Reason, ...]:
    """What keeps a signature from B-B (EN 319 132-1 §6.3)."""
    if examination.signed_properties is None:
        return (reason("XADES_NOT_XADES"),)
    says, failings = examination.says, list[Reason]()
    if says.signing_time is None:
        failings.append(reason("XADES_PROPERTY_MISSING", property="SigningTime"))
    if not says.references:
        failings.append(reason("XADES_PROPERTY_MISSING", property="SigningCertificateV2"))
    if examination.certificate not in examination.key_info_certificates:
        failings.append(reason("XADES_PROPERTY_MISSING", property="KeyInfo/X509Certificate"))
    failings += _unformatted(examination)
    stamps = (each for each in examination.unsigned if is_xades(each, "SignatureTimeStamp"))
    if any(len(children(each, "EncapsulatedTimeStamp")) > 1 for each in stamps):
        failings.append(reason("XADES_PROPERTY_REPEATED", property="EncapsulatedTimeStamp"))
    legacy = legacy_level(examination)
    if legacy:
        failings.append(reason("XADES_LEGACY_LEVEL", level=legacy))
    return tuple(failings)


def _unformatted(examination: Examination) -> list[Reason]:
    """Every data object has a DataObjectFormat with its media type; a counter-signature needs none (§6.3 h)."""
    formatted = {each.object_reference for each in examination.says.formats if each.mime_type}
    return [
        reason("XADES_PROPERTY_MISSING", property=f"DataObjectFormat ({each.reference.uri or '-'})")
        for each in examination.resolved
        if each.element is not examination.signed_properties or each.source is None
        if each.reference.type != COUNTERSIGNED
        if each.element is None
        or each.element.tag not in {ds("SignatureValue"), ds("KeyInfo"), ds("Manifest")}
        if f"#{each.reference.id}" not in formatted
    ]


def legacy_level(examination: Examination) -> str:
    """The level of TS 101 903 that rests on references to validation data, which baseline leaves out; else empty."""
    unsigned = examination.unsigned
    if not any(is_xades(each, *REFERENCES) for each in unsigned):
        return ""
    if any(is_xades(each, *ARCHIVE_STAMPS) for each in unsigned):
        return "XAdES-A"
    if any(is_xades(each, "CertificateValues", "RevocationValues") for each in unsigned):
        return "XAdES-X-L"
    stamped = any(
        is_xades(each, *REFERENCE_STAMPS, "SigAndRefsTimeStamp", "SigAndRefsTimeStampV2") for each in unsigned
    )
    return "XAdES-X" if stamped else "XAdES-C"


def claimed_level(evidence: SignatureEvidence, failings: tuple[Reason, ...]) -> Level | None:
    """The level of a signature with its time-stamps and its validation material."""
    if failings:
        return None
    if not evidence.signature_timestamps and not evidence.archive_timestamps:
        return Level.B_B
    certificate = evidence.signing_certificate
    if certificate is None or not tells_status(certificate, evidence.crls, evidence.ocsp_responses):
        return Level.B_T
    return Level.B_LTA if evidence.archive_timestamps else Level.B_LT
