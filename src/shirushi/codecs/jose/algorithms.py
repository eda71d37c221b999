"""The names of algorithms in JOSE (RFC 7518 §3.1, RFC 8037 §3.1) and of digests in JAdES (TS 119 182-1 annex E)."""

from __future__ import annotations

from typing import Any

from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.errors import UnsupportedAlgorithm
from shirushi.core.evidence import PublicKey

_D = DigestAlgorithm
_CURVES = {"ES256": "1.2.840.10045.3.1.7", "ES384": "1.3.132.0.34", "ES512": "1.3.132.0.35"}
"""The one curve of each: P-256, P-384, P-521."""
_SHA2 = {"256": _D.SHA256, "384": _D.SHA384, "512": _D.SHA512}
EDDSA = "EdDSA"
_EDWARDS = {"Ed25519": Scheme.ED25519, "Ed448": Scheme.ED448}
SYMMETRIC = frozenset({"none", "HS256", "HS384", "HS512"})
"""Names that make no signature: nothing at all, and codes whose key everyone who checks them could sign with."""

_NAMED = (
    {f"ES{size}": SignatureAlgorithm(Scheme.ECDSA, digest) for size, digest in _SHA2.items()}
    | {f"RS{size}": SignatureAlgorithm(Scheme.RSA_PKCS1, digest) for size, digest in _SHA2.items()}
    | {f"PS{size}": SignatureAlgorithm(Scheme.RSA_PSS, digest, digest.size) for size, digest in _SHA2.items()}
)
_NAMES = {algorithm: name for name, algorithm in _NAMED.items()}
_DIGESTS = {
    "S256": _D.SHA256,
    "S384": _D.SHA384,
    "S512": _D.SHA512,
    "S3-256": _D.SHA3_256,
    "S3-384": _D.SHA3_384,
    "S3-512": _D.SHA3_512,
}
_DIGEST_NAMES = {digest: name for name, digest in _DIGESTS.items()}


def jws_name(algorithm: SignatureAlgorithm, key: PublicKey) -> str:
    """The `alg` of a signature; raises `UnsupportedAlgorithm` where JOSE has no name, as for Brainpool curves."""
    if algorithm.scheme in {Scheme.ED25519, Scheme.ED448}:
        return EDDSA
    name = _NAMES.get(algorithm, "")
    if algorithm.scheme is Scheme.ECDSA and _CURVES.get(name) != key.curve:
        raise UnsupportedAlgorithm(algorithm=f"{algorithm}, {key.curve} (JOSE)")
    if not name:
        raise UnsupportedAlgorithm(algorithm=f"{algorithm} (JOSE)")
    return name


def jws_algorithm(name: Any, key: PublicKey | None) -> SignatureAlgorithm | None:
    """The algorithm of an `alg` under `key`; None where it is unknown here or does not go with the key.

    Each ES algorithm has one curve (RFC 7518 §3.4); EdDSA leaves it to the key (RFC 8037 §3.1), the names of RFC 9864 §2.2 tell it.
    """
    if not isinstance(name, str):
        return None
    if name in {EDDSA, *_EDWARDS}:
        own = key.kind.value if key and key.kind else ""
        scheme = _EDWARDS.get(own) if name in {EDDSA, own} else None
        return SignatureAlgorithm(scheme) if scheme else None
    if name in _CURVES and key is not None and key.curve != _CURVES[name]:
        return None
    return _NAMED.get(name)


def digest_name(algorithm: DigestAlgorithm) -> str:
    """The name of a digest; raises `UnsupportedAlgorithm` where JAdES has none."""
    try:
        return _DIGEST_NAMES[algorithm]
    except KeyError:
        raise UnsupportedAlgorithm(algorithm=f"{algorithm.label} (JOSE)") from None


def named_digest(name: Any) -> DigestAlgorithm | None:
    """The digest of that name; None where it is unknown here."""
    return _DIGESTS.get(name) if isinstance(name, str) else None
