"""Raising: what each level takes, where it is put, and that it is found there again."""

import pytest

from shirushi.codecs.xml.reader import parse_xml
from shirushi.core.document import document
from shirushi.core.evidence import Level, TimeStampKind
from shirushi.formats.protocol import (
    MaterialNeeded,
    Packaging,
    SignatureParameters,
    StampNeeded,
    ValidationMaterial,
)
from shirushi.formats.xades.declined import (
    BreaksSignature,
    BreaksTimeStamp,
    ContentMissing,
    SignatureNotFound,
)
from tests.unit.formats_cades.world import DAY, START
from tests.unit.formats_xades.bench import FORM, INVOICE, codes, invoice, replaced, signed, world


def contents_of(packaging: Packaging):
    return [invoice()] if packaging is Packaging.DETACHED else []


def names(given) -> list[str]:
    """The unsigned properties in their order."""
    (place,) = parse_xml(given.read()).root.iter(
        "{http://uri.etsi.org/01903/v1.3.2#}UnsignedSignatureProperties"
    )
    return [each.tag.rpartition("}")[2] for each in place]


@pytest.mark.parametrize("packaging", Packaging)
@pytest.mark.parametrize("level", Level)
def test_every_level_of_every_packaging(packaging, level):
    contents = contents_of(packaging)
    given = world().raise_to(FORM, signed(packaging), level, contents=contents)
    (evidence,) = FORM.parse(given, contents)
    assert evidence.integrity
    assert (evidence.level, evidence.structure, evidence.level_failings) == (level, (), ())
    stamps = (*evidence.signature_timestamps, *evidence.archive_timestamps)
    assert [s.imprint_intact for s in stamps] == [True] * {"B-B": 0, "B-T": 1, "B-LT": 1, "B-LTA": 2}[
        level.value
    ]
    assert all(s.signature.integrity for s in stamps)
    assert FORM.next_need(given, level, contents=contents) is None
    assert evidence.covers_whole_document


def test_what_is_needed_step_by_step():
    given = signed()
    (evidence,) = FORM.parse(given)
    assert FORM.next_need(given, Level.B_B) is None
    first = FORM.next_need(given, Level.B_LTA)
    assert isinstance(first, StampNeeded)
    assert (first.kind, first.signature) == (TimeStampKind.SIGNATURE, evidence.id)
    given = FORM.attach(given, first, world().stamp(first.imprint, START))
    second = FORM.next_need(given, Level.B_LTA)
    assert isinstance(second, MaterialNeeded)
    assert [[c.subject.text for c in chain] for chain in second.chains] == [
        ["CN=Alice", "CN=Test Issuing CA"],
        ["CN=Test TSA", "CN=Test Issuing CA"],
    ]
    given = FORM.attach(given, second, world().material(second, START))
    assert names(given) == ["SignatureTimeStamp", "CertificateValues", "RevocationValues"]
    third = FORM.next_need(given, Level.B_LTA)
    assert isinstance(third, StampNeeded)
    assert third.kind is TimeStampKind.ARCHIVE
    with pytest.raises(TypeError):
        FORM.attach(given, third, ValidationMaterial())


def test_what_is_there_is_not_put_in_twice():
    given = world().raise_to(FORM, signed(), Level.B_LT)
    (evidence,) = FORM.parse(given)
    need = MaterialNeeded((), evidence.id)
    again = ValidationMaterial(
        tuple(c.der for c in evidence.certificates), tuple(c.der for c in evidence.crls), ()
    )
    assert names(FORM.attach(given, need, again)) == names(given)


