"""SubjectPublicKeyInfo as evidence (RFC 3279 §2.3, RFC 5480, RFC 8410, RFC 9881)."""

from __future__ import annotations

from functools import lru_cache

from shirushi.codecs.asn1 import algorithms, der
from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.core.algorithms import KeyKind
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import PublicKey

_FIXED: dict[str, tuple[KeyKind, int]] = {
    algorithms.ED25519: (KeyKind.ED25519, 256),
    algorithms.ED448: (KeyKind.ED448, 456),
    algorithms.ML_DSA_44: (KeyKind.ML_DSA, 1312 * 8),
    algorithms.ML_DSA_65: (KeyKind.ML_DSA, 1952 * 8),
    algorithms.ML_DSA_87: (KeyKind.ML_DSA, 2592 * 8),
}
_CURVES: dict[str, int] = {
    "1.2.840.10045.3.1.1": 192,
    "1.3.132.0.33": 224,
    "1.2.840.10045.3.1.7": 256,
    "1.3.132.0.10": 256,
    "1.3.132.0.34": 384,
    "1.3.132.0.35": 521,
    "1.3.36.3.3.2.8.1.1.3": 192,
    "1.3.36.3.3.2.8.1.1.5": 224,
    "1.3.36.3.3.2.8.1.1.7": 256,
    "1.3.36.3.3.2.8.1.1.8": 256,
    "1.3.36.3.3.2.8.1.1.9": 320,
    "1.3.36.3.3.2.8.1.1.11": 384,
    "1.3.36.3.3.2.8.1.1.12": 384,
    "1.3.36.3.3.2.8.1.1.13": 512,
    "1.3.36.3.3.2.8.1.1.14": 512,
    "1.2.250.1.223.101.256.1": 256,
}
"""Named curves and their field sizes (SEC 2, RFC 5639, FRP256v1)."""


def public_key(spki: bytes) -> PublicKey:
    """Read a SubjectPublicKeyInfo; an unknown or unreadable key has kind None. Raises `MalformedAsn1`."""
    parts = der.single(spki, der.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedAsn1(detail="not a public key")
    algorithm = parts[0].expect(der.SEQUENCE).children()
    if not algorithm:
        raise MalformedAsn1(detail="a public key without an algorithm")
    oid = der.read_oid(algorithm[0].expect(der.OBJECT_IDENTIFIER).value)
    parameters = algorithm[1] if len(algorithm) > 1 else None
    bits = der.read_bits(parts[1].expect(der.BIT_STRING).value)
    if oid in _FIXED:
        return PublicKey(spki, *_FIXED[oid])
    try:
        match oid:
            case algorithms.RSA_ENCRYPTION | algorithms.RSASSA_PSS:
                modulus = der.single(bits, der.SEQUENCE).children()[0].expect(der.INTEGER)
                return PublicKey(spki, KeyKind.RSA, der.read_integer(modulus.value).bit_length())
            case algorithms.EC_PUBLIC_KEY if parameters:
                return _ec(spki, parameters, bits)
            case algorithms.DSA_KEY:
                return _dsa(spki, parameters)
    except (MalformedInput, IndexError):
        pass
    return PublicKey(spki, None, 0)


def _ec(spki: bytes, parameters: der.Element, point: bytes) -> PublicKey:
    if parameters.tag == der.OBJECT_IDENTIFIER:
        curve = der.read_oid(parameters.value)
        octets = len(point) - 1 if point[:1] in {b"\x02", b"\x03"} else (len(point) - 1) // 2
        return PublicKey(spki, KeyKind.EC, _CURVES.get(curve, max(octets, 0) * 8), curve)
    field = parameters.expect(der.SEQUENCE).children()[1].children()  # ECParameters.fieldID (RFC 3279 §2.3.5)
    prime = field[1].expect(der.INTEGER)
    return PublicKey(spki, KeyKind.EC, der.read_integer(prime.value).bit_length())


def _dsa(spki: bytes, parameters: der.Element | None) -> PublicKey:
    if parameters is None or parameters.tag == der.NULL:
        return PublicKey(spki, KeyKind.DSA, 0, parameters_inherited=True)
    prime = parameters.expect(der.SEQUENCE).children()[0].expect(der.INTEGER)
    return PublicKey(spki, KeyKind.DSA, der.read_integer(prime.value).bit_length())


@lru_cache(maxsize=64)
def with_parameters_of(spki: bytes, issuer_spki: bytes) -> bytes:
    """A DSA key that inherits its parameters, with those of its issuer's key (RFC 3279 §2.3.2)."""
    key = der.single(spki, der.SEQUENCE).children()[1].raw
    return der.sequence(der.single(issuer_spki, der.SEQUENCE).children()[0].raw, key)


def subject_key_bits(spki: bytes) -> bytes:
    """The content of subjectPublicKey, over which key identifiers and key hashes are made (RFC 6960 §4.1.1)."""
    parts = der.single(spki, der.SEQUENCE).children()
    if len(parts) != 2:
        raise MalformedAsn1(detail="not a public key")
    return der.read_bits(parts[1].expect(der.BIT_STRING).value)
