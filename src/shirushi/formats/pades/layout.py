"""Where a signature goes in a PDF: its field, its widget, its dictionary, and the space for its value.

Everything is appended as one incremental update, so earlier signatures stay what they were. XFA forms: a static one
is signed through its AcroForm and stays as it is, a dynamic one is declined. `/NeedAppearances` is left alone.
"""

from __future__ import annotations

import re

from shirushi.codecs.pdf.form import Field
from shirushi.codecs.pdf.objects import Name, PdfDict, PdfValue, Reference, verbatim
from shirushi.codecs.pdf.text import encode_date, encode_text
from shirushi.codecs.pdf.update import write_table, write_update
from shirushi.codecs.pdf.view import PdfView, XrefStyle, dictionary, integer
from shirushi.codecs.pdf.writer import serialise, serialise_string
from shirushi.formats.pades.permissions import choose_field, read_permissions
from shirushi.formats.pades.placement import SIG_FLAGS, WIDGET_FLAGS, Plan
from shirushi.formats.pades.request import SignatureFieldParameters, SignatureKind, VisibleMark
from shirushi.formats.pades.space import BYTE_RANGE, Layout, contents_space, fill, with_appended

__all__ = [
    "Layout",
    "SignatureFieldParameters",
    "SignatureKind",
    "VisibleMark",
    "fill",
    "lay_out",
]

_BYTE_RANGE_LENGTH = len(BYTE_RANGE % (0, 0, 0))
_DEEPEST = 16
"""How far down the page tree the short way goes."""
_SPACE = rb"[\x00\t\n\x0c\r ]"
_TWO_NUMBERS = rb"(\d+)" + _SPACE + rb"+(\d+)" + _SPACE + rb"+R"
_pages = re.compile(rb"/Pages" + _SPACE + rb"+" + _TWO_NUMBERS).search
_first_kid = re.compile(rb"/Kids" + _SPACE + rb"*\[" + _SPACE + rb"*" + _TWO_NUMBERS).search
_is_page = re.compile(rb"/Type[\x00\t\n\x0c\r ]*/Page[\x00\t\n\x0c\r />]").search
_PLAIN_NAME = "Signature1"
_PLAIN_WIDGET = (
    b">>\nendobj\n%%d 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(%b)/V %%d 0 R/P %%d %%d R/F %d/Rect[0 0 0 0]>>\nendobj\n"
) % (_PLAIN_NAME.encode("ascii"), WIDGET_FLAGS)
_PLAIN_FORM = b"%%d 0 obj\n<</Fields[%%d 0 R]/SigFlags %d>>\nendobj\n" % SIG_FLAGS


def lay_out(view: PdfView, parameters: SignatureFieldParameters) -> Layout:
    """Append a signature field with a signature dictionary whose value is yet to come.

    Raises a `PdfDeclined` that says why the document is not signed as asked, or a `MalformedPdf`.
    """
    return _lay_out_plain(view, parameters) or lay_out_any(view, parameters)


def lay_out_any(view: PdfView, parameters: SignatureFieldParameters) -> Layout:
    """As `lay_out`, step by step, for every kind of document and signature."""
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
    plan = Plan(view, number, parameters)
    signature = plan.new()
    head = _signature_dictionary(view, parameters, chosen.field)
    plan.objects[signature] = None  # the first object: its place is kept, its value is set below
    if chosen.field is None:
        plan.add_field(chosen.name, signature)
    else:
        plan.sign_field(chosen.field, signature)
    plan.finish_catalogue(signature)
    return _reserve(view, plan, signature, chosen.name, head)


def _reserve(view: PdfView, plan: Plan, signature: Reference, name: str, head: bytes) -> Layout:
    contents = contents_space(plan.parameters.reserved)
    plan.objects[signature] = verbatim(head, BYTE_RANGE % (0, 0, 0), b"/Contents", contents, b">>")
    update = write_update(view, plan.objects, plan.parameters.entropy)
    size = view.document.size
    parts = update.parts
    place = update.values[signature]
    start = size
    for part in parts[: place + 3]:
        start += len(part)
    end = start + len(contents)
    length = size + update.size - end
    parts[place + 1] = BYTE_RANGE % (start, end, length)
    document = with_appended(view.document, view.document.appended, *parts)
    return Layout(document, name, (0, start, end, length))


def _lay_out_plain(view: PdfView, parameters: SignatureFieldParameters) -> Layout | None:
    """The commonest layout, in one go: an invisible signature, the first in its document, listed in a table.

    Gives the bytes that `lay_out_any` gives, or None where the case is another.
    """
    if (
        parameters.field_name is not None
        or parameters.mark is not None
        or parameters.certification is not None
        or view.xref_style is not XrefStyle.TABLE
        or view.listed is not None
    ):
        return None
    root_reference = view.root_reference
    raw_root = view.unparsed(root_reference)
    if raw_root is None or raw_root.find(b"/AcroForm") >= 0 or raw_root.count(b"/Pages") != 1:
        return None
    page_reference, raw_page = _plain_first_page(view, raw_root)
    if raw_page is None or page_reference == root_reference:
        return None
    size, base, number = view.document.size, view.base, view.next_number
    newline = b"" if view.document.read_at(size - 1, 1) in {b"\n", b"\r"} else b"\n"
    head = b"%b%d 0 obj\n%b" % (newline, number, _signature_dictionary(view, parameters, None))
    contents = contents_space(parameters.reserved)
    start = size + len(head) + _BYTE_RANGE_LENGTH + 9
    end = start + len(contents)
    widget = _PLAIN_WIDGET % (number + 1, number, *page_reference)
    page_ = b"%d %d obj\n%b/Annots[%d 0 R]>>\nendobj\n" % (*page_reference, raw_page[:-2], number + 1)
    form = _PLAIN_FORM % (number + 2, number + 1)
    root = b"%d %d obj\n%b/AcroForm %d 0 R>>\nendobj\n" % (*root_reference, raw_root[:-2], number + 2)
    at_page = end - base + len(widget)
    at_form = at_page + len(page_)
    at_root = at_form + len(form)
    at_table = at_root + len(root)
    places = {
        number: (size - base + len(newline), 0),
        number + 1: (end - base + 10, 0),
        page_reference[0]: (at_page, page_reference[1]),
        number + 2: (at_form, 0),
        root_reference[0]: (at_root, root_reference[1]),
    }
    table = write_table(view, places, number + 3, at_table, parameters.entropy)
    length = len(widget) + len(page_) + len(form) + len(root) + len(table)
    byte_range = BYTE_RANGE % (start, end, length)
    document = with_appended(
        view.document,
        view.document.appended,
        head,
        byte_range,
        b"/Contents",
        contents,
        widget,
        page_,
        form,
        root,
        table,
    )
    return Layout(document, _PLAIN_NAME, (0, start, end, length))


def _plain_first_page(view: PdfView, root: bytes) -> tuple[Reference, bytes | None]:
    """The first page as it stands, None where it has annotations or the way to it is not written plainly."""
    found = _pages(root)
    for _ in range(_DEEPEST):
        if found is None:
            break
        reference = Reference(int(found[1]), int(found[2]))
        raw = view.unparsed(reference)
        if raw is None:
            break
        if raw.find(b"/Kids") < 0:
            return reference, raw if raw.find(b"/Annots") < 0 and _is_page(raw) else None
        found = _first_kid(raw) if raw.count(b"/Kids") == 1 else None
    return view.root_reference, None


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
