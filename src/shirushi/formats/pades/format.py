"""PAdES as a format (EN 319 142-1): an incremental update with a CMS signature in it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from shirushi.codecs.asn1 import der
from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.form import SignatureDictionary, signature_fields
from shirushi.codecs.pdf.geometry import Rectangle
from shirushi.codecs.pdf.images import read_image
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.subset import subset_font
from shirushi.codecs.pdf.view import PdfView
from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence
from shirushi.core.instant import Instant
from shirushi.formats.cms import attributes, oids
from shirushi.formats.cms.assembly import add_unsigned_attribute, assemble_signed_data
from shirushi.formats.cms.structure import read_signed_data
from shirushi.formats.pades import layout
from shirushi.formats.pades.appearance import Appearance, Line, characters_of
from shirushi.formats.pades.parse import parse
from shirushi.formats.protocol import (
    MaterialNeeded,
    Prepared,
    SignatureParameters,
    StampNeeded,
    ToBeSigned,
    ValidationMaterial,
    VisibleMark,
)

_BYTE_RANGE = struct.Struct(">4Q")

Irregular = Callable[[Document], PdfView]
"""Opens what the regular reader declines, or raises a `MalformedPdf` as well."""


class Pades:
    """Serves the Protocol `Format` for PDF.

    `font` gives the TrueType font of visible marks, when one is drawn; `irregular` a second reader for PDFs that ours
    declines. The space is laid out once and never grows: a signature that would not fit raises `ReservedTooSmall`.
    """

    def __init__(self, font: Callable[[], bytes] | None = None, irregular: Irregular | None = None) -> None:
        self._font = font
        self._irregular = irregular

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
        """Lay out an empty signature as an incremental update, and digest all around it."""
        field = layout.SignatureFieldParameters(
            entropy=seed,
            reserved=space,
            field_name=parameters.field,
            time=time,
            name=parameters.name,
            reason=parameters.reason,
            location=parameters.location,
            mark=self._drawn(parameters.mark) if parameters.mark else None,
        )
        laid_out = layout.lay_out(self._view(document), field)
        digest = laid_out.document.digest(digest_algorithm, laid_out.ranges)
        return Prepared(laid_out.document, digest, _BYTE_RANGE.pack(*laid_out.byte_range))

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """The signed attributes of a PAdES baseline signature (EN 319 142-1 §6.3): no signing time among them."""
        extra = (attributes.content_timestamp(content_timestamp),) if content_timestamp else ()
        signed = attributes.signed_attributes(prepared.digest.value, chain[0].der, extra=extra)
        state = prepared.state + b"".join([certificate.der for certificate in chain])
        return ToBeSigned(prepared.document, signed, algorithm, state)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """Put the CMS signature into the space."""
        start, head, tail_start, tail = _BYTE_RANGE.unpack_from(to_be_signed.state)
        state = to_be_signed.state
        chain = tuple(part.raw for part in der.elements(state, _BYTE_RANGE.size, len(state)))
        cms = assemble_signed_data(to_be_signed.data, value, chain, to_be_signed.algorithm)
        return layout.fill(to_be_signed.document, (start, head, tail_start, tail), cms)

    def next_need(
        self,
        document: Document,
        level: Level,
        *,
        contents: Sequence[Document] = (),  # noqa: ARG002  a PDF signature covers its own file
        signature: str = "",  # noqa: ARG002  the latest
        archive_timestamps: int = 1,  # noqa: ARG002  none yet
    ) -> StampNeeded | MaterialNeeded | None:
        """B-T wants a token over the signature value (EN 319 142-1 §6.3); B-LT and above, material that is not here."""
        if level is Level.B_B:
            return None
        (signer,) = read_signed_data(self._latest(document).contents).signers
        if not any(attribute.oid == oids.SIGNATURE_TIMESTAMP for attribute in signer.unsigned):
            return StampNeeded(Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(signer.value)))
        return None if level is Level.B_T else MaterialNeeded(())

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """Put the token into the latest signature, in the space that was reserved for it."""
        if not isinstance(need, StampNeeded) or isinstance(material, ValidationMaterial):
            raise TypeError("PAdES takes tokens here")
        latest = self._latest(document)
        cms = add_unsigned_attribute(latest.contents, attributes.signature_timestamp(material))
        start, head, tail_start, tail = latest.byte_range
        return layout.fill(document, (start, head, tail_start, tail), cms)

    def parse(
        self,
        document: Document,
        contents: Sequence[Document] = (),  # noqa: ARG002  a PDF signature covers its own file
    ) -> tuple[SignatureEvidence, ...]:
        """Every signature, in the order they were made."""
        return parse(document, self._irregular)

    def _view(self, document: Document) -> PdfView:
        try:
            return PdfReader(document)
        except MalformedPdf:
            if self._irregular is None:
                raise
            return self._irregular(document)

    def _latest(self, document: Document) -> SignatureDictionary:
        """The signature that stands last in the file. One that names another place than its own counts for nothing."""
        signed = [
            field.signature
            for field in signature_fields(self._view(document))
            if field.signature and field.signature.contents_span == field.signature.byte_range[1:3]
        ]
        return max(signed, key=lambda signature: signature.byte_range[2])

    def _drawn(self, mark: VisibleMark) -> layout.VisibleMark:
        if self._font is None:
            raise TypeError("a visible mark takes a font")
        lines = tuple(Line(text) for text in mark.lines)
        image = read_image(mark.image) if mark.image else None
        appearance = Appearance(lines, subset_font(self._font(), characters_of(lines)), image)
        return layout.VisibleMark(appearance, mark.page, Rectangle(*mark.box))
