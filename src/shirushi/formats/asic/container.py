"""The container: an archive with a mimetype, data objects, and META-INF (EN 319 162-1 §4.3, §4.4, annex A.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from shirushi.codecs.xml.effort import Effort
from shirushi.codecs.zip.errors import ZipLimitExceeded
from shirushi.codecs.zip.reader import Archive, ZipEntry, read_archive
from shirushi.codecs.zip.writer import KeptEntry, NewEntry, write_archive
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Bytes, Document
from shirushi.core.errors import MalformedInput, UnsupportedAlgorithm
from shirushi.core.evidence import Reference
from shirushi.core.reason import Reason, reason
from shirushi.formats.asic.declined import AsicDeclined, MalformedContainer
from shirushi.formats.asic.manifest import LARGEST, DataObjectReference, Manifest, read_manifest
from shirushi.formats.asic.relations import RELATIONS, read_relations, write_relations
from shirushi.formats.xades.references import Digests

META = "META-INF/"
MIMETYPE = "mimetype"
_SIGNATURE_MOST = 64 << 20
_META_LEAST, _META_TIMES = 4 << 20, 8
"""How large all of META-INF may be together: it is read whole."""
_LEAST, _TIMES = 192 << 20, 128
PARSED, LOOK, TOKEN = 32, 128, 32 << 10
"""What a byte of a manifest costs, a look at what one lists, the digest of a token found; a byte digested costs one unit of `Effort`, about 5 ns."""


class AsicKind(Enum):
    """The two kinds of container, by media type."""

    S = "application/vnd.etsi.asic-s+zip"
    """One data object, and signatures over it (§4.3)."""
    E = "application/vnd.etsi.asic-e+zip"
    """Any number of data objects, each signature over some of them through a manifest (§4.4)."""

    @property
    def ending(self) -> str:
        """The ending of a file's name."""
        return ".asics" if self is AsicKind.S else ".asice"

    @property
    def with_xades(self) -> str:
        """What names this kind with XAdES signatures as a form of signing; the bare media type means CAdES."""
        return f"{self.value};profile=xades"


_ENDINGS = {"asics": AsicKind.S, "scs": AsicKind.S, "asice": AsicKind.E, "sce": AsicKind.E}
MEDIA_TYPES = {kind.value: kind for kind in AsicKind}


