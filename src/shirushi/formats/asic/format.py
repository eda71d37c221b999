"""ASiC with CAdES as a format (EN 319 162-1 §4.3.3.2, §4.4.3.2): a ZIP archive of documents and their signatures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shirushi.codecs.asn1 import der
from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence, TimeStampKind
from shirushi.core.instant import Instant
from shirushi.formats.asic.container import (
    META,
    AsicKind,
    Container,
    opened,
    read_container,
)
from shirushi.formats.asic.declined import AsicDeclined
from shirushi.formats.asic.files import (
    SignatureFile,
    add_archive,
    find_signature,
    plan_archive,
    signature_manifest,
)
from shirushi.formats.asic.parse import CadesFiles, must_be_open, read_archives, read_signatures_of
from shirushi.formats.asic.readers import READERS
from shirushi.formats.cades import augment, oids
from shirushi.formats.cades.attributes import signed_extra
from shirushi.formats.cades.declined import ArchivedDifferently, ParameterUnsupported
from shirushi.formats.cades.places import place_of, put
from shirushi.formats.cades.signed_data import SignedDataParts
from shirushi.formats.cades.signing import add_signer, bound_attributes, signer_info
from shirushi.formats.cms.assembly import assemble_signed_data
from shirushi.formats.cms.attributes import attribute
from shirushi.formats.cms.attributes import content_timestamp as content_timestamp_attribute
from shirushi.formats.protocol import (
    MaterialNeeded,
    Prepared,
    SignatureParameters,
    StampNeeded,
    ToBeSigned,
    ValidationMaterial,
)

_ARCHIVE_DIGEST = DigestAlgorithm.SHA256


class AsicCades:
    """Serves the Protocol `Format` for containers, and for any file that is to be put into a new one of `kind`.

    A container gets one more signature: in ASiC-E one over every data object with a manifest of its own, in ASiC-S one
    more signer.
    """

    def __init__(self, kind: AsicKind = AsicKind.E) -> None:
        self._kind = kind

    def prepare(
        self,
        document: Document,
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        space: int,  # noqa: ARG002  a container grows
        time: Instant,
        seed: bytes,  # noqa: ARG002  nothing in it needs a name
    ) -> Prepared:
        """Put the document into a container, unless it is one, and digest what the signature will be over.

        Raises `AsicDeclined`, `ParameterUnsupported`, `SignatureUnknown`, `ArchivedDifferently`.
        """
        if parameters.packaging is not None:
            raise ParameterUnsupported(parameter="packaging")
        document, media_types = opened(document, self._kind)
        container = read_container(document)
        simple = container.kind is AsicKind.S
        only = next(iter(media_types.values()), "") if simple else ""
        extra = signed_extra(parameters, time=time, media_type=only)
        name, manifest = "", b""
        if parameters.countersigns:
            holder = find_signature(container, parameters.countersigns)
            name = holder.name
            must_be_open(container, name)
            value = holder.place.signer.value
            digest = Digest(digest_algorithm, digest_algorithm.digest(value))
        elif simple:
            name, digest = _simple(container, digest_algorithm)
        else:
            if container.xades_signatures:
                raise AsicDeclined(detail="a container with signatures of another kind")
            name = container.free_name("signature", ".p7s")
            known = {**container.media_types, **media_types}
            manifest = signature_manifest(container, name, digest_algorithm, known)
            digest = Digest(digest_algorithm, digest_algorithm.digest(manifest))
        return Prepared(document, digest, _State(name, manifest, parameters.countersigns, extra).encode())

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """The signed attributes of a CAdES baseline signature (EN 319 122-1 §6.3)."""
        kept = bytes(prepared.state)
        state = _State.read(kept)
        extra = state.extra
        if content_timestamp is not None:
            extra = (*extra, content_timestamp_attribute(content_timestamp))
        signed = bound_attributes(
            prepared.digest, chain[0].der, algorithm, extra, countersignature=bool(state.countersigns)
        )
        bound = der.sequence(kept, *(certificate.der for certificate in chain))
        return ToBeSigned(prepared.document, signed, algorithm, bound)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """The container with the signature file, and its manifest in ASiC-E."""
        first, *certificates = der.single(bytes(to_be_signed.state), der.SEQUENCE).children()
        state = _State.read(first.raw)
        chain = tuple(certificate.raw for certificate in certificates)
        container = read_container(to_be_signed.document)
        signed, algorithm = to_be_signed.data, to_be_signed.algorithm
        there = container.entry(state.name) is not None
        if state.countersigns:
            parts = SignedDataParts.read(container.read(state.name))
            place = place_of(parts, state.countersigns)
            counter = signer_info(signed, value, chain, algorithm).encode()
            holder = place.signer.with_unsigned(attribute(oids.COUNTERSIGNATURE, counter))
            cms = put(parts, place, holder).with_chain(chain).encode()
        elif there:
            cms = add_signer(container.read(state.name), signed, value, chain, algorithm)
        else:
            cms = assemble_signed_data(signed, value, chain, algorithm)
        files = {state.name: cms}
        if state.manifest:
            files[_manifest_name(state.name)] = state.manifest
        return container.with_files(files)

    def next_need(
        self,
        document: Document,
        level: Level,
        *,
        contents: Sequence[Document] = (),  # noqa: ARG002  a container holds what is signed
        signature: str = "",
        archive_timestamps: int = 1,
        anchor_keys: Collection[bytes] = (),
    ) -> StampNeeded | MaterialNeeded | None:
        """As CAdES; the archive time-stamps of ASiC-E are over an ASiCArchiveManifest (EN 319 162-1 annex A.7).

        Raises `ArchivedDifferently` where a signature that such a time-stamp covers would have to change.
        """
        container = read_container(document)
        found = find_signature(container, signature)
        if container.kind is AsicKind.S:
            return augment.next_need(
                found.encoding,
                level,
                contents=[container.document(name) for name in container.data_objects],
                name=found.name,
                signature=found.place.signer.id,
                archive_timestamps=archive_timestamps,
                anchor_keys=anchor_keys,
            )
        if level is Level.B_B:
            return None
        need = augment.next_need(found.encoding, Level.B_T, signature=found.place.signer.id)
        if need is not None:
            must_be_open(container, found.name)
            return need
        if level is Level.B_T:
            return None
        evidence = self._evidence(container, found)
        if level is Level.B_LTA and len(evidence.archive_timestamps) >= archive_timestamps:
            return None
        chains = augment.lacking([evidence], anchor_keys)
        if chains:
            return MaterialNeeded(chains, evidence.id)
        if level is Level.B_LT:
            return None
        plan = plan_archive(container, _ARCHIVE_DIGEST)
        imprint = Digest(_ARCHIVE_DIGEST, _ARCHIVE_DIGEST.digest(plan.manifest))
        return StampNeeded(imprint, TimeStampKind.ARCHIVE, evidence.id)

    def _evidence(self, container: Container, found: SignatureFile) -> SignatureEvidence:
        everything = read_signatures_of(container, (CadesFiles(),))
        return next(each for each in everything if each.id == found.place.signer.id)

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """Put in what was needed; no file that a signature or an archive time-stamp covers changes.

        Material for a signature that is archived goes into the latest archive time-stamp.
        """
        container = read_container(document)
        found = find_signature(container, need.signature)
        if container.kind is AsicKind.E:
            if isinstance(need, StampNeeded) and need.kind is TimeStampKind.ARCHIVE:
                if isinstance(material, ValidationMaterial):
                    raise TypeError("a StampNeeded takes a token")
                return add_archive(container, plan_archive(container, need.imprint.algorithm), material)
            archives = list(read_archives(container, ()))
            if any(found.name in each.files for each in archives):
                if not isinstance(need, MaterialNeeded) or not isinstance(material, ValidationMaterial):
                    raise ArchivedDifferently
                latest = archives[-1].token
                held = [certificate.der for chain in need.chains for certificate in chain]
                certificates = (*held, *material.certificates)
                grown = augment.into_token(container.read(latest), certificates, material)
                return container.with_files({latest: grown})
        return container.with_files({found.name: augment.attach(found.encoding, need, material)})

    def parse(
        self,
        document: Document,
        contents: Sequence[Document] = (),  # noqa: ARG002  a container holds what is signed
    ) -> tuple[SignatureEvidence, ...]:
        """Every signature of every file; each reference is a file with its manifest first.

        Files that no signature covers are named in `level_failings`. Raises `MalformedInput`.
        """
        return read_signatures_of(read_container(document), READERS)


def _simple(container: Container, algorithm: DigestAlgorithm) -> tuple[str, Digest]:
    """Where the signature of an ASiC-S goes, and the digest of its data object."""
    if len(container.data_objects) != 1:
        raise AsicDeclined(detail=f"{len(container.data_objects)} documents in an ASiC-S")
    if container.xades_signatures or container.time_stamps:
        raise AsicDeclined(detail="an ASiC-S with signatures of another kind")
    digest = container.digest(container.data_objects[0], algorithm)
    if digest is None:
        raise AsicDeclined(detail=f"{container.data_objects[0]} cannot be read")
    return next(iter(container.cades_signatures), f"{META}signature.p7s"), digest


def _manifest_name(signature: str) -> str:
    number = signature.removeprefix(f"{META}signature").removesuffix(".p7s")
    return f"{META}ASiCManifest{number}.xml"


@dataclass(frozen=True, slots=True)
class _State:
    """What is carried from `prepare` to `assemble`."""

    name: str
    manifest: bytes
    countersigns: str
    extra: tuple[bytes, ...]

    def encode(self) -> bytes:
        return der.sequence(
            der.octets(self.name.encode()),
            der.octets(self.manifest),
            der.octets(self.countersigns.encode()),
            der.sequence(*self.extra),
        )

    @classmethod
    def read(cls, state: bytes) -> _State:
        name, manifest, countersigns, extra = der.single(state, der.SEQUENCE).children()
        return cls(
            name.value.decode(),
            manifest.value,
            countersigns.value.decode(),
            tuple(each.raw for each in extra.children()),
        )
