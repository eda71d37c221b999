"""Raising levels: of our signatures and of others', encoded and in the clear, again and again."""

import json

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from shirushi.codecs.jose.jws import Serialization
from shirushi.codecs.jose.writing import CANONICAL, canonical_json
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import Level, TimeStampKind
from shirushi.formats.jades.declined import BreaksTimeStamp, ContentMissing, SignatureNotFound
from shirushi.formats.jades.format import JSON_TYPE
from shirushi.formats.protocol import MaterialNeeded, StampNeeded, ValidationMaterial
from tests.unit.formats_cades.world import DAY
from tests.unit.formats_jades.bench import (
    DETACHED,
    FORM,
    FORMS,
    changed,
    codes,
    decoded,
    encoded,
    only,
    order,
    signed,
    world,
)

STEPS = [level for level in Level if level is not Level.B_B]


def raised(level: Level, given: Document | None = None, **how) -> Document:
    return world().raise_to(FORM, given or signed(), level, **how)


def names(given: Document) -> list[str]:
    """The members of `etsiU`, encoded or in the clear."""
    listed = json.loads(given.read())["header"]["etsiU"]
    return [next(iter(each if isinstance(each, dict) else decoded(each))) for each in listed]


def in_the_clear(given: Document) -> Document:
    """As another program may have written it."""
    header = json.loads(given.read())["header"]
    return changed(given, header={"etsiU": [decoded(each) for each in header["etsiU"]]})


def imprints(given: Document) -> list[bool | None]:
    found = only(given)
    return [stamp.imprint_intact for stamp in (*found.signature_timestamps, *found.archive_timestamps)]


@pytest.mark.parametrize("level", STEPS)
@pytest.mark.parametrize("serialization", list(Serialization))
def test_levels(serialization, level):
    made = raised(level, signed(FORMS[serialization]))
    found = only(made)
    assert (found.integrity, found.level, found.structure, found.level_failings) == (True, level, (), ())
    assert made.media_type == JSON_TYPE
    assert FORM.next_need(made, level) is None
    assert ("signatures" in json.loads(made.read())) is (serialization is Serialization.GENERAL)


def test_what_each_level_puts_in():
    assert names(raised(Level.B_T)) == ["sigTst"]
    assert names(raised(Level.B_LT)) == ["sigTst", "xVals", "rVals"]
    assert names(raised(Level.B_LTA)) == ["sigTst", "xVals", "rVals", "arcTst"]
    again = raised(Level.B_LTA, raised(Level.B_LTA), at=world().start + DAY, archive_timestamps=2)
    assert names(again)[-1] == "arcTst"
    assert names(again)[:4] == ["sigTst", "xVals", "rVals", "arcTst"]
    found = only(again)
    assert len(found.archive_timestamps) == 2
    assert imprints(again) == [True] * 3
    assert found.archive_timestamps[0].id in found.archive_timestamps[1].covers


def test_renewal_puts_in_what_the_last_time_stamp_needs():
    """The archive unit's own path is told in tstVD before the next stamp covers it."""
    own = world()
    other = own.entity("Other CA", own.root, ca=True, days=3000)
    unit = own.entity("Other TSA", other, purpose=ExtendedKeyUsageOID.TIME_STAMPING, days=90)
    first = raised(Level.B_LTA, archive_unit=unit)
    need = FORM.next_need(first, Level.B_LTA, archive_timestamps=2)
    assert isinstance(need, MaterialNeeded)
    assert need.chains[0][0].subject.text.endswith("Other TSA")
    material = ValidationMaterial(
        (own.root.der, other.der), (own.crl(own.root, own.start), own.crl(other, own.start))
    )
    again = FORM.attach(first, need, material)
    assert names(again)[-1] == "tstVD"
    need = FORM.next_need(again, Level.B_LTA, archive_timestamps=2)
    assert isinstance(need, StampNeeded)
    renewed = FORM.attach(again, need, own.stamp(need.imprint, own.start + DAY, own.archive_tsa))
    assert imprints(renewed) == [True] * 3
    assert other.certificate.id in only(renewed).archive_timestamps[1].covers