def test_material_of_a_time_stamp_alone_stands_behind_it():
    given = world().raise_to(FORM, signed(), Level.B_LTA)
    renewed = world().raise_to(FORM, given, Level.B_LTA, at=START + 3 * DAY, archive_timestamps=2)
    (evidence,) = FORM.parse(renewed)
    assert names(renewed) == [
        "SignatureTimeStamp",
        "CertificateValues",
        "RevocationValues",
        "ArchiveTimeStamp",
        "ArchiveTimeStamp",
    ] or "TimeStampValidationData" in names(renewed)
    assert [s.imprint_intact for s in evidence.archive_timestamps] == [True, True]
    first, second = evidence.archive_timestamps
    assert first.covers < second.covers
    assert first.id in second.covers
    assert {evidence.id, evidence.signing_certificate.id, *(c.id for c in evidence.crls[:1])} <= first.covers
    thrice = world().raise_to(FORM, renewed, Level.B_LTA, at=START + 6 * DAY, archive_timestamps=3)
    assert [s.imprint_intact for s in FORM.parse(thrice)[0].archive_timestamps] == [True] * 3


def test_material_that_does_not_suffice_is_asked_for_again():
    given = world().raise_to(FORM, signed(), Level.B_T)
    need = FORM.next_need(given, Level.B_LT)
    given = FORM.attach(given, need, ValidationMaterial((world().root.der,)))
    again = FORM.next_need(given, Level.B_LT)
    assert isinstance(again, MaterialNeeded)
    assert [chain[-1].subject.text for chain in again.chains] == ["CN=Test Root"] * 2
    assert FORM.parse(given)[0].level is Level.B_T


def test_ocsp_answers_are_as_good_as_lists():
    given = world().raise_to(FORM, signed(), Level.B_LTA, ocsp=True)
    (evidence,) = FORM.parse(given)
    assert evidence.level is Level.B_LTA
    assert len(evidence.ocsp_responses) == 2


def test_unreadable_material_is_left_out():
    given = world().raise_to(FORM, signed(), Level.B_T)
    need = FORM.next_need(given, Level.B_LT)
    same = FORM.attach(given, need, ValidationMaterial((b"x",), (b"x",), (b"x",)))
    assert names(same) == names(given)


def test_each_of_parallel_signatures_is_raised_by_its_name():
    given = world().sign(FORM, signed(), world().bob)
    first, second = FORM.parse(given)
    given = world().raise_to(FORM, given, Level.B_LTA, signature=first.id)
    assert [e.level for e in FORM.parse(given)] == [Level.B_LTA, Level.B_B]
    given = world().raise_to(FORM, given, Level.B_T)
    evidences = FORM.parse(given)
    assert [(e.level, e.integrity) for e in evidences] == [(Level.B_LTA, True), (Level.B_T, True)]
    assert all(s.imprint_intact for s in evidences[0].archive_timestamps)
    with pytest.raises(SignatureNotFound):
        FORM.next_need(given, Level.B_T, signature="00")
    with pytest.raises(SignatureNotFound):
        FORM.next_need(invoice(), Level.B_T)
    assert second.id == evidences[1].id


def test_a_signature_under_another_is_not_changed():
    under = world().sign(FORM, signed(), parameters=SignatureParameters(packaging=Packaging.ENVELOPED_ALONE))
    first, _ = FORM.parse(under)
    with pytest.raises(BreaksSignature):
        world().raise_to(FORM, under, Level.B_T, signature=first.id)
    above = world().raise_to(FORM, under, Level.B_LTA)
    assert [(e.level, e.integrity) for e in FORM.parse(above)] == [(Level.B_B, True), (Level.B_LTA, True)]


