"""The use case of validation: parse, judge, fetch what is missing, judge again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Actor
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Certificate,
    Crl,
    Material,
    OcspResponse,
    RecordEvidence,
    SignatureEvidence,
    TrustAnchor,
)
from shirushi.core.instant import Instant
from shirushi.core.reason import Reason, reason
from shirushi.core.verdict import Indication, Missing, MissingKind, SignatureVerdict, Verdict
from shirushi.formats.plain.beside import only_proof, with_proofs
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database
from shirushi.ports.trust import MaterialUnavailable, Qualifier, RevocationSource, TrustAnchors
from shirushi.rules.ades import ValidationPolicy, validate_signatures
from shirushi.services.validation.model import UnknownFormat

ROUNDS = 8
"""How often missing material is fetched before the verdict stands: longer than any chain worth following."""

T = TypeVar("T")
Parser = Callable[[Document, Sequence[Document]], tuple[SignatureEvidence, ...]]
"""Reads a document's signatures; the second argument is the content that detached signatures cover."""


class Validation:
    """Judges documents. `parsers` maps media types to the formats' `parse`.

    `sources` are asked for what is missing; where they have nothing and the caller allows the network,
    `remote_sources`.
    """

    def __init__(
        self,
        *,
        parsers: Mapping[str, Parser],
        anchors: TrustAnchors,
        sources: Sequence[RevocationSource],
        remote_sources: Sequence[RevocationSource],
        policy: ValidationPolicy,
        clock: Clock,
        database: Database,
        audit: AuditLog,
        qualifier: Qualifier | None = None,
    ) -> None:
        self._qualifier = qualifier
        self._parsers = parsers
        self._anchors = anchors
        self._sources = tuple(sources)
        self._remote_sources = tuple(remote_sources)
        self._policy = policy
        self._clock = clock
        self._database = database
        self._audit = audit

    def validate(
        self,
        actor: Actor,
        document: Document,
        *,
        content: Sequence[Document] = (),
        records: Sequence[Document] = (),
        trust: Sequence[Certificate] = (),
        at: Instant | None = None,
        offline: bool = False,
        policy: ValidationPolicy | None = None,
    ) -> Verdict:
        """The verdict on `document` at the instant `at`, by default now. `content` is what a detached signature covers.

        `records` are evidence records and time-stamp tokens over all of `document`: what they prove counts for each of its
        signatures (EN 319 102-1 §5.6), or, where it has none, is itself what the verdict is on.
        `policy`, where given, takes the place of the domain's own.
        `trust`, where given, takes the place of the domain's trust anchors. `offline` keeps to what is at hand.
        Raises `MalformedInput` where the document cannot be read, `NoTrustAnchors` where nobody is trusted.
        """
        time = at or self._clock.now()
        signatures = self._parse_with(document, content, records)
        anchors = tuple(TrustAnchor.given(c) for c in trust) or self._anchors.anchors(time)
        sources = self._sources if offline else self._sources + self._remote_sources
        verdict = self._qualified(
            self._judge(signatures, anchors, sources, time, policy or self._policy), time
        )
        with self._database.unit() as connection:
            self._audit.record(
                connection,
                actor,
                AuditEvent(
                    "validation.validate",
                    str(document.digest(DigestAlgorithm.SHA256)),
                    verdict.indication.value if verdict.indication else "NO_SIGNATURE",
                    {
                        "signatures": len(signatures),
                        "records": len(records),
                        "policy": verdict.policy_digest,
                    },
                ),
            )
        return verdict

    def _qualified(self, verdict: Verdict, time: Instant) -> Verdict:
        if self._qualifier is None:
            return verdict
        found = tuple(
            replace(each, qualification=self._qualifier.qualified(each, time)) for each in verdict.signatures
        )
        return replace(verdict, signatures=found)

    def _parse_with(
        self, document: Document, content: Sequence[Document], records: Sequence[Document]
    ) -> tuple[SignatureEvidence, ...]:
        proofs = [only_proof(self._parse(record, [document])) for record in records]
        try:
            signatures = self._parse(document, content)
        except UnknownFormat:
            if not proofs:
                raise
            signatures = ()
        return with_proofs(signatures, proofs) if signatures else tuple(proofs)

    def _parse(self, document: Document, content: Sequence[Document]) -> tuple[SignatureEvidence, ...]:
        try:
            parse = self._parsers[document.media_type]
        except KeyError:
            raise UnknownFormat(name=document.name, media_type=document.media_type) from None
        return parse(document, content)

    def _judge(
        self,
        signatures: tuple[SignatureEvidence, ...],
        anchors: tuple[TrustAnchor, ...],
        sources: tuple[RevocationSource, ...],
        time: Instant,
        policy: ValidationPolicy,
    ) -> Verdict:
        material = embedded_material(signatures, ())
        asked: set[tuple[MissingKind, str]] = set()
        failures: dict[tuple[MissingKind, str], list[Reason]] = {}
        for _ in range(ROUNDS):
            near = _near(anchors, material)
            known = merge(material, build_material([anchor.certificate for anchor in near]))
            verdict = validate_signatures(signatures, known, near, policy, time)
            wanted = {
                (missing.kind, missing.certificate.id): missing
                for signature in verdict.signatures
                for missing in signature.missing
            }
            new = [missing for key, missing in wanted.items() if key not in asked]
            if not new:
                break
            asked.update(wanted)
            fetched = [_fetch(missing, sources, time, failures) for missing in new]
            material = merge(material, *fetched)
        return _with_failures(verdict, failures)


