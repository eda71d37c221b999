import io
import random
import zipfile

import pytest

from shirushi.codecs.zip.errors import ZipNameInvalid
from shirushi.codecs.zip.reader import read_archive
from shirushi.codecs.zip.writer import KeptEntry, NewEntry, write_archive
from shirushi.core.algorithms import message_digest_algorithm
from shirushi.core.document import Document, document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level, SignatureEvidence
from shirushi.formats.asic.container import AsicKind, new_container
from shirushi.formats.asic.declined import AsicDeclined, MalformedContainer
from shirushi.formats.asic.format import AsicCades
from shirushi.formats.cades.declined import ArchivedDifferently, ParameterUnsupported, SignatureUnknown
from shirushi.formats.protocol import Packaging, SignatureParameters, StampNeeded
from tests.unit.codecs_zip.test_writer import Zeros
from tests.unit.formats_cades.world import DAY, World

CONTRACT = document("契約書".encode() * 30, "契約 書.txt", "text/plain")
ANNEX = document(b"annex" * 10, "annex.csv", "text/csv")
KINDS = list(AsicKind)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def files(container: Document) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(container.read())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(container: Document, **changes: bytes | None) -> Document:
    """With some files changed, added, or (None) left out; `META_INF__x` stands for `META-INF/x`."""
    named = {
        key.replace("META_INF__", "META-INF/").replace("__", "."): value for key, value in changes.items()
    }
    whole = {**files(container), **named}
    entries = [NewEntry(name, document(data)) for name, data in whole.items() if data is not None]
    return write_archive(entries, container.name, container.media_type)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_reached_and_read_back(world, kind, level):
    form = AsicCades(kind)
    signed = world.raise_to(form, world.sign(form, CONTRACT), level)
    assert (signed.media_type, signed.name) == (kind.value, f"契約 書.txt{kind.ending}")
    (found,) = form.parse(signed)
    assert (found.level, found.integrity, found.structure, found.level_failings) == (level, True, (), ())
    assert found.covers_whole_document
    assert found.references[-1].name == "契約 書.txt"
    assert len(found.references) == (2 if kind is AsicKind.E else 1)
    assert all(stamp.imprint_intact for stamp in found.archive_timestamps)
    assert len(found.archive_timestamps) == (level is Level.B_LTA)
    assert form.next_need(signed, level) is None
    unpacked = files(signed)
    assert next(iter(unpacked)) == "mimetype"
    assert unpacked["mimetype"].decode() == kind.value
    assert unpacked["契約 書.txt"] == CONTRACT.read()


@pytest.mark.parametrize("kind", KINDS)
def test_renewal(world, kind):
    form = AsicCades(kind)
    signed = world.raise_to(form, world.sign(form, CONTRACT), Level.B_LTA)
    for count in (2, 3):
        signed = world.raise_to(
            form, signed, Level.B_LTA, at=world.start + count * 100 * DAY, archive_timestamps=count
        )
        (found,) = form.parse(signed)
        stamps = found.archive_timestamps
        assert [stamp.imprint_intact for stamp in stamps] == [True] * count
        assert {stamp.id for stamp in stamps[:-1]} <= stamps[-1].covers
        assert found.id in stamps[-1].covers


def test_many_files_under_one_signature(world):
    form = AsicCades()
    bundle = new_container([CONTRACT, ANNEX], AsicKind.E, "bundle.asice")
    signed = world.sign(form, bundle)
    assert signed.name == "bundle.asice"
    (found,) = form.parse(signed)
    assert [reference.name for reference in found.references] == [
        "META-INF/ASiCManifest001.xml",
        "契約 書.txt",
        "annex.csv",
    ]
    assert found.integrity


def test_a_second_signer_and_a_counter_signature(world):
    for form in map(AsicCades, KINDS):
        signed = world.raise_to(form, world.sign(form, CONTRACT), Level.B_T)
        alice = form.parse(signed)[0]
        both = world.sign(form, signed, world.bob, at=world.start + DAY)
        countered = world.sign(
            form, both, world.bob, SignatureParameters(countersigns=alice.id), at=world.start + 2 * DAY
        )
        found = form.parse(countered)
        assert [each.integrity for each in found] == [True] * 3
        assert [each.countersigns for each in found] == ["", alice.id, ""]
        assert found[0].level is Level.B_T
        with pytest.raises(SignatureUnknown):
            world.sign(form, both, world.bob, SignatureParameters(countersigns="00"))


