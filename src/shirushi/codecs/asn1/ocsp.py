"""OCSP responses as evidence (RFC 6960 §4.2)."""

from __future__ import annotations

import hashlib
from datetime import datetime

from cryptography.hazmat.asn1 import GeneralizedTime, Null

from shirushi.codecs.asn1 import der, extensions, names, times
from shirushi.codecs.asn1.algorithms import digest_algorithm, oid_of, signature_algorithm
from shirushi.codecs.asn1.crl import crl_reason
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedOcsp, OcspUnsuccessful
from shirushi.codecs.asn1.schema import decode, encode, raw
from shirushi.codecs.asn1.schema.ocsp import (
    CertId,
    OcspResponseSyntax,
    ResponseData,
    RevokedInfo,
    SingleResponseSyntax,
)
from shirushi.codecs.asn1.schema.x509 import Extension
from shirushi.codecs.asn1.signed import Signed, signed
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Certificate,
    CertificateIdentifier,
    CertificateStatus,
    Name,
    OcspResponse,
    RevocationReason,
    SingleResponse,
)
from shirushi.core.instant import Instant

BASIC = "1.3.6.1.5.5.7.48.1.1"
NONCE = "1.3.6.1.5.5.7.48.1.2"

_STATUS = {
    1: "malformedRequest",
    2: "internalError",
    3: "tryLater",
    5: "sigRequired",
    6: "unauthorized",
}
"""OCSPResponseStatus (RFC 6960 §4.2.1) but for successful."""


def parse_ocsp_response(encoding: bytes) -> OcspResponse:
    """Read an OCSPResponse or a BasicOCSPResponse; nothing is judged.

    Raises `MalformedOcsp`, or `OcspUnsuccessful` where the responder says that it tells nothing.
    """
    try:
        return _basic(basic_response(encoding))
    except OcspUnsuccessful:
        raise
    except MalformedInput as error:
        raise MalformedOcsp(detail=error.parameters.get("detail", "")) from error


def basic_response(encoding: bytes) -> bytes:
    """The BasicOCSPResponse in an OCSPResponse, as found; one that stands alone is given back."""
    parts = der.single(encoding, der.SEQUENCE).children()
    if not parts or parts[0].tag != der.ENUMERATED:
        return encoding
    status = der.read_integer(parts[0].value)
    if status:
        raise OcspUnsuccessful(status=_STATUS.get(status, str(status)))
    found = decode(OcspResponseSyntax, encoding).response_bytes
    if found is None:
        raise MalformedAsn1(detail="a successful response without content")
    if found.response_type.dotted_string != BASIC:
        raise MalformedAsn1(detail=f"a response of type {found.response_type.dotted_string}")
    return found.response


def _basic(encoding: bytes) -> OcspResponse:
    parts = signed(encoding)
    data = decode(ResponseData, parts.tbs)
    found = {e.extn_id.dotted_string: e for e in data.response_extensions or ()}
    nonce = found.get(NONCE)
    return OcspResponse(
        id=hashlib.sha256(encoding).hexdigest(),
        der=encoding,
        responder=_responder(data),
        produced_at=data.produced_at.as_datetime(),
        responses=tuple(r for r in map(_single, data.responses) if r is not None),
        signature_oid=oid_of(parts.algorithm),
        signature_algorithm=signature_algorithm(parts.algorithm),
        certificates=_certificates(parts),
        nonce=_octets(nonce.extn_value) if nonce else None,
        critical=_critical(data.response_extensions),
    )


def _responder(data: ResponseData) -> Name | bytes:
    found = data.responder_id.value
    return found if isinstance(found, bytes) else names.name(raw(found))


def _certificates(parts: Signed) -> tuple[Certificate, ...]:
    """The certs; one that cannot be read is as good as absent."""
    found: list[Certificate] = []
    if parts.rest:
        for element in parts.rest[0].expect(0xA0).only().expect(der.SEQUENCE).children():
            try:
                found.append(parse_certificate(element.raw))
            except MalformedInput:
                continue
    return tuple(found)


def _octets(value: bytes) -> bytes:
    """A nonce: an OCTET STRING (RFC 8954 §2.1), or bare octets as older responders sent it."""
    try:
        return der.single(value, der.OCTET_STRING).value
    except MalformedAsn1:
        return value


def _critical(found: list[Extension] | None) -> frozenset[str]:
    return frozenset(e.extn_id.dotted_string for e in found or () if e.critical)


def _single(found: SingleResponseSyntax) -> SingleResponse | None:
    """One status; None where its certificate is named under an unknown digest, for then it is nobody's."""
    identifier = _identifier(found.cert_id)
    if identifier is None:
        return None
    status = found.cert_status
    revocation_time: Instant | None = None
    reason: RevocationReason | None = None
    if isinstance(status.value, RevokedInfo):
        revocation_time = status.value.revocation_time.as_datetime()
        stated = status.value.revocation_reason
        reason = None if stated is None or isinstance(stated, Null) else crl_reason(raw(stated))
    archive_cutoff: Instant | None = None
    certificate_hash: bytes | None = None
    for extension in found.single_extensions or ():
        match extension.extn_id.dotted_string:
            case extensions.ARCHIVE_CUTOFF:
                time = der.single(extension.extn_value)
                archive_cutoff = times.read(time.tag, time.value)
            case extensions.CERT_HASH:
                certificate_hash = _cert_hash(extension.extn_value)
    return SingleResponse(
        certificate=identifier,
        status=CertificateStatus(status.tag),
        this_update=found.this_update.as_datetime(),
        next_update=_optional(found.next_update),
        revocation_time=revocation_time,
        reason=reason,
        archive_cutoff=archive_cutoff,
        certificate_hash=certificate_hash,
        critical=_critical(found.single_extensions),
    )


def _optional(time: GeneralizedTime | None) -> datetime | None:
    return None if time is None else time.as_datetime()


def _identifier(found: CertId) -> CertificateIdentifier | None:
    digest = digest_algorithm(encode(found.hash_algorithm))
    if digest is None:
        return None
    return CertificateIdentifier(digest, found.issuer_name_hash, found.issuer_key_hash, found.serial_number)


def _cert_hash(value: bytes) -> bytes:
    """The certificateHash of CertHash (Common PKI part 4, §3.1.2)."""
    parts = der.single(value, der.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedAsn1(detail="not a CertHash")
    return parts[1].expect(der.OCTET_STRING).value
