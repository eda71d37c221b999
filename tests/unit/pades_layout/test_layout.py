from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shirushi.codecs.pdf.errors import PdfPageMissing, PdfStructureDamaged, PdfXrefDamaged
from shirushi.codecs.pdf.form import acro_form, certification, signature_fields
from shirushi.codecs.pdf.objects import Reference
from shirushi.codecs.pdf.outside import behind, outside
from shirushi.codecs.pdf.pages import page_at
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.rebuild import RebuiltPdf
from shirushi.codecs.pdf.view import array
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import Document
from shirushi.core.errors import MalformedInput
from shirushi.formats.pades.declined import (
    CertificationNotFirst,
    CertifiedWithoutChanges,
    DynamicForm,
    FieldLocked,
    FieldNameInvalid,
    FieldSigned,
    NotASignatureField,
    ReservedTooSmall,
    SeedValueUnmet,
)
from shirushi.formats.pades.layout import (
    Layout,
    SignatureFieldParameters,
    SignatureKind,
    lay_out,
    lay_out_any,
)
from shirushi.formats.protocol import Certification
from tests.unit.codecs_pdf.builder import (
    IDENTIFIER,
    OBJECTS,
    PAGE,
    appended,
    classic,
    doc,
    hybrid,
    linearised,
    with_xref_stream,
)

PARAMETERS = SignatureFieldParameters(
    entropy=bytes(16),
    reserved=100,
    time=datetime(2026, 4, 1, tzinfo=UTC),
    name="山田 (太郎)",
    reason="Approved",
    location="東京",
    contact_info="yamada@example.jp",
)


def form(entries: bytes, **objects: bytes) -> bytes:
    """A document whose form has `entries`, with further objects: `_7=…` is object 7."""
    further = {int(key[1:]): body for key, body in objects.items()}
    catalogue = b"<</Type/Catalog/Pages 2 0 R/AcroForm<<%b>>>>" % entries
    return classic({**OBJECTS, 1: catalogue, **further})


def laid_out(data: bytes, **changed: object) -> Layout:
    values = {name: getattr(PARAMETERS, name) for name in PARAMETERS.__slots__} | changed
    return lay_out(PdfReader(doc(data)), SignatureFieldParameters(**values))  # type: ignore[arg-type]


def check(layout: Layout, data: bytes, *, whole: bool = True) -> PdfReader:
    """What must hold for every layout."""
    grown = layout.document.read()
    assert grown.startswith(data)
    start, end = layout.byte_range[1], layout.byte_range[2]
    assert grown[start:end] == b"<" + b"0" * (end - start - 2) + b">"
    assert end + layout.byte_range[3] == len(grown)
    reader = PdfReader(layout.document)
    assert outside(reader, reader.revisions[-1]) == () or not whole
    assert behind(reader) == ()
    (found,) = [each.signature for each in signature_fields(reader) if each.name == layout.field_name]
    assert found is not None
    assert found.byte_range == layout.byte_range
    assert found.contents_span == (start, end)
    form_ = acro_form(reader)
    assert form_ is not None
    assert form_["SigFlags"] == 3
    return reader


@pytest.mark.parametrize(
    "data",
    [
        classic(),
        classic()[:-1],
        with_xref_stream({}, OBJECTS),
        hybrid(),
        linearised(),
        b"junk before the header\n" + classic(),
        classic({**OBJECTS, 3: PAGE[:-2] + b"/Annots[]>>"}),
        classic({**OBJECTS, 3: PAGE[:-2] + b"/Annots null>>"}),
        classic({**OBJECTS, 3: PAGE[:-2] + b"/Annots 4 0 R>>", 4: b"[5 0 R]", 5: b"<</Subtype/Link>>"}),
        classic({**OBJECTS, 3: PAGE[:-2] + b"/Annots 9 0 R>>"}),
        form(b"/Fields[]"),
        form(b"/Fields[]/SigFlags 1/DA(/Helv 0 Tf)"),
        form(b"/Fields 5 0 R", _5=b"[6 0 R]", _6=b"<</T(Signature1)/FT/Tx>>"),
        form(b"/Fields[5 0 R]/XFA[]/NeedAppearances true", _5=b"<</T(Signature1.x)/FT/Btn>>"),
        classic({**OBJECTS, 1: b"<</Pages 2 0 R/AcroForm 5 0 R>>", 5: b"<</Fields[]>>"}),
        classic({**OBJECTS, 1: b"<</Pages 2 0 R/AcroForm 5 0 R>>"}),
    ],
)
def test_a_new_signature_is_on_the_page_and_in_the_form(data: bytes) -> None:
    layout = laid_out(data)
    reader = check(layout, data)
    page = page_at(reader, 1)
    annotations = array(reader, page.get("Annots"))
    assert annotations is not None
    widget = reader.get(annotations[-1])  # type: ignore[arg-type]
    assert isinstance(widget, dict)
    assert (widget["Subtype"], widget["FT"], widget["Rect"], widget["F"]) == (
        "Widget",
        "Sig",
        [0, 0, 0, 0],
        132,
    )
    assert widget["P"] == page.reference
    assert (
        len(annotations)
        == len(array(PdfReader(doc(data)), page_at(PdfReader(doc(data)), 1).get("Annots")) or []) + 1
    )
    found = next(each.signature for each in signature_fields(reader) if each.name == layout.field_name)
    assert found is not None
    assert (found.type, found.sub_filter, found.filter) == ("Sig", "ETSI.CAdES.detached", "Adobe.PPKLite")
    assert (found.name, found.reason, found.location) == ("山田 (太郎)", "Approved", "東京")
    assert (found.contact_info, found.time) == ("yamada@example.jp", PARAMETERS.time)


