import dataclasses
import random

import pytest

from shirushi.codecs.asn1 import der
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level, SignatureFormat, SignaturePolicyIdentifier, TimeStampKind
from shirushi.formats.cades import archive, augment, oids
from shirushi.formats.cades.declined import (
    ArchivedDifferently,
    ContentNeeded,
    ContentTooLarge,
    ParameterUnsupported,
    SignatureUnknown,
)
from shirushi.formats.cades.format import Cades
from shirushi.formats.cades.signed_data import SignedDataParts
from shirushi.formats.cms.attributes import attribute
from shirushi.formats.protocol import (
    MaterialNeeded,
    Packaging,
    SignatureParameters,
    StampNeeded,
    ValidationMaterial,
)
from tests.unit.formats_cades.world import DAY, World

CONTENT = document("契約書 contract".encode() * 20, "contract.txt", "text/plain")
LEVELS = list(Level)
ENVELOPING, DETACHED = Cades(), Cades(Packaging.DETACHED)


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def contents(form: Cades) -> list[Document]:
    return [CONTENT] if form is DETACHED else []


@pytest.mark.parametrize("form", [ENVELOPING, DETACHED])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("ocsp", [False, True])
def test_every_level_is_reached_and_read_back(world, form, level, ocsp):
    signed = world.raise_to(form, world.sign(form, CONTENT), level, ocsp=ocsp)
    (found,) = form.parse(signed, contents(form))
    assert (found.format, found.level, found.integrity) == (SignatureFormat.CADES, level, True)
    assert (found.structure, found.level_failings) == ((), ())
    assert found.claimed_signing_time == world.start
    assert found.certificate_reference is not None
    assert found.certificate_reference.matches
    assert len(found.signature_timestamps) == (level is not Level.B_B)
    assert all(stamp.imprint_intact for stamp in found.signature_timestamps)
    assert bool(found.archive_timestamps) == (level is Level.B_LTA)
    assert bool(found.ocsp_responses) == (ocsp and level in LEVELS[2:])
    assert form.next_need(signed, level) is None
    if level is Level.B_LTA:
        (stamp,) = found.archive_timestamps
        held = {c.id for c in (*found.certificates, *found.crls, *found.ocsp_responses)}
        assert stamp.imprint_intact
        assert stamp.kind is TimeStampKind.ARCHIVE
        assert stamp.covers >= held | {found.id, found.signature_timestamps[0].id}


def test_renewal_protects_the_time_stamps_before(world):
    once = world.raise_to(DETACHED, world.sign(DETACHED, CONTENT), Level.B_LTA)
    later = world.raise_to(DETACHED, once, Level.B_LTA, at=world.start + 100 * DAY, archive_timestamps=2)
    (found,) = DETACHED.parse(later, [CONTENT])
    first, second = found.archive_timestamps
    assert first.imprint_intact
    assert second.imprint_intact
    assert first.id in second.covers
    assert second.info.gen_time > first.info.gen_time
    assert DETACHED.next_need(later, Level.B_LTA, archive_timestamps=2) is None


def test_what_a_signer_says_is_read_back(world):
    policy = SignaturePolicyIdentifier(
        "1.2.3.4", Digest(DigestAlgorithm.SHA256, b"p" * 32), "http://policy.example.jp/", "内容を確認"
    )
    parameters = SignatureParameters(
        commitment="1.2.840.113549.1.9.16.6.5",
        claimed_roles=("代表取締役", "CEO"),
        location="東京都",
        policy=policy,
    )
    signed = world.sign(ENVELOPING, CONTENT, parameters=parameters, content_timestamp=True)
    (found,) = ENVELOPING.parse(signed)
    assert found.policy == policy
    assert found.claims == (
        ("Commitment", "proof of approval"),
        ("Location", "東京都"),
        ("Role", "代表取締役"),
        ("Role", "CEO"),
        ("MimeType", "text/plain"),
    )
    (stamp,) = found.content_timestamps
    assert (stamp.kind, stamp.imprint_intact) == (TimeStampKind.CONTENT, True)


