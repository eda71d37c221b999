"""Archive time-stamps as evidence: their imprints recomputed, and what each of them proves to have existed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256

from shirushi.codecs.asn1 import der
from shirushi.core.algorithms import Digest, DigestAlgorithm, Hasher
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Certificate,
    Crl,
    OcspResponse,
    SignatureEvidence,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.formats.cades import oids
from shirushi.formats.cades.archive import ContentDigest, archived, archived_v2, read_index
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts, attribute_parts
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import first_element

__all__ = ["ContentDigest", "read_archive_timestamps"]

MOST_ARCHIVE_TIMESTAMPS = 64
"""How many archive time-stamps of a signature are read: each is over all that is there. The others prove nothing."""


def read_archive_timestamps(
    parts: SignedDataParts,
    signer: SignerParts,
    content: ContentDigest,
    detached: Document | None,
    evidence: SignatureEvidence,
) -> tuple[tuple[TimeStampEvidence, ...], tuple[Reason, ...]]:
    """The archive time-stamps of a signature, the earliest first, and what could not be read.

    `content` gives the digest of the signed content, `detached` is that content where it is outside; `evidence` is what
    else was found of the signature.
    """
    reading = _Reading(parts, signer, content, detached, evidence)
    found: list[TimeStampEvidence] = []
    unread: list[Reason] = []
    tokens = [
        (read, token)
        for kind, read in (
            (oids.ARCHIVE_TIMESTAMP_V3, reading.v3),
            (oids.ARCHIVE_TIMESTAMP_V2, reading.v2),
        )
        for token in signer.values(kind)
    ]
    for read, token in tokens[:MOST_ARCHIVE_TIMESTAMPS]:
        try:
            found.append(read(token))
        except MalformedInput as error:
            unread.append(
                reason("CMS_TIMESTAMP_UNREADABLE", detail=error.parameters.get("detail", error.code))
            )
    if len(tokens) > MOST_ARCHIVE_TIMESTAMPS:
        detail = f"one of more than {MOST_ARCHIVE_TIMESTAMPS} archive time-stamps"
        unread.append(reason("CMS_TIMESTAMP_UNREADABLE", detail=detail))
    return tuple(sorted(found, key=lambda stamp: stamp.info.gen_time)), tuple(unread)


@dataclass(frozen=True, slots=True)
class _Reading:
    parts: SignedDataParts
    signer: SignerParts
    content: ContentDigest
    detached: Document | None
    evidence: SignatureEvidence
    times: dict[bytes, Instant] = field(default_factory=dict)
    """When each token was made, by its encoding: every older one is asked by every newer one."""
    inside: dict[tuple[bytes, bytes], tuple[str, ...]] = field(default_factory=dict)
    """The ids of what each attribute value holds, and, under an empty type, each certificate or list."""

    def v3(self, token: bytes) -> TimeStampEvidence:
        """An archive-time-stamp-v3 (EN 319 122-1 §5.5.3). Without a whole index it covers nothing that is here."""
        index = read_index(token, self.parts, self.signer)

        def expected(algorithm: DigestAlgorithm) -> Digest | None:
            if index is None or not index.complete:
                return Digest(algorithm, b"")
            digest = self.content(algorithm)
            return None if digest is None else archived(self.parts, self.signer, digest, index.encoding)

        covers: set[str] = set()
        if index is not None and index.complete:
            covers.update(self._ids(index.certificates, index.crls, self._values(index.unsigned)))
        found = parse_timestamp_token(token, TimeStampKind.ARCHIVE, expected, covers=frozenset(covers))
        return replace(found, covers=frozenset()) if found.imprint_intact is False else found

    def v2(self, token: bytes) -> TimeStampEvidence:
        """An archive-time-stamp-v2: over everything but archive time-stamps that are not earlier."""
        own = self._time(token)
        earlier = tuple(each for each in self.signer.unsigned if not self._later(each, own))

        covers = frozenset(
            self._ids(self.parts.certificates, self.parts.crls, self._values(frozenset(earlier)))
        )
        readings = [
            parse_timestamp_token(token, TimeStampKind.ARCHIVE, expected, covers=covers)
            for expected in self._v2_imprints(earlier)
        ]
        right = [each for each in readings if each.imprint_intact is not False]
        return right[0] if right else replace(readings[0], covers=frozenset())

    def _v2_imprints(self, earlier: tuple[bytes, ...]) -> Iterator[ContentDigest]:
        """The ways in which the imprint is computed: with and without the tag (annex K note), DER and BER."""
        for as_found in (False, True) if self.parts.found else (False,):
            for tagged in (True, False):
                yield partial(self._v2_imprint, earlier, tagged=tagged, as_found=as_found)

    def _v2_imprint(
        self, earlier: tuple[bytes, ...], algorithm: DigestAlgorithm, *, tagged: bool, as_found: bool
    ) -> Digest | None:
        return archived_v2(
            self.parts,
            self.signer,
            algorithm,
            self._write_content,
            earlier,
            tagged=tagged,
            as_found=as_found,
        )

    def _later(self, attribute: bytes, own: Instant) -> bool:
        kind, values = attribute_parts(attribute)
        if kind not in _ARCHIVE_TYPES:
            return False
        times = [self._time(value) for value in values]
        return not times or max(times) >= own

    def _time(self, token: bytes) -> Instant:
        if token not in self.times:
            self.times[token] = parse_timestamp_token(token, TimeStampKind.ARCHIVE, _nothing).info.gen_time
        return self.times[token]

    def _write_content(self, hasher: Hasher) -> bool:
        if self.detached is None:
            return False
        for chunk in self.detached.chunks():
            hasher.update(chunk)
        return True

    def _values(self, named: frozenset[bytes]) -> list[tuple[bytes, bytes]]:
        """Types and values of the unsigned attributes that are named, whole or by value."""
        return [
            (kind, value)
            for each in self.signer.unsigned
            for kind, values in (attribute_parts(each),)
            for value in values
            if each in named or value in named
        ]

    def _ids(
        self, certificates: Iterable[bytes], crls: Iterable[bytes], values: Iterable[tuple[bytes, bytes]]
    ) -> Iterator[str]:
        """The ids of what is covered, and of what is inside it."""
        yield self.signer.id
        for blob in (*certificates, *crls):
            yield from self._inside(b"", blob)
        for kind, value in values:
            yield from self._inside(kind, value)

    def _inside(self, kind: bytes, value: bytes) -> tuple[str, ...]:
        """The ids of what a certificate, list or attribute value holds, looked for once."""
        if (kind, value) not in self.inside:
            if kind == _COUNTERSIGNATURE:
                found = tuple(_in_countersignature(value))
            elif kind in _TOKEN_TYPES:
                found = tuple(_in_token(value))
            elif not kind or kind in _ENCLOSED_TYPES:
                found = tuple(self._held_in(value))
            else:
                found = ()
            self.inside[kind, value] = found
        return self.inside[kind, value]

    def _held_in(self, blob: bytes) -> Iterator[str]:
        """The ids of certificates and revocation data at hand that stand in `blob`, or are it."""
        own = sha256(blob).hexdigest()
        found = self.evidence
        held: tuple[Certificate | Crl | OcspResponse, ...] = (
            *found.certificates,
            *found.crls,
            *found.ocsp_responses,
        )
        if any(each.id == own for each in held):
            return iter((own,))
        return (each.id for each in held if len(each.der) <= len(blob) and each.der in blob)


def _nothing(_: DigestAlgorithm) -> None:
    return None


def _in_token(token: bytes) -> Iterator[str]:
    try:
        encoding, _ = first_element(token)
        found = parse_timestamp_token(encoding, TimeStampKind.SIGNATURE, _nothing)
    except MalformedInput:
        return
    yield found.id
    yield from _in_evidence(found.signature)


def _in_evidence(evidence: SignatureEvidence) -> Iterator[str]:
    yield evidence.id
    yield from _ids_of(evidence)


def _ids_of(holder: SignatureEvidence) -> Iterator[str]:
    yield from (each.id for each in holder.certificates)
    yield from (each.id for each in holder.crls)
    yield from (each.id for each in holder.ocsp_responses)


def _in_countersignature(value: bytes) -> Iterator[str]:
    try:
        inner = SignerParts.read(value)
        yield inner.id
        for token in inner.values(cms_oids.SIGNATURE_TIMESTAMP):
            yield from _in_token(token)
        for nested in inner.values(oids.COUNTERSIGNATURE):
            yield from _in_countersignature(nested)
    except MalformedInput:
        return


def _types(*dotted: str) -> frozenset[bytes]:
    return frozenset(der.oid(each) for each in dotted)


_ARCHIVE_TYPES = _types(oids.ARCHIVE_TIMESTAMP_V2, oids.ARCHIVE_TIMESTAMP_V3)
_TOKEN_TYPES = _types(
    cms_oids.SIGNATURE_TIMESTAMP,
    oids.ARCHIVE_TIMESTAMP_V2,
    oids.ARCHIVE_TIMESTAMP_V3,
    oids.SIGNATURE_AND_REFERENCES_TIMESTAMP,
    oids.REFERENCES_TIMESTAMP,
)
_ENCLOSED_TYPES = _types(cms_oids.CERTIFICATE_VALUES, cms_oids.REVOCATION_VALUES)
(_COUNTERSIGNATURE,) = _types(oids.COUNTERSIGNATURE)
