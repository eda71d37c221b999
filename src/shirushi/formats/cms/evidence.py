"""A CMS signature as evidence: what it says, and whether digests and value are right (RFC 5652 §5.4, §5.6)."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from shirushi.codecs.asn1 import ber
from shirushi.codecs.asn1.errors import Asn1TooComplex, MalformedAsn1, MalformedCms, MalformedTimeStamp
from shirushi.codecs.asn1.tsp import parse_tst_info
from shirushi.core import primitives
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import (
    Certificate,
    Reference,
    SignatureEvidence,
    SignatureFormat,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.core.reason import Reason, reason
from shirushi.formats.cms import oids
from shirushi.formats.cms.reading import SignedSays, all_values, enclosed, signed_says
from shirushi.formats.cms.structure import SignedData, Signer, first_element, read_signed_data, read_signer

Digester: TypeAlias = Callable[[DigestAlgorithm], Digest | None]
"""Gives the digest of what should be covered; None where that is not at hand."""

_NESTED = 4
"""How deep time-stamps within time-stamps are looked into."""

_ADES = {SignatureFormat.PADES, SignatureFormat.CADES}


def cms_evidence(
    encoding: bytes,
    content: Digester,
    *,
    signature_format: SignatureFormat = SignatureFormat.CMS,
    name: str = "",
    certificates: Iterable[Certificate] = (),
) -> SignatureEvidence:
    """The one signature of a SignedData; other than one signer is told as a failing of its structure.

    `content` gives the digest of detached content, and is not asked where content is encapsulated. `certificates` are
    further ones among which the signer's may be. Raises `MalformedCms`.
    """
    data = read_signed_data(encoding)
    first, *others = _evidences(data, content, _Circumstances(signature_format, name, tuple(certificates)))
    if not others:
        return first
    failing = reason("CMS_SIGNER_COUNT", count=len(data.signers))
    return dataclasses.replace(first, structure=(failing, *first.structure))


def cms_evidences(
    encoding: bytes,
    content: Digester,
    *,
    signature_format: SignatureFormat = SignatureFormat.CMS,
    name: str = "",
    certificates: Iterable[Certificate] = (),
) -> tuple[SignatureEvidence, ...]:
    """The signature of every signer, for formats that allow several. As `cms_evidence` otherwise."""
    circumstances = _Circumstances(signature_format, name, tuple(certificates))
    return _evidences(read_signed_data(encoding), content, circumstances)


def countersignature_evidence(
    encoding: bytes,
    countersigned: bytes,
    within: SignedData,
    *,
    signature_format: SignatureFormat = SignatureFormat.CMS,
    name: str = "",
) -> SignatureEvidence:
    """A SignerInfo over the signature value of another one `within` a SignedData (RFC 5652 §11.4).

    It has no content type, for what it covers is no content. Raises `MalformedCms`.
    """
    try:
        signer = read_signer(encoding)
    except MalformedInput as error:
        raise MalformedCms(detail=error.parameters.get("detail", "")) from error
    data = dataclasses.replace(within, content_type=oids.DATA, content=countersigned, trailing=False)
    evidence = _Examination(
        data, signer, _digester_of(countersigned), _Circumstances(signature_format, name)
    ).evidence()
    absent = reason("CMS_ATTRIBUTE_MISSING", attribute="content-type")
    return dataclasses.replace(
        evidence,
        structure=tuple(failing for failing in evidence.structure if failing != absent),
        countersigns=hashlib.sha256(countersigned).hexdigest(),
    )


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """Where a signature was found, and what else was at hand."""

    signature_format: SignatureFormat
    name: str = ""
    certificates: tuple[Certificate, ...] = ()
    depth: int = 0


def _evidences(data: SignedData, content: Digester, at: _Circumstances) -> tuple[SignatureEvidence, ...]:
    if not data.signers:
        raise MalformedCms(detail="it has no signer")
    digester = content if data.content is None else cache(_digester_of(data.content))
    return tuple(_Examination(data, signer, digester, at).evidence() for signer in data.signers)


class _Examination:
    """One signer of a SignedData, examined."""

    def __init__(self, data: SignedData, signer: Signer, content: Digester, at: _Circumstances) -> None:
        self.data = data
        self.signer = signer
        self.at = at
        self.says: SignedSays = signed_says(signer)
        self.enclosed = enclosed(signer)
        self.certificates = (*data.certificates, *self.enclosed.certificates)
        self.content = content
        self.certificate = self._signing_certificate((*self.certificates, *at.certificates))
        self.id = hashlib.sha256(signer.value).hexdigest()
        self.warnings = [reason("CMS_TRAILING_BYTES")] if data.trailing else []

    def evidence(self) -> SignatureEvidence:
        """All of it."""
        signer, says = self.signer, self.says
        value_intact, references = self._checked()
        content_timestamps = self._timestamps(
            says.content_timestamps, TimeStampKind.CONTENT, self.content, ()
        )
        signature_timestamps = self._timestamps(
            all_values(signer.unsigned, oids.SIGNATURE_TIMESTAMP),
            TimeStampKind.SIGNATURE,
            _digester_of(signer.value),
            (self.id,),
        )
        reference = None
        if says.reference and self.certificate:
            reference = says.reference.to(self.certificate)
        return SignatureEvidence(
            id=self.id,
            format=self.at.signature_format,
            references=references,
            value_intact=value_intact,
            signature_oid=signer.signature_oid,
            signature_algorithm=signer.signature_algorithm,
            signing_certificate=self.certificate,
            certificate_reference=reference,
            certificates=tuple({c.id: c for c in self.certificates}.values()),
            crls=tuple({c.id: c for c in (*self.data.crls, *self.enclosed.crls)}.values()),
            ocsp_responses=tuple(
                {r.id: r for r in (*self.data.ocsp_responses, *self.enclosed.ocsp_responses)}.values()
            ),
            claimed_signing_time=says.signing_time,
            policy=says.policy,
            content_timestamps=content_timestamps,
            signature_timestamps=signature_timestamps,
            structure=(*self._structure(), *says.failings),
            level_failings=tuple(self.warnings),
            name=self.at.name,
            signature_value=signer.value,
            attributes_digest_algorithms=(says.reference.digest.algorithm,) if says.reference else (),
        )

    def _structure(self) -> list[Reason]:
        """What RFC 5652 §5.3 and §11 demand and is not so."""
        says, failings = self.says, []
        if self.signer.signed_bytes is None:
            if self.at.signature_format in _ADES or self.data.content_type != oids.DATA:
                failings.append(reason("CMS_SIGNED_ATTRIBUTES_MISSING"))
            return failings
        if says.content_type is None:
            failings.append(reason("CMS_ATTRIBUTE_MISSING", attribute="content-type"))
        elif says.content_type != self.data.content_type:
            failings.append(
                reason("CMS_CONTENT_TYPE_MISMATCH", signed=says.content_type, found=self.data.content_type)
            )
        if says.message_digest is None:
            failings.append(reason("CMS_ATTRIBUTE_MISSING", attribute="message-digest"))
        return failings

    def _signing_certificate(self, candidates: Iterable[Certificate]) -> Certificate | None:
        """The certificate that the signer names; among namesakes the one that is also referenced by digest.

        Where none is named by issuer and serial number at hand, the one referenced by digest.
        """
        reference = self.says.reference
        named = [c for c in candidates if self.signer.names(c)]
        referenced = [c for c in (named or candidates) if reference and reference.digest_matches(c)]
        return next(iter(referenced or named), None)

    def _checked(self) -> tuple[bool | None, tuple[Reference, ...]]:
        """Whether the value verifies, and the reference to the content."""
        algorithm = self.signer.digest_algorithm
        digest = _digest(self.content, algorithm)
        found = self.data.content is not None or digest is not None
        if self.signer.signed_bytes is None:
            intact = self._without_attributes(digest)
            return intact, (Reference(oids.DATA, found, intact if found else None, algorithm),)
        expected = self.says.message_digest
        matches = None if digest is None else digest.value == expected
        return self._value_intact(self.signer.signed_bytes), (
            Reference("message-digest", found, matches, algorithm),
        )

    def _value_intact(self, data: bytes) -> bool | None:
        algorithm, certificate = self.signer.signature_algorithm, self.certificate
        if algorithm is None or certificate is None:
            return None
        spki = certificate.public_key.spki
        if not primitives.supports(spki, algorithm):
            return None
        if primitives.verify(spki, algorithm, self.signer.value, data):
            return True
        ordered = self._in_der(data)
        return ordered != data and primitives.verify(spki, algorithm, self.signer.value, ordered)

    def _in_der(self, data: bytes) -> bytes:
        """Signed attributes in DER, over which a value is made however they are sent (RFC 5652 §5.4)."""
        if self.signer.signed_bytes is None:
            return data
        try:
            return ber.canonical(data)
        except MalformedInput:
            return data

    def _without_attributes(self, digest: Digest | None) -> bool | None:
        """Whether the value verifies over the content itself (RFC 5652 §5.4)."""
        if self.data.content is not None:
            return self._value_intact(self.data.content)
        algorithm, certificate = self.signer.signature_algorithm, self.certificate
        if (
            algorithm is None
            or certificate is None
            or digest is None
            or algorithm.digest is not digest.algorithm
        ):
            return None
        spki = certificate.public_key.spki
        if not primitives.supports(spki, algorithm):
            return None
        return primitives.verify_digest(spki, algorithm, self.signer.value, digest.value)

    def _timestamps(
        self, tokens: Iterable[bytes], kind: TimeStampKind, expected: Digester, covers: Iterable[str]
    ) -> tuple[TimeStampEvidence, ...]:
        """The tokens that can be read; the rest is warned of."""
        found: list[TimeStampEvidence] = []
        for token in tokens if self.at.depth < _NESTED else ():
            try:
                found.append(_timestamp(token, kind, expected, frozenset(covers), self.at.depth + 1))
            except MalformedInput as error:
                detail = error.parameters.get("detail", "")
                self.warnings.append(reason("CMS_TIMESTAMP_UNREADABLE", detail=detail))
        return tuple(found)


def _digester_of(data: bytes) -> Digester:
    return lambda algorithm: Digest(algorithm, algorithm.digest(data))


def _digest(content: Digester, algorithm: DigestAlgorithm | None) -> Digest | None:
    if algorithm is None:
        return None
    try:
        return content(algorithm)
    except UnsupportedAlgorithm:
        return None


def parse_timestamp_token(
    encoding: bytes, kind: TimeStampKind, expected: Digester, *, covers: frozenset[str] | None = None
) -> TimeStampEvidence:
    """A TimeStampToken (RFC 3161 §2.4.2) as evidence.

    `expected` gives the digest that the imprint should be; `covers` are the ids of what it proves to have existed.
    Raises `MalformedTimeStamp` for what is no SignedData over a TSTInfo.
    """
    return _timestamp(encoding, kind, expected, covers, 1)


def _timestamp(
    encoding: bytes, kind: TimeStampKind, expected: Digester, covers: frozenset[str] | None, depth: int
) -> TimeStampEvidence:
    try:
        encoding, _ = first_element(encoding)
        data = read_signed_data(encoding)
        if data.content_type != oids.TST_INFO or data.content is None:
            raise MalformedTimeStamp(detail="not a signature over a TSTInfo")
        info = parse_tst_info(data.content)
        first, *others = _evidences(data, _nothing, _Circumstances(SignatureFormat.CMS, depth=depth))
    except (MalformedCms, MalformedAsn1, Asn1TooComplex) as error:
        raise MalformedTimeStamp(detail=error.parameters.get("detail", "")) from error
    if others:  # RFC 3161 §2.4.2: the token holds the TSA's signature and no other
        failing = reason("CMS_SIGNER_COUNT", count=len(data.signers))
        first = dataclasses.replace(first, structure=(failing, *first.structure))
    imprint = _digest(expected, info.imprint.algorithm)
    return TimeStampEvidence(
        id=hashlib.sha256(encoding).hexdigest(),
        kind=kind,
        info=info,
        imprint_intact=None if imprint is None else imprint == info.imprint,
        signature=first,
        der=encoding,
        covers=covers,
    )


def _nothing(_: DigestAlgorithm) -> None:
    return None