def test_what_is_archived_stays(world):
    form = AsicCades()
    archived = world.raise_to(form, world.sign(form, CONTRACT), Level.B_LTA)
    alice = form.parse(archived)[0]
    with pytest.raises(ArchivedDifferently):
        world.sign(form, archived, world.bob, SignatureParameters(countersigns=alice.id))
    two = world.sign(form, archived, world.bob, at=world.start + DAY)
    first, second = form.parse(two)
    assert [each.level for each in (first, second)] == [Level.B_LTA, Level.B_B]
    assert all(stamp.imprint_intact for stamp in first.archive_timestamps)


def codes(found: SignatureEvidence) -> set[tuple[str, str]]:
    return {(r.code, dict(r.parameters).get("name", "")) for r in (*found.structure, *found.level_failings)}


def test_files_that_nobody_signed_are_named(world):
    form = AsicCades()
    signed = rewritten(world.sign(form, CONTRACT), stowaway=b"x")
    (found,) = form.parse(signed)
    assert found.integrity
    assert not found.covers_whole_document
    assert codes(found) == {("ASIC_FILE_NOT_COVERED", "stowaway")}


def test_changed_and_missing_files_are_found(world):
    form = AsicCades()
    signed = world.sign(form, new_container([CONTRACT, ANNEX], AsicKind.E, "b.asice"))
    (changed,) = form.parse(rewritten(signed, annex__csv=b"other"))
    assert [(r.name, r.intact) for r in changed.references][1:] == [
        ("契約 書.txt", True),
        ("annex.csv", False),
    ]
    assert changed.integrity is False
    (missing,) = form.parse(rewritten(signed, annex__csv=None))
    assert [(r.found, r.intact) for r in missing.references][2:] == [(False, None)]
    assert missing.integrity is None
    (alone,) = form.parse(rewritten(signed, META_INF__ASiCManifest001__xml=None))
    assert ("ASIC_MANIFEST_MISSING", "META-INF/signature001.p7s") in codes(alone)
    assert alone.integrity is None


def test_archive_manifests_are_held_to_what_they_list(world):
    form = AsicCades()
    signed = world.raise_to(form, world.sign(form, CONTRACT), Level.B_LTA)
    manifest = files(signed)["META-INF/ASiCArchiveManifest.xml"]
    changed = rewritten(
        signed, META_INF__ASiCArchiveManifest__xml=manifest.replace(b"MimeType", b"Mimetype", 1)
    )
    for broken in (changed, rewritten(signed, **{"契約 書__txt": b"other"})):
        (found,) = form.parse(broken)
        assert [stamp.imprint_intact for stamp in found.archive_timestamps] == [False]
        assert not found.archive_timestamps[0].covers


@pytest.mark.parametrize(
    "manifest",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"/>',
        b'<ASiCManifest xmlns="urn:other"/>',
        b"<asic",
        b'<a:ASiCManifest xmlns:a="http://uri.etsi.org/02918/v1.2.1#"/>',
        *(b'<?xml version="1.0" encoding="%b"?><a/>' % name for name in (b"QTF-8", b"iso-8859-99", b"hex")),
    ],
)
def test_manifests_that_are_none_are_named(world, manifest):
    form = AsicCades()
    signed = rewritten(world.sign(form, CONTRACT), META_INF__ASiCManifest001__xml=manifest)
    (found,) = form.parse(signed)
    assert found.integrity is None
    assert ("ASIC_MANIFEST_MISSING", "META-INF/signature001.p7s") in codes(found)


