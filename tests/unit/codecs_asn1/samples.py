"""Certificates, lists and responses made byte by byte, as odd as real ones are."""

import hashlib
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm

ALGORITHM = SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA256)
IDENTIFIER = encode_signature_algorithm(ALGORITHM)
FROM = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2036, 1, 1, tzinfo=UTC)
VALIDITY = der.sequence(times.time(FROM), times.time(UNTIL))
V3 = der.tlv(0xA0, der.integer(2))


@cache
def key(number: int = 1) -> ec.EllipticCurvePrivateKey:
    """The same key for the same number in every run: nothing here is secret."""
    return ec.derive_private_key(number + 1000, ec.SECP256R1())


def spki(number: int = 1) -> bytes:
    return key(number).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def key_hash(number: int = 1) -> bytes:
    point = key(number).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return hashlib.sha1(point).digest()


def attribute(text: str | bytes, tag: int = der.UTF8_STRING, oid: str = "2.5.4.3") -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return der.sequence(der.oid(oid), der.tlv(tag, data))


def name(text: str | bytes, tag: int = der.UTF8_STRING, oid: str = "2.5.4.3") -> bytes:
    return der.sequence(der.set_of(attribute(text, tag, oid)))


def extension(oid: str, value: bytes, *, critical: bool | None = None) -> bytes:
    """An Extension; `critical` False is written out, as DER forbids and many do."""
    flag = b"" if critical is None else (der.TRUE_DER if critical else b"\x01\x01\x00")
    return der.sequence(der.oid(oid), flag, der.octets(value))


def signed(tbs: bytes, by: int = 1, rest: bytes = b"") -> bytes:
    value = key(by).sign(tbs, ec.ECDSA(SHA256(), deterministic_signing=True))
    return der.sequence(tbs, IDENTIFIER, der.bits(value), rest)


def certificate(
    *extensions: bytes,
    serial: bytes = b"\x02\x01\x05",
    issuer: bytes = b"",
    subject: bytes = b"",
    validity: bytes = VALIDITY,
    public_key: bytes = b"",
    version: bytes = V3,
    number: int = 1,
    by: int = 1,
    inner: bytes = IDENTIFIER,
) -> bytes:
    """A certificate for key `number`, signed by key `by`."""
    tbs = der.sequence(
        version,
        serial,
        inner,
        issuer or name(f"CA {by}"),
        validity,
        subject or name(f"CA {number}"),
        public_key or spki(number),
        der.tlv(0xA3, der.sequence(*extensions)) if extensions else b"",
    )
    return signed(tbs, by)


def crl(*entries: bytes, extensions: bytes = b"", by: int = 1, issuer: bytes = b"") -> bytes:
    tbs = der.sequence(
        der.integer(1),
        IDENTIFIER,
        issuer or name(f"CA {by}"),
        times.time(FROM),
        times.time(UNTIL),
        der.sequence(*entries) if entries else b"",
        der.tlv(0xA0, extensions) if extensions else b"",
    )
    return signed(tbs, by)


def entry(serial: int, *extensions: bytes) -> bytes:
    return der.sequence(
        der.integer(serial), times.time(FROM), der.sequence(*extensions) if extensions else b""
    )


_P = int(
    "a7012e5cf812017dcc0490aec5bdc59a66a38af6f567f150546afee130d21aecea77f0f170b2c52ca6c9e32262c12706"
    "a7095ccebd9384805863fe0abb8477945ca23f33cdfa64fb90471ae41043cf4d1c5430c8a0aa22ace0a8a82f6f44e216"
    "c5c2d502f78c1679351ed9ec55cbcf307959f39c1b004c92488a91306cddfa35",
    16,
)
_Q = 0xEB3DE8E5EBA980754BEB8D79FA2A155C408DB1CB
_G = int(
    "73c6123ff22f74f04dadcb9e035e2d89f9dcdddeef9bad6fa2c18b0c0d1161953d9bed77e57ad578cd923d2fbe6c5c7d"
    "e0523d206210d48f43c6e027976327a443092d1ddbbbf5834fe29b6a8066e0140f9f2afbf9e0c419b968a98208483805"
    "2b0a61c7a5f4cebcfcd884b7c21114448b0a221b06dc11f2bcf0f1890e345524",
    16,
)


def dsa_key(x: int) -> dsa.DSAPrivateKey:
    """A DSA key of parameters that were generated once; nothing here is secret."""
    public = dsa.DSAPublicNumbers(pow(_G, x, _P), dsa.DSAParameterNumbers(_P, _Q, _G))
    return dsa.DSAPrivateNumbers(x, public).private_key()
