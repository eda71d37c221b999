"""A throwaway key that makes real signatures and real time-stamps."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import Digest, DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, TstInfo
from shirushi.formats.cms import attributes
from shirushi.formats.cms.assembly import add_unsigned_attribute, assemble_signed_data
from shirushi.formats.cms.timestamp import assemble_token, bind_token
from shirushi.formats.pades.layout import Layout

ALGORITHM = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
GEN_TIME = datetime(2026, 4, 2, tzinfo=UTC)


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, SHA256())
    )


@cache
def certificate() -> Certificate:
    return parse_certificate(_certificate(_key(), "Tester").public_bytes(Encoding.DER))


@cache
def crl() -> bytes:
    start = datetime(2026, 4, 1, tzinfo=UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(_certificate(_key(), "Tester").subject)
    signed = builder.last_update(start).next_update(start + timedelta(days=7)).sign(_key(), SHA256())
    return signed.public_bytes(Encoding.DER)


def signed_data(digest: bytes, *, content: bytes | None = None, extra: tuple[bytes, ...] = ()) -> bytes:
    signed = attributes.signed_attributes(digest, certificate().der, extra=extra)
    value = _key().sign(signed, ec.ECDSA(SHA256()))
    return assemble_signed_data(signed, value, (certificate().der,), ALGORITHM, content=content)


def token(imprint: Digest) -> bytes:
    info = TstInfo("1.2.3", imprint, 1, GEN_TIME)
    bound = bind_token(info, (certificate(),), ALGORITHM)
    return assemble_token(bound, _key().sign(bound.data, ec.ECDSA(SHA256())))


def stamped(cms: bytes, value: bytes) -> bytes:
    """The CMS with a signature time-stamp over `value`."""
    imprint = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(value))
    return add_unsigned_attribute(cms, attributes.signature_timestamp(token(imprint)))


def filled(layout: Layout, *, extra: tuple[bytes, ...] = ()) -> Document:
    """The layout with a real signature in it."""
    digest = layout.document.digest(DigestAlgorithm.SHA256, layout.ranges)
    return layout.fill(signed_data(digest.value, extra=extra))


def filled_with_token(layout: Layout) -> Document:
    return layout.fill(token(layout.document.digest(DigestAlgorithm.SHA256, layout.ranges)))


@cache
def rsa_key(index: int = 1) -> rsa.RSAPrivateKey:
    assert index
    return rsa.generate_private_key(65537, 2048)


def bare_rsa(data: bytes, key: rsa.RSAPrivateKey) -> tuple[bytes, bytes]:
    """A PKCS #1 value over `data` with SHA-1, and the certificate."""
    return key.sign(data, padding.PKCS1v15(), SHA1()), _certificate(key, "Old").public_bytes(Encoding.DER)
