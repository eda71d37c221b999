"""Digest and signature algorithms, by the names and object identifiers of their standards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial

from shirushi.core.errors import UnsupportedAlgorithm


class DigestAlgorithm(Enum):
    """A digest algorithm: (name, object identifier, digest length in bytes)."""

    MD5 = ("MD5", "1.2.840.113549.2.5", 16)
    SHA1 = ("SHA-1", "1.3.14.3.2.26", 20)
    SHA224 = ("SHA-224", "2.16.840.1.101.3.4.2.4", 28)
    SHA256 = ("SHA-256", "2.16.840.1.101.3.4.2.1", 32)
    SHA384 = ("SHA-384", "2.16.840.1.101.3.4.2.2", 48)
    SHA512 = ("SHA-512", "2.16.840.1.101.3.4.2.3", 64)
    SHA3_224 = ("SHA3-224", "2.16.840.1.101.3.4.2.7", 28)
    SHA3_256 = ("SHA3-256", "2.16.840.1.101.3.4.2.8", 32)
    SHA3_384 = ("SHA3-384", "2.16.840.1.101.3.4.2.9", 48)
    SHA3_512 = ("SHA3-512", "2.16.840.1.101.3.4.2.10", 64)
    SHAKE256 = ("SHAKE256", "2.16.840.1.101.3.4.2.12", 64)
    """SHAKE256 with 512 bits of output, as CMS uses it with Ed448 (RFC 8419 §2.3)."""
    RIPEMD160 = ("RIPEMD-160", "1.3.36.3.2.1", 20)

    def __init__(self, label: str, oid: str, size: int) -> None:
        self.label = label
        self.oid = oid
        self.size = size

    @classmethod
    def from_oid(cls, oid: str) -> DigestAlgorithm:
        """The algorithm with this object identifier; raises `UnsupportedAlgorithm`."""
        try:
            return _DIGEST_BY_OID[oid]
        except KeyError:
            raise UnsupportedAlgorithm(algorithm=oid) from None

    def new(self) -> Hasher:
        """A fresh incremental hasher of this algorithm."""
        return Hasher(self)

    def digest(self, data: bytes | memoryview) -> bytes:
        """The digest of `data`, `size` bytes."""
        try:
            found = _CONSTRUCTORS[self.label](data, usedforsecurity=False)
        except ValueError as error:
            raise UnsupportedAlgorithm(algorithm=self.label) from error
        return found.digest() if self is not DigestAlgorithm.SHAKE256 else found.digest(64)  # type: ignore[call-arg]  # hashlib's stub has no XOF in the union

    def function(self) -> Callable[[bytes], bytes]:
        """What `digest` does, looked up once for many messages; raises `UnsupportedAlgorithm`."""
        self.new()
        if self is DigestAlgorithm.SHAKE256:
            return lambda data: hashlib.shake_256(data, usedforsecurity=False).digest(64)
        constructor = _CONSTRUCTORS[self.label]
        return lambda data: constructor(data, usedforsecurity=False).digest()


_DIGEST_BY_OID = {member.oid: member for member in DigestAlgorithm}


def _constructor(algorithm: DigestAlgorithm) -> Callable[..., hashlib._Hash]:
    """What `hashlib` has for it; it raises ValueError where this machine has no such digest."""
    name = "shake_256" if algorithm is DigestAlgorithm.SHAKE256 else algorithm.name.lower()
    return getattr(hashlib, name, None) or partial(hashlib.new, name)


_CONSTRUCTORS = {member.label: _constructor(member) for member in DigestAlgorithm}


class Hasher:
    """An incremental digest computation. Raises `UnsupportedAlgorithm` where this machine has no such digest."""

    __slots__ = ("_hash", "algorithm")

    def __init__(self, algorithm: DigestAlgorithm) -> None:
        self.algorithm = algorithm
        try:
            self._hash = _CONSTRUCTORS[algorithm.label](usedforsecurity=False)
        except ValueError as error:
            raise UnsupportedAlgorithm(algorithm=algorithm.label) from error

    def update(self, data: bytes | memoryview) -> None:
        """Take in the next part of the message."""
        self._hash.update(data)

    def digest(self) -> bytes:
        """The digest of all that was taken in."""
        if self.algorithm is DigestAlgorithm.SHAKE256:
            return self._hash.digest(64)  # type: ignore[call-arg]  # hashlib's stub has no XOF in the union
        return self._hash.digest()


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest value with its algorithm."""

    algorithm: DigestAlgorithm
    value: bytes

    def __str__(self) -> str:
        return f"{self.algorithm.label}:{self.value.hex()}"


