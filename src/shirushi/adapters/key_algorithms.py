"""Private keys of the `cryptography` library: made, and bound to a signature algorithm."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shirushi.core.algorithms import DigestAlgorithm, KeyType, Scheme, SignatureAlgorithm
from shirushi.core.primitives import hash_of
from shirushi.ports.keys import KeyReference, KeyUnusable

PrivateKey: TypeAlias = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | mldsa.MLDSA44PrivateKey
    | mldsa.MLDSA65PrivateKey
    | mldsa.MLDSA87PrivateKey
)
"""A private key of a type that this platform generates."""

_SIGNED_WITH = {
    DigestAlgorithm.SHA256,
    DigestAlgorithm.SHA384,
    DigestAlgorithm.SHA512,
    DigestAlgorithm.SHA3_256,
    DigestAlgorithm.SHA3_384,
    DigestAlgorithm.SHA3_512,
}
_PLAIN: dict[Scheme, type] = {
    Scheme.ED25519: ed25519.Ed25519PrivateKey,
    Scheme.ED448: ed448.Ed448PrivateKey,
    Scheme.ML_DSA_44: mldsa.MLDSA44PrivateKey,
    Scheme.ML_DSA_65: mldsa.MLDSA65PrivateKey,
    Scheme.ML_DSA_87: mldsa.MLDSA87PrivateKey,
}


def generate_key(key_type: KeyType) -> PrivateKey:
    """A fresh private key; RSA keys have the public exponent 65537."""
    match key_type:
        case KeyType.RSA_2048 | KeyType.RSA_3072 | KeyType.RSA_4096:
            return rsa.generate_private_key(65537, int(key_type.value.removeprefix("RSA-")))
        case KeyType.P_256:
            return ec.generate_private_key(ec.SECP256R1())
        case KeyType.P_384:
            return ec.generate_private_key(ec.SECP384R1())
        case KeyType.P_521:
            return ec.generate_private_key(ec.SECP521R1())
        case KeyType.ED25519:
            return ed25519.Ed25519PrivateKey.generate()
        case KeyType.ED448:
            return ed448.Ed448PrivateKey.generate()
        case KeyType.ML_DSA_44:
            return mldsa.MLDSA44PrivateKey.generate()
        case KeyType.ML_DSA_65:
            return mldsa.MLDSA65PrivateKey.generate()
        case KeyType.ML_DSA_87:
            return mldsa.MLDSA87PrivateKey.generate()


def signing_function(
    key: PrivateKey, algorithm: SignatureAlgorithm, reference: KeyReference
) -> Callable[[bytes], bytes]:
    """What signs data with `key` under `algorithm`.

    Digests with known collisions make no new signatures. Raises `KeyUnusable` where key and algorithm do not go together.
    """
    digest = algorithm.digest
    if digest is not None:
        check_digest(digest, reference)
    match algorithm.scheme, key:
        case Scheme.RSA_PKCS1, rsa.RSAPrivateKey() if digest:
            pkcs1, plain = padding.PKCS1v15(), hash_of(digest)
            return lambda data: key.sign(data, pkcs1, plain)
        case Scheme.RSA_PSS, rsa.RSAPrivateKey() if digest:
            hashed = hash_of(digest)
            salt = hashed.digest_size if algorithm.salt_length is None else algorithm.salt_length
            pss = padding.PSS(padding.MGF1(hash_of(algorithm.mgf_digest or digest)), salt)
            return lambda data: key.sign(data, pss, hashed)
        case Scheme.ECDSA, ec.EllipticCurvePrivateKey() if digest:
            ecdsa = ec.ECDSA(hash_of(digest))
            return lambda data: key.sign(data, ecdsa)
        case (scheme, _) if digest is None and scheme in _PLAIN and isinstance(key, _PLAIN[scheme]):
            plain_sign: Callable[[bytes], bytes] = key.sign  # type: ignore[assignment]  # narrowed by _PLAIN
            return plain_sign
        case _:
            detail = f"a {reference.key_type.value} key does not sign with {algorithm}"
            raise KeyUnusable(label=reference.label, detail=detail)


def check_digest(digest: DigestAlgorithm, reference: KeyReference) -> None:
    """Raise `KeyUnusable` for a digest with known collisions: it makes no new signatures."""
    if digest not in _SIGNED_WITH:
        raise KeyUnusable(label=reference.label, detail=f"nothing is signed with {digest.label} any more")


def key_type_of(spki: bytes) -> KeyType:
    """The type of a public key (SubjectPublicKeyInfo, DER); raises ValueError where this platform generates none such."""
    key = load_der_public_key(spki)
    match key:
        case rsa.RSAPublicKey():
            return KeyType(f"RSA-{key.key_size}")
        case ec.EllipticCurvePublicKey():
            return KeyType(_CURVES.get(key.curve.name, key.curve.name))
        case ed25519.Ed25519PublicKey():
            return KeyType.ED25519
        case ed448.Ed448PublicKey():
            return KeyType.ED448
        case _:
            raise ValueError(type(key).__name__)


_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
