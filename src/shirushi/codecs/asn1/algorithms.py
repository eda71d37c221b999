"""AlgorithmIdentifier ⇄ `SignatureAlgorithm`, `DigestAlgorithm`.

RFC 4055 and RFC 8017 (RSA), RFC 5758 (DSA and ECDSA with SHA-2), RFC 8410 and RFC 8419 (EdDSA), RFC 9881 and RFC 9882
(ML-DSA), NIST's arcs for SHA-3.
"""

from __future__ import annotations

from functools import lru_cache

from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.errors import Asn1TooComplex
from shirushi.codecs.asn1.schema import decode, encode, raw
from shirushi.codecs.asn1.schema.x509 import AlgorithmIdentifier, RsaSsaPssParameters
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.errors import UnsupportedAlgorithm

D = DigestAlgorithm

RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
RSASSA_PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
EC_PUBLIC_KEY = "1.2.840.10045.2.1"
DSA_KEY = "1.2.840.10040.4.1"
ED25519 = "1.3.101.112"
ED448 = "1.3.101.113"
ML_DSA_44 = "2.16.840.1.101.3.4.3.17"
ML_DSA_65 = "2.16.840.1.101.3.4.3.18"
ML_DSA_87 = "2.16.840.1.101.3.4.3.19"
SHAKE256_LEN = "2.16.840.1.101.3.4.2.18"

_NIST = "2.16.840.1.101.3.4.3."
_PKCS1 = "1.2.840.113549.1.1."
_ECDSA_SHA2 = "1.2.840.10045.4.3."

_WITH_DIGEST: dict[str, tuple[Scheme, DigestAlgorithm]] = {
    _PKCS1 + "4": (Scheme.RSA_PKCS1, D.MD5),
    _PKCS1 + "5": (Scheme.RSA_PKCS1, D.SHA1),
    _PKCS1 + "14": (Scheme.RSA_PKCS1, D.SHA224),
    _PKCS1 + "11": (Scheme.RSA_PKCS1, D.SHA256),
    _PKCS1 + "12": (Scheme.RSA_PKCS1, D.SHA384),
    _PKCS1 + "13": (Scheme.RSA_PKCS1, D.SHA512),
    _NIST + "13": (Scheme.RSA_PKCS1, D.SHA3_224),
    _NIST + "14": (Scheme.RSA_PKCS1, D.SHA3_256),
    _NIST + "15": (Scheme.RSA_PKCS1, D.SHA3_384),
    _NIST + "16": (Scheme.RSA_PKCS1, D.SHA3_512),
    "1.3.36.3.3.1.2": (Scheme.RSA_PKCS1, D.RIPEMD160),
    "1.2.840.10045.4.1": (Scheme.ECDSA, D.SHA1),
    _ECDSA_SHA2 + "1": (Scheme.ECDSA, D.SHA224),
    _ECDSA_SHA2 + "2": (Scheme.ECDSA, D.SHA256),
    _ECDSA_SHA2 + "3": (Scheme.ECDSA, D.SHA384),
    _ECDSA_SHA2 + "4": (Scheme.ECDSA, D.SHA512),
    _NIST + "9": (Scheme.ECDSA, D.SHA3_224),
    _NIST + "10": (Scheme.ECDSA, D.SHA3_256),
    _NIST + "11": (Scheme.ECDSA, D.SHA3_384),
    _NIST + "12": (Scheme.ECDSA, D.SHA3_512),
    "1.2.840.10040.4.3": (Scheme.DSA, D.SHA1),
    _NIST + "1": (Scheme.DSA, D.SHA224),
    _NIST + "2": (Scheme.DSA, D.SHA256),
    _NIST + "3": (Scheme.DSA, D.SHA384),
    _NIST + "4": (Scheme.DSA, D.SHA512),
    _NIST + "5": (Scheme.DSA, D.SHA3_224),
    _NIST + "6": (Scheme.DSA, D.SHA3_256),
    _NIST + "7": (Scheme.DSA, D.SHA3_384),
    _NIST + "8": (Scheme.DSA, D.SHA3_512),
}
_OID_OF = {value: oid for oid, value in _WITH_DIGEST.items()}
_READ_ONLY = {"1.3.14.3.2.29": (Scheme.RSA_PKCS1, D.SHA1), "1.3.14.3.2.27": (Scheme.DSA, D.SHA1)}  # OIW

_SELF_HASHING = {
    ED25519: Scheme.ED25519,
    ED448: Scheme.ED448,
    ML_DSA_44: Scheme.ML_DSA_44,
    ML_DSA_65: Scheme.ML_DSA_65,
    ML_DSA_87: Scheme.ML_DSA_87,
}
_OID_OF_SELF_HASHING = {scheme: oid for oid, scheme in _SELF_HASHING.items()}

_KEY_AS_SIGNATURE = {RSA_ENCRYPTION: Scheme.RSA_PKCS1, EC_PUBLIC_KEY: Scheme.ECDSA, DSA_KEY: Scheme.DSA}

_NULL_PARAMETERS = {D.MD5, D.RIPEMD160}
"""Digests whose AlgorithmIdentifier is written with NULL; the SHAs leave it out (RFC 5754 §2)."""


_MAX_IDENTIFIER = 1 << 12


def oid_of(identifier: bytes) -> str:
    """The object identifier of an AlgorithmIdentifier in DER; raises `MalformedAsn1`, `Asn1TooComplex` over 4 KiB."""
    if len(identifier) > _MAX_IDENTIFIER:
        raise Asn1TooComplex(limit=f"{_MAX_IDENTIFIER} bytes", detail="an algorithm identifier")
    first = der.element(identifier).expect(der.SEQUENCE)
    return der.read_oid(der.element(identifier, first.content, first.end).expect(der.OBJECT_IDENTIFIER).value)