def test_the_value_is_a_splice_and_leaves_the_digest_alone() -> None:
    layout = laid_out(classic())
    before = layout.document.digest(DigestAlgorithm.SHA256, layout.ranges)
    filled = layout.fill(b"\x30\x03\x02\x01\x05")
    assert filled.digest(DigestAlgorithm.SHA256, layout.ranges) == before
    assert filled.source is layout.document.source
    assert filled.size == layout.document.size
    (signed,) = signature_fields(PdfReader(filled))
    assert signed.signature is not None
    assert signed.signature.contents == b"\x30\x03\x02\x01\x05" + bytes(95)
    assert layout.fill(bytes(100)) == layout.document
    with pytest.raises(ReservedTooSmall) as caught:
        layout.fill(bytes(101))
    assert caught.value.parameters == {"needed": 101, "reserved": 100}


def test_signatures_follow_each_other_and_earlier_bytes_stay() -> None:
    first = laid_out(with_xref_stream({}, OBJECTS)).fill(b"one")
    second = lay_out(PdfReader(first), PARAMETERS)
    reader = check(second, first.read())
    assert [each.name for each in signature_fields(reader)] == ["Signature1", "Signature2"]
    assert [len(revision.sections) for revision in reader.revisions] == [1, 1, 1]
    assert second.document.source is first.source
    third = lay_out(PdfReader(second.fill(b"two")), PARAMETERS)
    assert third.field_name == "Signature3"
    assert isinstance(third.document, Document)


def test_a_document_time_stamp_has_its_own_type() -> None:
    stamp = laid_out(classic(), kind=SignatureKind.DOCUMENT_TIMESTAMP, time=None, name=None)
    (found,) = signature_fields(check(stamp, classic()))
    assert found.signature is not None
    assert (found.signature.type, found.signature.sub_filter) == ("DocTimeStamp", "ETSI.RFC3161")
    assert found.signature.time is None


@pytest.mark.parametrize("permitted", list(Certification))
def test_a_certification_stands_in_the_catalogue(permitted: Certification) -> None:
    layout = laid_out(form(b"/Fields[]"), certification=permitted)
    reader = check(layout, form(b"/Fields[]"))
    found = certification(reader)
    assert found is not None
    assert found.doc_mdp == permitted.value
    assert found.byte_range == layout.byte_range
    signed = layout.fill(b"x")
    if permitted is Certification.NO_CHANGES:
        with pytest.raises(CertifiedWithoutChanges) as caught:
            lay_out(PdfReader(signed), PARAMETERS)
        assert "Signature1" in caught.value.explain("ja")
    else:
        assert lay_out(PdfReader(signed), PARAMETERS).field_name == "Signature2"
    with pytest.raises((CertificationNotFirst, CertifiedWithoutChanges)):
        lay_out(PdfReader(signed), SignatureFieldParameters(bytes(16), certification=permitted))
    stamp = lay_out(
        PdfReader(signed), SignatureFieldParameters(bytes(16), kind=SignatureKind.DOCUMENT_TIMESTAMP)
    )
    assert stamp.field_name == "Signature2"


EMPTY = b"<</FT/Sig/T(here)/Subtype/Widget/Rect[1 2 3 4]/P 3 0 R%b>>"


def test_an_empty_field_is_signed_where_it_stands() -> None:
    data = form(b"/Fields[5 0 R]", _5=EMPTY % b"/Lock<</Action/Include/Fields[(a)]/P 3>>")
    layout = laid_out(data, field_name="here")
    reader = check(layout, data)
    (signed,) = signature_fields(reader)
    assert signed.field.reference == Reference(5)
    assert signed.field.dictionary["Rect"] == [1, 2, 3, 4]
    assert signed.signature is not None
    assert [(lock.action, lock.fields) for lock in signed.signature.field_mdp] == [("Include", ("a",))]
    assert signed.signature.doc_mdp == 3
    assert page_at(reader, 1).get("Annots") is None


def test_a_field_that_inherits_its_type_is_a_signature_field() -> None:
    data = form(b"/Fields[5 0 R]", _5=b"<</FT/Sig/T(group)/Kids[6 0 R]>>", _6=b"<</T(one)/Parent 5 0 R>>")
    layout = laid_out(data, field_name="group.one")
    assert check(layout, data).get(Reference(5)) == PdfReader(doc(data)).get(Reference(5))


