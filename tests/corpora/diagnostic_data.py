"""Reads the signatures, time-stamps and evidence records in the DiagnosticData of the EU's validation library (DSS) as our evidence.

DSS leaves the bytes out, so keys and identifiers are synthetic; what its default policy only warns of (PDF changes other
than of pages) is left out as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import (
    ArchiveTimeStamp,
    Certificate,
    CertificateReference,
    Change,
    ChangeKind,
    EvidenceRecord,
    Level,
    RecordEvidence,
    RecordObject,
    RecordSyntax,
    Reference,
    ReferenceKind,
    SignatureEvidence,
    SignatureFormat,
    TimeStampEvidence,
    TimeStampKind,
    TstInfo,
)
from shirushi.core.reason import Reason, reason
from tests.corpora.diagnostic_material import (
    DiagnosticMaterial,
    Element,
    algorithm_of,
    all_of,
    digest_algorithm,
    is_true,
    one_of,
    text_of,
    time_of,
)

_RECORD = "EvidenceRecords/EvidenceRecord"
_CONTENT = {
    "CONTENT_TIMESTAMP",
    "ALL_DATA_OBJECTS_TIMESTAMP",
    "INDIVIDUAL_DATA_OBJECTS_TIMESTAMP",
}


@dataclass(frozen=True)
class DiagnosticData(DiagnosticMaterial):
    """One file, with its signatures."""

    @property
    def signatures(self) -> tuple[SignatureEvidence, ...]:
        """The signatures; of a file with none, its evidence records, each as one that stands alone."""
        found = tuple(self._signature(element) for element in all_of(self.root, "Signatures/Signature"))
        return found or tuple(self._lone_record(each) for each in all_of(self.root, _RECORD))

    def _stamps(self, element: Element, path: str) -> list[TimeStampEvidence]:
        return [
            self._time_stamp(stamp)
            for found in all_of(element, path)
            for stamp in all_of(self.root, "UsedTimestamps/Timestamp")
            if stamp.get("Id") == found.get("Timestamp")
        ]

    def _lone_record(self, element: Element) -> SignatureEvidence:
        record = self._record(element)
        return replace(
            record.stamps[0].signature,
            format=SignatureFormat.XMLERS,
            references=tuple(Reference(each.name, found=True, intact=None) for each in record.objects),
            evidence_records=(record,),
        )

    def _record(self, element: Element) -> RecordEvidence:
        """The record with trees of our own making, each token in a chain of its own.

        DSS leaves the trees out and says of each digest whether it holds: so a tree has what holds as its leaves, and a
        token whose imprint does not hold is over something else.
        """
        matchers = all_of(element, "DigestMatchers/DigestMatcher")
        held = [_name(each) for each in matchers if is_true(each, "DataIntact")]
        stamps: list[TimeStampEvidence] = []
        chains: list[tuple[ArchiveTimeStamp, ...]] = []
        for stamp in self._stamps(element, "EvidenceRecordTimestamps/FoundTimestamp"):
            algorithm = stamp.info.imprint.algorithm
            before = tuple(each.id.encode() for each in stamps[-1:])
            group = tuple(map(algorithm.digest, (*held, *before)))
            root = algorithm.digest(b"".join(sorted(group))) if stamp.imprint_intact else b""
            info = replace(stamp.info, imprint=Digest(algorithm, root))
            stamps.append(replace(stamp, kind=TimeStampKind.EVIDENCE_RECORD, info=info))
            chains.append((ArchiveTimeStamp(algorithm, (group,), b"", before),))
        algorithms = {each.info.imprint.algorithm for each in stamps}
        objects = tuple(
            RecordObject(
                _name(each).decode(),
                frozenset(Digest(a, a.digest(_name(each))) for a in algorithms if is_true(each, "DataFound")),
                _covered(element),
            )
            for each in matchers
        )
        record = EvidenceRecord(element.get("Id", ""), RecordSyntax.XMLERS, tuple(chains))
        return RecordEvidence(record, tuple(stamps), objects)

    def _signature(self, element: Element) -> SignatureEvidence:
        label = text_of(element, "SignatureFormat") or ""
        stamps = self._stamps(element, "FoundTimestamps/FoundTimestamp")
        kinds = TimeStampKind
        made = self._token(element)
        return replace(
            made,
            format=next(
                (f for f in SignatureFormat if label.upper().startswith(f.value.upper())), SignatureFormat.CMS
            ),
            level=next(
                (level for level in reversed(Level) if label.endswith("BASELINE-" + level.value[2:])), None
            ),
            references=_references(element),
            claimed_signing_time=time_of(element, "ClaimedSigningTime"),
            content_timestamps=tuple(s for s in stamps if s.kind is kinds.CONTENT),
            signature_timestamps=tuple(s for s in stamps if s.kind is kinds.SIGNATURE),
            archive_timestamps=tuple(s for s in stamps if s.kind in (kinds.ARCHIVE, kinds.DOCUMENT)),
            evidence_records=tuple(
                self._record(each)
                for each in all_of(self.root, _RECORD)
                if element.get("Id") in _covered(each)
            ),
            structure=(*_format_failures(element), *self._container_failures()),
            changes=_changes(element),
            covers_whole_document=any(
                text_of(scope, "Scope") == "FULL"
                for scope in all_of(element, "SignatureScopes/SignatureScope")
            ),
        )

    def _token(self, element: Element) -> SignatureEvidence:
        """What signatures and time-stamp tokens have in common."""
        signer = one_of(element, "SigningCertificate")
        certificate = self.certificates.get(signer.get("Certificate", "")) if signer is not None else None
        return SignatureEvidence(
            id=element.get("Id", ""),
            format=SignatureFormat.CMS,
            references=(Reference("TSTInfo", found=True, intact=True),),
            value_intact=is_true(element, "BasicSignature/SignatureIntact"),
            signature_oid="",
            signature_algorithm=algorithm_of(element),
            signing_certificate=certificate,
            certificate_reference=_certificate_reference(element, certificate),
        )

    def _time_stamp(self, element: Element) -> TimeStampEvidence:
        kind = element.get("Type", "")
        imprints = [d for d in all_of(element, "DigestMatcher") if d.get("type") == "MESSAGE_IMPRINT"]
        found = all(is_true(d, "DataFound") for d in imprints)
        produced = time_of(element, "ProductionTime")
        assert produced is not None
        algorithm = next((digest_algorithm(text_of(d, "DigestMethod")) for d in imprints), None)
        return TimeStampEvidence(
            id=element.get("Id", ""),
            kind=TimeStampKind.CONTENT
            if kind in _CONTENT
            else TimeStampKind.SIGNATURE
            if kind == "SIGNATURE_TIMESTAMP"
            else TimeStampKind.DOCUMENT
            if kind == "DOCUMENT_TIMESTAMP"
            else TimeStampKind.ARCHIVE,
            info=TstInfo("", Digest(algorithm or DigestAlgorithm.SHA256, b""), 0, produced),
            imprint_intact=all(is_true(d, "DataIntact") for d in imprints) if found else None,
            signature=self._token(element),
            covers=_covered(element),
        )

    def _container_failures(self) -> list[Reason]:
        """An ASiC-E container has a manifest (EN 319 162-1 §4.4.3)."""
        container = one_of(self.root, "ContainerInfo")
        if text_of(container, "ContainerType") != "ASiC-E" or all_of(container, "ManifestFiles/ManifestFile"):
            return []
        return [reason("FORMAT_FAILURE")]


def _covered(element: Element) -> frozenset[str]:
    """The ids of what a time-stamp or a record is over, besides the documents."""
    return frozenset(
        each.get("Token", "")
        for each in all_of(element, "TimestampedObjects/TimestampedObject")
        if each.get("Category") != "SIGNED_DATA"
    )


def _name(matcher: Element) -> bytes:
    return (matcher.get("documentName") or matcher.get("type") or "").encode()


def _references(element: Element) -> tuple[Reference, ...]:
    """The digest matchers. What an ASiC manifest lists, which is no matcher itself, the container must have."""
    every = all_of(element, "DigestMatchers/DigestMatcher")
    kinds = {"MANIFEST": ReferenceKind.MANIFEST}
    if any(matcher.get("type") == "MANIFEST" for matcher in every):
        kinds["MANIFEST_ENTRY"] = ReferenceKind.MANIFEST_ENTRY
    found = []
    for matcher in every:
        at_hand = is_true(matcher, "DataFound")
        kind = kinds.get(matcher.get("type") or "", ReferenceKind.DATA)
        intact = is_true(matcher, "DataIntact") if at_hand else None
        name = matcher.get("uri") or matcher.get("id") or matcher.get("type") or ""
        given = matcher.get("documentName")
        named = None if given is None or matcher.get("uri") is None else given == matcher.get("uri")
        algorithm = digest_algorithm(text_of(matcher, "DigestMethod"))
        found.append(Reference(name, at_hand, intact, algorithm, kind, named))
    return tuple(found)


def _certificate_reference(element: Element, signer: Certificate | None) -> CertificateReference | None:
    """The signed reference: the one to the signer where there is any, else another, which then does not match."""
    references = [
        (related.get("Certificate") or related.get("Token"), reference)
        for related in (
            *all_of(element, "FoundCertificates/RelatedCertificate"),
            *all_of(element, "FoundCertificates/OrphanCertificate"),
        )
        for reference in all_of(related, "CertificateRef")
        if text_of(reference, "Origin") == "SIGNING_CERTIFICATE"
    ]
    references.sort(key=lambda pair: signer is None or pair[0] != signer.id)
    for owner, reference in references:
        digest = one_of(reference, "DigestAlgoAndValue")
        algorithm = digest_algorithm(text_of(digest, "DigestMethod")) or DigestAlgorithm.SHA256
        matches = signer is not None and owner == signer.id and digest is not None
        if matches and digest is not None and digest.get("match") == "false":
            matches = False
        serial = one_of(reference, "IssuerSerial")
        return CertificateReference(
            Digest(algorithm, b""), matches, None if serial is None else serial.get("match") == "true"
        )
    return None


def _format_failures(element: Element) -> list[Reason]:
    """What DSS's default policy takes for a failure of format."""
    revision = one_of(element, "PDFRevision/PDFSignatureDictionary")
    byte_range = one_of(revision, "SignatureByteRange")
    wrong = (
        any(m.get("duplicated") == "true" for m in all_of(element, "DigestMatchers/DigestMatcher")),
        revision is not None and revision.get("consistent") == "false",
        byte_range is not None and byte_range.get("valid") == "false",
        revision is not None and len(all_of(element, "SignerInformationStore/SignerInfo")) > 1,
    )
    return [reason("FORMAT_FAILURE")] if any(wrong) else []


def _changes(element: Element) -> tuple[Change, ...]:
    pages = all_of(element, "PDFRevision/ModificationDetection/PageDifference")
    return tuple(Change(ChangeKind.CONTENT_CHANGED, allowed=False, where=p.get("Page", "")) for p in pages)
