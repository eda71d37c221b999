"""What makes a PDF signature last: the document security store and document time-stamps, each an incremental update.

EN 319 142-1 §5.4, ISO 32000-2 §12.8.4.3 and §12.8.5. Nothing here is random: the same document gives the same update,
so that a time-stamp can be asked for in one step and put in in another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from shirushi.codecs.asn1.issue import ocsp_response
from shirushi.codecs.asn1.ocsp import basic_response
from shirushi.codecs.pdf.effort import Effort
from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, stream
from shirushi.codecs.pdf.update import ENTROPY, write_update
from shirushi.codecs.pdf.view import PdfView, array, dictionary
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.formats.pades import layout
from shirushi.formats.pades.declined import StampNotOurs
from shirushi.formats.pades.parse.material import stored
from shirushi.formats.pades.permissions import read_permissions
from shirushi.formats.protocol import ValidationMaterial

IMPRINT = DigestAlgorithm.SHA256
"""The digest of what a document time-stamp covers."""

_TAIL = 4096
"""How much of a file's end names its latest revision: file identifier, offsets, and what is around them."""

_KINDS = (("Certs", "Cert"), ("CRLs", "CRL"), ("OCSPs", "OCSP"))
"""The store's arrays, and those of a `/VRI` entry (ISO 32000-2 tables 261 and 262)."""


def with_material(view: PdfView, material: ValidationMaterial, signatures: Iterable[str]) -> Document:
    """Put material into the document security store, and name it in `/VRI` under the keys of `signatures`.

    What the store has already is referred to and not put in twice. OCSP responses are stored whole, as OCSPResponse
    (EN 319 142-1 §5.4.2.2). Raises `PdfXrefDamaged` where revisions cannot be told apart.
    """
    read_permissions(view)
    encodings = (
        material.certificates,
        material.crls,
        tuple(_whole_response(each) for each in material.ocsp_responses),
    )
    given = view.root.get("DSS")
    store: PdfDict = {"Type": Name("DSS"), **(dictionary(view, given) or {})}
    plan = _Plan(view)
    own = given if isinstance(given, Reference) else plan.new()
    related: list[list[PdfValue]] = []
    for (name, _), wanted in zip(_KINDS, encodings, strict=True):
        listed = list(array(view, store.get(name)) or [])
        found = plan.references(listed, wanted)
        related.append([*found])
        if merged := [*listed, *(each for each in found if each not in listed)]:
            store[name] = merged
    store["VRI"] = _related(view, store, signatures, related)
    plan.objects[own] = store
    if own != given:
        plan.objects[view.root_reference] = {**view.root, "DSS": own}
    seed = _seed(view.document, b"".join(part for kind in encodings for part in kind))
    appended = write_update(view, plan.objects, seed).appended
    document = view.document
    return Document(document.source, document.appended + appended, document.name, document.media_type)


def _related(
    view: PdfView, store: PdfDict, signatures: Iterable[str], related: list[list[PdfValue]]
) -> PdfDict:
    """`/VRI` with entries for `signatures`, each with what it had before and what is new."""
    entries: PdfDict = dict(dictionary(view, store.get("VRI")) or {})
    for key in signatures:
        entry: PdfDict = {"Type": Name("VRI"), **(dictionary(view, entries.get(key)) or {})}
        for (_, name), references in zip(_KINDS, related, strict=True):
            before = array(view, entry.get(name)) or []
            if merged := [*before, *(each for each in references if each not in before)]:
                entry[name] = merged
        entries[key] = entry
    return entries


def _whole_response(encoding: bytes) -> bytes:
    return ocsp_response(encoding) if basic_response(encoding) == encoding else encoding


class _Plan:
    """The objects of an update, as they come together."""

    def __init__(self, view: PdfView) -> None:
        self._view = view
        self._effort = Effort(view.document.size)
        self._next = view.next_number
        self.objects: dict[Reference, PdfValue] = {}

    def new(self) -> Reference:
        """A number that nothing uses."""
        self._next += 1
        return Reference(self._next - 1)

    def references(self, listed: list[PdfValue], wanted: Iterable[bytes]) -> list[Reference]:
        """Where each of `wanted` stands: among what is listed, else in a stream that is new."""
        known: dict[bytes, Reference] = {}
        for item in listed:
            if isinstance(item, Reference) and (content := self._content(item)) is not None:
                known.setdefault(content, item)
        found: dict[Reference, None] = {}
        for encoding in wanted:
            if encoding not in known:
                known[encoding] = self.new()
                self.objects[known[encoding]] = stream({}, encoding)
            found[known[encoding]] = None
        return list(found)

    def _content(self, item: Reference) -> bytes | None:
        try:
            return stored(self._view, item, self._effort)
        except MalformedInput:
            return None


def lay_out_stamp(view: PdfView, space: int) -> layout.Layout:
    """The document with a document time-stamp whose token is yet to come (EN 319 142-1 §5.4.3).

    `space` is an upper bound of the token's length in bytes. No signature forbids it (ISO 32000-2 §12.8.2.2.2).
    """
    parameters = layout.SignatureFieldParameters(
        entropy=_seed(view.document, b"stamp"),
        reserved=space,
        kind=layout.SignatureKind.DOCUMENT_TIMESTAMP,
    )
    return layout.lay_out(view, parameters)


def stamp_imprint(view: PdfView, space: int) -> Digest:
    """What the token of a document time-stamp must cover."""
    laid_out = lay_out_stamp(view, space)
    return laid_out.document.digest(IMPRINT, laid_out.ranges)


def with_stamp(view: PdfView, space: int, imprint: Digest, token: bytes) -> Document:
    """The document with the token in its place.

    Raises `StampNotOurs` where `imprint` is of another document, `ReservedTooSmall`.
    """
    laid_out = lay_out_stamp(view, space)
    if laid_out.document.digest(imprint.algorithm, laid_out.ranges) != imprint:
        raise StampNotOurs
    return laid_out.fill(token)


def _seed(document: Document, purpose: bytes) -> bytes:
    """What makes the file identifier of the next revision: other for every document and every purpose."""
    size = document.size
    end = document.read_at(max(0, size - _TAIL), _TAIL)
    return hashlib.sha256(b"%d\0%b\0%b" % (size, end, purpose)).digest()[:ENTROPY]