def test_a_new_field_may_be_named() -> None:
    assert laid_out(classic(), field_name="承認").field_name == "承認"
    check(laid_out(classic(), field_name="承認"), classic())


SIGNED = b"<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>%b>>"
LOCKING = SIGNED % (
    b"/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(Signature2)(here)]>>>>]"
)
LOCKED_WHOLE = SIGNED % b"/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/All/P 1>>>>]"
WITH_SIGNATURE = form(b"/Fields[5 0 R]", _5=b"<</FT/Sig/T(Signature1)/V 6 0 R>>", _6=LOCKING)


@pytest.mark.parametrize(
    ("data", "changed", "error"),
    [
        (form(b"/Fields[5 0 R]", _5=EMPTY % b"/V 6 0 R", _6=SIGNED % b""), {"field_name": "here"}, FieldSigned),
        (form(b"/Fields[5 0 R]", _5=b"<</FT/Tx/T(here)>>"), {"field_name": "here"}, NotASignatureField),
        (form(b"/Fields[5 0 R]", _5=b"<</FT/Tx/T(here.x)>>"), {"field_name": "here"}, NotASignatureField),
        (form(b"/Fields[<</FT/Sig/T(here)>>]"), {"field_name": "here"}, NotASignatureField),
        (classic(), {"field_name": "a.b"}, FieldNameInvalid),
        (classic(), {"field_name": ""}, FieldNameInvalid),
        (WITH_SIGNATURE, {}, FieldLocked),
        (form(b"/Fields[5 0 R]", _5=b"<</FT/Sig/T(x)/V 6 0 R>>", _6=LOCKED_WHOLE), {}, CertifiedWithoutChanges),
        (WITH_SIGNATURE, {"certification": Certification.FORM_FILLING}, CertificationNotFirst),
        (classic({**OBJECTS, 1: b"<</Pages 2 0 R/NeedsRendering true/AcroForm<</XFA[]/Fields[]>>>>"}), {}, DynamicForm),
        (classic({**OBJECTS, 2: b"<</Type/Pages/Kids[]/Count 0>>"}), {}, PdfPageMissing),
        (classic({**OBJECTS, 2: b"(none)"}), {}, PdfStructureDamaged),
    ],
)  # fmt: skip
def test_what_may_not_be_signed_is_declined_by_name(
    data: bytes, changed: dict[str, object], error: type[MalformedInput]
) -> None:
    with pytest.raises(error) as caught:
        laid_out(data, **changed)
    for language in ("ja", "en"):
        assert "{" not in caught.value.explain(language) + caught.value.remedy(language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seed", "met"),
    [
        (b"/Filter/Adobe.PPKLite/SubFilter[/ETSI.CAdES.detached]/V 1/Reasons[(Approved)(Seen)]/AddRevInfo false/Ff 47", True),
        (b"/SubFilter[/adbe.pkcs7.detached]/Ff 2", False),
        (b"/SubFilter[/adbe.pkcs7.detached]", True),
        (b"/Reasons[(Seen)]/Ff 8", False),
        (b"/AddRevInfo true/Ff 32", False),
        (b"/DigestMethod[(SHA256)]/Ff 64", False),
        (b"/Cert<</Ff 1/Subject[(x)]>>", False),
    ],
)  # fmt: skip
def test_seed_values_are_met_or_named(seed: bytes, met: bool) -> None:  # noqa: FBT001
    data = form(b"/Fields[5 0 R]", _5=EMPTY % (b"/SV<<" + seed + b">>"))
    if met:
        check(laid_out(data, field_name="here"), data)
        return
    with pytest.raises(SeedValueUnmet):
        laid_out(data, field_name="here")


def test_a_damaged_file_is_signed_only_where_no_signature_stands_in_it() -> None:
    damaged = classic().replace(b"startxref\n", b"startxref\n9")
    check(lay_out(RebuiltPdf(doc(damaged)), PARAMETERS), damaged, whole=False)
    signed = WITH_SIGNATURE.replace(b"startxref\n", b"startxref\n9")
    with pytest.raises(PdfXrefDamaged):
        lay_out(RebuiltPdf(doc(signed)), PARAMETERS)


@pytest.mark.parametrize("kind", list(SignatureKind))
@pytest.mark.parametrize(
    "data",
    [
        classic(),
        classic()[:-1],
        hybrid(),
        linearised(),
        b"junk before the header\n" + classic(),
        classic({7: OBJECTS[1], 2: OBJECTS[2], 3: PAGE}, trailer=b"/Root 7 0 R/Info null" + IDENTIFIER),
        appended(classic(), {3: PAGE, 1: OBJECTS[1]}),
    ],
)
def test_the_short_way_writes_what_the_long_way_writes(data: bytes, kind: SignatureKind) -> None:
    parameters = replace(PARAMETERS, kind=kind)
    assert lay_out(PdfReader(doc(data)), parameters) == lay_out_any(PdfReader(doc(data)), parameters)