def _near(anchors: tuple[TrustAnchor, ...], material: Material) -> tuple[TrustAnchor, ...]:
    """The anchors that a path can reach: trusted lists hold thousands, and a document's certificates name a few."""
    certificates = (*material.certificates, *(c for r in material.ocsp_responses for c in r.certificates))
    names = {name for each in certificates for name in (each.subject, each.issuer)}
    return tuple(anchor for anchor in anchors if anchor.certificate.subject in names)


def embedded_material(signatures: Iterable[SignatureEvidence], anchors: Iterable[TrustAnchor]) -> Material:
    """All certificates and revocation data that signatures and their time-stamps carry, and the anchors' certificates."""
    every = list(_with_time_stamps(signatures))
    records = (record for s in every for record in s.evidence_records)
    everything: list[SignatureEvidence | RecordEvidence] = [*every, *records]
    return build_material(
        [c for s in everything for c in s.certificates] + [anchor.certificate for anchor in anchors],
        [crl for s in everything for crl in s.crls],
        [response for s in everything for response in s.ocsp_responses],
    )


def _with_time_stamps(signatures: Iterable[SignatureEvidence]) -> Iterable[SignatureEvidence]:
    for signature in signatures:
        yield signature
        yield from _with_time_stamps(stamp.signature for stamp in signature.every_time_stamp)


def _with_failures(verdict: Verdict, failures: Mapping[tuple[MissingKind, str], Sequence[Reason]]) -> Verdict:
    """Each signature's verdict with why what it still lacks could not be fetched, and from where."""
    told: list[SignatureVerdict] = []
    for each in verdict.signatures:
        lacking = ((missing.kind, missing.certificate.id) for missing in each.missing)
        why = tuple(dict.fromkeys(reason for key in lacking for reason in failures.get(key, ())))
        if each.indication is Indication.TOTAL_PASSED:
            told.append(replace(each, warnings=(*each.warnings, *why)))
        else:
            told.append(replace(each, reasons=(*each.reasons, *why)))
    return replace(verdict, signatures=tuple(told))


def _fetch(
    missing: Missing,
    sources: Iterable[RevocationSource],
    time: Instant,
    failures: dict[tuple[MissingKind, str], list[Reason]],
) -> Material:
    """What the sources have, up to the first that has what is missing; what is not well formed is passed over.

    Why a source could not be asked goes into `failures`.
    """
    certificates: list[Certificate] = []
    crls: list[Crl] = []
    responses: list[OcspResponse] = []
    for source in sources:
        try:
            if missing.kind is MissingKind.ISSUER_CERTIFICATE:
                certificates += _well_formed(parse_certificate, source.issuers(missing.certificate))
            elif missing.issuer is not None:
                for der in source.revocation_data(missing.certificate, missing.issuer, missing.at or time):
                    crls += _well_formed(parse_crl, [der])
                    responses += _well_formed(parse_ocsp_response, [der])
        except MaterialUnavailable as error:
            key = missing.kind, missing.certificate.id
            failures.setdefault(key, []).append(reason(error.code, **error.parameters))
        material = build_material([missing.certificate, *certificates], crls, responses)
        if crls or responses or any(material.is_signed_by(missing.certificate.id, c) for c in certificates):
            return material
    return build_material(certificates, crls, responses)


def _well_formed(parse: Callable[[bytes], T], encodings: Iterable[bytes]) -> Iterator[T]:
    for encoding in encodings:
        with suppress(MalformedInput):
            yield parse(encoding)
