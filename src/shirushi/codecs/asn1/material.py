"""What stands around a signature, with every signature between its parts checked (`Material.verified`)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from shirushi.codecs.asn1 import der, keys
from shirushi.codecs.asn1.signed import Signed, signed
from shirushi.core import primitives
from shirushi.core.algorithms import KeyKind, SignatureAlgorithm
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Certificate, Crl, Material, Name, OcspResponse

_INHERITANCE_LIMIT = 8
"""How many DSA certificates in a row may take their parameters from the one above."""

_MOST_CANDIDATES = 64
"""How many certificates of one name are tried for one object, so that a heap of namesakes costs no quadratic time."""


def build_material(
    certificates: Iterable[Certificate] = (),
    crls: Iterable[Crl] = (),
    ocsp_responses: Iterable[OcspResponse] = (),
) -> Material:
    """Material with what is in it once, the certificates inside OCSP responses, and the pairs that verify.

    The second of a pair was a candidate because its subject is the first's issuer or responder, because its SHA-1 key
    hash is the responder's, or because its key identifier is the first's authority key identifier.
    """
    responses = {response.id: response for response in ocsp_responses}
    embedded = (c for response in responses.values() for c in response.certificates)
    known = {c.id: c for c in (*certificates, *embedded)}
    lists = {crl.id: crl for crl in crls}
    candidates = _Candidates(known.values())
    verified: set[tuple[str, str]] = set()
    for certificate in known.values():
        key_id = certificate.extensions.authority_key_identifier
        for issuer in candidates.of(certificate.issuer, key_id):
            if candidates.verifies(certificate, issuer):
                verified.add((certificate.id, issuer.id))
    for crl in lists.values():
        for issuer in candidates.of(crl.issuer, crl.authority_key_identifier):
            if candidates.verifies(crl, issuer):
                verified.add((crl.id, issuer.id))
    for response in responses.values():
        for responder in candidates.responders(response):
            if candidates.verifies(response, responder):
                verified.add((response.id, responder.id))
    return Material(
        tuple(known.values()), tuple(lists.values()), tuple(responses.values()), frozenset(verified)
    )


def merge(material: Material, *more: Material) -> Material:
    """All that any of them holds, once; pairs across them are tried anew, those known are not computed again."""
    parts = (material, *more)
    return build_material(
        (c for part in parts for c in part.certificates),
        (c for part in parts for c in part.crls),
        (r for part in parts for r in part.ocsp_responses),
    )


class _Candidates:
    """The certificates at hand, by what an object can name its signer with."""

    def __init__(self, certificates: Iterable[Certificate]) -> None:
        self._by_name: defaultdict[Name, list[Certificate]] = defaultdict(list)
        self._by_key_id: defaultdict[bytes, list[Certificate]] = defaultdict(list)
        self._by_key_hash: defaultdict[bytes, list[Certificate]] = defaultdict(list)
        for certificate in certificates:
            self._by_name[certificate.subject].append(certificate)
            if key_id := certificate.extensions.subject_key_identifier:
                self._by_key_id[key_id].append(certificate)
            self._by_key_hash[_key_hash(certificate.public_key.spki)].append(certificate)

    def of(self, name: Name, key_id: bytes | None) -> Iterator[Certificate]:
        """Each certificate of that subject key identifier or that subject, once; at most `_MOST_CANDIDATES`."""
        found = [*(self._by_key_id.get(key_id, ()) if key_id else ()), *self._by_name.get(name, ())]
        return islice({c.id: c for c in found}.values(), _MOST_CANDIDATES)

    def responders(self, response: OcspResponse) -> Iterator[Certificate]:
        """Each certificate that the response names as its signer."""
        if isinstance(response.responder, bytes):
            return islice(self._by_key_hash.get(response.responder, ()), _MOST_CANDIDATES)
        return islice(self._by_name.get(response.responder, ()), _MOST_CANDIDATES)

    def verifies(self, found: Certificate | Crl | OcspResponse, signer: Certificate) -> bool:
        """Whether the signature of the object verifies under the key of `signer`."""
        usable = self._keys(signer, _INHERITANCE_LIMIT)
        return any(_verifies(found.der, found.signature_algorithm, spki) for spki in usable)

    def _keys(self, signer: Certificate, limit: int) -> Iterator[bytes]:
        """The signer's key; one that inherits its parameters takes those of each possible issuer (RFC 3279 §2.3.2)."""
        key = signer.public_key
        if not key.parameters_inherited:
            yield key.spki
        elif limit:
            for issuer in self.of(signer.issuer, signer.extensions.authority_key_identifier):
                if issuer.public_key.kind is KeyKind.DSA and issuer.id != signer.id:
                    for spki in self._keys(issuer, limit - 1):
                        yield keys.with_parameters_of(key.spki, spki)


def _key_hash(spki: bytes) -> bytes:
    """The SHA-1 of the subject public key, as ResponderID byKey has it (RFC 6960 §4.2.1)."""
    try:
        return hashlib.sha1(keys.subject_key_bits(spki), usedforsecurity=False).digest()
    except MalformedInput:
        return b""


_RESULTS: dict[tuple[bytes, bytes], bool] = {}
_REMEMBERED = 1 << 14
"""Results kept in memory: a verification is a pure function of its bytes, and chains meet again and again."""


def _verifies(encoding: bytes, algorithm: SignatureAlgorithm | None, spki: bytes) -> bool:
    """Whether the signed object verifies under the key. The digest of the bytes names them, so that none is kept."""
    if algorithm is None:
        return False
    key = hashlib.sha256(encoding).digest(), spki
    result = _RESULTS.get(key)
    if result is None:
        parts = signed(encoding)
        result = _same_algorithm(parts) and primitives.verify(spki, algorithm, parts.value, parts.tbs)
        if len(_RESULTS) >= _REMEMBERED:
            _RESULTS.clear()
        _RESULTS[key] = result
    return result


def _same_algorithm(parts: Signed) -> bool:
    """Whether the algorithm inside what is signed is the one outside (RFC 5280 §4.1.1.2, §5.1.1.2).

    The first SEQUENCE of a TBSCertificate or TBSCertList is its algorithm; ResponseData begins with none.
    """
    for element in der.single(parts.tbs).children():
        if element.tag == der.SEQUENCE:
            return element.raw == parts.algorithm
        if element.tag == der.GENERALIZED_TIME:
            break
    return True
