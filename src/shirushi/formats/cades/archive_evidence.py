"""Archive time-stamps as evidence: their imprints recomputed, and what each of them proves to have existed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shirushi.codecs.asn1 import der
from shirushi.core.algorithms import Digest, DigestAlgorithm, Hasher
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import SignatureEvidence, TimeStampEvidence, TimeStampKind
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.formats.cades import oids
from shirushi.formats.cades.archive import ContentDigest, archived, archived_v2, read_index
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts, attribute_parts
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.reading import Enclosed, enclosed
from shirushi.formats.cms.structure import SignedData, first_element, read_signer

__all__ = ["ContentDigest", "read_archive_timestamps"]


def read_archive_timestamps(
    parts: SignedDataParts,
    signer: SignerParts,
    content: ContentDigest,
    detached: Document | None,
    data: SignedData,
) -> tuple[tuple[TimeStampEvidence, ...], tuple[Reason, ...]]:
    """The archive time-stamps of a signature, the earliest first, and what could not be read.

    `content` gives the digest of the signed content, `detached` is that content where it is outside.
    """
    reading = _Reading(parts, signer, content, detached, data)
    found: list[TimeStampEvidence] = []
    unread: list[Reason] = []
    for kind, read in (
        (oids.ARCHIVE_TIMESTAMP_V3, reading.v3),
        (oids.ARCHIVE_TIMESTAMP_V2, reading.v2),
    ):
        for token in signer.values(kind):
            try:
                found.append(read(token))
            except MalformedInput as error:
                unread.append(
                    reason("CMS_TIMESTAMP_UNREADABLE", detail=error.parameters.get("detail", error.code))
                )
    return tuple(sorted(found, key=lambda stamp: stamp.info.gen_time)), tuple(unread)


@dataclass(frozen=True, slots=True)
class _Reading:
    parts: SignedDataParts
    signer: SignerParts
    content: ContentDigest
    detached: Document | None
    data: SignedData

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
        return parse_timestamp_token(token, TimeStampKind.ARCHIVE, expected, covers=frozenset(covers))

    def v2(self, token: bytes) -> TimeStampEvidence:
        """An archive-time-stamp-v2: over everything but archive time-stamps that are not earlier."""
        own = parse_timestamp_token(token, TimeStampKind.ARCHIVE, _nothing).info.gen_time
        earlier = tuple(each for each in self.signer.unsigned if not self._later(each, own))

        def imprint(algorithm: DigestAlgorithm, *, tagged: bool) -> Digest | None:
            return archived_v2(
                self.parts, self.signer, algorithm, self._write_content, earlier, tagged=tagged
            )

        covers = frozenset(
            self._ids(self.parts.certificates, self.parts.crls, self._values(frozenset(earlier)))
        )
        found = parse_timestamp_token(
            token, TimeStampKind.ARCHIVE, lambda a: imprint(a, tagged=True), covers=covers
        )
        if found.imprint_intact is False:
            found = parse_timestamp_token(
                token, TimeStampKind.ARCHIVE, lambda a: imprint(a, tagged=False), covers=covers
            )
        return found

    def _later(self, attribute: bytes, own: Instant) -> bool:
        kind, values = attribute_parts(attribute)
        if kind not in _ARCHIVE_TYPES:
            return False
        times = [
            parse_timestamp_token(value, TimeStampKind.ARCHIVE, _nothing).info.gen_time for value in values
        ]
        return not times or max(times) >= own

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
        known = set(certificates)
        yield from (c.id for c in self.data.certificates if c.der in known)
        lists = set(crls)
        yield from (c.id for c in self.data.crls if c.der in lists)
        yield from (r.id for r in self.data.ocsp_responses if any(r.der in each for each in lists))
        for kind, value in values:
            if kind == _COUNTERSIGNATURE:
                yield from _in_countersignature(value)
            elif kind in _TOKEN_TYPES:
                yield from _in_token(value)
            elif kind in _ENCLOSED_TYPES:
                yield from self._enclosed()

    def _enclosed(self) -> Iterator[str]:
        inside = enclosed(read_signer(self.signer.encode()))
        yield from _ids_of(inside)


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


def _ids_of(holder: SignatureEvidence | Enclosed) -> Iterator[str]:
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
