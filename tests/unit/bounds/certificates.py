"""CMS under 1 MB whose certificates or revocation data would cost far more than their size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import document
from shirushi.formats.cades.format import Cades
from shirushi.formats.cades.signed_data import SignedDataParts
from tests.unit.bounds.composed import Composed, composed
from tests.unit.formats_cades.world import ED25519, Entity, World
from tests.unit.formats_cms.keys import sign

CMS = "application/pkcs7-signature"
P_384 = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
VALIDITY = der.sequence(der.tlv(der.UTC_TIME, b"260101000000Z"), der.tlv(der.UTC_TIME, b"360101000000Z"))
CA = der.tlv(
    0xA3,
    der.sequence(
        der.sequence(
            der.oid("2.5.29.19"),
            der.tlv(der.BOOLEAN, b"\xff"),
            der.octets(der.sequence(der.tlv(der.BOOLEAN, b"\xff"))),
        )
    ),
)


def named(text: str) -> bytes:
    """A name of one part."""
    part = der.sequence(der.oid("2.5.4.3"), der.tlv(der.UTF8_STRING, text.encode()))
    return der.sequence(der.tlv(der.SET, part))


def spki(key: Any) -> bytes:
    found: bytes = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return found


def ed25519_key(number: int) -> Any:
    return ed25519.Ed25519PrivateKey.from_private_bytes(number.to_bytes(32))


def issued(  # noqa: PLR0917  as the fields stand in a certificate
    subject: bytes,
    issuer: bytes,
    key: bytes,
    serial: int,
    signer: Any,
    algorithm: SignatureAlgorithm = ED25519,
    extensions: bytes = CA,
) -> bytes:
    """A certificate; a signer that is bytes is the signature itself."""
    identifier = encode_signature_algorithm(algorithm)
    tbs = der.sequence(
        der.tlv(0xA0, der.integer(2)),
        der.integer(serial),
        identifier,
        issuer,
        VALIDITY,
        subject,
        key,
        extensions,
    )
    value = signer if isinstance(signer, bytes) else sign(signer, tbs, algorithm)
    return der.sequence(tbs, identifier, der.bits(value))


@cache
def signed(content: bytes = b"content") -> bytes:
    """A good signature of Alice's."""
    world = World(curves=True)
    return world.sign(Cades(), document(content, "small.txt")).read()


def holding(
    certificates: Iterable[bytes] = (), crls: Iterable[bytes] = (), encoding: bytes | None = None
) -> Composed:
    """That signature with more beside it, up to a megabyte."""
    parts = SignedDataParts.read(encoding or signed())
    return Composed(
        CMS,
        replace(parts, certificates=(*parts.certificates, *certificates), crls=(*parts.crls, *crls)).encode(),
    )


@composed
def thousands_of_namesakes() -> Composed:
    """Five thousand certificates of one name, each of which may have issued all."""
    name, key = named("N"), ed25519_key(1)
    return holding(issued(name, name, spki(ed25519_key(n + 2)), n, key, extensions=b"") for n in range(4800))


@composed
def namesakes_of_large_keys() -> Composed:
    """RSA keys as large as are read, with exponents as long."""
    name, random = named("N"), Random(1)
    algorithm = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)

    def one(serial: int) -> bytes:
        modulus = random.getrandbits(16384) | 1 | 1 << 16383
        key = spki_of_rsa(modulus, (1 << 64) - 1)
        return issued(name, name, key, serial, random.randbytes(2047).rjust(2048, b"\1"), algorithm)

    return holding(one(n) for n in range(220))


@composed
def exponents_as_long_as_the_modulus() -> Composed:
    """RSA keys whose verification is a private operation."""
    name, random = named("N"), Random(1)
    algorithm = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)

    def one(serial: int) -> bytes:
        key = spki_of_rsa(random.getrandbits(3072) | 1 | 1 << 3071, (1 << 3000) - 1)
        return issued(name, name, key, serial, random.randbytes(383).rjust(384, b"\1"), algorithm)

    return holding(one(n) for n in range(700))


def spki_of_rsa(modulus: int, exponent: int) -> bytes:
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@composed
def namesakes_on_a_slow_curve() -> Composed:
    """Keys of a curve without a quick way."""
    name, key = named("N"), ec.derive_private_key(7, ec.BrainpoolP512R1())
    return holding(issued(name, name, spki(key), n, key, P_384, b"") for n in range(2400))


@composed
def keys_that_inherit_their_parameters() -> Composed:
    """DSA keys that take their parameters from one another, over many ways."""
    name = named("N")
    algorithm = SignatureAlgorithm(Scheme.DSA, DigestAlgorithm.SHA256)
    bare = der.sequence(der.oid("1.2.840.10040.4.1"))
    value = der.sequence(der.integer(5), der.integer(7))
    keys = (der.sequence(bare, der.bits(der.integer(1 << 1000 | n))) for n in range(2000))
    return holding(issued(name, name, key, n, value, algorithm, b"") for n, key in enumerate(keys))


@composed
def a_long_chain() -> Composed:
    """Three thousand certificates, each the issuer of the one before, all of one name, below the signer's issuer."""
    return chain_of([named("N")] * 3501)


@composed
def a_long_chain_of_names() -> Composed:
    """As before, each of a name of its own."""
    return chain_of([named(f"{n}") for n in range(3501)])


def chain_of(names: list[bytes]) -> Composed:
    """A signer at the end of a chain that leads nowhere."""
    count = len(names) - 1
    every = [
        issued(names[n], names[n + 1], spki(ed25519_key(n + 1)), n + 1, ed25519_key(n + 2))
        for n in range(count)
    ]
    return holding(every[1:], encoding=signed_by(ed25519_key(1), every[0]))


def signed_by(key: Any, certificate: bytes, content: bytes = b"content") -> bytes:
    """A signature by the holder of that certificate."""
    from cryptography import x509

    world = World()
    entity = Entity(key, ED25519, x509.load_der_x509_certificate(certificate))
    entity = replace(entity, issuer=Entity(key, ED25519, world.root.issued))
    return world.sign(Cades(), document(content, "small.txt"), entity).read()
