"""ASiC with XAdES, and containers whichever signatures they hold."""

import pytest

from shirushi.codecs.xml.errors import XmlDoctypeRefused
from shirushi.core.evidence import Level, SignatureFormat
from shirushi.formats.asic.container import AsicKind, new_container, read_container
from shirushi.formats.asic.declined import AsicDeclined
from shirushi.formats.asic.either import Asic
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.asic.relations import read_relations
from shirushi.formats.asic.xades_format import AsicXades
from shirushi.formats.protocol import Packaging, SignatureParameters
from shirushi.formats.xades.declined import ParameterUnsupported, SignatureNotFound
from tests.unit.formats_asic.test_asic import ANNEX, CONTRACT, KINDS, files, rewritten
from tests.unit.formats_cades.world import DAY, World


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_reached_and_read_back(world, kind, level):
    form = AsicXades(kind)
    signed = world.raise_to(form, world.sign(form, CONTRACT, content_timestamp=True), level)
    assert (signed.media_type, signed.name) == (kind.value, f"契約 書.txt{kind.ending}")
    (found,) = form.parse(signed)
    assert (found.format, found.level, found.integrity) == (SignatureFormat.XADES, level, True)
    assert (found.structure, found.level_failings) == ((), ())
    assert found.covers_whole_document
    assert found.references[0].name == "契約 書.txt"
    assert [stamp.imprint_intact for stamp in found.content_timestamps] == [True]
    assert [stamp.imprint_intact for stamp in found.archive_timestamps] == [True] * (level is Level.B_LTA)
    assert form.next_need(signed, level) is None
    unpacked = files(signed)
    assert next(iter(unpacked)) == "mimetype"
    if kind is AsicKind.E:
        types = read_relations(unpacked["META-INF/manifest.xml"])
        assert types == {"/": kind.value, "契約 書.txt": "text/plain"}


@pytest.mark.parametrize("kind", KINDS)
def test_renewal(world, kind):
    form = AsicXades(kind)
    signed = world.raise_to(form, world.sign(form, CONTRACT), Level.B_LTA)
    signed = world.raise_to(form, signed, Level.B_LTA, at=world.start + 100 * DAY, archive_timestamps=2)
    (found,) = form.parse(signed)
    assert [stamp.imprint_intact for stamp in found.archive_timestamps] == [True] * 2
    first, second = found.archive_timestamps
    assert first.id in second.covers


def test_many_files_and_many_signers(world):
    form = AsicXades()
    bundle = new_container([CONTRACT, ANNEX], AsicKind.E, "bundle.asice")
    first = world.raise_to(form, world.sign(form, bundle), Level.B_T)
    (alice,) = form.parse(first)
    assert [each.name for each in alice.references[:2]] == ["契約 書.txt", "annex.csv"]
    both = world.sign(form, first, world.bob, at=world.start + DAY)
    countered = world.sign(
        form, both, world.bob, SignatureParameters(countersigns=alice.id), at=world.start + 2 * DAY
    )
    found = form.parse(countered)
    assert [each.integrity for each in found] == [True] * 3
    assert [each.countersigns for each in found] == ["", alice.id, ""]
    assert [each.name[-7:] for each in found] == ["001.xml", "001.xml", "002.xml"]
    raised = world.raise_to(form, countered, Level.B_LTA, signature=found[2].id)
    assert [each.level for each in form.parse(raised)] == [Level.B_T, Level.B_B, Level.B_LTA]


def test_two_signers_of_a_simple_container_stand_in_one_file(world):
    form = AsicXades(AsicKind.S)
    both = world.sign(form, world.sign(form, CONTRACT), world.bob, at=world.start)
    assert read_container(both).xades_signatures == ("META-INF/signatures.xml",)
    assert [each.integrity for each in form.parse(both)] == [True, True]
    assert b'Id="id-' in files(both)["META-INF/signatures.xml"]


def test_a_container_goes_on_with_the_signatures_that_it_has(world):
    either, xades, cades = Asic(), AsicXades(), AsicCades()
    with_xades, with_cades = world.sign(xades, CONTRACT), world.sign(cades, CONTRACT)
    for given, one in ((with_xades, SignatureFormat.XADES), (with_cades, SignatureFormat.CADES)):
        more = world.sign(either, given, world.bob, at=world.start + DAY)
        raised = world.raise_to(either, more, Level.B_LT)
        assert [each.format for each in either.parse(raised)] == [one, one]
        assert sorted(each.level.value for each in either.parse(raised)) == ["B-B", "B-LT"]
    new = world.sign(Asic(AsicKind.S, SignatureFormat.XADES), CONTRACT)
    assert [each.format for each in either.parse(new)] == [SignatureFormat.XADES]
    with pytest.raises(AsicDeclined):
        world.sign(xades, with_cades)
    with pytest.raises(AsicDeclined):
        world.sign(cades, with_xades)


def test_both_kinds_in_one_container_are_told_and_raised(world):
    either = Asic()
    xades = world.sign(AsicXades(), CONTRACT)
    cades = files(world.sign(AsicCades(), CONTRACT, world.bob))
    mixed = rewritten(xades, **{name: data for name, data in cades.items() if name not in files(xades)})
    found = either.parse(mixed)
    assert {each.format for each in found} == {SignatureFormat.CADES, SignatureFormat.XADES}
    for each in found:
        mixed = world.raise_to(either, mixed, Level.B_T, signature=each.id)
    assert [each.level for each in either.parse(mixed)] == [Level.B_T, Level.B_T]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_changed_renamed_or_added_is_told(world, kind):
    form = AsicXades(kind)
    signed = world.sign(form, CONTRACT)
    changed = rewritten(signed, **{"契約 書.txt": b"other"})
    assert form.parse(changed)[0].integrity is False
    renamed = rewritten(signed, **{"契約 書.txt": None, "b.txt": CONTRACT.read()})
    (found,) = form.parse(renamed)
    assert found.references[0].found is False
    assert found.integrity is not True
    added = rewritten(signed, **{"b.txt": b"b"})
    (found,) = form.parse(added)
    assert "ASIC_FILE_NOT_COVERED" in {each.code for each in found.level_failings}
    assert not found.covers_whole_document
    assert ("ASIC_DATA_OBJECT_COUNT" in {each.code for each in found.structure}) is (kind is AsicKind.S)


def test_what_is_declined(world):
    form = AsicXades()
    with pytest.raises(ParameterUnsupported):
        world.sign(form, CONTRACT, parameters=SignatureParameters(packaging=Packaging.DETACHED))
    with pytest.raises(SignatureNotFound):
        form.next_need(new_container([CONTRACT], AsicKind.E), Level.B_T)
    with pytest.raises(AsicDeclined):
        world.sign(AsicXades(AsicKind.S), rewritten(world.sign(AsicXades(AsicKind.S), CONTRACT), b__txt=b"b"))
    bomb = b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
    with pytest.raises(XmlDoctypeRefused):
        form.parse(rewritten(world.sign(form, CONTRACT), META_INF__signatures001__xml=bomb))
