"""pyHanko as a judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from tests.interop.programs import laid_out, pem


@dataclass(frozen=True, slots=True)
class PyhankoSignature:
    """What pyHanko says of one embedded signature or document time-stamp."""

    field: str
    kind: str
    """/Sig or /DocTimeStamp."""
    intact: bool
    valid: bool
    trusted: bool
    bottom_line: bool
    coverage: str
    modification_level: str
    timestamp: datetime | None
    """The time of a signature time-stamp that it accepted, else None."""
    summary: str
    """Its summary, or the words of the error with which it refused."""


def pyhanko_validate(
    document: bytes | Path,
    roots: Sequence[bytes],
    *,
    intermediates: Sequence[bytes] = (),
    crls: Sequence[bytes] = (),
    at: datetime | None = None,
    last_only: bool = False,
) -> tuple[PyhankoSignature, ...]:
    """Ask pyHanko for every signature and document time-stamp, offline, with its default difference policy.

    `last_only` asks for the one that covers most of the file alone.

    Certificates and CRLs are PEM or DER. Revocation is checked where a CRL or an embedded answer is at hand.
    """

    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=[_certificate(item) for item in roots],
            other_certs=[_certificate(item) for item in intermediates],
            crls=[_crl(item) for item in crls],
            moment=at,
            allow_fetching=False,
        )

    verdicts = []
    with laid_out(document=document) as paths, paths["document"].open("rb") as stream:
        found = PdfFileReader(stream, strict=False).embedded_signatures
        for embedded in found[-1:] if last_only else found:
            try:
                status: PdfSignatureStatus | DocumentTimestampStatus = (
                    validate_pdf_timestamp(embedded, context())
                    if str(embedded.sig_object_type) == "/DocTimeStamp"
                    else validate_pdf_signature(embedded, context(), context())
                )
            except Exception as refusal:  # noqa: BLE001 - whatever it refuses with is its verdict
                verdicts.append(_refused(embedded, refusal))
            else:
                verdicts.append(_judged(embedded, status))
    return tuple(verdicts)


def _judged(
    embedded: EmbeddedPdfSignature, status: PdfSignatureStatus | DocumentTimestampStatus
) -> PyhankoSignature:
    stamped = status.timestamp_validity if isinstance(status, PdfSignatureStatus) else None
    level = status.modification_level
    return PyhankoSignature(
        field=embedded.field_name,
        kind=str(embedded.sig_object_type),
        intact=status.intact,
        valid=status.valid,
        trusted=status.trusted,
        bottom_line=status.bottom_line
        if isinstance(status, PdfSignatureStatus)
        else status.valid and status.intact and status.trusted,
        coverage=status.coverage.name if status.coverage is not None else "",
        modification_level=level.name if level is not None else "",
        timestamp=stamped.timestamp if stamped is not None and stamped.valid else None,
        summary=status.summary(),
    )


def _refused(embedded: EmbeddedPdfSignature, refusal: Exception) -> PyhankoSignature:
    return PyhankoSignature(
        field=embedded.field_name,
        kind=str(embedded.sig_object_type),
        intact=False,
        valid=False,
        trusted=False,
        bottom_line=False,
        coverage="",
        modification_level="",
        timestamp=None,
        summary=f"{type(refusal).__name__}: {refusal}",
    )


def _certificate(item: bytes) -> asn1_x509.Certificate:
    der = x509.load_pem_x509_certificate(pem(item)).public_bytes(Encoding.DER)
    certificate: asn1_x509.Certificate = asn1_x509.Certificate.load(der)  # type: ignore[no-untyped-call]  # no types
    return certificate


def _crl(item: bytes) -> bytes:
    load = x509.load_pem_x509_crl if item.lstrip().startswith(b"-----BEGIN") else x509.load_der_x509_crl
    return load(item).public_bytes(Encoding.DER)
