"""CAdES signatures as evidence: every signer, its counter-signatures, its archive time-stamps."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    SignatureEvidence,
    SignatureFormat,
    TimeStampEvidence,
)
from shirushi.core.reason import Reason, reason
from shirushi.formats.cades import archive_evidence, level, oids
from shirushi.formats.cades.attributes import claims
from shirushi.formats.cades.content import DetachedContent
from shirushi.formats.cades.records import read_records
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts
from shirushi.formats.cms.evidence import cms_evidences, countersignature_evidence
from shirushi.formats.cms.reading import names_certificate, signed_says
from shirushi.formats.cms.structure import (
    MOST_SIGNERS,
    SignedData,
    Signer,
    read_signed_data,
    read_signer,
)
from shirushi.formats.long_term import tells_status

_DEEPEST = 4
"""Counter-signatures of counter-signatures that are looked into."""


def read_signatures(
    encoding: bytes, contents: Sequence[Document] = (), *, name: str = ""
) -> tuple[SignatureEvidence, ...]:
    """Every signature of a SignedData, each followed by its counter-signatures.

    `contents` are the documents among which detached content is. Raises `MalformedCms`.
    """
    data = read_signed_data(encoding)
    parts = SignedDataParts.read(encoding)
    content = DetachedContent(contents, expected_digests(data), name)
    found: list[SignatureEvidence] = []
    kind = SignatureFormat.CADES if any(map(names_certificate, data.signers)) else SignatureFormat.CMS
    evidences = cms_evidences(encoding, content.digest, signature_format=kind, name=name)
    reading = _Reading(data, parts, content)
    for evidence, signer, raw in zip(evidences, data.signers, parts.signers, strict=True):
        found.extend(reading.signature(evidence, signer, raw))
    return tuple(found)


def expected_digests(data: SignedData) -> list[tuple[DigestAlgorithm, bytes]]:
    """The signed message digests."""
    found: list[tuple[DigestAlgorithm, bytes]] = []
    for signer in data.signers:
        digest = signed_says(signer).message_digest
        if signer.digest_algorithm is not None and digest is not None:
            found.append((signer.digest_algorithm, digest))
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    data: SignedData
    parts: SignedDataParts
    content: DetachedContent
    countersigning: list[str] = field(default_factory=list)
    """The counter-signatures found so far, whichever signature they are on."""
    digests: dict[DigestAlgorithm, Digest] = field(default_factory=dict)
    """Those of encapsulated content, each computed once for all signers."""

    def signature(
        self, evidence: SignatureEvidence, signer: Signer, raw: SignerParts
    ) -> list[SignatureEvidence]:
        """A signature and its counter-signatures."""
        stamps, warnings = archive_evidence.read_archive_timestamps(
            self.parts, raw, self._digest_of_content(signer), self.content.document, evidence
        )
        finished = self._finished(evidence, signer, stamps, archived=raw.has(oids.ARCHIVE_TIMESTAMP_V3))
        algorithm, digest = signer.digest_algorithm, signed_says(signer).message_digest
        signed = Digest(algorithm, digest) if algorithm and digest else None
        records, unreadable = read_records(self.parts, raw, self.content.document, signed, finished)
        finished = dataclasses.replace(finished, evidence_records=records)
        counters: list[SignatureEvidence] = []
        unread = self._counters(finished, raw, counters, 1)
        finished = dataclasses.replace(
            finished, level_failings=(*finished.level_failings, *warnings, *unreadable, *unread)
        )
        return [finished, *counters]

    def _counters(
        self, parent: SignatureEvidence, raw: SignerParts, found: list[SignatureEvidence], depth: int
    ) -> list[Reason]:
        """Put the counter-signatures into `found`; gives what could not be read."""
        unread: list[Reason] = []
        for value in raw.values(oids.COUNTERSIGNATURE):
            if len(self.countersigning) >= MOST_SIGNERS:
                beyond = f"one of more than {MOST_SIGNERS}"
                return [*unread, reason("CADES_COUNTERSIGNATURE_UNREADABLE", detail=beyond)]
            try:
                signer, inner = read_signer(value), SignerParts.read(value)
                evidence = countersignature_evidence(
                    value,
                    parent.signature_value,
                    self.data,
                    signature_format=SignatureFormat.CADES,
                    name=parent.name,
                )
            except MalformedInput as error:
                detail = error.parameters.get("detail", "")
                unread.append(reason("CADES_COUNTERSIGNATURE_UNREADABLE", detail=detail))
                continue
            self.countersigning.append(evidence.id)
            # what covers the attribute covers all that is in it
            stamps = tuple(s for s in parent.archive_timestamps if evidence.id in (s.covers or ()))
            finished = self._finished(evidence, signer, stamps, archived=bool(stamps))
            found.append(finished)
            if depth < _DEEPEST:
                unread.extend(self._counters(finished, inner, found, depth + 1))
        return unread

    def _finished(
        self,
        evidence: SignatureEvidence,
        signer: Signer,
        stamps: tuple[TimeStampEvidence, ...],
        *,
        archived: bool,
    ) -> SignatureEvidence:
        certificate = evidence.signing_certificate
        failings = level.baseline_failings(evidence, signer, self.data.certificates)
        material = certificate is not None and (
            level.needs_no_status(certificate)
            or tells_status(certificate, self.data.crls, self.data.ocsp_responses)
        )
        claimed = level.claimed_level(
            failings,
            stamped=bool(evidence.signature_timestamps),
            material=material,
            legacy=level.forbidden_at_lt(signer),
            archived=archived,
        )
        older = [] if names_certificate(signer) else [reason("LEGACY_FORMAT", format="CMS (PKCS #7)")]
        return dataclasses.replace(
            evidence,
            archive_timestamps=stamps,
            level=claimed,
            level_failings=(*evidence.level_failings, *failings, *older, *level.legacy_failings(signer)),
            claims=claims(signer),
        )

    def _digest_of_content(self, signer: Signer) -> archive_evidence.ContentDigest:
        """The digest of the content; where that is not at hand, the signed one, which the value protects."""
        signed = signed_says(signer).message_digest

        def digest(algorithm: DigestAlgorithm) -> Digest | None:
            if self.data.content is not None:
                if algorithm not in self.digests:
                    self.digests[algorithm] = Digest(algorithm, algorithm.digest(self.data.content))
                return self.digests[algorithm]
            found = self.content.digest(algorithm)
            if found is None and signed is not None and algorithm is signer.digest_algorithm:
                return Digest(algorithm, signed)
            return found

        return digest
