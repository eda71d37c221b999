"""Time-stamp tokens in files of their own (RFC 3161), with or without the file that they stamp."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedTimeStamp
from shirushi.codecs.asn1.tsp import parse_timestamp_response
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import UnsupportedAlgorithm
from shirushi.core.evidence import Reference, SignatureEvidence, SignatureFormat, TimeStampKind
from shirushi.formats.cms.evidence import parse_timestamp_token

TOKEN_TYPE = "application/vnd.etsi.timestamp-token"  # noqa: S105  a media type
RESPONSE_TYPE = "application/timestamp-reply"
LARGEST = 16 << 20


def parse_token(document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
    """The token of a `.tst`, or inside a response. `contents` is what it stamps: any one of them that matches.

    Raises `MalformedTimeStamp`, also for a response that grants none.
    """
    if document.size > LARGEST:
        raise MalformedTimeStamp(detail=f"more than {LARGEST} bytes")
    return (lone_token(_token(document.read()), contents, document.name),)


def lone_token(encoding: bytes, contents: Sequence[Document], name: str) -> SignatureEvidence:
    """A token that belongs to no signature, told as its own signature. Raises `MalformedTimeStamp`."""
    imprint = parse_timestamp_token(encoding, TimeStampKind.CONTENT, lambda _: None).info.imprint
    stamped = next((each for each in contents if _is(each, imprint)), next(iter(contents), None))

    def expected(algorithm: DigestAlgorithm) -> Digest | None:
        return stamped.digest(algorithm) if stamped else None

    stamp = parse_timestamp_token(encoding, TimeStampKind.CONTENT, expected)
    reference = Reference(
        (stamped.name if stamped else "") or "message-imprint",
        found=stamp.imprint_intact is not None,
        intact=stamp.imprint_intact,
        digest_algorithm=imprint.algorithm,
    )
    return dataclasses.replace(
        stamp.signature,
        format=SignatureFormat.TIME_STAMP,
        references=(*stamp.signature.references, reference),
        time_stamp=stamp,
        name=name,
    )


def _is(document: Document, imprint: Digest) -> bool:
    try:
        return document.digest(imprint.algorithm) == imprint
    except UnsupportedAlgorithm:
        return False


def _token(encoding: bytes) -> bytes:
    """A TimeStampResp holds a PKIStatusInfo first, where a ContentInfo has its type."""
    try:
        first = der.element(encoding)
        response = first.tag == der.SEQUENCE and encoding[first.content] == der.SEQUENCE
    except (MalformedAsn1, IndexError):
        return encoding
    if not response:
        return encoding
    token = parse_timestamp_response(first.raw).token
    if token is None:
        raise MalformedTimeStamp(detail="a response that grants no token")
    return token
