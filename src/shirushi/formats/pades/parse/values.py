"""One signature dictionary, and the evidence that its value gives, by its `/SubFilter` (ISO 32000-2 table 260)."""

from __future__ import annotations

import dataclasses
import hashlib

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.codecs.pdf.form import SignatureDictionary, SignatureField
from shirushi.codecs.pdf.view import PdfView
from shirushi.core import primitives
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import Certificate, Reference, SignatureEvidence, SignatureFormat
from shirushi.core.reason import Reason, reason
from shirushi.formats.cms.evidence import Digester, cms_evidence
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.pades.parse.coverage import Coverage

PADES = "ETSI.CAdES.detached"
TIMESTAMP = "ETSI.RFC3161"
_DETACHED = "adbe.pkcs7.detached"
_DIGEST_INSIDE = "adbe.pkcs7.sha1"
_BARE = "adbe.x509.rsa_sha1"
_BYTES = "ByteRange"
_NOT_THESE_BYTES = Reference(_BYTES, found=True, intact=False)
_RSA_OID = "1.2.840.113549.1.1.1"


@dataclasses.dataclass(frozen=True, slots=True)
class SignedField:
    """A signature field that holds a signature, and what that covers."""

    field: SignatureField
    signature: SignatureDictionary
    coverage: Coverage

    @property
    def is_timestamp(self) -> bool:
        """Whether it is a document time-stamp (EN 319 142-1 §5.4.3)."""
        return self.signature.sub_filter == TIMESTAMP


def read_value(
    view: PdfView, signed: SignedField, certificates: tuple[Certificate, ...]
) -> SignatureEvidence:
    """The evidence of a signature. A value that cannot be read is evidence too: of a broken structure."""
    signature, content = signed.signature, signed.coverage.digester(view.document)
    sub_filter = signature.sub_filter or ""
    try:
        if sub_filter == _BARE:
            evidence = _bare(view, signed, content)
        else:
            kind = SignatureFormat.PADES if sub_filter == PADES else SignatureFormat.PDF_PKCS7
            evidence = cms_evidence(
                signature.contents,
                content,
                signature_format=kind,
                name=signed.field.name,
                certificates=certificates,
            )
            evidence = _bound_to_bytes(evidence, signature, content)
    except MalformedInput as error:
        return _unreadable(signed, error)
    failings = list(signed.coverage.failings)
    if sub_filter not in {PADES, _DETACHED, _DIGEST_INSIDE, _BARE}:
        failings.append(reason("PADES_SUBFILTER_UNKNOWN", sub_filter=sub_filter or "-"))
    evidence = dataclasses.replace(evidence, structure=(*failings, *evidence.structure))
    return evidence if signed.coverage.digestible else _altered(evidence)


def _bound_to_bytes(
    evidence: SignatureEvidence, signature: SignatureDictionary, content: Digester
) -> SignatureEvidence:
    """The evidence where it is about the bytes of the file.

    A CMS with content of its own says nothing of the file, unless that content is the file's digest as
    adbe.pkcs7.sha1 wants it (ISO 32000-1 §12.8.3.3.1).
    """
    inside = read_signed_data(signature.contents).content
    if signature.sub_filter == _DIGEST_INSIDE:
        found = content(DigestAlgorithm.SHA1)
        intact = None if found is None else inside is not None and found.value == inside
        about = Reference(_BYTES, found is not None, intact, DigestAlgorithm.SHA1)
        return dataclasses.replace(evidence, references=(*evidence.references, about))
    if inside is None:
        return evidence
    return dataclasses.replace(
        evidence,
        references=(*evidence.references, _NOT_THESE_BYTES),
        structure=(reason("PADES_CONTENT_INSIDE"), *evidence.structure),
    )


def _altered(evidence: SignatureEvidence) -> SignatureEvidence:
    """Evidence of a signature whose byte range is not exact: whatever it covers is not this file."""
    references = tuple(
        dataclasses.replace(each, found=True, intact=False) for each in evidence.references
    ) or (_NOT_THESE_BYTES,)
    return dataclasses.replace(evidence, references=references)


def _bare(view: PdfView, signed: SignedField, content: Digester) -> SignatureEvidence:
    """A PKCS #1 value in an OCTET STRING, its certificates in `/Cert` (adbe.x509.rsa_sha1, ISO 32000-1 §12.8.3.2)."""
    value = der.single(signed.signature.contents.rstrip(b"\x00") or b"\x00", der.OCTET_STRING).value
    given = view.resolve(signed.signature.dictionary.get("Cert"))
    listed = [view.resolve(each) for each in given] if isinstance(given, list) else [given]
    certificates = tuple(parse_certificate(each) for each in listed if isinstance(each, bytes))
    algorithm = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA1)
    try:
        digest = content(DigestAlgorithm.SHA1)
    except UnsupportedAlgorithm:
        digest = None
    intact: bool | None = None
    if certificates and digest is not None:
        intact = primitives.verify_digest(certificates[0].public_key.spki, algorithm, value, digest.value)
    return SignatureEvidence(
        id=hashlib.sha256(value).hexdigest(),
        format=SignatureFormat.PDF_PKCS7,
        references=(Reference(_BYTES, digest is not None, intact, DigestAlgorithm.SHA1),),
        value_intact=intact,
        signature_oid=_RSA_OID,
        signature_algorithm=algorithm,
        signing_certificate=certificates[0] if certificates else None,
        certificate_reference=None,
        certificates=certificates,
        name=signed.field.name,
        signature_value=value,
    )


def _unreadable(signed: SignedField, error: MalformedInput) -> SignatureEvidence:
    detail = str(error.parameters.get("detail", error.code))
    failings: tuple[Reason, ...] = (
        *signed.coverage.failings,
        reason("PADES_VALUE_UNREADABLE", detail=detail),
    )
    sub_filter = signed.signature.sub_filter
    evidence = SignatureEvidence(
        id=hashlib.sha256(signed.signature.contents).hexdigest(),
        format=SignatureFormat.PADES if sub_filter == PADES else SignatureFormat.PDF_PKCS7,
        references=(),
        value_intact=None,
        signature_oid="",
        signature_algorithm=None,
        signing_certificate=None,
        certificate_reference=None,
        structure=failings,
        name=signed.field.name,
        signature_value=signed.signature.contents,
    )
    return evidence if signed.coverage.digestible else _altered(evidence)
