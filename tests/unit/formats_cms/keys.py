"""A key and a certificate of every type that this platform signs with: the same in every run, and nothing secret."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.asn1 import der, times
from shirushi.codecs.asn1.algorithms import encode_signature_algorithm
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.algorithms import KeyType, Scheme, SignatureAlgorithm, signature_algorithm
from shirushi.core.evidence import Certificate
from shirushi.core.primitives import hash_of
from tests.unit.codecs_asn1.samples import V3, extension, name

_P = int(
    "c6424ad65dc04bf55223a1ab6f367010348fe3731b4f2a203e1d1ea27ba1001a3951ca4dde051cf7a4e37e9086bddae9"
    "c2cf520e80030f4de198d84c4a9144e74b47825399415f80bd93ac28746822ee3b67c0a0d3983f0994e0680a4ae1ebd0"
    "3e7ca60137d1c711dd834dfba9d84d062195c617bfadeae9fd5f1d0993415c11",
    16,
)
_Q = int(
    "b5dae19723db4abeb3acd64d67e2ae5c05ccf9fdd772f0d7ec7c472349c35a176ec35532c1c23bdf2bb9562545c6431b"
    "df14769086d550bd698b0fb8a836161426b183a645d05f09619a2a4931d77cff3cdb97b48422b334b8ffd9d11f5903d9"
    "97f58a96f3d07068126cbae9ae3c2bb0ab3a780508d2bd4e09449d0108889945",
    16,
)
_CURVES = {KeyType.P_256: ec.SECP256R1(), KeyType.P_384: ec.SECP384R1(), KeyType.P_521: ec.SECP521R1()}
_ML_DSA = {
    KeyType.ML_DSA_44: mldsa.MLDSA44PrivateKey,
    KeyType.ML_DSA_65: mldsa.MLDSA65PrivateKey,
    KeyType.ML_DSA_87: mldsa.MLDSA87PrivateKey,
}
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)


@cache
def private_key(key_type: KeyType, seed: int = 1):
    """The key of a type; RSA keys are of 2048 bits whatever the seed."""
    if key_type in _CURVES:
        return ec.derive_private_key(seed + 70000, _CURVES[key_type])
    if key_type in _ML_DSA:
        return _ML_DSA[key_type].from_seed_bytes(bytes([seed]) * 32)
    if key_type is KeyType.ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    if key_type is KeyType.ED448:
        return ed448.Ed448PrivateKey.from_private_bytes(bytes([seed]) * 57)
    d = rsa.rsa_recover_private_exponent(65537, _P, _Q)
    crt = rsa.rsa_crt_dmp1(d, _P), rsa.rsa_crt_dmq1(d, _Q), rsa.rsa_crt_iqmp(_P, _Q)
    return rsa.RSAPrivateNumbers(_P, _Q, d, *crt, rsa.RSAPublicNumbers(65537, _P * _Q)).private_key()


def sign(key, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
    digest = hash_of(algorithm.digest) if algorithm.digest else None
    match algorithm.scheme:
        case Scheme.RSA_PKCS1:
            return key.sign(data, padding.PKCS1v15(), digest)
        case Scheme.RSA_PSS:
            return key.sign(data, padding.PSS(padding.MGF1(digest), algorithm.salt_length), digest)
        case Scheme.ECDSA:
            return key.sign(data, ec.ECDSA(digest, deterministic_signing=True))
        case _:
            return key.sign(data)


@dataclass(frozen=True)
class Holder:
    """A key, the algorithm it signs with, and its certificate."""

    key: object
    algorithm: SignatureAlgorithm
    certificate: Certificate

    def sign(self, data: bytes) -> bytes:
        return sign(self.key, data, self.algorithm)


@cache
def holder(
    key_type: KeyType = KeyType.P_256,
    *,
    pss: bool = False,
    text: str = "Alice",
    seed: int = 1,
    tsa: bool = False,
) -> Holder:
    """A self-signed holder; `tsa` gives the extended key usage of a time-stamp unit."""
    key, algorithm = private_key(key_type, seed), signature_algorithm(key_type, pss=pss)
    identifier = encode_signature_algorithm(algorithm)
    purpose = extension("2.5.29.37", der.sequence(der.oid("1.3.6.1.5.5.7.3.8")), critical=True)
    usage = extension("2.5.29.15", bytes.fromhex("030206c0"), critical=True)
    key_id = extension("2.5.29.14", der.octets(text.encode()))
    tbs = der.sequence(
        V3,
        der.integer(4711 + seed),
        identifier,
        name(text),
        der.sequence(times.time(FROM), times.time(UNTIL)),
        name(text),
        key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        der.tlv(0xA3, der.sequence(usage, key_id, purpose if tsa else b"")),
    )
    encoding = der.sequence(tbs, identifier, der.bits(sign(key, tbs, algorithm)))
    return Holder(key, algorithm, parse_certificate(encoding))