@pytest.mark.parametrize(
    "parameters",
    [
        SignatureParameters(field="Signature1"),
        SignatureParameters(reason="because"),
        SignatureParameters(
            policy=SignaturePolicyIdentifier(
                "1.2.3", Digest(DigestAlgorithm.SHA256, bytes(32)), notice="a" * 201
            )
        ),
        SignatureParameters(commitment="approval"),
        SignatureParameters(policy=SignaturePolicyIdentifier("1.2.3")),
        SignatureParameters(packaging=Packaging.ENVELOPED),
    ],
)
def test_what_cades_cannot_say_is_refused_by_name(world, parameters):
    with pytest.raises(ParameterUnsupported):
        world.sign(ENVELOPING, CONTENT, parameters=parameters)


@pytest.mark.parametrize("form", [ENVELOPING, DETACHED])
def test_signers_side_by_side(world, form):
    first = world.raise_to(form, world.sign(form, CONTENT), Level.B_T)
    both = world.sign(form, first, world.bob, at=world.start + DAY)
    alice, bob = form.parse(both, contents(form))
    assert [each.integrity for each in (alice, bob)] == [True, True]
    assert [each.signing_certificate.subject.text for each in (alice, bob)] == ["CN=Alice", "CN=Bob"]
    assert (alice.level, bob.level) == (Level.B_T, Level.B_B)
    need = form.next_need(both, Level.B_T)
    assert isinstance(need, StampNeeded)
    assert need.signature == bob.id
    assert form.next_need(both, Level.B_T, signature=alice.id) is None
    raised = world.raise_to(form, both, Level.B_LTA, at=world.start + DAY)
    assert [each.level for each in form.parse(raised, contents(form))] == [Level.B_LT, Level.B_LTA]


def test_counter_signatures_and_theirs(world):
    signed = world.sign(ENVELOPING, CONTENT)
    (alice,) = ENVELOPING.parse(signed)
    countered = world.sign(
        ENVELOPING, signed, world.bob, SignatureParameters(countersigns=alice.id), at=world.start + DAY
    )
    _, bob = ENVELOPING.parse(countered)
    assert (bob.countersigns, bob.integrity, bob.structure) == (alice.id, True, ())
    again = world.sign(
        ENVELOPING,
        countered,
        world.alice,
        SignatureParameters(countersigns=bob.id),
        at=world.start + 2 * DAY,
    )
    raised = world.raise_to(ENVELOPING, again, Level.B_T, at=world.start + 2 * DAY)
    first, second, third = ENVELOPING.parse(raised)
    assert [each.countersigns for each in (first, second, third)] == ["", alice.id, bob.id]
    assert [each.level for each in (first, second, third)] == [Level.B_B, Level.B_B, Level.B_T]
    assert all(each.integrity for each in (first, second, third))


def test_a_counter_signature_is_archived_with_its_signature_and_then_stays(world):
    signed = world.raise_to(ENVELOPING, world.sign(ENVELOPING, CONTENT), Level.B_T)
    (alice,) = ENVELOPING.parse(signed)
    countered = world.sign(
        ENVELOPING, signed, world.bob, SignatureParameters(countersigns=alice.id), at=world.start + DAY
    )
    bob = ENVELOPING.parse(countered)[1]
    archived = world.raise_to(ENVELOPING, countered, Level.B_LTA, signature=alice.id)
    (stamp,) = ENVELOPING.parse(archived)[1].archive_timestamps
    assert bob.id in stamp.covers
    need = ENVELOPING.next_need(archived, Level.B_T, signature=bob.id)
    assert isinstance(need, StampNeeded)
    with pytest.raises(ArchivedDifferently):
        ENVELOPING.attach(archived, need, world.stamp(need.imprint, world.start))


def test_unknown_signatures_are_named(world):
    signed = world.sign(ENVELOPING, CONTENT)
    with pytest.raises(SignatureUnknown):
        ENVELOPING.next_need(signed, Level.B_T, signature="00")
    with pytest.raises(SignatureUnknown):
        world.sign(ENVELOPING, signed, world.bob, SignatureParameters(countersigns="00"))


