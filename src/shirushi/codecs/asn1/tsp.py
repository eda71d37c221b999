"""The time-stamp protocol's messages (RFC 3161 §2.4, RFC 5816): requests, responses, TSTInfo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum

from cryptography.hazmat.asn1 import Null

from shirushi.codecs.asn1 import der, names, times
from shirushi.codecs.asn1.algorithms import digest_algorithm, encode_digest_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedTimeStamp
from shirushi.codecs.asn1.extensions import bit_numbers
from shirushi.codecs.asn1.schema import decode, encode, raw
from shirushi.codecs.asn1.schema.tsp import (
    AccuracySyntax,
    MessageImprint,
    TimeStampReq,
    TimeStampResp,
    TstInfoSyntax,
)
from shirushi.core.algorithms import Digest
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import GeneralName, TstInfo


class TimeStampVersionUnknown(MalformedTimeStamp):
    """A time-stamp request of a version that this protocol does not have (RFC 3161 §2.4.1)."""


class PkiStatus(IntEnum):
    """PKIStatus (RFC 3161 §2.4.2)."""

    GRANTED = 0
    GRANTED_WITH_MODS = 1
    REJECTION = 2
    WAITING = 3
    REVOCATION_WARNING = 4
    REVOCATION_NOTIFICATION = 5


@dataclass(frozen=True, slots=True)
class TimeStampRequest:
    """What a client asks. `nonce` is the content of its INTEGER as received; `extensions` are all their identifiers.

    `imprint_der` is the MessageImprint as received, empty where the request is not from a client.
    """

    imprint: Digest
    policy_oid: str | None = None
    nonce: bytes | None = None
    certificates_requested: bool = False
    extensions: frozenset[str] = frozenset()
    critical_extensions: frozenset[str] = frozenset()
    imprint_der: bytes = field(default=b"", compare=False, repr=False)

    @property
    def nonce_number(self) -> int | None:
        """The nonce as the number it stands for."""
        return None if self.nonce is None else der.read_integer(self.nonce)


@dataclass(frozen=True, slots=True)
class TimeStampResponse:
    """What an authority answers. `token` is the TimeStampToken as found; `failure_info` holds bit numbers."""

    status: int
    token: bytes | None = field(repr=False, default=None)
    failure_info: frozenset[int] = frozenset()
    text: str = ""

    @property
    def granted(self) -> bool:
        """Whether there must be a token (RFC 3161 §2.4.2)."""
        return self.status in {PkiStatus.GRANTED, PkiStatus.GRANTED_WITH_MODS}


def parse_timestamp_request(encoding: bytes) -> TimeStampRequest:
    """Read a TimeStampReq (RFC 3161 §2.4.1).

    Raises `MalformedTimeStamp` for what is none, `TimeStampVersionUnknown` for another version, `UnsupportedAlgorithm` for an imprint under an
    unknown digest. The imprint's length is not checked.
    """
    try:
        found = decode(TimeStampReq, encoding)
        digest = digest_algorithm(encode(found.message_imprint.hash_algorithm))
        nonce = _nonce(encoding) if found.nonce is not None else None
        imprint_der = encode(found.message_imprint)
    except MalformedInput as error:
        raise MalformedTimeStamp(detail=error.parameters.get("detail", "")) from error
    if found.version != 1:
        raise TimeStampVersionUnknown(detail=f"a request of version {found.version}")
    if digest is None:
        raise UnsupportedAlgorithm(algorithm=found.message_imprint.hash_algorithm.algorithm.dotted_string)
    extensions = found.extensions or ()
    return TimeStampRequest(
        imprint=Digest(digest, found.message_imprint.hashed_message),
        policy_oid=None if found.req_policy is None else found.req_policy.dotted_string,
        nonce=nonce,
        certificates_requested=bool(found.cert_req),
        extensions=frozenset(e.extn_id.dotted_string for e in extensions),
        critical_extensions=frozenset(e.extn_id.dotted_string for e in extensions if e.critical),
        imprint_der=imprint_der,
    )


def _nonce(encoding: bytes) -> bytes | None:
    """The nonce's content octets as received, minimal or not; version and imprint stand before it."""
    parts = der.single(encoding, der.SEQUENCE).children()
    return next((part.value for part in parts[2:] if part.tag == der.INTEGER), None)


def encode_timestamp_request(request: TimeStampRequest) -> bytes:
    """The DER of a TimeStampReq without extensions."""
    return der.sequence(
        b"\x02\x01\x01",
        message_imprint(request.imprint),
        b"" if request.policy_oid is None else der.oid(request.policy_oid),
        b"" if request.nonce is None else der.tlv(der.INTEGER, request.nonce),
        der.TRUE_DER if request.certificates_requested else b"",
    )


