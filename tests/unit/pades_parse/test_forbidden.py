"""What no signature permits, and attacks that others have published."""

from dataclasses import replace

import pytest

from shirushi.codecs.pdf.errors import MalformedPdf
from shirushi.codecs.pdf.objects import Stream, stream
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.writer import serialise
from shirushi.core.document import document as in_memory
from shirushi.core.evidence import ChangeKind
from shirushi.formats.pades.changes.ambiguity import repeats_entry
from shirushi.formats.protocol import Certification
from tests.unit.pades_parse.making import (
    ANNOTS_2,
    CATALOGUE,
    CHECK_FIELD,
    CHECK_ON,
    COMMENT,
    CONTENT_1,
    CONTENT_2,
    ELEMENT,
    EMPTY,
    FONT,
    FORM,
    FREE,
    GROUP,
    INFO,
    KID,
    METADATA,
    OUTLINE,
    PAGE_1,
    PAGE_2,
    PAGES,
    PARENT_TREE,
    TEXT_FIELD,
    TEXT_LOOK,
    TREE,
    UNUSED,
    R,
    after,
    body,
    denied,
    field_reference,
    flat,
    get,
    is_clean,
    look,
    n,
    next_reference,
    objects,
    sign,
    update,
    widget,
    written,
)  # fmt: skip

PLAIN = written(objects())
SIGNED = sign(PLAIN)
PERMISSIVE = sign(PLAIN, certification=Certification.ANNOTATIONS)


def changed(reference, document=SIGNED, **entries):
    """An update of a dictionary; an entry of None goes away."""
    given = {**get(document, reference), **entries}
    return {reference: {key: value for key, value in given.items() if value is not None}}


def new_page() -> dict:
    new = next_reference(SIGNED)
    page = {"Type": n("Page"), "Parent": PAGES, "MediaBox": [0, 0, 9, 9]}
    return {**changed(PAGES, Kids=[PAGE_1, PAGE_2, new], Count=3), new: page}