def test_detached_content_is_chosen_by_digest_then_by_name(world):
    signed = world.sign(DETACHED, CONTENT)
    assert signed.name == "contract.txt.p7s"
    other, changed = document(b"other", "other.txt"), document(b"changed", "contract.txt")

    def intact(*given: Document) -> tuple[bool, bool | None]:
        (reference,) = DETACHED.parse(signed, given)[0].references
        return reference.found, reference.intact

    assert intact() == (False, None)
    assert intact(CONTENT) == (True, True)
    assert intact(other, changed, CONTENT) == (True, True)
    assert intact(other, changed) == (True, False)
    assert intact(other) == (True, False)


def test_archiving_detached_content_of_another_digest_takes_the_content(world):
    signed = world.raise_to(DETACHED, world.sign(DETACHED, CONTENT), Level.B_LT)
    parts = SignedDataParts.read(signed.read())
    assert isinstance(DETACHED.next_need(signed, Level.B_LTA), StampNeeded)
    sha1 = der.sequence(der.oid(DigestAlgorithm.SHA1.oid))
    fields = parts.signers[0].fields
    weak = dataclasses.replace(parts.signers[0], fields=(*fields[:2], sha1, *fields[3:]))
    weakened = parts.with_signer(0, weak).encode()
    with pytest.raises(ContentNeeded):
        augment.next_need(weakened, Level.B_LTA)
    assert isinstance(augment.next_need(weakened, Level.B_LTA, contents=[CONTENT]), StampNeeded)


def test_content_that_is_too_large_is_not_put_inside(world):
    class Large:
        size = 1 << 30

        def read_at(self, offset: int, length: int) -> bytes:
            raise AssertionError((offset, length))

    with pytest.raises(ContentTooLarge):
        world.sign(ENVELOPING, Document(Large()))


def test_prepared_for_another_digest_is_refused(world):
    prepared = ENVELOPING.prepare(
        CONTENT,
        SignatureParameters(),
        digest_algorithm=DigestAlgorithm.SHA256,
        space=0,
        time=world.start,
        seed=bytes(16),
    )
    with pytest.raises(ValueError, match="SHA-256"):
        ENVELOPING.bind(prepared, world.alice.chain, world.alice.algorithm)


def with_v2(world: World, signed: Document) -> Document:
    """With an archive-time-stamp-v2, which covers certificates and crls as a whole."""
    parts = SignedDataParts.read(signed.read())
    signer = parts.signers[0]
    imprint = archive.archived_v2(
        parts, signer, DigestAlgorithm.SHA256, lambda _: False, signer.unsigned, tagged=True
    )
    token = world.stamp(imprint, world.start + DAY / 4, world.archive_tsa)
    old = signer.with_unsigned(attribute(oids.ARCHIVE_TIMESTAMP_V2, token))
    return dataclasses.replace(signed, source=document(parts.with_signer(0, old).encode()).source)


def test_an_older_archive_time_stamp_is_kept_whole(world):
    old = with_v2(world, world.raise_to(ENVELOPING, world.sign(ENVELOPING, CONTENT), Level.B_LT))
    (found,) = ENVELOPING.parse(old)
    assert [stamp.imprint_intact for stamp in found.archive_timestamps] == [True]
    assert [reason.code for reason in found.level_failings] == ["CADES_LEGACY_LEVEL"]
    need = ENVELOPING.next_need(old, Level.B_LTA, archive_timestamps=2)
    while isinstance(need, MaterialNeeded):
        material = world.material(need, world.start + 50 * DAY, ocsp=True)
        old = ENVELOPING.attach(old, need, material)
        need = ENVELOPING.next_need(old, Level.B_LTA, archive_timestamps=2)
    renewed = ENVELOPING.attach(
        old, need, world.stamp(need.imprint, world.start + 51 * DAY, world.archive_tsa)
    )
    (found,) = ENVELOPING.parse(renewed)
    assert [stamp.imprint_intact for stamp in found.archive_timestamps] == [True, True]
    stranger = world.entity("Carol", world.issuing)
    with pytest.raises(ArchivedDifferently):
        world.sign(ENVELOPING, renewed, stranger)


