"""Where a signature goes in a PDF: its field, its widget, its dictionary, and the space for its value.

Everything is appended as one incremental update, so earlier signatures stay what they were. XFA forms: a static one
is signed through its AcroForm and stays as it is, a dynamic one is declined. `/NeedAppearances` is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from shirushi.codecs.pdf.form import Field, acro_form
from shirushi.codecs.pdf.geometry import Rectangle, geometry
from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, verbatim
from shirushi.codecs.pdf.pages import Page, page_at
from shirushi.codecs.pdf.text import encode_date, encode_text
from shirushi.codecs.pdf.update import write_update
from shirushi.codecs.pdf.view import PdfView, array, dictionary, integer
from shirushi.codecs.pdf.writer import serialise, serialise_dictionary, serialise_string
from shirushi.core.document import Document
from shirushi.core.instant import Instant
from shirushi.formats.pades.appearance import Appearance
from shirushi.formats.pades.declined import MarkOutsidePage, ReservedTooSmall
from shirushi.formats.pades.permissions import choose_field, read_permissions

_WIDGET_FLAGS = 132
"""Print and Locked (ISO 32000-2 table 167)."""
_SIG_FLAGS = 3
"""SignaturesExist and AppendOnly (ISO 32000-2 table 225)."""
_BYTE_RANGE = b"/ByteRange[0 %-10d %-10d %-10d]"


class SignatureKind(Enum):
    """What stands in the field: (/Type, /SubFilter)."""

    SIGNATURE = ("Sig", "ETSI.CAdES.detached")
    """A PAdES signature (EN 319 142-1 §6.3)."""
    DOCUMENT_TIMESTAMP = ("DocTimeStamp", "ETSI.RFC3161")
    """A document time-stamp (EN 319 142-1 §5.4.3)."""

    def __init__(self, type_: str, sub_filter: str) -> None:
        self.type = type_
        self.sub_filter = sub_filter
        self.head = b"<</Type/%b/Filter/Adobe.PPKLite/SubFilter/%b" % (type_.encode(), sub_filter.encode())


class Certification(Enum):
    """What a certification signature permits afterwards: DocMDP's `/P` (ISO 32000-2 table 257)."""

    NO_CHANGES = 1
    FORM_FILLING = 2
    ANNOTATIONS = 3


@dataclass(frozen=True, slots=True)
class VisibleMark:
    """How a signature shows.

    `page` counts from 1, or from the end as -1; `area` is in points from the lower left corner of the page as
    displayed. An existing field keeps the area that it has.
    """

    appearance: Appearance
    page: int
    area: Rectangle