def test_ocsp_responses_are_put_in():
    found = only(raised(Level.B_LT, ocsp=True))
    assert (found.level, len(found.ocsp_responses)) == (Level.B_LT, 2)


def test_what_is_held_is_not_put_in_twice():
    made = raised(Level.B_LT)
    own = world()
    need = MaterialNeeded((own.alice.chain,), only(made).id)
    held = ValidationMaterial(
        tuple(c.der for c in only(made).certificates), tuple(c.der for c in only(made).crls)
    )
    assert FORM.attach(made, need, held).read() == made.read()


@pytest.mark.parametrize("level", [Level.B_T, Level.B_LT, Level.B_LTA])
def test_signatures_in_the_clear_are_raised_in_the_clear(level):
    first = in_the_clear(raised(Level.B_T))
    made = raised(level, first)
    listed = json.loads(made.read())["header"]["etsiU"]
    assert all(isinstance(each, dict) for each in listed)
    found = only(made)
    assert (found.integrity, found.level, found.structure) == (True, level, ())
    assert all(imprints(made))
    if level is Level.B_LTA:
        assert listed[-1]["arcTst"]["canonAlg"] == CANONICAL
        renewed = raised(level, made, at=world().start + DAY, archive_timestamps=2)
        assert imprints(renewed) == [True] * 3


def test_the_canonical_form_is_what_an_archive_time_stamp_covers():
    """By other hands: the concatenation of TS 119 182-1 §5.3.6.3 over elements in the form of RFC 8785."""
    made = in_the_clear(raised(Level.B_LT))
    whole = json.loads(made.read())
    octets = f"{whole['payload']}.{whole['protected']}.{whole['signature']}.".encode()
    octets += b"".join(canonical_json(each) for each in whole["header"]["etsiU"])
    need = FORM.next_need(made, Level.B_LTA)
    assert isinstance(need, StampNeeded)
    assert need.imprint == Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(octets))
    stamped = FORM.attach(made, need, world().stamp(need.imprint, world().start))
    pretty = document(
        json.dumps(json.loads(stamped.read()), indent=3, sort_keys=True).encode(), "x", JSON_TYPE
    )
    assert imprints(pretty) == [True, True]


@pytest.mark.parametrize("method", [None, "http://www.example/c14n", 7])
def test_an_unknown_canonical_form_tells_nothing(method):
    made = in_the_clear(raised(Level.B_LTA))
    whole = json.loads(made.read())
    whole["header"]["etsiU"][-1]["arcTst"]["canonAlg"] = method
    found = only(changed(made, **whole))
    assert found.archive_timestamps[0].imprint_intact is None
    assert "JADES_CANONICALIZATION_UNKNOWN" in codes(found.level_failings)


def test_detached_signatures_need_their_content_to_be_archived():
    made = raised(Level.B_LT, signed(packaging=DETACHED))
    with pytest.raises(ContentMissing, match=r"order\.json"):
        FORM.next_need(made, Level.B_LTA)
    archived = raised(Level.B_LTA, made, contents=[order()])
    found = only(archived, order())
    assert (found.level, found.archive_timestamps[0].imprint_intact) == (Level.B_LTA, True)
    assert only(archived).archive_timestamps[0].imprint_intact is None
    wrong = only(archived, document(b"{}", "order.json"))
    assert wrong.archive_timestamps[0].imprint_intact is False


def test_each_signature_is_raised_alone():
    both = signed(given=signed(), signer=world().bob)
    first, second = FORM.parse(both)
    made = world().raise_to(FORM, both, Level.B_LTA, signature=first.id)
    assert [each.level for each in FORM.parse(made)] == [Level.B_LTA, Level.B_B]
    made = world().raise_to(FORM, made, Level.B_T)
    assert [each.level for each in FORM.parse(made)] == [Level.B_LTA, Level.B_T]
    assert FORM.parse(made)[1].id == second.id
    with pytest.raises(SignatureNotFound):
        FORM.next_need(made, Level.B_T, signature="0" * 64)


