"""Algorithm identifiers of XML signatures (XMLDSig 1.1 §6, RFC 9231) and the raw encoding of ECDSA values."""

from __future__ import annotations

from lxml import etree

from shirushi.codecs.xml.errors import MalformedXml
from shirushi.codecs.xml.names import DS, PSS, ds
from shirushi.codecs.xml.reader import Element
from shirushi.codecs.xml.text import text_of
from shirushi.core.algorithms import DigestAlgorithm, Scheme, SignatureAlgorithm
from shirushi.core.errors import UnsupportedAlgorithm

_D = DigestAlgorithm
_ENC = "http://www.w3.org/2001/04/xmlenc#"
_MORE_2001 = "http://www.w3.org/2001/04/xmldsig-more#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
_MORE_2021 = "http://www.w3.org/2021/04/xmldsig-more#"
_XMLDSIG11 = "http://www.w3.org/2009/xmldsig11#"

_DIGESTS = {
    f"{DS}sha1": _D.SHA1,
    f"{_ENC}sha256": _D.SHA256,
    f"{_ENC}sha512": _D.SHA512,
    f"{_ENC}ripemd160": _D.RIPEMD160,
    f"{_MORE_2001}md5": _D.MD5,
    f"{_MORE_2001}sha224": _D.SHA224,
    f"{_MORE_2001}sha384": _D.SHA384,
    f"{_MORE_2007}sha3-224": _D.SHA3_224,
    f"{_MORE_2007}sha3-256": _D.SHA3_256,
    f"{_MORE_2007}sha3-384": _D.SHA3_384,
    f"{_MORE_2007}sha3-512": _D.SHA3_512,
}
_DIGEST_URIS = {algorithm: uri for uri, algorithm in _DIGESTS.items()}

_SHORT = {
    "md5": _D.MD5,
    "sha1": _D.SHA1,
    "sha224": _D.SHA224,
    "sha256": _D.SHA256,
    "sha384": _D.SHA384,
    "sha512": _D.SHA512,
    "sha3-224": _D.SHA3_224,
    "sha3-256": _D.SHA3_256,
    "sha3-384": _D.SHA3_384,
    "sha3-512": _D.SHA3_512,
    "ripemd160": _D.RIPEMD160,
}
_SHA2 = ("sha224", "sha256", "sha384", "sha512")
_SHA3 = ("sha3-224", "sha3-256", "sha3-384", "sha3-512")


def _algorithms() -> dict[str, SignatureAlgorithm]:
    found = {
        f"{DS}rsa-sha1": SignatureAlgorithm(Scheme.RSA_PKCS1, _D.SHA1),
        f"{DS}dsa-sha1": SignatureAlgorithm(Scheme.DSA, _D.SHA1),
        f"{_XMLDSIG11}dsa-sha256": SignatureAlgorithm(Scheme.DSA, _D.SHA256),
        f"{_MORE_2001}ecdsa-sha1": SignatureAlgorithm(Scheme.ECDSA, _D.SHA1),
        f"{_MORE_2007}ecdsa-ripemd160": SignatureAlgorithm(Scheme.ECDSA, _D.RIPEMD160),
        f"{_MORE_2021}eddsa-ed25519": SignatureAlgorithm(Scheme.ED25519),
        f"{_MORE_2021}eddsa-ed448": SignatureAlgorithm(Scheme.ED448),
    }
    for name in ("md5", "ripemd160", *_SHA2):
        found[f"{_MORE_2001}rsa-{name}"] = SignatureAlgorithm(Scheme.RSA_PKCS1, _SHORT[name])
    for name in _SHA2:
        found[f"{_MORE_2001}ecdsa-{name}"] = SignatureAlgorithm(Scheme.ECDSA, _SHORT[name])
    for name in _SHA3:
        found[f"{_MORE_2021}ecdsa-{name}"] = SignatureAlgorithm(Scheme.ECDSA, _SHORT[name])
    for name in ("md5", "sha1", "ripemd160", *_SHA2, *_SHA3):
        digest = _SHORT[name]
        found[f"{_MORE_2007}{name}-rsa-MGF1"] = SignatureAlgorithm(
            Scheme.RSA_PSS, digest, salt_length=digest.size
        )
    return found


_SIGNATURES = _algorithms()
_SIGNATURE_URIS = {algorithm: uri for uri, algorithm in _SIGNATURES.items()}
_RSA_PSS = f"{_MORE_2007}rsa-pss"
_MGF1 = f"{_MORE_2007}MGF1"


def digest_uri(algorithm: DigestAlgorithm) -> str:
    """The identifier of a digest; raises `UnsupportedAlgorithm` where XML signatures have none."""
    try:
        return _DIGEST_URIS[algorithm]
    except KeyError:
        raise UnsupportedAlgorithm(algorithm=f"{algorithm.label} (XML)") from None


def signature_uri(algorithm: SignatureAlgorithm) -> str:
    """The identifier of a signature algorithm (RFC 9231 §2.3).

    Raises `UnsupportedAlgorithm` where XML signatures have none, as for ML-DSA, and for RSASSA-PSS with a salt of
    another length than its digest.
    """
    try:
        return _SIGNATURE_URIS[algorithm]
    except KeyError:
        raise UnsupportedAlgorithm(algorithm=f"{algorithm} (XML)") from None


def read_digest(method: Element | None) -> DigestAlgorithm | None:
    """The digest that a `ds:DigestMethod` names; None where it is unknown here."""
    return None if method is None else _DIGESTS.get(method.get("Algorithm", ""))


def read_signature_method(method: Element) -> tuple[str, SignatureAlgorithm | None]:
    """The identifier of a `ds:SignatureMethod`, and the algorithm where it is known here."""
    uri = method.get("Algorithm", "")
    if uri == _RSA_PSS:
        return uri, _pss(method.find(f"{{{PSS}}}RSAPSSParams"))
    return uri, _SIGNATURES.get(uri)


def _pss(parameters: Element | None) -> SignatureAlgorithm | None:
    """RSASSA-PSS with parameters (RFC 9231 §2.3.9); SHA-256, MGF1 and a salt of its length where left out."""
    if parameters is None:
        return SignatureAlgorithm(Scheme.RSA_PSS, _D.SHA256, salt_length=32)
    method = parameters.find(ds("DigestMethod"))
    digest = _D.SHA256 if method is None else read_digest(method)
    if digest is None:
        return None
    mask, trailer = (
        parameters.find(f"{{{PSS}}}MaskGenerationFunction"),
        parameters.find(f"{{{PSS}}}TrailerField"),
    )
    mask_digest: DigestAlgorithm | None = None
    if mask is not None:
        inner = mask.find(ds("DigestMethod"))
        mask_digest = None if inner is None else read_digest(inner)
        if mask.get("Algorithm") != _MGF1 or (inner is not None and mask_digest is None):
            return None
    salt = parameters.find(f"{{{PSS}}}SaltLength")
    try:
        length = digest.size if salt is None else int(text_of(salt))
        if trailer is not None and int(text_of(trailer)) != 1:
            return None
    except (ValueError, MalformedXml):
        return None
    if not 0 <= length <= 512:
        return None
    return SignatureAlgorithm(Scheme.RSA_PSS, digest, length, None if mask_digest is digest else mask_digest)


def localname(element: Element) -> str:
    """The name of an element without its namespace."""
    name: str = etree.QName(element).localname
    return name
