"""A small tagged form with everything in it that the rules know, and ways to sign and to update it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from shirushi.codecs.pdf.form import fields
from shirushi.codecs.pdf.objects import Name, PdfValue, Reference, Stream, Verbatim, stream
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.update import write_update
from shirushi.codecs.pdf.writer import serialise, serialise_dictionary
from shirushi.core.document import Document, document
from shirushi.core.evidence import Change, ChangeKind
from shirushi.formats.pades.changes import Mark, changes_after
from shirushi.formats.pades.layout import SignatureFieldParameters, SignatureKind, lay_out
from shirushi.formats.pades.parse import signed_fields
from shirushi.formats.protocol import Certification

R = Reference
(
    CATALOGUE, PAGES, PAGE_1, PAGE_2, CONTENT_1, CONTENT_2, FONT, FORM, TEXT_FIELD, TEXT_LOOK, CHECK_FIELD, CHECK_ON,
    CHECK_OFF, EMPTY, COMMENT, METADATA, INFO, OUTLINES, OUTLINE, TREE, ELEMENT, PARENT_TREE, UNUSED, GROUP, KID,
    ANNOTS_2, FREE,
) = (R(number) for number in range(1, 28))  # fmt: skip
ENTROPY = bytes(16)
TIME = datetime(2026, 4, 1, tzinfo=UTC)


def n(text: str) -> Name:
    return Name(text)


def look(text: str = "x") -> Stream:
    entries: dict[str, PdfValue] = {
        "Type": n("XObject"),
        "Subtype": n("Form"),
        "BBox": [0, 0, 100, 20],
        "Resources": {"Font": {"F1": FONT}},
    }
    return stream(entries, f"BT /F1 9 Tf ({text}) Tj ET".encode())


def widget(page: Reference, rect: list[PdfValue], **entries: PdfValue) -> dict[str, PdfValue]:
    return {"Type": n("Annot"), "Subtype": n("Widget"), "P": page, "Rect": rect, "F": 4, **entries}


def objects() -> dict[Reference, PdfValue]:
    box: list[PdfValue] = [0, 0, 300, 400]
    font: dict[str, PdfValue] = {"Font": {"F1": FONT}}
    return {
        CATALOGUE: {
            "Type": n("Catalog"), "Pages": PAGES, "AcroForm": FORM, "Metadata": METADATA, "Outlines": OUTLINES,
            "StructTreeRoot": TREE, "MarkInfo": {"Marked": True},
        },
        PAGES: {"Type": n("Pages"), "Kids": [PAGE_1, PAGE_2], "Count": 2, "MediaBox": box},
        PAGE_1: {
            "Type": n("Page"), "Parent": PAGES, "Contents": CONTENT_1, "Resources": font,
            "Annots": [TEXT_FIELD, CHECK_FIELD, EMPTY, COMMENT, KID],
        },
        PAGE_2: {
            "Type": n("Page"), "Parent": PAGES, "Contents": [CONTENT_2], "Resources": font, "Annots": ANNOTS_2,
        },
        CONTENT_1: stream({}, b"BT /F1 12 Tf 20 300 Td (Pay 100 yen) Tj ET"),
        CONTENT_2: stream({}, b"BT /F1 12 Tf 20 300 Td (to Alice) Tj ET"),
        FONT: {"Type": n("Font"), "Subtype": n("Type1"), "BaseFont": n("Helvetica")},
        FORM: {"Fields": [TEXT_FIELD, CHECK_FIELD, EMPTY, GROUP], "DR": font, "DA": b"/F1 9 Tf 0 g"},
        TEXT_FIELD: widget(PAGE_1, [20, 200, 120, 220], FT=n("Tx"), T=b"amount", V=b"100", AP={"N": TEXT_LOOK}),
        TEXT_LOOK: look("100"),
        CHECK_FIELD: widget(
            PAGE_1, [20, 170, 40, 190], FT=n("Btn"), T=b"agree", V=n("Off"), AS=n("Off"),
            AP={"N": {"Yes": CHECK_ON, "Off": CHECK_OFF}},
        ),
        CHECK_ON: look("v"),
        CHECK_OFF: look(""),
        EMPTY: widget(PAGE_1, [20, 20, 120, 60], FT=n("Sig"), T=b"reserved"),
        COMMENT: {"Type": n("Annot"), "Subtype": n("Text"), "Rect": [200, 200, 220, 220], "Contents": b"note"},
        METADATA: stream({"Type": n("Metadata"), "Subtype": n("XML")}, b"<x/>"),
        INFO: {"Producer": b"tests"},
        OUTLINES: {"Type": n("Outlines"), "First": OUTLINE, "Last": OUTLINE, "Count": 1},
        OUTLINE: {"Title": b"Start", "Parent": OUTLINES, "Dest": [PAGE_1, n("Fit")]},
        TREE: {"Type": n("StructTreeRoot"), "K": [ELEMENT], "ParentTree": PARENT_TREE, "ParentTreeNextKey": 1},
        ELEMENT: {"Type": n("StructElem"), "S": n("P"), "P": TREE, "Pg": PAGE_1, "K": [0], "Alt": b"pay"},
        PARENT_TREE: {"Nums": [0, [ELEMENT]]},
        UNUSED: {"Type": n("Font"), "Subtype": n("Type1"), "BaseFont": n("Courier")},
        GROUP: {"T": b"group", "FT": n("Tx"), "V": b"one", "Kids": [KID]},
        KID: widget(PAGE_1, [20, 140, 120, 160], Parent=GROUP, AP={"N": CHECK_OFF}),
        ANNOTS_2: [],
    }  # fmt: skip


def body(value: PdfValue) -> bytes:
    if isinstance(value, Verbatim):
        return b"".join(value.parts)
    if isinstance(value, Stream):
        return serialise_dictionary(value.dictionary) + b"\nstream\n" + value.read() + b"\nendstream"
    return serialise(value)


def written(given: Mapping[Reference, PdfValue], *, info: bool = True) -> Document:
    """A whole file of `given` with a cross-reference table; object 27 is free."""
    parts = [b"%PDF-1.7\n"]
    size = len(parts[0])
    offsets: dict[int, int] = {}
    for reference, value in given.items():
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (reference.number, body(value)))
        offsets[reference.number] = size
        size += len(parts[-1])
    count = max(FREE.number, *offsets) + 1
    table = [b"xref\n0 %d\n" % count]
    for number in range(count):
        place = offsets.get(number)
        table.append(b"0000000000 65535 f \n" if place is None else b"%010d 00000 n \n" % place)
    trailer = b"/Info %d 0 R" % INFO.number if info else b""
    table.append(b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (count, trailer, size))
    return document(b"".join([*parts, *table]), "form.pdf", "application/pdf")


def flat(given: Document) -> Document:
    return replace(given, source=document(given.read()).source, appended=b"")


def sign(
    given: Document,
    *,
    value: bytes = b"\x30\x00",
    kind: SignatureKind = SignatureKind.SIGNATURE,
    field: str | None = None,
    certification: Certification | None = None,
) -> Document:
    """Another signature, whose value means nothing unless one is given."""
    parameters = SignatureFieldParameters(
        ENTROPY, reserved=2048, kind=kind, field_name=field, time=TIME, certification=certification
    )
    return flat(lay_out(PdfReader(given), parameters).fill(value))


def update(given: Document, changed: Mapping[Reference, PdfValue]) -> Document:
    """An incremental update of those objects."""
    appended = write_update(PdfReader(given), changed, ENTROPY).appended
    return flat(replace(given, appended=given.appended + appended))


def get(given: Document, reference: Reference) -> dict[str, PdfValue]:
    found = PdfReader(given).get(reference)
    assert isinstance(found, dict)
    return found


def next_reference(given: Document, further: int = 0) -> Reference:
    return R(PdfReader(given).next_number + further)


def after(given: Document) -> dict[str, tuple[Change, ...]]:
    """The changes after each signature, by its field."""
    reader = PdfReader(given)
    signed = signed_fields(reader)
    marks = [Mark(s.coverage.revision, s.coverage.end, s.signature, s.field.lock) for s in signed]
    found = changes_after(reader, marks)
    return {s.field.name: changes for s, changes in zip(signed, found, strict=True)}


def is_clean(given: Document, field: str = "Signature1") -> bool:
    return all(change.allowed for change in after(given)[field])


def field_reference(given: Document, name: str) -> Reference:
    for field in fields(PdfReader(given)):
        if field.name == name and field.reference:
            return field.reference
    raise AssertionError(name)


def permitted(kind: ChangeKind, where: str) -> Change:
    return Change(kind, allowed=True, where=where)


def denied(kind: ChangeKind, where: str) -> Change:
    return Change(kind, allowed=False, where=where)
