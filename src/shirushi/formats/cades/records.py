"""Evidence records in unsigned attributes of a CAdES signature (RFC 4998 appendix A)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from shirushi.codecs.asn1 import ber, der
from shirushi.codecs.asn1.evidence_record import parse_evidence_record
from shirushi.core.algorithms import Digest
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import EvidenceRecord, RecordEvidence, RecordObject, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.formats.cades import oids
from shirushi.formats.cades.signed_data import SignedDataParts, SignerParts, attribute_parts
from shirushi.formats.cms import oids as cms_oids
from shirushi.formats.plain.records import document_object, octets_object, record_evidence, unreadable

_KINDS = (oids.EVIDENCE_RECORD_INTERNAL, oids.EVIDENCE_RECORD_EXTERNAL)


def read_records(
    parts: SignedDataParts,
    signer: SignerParts,
    detached: Document | None,
    signed: Digest | None,
    evidence: SignatureEvidence,
) -> tuple[tuple[RecordEvidence, ...], tuple[Reason, ...]]:
    """The records of a signature, and what could not be read.

    `detached` is the content where it is outside, `signed` its digest as signed; a record is then over it as well
    (appendix A.2).
    """
    found: list[RecordEvidence] = []
    unread: list[Reason] = []
    for kind in _KINDS:
        for value in signer.values(kind):
            try:
                record = parse_evidence_record(value)
                forms = _forms(parts, signer, value)
                objects = [octets_object(evidence.name or "CMS", forms, record, evidence.identifiers)]
                if parts.content is None:
                    objects.append(_content(detached, signed, record))
                found.append(record_evidence(record, objects, name=evidence.name))
            except MalformedInput as error:
                unread.append(reason("EVIDENCE_RECORD_UNREADABLE", detail=unreadable(error)))
    return tuple(found), tuple(unread)


def _content(detached: Document | None, signed: Digest | None, record: EvidenceRecord) -> RecordObject:
    """The content; where it is not at hand, its signed digest, as far as that tells."""
    if detached is None:
        return RecordObject("content", frozenset({signed} if signed else ()))
    return document_object(detached, record)


def _forms(parts: SignedDataParts, signer: SignerParts, value: bytes) -> Iterator[bytes]:
    """What may have been hashed: the SignedData before the record was put into it, as sent and in DER.

    Records of the same signature that came earlier were there already; those beside it, in the same attribute or in
    none yet, were not.
    """
    place = parts.signers.index(signer)
    kept: list[bytes] = []
    seen = False
    without: list[bytes] = []
    for each in signer.unsigned:
        values = attribute_parts(each)[1] if _is_record(each) else ()
        if not values:
            without.append(each)
        seen = seen or value in values
        if not values or not seen:
            kept.append(each)
    for unsigned in (without, kept):
        before = dataclasses.replace(signer, unsigned=tuple(unsigned))
        changed = parts.with_signer(place, before)
        encoding = changed.encode()
        yield encoding
        yield ber.canonical(encoding)
        if parts.found:
            yield _indefinite(changed, parts.found)


def _indefinite(parts: SignedDataParts, found: tuple[bytes, bytes]) -> bytes:
    """With the indefinite lengths of its frame as sent (RFC 5652 §5.1)."""
    signed_data = b"".join(
        (
            der.integer(parts.version),
            der.tlv(der.SET, *parts.digest_algorithms),
            *found,
            der.tlv(der.SET, *(signer.encode() for signer in parts.signers)),
        )
    )
    inner = b"\x30\x80" + signed_data + b"\x00\x00"
    return b"\x30\x80" + der.oid(cms_oids.SIGNED_DATA) + b"\xa0\x80" + inner + b"\x00\x00" * 2


def _is_record(attribute: bytes) -> bool:
    kind = attribute_parts(attribute)[0]
    return kind in _ENCODED_KINDS


_ENCODED_KINDS = frozenset(der.oid(kind) for kind in _KINDS)
