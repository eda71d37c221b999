"""OCSP requests in, OCSP responses out (RFC 6960 §4; nonces by RFC 9654)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedOcsp
from shirushi.codecs.asn1.issue.extensions import archive_cutoff
from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.errors import UnsupportedAlgorithm
from shirushi.core.evidence import CertificateIdentifier, CertificateStatus, RevocationReason
from shirushi.core.instant import Instant

_BASIC = der.oid("1.3.6.1.5.5.7.48.1.1")
_NONCE = "1.3.6.1.5.5.7.48.1.2"
_VERSION_1 = der.integer(0)
_MOST_REQUESTS = 1000
_MOST_FRAMES = 256


class OcspResponseStatus(Enum):
    """OCSPResponseStatus (RFC 6960 §4.2.1)."""

    SUCCESSFUL = 0
    MALFORMED_REQUEST = 1
    INTERNAL_ERROR = 2
    TRY_LATER = 3
    SIG_REQUIRED = 5
    UNAUTHORIZED = 6


@dataclass(frozen=True, slots=True)
class RequestedStatus:
    """One certificate whose status is asked for.

    `der` is the CertID as received, which the answer repeats. `identifier` is None where its digest is unknown here.
    """

    der: bytes
    identifier: CertificateIdentifier | None


@dataclass(frozen=True, slots=True)
class OcspRequest:
    """What a client asks.

    `nonce` is the whole nonce Extension as received, for the answer to repeat, or None. `tail` is how many octets at the
    request's end are the nonce's own: whatever they are, all else stays as it is; 0 where the nonce stands elsewhere.
    """

    requests: tuple[RequestedStatus, ...]
    nonce: bytes | None = None
    tail: int = 0


def parse_ocsp_request(data: bytes) -> OcspRequest:
    """Read an OCSPRequest (RFC 6960 §4.1.1); a signature on it is not looked at.

    Raises `MalformedOcsp` for what is no request, for a nonce outside 1 to 128 octets (RFC 9654 §2.1), for a critical
    extension that is not understood, and for more than 1000 certificates.
    """
    try:
        return _request(data)
    except MalformedAsn1 as error:
        raise MalformedOcsp(detail=error.parameters.get("detail", "not DER")) from error


def _request(data: bytes) -> OcspRequest:
    parts = der.single(data, der.SEQUENCE).children()
    if not parts or len(parts) > 2 or (len(parts) == 2 and parts[1].tag != 0xA0):
        raise MalformedAsn1(detail="not an OCSP request")
    fields = parts[0].expect(der.SEQUENCE).children()
    if fields and fields[0].tag == 0xA0 and fields.pop(0).only().raw != _VERSION_1:
        raise MalformedAsn1(detail="not a request of version 1")
    if fields and fields[0].tag == 0xA1:
        fields.pop(0)
    extensions = fields.pop() if len(fields) == 2 and fields[1].tag == 0xA2 else None
    if len(fields) != 1:
        raise MalformedAsn1(detail="not an OCSP request")
    requests = fields[0].expect(der.SEQUENCE).children()
    if not 1 <= len(requests) <= _MOST_REQUESTS:
        raise MalformedAsn1(detail=f"{len(requests)} certificates asked for")
    nonce, tail = _nonce(extensions.only().expect(der.SEQUENCE).children()) if extensions else (None, 0)
    return OcspRequest(tuple(map(_requested, requests)), nonce, tail)


def _requested(request: der.Element) -> RequestedStatus:
    parts = request.expect(der.SEQUENCE).children()
    if len(parts) == 2 and parts[1].tag == 0xA0:
        _nonce(parts[1].only().expect(der.SEQUENCE).children())
    elif len(parts) != 1:
        raise MalformedAsn1(detail="not a single request")
    fields = parts[0].expect(der.SEQUENCE).children()
    if len(fields) != 4:
        raise MalformedAsn1(detail="not a CertID")
    algorithm, name_hash, key_hash, serial = fields
    kind = algorithm.expect(der.SEQUENCE).children()
    if not kind:
        raise MalformedAsn1(detail="not a CertID")
    name_hash.expect(der.OCTET_STRING)
    key_hash.expect(der.OCTET_STRING)
    number = der.read_integer(serial.expect(der.INTEGER).value)
    try:
        digest = DigestAlgorithm.from_oid(der.read_oid(kind[0].expect(der.OBJECT_IDENTIFIER).value))
    except UnsupportedAlgorithm:
        return RequestedStatus(parts[0].raw, None)
    identifier = CertificateIdentifier(digest, name_hash.value, key_hash.value, number)
    return RequestedStatus(parts[0].raw, identifier)


def _nonce(extensions: list[der.Element]) -> tuple[bytes | None, int]:
    """The nonce among `extensions`, as received, and how many octets it has at the very end of the source."""
    found, tail = None, 0
    for each in extensions:
        fields = each.expect(der.SEQUENCE).children()
        if not 2 <= len(fields) <= 3:
            raise MalformedAsn1(detail="not an extension")
        if der.read_oid(fields[0].expect(der.OBJECT_IDENTIFIER).value) == _NONCE:
            value = der.single(fields[-1].expect(der.OCTET_STRING).value, der.OCTET_STRING).value
            if found is not None or not 1 <= len(value) <= 128:
                raise MalformedAsn1(detail="a nonce that is none")
            found, tail = each.raw, len(value) if each.end == len(each.source) else 0
        elif len(fields) == 3 and fields[1].expect(der.BOOLEAN).value != b"\x00":
            raise MalformedAsn1(detail="a critical extension that is not understood")
    return found, tail


def certificate_id(identifier: CertificateIdentifier) -> bytes:
    """The DER of a CertID."""
    return der.sequence(
        der.sequence(der.oid(identifier.digest_algorithm.oid), der.NULL_DER),
        der.octets(identifier.issuer_name_hash),
        der.octets(identifier.issuer_key_hash),
        der.integer(identifier.serial_number),
    )


def certificate_status(
    status: CertificateStatus,
    revocation_time: Instant | None = None,
    reason: RevocationReason = RevocationReason.UNSPECIFIED,
) -> bytes:
    """The DER of a CertStatus; REVOKED needs `revocation_time`."""
    match status:
        case CertificateStatus.GOOD:
            return b"\x80\x00"
        case CertificateStatus.UNKNOWN:
            return b"\x82\x00"
        case CertificateStatus.REVOKED:
            assert revocation_time is not None
            why = b""
            if reason is not RevocationReason.UNSPECIFIED:
                why = der.tlv(0xA0, der.integer(reason.value, der.ENUMERATED))
            return der.tlv(0xA1, _whole_seconds(revocation_time), why)


def status_times(this_update: Instant, next_update: Instant, archive_since: Instant | None = None) -> bytes:
    """What follows a CertStatus: thisUpdate, nextUpdate, and the archive cutoff where there is one."""
    extensions = der.tlv(0xA1, der.sequence(archive_cutoff(archive_since))) if archive_since else b""
    return _whole_seconds(this_update) + der.tlv(0xA0, _whole_seconds(next_update)) + extensions


def single_response(certificate: bytes, status: bytes, times: bytes) -> bytes:
    """The DER of a SingleResponse.

    `certificate` is the CertID in DER, `status` comes from `certificate_status`, `times` from `status_times`.
    """
    return der.sequence(certificate, status, times)


def response_head(responder: bytes, produced_at: Instant) -> bytes:
    """What a ResponseData begins with; `responder` is the key identifier of the responder's key (SHA-1)."""
    return der.tlv(0xA2, der.octets(responder)) + _whole_seconds(produced_at)


