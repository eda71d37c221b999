"""ASiC as a format: whichever signatures a container holds, and those that were chosen for a new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import SupportsBytes

from shirushi.core.algorithms import DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence, SignatureFormat
from shirushi.core.instant import Instant
from shirushi.formats.asic.container import MEDIA_TYPES, AsicKind, read_container
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.asic.xades_files import find_signature
from shirushi.formats.asic.xades_format import AsicXades
from shirushi.formats.protocol import (
    Format,
    MaterialNeeded,
    Prepared,
    SignatureParameters,
    StampNeeded,
    ToBeSigned,
    ValidationMaterial,
)
from shirushi.formats.xades.declined import SignatureNotFound


class Asic:
    """Serves the Protocol `Format` for containers of both kinds of signatures.

    A container goes on with the signatures that it has; one without, and a new one, of `kind`, gets `signatures`.
    """

    def __init__(
        self, kind: AsicKind = AsicKind.E, signatures: SignatureFormat = SignatureFormat.CADES
    ) -> None:
        self._cades, self._xades = AsicCades(kind), AsicXades(kind)
        self._default: Format = self._xades if signatures is SignatureFormat.XADES else self._cades

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
        """As `AsicCades` or `AsicXades`."""
        form = self._of(document, parameters.countersigns)
        return form.prepare(
            document, parameters, digest_algorithm=digest_algorithm, space=space, time=time, seed=seed
        )

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """As the format that prepared it."""
        return self._by_state(prepared.state).bind(prepared, chain, algorithm, content_timestamp)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """As the format that prepared it."""
        return self._by_state(to_be_signed.state).assemble(to_be_signed, value)

    def next_need(
        self,
        document: Document,
        level: Level,
        *,
        contents: Sequence[Document] = (),
        signature: str = "",
        archive_timestamps: int = 1,
        anchor_keys: Collection[bytes] = (),
    ) -> StampNeeded | MaterialNeeded | None:
        """As the format of the signature."""
        return self._of(document, signature).next_need(
            document,
            level,
            contents=contents,
            signature=signature,
            archive_timestamps=archive_timestamps,
            anchor_keys=anchor_keys,
        )

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """As the format of the signature."""
        return self._of(document, need.signature).attach(document, need, material)

    def parse(self, document: Document, contents: Sequence[Document] = ()) -> tuple[SignatureEvidence, ...]:
        """Every signature of the container, whatever its format."""
        return self._default.parse(document, contents)

    def _of(self, document: Document, signature: str) -> Format:
        """The format of the signature of that id, else of those that the container holds."""
        if document.media_type not in MEDIA_TYPES:
            return self._default
        container = read_container(document)
        if not container.xades_signatures:
            return self._cades if container.cades_signatures else self._default
        if not container.cades_signatures:
            return self._xades
        try:
            find_signature(container, signature)
        except SignatureNotFound:
            return self._cades
        return self._xades if signature else self._default

    def _by_state(self, state: SupportsBytes) -> Format:
        """The format that carries such a state: XAdES carries JSON, CAdES DER."""
        return self._xades if bytes(state).startswith(b"{") else self._cades