EVIL = stream({}, b"BT (Pay 900 yen) Tj ET")
FORBIDDEN = {
    "content": {CONTENT_1: EVIL},
    "content of the second page": {CONTENT_2: EVIL},
    "contents": {**changed(PAGE_1, Contents=next_reference(SIGNED)), next_reference(SIGNED): EVIL},
    "content gone": {CONTENT_1: None},
    "font": {FONT: {"Type": n("Font"), "Subtype": n("Type1"), "BaseFont": n("Symbol")}},
    "resources": changed(PAGE_1, Resources={}),
    "media box": changed(PAGE_1, MediaBox=[0, 0, 1, 1]),
    "inherited media box": changed(PAGES, MediaBox=[0, 0, 1, 1]),
    "rotation": changed(PAGE_1, Rotate=180),
    "page's actions": changed(PAGE_1, AA={"O": {"S": n("JavaScript"), "JS": b"x"}}),
    "page added": new_page(),
    "page removed": changed(PAGES, Kids=[PAGE_1], Count=1),
    "pages swapped": changed(PAGES, Kids=[PAGE_2, PAGE_1]),
    "page put in place of another": changed(PAGES, Kids=[PAGE_1, PAGE_1]),
    "count alone": changed(PAGES, Count=1),
    "page object gone": {PAGE_2: None},
    "outline": changed(OUTLINE, Title=b"Other"),
    "open action": changed(CATALOGUE, OpenAction={"S": n("JavaScript"), "JS": b"x"}),
    "catalogue's actions": changed(CATALOGUE, AA={"WC": {"S": n("JavaScript"), "JS": b"x"}}),
    "names": changed(CATALOGUE, Names={"JavaScript": {"Names": [b"x", {"S": n("JavaScript")}]}}),
    "optional content": changed(CATALOGUE, OCProperties={"D": {}, "OCGs": []}),
    "usage rights": changed(CATALOGUE, Perms={"UR3": {"Type": n("Sig")}}),
    "certified by a signature of before": changed(CATALOGUE, Perms={"DocMDP": field_reference(SIGNED, "Signature1")}),
    "XFA": changed(FORM, XFA=[b"a", b"b"]),
    "fields drawn anew": changed(FORM, NeedAppearances=True),
    "default look": changed(FORM, DA=b"/F1 1 Tf 1 g"),
    "form's font replaced": changed(FORM, DR={"Font": {"F1": UNUSED}}),
    "calculation order": changed(FORM, CO=[TEXT_FIELD]),
    "field removed": changed(FORM, Fields=[f for f in get(SIGNED, FORM)["Fields"] if f != TEXT_FIELD]),
    "field renamed": changed(TEXT_FIELD, T=b"other"),
    "look without a value": {TEXT_LOOK: look("900")},
    "another look without a value": {**changed(TEXT_FIELD, AP={"N": next_reference(SIGNED)}), next_reference(SIGNED): look("900")},
    "state without a value": changed(CHECK_FIELD, AS=n("Yes")),
    "look of a state": {CHECK_ON: look("-")},
    "look of a kid": changed(KID, AP={"N": CHECK_ON}),
    "field moved": changed(TEXT_FIELD, Rect=[20, 300, 200, 340], V=b"900"),
    "field hidden": changed(TEXT_FIELD, F=6, V=b"900"),
    "field with an action": changed(TEXT_FIELD, V=b"900", AA={"F": {"S": n("JavaScript")}}),
    "type of a field": changed(TEXT_FIELD, FT=n("Ch"), V=b"900"),
    "field emptied": {TEXT_FIELD: {}},
    "field freed": {TEXT_FIELD: None},
    "look of a signature": changed(field_reference(SIGNED, "Signature1"), AP={"N": CHECK_ON}),
    "place of a signature": changed(field_reference(SIGNED, "Signature1"), Rect=[0, 0, 300, 400]),
    "look of an empty signature field": changed(EMPTY, AP={"N": CHECK_ON}),
    "annotation gone": {COMMENT: None},
    "annotations gone": changed(PAGE_1, Annots=None),
    "annotations in another order": changed(PAGE_1, Annots=[CHECK_FIELD, TEXT_FIELD, EMPTY, COMMENT, KID]),
    "old field on another page": {ANNOTS_2: [TEXT_FIELD]},
    "page as its own annotation": {ANNOTS_2: [PAGE_2]},
    "object of before as an annotation": {ANNOTS_2: [UNUSED]},
    "alternative text": changed(ELEMENT, Alt=b"do not pay"),
    "tag with content": {**changed(TREE, K=[ELEMENT, next_reference(SIGNED)]), next_reference(SIGNED): {"S": n("P"), "K": [1]}},
    "tag with text of its own": {
        **changed(TREE, K=[ELEMENT, next_reference(SIGNED)]),
        next_reference(SIGNED): {"S": n("P"), "ActualText": b"900"},
    },
    "tag removed": changed(TREE, K=[]),
    "content of a tag": changed(ELEMENT, K=[0, 1]),
    "number tree": {PARENT_TREE: {"Nums": []}},
}  # fmt: skip


@pytest.mark.parametrize("what", FORBIDDEN)
def test_changes_of_what_was_signed(what):
    assert not is_clean(update(SIGNED, FORBIDDEN[what]))


OWN = {"look of a signature", "place of a signature", "certified by a signature of before", "annotation gone"}
"""What speaks of the signature of SIGNED, or what a certification may permit."""
NEW = {what for what, given in FORBIDDEN.items() if next_reference(SIGNED) in given}


@pytest.mark.parametrize("what", sorted(FORBIDDEN.keys() - OWN - NEW))
def test_certification_that_allows_annotations_allows_no_more(what):
    assert not is_clean(update(PERMISSIVE, FORBIDDEN[what]))


def test_a_signature_that_is_taken_out_again():
    both = sign(SIGNED)
    first, second = (field_reference(both, name) for name in ("Signature1", "Signature2"))
    assert not is_clean(update(both, changed(second, both, V=None)), "Signature1")
    assert not is_clean(update(both, changed(first, both, V=None)), "Signature2")
    gone = changed(FORM, both, Fields=[TEXT_FIELD, CHECK_FIELD, EMPTY, GROUP, first])
    assert not is_clean(update(both, gone), "Signature1")


def test_where_is_said():
    place = after(update(SIGNED, {CONTENT_2: EVIL}))["Signature1"]
    assert place == (denied(ChangeKind.CONTENT_CHANGED, "page 2, object 6"),)
    assert after(update(SIGNED, new_page()))["Signature1"][0].where == "page 3 added"
    assert after(update(SIGNED, FORBIDDEN["look without a value"]))["Signature1"][0].where == 'field "amount"'