@lru_cache(maxsize=512)
def signature_algorithm(identifier: bytes) -> SignatureAlgorithm | None:
    """What an AlgorithmIdentifier of a signature stands for, or None where it is not known here.

    Parameters that should be absent or NULL are not looked at: real ones are both. Raises `MalformedAsn1`.
    """
    oid = oid_of(identifier)
    if known := _WITH_DIGEST.get(oid) or _READ_ONLY.get(oid):
        return SignatureAlgorithm(*known)
    if scheme := _SELF_HASHING.get(oid):
        return SignatureAlgorithm(scheme)
    if oid == RSASSA_PSS:
        return _pss(decode(AlgorithmIdentifier, identifier))
    return None


def cms_signature_algorithm(identifier: bytes, digest: DigestAlgorithm | None) -> SignatureAlgorithm | None:
    """What the signatureAlgorithm of a SignerInfo stands for, whose digestAlgorithm is `digest`.

    A key's algorithm in its place, as rsaEncryption, takes that digest (RFC 3370 §3.2). Raises `MalformedAsn1`.
    """
    scheme = _KEY_AS_SIGNATURE.get(oid_of(identifier))
    if scheme:
        return SignatureAlgorithm(scheme, digest) if digest else None
    return signature_algorithm(identifier)


def _pss(identifier: AlgorithmIdentifier) -> SignatureAlgorithm | None:
    """RSASSA-PSS (RFC 4055 §3.1); absent parameters are all defaults."""
    given = identifier.parameters
    parameters = RsaSsaPssParameters() if given is None else decode(RsaSsaPssParameters, raw(given))
    digest = _digest_or_sha1(parameters.hash_algorithm)
    mgf = parameters.mask_gen_algorithm
    mgf_digest: DigestAlgorithm | None = D.SHA1
    if mgf is not None:
        if mgf.algorithm.dotted_string != MGF1 or mgf.parameters is None:
            return None
        mgf_digest = digest_algorithm(raw(mgf.parameters))
    salt_length = 20 if parameters.salt_length is None else parameters.salt_length
    if digest is None or mgf_digest is None or parameters.trailer_field not in {None, 1}:
        return None
    if not 0 <= salt_length <= 4096:
        return None
    return SignatureAlgorithm(
        Scheme.RSA_PSS, digest, salt_length, None if mgf_digest is digest else mgf_digest
    )


def _digest_or_sha1(identifier: AlgorithmIdentifier | None) -> DigestAlgorithm | None:
    return D.SHA1 if identifier is None else digest_algorithm(encode(identifier))


@lru_cache(maxsize=512)
def digest_algorithm(identifier: bytes) -> DigestAlgorithm | None:
    """What an AlgorithmIdentifier of a digest stands for, or None where it is not known here; raises `MalformedAsn1`.

    The identifier of a signature algorithm, which some CMS carry in this place, stands for its digest.
    """
    oid = oid_of(identifier)
    if oid == SHAKE256_LEN:
        parts = der.single(identifier).children()
        return D.SHAKE256 if len(parts) == 2 and parts[1].raw == der.integer(512) else None
    if known := _WITH_DIGEST.get(oid):
        return known[1]
    try:
        return DigestAlgorithm.from_oid(oid)
    except UnsupportedAlgorithm:
        return None


@lru_cache(maxsize=64)
def encode_signature_algorithm(algorithm: SignatureAlgorithm) -> bytes:
    """The AlgorithmIdentifier of a signature algorithm in DER; raises `UnsupportedAlgorithm` where it has none."""
    scheme, digest = algorithm.scheme, algorithm.digest
    if oid := _OID_OF_SELF_HASHING.get(scheme):
        return der.sequence(der.oid(oid))
    if digest is not None and scheme is Scheme.RSA_PSS:
        return der.sequence(der.oid(RSASSA_PSS), _pss_parameters(algorithm, digest))
    if digest is None or (scheme, digest) not in _OID_OF:
        raise UnsupportedAlgorithm(algorithm=algorithm)
    identifier = der.oid(_OID_OF[scheme, digest])
    return der.sequence(identifier, der.NULL_DER) if scheme is Scheme.RSA_PKCS1 else der.sequence(identifier)


def _pss_parameters(algorithm: SignatureAlgorithm, digest: DigestAlgorithm) -> bytes:
    """RSASSA-PSS-params in DER, defaults left out; the digests with NULL, as RFC 4055 §2.1 prefers."""
    mgf_digest = algorithm.mgf_digest or digest
    salt_length = digest.size if algorithm.salt_length is None else algorithm.salt_length
    parts = []
    if digest is not D.SHA1:
        parts.append(der.tlv(0xA0, _with_null(digest)))
    if mgf_digest is not D.SHA1:
        parts.append(der.tlv(0xA1, der.sequence(der.oid(MGF1), _with_null(mgf_digest))))
    if salt_length != 20:
        parts.append(der.tlv(0xA2, der.integer(salt_length)))
    return der.sequence(*parts)


def _with_null(digest: DigestAlgorithm) -> bytes:
    return der.sequence(der.oid(digest.oid), der.NULL_DER)


@lru_cache(maxsize=64)
def encode_digest_algorithm(digest: DigestAlgorithm) -> bytes:
    """The AlgorithmIdentifier of a digest in DER; SHA-1, SHA-2, SHA-3 and SHAKE without parameters (RFC 5754 §2)."""
    return _with_null(digest) if digest in _NULL_PARAMETERS else der.sequence(der.oid(digest.oid))