class KeyKind(Enum):
    """The family of a public key."""

    RSA = "RSA"
    EC = "EC"
    ED25519 = "Ed25519"
    ED448 = "Ed448"
    ML_DSA = "ML-DSA"
    DSA = "DSA"


class KeyType(Enum):
    """A key type that this platform generates: the label stands in configuration files."""

    RSA_2048 = "RSA-2048"
    RSA_3072 = "RSA-3072"
    RSA_4096 = "RSA-4096"
    P_256 = "P-256"
    P_384 = "P-384"
    P_521 = "P-521"
    ED25519 = "Ed25519"
    ED448 = "Ed448"
    ML_DSA_44 = "ML-DSA-44"
    ML_DSA_65 = "ML-DSA-65"
    ML_DSA_87 = "ML-DSA-87"


class Scheme(Enum):
    """A signature scheme, without its digest."""

    RSA_PKCS1 = "RSASSA-PKCS1-v1_5"
    RSA_PSS = "RSASSA-PSS"
    ECDSA = "ECDSA"
    ED25519 = "Ed25519"
    ED448 = "Ed448"
    ML_DSA_44 = "ML-DSA-44"
    ML_DSA_65 = "ML-DSA-65"
    ML_DSA_87 = "ML-DSA-87"
    DSA = "DSA"


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """A scheme and the digest it works with.

    `digest` is None for the schemes that hash by themselves (EdDSA, ML-DSA). `salt_length`, in bytes, belongs to
    RSASSA-PSS alone; its MGF1 uses the same digest (RFC 4055 §3.1), or `mgf_digest` where a signature says so.
    """

    scheme: Scheme
    digest: DigestAlgorithm | None = None
    salt_length: int | None = None
    mgf_digest: DigestAlgorithm | None = None

    def __str__(self) -> str:
        return f"{self.scheme.value} with {self.digest.label}" if self.digest else self.scheme.value


_OWN_DIGEST = {  # the digest that accompanies a signature value in CMS
    "P-256": DigestAlgorithm.SHA256,
    "P-384": DigestAlgorithm.SHA384,
    "P-521": DigestAlgorithm.SHA512,
    "Ed25519": DigestAlgorithm.SHA512,  # RFC 8419 §3.1
    "Ed448": DigestAlgorithm.SHAKE256,  # RFC 8419 §3.1
    "ML-DSA-44": DigestAlgorithm.SHA256,  # RFC 9882 §3.3
    "ML-DSA-65": DigestAlgorithm.SHA384,
    "ML-DSA-87": DigestAlgorithm.SHA512,
}


def signature_algorithm(key_type: KeyType, *, pss: bool = False) -> SignatureAlgorithm:
    """The algorithm that this platform signs with under a key of `key_type`.

    RSA keys sign with PKCS #1 v1.5 unless `pss` is asked for; both use SHA-256.
    """
    if key_type.name.startswith("RSA"):
        if pss:
            return SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256, salt_length=32)
        return SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)
    if key_type.name.startswith("P_"):
        return SignatureAlgorithm(Scheme.ECDSA, _OWN_DIGEST[key_type.value])
    return SignatureAlgorithm(Scheme(key_type.value))


_VALUE_SIZE = {  # in bytes; ECDSA as a DER sequence
    KeyType.RSA_2048: 256,
    KeyType.RSA_3072: 384,
    KeyType.RSA_4096: 512,
    KeyType.P_256: 72,
    KeyType.P_384: 104,
    KeyType.P_521: 139,
    KeyType.ED25519: 64,
    KeyType.ED448: 114,
    KeyType.ML_DSA_44: 2420,
    KeyType.ML_DSA_65: 3309,
    KeyType.ML_DSA_87: 4627,
}


def signature_value_size(key_type: KeyType) -> int:
    """An upper bound of a signature value's length in bytes, as CMS encodes it."""
    return _VALUE_SIZE[key_type]


def message_digest_algorithm(algorithm: SignatureAlgorithm) -> DigestAlgorithm:
    """The digest of the content that goes with a signature of `algorithm` in CMS (RFC 8419 §3.1, RFC 9882 §3.3)."""
    return algorithm.digest or _OWN_DIGEST[algorithm.scheme.value]
