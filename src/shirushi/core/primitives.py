"""Verify a signature value under a public key. The only place where signature values are checked."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm

_HASHES: dict[DigestAlgorithm, hashes.HashAlgorithm] = {
    DigestAlgorithm.MD5: hashes.MD5(),  # noqa: S303  old signatures are still to be read
    DigestAlgorithm.SHA1: hashes.SHA1(),  # noqa: S303  as above
    DigestAlgorithm.SHA224: hashes.SHA224(),
    DigestAlgorithm.SHA256: hashes.SHA256(),
    DigestAlgorithm.SHA384: hashes.SHA384(),
    DigestAlgorithm.SHA512: hashes.SHA512(),
    DigestAlgorithm.SHA3_224: hashes.SHA3_224(),
    DigestAlgorithm.SHA3_256: hashes.SHA3_256(),
    DigestAlgorithm.SHA3_384: hashes.SHA3_384(),
    DigestAlgorithm.SHA3_512: hashes.SHA3_512(),
}

_DIGEST_INFO_WITHOUT_NULL: dict[DigestAlgorithm, bytes] = {
    digest: bytes((0x30, digest.size + 15, 0x30, 0x0B, 0x06, 0x09))
    + bytes.fromhex("6086480165030402")
    + bytes((int(digest.oid.rpartition(".")[2]), 0x04, digest.size))
    for digest in DigestAlgorithm
    if digest.oid.startswith("2.16.840.1.101.3.4.2.")
}
"""What stands before the digest in a DigestInfo whose algorithm has no parameters: SHA-2 and SHA-3 (RFC 8017 §9.2)."""


def digest_info(digest: DigestAlgorithm) -> bytes:
    """What stands before a SHA-2 or SHA-3 digest in the DigestInfo that RSASSA-PKCS1-v1_5 pads (RFC 8017 §9.2)."""
    bare = _DIGEST_INFO_WITHOUT_NULL[digest]
    return bytes((0x30, digest.size + 17, 0x30, 0x0D)) + bare[4:-2] + b"\x05\x00" + bare[-2:]


def hash_of(digest: DigestAlgorithm) -> hashes.HashAlgorithm:
    """The library's object for a digest algorithm; KeyError where the library cannot sign with it."""
    return _HASHES[digest]


_MOST_MODULUS_BITS, _MOST_EXPONENT_BITS = 16384, 64
"""RSA keys beyond these serve no signer; each verification would take up to seconds."""


@lru_cache(maxsize=512)
def _load(spki: bytes) -> PublicKeyTypes:
    key = load_der_public_key(spki)
    if isinstance(key, rsa.RSAPublicKey) and (
        key.key_size > _MOST_MODULUS_BITS or key.public_numbers().e.bit_length() > _MOST_EXPONENT_BITS
    ):
        raise UnsupportedAlgorithm("an RSA key of that size")
    return key


def cost(spki: bytes) -> int:
    """About how many microseconds a verification under the key takes, its failure included; 0 where it is unusable."""
    try:
        key = _load(spki)
    except (UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return 0
    match key:
        case rsa.RSAPublicKey():
            return 40 + key.key_size**2 * key.public_numbers().e.bit_length() // 1_500_000
        case ec.EllipticCurvePublicKey():
            return 150 if isinstance(key.curve, ec.SECP256R1 | ec.SECP224R1) else key.key_size * 5 // 2
        case dsa.DSAPublicKey():
            return key.key_size**2 // 7000
        case _:
            return 300


def verify(spki: bytes, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool:
    """Whether `signature` over `data` verifies under the key `spki` (SubjectPublicKeyInfo, DER).

    False for a wrong value, and for a key, digest or parameter that does not go with the algorithm: what cannot be
    verified is not verified.
    """
    try:
        return _verify(_load(spki), algorithm, signature, data)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return False


def verify_digest(spki: bytes, algorithm: SignatureAlgorithm, signature: bytes, digest: bytes) -> bool:
    """As `verify`, where only the digest of the data is at hand; False for schemes that hash by themselves."""
    if algorithm.digest is None:
        return False
    try:
        key, prehashed = _load(spki), Prehashed(hash_of(algorithm.digest))
        match algorithm.scheme, key:
            case Scheme.RSA_PKCS1, rsa.RSAPublicKey():
                return _pkcs1(key, algorithm.digest, signature, digest)
            case Scheme.RSA_PSS, rsa.RSAPublicKey():
                key.verify(signature, digest, _pss(algorithm, algorithm.digest), prehashed)
            case Scheme.ECDSA, ec.EllipticCurvePublicKey():
                key.verify(signature, digest, ec.ECDSA(prehashed))
            case Scheme.DSA, dsa.DSAPublicKey():
                key.verify(signature, digest, prehashed)
            case _:
                return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return False
    return True


def supports(spki: bytes, algorithm: SignatureAlgorithm) -> bool:
    """Whether this machine can load the key and knows the digests: only then does a False of `verify` accuse."""
    try:
        _load(spki)
        for digest in (algorithm.digest, algorithm.mgf_digest):
            if digest is not None:
                hash_of(digest)
    except (UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return False
    return True


def _pkcs1(key: rsa.RSAPublicKey, algorithm: DigestAlgorithm, signature: bytes, digest: bytes) -> bool:
    """RSASSA-PKCS1-v1_5 over a digest, whose DigestInfo may lack the NULL (RFC 8017 §8.2.2 note, appendix A.2.4)."""
    try:
        key.verify(signature, digest, padding.PKCS1v15(), Prehashed(hash_of(algorithm)))
    except InvalidSignature:
        bare = _DIGEST_INFO_WITHOUT_NULL.get(algorithm)
        found = key.recover_data_from_signature(signature, padding.PKCS1v15(), None)
        return bare is not None and found == bare + digest
    return True


def _pss(algorithm: SignatureAlgorithm, digest: DigestAlgorithm) -> padding.PSS:
    """RSASSA-PSS padding (RFC 8017 §8.1)."""
    salt = hash_of(digest).digest_size if algorithm.salt_length is None else algorithm.salt_length
    return padding.PSS(padding.MGF1(hash_of(algorithm.mgf_digest or digest)), salt)


def _verify(key: PublicKeyTypes, algorithm: SignatureAlgorithm, signature: bytes, data: bytes) -> bool:
    match algorithm.scheme, key:
        case Scheme.RSA_PKCS1, rsa.RSAPublicKey() if algorithm.digest:
            return _pkcs1(key, algorithm.digest, signature, algorithm.digest.digest(data))
        case Scheme.RSA_PSS, rsa.RSAPublicKey() if algorithm.digest:
            key.verify(signature, data, _pss(algorithm, algorithm.digest), hash_of(algorithm.digest))
        case Scheme.ECDSA, ec.EllipticCurvePublicKey() if algorithm.digest:
            key.verify(signature, data, ec.ECDSA(hash_of(algorithm.digest)))
        case Scheme.DSA, dsa.DSAPublicKey() if algorithm.digest:
            key.verify(signature, data, hash_of(algorithm.digest))
        case Scheme.ED25519, ed25519.Ed25519PublicKey():
            key.verify(signature, data)
        case Scheme.ED448, ed448.Ed448PublicKey():
            key.verify(signature, data)
        case Scheme.ML_DSA_44, mldsa.MLDSA44PublicKey():
            key.verify(signature, data)
        case Scheme.ML_DSA_65, mldsa.MLDSA65PublicKey():
            key.verify(signature, data)
        case Scheme.ML_DSA_87, mldsa.MLDSA87PublicKey():
            key.verify(signature, data)
        case _:
            return False
    return True