def test_a_new_field_that_is_no_signature():
    new = next_reference(SIGNED)
    field = widget(PAGE_1, [0, 0, 300, 400], FT=n("Tx"), T=b"new", V=b"x", AP={"N": CHECK_ON})
    update_ = {
        new: field,
        **changed(FORM, Fields=[*get(SIGNED, FORM)["Fields"], new]),
        **changed(PAGE_1, Annots=[*get(SIGNED, PAGE_1)["Annots"], new]),
    }
    assert not is_clean(update(SIGNED, update_))


def signature_field(**entries) -> dict:
    new = next_reference(SIGNED)
    field = widget(PAGE_1, [0, 0, 300, 400], FT=n("Sig"), T=b"sneaky", **entries)
    return {
        new: field,
        **changed(FORM, Fields=[*get(SIGNED, FORM)["Fields"], new]),
        **changed(PAGE_1, Annots=[*get(SIGNED, PAGE_1)["Annots"], new]),
    }


def test_a_signature_field_over_the_page_that_nobody_signed():
    assert is_clean(update(SIGNED, signature_field()))
    assert not is_clean(update(SIGNED, signature_field(AP={"N": CHECK_ON})))


def test_a_signature_that_does_not_cover_the_update_it_came_with():
    old = PdfReader(SIGNED).get(get(SIGNED, field_reference(SIGNED, "Signature1"))["V"])
    assert not is_clean(update(SIGNED, signature_field(V=dict(old))))
    assert not is_clean(update(SIGNED, signature_field(V={"Type": n("Sig")})))


def test_a_visible_time_stamp_is_a_signature():
    new = next_reference(SIGNED)
    covering = {"Type": n("DocTimeStamp"), "SubFilter": n("ETSI.RFC3161"), "ByteRange": [0, 1, 2, 10**6]}
    found = after(update(SIGNED, signature_field(V=covering)))["Signature1"]
    assert ChangeKind.TIMESTAMP_ADDED not in {c.kind for c in found}
    assert new.number > 0


def test_a_reference_to_nothing_gets_something():
    """An object that a signed page names and that is not there yet shows as soon as it is made."""
    given = objects()
    given[PAGE_1] = {**given[PAGE_1], "Contents": [CONTENT_1, R(90)]}
    document = sign(written(given))
    assert not is_clean(update(document, {R(90): EVIL}))


def test_a_free_object_is_used():
    given = objects()
    given[PAGE_1] = {**given[PAGE_1], "Contents": [CONTENT_1, FREE]}
    assert not is_clean(update(sign(written(given)), {FREE: EVIL}))


def test_one_object_in_two_roles():
    """What may change as metadata, as a store or as the look of a field may not where a page uses it as well."""
    for key in ("Metadata", "DSS", "PieceInfo"):
        given = objects()
        given[CATALOGUE] = {**given[CATALOGUE], key: CONTENT_1}
        assert not is_clean(update(sign(written(given)), {CONTENT_1: EVIL})), key
    given = objects()
    given[TEXT_FIELD] = {**given[TEXT_FIELD], "AP": {"N": CONTENT_1}}
    document = sign(written(given))
    assert not is_clean(update(document, {**changed(TEXT_FIELD, document, V=b"2"), CONTENT_1: look("900")}))


def test_an_annotation_that_serves_as_a_resource():
    given = objects()
    given[PAGE_1] = {**given[PAGE_1], "Resources": {"Font": {"F1": COMMENT}}}
    document = sign(written(given), certification=Certification.ANNOTATIONS)
    assert not is_clean(update(document, changed(COMMENT, document, BaseFont=n("Symbol"))))


def test_a_list_of_annotations_that_serves_as_contents():
    given = objects()
    given[PAGE_1] = {**given[PAGE_1], "Contents": ANNOTS_2}
    document = sign(written(given), certification=Certification.ANNOTATIONS)
    new = next_reference(document)
    assert not is_clean(update(document, {ANNOTS_2: [new], new: get(document, COMMENT)}))


def test_an_object_is_looked_up_elsewhere_in_the_signed_bytes():
    """Shadow attacks switch objects by a new cross-reference section alone."""
    hidden = b"%d 0 obj\n%b\nendobj\n" % (CONTENT_1.number, body(EVIL))
    given = objects()
    given[CONTENT_2] = stream({}, hidden)
    document = sign(written(given))
    data = document.read()
    place = data.index(hidden)
    previous = PdfReader(document).startxref
    tail = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 60/Root 1 0 R/Info 17 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        CONTENT_1.number, place, previous, len(data)
    )  # fmt: skip
    assert R(17) == INFO
    assert not is_clean(flat(replace(document, appended=tail)))
    freed = tail.replace(b"%010d 00000 n" % place, b"0000000000 00001 f")
    assert not is_clean(flat(replace(document, appended=freed)))