def response_data(head: bytes, responses: Iterable[bytes], extensions: bytes = b"") -> bytes:
    """The DER of ResponseData, which the responder signs.

    `head` comes from `response_head`, `extensions` from `response_extensions`.
    """
    return der.sequence(head, der.sequence(*responses), extensions)


def response_extensions(nonce: bytes | None) -> bytes:
    """What a ResponseData ends with: the request's nonce Extension, where it has one."""
    return der.tlv(0xA1, der.sequence(nonce)) if nonce else b""


def basic_response(
    data: bytes, algorithm: SignatureAlgorithm, value: bytes, certificates: Iterable[bytes] = ()
) -> bytes:
    """The DER of the BasicOCSPResponse over `data`, with the certificates that a reader needs."""
    carried = b"".join(certificates)
    return der.sequence(
        data,
        encode_signature_algorithm(algorithm),
        der.bits(value),
        der.tlv(0xA0, der.sequence(carried)) if carried else b"",
    )


def ocsp_response(basic: bytes) -> bytes:
    """The DER of the successful OCSPResponse that carries `basic`."""
    return der.sequence(
        der.integer(OcspResponseStatus.SUCCESSFUL.value, der.ENUMERATED),
        der.tlv(0xA0, der.sequence(_BASIC, der.octets(basic))),
    )


class ResponseFrame:
    """The OCSPResponse around a ResponseData and its signature: one responder's answers share all octets but theirs.

    Those are cut out of what `basic_response` and `ocsp_response` make, once for each pair of sizes.
    """

    def __init__(self, algorithm: SignatureAlgorithm, certificates: Iterable[bytes] = ()) -> None:
        self._algorithm = algorithm
        self._certificates = tuple(certificates)
        self._known: dict[tuple[int, int], tuple[bytes, bytes, bytes]] = {}

    def response(self, data: bytes, value: bytes) -> bytes:
        """The DER of the OCSPResponse with that ResponseData under that signature value, which is not empty."""
        sizes = len(data), len(value)
        frame = self._known.get(sizes)
        if frame is None:
            if len(self._known) >= _MOST_FRAMES:
                self._known.clear()
            frame = self._known[sizes] = self._frame(*sizes)
        before, between, after = frame
        return b"%b%b%b%b%b" % (before, data, between, value, after)

    def _frame(self, data: int, value: int) -> tuple[bytes, bytes, bytes]:
        whole = ocsp_response(basic_response(bytes(data), self._algorithm, bytes(value), self._certificates))
        between = encode_signature_algorithm(self._algorithm) + der.bits(bytes(value))[:-value]
        carried = b"".join(self._certificates)
        end = len(whole) - (len(der.tlv(0xA0, der.sequence(carried))) if carried else 0)
        start = end - value - len(between) - data
        return whole[:start], between, whole[end:]


def ocsp_failure(status: OcspResponseStatus) -> bytes:
    """The DER of an OCSPResponse that says why there is no answer."""
    return der.sequence(der.integer(status.value, der.ENUMERATED))


def _whole_seconds(value: Instant) -> bytes:
    """A GeneralizedTime without a fraction, as RFC 5280 §4.1.2.5.2 demands of OCSP too (RFC 6960 §4.2.2.1)."""
    return times.generalized_time(value.replace(microsecond=0))
