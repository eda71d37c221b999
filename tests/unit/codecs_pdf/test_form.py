from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirushi.codecs.pdf.errors import PdfLimitExceeded
from shirushi.codecs.pdf.form import (
    FieldLock,
    acro_form,
    certification,
    fields,
    signature_dictionary,
    signature_fields,
)
from shirushi.codecs.pdf.objects import Reference
from shirushi.codecs.pdf.reader import PdfReader
from shirushi.codecs.pdf.text import decode_date, decode_text, encode_date, encode_text
from tests.unit.codecs_pdf.builder import OBJECTS, classic, doc

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R 6 0 R 9 0 R]>>/Perms<</DocMDP 8 0 R>>>>"
SIGNATURE = (
    b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 10 20 30]/Contents <00Ff>"
    b"/M(D:20260401090000+09'00')/Name<FEFF5C71>/Reason(Approved)/Location(Tokyo)/ContactInfo(a@example.jp)"
    b"/Reference[<</TransformMethod/DocMDP/TransformParams<</P 3>>>>"
    b"<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(a.b)]>>>>]>>"
)
FORM = {
    **OBJECTS,
    1: CATALOGUE,
    4: b"<</T(a)/FT/Tx/Ff 2/Kids[5 0 R]>>",
    5: b"<</T(b)/Parent 4 0 R/V(text)/Kids[7 0 R]>>",
    6: b"<</FT/Sig/T<FEFF5370>/V 8 0 R/Lock<</Action/All/P 1>>>>",
    7: b"<</Subtype/Widget/Parent 5 0 R>>",
    8: SIGNATURE,
    9: b"<</FT/Sig/T(empty)>>",
}


def test_fields_have_full_names_inherited_entries_and_widgets() -> None:
    first, second, third = fields(PdfReader(doc(classic(FORM))))
    assert (first.name, first.get("FT"), first.get("Ff"), first.get("V")) == ("a.b", "Tx", 2, b"text")
    assert (first.reference, first.widgets) == (Reference(5), (Reference(7),))
    assert (second.name, second.widgets, third.name) == ("印", (Reference(6),), "empty")


def test_signature_fields_say_all_that_stands_in_them() -> None:
    data = classic(FORM)
    signed, empty = signature_fields(PdfReader(doc(data)))
    found = signed.signature
    assert found is not None
    assert (found.type, found.filter, found.sub_filter) == ("Sig", "Adobe.PPKLite", "ETSI.CAdES.detached")
    assert (found.byte_range, found.contents) == ((0, 10, 20, 30), b"\x00\xff")
    assert found.contents_span is not None
    assert data[slice(*found.contents_span)] == b"<00Ff>"
    assert (found.name, found.reason, found.location, found.contact_info) == (
        "山",
        "Approved",
        "Tokyo",
        "a@example.jp",
    )
    assert found.time == datetime(2026, 4, 1, tzinfo=UTC)
    assert (found.doc_mdp, found.field_mdp) == (3, (FieldLock("Include", ("a.b",)),))
    assert signed.lock == FieldLock("All", (), 1)
    assert (empty.name, empty.signature, empty.lock) == ("empty", None, None)


def test_the_certification_is_found_through_the_catalogue() -> None:
    found = certification(PdfReader(doc(classic(FORM))))
    assert found is not None
    assert found.doc_mdp == 3
    bare = PdfReader(doc(classic()))
    assert (certification(bare), acro_form(bare), list(fields(bare))) == (None, None, [])


def test_a_signature_of_odd_values_is_still_read() -> None:
    reader = PdfReader(doc(classic({**OBJECTS, 4: b"<</ByteRange[0 (x) 1.5 7]/Contents 5/M(yesterday)>>"})))
    found = signature_dictionary(reader, Reference(4))
    assert found is not None
    assert (found.byte_range, found.contents, found.time, found.sub_filter) == ((0, 7), b"", None, None)


@pytest.mark.parametrize(
    ("lock", "locked"),
    [
        (FieldLock("All"), {"a", "a.b", "c"}),
        (FieldLock("Include", ("a",)), {"a", "a.b"}),
        (FieldLock("Exclude", ("a",)), {"c"}),
        (FieldLock("Odd"), set()),
    ],
)
def test_locks_hold_a_field_and_those_below_it(lock: FieldLock, locked: set[str]) -> None:
    assert {name for name in ("a", "a.b", "c") if lock.locks(name)} == locked


def test_fields_that_contain_themselves_end() -> None:
    objects = {
        **OBJECTS,
        1: CATALOGUE,
        4: b"<</T(a)/Kids[4 0 R 5 0 R]>>",
        5: b"<</T(b)/Kids[4 0 R]>>",
        6: b"<<>>",
        9: b"null",
    }
    assert [field.name for field in fields(PdfReader(doc(classic(objects))))] == [""]


def test_direct_fields_nested_without_end_are_refused() -> None:
    nested = b"<</T(x)/Kids[" * 70 + b"<</T(y)>>" + b"]>>" * 70
    # deeper than the lexer goes is damage, deeper than forms go is a limit
    reader = PdfReader(
        doc(
            classic(
                {
                    **OBJECTS,
                    1: b"<</Pages 2 0 R/AcroForm 4 0 R>>",
                    4: b"<</Fields[5 0 R]>>",
                    5: b"<</T(a)/Kids 6 0 R>>",
                    6: b"[7 0 R]",
                    7: b"<</T(b)/Kids[8 0 R]>>",
                    8: nested[: 13 * 50] + b"<</T(y)>>" + b"]>>" * 50,
                }
            )
        )
    )
    assert [field.name.count(".") for field in fields(reader)] == [52]
    chain = {number: b"<</T(x)/Kids[%d 0 R]>>" % (number + 1) for number in range(4, 100)}
    deep = classic({**OBJECTS, 1: b"<</Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>", **chain, 100: b"<</T(y)>>"})
    with pytest.raises(PdfLimitExceeded):
        list(fields(PdfReader(doc(deep))))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"\xfe\xff\x53\x70", "印"),
        (b"\xff\xfe\x70\x53", "印"),
        (b"\xef\xbb\xbf\xe5\x8d\xb0", "印"),
        (b"\xa0\x80\x9e\x1f", "€•ž˜"),
        (b"\xfe\xff\x00\x1b\x00j\x00a\x00\x1b\x53\x70", "印"),
    ],
)
def test_text_strings_in_every_encoding(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b")))
def test_text_is_read_as_it_was_written(text: str) -> None:
    decoded = decode_text(encode_text(text))
    assert decoded == text or text.isascii()


def test_dates() -> None:
    moment = datetime(2026, 4, 1, 0, 30, 5, tzinfo=UTC)
    assert encode_date(moment) == b"D:20260401003005+00'00'"
    assert decode_date(encode_date(moment)) == moment
    assert decode_date(b"D:20260401093005+09'00'") == moment
    assert decode_date(b"D:20260331193005-05'00") == moment
    assert decode_date(b"D:2026") == datetime(2026, 1, 1, tzinfo=UTC)
    assert decode_date(b"20260401003005Z") == moment
    assert [decode_date(value) for value in (b"D:20261301", b"x", 5, b"D:00000101")] == [None] * 4
