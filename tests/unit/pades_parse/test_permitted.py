"""What may happen after a signature."""

from dataclasses import replace

import pytest

from shirushi.codecs.pdf.objects import PdfValue, stream
from shirushi.core.evidence import ChangeKind
from shirushi.formats.pades.layout import SignatureKind
from shirushi.formats.protocol import Certification
from tests.unit.pades_parse.making import (
    CATALOGUE,
    CHECK_FIELD,
    COMMENT,
    ELEMENT,
    EMPTY,
    FORM,
    GROUP,
    INFO,
    METADATA,
    PAGE_1,
    PAGES,
    PARENT_TREE,
    TEXT_FIELD,
    TEXT_LOOK,
    TREE,
    UNUSED,
    after,
    denied,
    field_reference,
    get,
    is_clean,
    look,
    n,
    next_reference,
    objects,
    permitted,
    sign,
    update,
    written,
)  # fmt: skip

PLAIN = written(objects())
SIGNED = sign(PLAIN)
FILLED = permitted(ChangeKind.FORM_FILLED, 'field "amount"')


def filled() -> dict:
    new = next_reference(SIGNED)
    return {TEXT_FIELD: {**get(SIGNED, TEXT_FIELD), "V": b"200", "AP": {"N": new}}, new: look("200")}


def annotated(given, subtype="Text", **entries: PdfValue) -> dict:
    new = next_reference(given)
    page = get(given, PAGE_1)
    comment = {"Type": n("Annot"), "Subtype": n(subtype), "Rect": [1, 1, 9, 9], **entries}
    return {PAGE_1: {**page, "Annots": [*page["Annots"], new]}, new: comment}


def test_nothing_changed():
    assert after(SIGNED) == {"Signature1": ()}


def test_white_space_behind_the_end_is_no_change():
    assert after(replace(SIGNED, appended=b"\r\n\x00")) == {"Signature1": ()}


def test_another_signature():
    both = after(sign(SIGNED))
    assert both == {
        "Signature1": (permitted(ChangeKind.SIGNATURE_ADDED, 'field "Signature2"'),),
        "Signature2": (),
    }


def test_an_empty_field_is_signed():
    found = after(sign(SIGNED, field="reserved"))["Signature1"]
    assert found == (permitted(ChangeKind.SIGNATURE_ADDED, 'field "reserved"'),)


def test_three_signatures_and_a_time_stamp():
    document = sign(sign(sign(SIGNED)), kind=SignatureKind.DOCUMENT_TIMESTAMP)
    found = after(document)
    assert [len(changes) for changes in found.values()] == [3, 2, 1, 0]
    assert found["Signature3"] == (permitted(ChangeKind.TIMESTAMP_ADDED, 'field "Signature4"'),)


def test_a_security_store():
    new = next_reference(SIGNED)
    store = {CATALOGUE: {**get(SIGNED, CATALOGUE), "DSS": new}, new: {"Certs": []}}
    document = update(SIGNED, store)
    assert after(document)["Signature1"] == (permitted(ChangeKind.VALIDATION_DATA_ADDED, "DSS"),)
    further = update(document, {new: {"Certs": [], "CRLs": []}})
    assert is_clean(further)


def test_a_field_is_filled_in():
    assert after(update(SIGNED, filled()))["Signature1"] == (FILLED,)


def test_a_field_is_filled_in_twice():
    once = update(SIGNED, filled())
    new = next_reference(once)
    field = {**get(once, TEXT_FIELD), "V": b"300", "AP": {"N": new}}
    assert after(update(once, {TEXT_FIELD: field, new: look("300")}))["Signature1"] == (FILLED,)


def test_a_look_is_written_over_while_filling_in():
    field = {**get(SIGNED, TEXT_FIELD), "V": b"200"}
    assert after(update(SIGNED, {TEXT_FIELD: field, TEXT_LOOK: look("200")}))["Signature1"] == (FILLED,)


def test_a_box_is_ticked():
    field = {**get(SIGNED, CHECK_FIELD), "V": n("Yes"), "AS": n("Yes")}
    assert after(update(SIGNED, {CHECK_FIELD: field}))["Signature1"] == (
        permitted(ChangeKind.FORM_FILLED, 'field "agree"'),
    )


def test_a_value_above_its_widget():
    field = {**get(SIGNED, GROUP), "V": b"two"}
    assert after(update(SIGNED, {GROUP: field}))["Signature1"] == (
        permitted(ChangeKind.FORM_FILLED, 'field "group"'),
    )


def test_a_signed_field_is_locked():
    place = field_reference(SIGNED, "Signature1")
    field = get(SIGNED, place)
    assert is_clean(update(SIGNED, {place: {**field, "F": 132 | 64, "Ff": 1}}))
    assert not is_clean(update(SIGNED, {place: {**field, "F": 132 | 2}}))


