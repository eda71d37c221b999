"""PDF signatures as evidence: what each covers, what it says, what changed after it (EN 319 142-1, ISO 32000-2 §12.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shirushi.codecs.pdf.errors import MalformedPdf, PdfLimitExceeded, PdfStructureDamaged
from shirushi.codecs.pdf.form import signature_fields
from shirushi.codecs.pdf.pages import pages
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.view import PdfView
from shirushi.core.document import ByteSource, Document
from shirushi.core.evidence import SignatureEvidence
from shirushi.formats.pades.parse.composition import compose
from shirushi.formats.pades.parse.coverage import coverage
from shirushi.formats.pades.parse.values import SignedField

_MARK = b"%%EOF"
_ENDS = 32
_BLOCK = 1 << 20
_WHITE = b"\x00\t\n\x0c\r "
_WHITE_READ = 64
MOST_SIGNATURES = 512

Irregular = Callable[[Document], PdfView]
"""Opens what the regular reader declines, or raises a `MalformedPdf` as well."""


def parse(document: Document, irregular: Irregular | None = None) -> tuple[SignatureEvidence, ...]:
    """Every signature, in the order they were made; empty where the document has none.

    Document time-stamps are the archive time-stamps of the signatures that they cover. A file that is damaged behind a
    whole one is read up to there, and all that follows is a change without explanation. Raises a `MalformedPdf` where
    no signature can be found in a damaged file, of which `PdfLimitExceeded` means that it costs too much to read.
    """
    try:
        view, signed = _read(document)
    except PdfLimitExceeded:
        raise  # nor would any part of it cost less
    except MalformedPdf:
        opened = _opened(document, irregular)
        if opened is None:
            raise
        view, signed = opened
    return compose(document, view, signed)


def _read(document: Document) -> tuple[PdfView, tuple[SignedField, ...]]:
    """A regular file. One without any page is damaged: its last section lost sight of the others."""
    view = PdfReader(document)
    if next(pages(view), None) is None:
        raise PdfStructureDamaged(place="Pages")
    return view, signed_fields(view)


def signed_fields(view: PdfView) -> tuple[SignedField, ...]:
    """The fields that hold a signature, by the end of what it covers."""
    found: dict[object, SignedField] = {}
    for field in signature_fields(view):
        signature = field.signature
        if signature is None or signature.reference in found:  # two fields may share one signature
            continue
        if len(found) >= MOST_SIGNATURES:
            raise PdfLimitExceeded(limit="signatures")
        found[signature.reference or len(found)] = SignedField(field, signature, coverage(view, signature))
    return tuple(sorted(found.values(), key=lambda each: each.coverage.end))


def _opened(
    document: Document, irregular: Irregular | None
) -> tuple[PdfView, tuple[SignedField, ...]] | None:
    """A damaged file by the other reader, or else the longest part of it that is a whole file with a signature."""
    if irregular is not None:
        try:
            view = irregular(document)
            return view, signed_fields(view)
        except MalformedPdf:
            pass
    for end in _ends(document):
        try:
            view, signed = _read(Document(_Beginning(document, end)))
        except MalformedPdf:
            continue
        if signed:
            return view, signed
    return None


def _ends(document: Document) -> list[int]:
    """The offsets behind the last `%%EOF` marks and the white space that follows each, latest first."""
    ends: list[int] = []
    stop = document.size
    while stop > 0 and len(ends) < _ENDS:
        start = max(0, stop - _BLOCK)
        data = document.read_at(start, stop - start + len(_MARK) - 1)
        position = data.rfind(_MARK)
        while position >= 0 and len(ends) < _ENDS:
            behind = start + position + len(_MARK)
            following = document.read_at(behind, _WHITE_READ)
            ends.append(behind + len(following) - len(following.lstrip(_WHITE)))
            position = data.rfind(_MARK, 0, position)
        stop = start
    return ends


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The first `size` bytes of a document."""

    source: ByteSource
    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        """The bytes from `offset`, `length` of them or fewer where the part ends."""
        return self.source.read_at(offset, max(0, min(length, self.size - offset)))
