"""What stands around a signature, with every signature between its parts checked (`Material.verified`)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
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

_COMMON_EFFORT = 400_000
"""How many microseconds of verifications there are for all objects together, beside what each has of its own."""

_BYTES_A_MICROSECOND = 3
"""An object has a microsecond of its own for so many bytes: enough for its likeliest issuer where the key is a usual one."""

_LOOK, _LOAD = 5, 40
"""What a look at a certificate whose key inherits its parameters costs, and what the reading of a key does."""


def build_material(
    certificates: Iterable[Certificate] = (),
    crls: Iterable[Crl] = (),
    ocsp_responses: Iterable[OcspResponse] = (),
) -> Material:
    """Material with what is in it once, the certificates inside OCSP responses, and the pairs that verify.

    The second of a pair was a candidate because its subject is the first's issuer or responder, because its SHA-1 key
    hash is the responder's, or because its key identifier is the first's authority key identifier. How much is verified
    is bounded by the size and kind of what there is, not by what happens to be known already: a pair beyond the bound
    is as good as one that does not verify.
    """
    responses = {response.id: response for response in ocsp_responses}
    embedded = (c for response in responses.values() for c in response.certificates)
    known = {c.id: c for c in (*certificates, *embedded)}
    lists = {crl.id: crl for crl in crls}
    candidates = _Candidates(known.values())
    common = _Effort(_COMMON_EFFORT)
    verified: set[tuple[str, str]] = set()
    waiting = [
        (found.id, _Tried(found.der, found.signature_algorithm, common), signers)
        for found, signers in candidates.pairs(known.values(), lists.values(), responses.values())
    ]
    while waiting:  # the likeliest signer of every object comes before the second likeliest of any
        further = []
        for identifier, tried, signers in waiting:
            signer = next(signers, None)
            if signer is None:
                continue
            if candidates.verifies(tried, signer):
                verified.add((identifier, signer.id))
            if not tried.over:
                further.append((identifier, tried, signers))
        waiting = further
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


@dataclass(slots=True)
class _Effort:
    """Microseconds that may still be spent, those of all objects."""

    left: int


@dataclass
class _Tried:
    """A certificate, CRL or OCSP response whose signers are sought, with the effort that may go into it."""

    encoding: bytes
    algorithm: SignatureAlgorithm | None
    common: _Effort
    own: int = field(init=False)
    over: bool = False
    """Whether an attempt was given up: then no other is made."""

    def __post_init__(self) -> None:
        self.own = len(self.encoding) // _BYTES_A_MICROSECOND

    @cached_property
    def digest(self) -> bytes:
        """What names the bytes among the results remembered, so that none of them is kept."""
        return hashlib.sha256(self.encoding).digest()

    @cached_property
    def parts(self) -> Signed | None:
        """What is verified; None where the two places that name the algorithm differ."""
        parts = signed(self.encoding)
        return parts if _same_algorithm(parts) else None

    def spend(self, units: int) -> bool:
        """Whether there is as much left: of its own, then of what all share."""
        if self.over or units > self.own + self.common.left:
            self.over = True
            return False
        from_own = min(units, self.own)
        self.own -= from_own
        self.common.left -= units - from_own
        return True

    def verifies(self, spki: bytes) -> bool:
        """Whether it verifies under the key; False as well where that would cost more than is left."""
        if self.algorithm is None or not self.spend(_LOAD + len(self.encoding) // 300):
            return False
        if not self.spend(primitives.cost(spki)):
            return False
        key = self.digest, spki
        result = _RESULTS.get(key)
        if result is None:
            parts = self.parts
            result = parts is not None and primitives.verify(spki, self.algorithm, parts.value, parts.tbs)
            if len(_RESULTS) >= _REMEMBERED:
                _RESULTS.clear()
            _RESULTS[key] = result
        return result


class _Candidates:
    """The certificates at hand, by what an object can name its signer with."""

    def __init__(self, certificates: Iterable[Certificate]) -> None:
        self._by_name: defaultdict[Name, list[Certificate]] = defaultdict(list)
        self._by_key_id: defaultdict[bytes, list[Certificate]] = defaultdict(list)
        self._by_key_hash: defaultdict[bytes, list[Certificate]] = defaultdict(list)
        for certificate in certificates:
            _put(self._by_name[certificate.subject], certificate)
            if key_id := certificate.extensions.subject_key_identifier:
                _put(self._by_key_id[key_id], certificate)
            _put(self._by_key_hash[_key_hash(certificate.public_key.spki)], certificate)

    def pairs(
        self, certificates: Iterable[Certificate], crls: Iterable[Crl], responses: Iterable[OcspResponse]
    ) -> Iterator[tuple[Certificate | Crl | OcspResponse, Iterator[Certificate]]]:
        """Each object with those who may have signed it, the most promising first."""
        for certificate in certificates:
            yield certificate, self.of(certificate.issuer, certificate.extensions.authority_key_identifier)
        for crl in crls:
            yield crl, self.of(crl.issuer, crl.authority_key_identifier)
        for response in responses:
            yield response, self.responders(response)

    def of(self, name: Name, key_id: bytes | None) -> Iterator[Certificate]:
        """Each certificate of that subject key identifier or that subject, once; at most `_MOST_CANDIDATES`."""
        found = [*(self._by_key_id.get(key_id, ()) if key_id else ()), *self._by_name.get(name, ())]
        return islice({c.id: c for c in found}.values(), _MOST_CANDIDATES)

    def responders(self, response: OcspResponse) -> Iterator[Certificate]:
        """Each certificate that the response names as its signer."""
        if isinstance(response.responder, bytes):
            return iter(self._by_key_hash.get(response.responder, ()))
        return iter(self._by_name.get(response.responder, ()))

    def verifies(self, found: _Tried, signer: Certificate) -> bool:
        """Whether the signature of the object verifies under the key of `signer`."""
        return any(found.verifies(spki) for spki in self._keys(found, signer, _INHERITANCE_LIMIT))

    def _keys(self, found: _Tried, signer: Certificate, limit: int) -> Iterator[bytes]:
        """The signer's key; one that inherits its parameters takes those of each possible issuer (RFC 3279 §2.3.2)."""
        key = signer.public_key
        if not key.parameters_inherited:
            yield key.spki
        elif limit:
            for issuer in self.of(signer.issuer, signer.extensions.authority_key_identifier):
                if not found.spend(_LOOK):
                    return
                if issuer.public_key.kind is KeyKind.DSA and issuer.id != signer.id:
                    for spki in self._keys(found, issuer, limit - 1):
                        yield keys.with_parameters_of(key.spki, spki)


def _put(among: list[Certificate], certificate: Certificate) -> None:
    """Enter it, unless there are as many as are ever tried."""
    if len(among) < _MOST_CANDIDATES:
        among.append(certificate)


def _key_hash(spki: bytes) -> bytes:
    """The SHA-1 of the subject public key, as ResponderID byKey has it (RFC 6960 §4.2.1)."""
    try:
        return hashlib.sha1(keys.subject_key_bits(spki), usedforsecurity=False).digest()
    except MalformedInput:
        return b""


_RESULTS: dict[tuple[bytes, bytes], bool] = {}
_REMEMBERED = 1 << 14
"""Results kept in memory: a verification is a pure function of its bytes, and chains meet again and again."""


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
