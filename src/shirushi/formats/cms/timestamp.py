"""Time-stamp tokens (RFC 3161 §2.4.2, RFC 5816): read as evidence, and built around a key that others hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shirushi.codecs.asn1.tsp import encode_tst_info
from shirushi.core.algorithms import SignatureAlgorithm, message_digest_algorithm
from shirushi.core.evidence import Certificate, TstInfo
from shirushi.formats.cms import oids
from shirushi.formats.cms.assembly import assemble_signed_data
from shirushi.formats.cms.attributes import signed_attributes


@dataclass(frozen=True, slots=True)
class BoundToken:
    """A token that lacks nothing but its signature: the key signs `data` under `algorithm`."""

    data: bytes = field(repr=False)
    algorithm: SignatureAlgorithm
    tst_info: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)
    with_certificates: bool = True


def bind_token(
    info: TstInfo,
    chain: tuple[Certificate, ...],
    algorithm: SignatureAlgorithm,
    *,
    nonce: bytes | None = None,
    imprint: bytes | None = None,
    with_certificates: bool = True,
    extensions: Iterable[bytes] = (),
) -> BoundToken:
    """Fix what a token says and under which certificate, the first of `chain`, it will be signed.

    `nonce` is the content of the request's INTEGER, `imprint` its MessageImprint as received; `extensions` are
    Extensions of the TSTInfo in DER.
    """
    tst_info = encode_tst_info(info, nonce=nonce, imprint=imprint, extensions=extensions)
    encodings = tuple(certificate.der for certificate in chain)
    digest = message_digest_algorithm(algorithm).digest(tst_info)
    data = signed_attributes(digest, encodings[0], content_type=oids.TST_INFO)
    return BoundToken(data, algorithm, tst_info, encodings, with_certificates)


def assemble_token(bound: BoundToken, value: bytes) -> bytes:
    """The TimeStampToken, in DER."""
    return assemble_signed_data(
        bound.data,
        value,
        bound.chain,
        bound.algorithm,
        content=bound.tst_info,
        content_type=oids.TST_INFO,
        with_certificates=bound.with_certificates,
    )