def test_objects_behind_the_end_that_no_section_lists():
    tail = b"%d 0 obj\n%b\nendobj\n" % (CONTENT_1.number, body(EVIL))
    for end in (
        b"",
        b"%%EOF\n",
        b"startxref\n9\n%%EOF\n",
        b"xref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n",
    ):
        found = after_or_raise(flat(replace(SIGNED, appended=tail + end)))
        assert found is None or any(
            c.kind is ChangeKind.UNEXPLAINED_BYTES and not c.allowed for c in found
        ), end


def after_or_raise(document):
    """The changes; None where the file is declined as damaged."""
    try:
        return after(document)["Signature1"]
    except MalformedPdf:
        return None


def test_objects_in_an_update_that_its_section_does_not_list():
    good = update(SIGNED, {INFO: {"ModDate": b"D:2026"}})
    appended = good.read()[SIGNED.size :]
    stray = b"%d 0 obj\n%b\nendobj\n" % (CONTENT_1.number, body(EVIL))
    section = PdfReader(good).startxref
    assert is_clean(good)
    for insertion in (stray, b"junk\n", b"% " + stray.replace(b"\n", b" ") + b"\n"):
        moved = stray_before_section(appended, insertion, section)
        found = after(flat(replace(SIGNED, appended=moved)))["Signature1"]
        assert any(c.kind is ChangeKind.UNEXPLAINED_BYTES for c in found), insertion


def stray_before_section(appended: bytes, insertion: bytes, section: int) -> bytes:
    at = appended.rindex(b"xref\n", 0, appended.rindex(b"startxref"))
    return (appended[:at] + insertion + appended[at:]).replace(
        b"%d\n%%%%EOF" % section, b"%d\n%%%%EOF" % (section + len(insertion))
    )


def test_a_comment_in_an_update_is_nothing():
    good = update(SIGNED, {INFO: {"ModDate": b"D:2026"}})
    appended = good.read()[SIGNED.size :]
    moved = stray_before_section(appended, b"% made by hand\n", PdfReader(good).startxref)
    assert is_clean(flat(replace(SIGNED, appended=moved)))


def test_an_object_that_the_signed_table_places_behind_the_end():
    data = PLAIN.read()
    old = b"%010d 00000 n" % data.index(b"%d 0 obj" % CONTENT_1.number)
    space = 40_000
    shadowed = flat(replace(PLAIN, appended=b"")).read().replace(old, b"%010d 00000 n" % space)
    document = sign(in_memory(shadowed))
    filler = space - document.size
    appended = b"%" + b" " * (filler - 2) + b"\n" + b"%d 0 obj\n%b\nendobj\n" % (CONTENT_1.number, body(EVIL))
    start = space + len(appended) - filler
    tail = b"xref\n0 0\ntrailer\n<</Size 60/Root 1 0 R/Info 17 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        PdfReader(document).startxref, start
    )  # fmt: skip
    later = flat(replace(document, appended=appended + tail))
    assert isinstance(PdfReader(later).get(CONTENT_1), Stream)
    assert not is_clean(later)


def test_a_later_change_counts_for_every_earlier_signature():
    document = update(sign(sign(SIGNED)), {CONTENT_1: EVIL})
    found = after(document)
    assert all(any(not c.allowed for c in changes) for changes in found.values())
    assert len(found) == 3


def test_a_change_that_a_later_signature_signs_counts_for_the_earlier_alone():
    document = sign(update(SIGNED, {CONTENT_1: EVIL}))
    assert not is_clean(document, "Signature1")
    assert is_clean(document, "Signature2")


def test_the_last_update_undoes_what_one_before_did():
    once = update(SIGNED, {CONTENT_1: EVIL})
    back = update(once, {CONTENT_1: objects()[CONTENT_1]})
    assert not is_clean(back)  # somebody may have been shown the one between


def test_the_root_is_another():
    new = next_reference(SIGNED)
    reader = PdfReader(SIGNED)
    good = update(SIGNED, {new: get(SIGNED, CATALOGUE)}).read()
    assert reader.root_reference == CATALOGUE
    other = good[: SIGNED.size] + good[SIGNED.size :].replace(b"/Root 1 0 R", b"/Root %d 0 R" % new.number)
    assert not is_clean(in_memory(other[: other.rindex(b"startxref")] + good[good.rindex(b"startxref") :]))