def test_counter_signatures_are_raised_until_they_are_archived():
    made = signed()
    made = signed(given=made, signer=world().bob, countersigns=only(made).id)
    first, second = FORM.parse(made)
    made = world().raise_to(FORM, made, Level.B_LT, signature=second.id)
    assert [each.level for each in FORM.parse(made)] == [Level.B_B, Level.B_LT]
    archived = world().raise_to(FORM, made, Level.B_LTA, signature=first.id)
    assert [each.level for each in FORM.parse(archived)] == [Level.B_LTA, Level.B_LT]
    assert all(each.integrity for each in FORM.parse(archived))
    assert FORM.next_need(archived, Level.B_LTA, signature=second.id) is None
    need = FORM.next_need(made, Level.B_LTA, signature=second.id)
    assert isinstance(need, StampNeeded)
    with pytest.raises(BreaksTimeStamp):
        FORM.attach(archived, need, world().stamp(need.imprint, world().start))


def test_counter_signatures_in_compact_form_are_raised_too():
    made = signed()
    made = signed(given=made, countersigns=only(made).id)
    whole = json.loads(made.read())
    inner = decoded(whole["header"]["etsiU"][0])["cSig"]
    text = f"{inner['protected']}.{inner['payload']}.{inner['signature']}"
    made = changed(made, header={"etsiU": [encoded({"cSig": text})]})
    first, second = FORM.parse(made)
    assert (first.integrity, second.integrity) == (True, True)
    again = FORM.parse(world().raise_to(FORM, made, Level.B_T, signature=second.id))
    assert [each.level for each in again] == [Level.B_B, Level.B_T]


def test_attribute_certificates_values_and_any_values_are_read():
    whole = json.loads(raised(Level.B_LT).read())
    values, revocation = (decoded(each) for each in whole["header"]["etsiU"][1:3])
    plain = only(signed())
    for listed in (
        [{"axVals": values["xVals"]}, {"arVals": revocation["rVals"]}],
        [{"anyValData": {"xVals": values["xVals"], "rVals": revocation["rVals"]}}],
        [{"tstVD": {"xVals": values["xVals"], "rVals": revocation["rVals"]}}],
    ):
        found = only(changed(signed(), header={"etsiU": [encoded(each) for each in listed]}))
        assert len(found.certificates) == len(plain.certificates) + 1
        assert len(found.crls) == 2


@pytest.mark.parametrize(
    ("extra", "level"),
    [
        (["xRefs"], "JAdES-C"),
        (["rRefs", "xVals"], "JAdES-X-L"),
        (["xRefs", "arcTst"], "JAdES-A"),
        (["xRefs", "sigRTst"], "JAdES-X"),
    ],
)
def test_levels_that_rest_on_references_are_named(extra, level):
    listed = [encoded({name: [{"digAlg": "S256", "digVal": "AA"}]}) for name in extra]
    found = only(changed(signed(), header={"etsiU": listed}))
    assert found.level is None
    legacy = [each for each in found.level_failings if each.code == "JADES_LEGACY_LEVEL"]
    assert dict(legacy[0].parameters) == {"level": level}


def test_time_stamps_over_references_are_read():
    """TS 119 182-1 annex A.1.5: over the value with what refers to material, and over the references alone."""
    own, made = world(), signed()
    whole = json.loads(made.read())
    refs = encoded({"xRefs": [{"digAlg": "S256", "digVal": "AA"}]})

    def stamped(name: str, octets: bytes) -> str:
        imprint = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(octets))
        need = StampNeeded(imprint, TimeStampKind.SIGNATURE, only(made).id)
        token = FORM.attach(made, need, own.stamp(imprint, own.start))
        return encoded({name: decoded(json.loads(token.read())["header"]["etsiU"][0])["sigTst"]})

    over_value = stamped("sigRTst", f"{whole['signature']}.{refs}".encode())
    over_refs = stamped("rfsTst", refs.encode())
    found = only(changed(made, header={"etsiU": [refs, over_value, over_refs]}))
    assert [stamp.imprint_intact for stamp in found.signature_timestamps] == [True]
    assert [(stamp.imprint_intact, stamp.covers) for stamp in found.archive_timestamps] == [
        (True, frozenset())
    ]


def test_only_what_was_asked_for_is_attached():
    with pytest.raises(TypeError):
        FORM.attach(signed(), StampNeeded(order().digest(DigestAlgorithm.SHA256)), ValidationMaterial())
