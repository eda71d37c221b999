"""Evidence records and time assertions of a container (EN 319 162-1 §4.3.3.3, §4.3.3.4, §4.4.3.3, §4.4.4)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from shirushi.core.algorithms import Digest
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import EvidenceRecord, RecordEvidence, RecordObject, SignatureEvidence
from shirushi.core.reason import Reason, reason
from shirushi.formats.asic.container import LOOK, TOKEN, AsicKind, Container
from shirushi.formats.asic.manifest import DataObjectReference, Manifest
from shirushi.formats.plain.records import (
    document_object,
    leaf_algorithms,
    lone_record,
    read_record,
    record_evidence,
    unreadable,
)
from shirushi.formats.plain.tokens import lone_token


def read_time_assertions(container: Container) -> tuple[SignatureEvidence, ...]:
    """The tokens over data objects, each as a signature of its own.

    One that nothing names proves nothing, nor does one that cannot be read.
    """
    found: list[SignatureEvidence] = []
    for name in container.time_stamps:
        manifest = _naming(container, name, container.manifests)
        over = manifest[0] if manifest else ""
        if not manifest and container.kind is AsicKind.S and len(container.data_objects) == 1:
            over = container.data_objects[0]
        if not over:
            continue
        listed = manifest[1].references if manifest else ()
        try:
            token = lone_token(container.read(name), [container.document(over)], name)
        except MalformedInput:
            continue
        references = (*token.references, *(container.check(each) for each in listed))
        found.append(dataclasses.replace(token, references=references))
    return tuple(found)


def with_records(
    container: Container, evidences: Sequence[SignatureEvidence], inside: Mapping[str, Iterable[str]]
) -> tuple[tuple[SignatureEvidence, ...], tuple[Reason, ...]]:
    """Each signature with the records over its file, and records over none as signatures of their own.

    `inside` has the ids of what each file holds. The second value tells what could not be read.
    """
    found = list(evidences)
    unread: list[Reason] = []
    for name in container.evidence_records:
        try:
            record = read_record(container.read(name))
            objects = _objects(container, name, record, inside)
            held = [n for n, each in enumerate(found) if any(o.name == each.name for o in objects)]
            if not held:
                found.append(lone_record(record, objects, name))
            else:
                evidence: RecordEvidence = record_evidence(record, objects, name=name)
        except MalformedInput as error:
            unread.append(reason("EVIDENCE_RECORD_UNREADABLE", detail=unreadable(error)))
            continue
        for n in held:
            records = (*found[n].evidence_records, evidence)
            found[n] = dataclasses.replace(found[n], evidence_records=records)
    return tuple(found), tuple(unread)


def _objects(
    container: Container, name: str, record: EvidenceRecord, inside: Mapping[str, Iterable[str]]
) -> list[RecordObject]:
    """What a record is over: the data object of an ASiC-S, else the files that a manifest lists for it."""
    if container.kind is AsicKind.S:
        if len(container.data_objects) != 1:
            return []
        listed: Sequence[DataObjectReference] = [DataObjectReference(container.data_objects[0], None)]
    else:
        manifest = _naming(container, name, container.evidence_record_manifests)
        listed = manifest[1].references if manifest else ()
    container.spend(TOKEN * len(record.time_stamps) * len(listed), name)
    return [_object(container, each, record, inside.get(each.name, ())) for each in listed]


def _object(
    container: Container, listed: DataObjectReference, record: EvidenceRecord, covers: Iterable[str]
) -> RecordObject:
    if container.entry(listed.name) is None:
        return RecordObject(listed.name, frozenset())
    if listed.digest is not None and not container.check(listed).intact:
        nothing = frozenset(Digest(each, b"") for each in leaf_algorithms(record))
        return RecordObject(listed.name, nothing)  # not what the manifest lists: no leaf is its digest
    found = document_object(container.document(listed.name), record, covers, container.effort)
    return dataclasses.replace(found, name=listed.name)


def _naming(container: Container, name: str, manifests: Iterable[str]) -> tuple[str, Manifest] | None:
    """The first manifest that names the file as what is over it."""
    for each in manifests:
        container.spend(LOOK, name)
        try:
            manifest = container.manifest(each)
        except MalformedInput:
            continue
        if manifest.signature == name:
            return each, manifest
    return None
