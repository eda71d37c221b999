"""SignedData put together (RFC 5652 §5.1), and added to without touching what is there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from shirushi.codecs.asn1 import ber, der
from shirushi.codecs.asn1.algorithms import encode_digest_algorithm, encode_signature_algorithm
from shirushi.codecs.asn1.errors import MalformedAsn1, MalformedCms
from shirushi.codecs.asn1.x509 import issuer_and_serial
from shirushi.core.algorithms import SignatureAlgorithm, message_digest_algorithm
from shirushi.core.errors import MalformedInput
from shirushi.formats.cms import oids

_SIGNED_DATA = der.oid(oids.SIGNED_DATA)
_VERSION_1 = der.integer(1)
_VERSION_3 = der.integer(3)


def assemble_signed_data(
    signed_attributes: bytes,
    value: bytes,
    chain: tuple[bytes, ...],
    algorithm: SignatureAlgorithm,
    *,
    content: bytes | None = None,
    content_type: str = oids.DATA,
    with_certificates: bool = True,
    unsigned_attributes: Iterable[bytes] = (),
) -> bytes:
    """The DER of a ContentInfo with a SignedData of one signer.

    `signed_attributes` is the SET that `value` signs. `chain` are certificates in DER, the signer's first; the signer is
    named by issuer and serial number. `content` is encapsulated, or None for a detached signature. The digest algorithm
    is the one that goes with `algorithm` (`message_digest_algorithm`).
    """
    head, certificates, signer_head, signer_tail = _constants(
        chain, algorithm, content_type, with_certificates=with_certificates
    )
    unsigned = b"".join(sorted(unsigned_attributes))
    signer = der.sequence(
        signer_head,
        b"\xa0" + signed_attributes[1:],
        signer_tail,
        der.octets(value),
        der.tlv(0xA1, unsigned) if unsigned else b"",
    )
    encapsulated = b"" if content is None else der.tlv(0xA0, der.octets(content))
    signed_data = der.sequence(
        head, der.sequence(der.oid(content_type), encapsulated), certificates, der.tlv(der.SET, signer)
    )
    return der.sequence(_SIGNED_DATA, der.tlv(0xA0, signed_data))


@lru_cache(maxsize=256)
def _constants(
    chain: tuple[bytes, ...], algorithm: SignatureAlgorithm, content_type: str, *, with_certificates: bool
) -> tuple[bytes, bytes, bytes, bytes]:
    """What is the same in every signature of a certificate.

    SignedData up to its content; its certificates; SignerInfo up to the signed attributes; its signatureAlgorithm.
    """
    digest = encode_digest_algorithm(message_digest_algorithm(algorithm))
    version = _VERSION_1 if content_type == oids.DATA else _VERSION_3  # RFC 5652 §5.1
    certificates = der.tlv(0xA0, *sorted(set(chain))) if with_certificates and chain else b""
    signer = _VERSION_1 + der.sequence(*issuer_and_serial(chain[0])) + digest
    return version + der.tlv(der.SET, digest), certificates, signer, encode_signature_algorithm(algorithm)


def add_unsigned_attribute(encoding: bytes, attribute: bytes, signer: int = 0) -> bytes:
    """The same SignedData with one more unsigned attribute, given in DER, on the SignerInfo of that index.

    Indefinite lengths are made definite; every other byte stays. What follows the end is dropped. Raises
    `MalformedCms`.
    """
    try:
        return _add_unsigned_attribute(der.element(encoding).raw, attribute, signer)
    except MalformedAsn1:
        pass
    try:
        definite, _ = ber.definite_prefix(encoding)
        return _add_unsigned_attribute(definite, attribute, signer)
    except MalformedInput as error:
        raise MalformedCms(detail=error.parameters.get("detail", "")) from error


def _add_unsigned_attribute(encoding: bytes, attribute: bytes, index: int) -> bytes:
    content_info = der.single(encoding, der.SEQUENCE).children()
    if len(content_info) != 2:
        raise MalformedAsn1(detail="not a ContentInfo")
    signed_data = content_info[1].expect(0xA0).only().expect(der.SEQUENCE).children()
    if not signed_data:
        raise MalformedAsn1(detail="not a SignedData")
    signers = signed_data[-1].expect(der.SET).children()
    if not 0 <= index < len(signers):
        raise MalformedAsn1(detail="no such signer")
    fields = signers[index].expect(der.SEQUENCE).children()
    unsigned = fields[-1] if fields and fields[-1].tag == 0xA1 else None
    kept = fields if unsigned is None else fields[:-1]
    signer = der.sequence(
        *(field.raw for field in kept), der.tlv(0xA1, unsigned.value if unsigned else b"", attribute)
    )
    infos = (signer if n == index else other.raw for n, other in enumerate(signers))
    return der.sequence(
        content_info[0].raw,
        der.tlv(0xA0, der.sequence(*(part.raw for part in signed_data[:-1]), der.tlv(der.SET, *infos))),
    )
