"""Which public keys are certified: the suites of TS 119 312 and ML-DSA (FIPS 204), never a weak key."""

from __future__ import annotations

from math import gcd, prod

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, mldsa, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shirushi.services.ca.model.errors import SubjectKeyRefused, SubjectKeyWeak

SHORTEST_RSA = 2048
"""Bits (TS 119 312 §6.2.2.1)."""
LONGEST_RSA = 16384
"""Bits: what verifies slower serves nobody."""
SMALLEST_EXPONENT = 65537

_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
_SELF_CONTAINED = (
    ed25519.Ed25519PublicKey,
    ed448.Ed448PublicKey,
    mldsa.MLDSA44PublicKey,
    mldsa.MLDSA65PublicKey,
    mldsa.MLDSA87PublicKey,
)
_SMALL_PRIMES = prod(n for n in range(3, 752) if all(n % d for d in range(2, int(n**0.5) + 1)))


def check_subject_key(spki: bytes) -> None:
    """Refuse what is not certified: raises `SubjectKeyRefused` or `SubjectKeyWeak`.

    RSA of 2048 bits or more with an odd exponent of at least 65537 and without small factors (SP 800-89 §5.3.3), as
    rsaEncryption or id-RSASSA-PSS; ECDSA on P-256, P-384, P-521, its point on the curve; Ed25519, Ed448, ML-DSA.
    """
    try:
        key = load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SubjectKeyRefused(detail="SubjectPublicKeyInfo") from error
    match key:
        case rsa.RSAPublicKey():
            _check_rsa(key.public_numbers(), key.key_size)
        case ec.EllipticCurvePublicKey():
            if not isinstance(key.curve, _CURVES):
                raise SubjectKeyRefused(detail=key.curve.name)
        case _ if not isinstance(key, _SELF_CONTAINED):
            raise SubjectKeyRefused(detail=type(key).__name__)


def _check_rsa(numbers: rsa.RSAPublicNumbers, bits: int) -> None:
    if bits > LONGEST_RSA:
        raise SubjectKeyRefused(detail=f"RSA: {bits} > {LONGEST_RSA} bits")
    if bits < SHORTEST_RSA:
        raise SubjectKeyWeak(detail=f"RSA: {bits} < {SHORTEST_RSA} bits")
    if numbers.e < SMALLEST_EXPONENT or numbers.e % 2 == 0:
        raise SubjectKeyWeak(detail=f"RSA: e = {numbers.e}")
    if numbers.n % 2 == 0 or gcd(numbers.n, _SMALL_PRIMES) != 1:
        raise SubjectKeyWeak(detail="RSA: n has a small factor")
