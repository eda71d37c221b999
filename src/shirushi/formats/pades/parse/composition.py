"""All signatures of a document together: which time-stamps cover which, what the stores add, what changed after each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.form import SignatureDictionary
from shirushi.codecs.pdf.view import PdfView
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Change,
    ChangeKind,
    SignatureEvidence,
    SignatureFormat,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.core.reason import Reason, reason
from shirushi.formats.cades.attributes import claims
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.pades.changes import Mark, changes_after
from shirushi.formats.pades.parse.coverage import blank, regular
from shirushi.formats.pades.parse.level import baseline_failings, claimed_level
from shirushi.formats.pades.parse.material import Store, StoreReader
from shirushi.formats.pades.parse.values import SignedField, read_value


@dataclasses.dataclass(frozen=True, slots=True)
class _Stamp:
    """A document time-stamp with where it ends and the stores that it covers."""

    end: int
    evidence: TimeStampEvidence
    store: Store


def compose(
    document: Document, view: PdfView, signed: Sequence[SignedField]
) -> tuple[SignatureEvidence, ...]:
    """The evidence of each signature that is no time-stamp. `view` may show only the beginning of `document`."""
    if not signed:
        return ()
    stores = _stores(view, signed)
    everything = _union(store for _, store in stores)
    changes = _changes(document, view, signed)
    bare: list[tuple[SignedField, SignatureEvidence]] = []
    stamps: list[_Stamp] = []
    warnings: list[tuple[int, Reason]] = []
    for each, changed in zip(signed, changes, strict=True):
        end = each.coverage.end
        if not each.is_timestamp:
            evidence = read_value(view, each, everything.certificates)
            whole = _covers_all(document, each)
            bare.append((each, dataclasses.replace(evidence, changes=changed, covers_whole_document=whole)))
            continue
        covered = _union(store for at, store in stores if at <= end)
        try:
            stamp = _timestamp(view, each, _ids((e for _, e in bare), stamps, covered))
        except MalformedInput as error:
            detail = error.parameters.get("detail", error.code)
            warnings.append((end, reason("CMS_TIMESTAMP_UNREADABLE", detail=detail)))
            continue
        token = dataclasses.replace(
            stamp.signature,
            name=each.field.name,
            changes=changed,
            covers_whole_document=_covers_all(document, each),
            structure=(*each.coverage.failings, *stamp.signature.structure),
        )
        stamps.append(_Stamp(end, dataclasses.replace(stamp, signature=token), covered))
    return tuple(
        _finished(
            each,
            evidence,
            everything,
            [stamp for stamp in stamps if stamp.end > each.coverage.end],
            tuple(warning for end, warning in warnings if end > each.coverage.end),
        )
        for each, evidence in bare
    )


def _covers_all(document: Document, signed: SignedField) -> bool:
    return signed.coverage.digestible and blank(document, signed.coverage.end, document.size)


def _stores(view: PdfView, signed: Sequence[SignedField]) -> list[tuple[int, Store]]:
    """The stores of the revisions from the first signed one on, with the offset that each revision ends at."""
    reader, stores = regular(view), StoreReader(view.document.size)
    first = min((s.coverage.revision.index for s in signed if s.coverage.revision), default=None)
    if reader is None or first is None:
        return [(view.document.size, stores.read(view))]
    found: list[tuple[int, Store]] = []
    for revision in reader.revisions[first:]:
        try:
            found.append((revision.eof, stores.read(reader.at(revision))))
        except MalformedPdf:
            continue
    return found


def _union(stores: Iterable[Store]) -> Store:
    joined = Store()
    for store in stores:
        joined = joined.joined(store)
    return joined


def _changes(
    document: Document, view: PdfView, signed: Sequence[SignedField]
) -> tuple[tuple[Change, ...], ...]:
    """The changes after each. What cannot be compared, and bytes behind what could be read, are without explanation."""
    rest: tuple[Change, ...] = ()
    size = view.document.size
    if size < document.size and not blank(document, size, document.size):
        rest = (_unexplained(size, document.size),)
    reader = regular(view)
    if reader is None:
        return tuple(
            ()
            if blank(document, each.coverage.end, document.size)
            else (_unexplained(each.coverage.end, document.size),)
            for each in signed
        )
    marks = [
        Mark(each.coverage.revision, each.coverage.end, each.signature, each.field.lock) for each in signed
    ]
    return tuple((*found, *rest) for found in changes_after(reader, marks))


def _unexplained(start: int, end: int) -> Change:
    return Change(ChangeKind.UNEXPLAINED_BYTES, allowed=False, where=f"bytes {start}–{end}")


def _timestamp(view: PdfView, signed: SignedField, covers: frozenset[str]) -> TimeStampEvidence:
    """A document time-stamp; one whose byte range is not exact covers nothing of this file."""
    digest = signed.coverage.digester(view.document)
    stamp = parse_timestamp_token(signed.signature.contents, TimeStampKind.DOCUMENT, digest, covers=covers)
    return stamp if signed.coverage.digestible else dataclasses.replace(stamp, imprint_intact=False)


def _ids(signatures: Iterable[SignatureEvidence], stamps: Iterable[_Stamp], store: Store) -> frozenset[str]:
    """The ids of all that stands in the file before a time-stamp, whose bytes it therefore covers."""
    found = set(store.ids)
    tokens = [stamp.evidence for stamp in stamps]
    pending = [*signatures, *(token.signature for token in tokens)]
    found.update(token.id for token in tokens)
    while pending:
        each = pending.pop()
        found |= {each.id} | Store(each.certificates, each.crls, each.ocsp_responses).ids
        for token in (*each.content_timestamps, *each.signature_timestamps):
            found.add(token.id)
            pending.append(token.signature)
    return frozenset(found)


def _finished(
    signed: SignedField,
    evidence: SignatureEvidence,
    store: Store,
    stamps: Sequence[_Stamp],
    warnings: tuple[Reason, ...],
) -> SignatureEvidence:
    """A signature with its document time-stamps, the stores' material, its claims and the level that results."""
    signature, certificate = signed.signature, evidence.signing_certificate
    failings = baseline_failings(evidence, signature)
    stamped = dataclasses.replace(evidence, archive_timestamps=tuple(stamp.evidence for stamp in stamps))
    level = claimed_level(
        stamped,
        failings,
        material=certificate is not None and store.tells_status(certificate),
        stamped_material=certificate is not None
        and any(stamp.store.tells_status(certificate) for stamp in stamps),
    )
    claimed = evidence.claimed_signing_time
    if evidence.format is SignatureFormat.PADES or claimed is None:
        claimed = signature.time or claimed
    own = Store(evidence.certificates, evidence.crls, evidence.ocsp_responses).joined(store)
    stated = (
        ("Name", signature.name),
        ("Reason", signature.reason),
        ("Location", signature.location),
        ("ContactInfo", signature.contact_info),
    )
    return dataclasses.replace(
        stamped,
        certificates=own.certificates,
        crls=own.crls,
        ocsp_responses=own.ocsp_responses,
        claimed_signing_time=claimed,
        level=level,
        level_failings=(*evidence.level_failings, *warnings, *failings),
        claims=(*((key, value) for key, value in stated if value), *_said(signature)),
    )


def _said(signature: SignatureDictionary) -> tuple[tuple[str, str], ...]:
    """What the signer says in signed attributes; nothing where there is no one signer."""
    try:
        signers = read_signed_data(signature.contents).signers
    except MalformedInput:
        return ()
    return claims(signers[0]) if len(signers) == 1 else ()