def test_an_archive_time_stamp_needs_the_signed_data_itself():
    given = world().raise_to(FORM, signed(Packaging.DETACHED), Level.B_LT)
    with pytest.raises(ContentMissing, match=r"invoice\.xml"):
        FORM.next_need(given, Level.B_LTA)
    archived = world().raise_to(FORM, given, Level.B_LTA, contents=[invoice()])
    (without,) = FORM.parse(archived)
    assert [s.imprint_intact for s in without.archive_timestamps] == [None]
    (other,) = FORM.parse(archived, [document(INVOICE + b" ", "invoice.xml")])
    assert (other.integrity, [s.imprint_intact for s in other.archive_timestamps]) == (False, [False])


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"<xades:CRLValues>", b"<xades:CRLValues >\n"), (b"<ds:X509Data>", b"<ds:X509Data>\n")],
)
def test_whatever_an_archive_time_stamp_covers_is_covered(old, new):
    given = world().raise_to(FORM, signed(), Level.B_LTA)
    (evidence,) = FORM.parse(replaced(given, (old, new)))
    assert evidence.integrity  # neither of them is signed
    assert [s.imprint_intact for s in evidence.archive_timestamps] == [False]


def test_a_time_stamp_that_names_what_it_covers_is_not_believed():
    """It is unsigned: with a token over something else, it could name just that."""
    given = world().raise_to(FORM, signed(), Level.B_T)
    name = FORM.parse(given)[0].name
    properties = f'<xades:Include URI="#xades-{name}"/><ds:CanonicalizationMethod'.encode()
    text = given.read()
    place = text.rindex(b"<ds:CanonicalizationMethod")
    (evidence,) = FORM.parse(
        invoice(text[:place] + properties + text[place + len(b"<ds:CanonicalizationMethod") :])
    )
    assert [s.imprint_intact for s in evidence.signature_timestamps] == [None]
    assert "XML_TRANSFORM_UNSUPPORTED" in codes(evidence.level_failings)


def test_a_content_time_stamp_covers_the_data_alone():
    given = world().sign(FORM, invoice(), content_timestamp=True)
    (evidence,) = FORM.parse(given)
    (stamp,) = evidence.content_timestamps
    assert (stamp.kind, stamp.imprint_intact, stamp.covers) == (TimeStampKind.CONTENT, True, frozenset())
    level = FORM.parse(world().raise_to(FORM, given, Level.B_LTA))[0].level
    assert level is Level.B_LTA


def test_counter_signatures_survive_an_archive_time_stamp():
    given = signed()
    (first,) = FORM.parse(given)
    given = world().sign(FORM, given, world().bob, SignatureParameters(countersigns=first.id))
    given = world().raise_to(FORM, given, Level.B_LTA)
    one, two = FORM.parse(given)
    assert (one.level, one.integrity, two.integrity) == (Level.B_LTA, True, True)
    given = world().sign(FORM, given, parameters=SignatureParameters(countersigns=first.id))
    assert [s.imprint_intact for s in FORM.parse(given)[0].archive_timestamps] == [True]


def test_an_archived_counter_signature_stays_as_it_is():
    (first,) = FORM.parse(signed())
    given = world().sign(FORM, signed(), world().bob, SignatureParameters(countersigns=first.id))
    archived = world().raise_to(FORM, given, Level.B_LTA, signature=first.id)
    _, inner = FORM.parse(archived)
    for level in (Level.B_T, Level.B_LT, Level.B_LTA):
        assert FORM.next_need(archived, level, signature=inner.id) is None
    need = FORM.next_need(given, Level.B_T, signature=inner.id)
    with pytest.raises(BreaksTimeStamp):
        FORM.attach(archived, need, world().stamp(need.imprint, START))
    with pytest.raises(BreaksTimeStamp):
        world().sign(FORM, archived, parameters=SignatureParameters(countersigns=inner.id))
    renewed = world().raise_to(FORM, archived, Level.B_LTA, signature=first.id, archive_timestamps=2)
    outer, inner = FORM.parse(renewed)
    assert [s.imprint_intact for s in outer.archive_timestamps] == [True, True]
    later = world().sign(FORM, renewed, parameters=SignatureParameters(countersigns=first.id))
    raised = world().raise_to(FORM, later, Level.B_T, signature=FORM.parse(later)[2].id)
    assert [s.imprint_intact for s in FORM.parse(raised)[0].archive_timestamps] == [True, True]
