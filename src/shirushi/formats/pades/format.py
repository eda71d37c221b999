"""PAdES as a format (EN 319 142-1): an incremental update with a CMS signature in it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache

from shirushi.codecs.asn1 import der
from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.form import SignatureDictionary
from shirushi.codecs.pdf.geometry import Rectangle
from shirushi.codecs.pdf.images import read_image
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.subset import subset_font
from shirushi.codecs.pdf.view import PdfView
from shirushi.core.algorithms import Digest, DigestAlgorithm, SignatureAlgorithm
from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level, SignatureEvidence, TimeStampKind
from shirushi.core.instant import Instant
from shirushi.formats.cades.attributes import shared_extra
from shirushi.formats.cms import attributes, oids
from shirushi.formats.cms.assembly import add_unsigned_attribute, assemble_signed_data
from shirushi.formats.cms.structure import Signer, read_signed_data
from shirushi.formats.pades import layout
from shirushi.formats.pades.appearance import Appearance, Line, characters_of
from shirushi.formats.pades.augmentation import stamp_imprint, with_material, with_stamp
from shirushi.formats.pades.declined import NothingToExtend, ParameterUnsupported
from shirushi.formats.pades.holding import Holding, Standing, standing, vri_key
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

TOKEN_SPACE = 16_384
"""The space for a token where nobody knows how long they are, in bytes: many times what most take."""

_ATTRIBUTE = 32
"""What an attribute adds to a token, in bytes."""

Irregular = Callable[[Document], PdfView]
"""Opens what the regular reader declines, or raises a `MalformedPdf` as well."""


@lru_cache(maxsize=256)
def _chain(encodings: bytes) -> tuple[bytes, ...]:
    """The certificates that stand one after the other; a signer's chain is the same in every signature."""
    return tuple(part.raw for part in der.elements(encodings, 0, len(encodings)))