def test_metadata():
    document = update(SIGNED, {INFO: {"ModDate": b"D:2026"}, METADATA: stream({}, b"<y/>")})
    assert set(after(document)["Signature1"]) == {
        permitted(ChangeKind.METADATA, "Info"),
        permitted(ChangeKind.METADATA, "Metadata"),
    }


def test_resources_of_the_form_grow():
    form = get(SIGNED, FORM)
    document = update(
        SIGNED, {FORM: {**form, "DR": {"Font": {"F1": form["DR"]["Font"]["F1"], "F2": UNUSED}}}}
    )
    assert is_clean(document)


def test_an_object_that_says_the_same_again():
    assert after(update(SIGNED, {PAGE_1: get(SIGNED, PAGE_1), PAGES: get(SIGNED, PAGES)}))["Signature1"] == ()


def test_an_object_that_nothing_uses():
    assert after(update(SIGNED, {UNUSED: {"A": 1}, next_reference(SIGNED): {"B": 2}}))["Signature1"] == ()


def test_tags_for_a_new_signature():
    new, element = next_reference(SIGNED), next_reference(SIGNED, 1)
    both = sign(SIGNED)
    tags = {
        TREE: {**get(both, TREE), "K": [ELEMENT, element], "ParentTreeNextKey": 2},
        element: {"S": n("Form"), "P": TREE, "K": {"Type": n("OBJR"), "Obj": new}},
        PARENT_TREE: {"Nums": [0, [ELEMENT], 1, element]},
    }
    assert permitted(ChangeKind.METADATA, "structure tree") in after(update(both, tags))["Signature1"]


@pytest.mark.parametrize("level", list(Certification))
def test_levels_of_certification(level):
    document = sign(PLAIN, certification=level)
    fill = {TEXT_FIELD: {**get(document, TEXT_FIELD), "V": b"200"}}
    assert is_clean(update(document, fill)) is (level is not Certification.NO_CHANGES)
    assert is_clean(update(document, annotated(document))) is (level is Certification.ANNOTATIONS)
    assert is_clean(sign(document, kind=SignatureKind.DOCUMENT_TIMESTAMP))
    store = {CATALOGUE: {**get(document, CATALOGUE), "DSS": {"Certs": []}}, INFO: {"ModDate": b"D:2026"}}
    assert is_clean(update(document, store))
    assert is_clean(update(document, {INFO: {"Title": b"Other"}})) is (level is not Certification.NO_CHANGES)


def test_certification_enters_itself():
    assert is_clean(sign(PLAIN, certification=Certification.FORM_FILLING))


def test_a_later_signature_inherits_what_the_first_forbade():
    document = sign(sign(PLAIN, certification=Certification.FORM_FILLING))
    assert not is_clean(update(document, annotated(document)), "Signature2")


@pytest.mark.parametrize("subtype", ["Text", "FreeText", "Highlight", "Stamp", "Link"])
def test_comments_where_permitted(subtype):
    document = sign(PLAIN, certification=Certification.ANNOTATIONS)
    assert after(update(document, annotated(document, subtype)))["Signature1"] == (
        permitted(ChangeKind.ANNOTATION, "page 1"),
    )


def test_comments_change_and_go_where_permitted():
    document = sign(PLAIN, certification=Certification.ANNOTATIONS)
    assert is_clean(update(document, {COMMENT: {**get(document, COMMENT), "Contents": b"other"}}))
    page = get(document, PAGE_1)
    assert is_clean(
        update(document, {PAGE_1: {**page, "Annots": [a for a in page["Annots"] if a != COMMENT]}})
    )


@pytest.mark.parametrize("subtype", ["Watermark", "Redact", "Screen", "3D", "Widget", "Unknown"])
def test_what_is_no_comment_is_never_permitted(subtype):
    document = sign(PLAIN, certification=Certification.ANNOTATIONS)
    assert not is_clean(update(document, annotated(document, subtype)))


def test_without_a_word_on_permissions_no_annotation_is_put_over_pages():
    assert after(update(SIGNED, annotated(SIGNED)))["Signature1"] == (
        denied(ChangeKind.ANNOTATION, "page 1"),
    )


def locked(action: str, *names: bytes):
    given = objects()
    lock = {"Type": n("SigFieldLock"), "Action": n(action), **({"Fields": list(names)} if names else {})}
    given[EMPTY] = {**given[EMPTY], "Lock": lock}
    return sign(written(given), field="reserved")


@pytest.mark.parametrize(
    ("action", "names", "free"),
    [
        ("All", (), False),
        ("Include", (b"amount",), False),
        ("Include", (b"agree",), True),
        ("Exclude", (b"amount",), True),
    ],
)
def test_locked_fields(action, names, free):
    document = locked(action, *names)
    fill = {TEXT_FIELD: {**get(document, TEXT_FIELD), "V": b"200"}}
    assert is_clean(update(document, fill), "reserved") is free


def test_a_lock_leaves_room_for_time_stamps():
    assert is_clean(sign(locked("All"), kind=SignatureKind.DOCUMENT_TIMESTAMP), "reserved")