@dataclass(frozen=True)
class Container:
    """A container that was read. `failings` are what is wrong with its mimetype."""

    archive: Archive
    kind: AsicKind
    failings: tuple[Reason, ...] = ()
    _digests: dict[tuple[str, DigestAlgorithm], Digest | None] = field(default_factory=dict, compare=False)
    _manifests: dict[str, Manifest | MalformedInput] = field(default_factory=dict, compare=False)
    _checked: dict[DataObjectReference, Reference] = field(default_factory=dict, compare=False)

    content_digests: Digests = field(default_factory=dict, compare=False)
    """Those over `contents`, as XAdES signatures need them."""

    @cached_property
    def effort(self) -> Effort:
        """What reading it may cost: its XML, the digests over its files, and the looks at what manifests list."""
        return Effort(self.archive.document.size, _LEAST, _TIMES)

    def spend(self, units: int, name: str = "-") -> None:
        """Raises `ZipLimitExceeded` where the effort is at its end, from then on always."""
        self.effort.left -= units
        if self.effort.left < 0:
            raise ZipLimitExceeded(limit="effort", detail=name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all files."""
        return tuple(entry.name for entry in self.archive.entries if not entry.is_folder)

    @cached_property
    def data_objects(self) -> tuple[str, ...]:
        """The files that are there to be signed."""
        return tuple(name for name in self.names if name != MIMETYPE and not name.startswith(META))

    @property
    def without_data(self) -> bool:
        """Whether no data object stands where the kind wants it: in an ASiC-S at the root (§4.3.3.1)."""
        at_root = any("/" not in name for name in self.data_objects)
        return not (at_root if self.kind is AsicKind.S else self.data_objects)

    @property
    def cades_signatures(self) -> tuple[str, ...]:
        """The files with CAdES signatures (§4.3.3.2, §4.4.3.2)."""
        return self._meta("signature", ".p7s")

    @property
    def xades_signatures(self) -> tuple[str, ...]:
        """The files with XAdES signatures."""
        return self._meta("signatures", ".xml")

    @property
    def time_stamps(self) -> tuple[str, ...]:
        """The files with time-stamp tokens."""
        return self._meta("timestamp", ".tst")

    @cached_property
    def manifests(self) -> tuple[str, ...]:
        """The ASiCManifest files."""
        return self._meta("asicmanifest", ".xml")

    @property
    def archive_manifests(self) -> tuple[str, ...]:
        """The ASiCArchiveManifest files."""
        return self._meta("asicarchivemanifest", ".xml")

    @property
    def evidence_records(self) -> tuple[str, ...]:
        """The files with evidence records (§4.3.3.4, §4.4.4)."""
        named = (*self._meta("evidencerecord", ".ers"), *self._meta("evidencerecord", ".xml"))
        return tuple(name for name in named if "manifest" not in name.lower())

    @cached_property
    def evidence_record_manifests(self) -> tuple[str, ...]:
        """The ASiCEvidenceRecordManifest files."""
        return self._meta("asicevidencerecordmanifest", ".xml")

    @cached_property
    def contents(self) -> dict[str, Document]:
        """Every file as a document, by name."""
        return {name: self.document(name) for name in self.names}

    @property
    def media_types(self) -> dict[str, str]:
        """The media types of files, as META-INF/manifest.xml tells them, if it does."""
        try:
            return read_relations(self.read(RELATIONS)) if self.entry(RELATIONS) else {}
        except MalformedInput:
            return {}

    def _meta(self, word: str, ending: str) -> tuple[str, ...]:
        found = (name for name in self.names if name.startswith(META))
        return tuple(n for n in found if word in n[len(META) :].lower() and n.lower().endswith(ending))

    def entry(self, name: str) -> ZipEntry | None:
        """The file of that name."""
        found = self.archive.find(name)
        return None if found is None or found.is_folder else found

    def read(self, name: str) -> bytes:
        """All of a file of META-INF; raises `MalformedContainer` where it is missing, `ZipLimitExceeded`."""
        entry = self.entry(name)
        if entry is None:
            raise MalformedContainer(detail=f"{name} is missing")
        return self.archive.read(entry, _SIGNATURE_MOST)

    def document(self, name: str) -> Document:
        """A file as a document, read in place; raises `MalformedContainer` where it is missing."""
        entry = self.entry(name)
        if entry is None:
            raise MalformedContainer(detail=f"{name} is missing")
        return self.archive.open(entry)

    def manifest(self, name: str) -> Manifest:
        """A manifest, read once; raises `MalformedManifest`."""
        if name not in self._manifests:
            try:
                self._manifests[name] = self._manifest(name)
            except MalformedInput as error:
                self._manifests[name] = error
        found = self._manifests[name]
        if isinstance(found, MalformedInput):
            raise found
        return found

    def _manifest(self, name: str) -> Manifest:
        entry = self.entry(name)
        if entry is None:
            raise MalformedContainer(detail=f"{name} is missing")
        self.spend(PARSED * entry.size, name)
        return read_manifest(self.archive.read(entry, LARGEST), name)

    def digest(self, name: str, algorithm: DigestAlgorithm) -> Digest | None:
        """The digest of a file, computed once; None where it is damaged or this machine has no such digest.

        Raises `ZipLimitExceeded` where the effort is at its end.
        """
        key = name, algorithm
        if key not in self._digests:
            entry = self.entry(name)
            self.spend(
                0 if entry is None else entry.size * (2 if algorithm.label.startswith("SHA3") else 1), name
            )
            try:
                self._digests[key] = self.document(name).digest(algorithm)
            except (MalformedInput, UnsupportedAlgorithm):
                self._digests[key] = None
        return self._digests[key]

    def check(self, reference: DataObjectReference) -> Reference:
        """Whether the file that a manifest lists is there, and is what was listed; raises as `digest`."""
        self.spend(LOOK, reference.name)
        if reference not in self._checked:
            self._checked[reference] = self._compared(reference)
        return self._checked[reference]

    def _compared(self, reference: DataObjectReference) -> Reference:
        if self.entry(reference.name) is None:
            return Reference(reference.name, found=False, intact=None)
        if reference.digest is None:
            return Reference(reference.name, found=True, intact=None)
        algorithm = reference.digest.algorithm
        found = self.digest(reference.name, algorithm)
        return Reference(
            reference.name, found=True, intact=found == reference.digest, digest_algorithm=algorithm
        )

    def free_name(self, prefix: str, ending: str) -> str:
        """The first name `prefix` + 001 … + `ending` in META-INF that no file has."""
        taken = set(self.names)
        number = 1
        while (name := f"{META}{prefix}{number:03}{ending}") in taken:
            number += 1
        return name

    def with_files(self, files: Mapping[str, bytes], renamed: Mapping[str, str] | None = None) -> Document:
        """The container with files replaced or added, and others renamed; every other byte of an entry stays."""
        renamed = renamed or {}
        kept: list[KeptEntry | NewEntry] = [
            _new(entry.name, files[entry.name])
            if entry.name in files and entry.name not in renamed
            else KeptEntry(self.archive, entry, renamed.get(entry.name))
            for entry in self.archive.entries
        ]
        there = {entry.name for entry in self.archive.entries} - set(renamed)
        added = (_new(name, data) for name, data in files.items() if name not in there)
        source = self.archive.document
        return write_archive([*kept, *added], source.name, self.kind.value)


def _new(name: str, data: bytes) -> NewEntry:
    return NewEntry(name, Document(Bytes(data)))


def read_container(document: Document) -> Container:
    """Read a container. Raises what `read_archive` raises, `MalformedContainer` for an archive that is none."""
    archive = read_archive(document)
    most = _META_LEAST + _META_TIMES * document.size
    if sum(entry.size for entry in archive.entries if entry.name.startswith(META)) > most:
        raise ZipLimitExceeded(limit="META-INF", detail=f"more than {most} bytes")
    for entry in archive.entries:
        if entry.name.startswith(META) and not entry.is_folder:
            archive.read(entry, _SIGNATURE_MOST)  # held against its checksum, for not all of it is signed
    found = archive.find(MIMETYPE)
    failings: list[Reason] = []
    kind: AsicKind | None = None
    if found is None:
        failings.append(reason("ASIC_MIMETYPE_MISSING"))
    else:
        content = archive.read(found, 1024).decode("utf-8", "replace").strip("\ufeff \r\n\t\0")
        kind = MEDIA_TYPES.get(content)
        if kind is None:
            failings.append(reason("ASIC_MIMETYPE_UNKNOWN", media_type=content[:100]))
        if archive.entries[0] is not found or not found.stored or not found.bare:
            failings.append(reason("ASIC_MIMETYPE_MISPLACED"))
    if kind is None:
        if not any(entry.name.startswith(META) for entry in archive.entries):
            raise MalformedContainer(detail="it has no META-INF")
        simple = Container(archive, AsicKind.S)
        single = len(simple.data_objects) == 1 and not simple.manifests
        named = MEDIA_TYPES.get(document.media_type) or _ENDINGS.get(document.name.rpartition(".")[2].lower())
        kind = named or (AsicKind.S if single else AsicKind.E)
    return Container(archive, kind, tuple(failings))


def new_container(documents: Iterable[Document], kind: AsicKind, name: str = "") -> Document:
    """An unsigned container with `documents`, each under its own name, the mimetype first and stored (annex A.1).

    Raises `AsicDeclined` for an ASiC-S of other than one document or a name in META-INF, `ZipNameInvalid`.
    """
    given = list(documents)
    if not given or (kind is AsicKind.S and len(given) != 1):
        raise AsicDeclined(detail=f"{len(given)} documents in an ASiC-{kind.name}")
    entries = [_new(MIMETYPE, kind.value.encode())]
    media_types: dict[str, str] = {}
    for document in given:
        own = document.name.rpartition("/")[2] or "document"
        if own == MIMETYPE or own.upper() == "META-INF":
            raise AsicDeclined(detail=f"a document named {own}")
        entries.append(NewEntry(own, document))
        media_types[own] = document.media_type
    if kind is AsicKind.E:
        entries.append(_new(RELATIONS, write_relations(kind.value, media_types)))
    title = name or (f"{given[0].name}{kind.ending}" if given[0].name else "")
    return write_archive(entries, title, kind.value)


def opened(document: Document, kind: AsicKind) -> tuple[Document, dict[str, str]]:
    """The document as it is where it is a container, else a new container with it; and the media types that are known.

    Raises as `new_container`.
    """
    if document.media_type in MEDIA_TYPES:
        return document, {}
    own = document.name.rpartition("/")[2] or "document"
    return new_container([document], kind), {own: document.media_type}