def test_a_misplaced_or_wrong_mimetype_is_named(world):
    form = AsicCades(AsicKind.S)
    signed = world.sign(form, CONTRACT)
    for change, code in (
        (write_archive(_reordered(signed), media_type=signed.media_type), "ASIC_MIMETYPE_MISPLACED"),
        (rewritten(signed, mimetype=None), "ASIC_MIMETYPE_MISSING"),
        (rewritten(signed, mimetype=b"text/plain"), "ASIC_MIMETYPE_UNKNOWN"),
    ):
        (found,) = form.parse(change)
        assert found.integrity
        assert codes(found) == {(code, "")}


def _reordered(signed: Document) -> list[KeptEntry]:
    archive = read_archive(signed)
    return [KeptEntry(archive, entry) for entry in reversed(archive.entries)]


def test_an_asic_s_holds_one_document(world):
    form = AsicCades(AsicKind.S)
    signed = rewritten(world.sign(form, CONTRACT), second=b"x")
    (found,) = form.parse(signed)
    assert ("ASIC_DATA_OBJECT_COUNT", "") in codes(found)
    assert ("ASIC_FILE_NOT_COVERED", "second") in codes(found)
    with pytest.raises(AsicDeclined):
        new_container([CONTRACT, ANNEX], AsicKind.S)
    with pytest.raises(AsicDeclined):
        world.sign(form, signed, world.bob)


def test_what_may_not_be_put_in_is_refused(world):
    for name in ("mimetype", "META-INF"):
        with pytest.raises(AsicDeclined):
            world.sign(AsicCades(), document(b"x", name))
    with pytest.raises(ZipNameInvalid):
        new_container([CONTRACT, CONTRACT], AsicKind.E)
    with pytest.raises(ParameterUnsupported):
        world.sign(AsicCades(), CONTRACT, parameters=SignatureParameters(packaging=Packaging.DETACHED))
    with pytest.raises(MalformedContainer):
        AsicCades().parse(write_archive([NewEntry("a", document(b"x"))]))


def test_a_large_file_is_signed_without_being_held(world):
    source = Zeros(1 << 28)
    big = Document(source, b"", "big.bin")
    form = AsicCades()
    signed = world.sign(form, big)
    (found,) = form.parse(signed)
    assert found.integrity
    assert signed.size > source.size
    assert source.largest <= 1 << 20


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_byte_of_a_signed_file_stays_unseen(world, kind, rng: random.Random):
    form = AsicCades(kind)
    signed = world.raise_to(form, world.sign(form, CONTRACT), Level.B_LTA)
    whole = signed.read()
    archive = read_archive(signed)
    signed_names = {"契約 書.txt", "META-INF/ASiCManifest001.xml"}
    spans = [(e.data, e.size) for e in archive.entries if e.name in signed_names]
    seen = set()
    for _ in range(300):
        damaged = bytearray(whole)
        start, length = rng.choice([*spans, (0, len(whole))])
        where = start + rng.randrange(length)
        damaged[where] ^= rng.randrange(1, 256)
        try:
            found = form.parse(document(bytes(damaged), signed.name, signed.media_type))
        except MalformedInput as error:
            seen.add(error.code)
            continue
        if any(at <= where < at + size for at, size in spans):
            assert not any(each.integrity for each in found), where
            seen.add("found")
        else:
            seen.add("outside")
    assert seen >= {"found", "ZIP_MALFORMED"}


def test_deferred_steps_are_small_values(world):
    """Between the steps nothing but the container and a few kilobytes of state are carried."""
    form = AsicCades()
    prepared = form.prepare(
        CONTRACT,
        SignatureParameters(),
        digest_algorithm=message_digest_algorithm(world.alice.algorithm),
        space=0,
        time=world.start,
        seed=bytes(16),
    )
    again = Document(document(prepared.document.read()).source, b"", prepared.document.name, AsicKind.E.value)
    bound = form.bind(
        type(prepared)(again, prepared.digest, prepared.state), world.alice.chain, world.alice.algorithm
    )
    signed = form.assemble(bound, world.alice.sign(bound.data))
    assert len(bound.state) < 8192
    assert form.parse(signed)[0].integrity
    assert isinstance(form.next_need(signed, Level.B_T), StampNeeded)