class Pades:
    """Serves the Protocol `Format` for PDF.

    `font` gives the TrueType font of visible marks, when one is drawn; `irregular` a second reader for PDFs that ours
    declines; `token_space` an upper bound of the length of time-stamp tokens in bytes. The space is laid out once and
    never grows: a signature that would not fit raises `ReservedTooSmall`.
    """

    def __init__(
        self,
        font: Callable[[], bytes] | None = None,
        irregular: Irregular | None = None,
        token_space: Callable[[], int] | None = None,
    ) -> None:
        self._font = font
        self._irregular = irregular
        self._known_space = token_space

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
        """Lay out an empty signature as an incremental update, and digest all around it.

        Raises a `PdfDeclined` or a `MalformedPdf` that says why the document is not signed as asked.
        """
        extra = _said(parameters)
        field = layout.SignatureFieldParameters(
            entropy=seed,
            reserved=space,
            field_name=parameters.field,
            time=time,
            name=parameters.name,
            reason=parameters.reason,
            location=_location(parameters),
            certification=parameters.certification,
            mark=self._drawn(parameters.mark) if parameters.mark else None,
        )
        laid_out = layout.lay_out(self._view(document), field)
        digest = laid_out.document.digest(digest_algorithm, laid_out.ranges)
        return Prepared(laid_out.document, digest, _BYTE_RANGE.pack(*laid_out.byte_range) + b"".join(extra))

    def bind(
        self,
        prepared: Prepared,
        chain: tuple[Certificate, ...],
        algorithm: SignatureAlgorithm,
        content_timestamp: bytes | None = None,
    ) -> ToBeSigned:
        """The signed attributes of a PAdES baseline signature (EN 319 142-1 §6.3): no signing time among them."""
        kept = bytes(prepared.state)
        said = kept[_BYTE_RANGE.size :]
        extra = [each.raw for each in der.elements(said, 0, len(said))] if said else []
        if content_timestamp:
            extra.append(attributes.content_timestamp(content_timestamp))
        signed = attributes.signed_attributes(prepared.digest.value, chain[0].der, extra=extra)
        state = kept[: _BYTE_RANGE.size] + b"".join([certificate.der for certificate in chain])
        return ToBeSigned(prepared.document, signed, algorithm, state)

    def assemble(self, to_be_signed: ToBeSigned, value: bytes) -> Document:
        """Put the CMS signature into the space."""
        start, head, tail_start, tail = _BYTE_RANGE.unpack_from(kept := bytes(to_be_signed.state))
        chain = _chain(kept[_BYTE_RANGE.size :])
        cms = assemble_signed_data(to_be_signed.data, value, chain, to_be_signed.algorithm)
        return layout.fill(to_be_signed.document, (start, head, tail_start, tail), cms)

    def next_need(
        self,
        document: Document,
        level: Level,
        *,
        contents: Sequence[Document] = (),  # noqa: ARG002  a PDF signature covers its own file
        signature: str = "",
        archive_timestamps: int = 1,
        anchor_keys: Collection[bytes] = (),
    ) -> StampNeeded | MaterialNeeded | None:
        """What the signature lacks (EN 319 142-1 §6.3).

        B-T: a token over its value where its space still lies in what was appended, else a document time-stamp. B-LT:
        material in the document security store. B-LTA: a document time-stamp over that store, and behind it the
        material about its unit where the store has none; a renewal begins with new material about the latest one.
        Raises `NothingToExtend`.
        """
        if level is Level.B_B:
            return None
        view = self._view(document)
        where = standing(view, signature)
        signer = _only_signer(where.signature)
        stamped = any(attribute.oid == oids.SIGNATURE_TIMESTAMP for attribute in signer.unsigned)
        if not stamped and not where.stamps:
            if self._takes_token(document, where):
                imprint = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(signer.value))
                return StampNeeded(imprint, TimeStampKind.SIGNATURE, signature)
            return self._document_stamp(view, signature)
        if level is Level.B_T:
            return None
        holding = Holding(view, where, anchor_keys)
        archiving = holding.archiving()
        if not archiving and (lacking := holding.lacking()):
            return MaterialNeeded(lacking, signature)
        if level is Level.B_LT:
            return None
        if archiving and len(where.stamps) >= archive_timestamps:
            lacking = holding.chain_of_last_stamp()
            return MaterialNeeded(lacking, signature) if lacking else None
        if archiving and (lacking := holding.renewing()):
            return MaterialNeeded(lacking, signature, renewal=True)
        return self._document_stamp(view, signature)

    def attach(
        self, document: Document, need: StampNeeded | MaterialNeeded, material: bytes | ValidationMaterial
    ) -> Document:
        """Put in a token or material, each in a revision of its own, save a token that the signature has space for."""
        view = self._view(document)
        where = standing(view, need.signature)
        if isinstance(need, StampNeeded) and isinstance(material, bytes):
            if need.kind is TimeStampKind.DOCUMENT:
                return with_stamp(view, self._token_space(), need.imprint, material)
            cms = add_unsigned_attribute(where.signature.contents, attributes.signature_timestamp(material))
            start, head, tail_start, tail = where.signature.byte_range
            return layout.fill(document, (start, head, tail_start, tail), cms)
        if isinstance(need, MaterialNeeded) and isinstance(material, ValidationMaterial):
            concerned = Holding(view, where).concerned(need.chains, renewal=need.renewal)
            return with_material(view, material, map(vri_key, concerned))
        raise TypeError("a StampNeeded takes a token, a MaterialNeeded validation material")

    def _takes_token(self, document: Document, where: Standing) -> bool:
        """Whether the signature has space for a token that may be written: appended by us, and covered by no other."""
        start, end = where.signature.byte_range[1:3]
        if not where.last or start < document.source.size:
            return False
        if self._known_space is None:
            return True
        used = len(der.element(where.signature.contents).raw)
        return used + self._known_space() + _ATTRIBUTE <= (end - start - 2) // 2

    def _token_space(self) -> int:
        return self._known_space() if self._known_space else TOKEN_SPACE

    def _document_stamp(self, view: PdfView, signature: str) -> StampNeeded:
        imprint = stamp_imprint(view, self._token_space())
        return StampNeeded(imprint, TimeStampKind.DOCUMENT, signature)

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

    def _drawn(self, mark: VisibleMark) -> layout.VisibleMark:
        if self._font is None:
            raise TypeError("a visible mark takes a font")
        lines = tuple(Line(text) for text in mark.lines)
        image = read_image(mark.image) if mark.image else None
        appearance = Appearance(lines, subset_font(self._font(), characters_of(lines)), image)
        return layout.VisibleMark(appearance, mark.page, Rectangle(*mark.box))


def _said(parameters: SignatureParameters) -> tuple[bytes, ...]:
    """What is said in signed attributes, in DER; the rest stands in the signature dictionary (EN 319 142-1 §6.3)."""
    if parameters.packaging is not None or parameters.countersigns:
        raise ParameterUnsupported(parameter="packaging" if parameters.packaging else "countersigns")
    if parameters.reason and (parameters.commitment or parameters.policy):  # §6.3, requirements d and m
        other = "commitment" if parameters.commitment else "policy"
        raise ParameterUnsupported(parameter=f"reason beside {other}")
    return shared_extra(parameters)


def _location(parameters: SignatureParameters) -> str | None:
    """The place in one line, as a PDF has it."""
    if parameters.place is None:
        return parameters.location
    rest = parameters.place
    parts = (rest.street, parameters.location, rest.region, rest.postal_code, rest.country)
    return ", ".join(part for part in parts if part) or None


def _only_signer(signature: SignatureDictionary) -> Signer:
    """The signer of a signature that can be raised; raises `NothingToExtend` where there is another number of them."""
    signers = read_signed_data(signature.contents).signers
    if len(signers) != 1:
        raise NothingToExtend(signature=signature.name or "")
    return signers[0]
