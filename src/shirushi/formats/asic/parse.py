"""Signatures of a container as evidence: each with its manifest, the files that it covers, and those that none covers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import (
    Level,
    SignatureEvidence,
    TimeStampEvidence,
    TimeStampKind,
)
from shirushi.core.reason import Reason, reason
from shirushi.formats.asic.container import LOOK, AsicKind, Container
from shirushi.formats.asic.manifest import Manifest
from shirushi.formats.asic.records import read_time_assertions, with_records
from shirushi.formats.cades.content import DetachedContent
from shirushi.formats.cades.declined import ArchivedDifferently
from shirushi.formats.cades.parse import expected_digests, read_signatures
from shirushi.formats.cms.evidence import Digester, parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data


class SignatureFiles(Protocol):
    """Reads the signature files of one format inside a container: CAdES here, XAdES by its own package."""

    def names(self, container: Container) -> tuple[str, ...]:
        """The files of META-INF that hold such signatures."""
        ...

    def parse(self, container: Container, name: str) -> tuple[SignatureEvidence, ...]:
        """The signatures of one file. A reference to a data object has that object's name. Raises `MalformedInput`."""
        ...


class CadesFiles:
    """CAdES in a container: over the data object itself in ASiC-S, over a manifest in ASiC-E."""

    def names(self, container: Container) -> tuple[str, ...]:
        """`META-INF/*signature*.p7s`."""
        return container.cades_signatures

    def parse(self, container: Container, name: str) -> tuple[SignatureEvidence, ...]:
        """The signatures of one file with the files that they cover."""
        encoding = container.read(name)
        covered = covered_by(container, name, encoding)
        evidences = read_signatures(encoding, covered.contents, name=name)
        return tuple(
            evidence if evidence.countersigns else _with_references(container, evidence, covered)
            for evidence in evidences
        )


@dataclass(frozen=True, slots=True)
class Covered:
    """What a signature file is over: its content, and the manifest that this is, if it is one."""

    content: str = ""
    contents: tuple[Document, ...] = ()
    manifest: Manifest | None = None
    failings: tuple[Reason, ...] = ()


def covered_by(container: Container, name: str, encoding: bytes) -> Covered:
    """What the signatures in the file of that name are over."""
    failings: list[Reason] = []
    if container.kind is AsicKind.S:
        objects = container.data_objects
        if len(objects) != 1:
            failings.append(reason("ASIC_DATA_OBJECT_COUNT", count=len(objects)))
        container.spend(LOOK * len(objects), name)
        documents = tuple(container.document(each) for each in objects)
        chosen = _chosen(documents, encoding, name)
        return Covered(chosen.name if chosen else "", (chosen,) if chosen else (), None, tuple(failings))
    found: dict[str, Manifest] = {}
    container.spend(LOOK * len(container.manifests), name)
    for each in container.manifests:
        try:
            manifest = container.manifest(each)
        except MalformedInput as error:
            detail = error.parameters.get("detail", error.code)
            failings.append(reason("ASIC_MANIFEST_UNREADABLE", name=each, detail=detail))
            continue
        if manifest.signature == name:
            found[each] = manifest
    chosen = _chosen(tuple(container.document(each) for each in found), encoding, name)
    if chosen is None:
        failings.append(reason("ASIC_MANIFEST_MISSING", name=name))
        return Covered(failings=tuple(failings))
    twice = (reason("ASIC_MANIFEST_AMBIGUOUS", name=name),) if len(found) > 1 else ()
    return Covered(chosen.name, (chosen,), found[chosen.name], twice)


def _chosen(documents: tuple[Document, ...], encoding: bytes, name: str) -> Document | None:
    return DetachedContent(documents, expected_digests(read_signed_data(encoding)), name).document


def _with_references(
    container: Container, evidence: SignatureEvidence, covered: Covered
) -> SignatureEvidence:
    named = tuple(
        dataclasses.replace(each, name=covered.content or each.name) for each in evidence.references
    )
    listed = covered.manifest.references if covered.manifest else ()
    references = (*named, *(container.check(each) for each in listed))
    digests = (each.digest.algorithm for each in listed if each.digest is not None)
    return dataclasses.replace(
        evidence,
        references=references,
        structure=(*covered.failings, *evidence.structure),
        attributes_digest_algorithms=tuple(dict.fromkeys((*evidence.attributes_digest_algorithms, *digests))),
    )