def message_imprint(imprint: Digest) -> bytes:
    """The DER of a MessageImprint."""
    return der.sequence(encode_digest_algorithm(imprint.algorithm), der.octets(imprint.value))


def encode_timestamp_response(
    status: PkiStatus, token: bytes | None = None, *, failure_info: int | None = None, text: str = ""
) -> bytes:
    """The DER of a TimeStampResp; `failure_info` is the bit number of PKIFailureInfo (RFC 3161 §2.4.2)."""
    return der.sequence(
        der.sequence(
            der.integer(status),
            der.sequence(der.tlv(der.UTF8_STRING, text.encode())) if text else b"",
            b"" if failure_info is None else der.named_bits(frozenset({int(failure_info)})),
        ),
        token or b"",
    )


def parse_timestamp_response(encoding: bytes) -> TimeStampResponse:
    """Read a TimeStampResp; a granted one without a token raises `MalformedTimeStamp`, as all that is none."""
    try:
        found = decode(TimeStampResp, encoding)
        token = found.time_stamp_token
        response = TimeStampResponse(
            status=found.status.status,
            token=None if token is None else raw(token),
            failure_info=bit_numbers(found.status.fail_info) or frozenset(),
            text=" ".join(found.status.status_string or ()),
        )
        if response.granted and not response.token:
            raise MalformedAsn1(detail="granted without a token")
    except MalformedInput as error:
        raise MalformedTimeStamp(detail=error.parameters.get("detail", "")) from error
    return response


def encode_tst_info(
    info: TstInfo,
    *,
    nonce: bytes | None = None,
    imprint: bytes | None = None,
    extensions: Iterable[bytes] = (),
) -> bytes:
    """The DER of a TSTInfo.

    `nonce` is the content of the request's INTEGER and `imprint` its MessageImprint, for the answer to repeat byte for
    byte (RFC 3161 §2.4.2).
    """
    if nonce is None and info.nonce is not None:
        nonce = der.single(der.integer(info.nonce)).value
    added = b"".join(extensions)
    return der.sequence(
        b"\x02\x01\x01",
        der.oid(info.policy_oid),
        message_imprint(info.imprint) if imprint is None else imprint,
        der.integer(info.serial_number),
        times.generalized_time(info.gen_time),
        _accuracy(info.accuracy) if info.accuracy else b"",
        der.TRUE_DER if info.ordering else b"",
        b"" if nonce is None else der.tlv(der.INTEGER, nonce),
        b"" if info.tsa is None else der.tlv(0xA0, names.encode_general_name(info.tsa)),
        der.tlv(0xA1, added) if added else b"",
    )


def _accuracy(accuracy: timedelta) -> bytes:
    """Accuracy (RFC 3161 §2.4.2): seconds, millis and micros, each left out where zero."""
    seconds = accuracy.days * 86400 + accuracy.seconds
    millis, micros = divmod(accuracy.microseconds, 1000)
    return der.sequence(
        der.integer(seconds) if seconds else b"",
        der.integer(millis, 0x80) if millis else b"",
        der.integer(micros, 0x81) if micros else b"",
    )


def parse_tst_info(encoding: bytes) -> TstInfo:
    """Read a TSTInfo; raises `MalformedTimeStamp`, also for an imprint under an unknown digest."""
    try:
        found = decode(TstInfoSyntax, encoding)
        return TstInfo(
            policy_oid=found.policy.dotted_string,
            imprint=_imprint(found.message_imprint),
            serial_number=found.serial_number,
            gen_time=found.gen_time.as_datetime(),
            accuracy=_read_accuracy(found.accuracy),
            ordering=bool(found.ordering),
            nonce=found.nonce,
            tsa=_general_name(found),
        )
    except MalformedInput as error:
        raise MalformedTimeStamp(detail=error.parameters.get("detail", "")) from error


def _imprint(found: MessageImprint) -> Digest:
    digest = digest_algorithm(encode(found.hash_algorithm))
    if digest is None:
        raise MalformedAsn1(detail=f"an imprint under {found.hash_algorithm.algorithm.dotted_string}")
    return Digest(digest, found.hashed_message)


def _read_accuracy(found: AccuracySyntax | None) -> timedelta:
    if found is None:
        return timedelta(0)
    parts = (found.seconds or 0, found.millis or 0, found.micros or 0)
    if any(part < 0 for part in parts):
        raise MalformedAsn1(detail="a negative accuracy")
    try:
        return timedelta(seconds=parts[0], milliseconds=parts[1], microseconds=parts[2])
    except OverflowError:
        raise MalformedAsn1(detail="an accuracy of millennia") from None


def _general_name(found: TstInfoSyntax) -> GeneralName | None:
    """The tsa field, which is a hint and no more: one that cannot be read is as good as absent."""
    if found.tsa is None or isinstance(found.tsa, Null):
        return None
    try:
        return names.general_name(raw(found.tsa))
    except MalformedInput:
        return None
