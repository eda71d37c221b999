"""ASiC with XAdES as a format (EN 319 162-1 §4.3.3.2, §4.4.3.1): signatures that refer to the files beside them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Sequence

from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant
from shirushi.formats.asic.container import META, AsicKind, Container, opened, read_container
from shirushi.formats.asic.declined import AsicDeclined
from shirushi.formats.asic.parse import must_be_open, read_signatures_of
from shirushi.formats.asic.readers import READERS
from shirushi.formats.asic.relations import RELATIONS, write_relations
from shirushi.formats.asic.xades_files import (
    find_signature,
    signature_document,
    signed_documents,
    with_signature,
)
from shirushi.formats.protocol import (
    MaterialNeeded,
    Prepared,
    SignatureParameters,
    StampNeeded,
    ToBeSigned,
    ValidationMaterial,
)
from shirushi.formats.xades.declined import ParameterUnsupported
from shirushi.formats.xades.format import Xades
from shirushi.formats.xades.writing import DECLARATION

_SIMPLE = f"{META}signatures.xml"


class AsicXades:
    """Serves the Protocol `Format` for containers with XAdES, and for any file that is to be put into a new one of `kind`.

    In ASiC-E each signature has a file of its own, over every data object; in ASiC-S they stand in one.
    """

    def __init__(self, kind: AsicKind = AsicKind.E) -> None:
        self._kind = kind
        self._xades = Xades()

    def prepare(
        self,
        document: Document,
        parameters: SignatureParameters,
        *,
        digest_algorithm: DigestAlgorithm,
        space: int,
        time: Instant,
        seed: bytes,
    ) -> Prepared:
        """Put the document into a container, unless it is one, and digest what the signature will be over.

        Raises `AsicDeclined`, and what XAdES declines with.
        """
        if parameters.packaging is not None:
            raise ParameterUnsupported(parameter="packaging")
        document, media_types = opened(document, self._kind)
        container = read_container(document)
        if parameters.countersigns:
            name = find_signature(container, parameters.countersigns).name
            must_be_open(container, name)
            inner = self._xades.prepare(
                signature_document(container, name),
                parameters,
                digest_algorithm=digest_algorithm,
                space=space,
                time=time,
                seed=seed,
            )
        else:
            name = _place_of_new(container)
            if container.entry(name) is not None:
                must_be_open(container, name)
                seed = DigestAlgorithm.SHA256.digest(seed + container.read(name))
            inner = self._xades.prepare_detached(
                signed_documents(container, media_types),
                parameters,
                digest_algorithm=digest_algorithm,
                time=time,
                seed=seed,
            )
        if container.kind is AsicKind.E and container.entry(RELATIONS) is None:
            known = {name: media_types.get(name, "") for name in container.data_objects}
            document = container.with_files({RELATIONS: write_relations(container.kind.value, known)})
        counter = bool(parameters.countersigns)
        return Prepared(document, inner.digest, _state(name, bytes(inner.state), counter=counter))

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """As XAdES."""
        state = json.loads(bytes(prepared.state))
        inner = dataclasses.replace(prepared, state=state["xades"].encode())
        bound = self._xades.bind(inner, chain, algorithm, content_timestamp)
        wrapped = _state(state["file"], bytes(bound.state), counter=state["counter"])
        return dataclasses.replace(bound, state=wrapped)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """The container with the signature file."""
        state = json.loads(bytes(to_be_signed.state))
        container, name = read_container(to_be_signed.document), state["file"]
        there = container.entry(name) is not None
        inner = dataclasses.replace(to_be_signed, state=state["xades"].encode())
        if state["counter"]:
            inner = dataclasses.replace(inner, document=signature_document(container, name))
            return container.with_files({name: self._xades.assemble(inner, value).read()})
        signature = self._xades.assemble(inner, value).read().removeprefix(DECLARATION)
        file = with_signature(container.read(name) if there else None, signature)
        return container.with_files({name: file})

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
        """As XAdES, over the files of the container: archive time-stamps too stand in the signature.

        Raises `ArchivedDifferently` where a time-stamp of the container covers the signature file.
        """
        container = read_container(document)
        place = find_signature(container, signature)
        need = self._xades.next_need(
            signature_document(container, place.name),
            level,
            contents=signed_documents(container, {}),
            signature=place.id,
            archive_timestamps=archive_timestamps,
            anchor_keys=anchor_keys,
        )
        if need is not None:
            must_be_open(container, place.name)
        return need

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """Put in what was needed; no other file changes."""
        container = read_container(document)
        name = find_signature(container, need.signature).name
        must_be_open(container, name)
        grown = self._xades.attach(signature_document(container, name), need, material)
        return container.with_files({name: grown.read()})

    def parse(
        self,
        document: Document,
        contents: Sequence[Document] = (),  # noqa: ARG002  a container holds what is signed
    ) -> tuple[SignatureEvidence, ...]:
        """As `AsicCades.parse`: every signature of the container, whatever its format."""
        return read_signatures_of(read_container(document), READERS)


def _place_of_new(container: Container) -> str:
    """The file of a new signature."""
    if container.cades_signatures or container.time_stamps:
        raise AsicDeclined(detail="a container with signatures of another kind")
    objects = len(container.data_objects)
    if not objects or (container.kind is AsicKind.S and objects != 1):
        raise AsicDeclined(detail=f"{objects} documents in an ASiC-{container.kind.name}")
    if container.kind is AsicKind.E:
        return container.free_name("signatures", ".xml")
    return next(iter(container.xades_signatures), _SIMPLE)


def _state(name: str, inner: bytes, *, counter: bool) -> bytes:
    """What is carried from `prepare` to `assemble`: the file, and what XAdES carries."""
    return json.dumps({"file": name, "counter": counter, "xades": inner.decode()}).encode()
