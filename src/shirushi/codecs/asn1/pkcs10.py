"""Certification requests (PKCS#10, RFC 2986 §4), read strictly: what is not DER, or not such a request, is refused."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from shirushi.codecs.asn1 import der, names
from shirushi.codecs.asn1.algorithms import signature_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.codecs.asn1.keys import public_key
from shirushi.codecs.asn1.signed import signed
from shirushi.core.algorithms import SignatureAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import GeneralName, PublicKey

EXTENSION_REQUEST = "1.2.840.113549.1.9.14"
CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7"  # noqa: S105  an object identifier
SUBJECT_ALTERNATIVE_NAME = "2.5.29.17"
LARGEST = 65_536
"""Bytes of a request: an ML-DSA-87 key and signature take 8 KiB."""

_PEM = re.compile(
    rb"-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----(.*?)-----END (?:NEW )?CERTIFICATE REQUEST-----", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class RequestedExtension:
    """An extension that is asked for: `value` is the content of extnValue."""

    oid: str
    critical: bool
    value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CertificationRequest:
    """What a certification request says. Whether its signature is right is for `core.primitives.verify`.

    Attributes:
        der: the whole request.
        tbs: certificationRequestInfo, which is signed.
        subject: the Name in DER.
        public_key: whose possession the signature proves.
        extensions: those of the extensionRequest attribute (RFC 2985 §5.4.2).
        attributes: the types of all attributes.
        algorithm: what it is signed with, None where that is not known.
        signature: the signature's value.
    """

    der: bytes = field(repr=False)
    tbs: bytes = field(repr=False)
    subject: bytes
    public_key: PublicKey
    extensions: tuple[RequestedExtension, ...]
    attributes: tuple[str, ...]
    algorithm: SignatureAlgorithm | None
    signature: bytes = field(repr=False)

    @property
    def alternative_names(self) -> tuple[GeneralName, ...]:
        """What the requested subjectAltName holds; raises `MalformedAsn1`."""
        for each in self.extensions:
            if each.oid == SUBJECT_ALTERNATIVE_NAME:
                return names.general_names(der.single(each.value, der.SEQUENCE).value)
        return ()


def request_in(data: bytes) -> bytes:
    """The DER of the request in a PEM text (RFC 7468 §7), or `data` as it is; raises `MalformedAsn1`."""
    if data[:1] == b"\x30":
        return data
    found = _PEM.findall(data)
    if len(found) != 1:
        raise MalformedAsn1(detail="not one certification request in PEM or DER")
    try:
        return binascii.a2b_base64(b"".join(found[0].split()), strict_mode=True)
    except binascii.Error:
        raise MalformedAsn1(detail="not base64 between the lines of PEM") from None


def parse_request(encoding: bytes) -> CertificationRequest:
    """Read a certification request in DER; raises `MalformedAsn1` and nothing else."""
    if len(encoding) > LARGEST:
        raise MalformedAsn1(detail=f"more than {LARGEST} bytes")
    try:
        return _request(encoding)
    except MalformedAsn1:
        raise
    except (MalformedInput, ValueError, IndexError) as error:
        raise MalformedAsn1(detail="not a certification request") from error


def _request(encoding: bytes) -> CertificationRequest:
    _check_der(der.single(encoding, der.SEQUENCE))
    parts = signed(encoding)
    fields = der.single(parts.tbs).children()
    if parts.rest or len(fields) != 4:
        raise MalformedAsn1(detail="not the parts of a certification request")
    version, subject, spki, attributes = fields
    if version.raw != der.integer(0):
        raise MalformedAsn1(detail="a version other than 1")
    if der.single(encoding).children()[2].value[:1] != b"\x00":
        raise MalformedAsn1(detail="a signature that is not whole octets")
    names.name(subject.expect(der.SEQUENCE).raw)
    found = [_attribute(each) for each in attributes.expect(0xA0).children()]
    types = tuple(kind for kind, _ in found)
    if len(set(types)) != len(types):
        raise MalformedAsn1(detail="an attribute stands twice")
    requested = next((values for kind, values in found if kind == EXTENSION_REQUEST), None)
    extensions: tuple[RequestedExtension, ...] = ()
    if requested is not None:
        if len(requested) != 1:
            raise MalformedAsn1(detail="not one extensionRequest")
        extensions = tuple(map(_extension, requested[0].expect(der.SEQUENCE).children()))
    if len({each.oid for each in extensions}) != len(extensions):
        raise MalformedAsn1(detail="an extension stands twice")
    return CertificationRequest(
        encoding,
        parts.tbs,
        subject.raw,
        public_key(spki.expect(der.SEQUENCE).raw),
        extensions,
        types,
        signature_algorithm(parts.algorithm),
        parts.value,
    )


def _attribute(found: der.Element) -> tuple[str, list[der.Element]]:
    parts = found.expect(der.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedAsn1(detail="an attribute that is no pair")
    values = parts[1].expect(der.SET).children()
    if not values:
        raise MalformedAsn1(detail="an attribute without values")
    return der.read_oid(parts[0].expect(der.OBJECT_IDENTIFIER).value), values


def _extension(found: der.Element) -> RequestedExtension:
    oid, *rest = found.expect(der.SEQUENCE).children()
    critical = len(rest) == 2
    if not 1 <= len(rest) <= 2 or (critical and rest[0].raw != der.TRUE_DER):
        raise MalformedAsn1(detail="not an extension")
    return RequestedExtension(
        der.read_oid(oid.expect(der.OBJECT_IDENTIFIER).value),
        critical,
        rest[-1].expect(der.OCTET_STRING).value,
    )


def _check_der(found: der.Element, depth: int = 16) -> None:
    """Raise `MalformedAsn1` where a length is not written as X.690 §10.1 has it, or elements nest deeper than any need."""
    if depth == 0:
        raise MalformedAsn1(detail="elements nest too deep")
    if found.tag > 0xFF or der.tlv(found.tag, found.value) != found.raw:
        raise MalformedAsn1(detail="not DER")
    if found.tag & der.CONSTRUCTED:
        for child in found.children():
            _check_der(child, depth - 1)
