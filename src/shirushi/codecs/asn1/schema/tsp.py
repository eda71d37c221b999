"""PKIXTSP (RFC 3161 appendix C)."""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat.asn1 import BitString, Explicit, GeneralizedTime, Implicit, sequence
from cryptography.x509 import ObjectIdentifier

from shirushi.codecs.asn1.schema import AnyOptional
from shirushi.codecs.asn1.schema.x509 import AlgorithmIdentifier, Extension


@sequence
class MessageImprint:
    """RFC 3161 §2.4.1."""

    hash_algorithm: AlgorithmIdentifier
    hashed_message: bytes


@sequence
class TimeStampReq:
    """RFC 3161 §2.4.1."""

    version: int
    message_imprint: MessageImprint
    req_policy: ObjectIdentifier | None = None
    nonce: int | None = None
    cert_req: bool | None = None  # DEFAULT FALSE
    extensions: Annotated[list[Extension] | None, Implicit(0)] = None


@sequence
class PkiStatusInfo:
    """PKIStatusInfo (RFC 3161 §2.4.2). The statusString is PKIFreeText."""

    status: int
    status_string: list[str] | None = None
    fail_info: BitString | None = None


@sequence
class TimeStampResp:
    """RFC 3161 §2.4.2. The timeStampToken is a ContentInfo, kept as found."""

    status: PkiStatusInfo
    time_stamp_token: AnyOptional = None


@sequence
class AccuracySyntax:
    """Accuracy (RFC 3161 §2.4.2)."""

    seconds: int | None = None
    millis: Annotated[int | None, Implicit(0)] = None
    micros: Annotated[int | None, Implicit(1)] = None


@sequence
class TstInfoSyntax:
    """TSTInfo (RFC 3161 §2.4.2). The tsa is a GeneralName."""

    version: int
    policy: ObjectIdentifier
    message_imprint: MessageImprint
    serial_number: int
    gen_time: GeneralizedTime
    accuracy: AccuracySyntax | None = None
    ordering: bool | None = None  # DEFAULT FALSE
    nonce: int | None = None
    tsa: Annotated[AnyOptional, Explicit(0)] = None
    extensions: Annotated[list[Extension] | None, Implicit(1)] = None