@dataclass(frozen=True, slots=True)
class SignatureFieldParameters:
    """What to lay out.

    `entropy` are 16 random bytes; `reserved` is the space for the CMS in bytes. `field_name` names an empty field or a
    new one; None makes a new one, Signature1 or the next that is free. `time` is the claimed time, `/M`.
    """

    entropy: bytes
    reserved: int = 8192
    kind: SignatureKind = SignatureKind.SIGNATURE
    field_name: str | None = None
    time: Instant | None = None
    name: str | None = None
    reason: str | None = None
    location: str | None = None
    contact_info: str | None = None
    certification: Certification | None = None
    mark: VisibleMark | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A document with the space for a signature.

    `byte_range` is the `/ByteRange`: what is digested is `ranges`; between them stands `/Contents`, `<` and `>`
    included, filled with zeros.
    """

    document: Document
    field_name: str
    byte_range: tuple[int, int, int, int]

    @property
    def ranges(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """What the signature covers, as pairs of offset and length."""
        return self.byte_range[:2], self.byte_range[2:]

    def fill(self, value: bytes) -> Document:
        """The document with `value` in its place; raises `ReservedTooSmall`."""
        return fill(self.document, self.byte_range, value)


def fill(document: Document, byte_range: tuple[int, int, int, int], value: bytes) -> Document:
    """Put a signature's value, padded with zeros, into the space that was laid out for it.

    Raises `ReservedTooSmall`.
    """
    start = byte_range[1] + 1 - document.source.size
    reserved = byte_range[2] - byte_range[1] - 2
    digits = value.hex().encode("ascii")
    if len(digits) > reserved:
        raise ReservedTooSmall(needed=len(value), reserved=reserved // 2)
    appended = memoryview(document.appended)
    return _with_appended(document, appended[:start], digits, appended[start + len(digits) :])


@lru_cache(8)
def _space(reserved: int) -> bytes:
    """The `/Contents` of so many bytes, yet to be filled."""
    return b"<%b>" % (b"0" * (2 * reserved))


def _with_appended(document: Document, *parts: bytes | memoryview) -> Document:
    return Document(document.source, b"".join(parts), document.name, document.media_type)


def lay_out(view: PdfView, parameters: SignatureFieldParameters) -> Layout:
    """Append a signature field with a signature dictionary whose value is yet to come.

    Raises a `PdfDeclined` that says why the document is not signed as asked, or a `MalformedPdf`.
    """
    number = view.next_number
    permissions = read_permissions(view)
    chosen = choose_field(
        view,
        permissions,
        parameters.field_name,
        parameters.kind.sub_filter,
        stamp=parameters.kind is SignatureKind.DOCUMENT_TIMESTAMP,
        certify=parameters.certification is not None,
        reason=parameters.reason,
    )
    plan = _Plan(view, number, parameters)
    signature = plan.new()
    head = _signature_dictionary(view, parameters, chosen.field)
    plan.objects[signature] = None  # the first object: its place is kept, its value is set below
    if chosen.field is None:
        plan.add_field(chosen.name, signature)
    else:
        plan.sign_field(chosen.field, signature)
    plan.finish_catalogue(signature)
    return _reserve(view, plan, signature, chosen.name, head)


def _reserve(view: PdfView, plan: _Plan, signature: Reference, name: str, head: bytes) -> Layout:
    contents = _space(plan.parameters.reserved)
    plan.objects[signature] = verbatim(head, _BYTE_RANGE % (0, 0, 0), b"/Contents", contents, b">>")
    update = write_update(view, plan.objects, plan.parameters.entropy)
    size = view.document.size
    parts = update.parts
    place = update.values[signature]
    start = size
    for part in parts[: place + 3]:
        start += len(part)
    end = start + len(contents)
    length = size + update.size - end
    parts[place + 1] = _BYTE_RANGE % (start, end, length)
    document = _with_appended(view.document, view.document.appended, *parts)
    return Layout(document, name, (0, start, end, length))


def _signature_dictionary(
    view: PdfView, parameters: SignatureFieldParameters, existing: Field | None
) -> bytes:
    """The signature dictionary before `/ByteRange` (ISO 32000-2 table 255)."""
    kind = parameters.kind
    parts = [b"<</Type/%b/Filter/Adobe.PPKLite/SubFilter/%b" % (kind.type.encode(), kind.sub_filter.encode())]
    if parameters.time is not None:
        parts.append(b"/M(%b)" % encode_date(parameters.time))
    for key, text in (
        (b"/Name", parameters.name),
        (b"/Reason", parameters.reason),
        (b"/Location", parameters.location),
        (b"/ContactInfo", parameters.contact_info),
    ):
        if text is not None:
            parts.append(key + serialise_string(encode_text(text)))
    references: list[PdfValue] = []
    if parameters.certification is not None:
        references.append(_transform("DocMDP", {"P": parameters.certification.value}))
    lock = dictionary(view, existing.get("Lock")) if existing else None
    if lock is not None and kind is SignatureKind.SIGNATURE:
        given: PdfDict = {key: view.resolve(lock.get(key)) for key in ("Action", "Fields")}
        references.append(_transform("FieldMDP", given) | {"Data": view.root_reference})
        p = integer(view, lock.get("P"))
        if p is not None and parameters.certification is None:
            references.append(_transform("DocMDP", {"P": p}))
    if references:
        parts.append(b"/Reference" + serialise(references))
    return b"".join(parts)


def _transform(method: str, parameters: PdfDict) -> PdfDict:
    """A signature reference dictionary (ISO 32000-2 table 256)."""
    return {
        "Type": Name("SigRef"),
        "TransformMethod": Name(method),
        "TransformParams": {"Type": Name("TransformParams"), "V": Name("1.2"), **parameters},
    }


class _Plan:
    """The objects of one update, as they come together."""

    __slots__ = ("catalogue", "next_number", "objects", "parameters", "view")

    def __init__(self, view: PdfView, next_number: int, parameters: SignatureFieldParameters) -> None:
        self.view = view
        self.next_number = next_number
        self.parameters = parameters
        self.objects: dict[Reference, PdfValue] = {}
        self.catalogue: PdfDict = {}

    def new(self) -> Reference:
        """A number that nothing uses."""
        self.next_number += 1
        return Reference(self.next_number - 1)

    def add_field(self, name: str, signature: Reference) -> None:
        """A new field, merged with its widget, on a page and in the form."""
        mark = self.parameters.mark
        page = page_at(self.view, mark.page if mark else 1)
        own = self.new()
        head = b"<</Type/Annot/Subtype/Widget/FT/Sig/T%b/V %d 0 R/P %d %d R/F %d" % (
            serialise_string(encode_text(name)), signature[0], page.reference[0], page.reference[1], _WIDGET_FLAGS
        )  # fmt: skip
        if mark is None:
            self.objects[own] = verbatim(head, b"/Rect[0 0 0 0]>>")
        else:
            shown = geometry(self.view, page)
            if not shown.contains(mark.area):
                raise MarkOutsidePage(
                    page=page.index + 1, width=round(shown.width), height=round(shown.height)
                )
            area = shown.place(mark.area)
            look = self._appearance(mark, mark.area.width, mark.area.height, page)
            rect: list[PdfValue] = [area.x, area.y, area.x + area.width, area.y + area.height]
            rest = serialise_dictionary({"Rect": [*map(_rounded, rect)], **look})
            self.objects[own] = verbatim(head, rest[2:])
        self._annotate(page, own)
        self._enter(own)

    def _annotate(self, page: Page, widget: Reference) -> None:
        """Put the widget on the page's list of annotations."""
        annotations = page.dictionary.get("Annots")
        if annotations is None:
            self.objects[page.reference] = _with(
                self.view, page.reference, page.dictionary, "Annots", b"[%d 0 R]" % widget[0]
            )
            return
        listed = [*(array(self.view, annotations) or []), widget]
        if isinstance(annotations, Reference) and array(self.view, annotations) is not None:
            self.objects[annotations] = listed
        else:
            self.objects[page.reference] = {**page.dictionary, "Annots": listed}

    def _enter(self, own: Reference) -> None:
        """Put the field into the form, which is made where there is none."""
        form = acro_form(self.view)
        if form is None:
            self.catalogue["AcroForm"] = reference = self.new()
            self.objects[reference] = verbatim(b"<</Fields[%d 0 R]/SigFlags %d>>" % (own[0], _SIG_FLAGS))
            return
        changes: PdfDict = {}
        fields = form.get("Fields")
        listed = [*(array(self.view, fields) or []), own]
        if isinstance(fields, Reference) and array(self.view, fields) is not None:
            self.objects[fields] = listed
        else:
            changes["Fields"] = listed
        self._change_form(form, changes)

    def _change_form(self, form: PdfDict, changes: PdfDict) -> None:
        flags = integer(self.view, form.get("SigFlags")) or 0
        if flags | _SIG_FLAGS != flags:
            changes["SigFlags"] = flags | _SIG_FLAGS
        if not changes:
            return
        given = self.view.root.get("AcroForm")
        if isinstance(given, Reference):
            self.objects[given] = {**form, **changes}
        else:
            self.catalogue["AcroForm"] = {**form, **changes}

    def sign_field(self, existing: Field, signature: Reference) -> None:
        """Set the value of an empty field, and its look where one is asked for."""
        assert existing.reference is not None  # choose_field declines others
        changed: PdfDict = {**existing.dictionary, "V": signature}
        mark = self.parameters.mark
        if mark is not None and existing.widgets:
            widget = existing.widgets[0]
            node = changed if widget == existing.reference else dict(dictionary(self.view, widget) or {})
            node |= self._look_of_widget(mark, node)
            self.objects[widget] = node
        self.objects[existing.reference] = changed
        form = acro_form(self.view)
        if form is not None:
            self._change_form(form, {})

    def _look_of_widget(self, mark: VisibleMark, widget: PdfDict) -> PdfDict:
        """The appearance for a widget that exists, in the area that it has; none where it has no area."""
        corners = [
            v
            for v in map(self.view.resolve, array(self.view, widget.get("Rect")) or [])
            if isinstance(v, (int, float))
        ]
        if len(corners) != 4:
            return {}
        width, height = abs(corners[2] - corners[0]), abs(corners[3] - corners[1])
        if not width or not height:
            return {}
        page = page_at(self.view, mark.page)
        if geometry(self.view, page).rotation in {90, 270}:
            width, height = height, width
        return self._appearance(mark, width, height, page)

    def _appearance(self, mark: VisibleMark, width: float, height: float, page: Page) -> PdfDict:
        """The entries of a widget that show the mark upright on its page."""
        shown = geometry(self.view, page)
        form, parts = mark.appearance.build(width, height, shown.upright, self.next_number)
        for part in parts:
            self.objects[self.new()] = part
        own = self.new()
        self.objects[own] = form
        look: PdfDict = {"AP": {"N": own}}
        if shown.rotation:
            look["MK"] = {"R": shown.rotation}
        return look

    def finish_catalogue(self, signature: Reference) -> None:
        """Write the catalogue anew where it changes."""
        root = self.view.root
        if self.parameters.certification is not None:
            given = dictionary(self.view, root.get("Perms")) or {}
            self.catalogue["Perms"] = {**given, "DocMDP": signature}
        if not self.catalogue:
            return
        reference = self.view.root_reference
        form = self.catalogue.get("AcroForm")
        if len(self.catalogue) == 1 and isinstance(form, Reference):
            self.objects[reference] = _with(self.view, reference, root, "AcroForm", b" %d 0 R" % form[0])
        else:
            self.objects[reference] = {**root, **self.catalogue}


def _with(
    view: PdfView, reference: Reference, entries: Mapping[str, PdfValue], key: str, value: bytes
) -> PdfValue:
    """A dictionary with one more entry: as its bytes stand, where they can be had."""
    raw = view.raw(reference) if key not in entries else None
    if raw is not None and raw.endswith(b">>"):
        return verbatim(raw[:-2], b"/", key.encode("ascii"), value, b">>")
    return {**entries, key: verbatim(value)}


def _rounded(value: PdfValue) -> PdfValue:
    return round(value, 3) if isinstance(value, float) else value