def read_signatures_of(
    container: Container, formats: Sequence[SignatureFiles]
) -> tuple[SignatureEvidence, ...]:
    """Every signature of the container, with the archive time-stamps of ASiCArchiveManifest files that cover it.

    A signature file that cannot be read raises `MalformedInput` only where there is no other.
    """
    found: list[SignatureEvidence] = []
    unread: list[Reason] = []
    first: MalformedInput | None = None
    for form in formats:
        for name in form.names(container):
            try:
                found.extend(form.parse(container, name))
            except MalformedInput as error:
                first = first or error
                detail = error.parameters.get("detail", error.code)
                unread.append(reason("ASIC_SIGNATURE_UNREADABLE", name=name, detail=detail))
    if first is not None and not found:
        raise first
    archives = tuple(read_archives(container, found))
    found = [_archived(evidence, archives) for evidence in found]
    found += read_time_assertions(container)
    recorded, unread_records = with_records(container, found, _ids_by_file(container, found))
    covered = {reference.name for evidence in recorded for reference in evidence.references}
    alone = [name for name in container.data_objects if name not in covered]
    container.spend(LOOK * len(recorded) * len(container.data_objects) // 4)
    lacking = (reason("ASIC_WITHOUT_DATA_OBJECT"),) if container.without_data else ()
    container.spend(0)  # what was left out for want of it would be told wrongly
    notes = (
        *container.failings,
        *unread,
        *unread_records,
        *(reason("ASIC_FILE_NOT_COVERED", name=name) for name in alone),
    )
    return tuple(
        dataclasses.replace(
            evidence,
            structure=(*evidence.structure, *lacking),
            level_failings=(*evidence.level_failings, *notes),
            covers_whole_document=_covers_all(container, evidence),
        )
        for evidence in recorded
    )


def _covers_all(container: Container, evidence: SignatureEvidence) -> bool:
    if evidence.countersigns:
        return True
    return {reference.name for reference in evidence.references} >= set(container.data_objects)


@dataclass(frozen=True, slots=True)
class ContainerArchive:
    """An archive time-stamp of the container, and the signature files that it covers."""

    manifest: str
    token: str
    stamp: TimeStampEvidence
    files: frozenset[str]


def read_archives(container: Container, evidences: Iterable[SignatureEvidence]) -> Iterator[ContainerArchive]:
    """The archive time-stamps (EN 319 162-1 annex A.7), the earliest first; what cannot be read proves nothing.

    Its imprint is intact only where every file that its manifest lists is.
    """
    inside = _ids_by_file(container, evidences)
    found: list[ContainerArchive] = []
    for name in container.archive_manifests:
        try:
            manifest = container.manifest(name)
            token = container.read(manifest.signature)
            references = [container.check(each) for each in manifest.references]
            files = frozenset(each.name for each in references if each.intact)
            covers = frozenset(identifier for each in files for identifier in inside.get(each, ()))
            whole = [each for each in references if not each.intact]
            stamp = parse_timestamp_token(
                token,
                TimeStampKind.ARCHIVE,
                _expected(container, name, damaged=bool(whole)),
                covers=covers,
            )
        except MalformedInput:
            continue
        if stamp.imprint_intact is False:
            stamp = dataclasses.replace(stamp, covers=frozenset())
        found.append(ContainerArchive(name, manifest.signature, stamp, files))
    return iter(sorted(found, key=lambda each: each.stamp.info.gen_time))


def must_be_open(container: Container, name: str) -> None:
    """Raise `ArchivedDifferently` where an archive time-stamp of the container covers the file."""
    if any(name in each.files for each in read_archives(container, ())):
        raise ArchivedDifferently


def _expected(container: Container, name: str, *, damaged: bool) -> Digester:
    def expected(algorithm: DigestAlgorithm) -> Digest | None:
        return Digest(algorithm, b"") if damaged else container.digest(name, algorithm)

    return expected


def _ids_by_file(container: Container, evidences: Iterable[SignatureEvidence]) -> dict[str, set[str]]:
    """The ids of everything in each signature and time-stamp file."""
    found: dict[str, set[str]] = {}
    for evidence in evidences:
        found.setdefault(evidence.name, set()).update(evidence.identifiers)
    for name in container.time_stamps:
        try:
            stamp = parse_timestamp_token(container.read(name), TimeStampKind.ARCHIVE, lambda _: None)
        except MalformedInput:
            continue
        found[name] = set(stamp.identifiers)
    return found


def _archived(evidence: SignatureEvidence, archives: Sequence[ContainerArchive]) -> SignatureEvidence:
    stamps = tuple(each.stamp for each in archives if evidence.name in each.files)
    if not stamps:
        return evidence
    level = Level.B_LTA if evidence.level is Level.B_LT else evidence.level
    return dataclasses.replace(
        evidence, level=level, archive_timestamps=(*evidence.archive_timestamps, *stamps)
    )
