"""Signature files within a container: found by a signature's id, written, and archived."""

from __future__ import annotations

from dataclasses import dataclass

from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.formats.asic.container import META, Container
from shirushi.formats.asic.declined import AsicDeclined
from shirushi.formats.asic.manifest import DataObjectReference, write_manifest, xml_digest
from shirushi.formats.cades.declined import SignatureUnknown
from shirushi.formats.cades.places import Place, claimed_time, place_of
from shirushi.formats.cades.signed_data import SignedDataParts

SIGNATURE_TYPE = "application/pkcs7-signature"
TOKEN_TYPE = "application/vnd.etsi.timestamp-token"  # noqa: S105  a media type
LAST_ARCHIVE_MANIFEST = f"{META}ASiCArchiveManifest.xml"
"""The latest archive manifest; earlier ones are numbered (EN 319 162-1 annex A.7)."""


@dataclass(frozen=True, slots=True)
class SignatureFile:
    """A signature in one of the container's files."""

    name: str
    encoding: bytes
    place: Place


def find_signature(container: Container, signature: str = "") -> SignatureFile:
    """The signature of that id, by default the latest of all files; raises `SignatureUnknown`."""
    found: list[SignatureFile] = []
    for name in container.cades_signatures:
        try:
            encoding = container.read(name)
            place = place_of(SignedDataParts.read(encoding), signature)
        except MalformedInput:
            continue
        found.append(SignatureFile(name, encoding, place))
    if not found:
        raise SignatureUnknown(signature=signature or "-")
    return max(
        found,
        key=lambda each: (claimed_time(each.place.signer), -len(each.place.signer.unsigned), each.name),
    )


def signature_manifest(
    container: Container, signature: str, algorithm: DigestAlgorithm, media_types: dict[str, str]
) -> bytes:
    """The ASiCManifest of a new signature file, over every data object (EN 319 162-1 §4.4.3.2)."""
    references = [_reference(container, name, algorithm, media_types) for name in container.data_objects]
    return write_manifest(signature, SIGNATURE_TYPE, references)


@dataclass(frozen=True, slots=True)
class ArchivePlan:
    """An archive manifest to be time-stamped: its content, the token's name, and how the one before it is renamed."""

    manifest: bytes
    token: str
    renamed: dict[str, str]


def plan_archive(container: Container, algorithm: DigestAlgorithm) -> ArchivePlan:
    """The next ASiCArchiveManifest: over signatures, time-stamps, manifests and data objects (annex A.7).

    The same container gives the same plan.
    """
    token = container.free_name("timestamp", ".tst")
    renamed: dict[str, str] = {}
    if container.entry(LAST_ARCHIVE_MANIFEST) is not None:
        renamed[LAST_ARCHIVE_MANIFEST] = container.free_name("ASiCArchiveManifest", ".xml")
    references: list[DataObjectReference] = []
    for name in container.names:
        if name == "mimetype":
            continue
        found = _reference(container, name, algorithm, {})
        if name in renamed:
            found = DataObjectReference(renamed[name], found.digest, found.media_type, root=True)
        references.append(found)
    return ArchivePlan(write_manifest(token, TOKEN_TYPE, references), token, renamed)


def add_archive(container: Container, plan: ArchivePlan, token: bytes) -> Document:
    """The container with the archive manifest and its token."""
    files = {LAST_ARCHIVE_MANIFEST: plan.manifest, plan.token: token}
    return container.with_files(files, plan.renamed)


def _reference(
    container: Container, name: str, algorithm: DigestAlgorithm, media_types: dict[str, str]
) -> DataObjectReference:
    digest: Digest | None = container.digest(name, xml_digest(algorithm))
    if digest is None:
        raise AsicDeclined(detail=f"{name} cannot be read")
    kind = media_types.get(name, "")
    if not kind and name.startswith(META):
        endings = {".p7s": SIGNATURE_TYPE, ".tst": TOKEN_TYPE, ".xml": "text/xml"}
        kind = next((value for ending, value in endings.items() if name.endswith(ending)), "")
    return DataObjectReference(name, digest, kind)
