"""A CAdES signature put together: the signed attributes of EN 319 122-1 §6.3, and the SignedData around them."""

from __future__ import annotations

from collections.abc import Iterable

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.algorithms import encode_digest_algorithm
from shirushi.core.algorithms import Digest, SignatureAlgorithm, message_digest_algorithm
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.cms.assembly import assemble_signed_data
from shirushi.formats.cms.attributes import attribute, signed_attributes, signing_certificate_v2


def bound_attributes(
    digest: Digest,
    certificate: bytes,
    algorithm: SignatureAlgorithm,
    extra: Iterable[bytes],
    *,
    countersignature: bool = False,
) -> bytes:
    """The DER SET OF that is signed. A counter-signature has no content-type (RFC 5652 §11.4).

    Raises ValueError where the digest was computed for another algorithm.
    """
    if digest.algorithm is not message_digest_algorithm(algorithm):
        raise ValueError(f"prepared with {digest.algorithm.label}, which does not go with {algorithm}")
    if not countersignature:
        return signed_attributes(digest.value, certificate, extra=extra)
    message_digest = attribute(cms_oids.MESSAGE_DIGEST, der.octets(digest.value))
    return der.set_of(message_digest, signing_certificate_v2(certificate), *extra)


def signer_info(
    signed: bytes, value: bytes, chain: tuple[bytes, ...], algorithm: SignatureAlgorithm
) -> SignerParts:
    """The SignerInfo alone."""
    return SignedDataParts.read(assemble_signed_data(signed, value, chain[:1], algorithm)).signers[0]


def add_signer(
    encoding: bytes, signed: bytes, value: bytes, chain: tuple[bytes, ...], algorithm: SignatureAlgorithm
) -> bytes:
    """A SignedData with one more signer beside those that are there."""
    digest = encode_digest_algorithm(message_digest_algorithm(algorithm))
    signer = signer_info(signed, value, chain, algorithm)
    return SignedDataParts.read(encoding).adding_signer(signer, digest, chain).encode()