def test_every_object_that_is_reached_is_guarded():
    """Whatever the object: an entry that nobody knows is permitted nowhere but in what describes or is filled in."""
    describing = {METADATA, INFO, UNUSED}
    for reference, value in objects().items():
        if reference in describing:
            continue
        if isinstance(value, Stream):
            other = stream({**value.dictionary, "Unknown": 1}, value.read())
        elif isinstance(value, dict):
            other = {**get(SIGNED, reference), "Unknown": 1}
        else:
            other = [*value, 1]
        assert not is_clean(update(SIGNED, {reference: other})), reference


def test_many_changes_are_told_in_short():
    given = objects()
    numbers = [R(number) for number in range(100, 400)]
    given |= {number: {"A": 1} for number in numbers}
    given[PAGE_2] = {**given[PAGE_2], "Many": numbers}
    found = after(update(sign(written(given)), {number: {"A": 2} for number in numbers}))["Signature1"]
    assert len(found) == 101
    assert found[-1].where == "200 more places"


def raw_update(given, *parts: bytes):
    """An update written by hand: objects as they are given, each beginning with its number."""
    offset = given.size
    places = []
    for part in parts:
        places.append((int(part.split()[0]), offset))
        offset += len(part)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places)
    tail = b"xref\n%btrailer\n<</Size 60/Root 1 0 R/Info 17 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        table, PdfReader(given).startxref, offset
    )  # fmt: skip
    return flat(replace(given, appended=b"".join(parts) + tail))


def test_an_entry_that_stands_twice():
    """One reader takes the first, another the last: the catalogue could lead to two documents."""
    same = serialise(get(SIGNED, CATALOGUE))
    assert is_clean(raw_update(SIGNED, b"1 0 obj\n" + same + b"\nendobj\n"))
    twice = b"1 0 obj\n<</P#61ges 90 0 R" + same[2:] + b"\nendobj\n"
    found = after(raw_update(SIGNED, twice))["Signature1"]
    assert [(c.kind, c.where) for c in found if not c.allowed] == [(ChangeKind.UNEXPLAINED_BYTES, "object 1")]


@pytest.mark.parametrize(
    ("data", "repeats"),
    [
        (b"<</A/A/B[/A/A]/C<</A 1/B 2>>>>", False),
        (b"<</A 1 0 R/B(/A /A)/C</A>/D true%/A\n/E null>>", False),
        (b"<</A(\\)/A(x)/A)/B 1>>", False),
        (b"<</A 1>><</A 1>>", False),
        (b"<</A 1/B 2/A 3>>", True),
        (b"<</A<</B 1/#42 2>>>>", True),
        (b"[<</A 1 0 R/B 2/A 3 0 R>>]", True),
        (b"<</A(()/A)/A 1>>", True),
        (b"<</A 1", False),
        (b"<</A(", False),
    ],
)
def test_repeated_entries(data, repeats):
    assert repeats_entry(data) is repeats


def test_an_object_stream_is_written_anew():
    """What lies in a stream changes with it, though no section says so."""
    packed = b"5 0 <</A 1>>"
    given = objects()
    given[R(50)] = stream({"Type": n("ObjStm"), "N": 1, "First": 4}, packed)
    data = written(given).read()
    entries = PdfReader(in_memory(data))
    rows = b""
    for number in range(51):
        kind, place, ordinal = entries.find(number) or (0, 0, 0)
        rows += bytes([kind]) + place.to_bytes(4, "big") + ordinal.to_bytes(2, "big")
    rows = rows[: 5 * 7] + bytes([2]) + (50).to_bytes(4, "big") + bytes(2) + rows[6 * 7 :]
    section = stream({"Type": n("XRef"), "Size": 51, "W": [1, 4, 2], "Root": CATALOGUE, "Info": INFO}, rows)
    start = len(data)
    whole = data + b"60 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (body(section), start)
    document = sign(in_memory(whole))
    assert PdfReader(document).get(CONTENT_1) == {"A": 1}
    other = stream({"Type": n("ObjStm"), "N": 1, "First": 4}, packed.replace(b"1>>", b"2>>"))
    found = after(update(document, {R(50): other}))["Signature1"]
    assert denied(ChangeKind.CONTENT_CHANGED, "object stream 50") in found