def test_material_is_put_in_once(world):
    signed = world.raise_to(ENVELOPING, world.sign(ENVELOPING, CONTENT), Level.B_T)
    need = ENVELOPING.next_need(signed, Level.B_LT)
    assert isinstance(need, MaterialNeeded)
    assert {chain[0].subject.text for chain in need.chains} == {"CN=Alice", "CN=Test TSA"}
    material = world.material(need, world.start)
    once = ENVELOPING.attach(signed, need, material)
    assert ENVELOPING.attach(once, need, material).read() == once.read()
    assert ENVELOPING.attach(signed, need, ValidationMaterial()).size > signed.size  # the unit's certificate
    with pytest.raises(TypeError):
        ENVELOPING.attach(signed, need, b"a token")


def test_a_basic_response_is_put_into_a_whole_one(world):
    whole = world.ocsp(world.alice, world.start)
    basic = der.single(whole).children()[1].only().children()[1].value
    signed = world.raise_to(ENVELOPING, world.sign(ENVELOPING, CONTENT), Level.B_T)
    need = ENVELOPING.next_need(signed, Level.B_LT)
    for response in (whole, basic):
        grown = ENVELOPING.attach(signed, need, ValidationMaterial((), (), (response,)))
        assert whole in grown.read()
        assert len(ENVELOPING.parse(grown)[0].ocsp_responses) == 1


@pytest.mark.parametrize("form", [ENVELOPING, DETACHED])
def test_no_changed_byte_of_what_is_signed_stays_unseen(world, form, rng: random.Random):
    """A thousand mutations: no crash, and no changed reference, value or archived material passes for intact."""
    signed = world.raise_to(form, world.sign(form, CONTENT), Level.B_LTA)
    good = form.parse(signed, contents(form))
    whole = signed.read()
    parts = SignedDataParts.read(whole)
    signer = parts.signers[0]
    protected = [parts.content_info] if form is ENVELOPING else []
    protected += [field for field in signer.fields if field[0] in {0xA0, 0x04}]
    spans = [(whole.index(piece), len(piece)) for piece in protected]
    seen = set()
    for _ in range(500):
        damaged = bytearray(whole)
        where = rng.choice([rng.randrange(len(whole)), None, None])
        if where is None:
            start, length = rng.choice(spans)
            where = start + rng.randrange(length)
        damaged[where] ^= rng.randrange(1, 256)
        try:
            found = form.parse(document(bytes(damaged), signed.name), contents(form))
        except MalformedInput as error:
            seen.add(error.code)
            continue
        covered = any(start <= where < start + length for start, length in spans)
        intact = [each for each in found if each.integrity and not each.structure]
        if covered:
            assert not intact, where
            seen.add("found")
        for each in intact:  # what the signature says stays what it was
            seen.add("outside")
            assert each.signature_value == good[0].signature_value
            assert each.claimed_signing_time == good[0].claimed_signing_time
    assert seen == {"found", "outside", "CMS_MALFORMED"}


def test_no_archived_byte_changes_unseen(world, rng: random.Random):
    signed = world.raise_to(ENVELOPING, world.sign(ENVELOPING, CONTENT), Level.B_LTA)
    whole = signed.read()
    parts = SignedDataParts.read(whole)
    stamp = parts.signers[0].values("1.2.840.113549.1.9.16.2.14")[0]
    pieces = [*parts.certificates, *parts.crls, stamp]
    seen = set()
    for piece in pieces:
        for _ in range(12):
            damaged = bytearray(whole)
            damaged[whole.index(piece) + rng.randrange(len(piece))] ^= rng.randrange(1, 256)
            try:
                found = ENVELOPING.parse(document(bytes(damaged)))
            except MalformedInput:
                continue
            for each in found:
                for archived in each.archive_timestamps:
                    seen.add(archived.imprint_intact)
    assert seen == {False}
