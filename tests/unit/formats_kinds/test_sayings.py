"""What signers say is signed, read back, and refused by name where a format has no place for it."""

import dataclasses

import pytest

from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.document import ContentUndisclosed, DigestedDocument, document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import ChangeKind, Level
from shirushi.formats.cades.format import Cades
from shirushi.formats.jades.format import Jades
from shirushi.formats.pades.declined import (
    CertificationNotFirst,
    CertifiedWithoutChanges,
    ParameterUnsupported,
)
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import Certification, Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from tests.interop.matrix import PDF
from tests.unit.formats_cades.world import DAY, World
from tests.unit.formats_kinds.sayings import FORMS, PLACE, POLICY, TEXT, everything


@pytest.fixture(scope="module")
def world() -> World:
    return World(curves=True)


@pytest.mark.parametrize("name", FORMS)
def test_all_that_a_signer_says_is_read_back(world, name):
    form, given, packaging = FORMS[name]
    said = everything(world.alice, world.issuing, packaging)
    signed = world.sign(form, given, parameters=said, content_timestamp=True)
    contents = [given] if packaging is Packaging.DETACHED else []
    (found,) = form.parse(signed, contents)
    assert (found.integrity, found.level, found.structure) == (True, Level.B_B, ())
    assert found.policy == POLICY
    assert [stamp.imprint_intact for stamp in found.content_timestamps] == [True]
    claims = dict(found.claims)
    assert claims["CertifiedRole"] == "urn:example:director"
    words = " ".join(value for _, value in found.claims)
    for word in ("代表取締役", "監査役", "東京都", PLACE.street, PLACE.region, PLACE.postal_code, "JP"):
        assert word in words
    assert "proof of approval" in words or "1.2.840.113549.1.9.16.6.5" in words


def test_a_pdf_says_it_partly_in_its_dictionary(world):
    form = Pades()
    said = everything(world.alice, world.issuing, None)
    (found,) = form.parse(world.sign(form, PDF, parameters=said, content_timestamp=True))
    assert (found.integrity, found.level, found.structure) == (True, Level.B_B, ())
    assert found.policy == POLICY
    assert found.claims == (
        ("Location", "千代田1-1, 東京都, 関東, 100-0001, JP"),
        ("Commitment", "proof of approval"),
        ("Role", "代表取締役"),
        ("Role", "監査役"),
        ("CertifiedRole", "urn:example:director"),
    )


@pytest.mark.parametrize(
    "said",
    [
        SignatureParameters(packaging=Packaging.DETACHED),
        SignatureParameters(countersigns="00"),
        SignatureParameters(commitment="1.2.3", reason="because"),
        SignatureParameters(policy=POLICY, reason="because"),
    ],
)
def test_what_a_pdf_cannot_say_is_refused(world, said):
    with pytest.raises(ParameterUnsupported):
        world.sign(Pades(), PDF, parameters=said)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    "said",
    [
        {"certification": Certification.FORM_FILLING},
        {"certified_roles": (b"\x30\x00",)},
        {"policy": dataclasses.replace(POLICY, digest=None)},
        {"field": "Signature1"},
    ],
)
def test_what_has_no_place_is_refused(world, name, said):
    form, given, packaging = FORMS[name]
    if "policy" in said and name.startswith("JAdES"):  # its digest is optional there (TS 119 182-1 §5.2.7)
        return
    with pytest.raises(MalformedInput) as refusal:
        world.sign(form, given, parameters=SignatureParameters(packaging=packaging, **said))
    assert isinstance(refusal.value, MalformedAsn1) == ("certified_roles" in said)


@pytest.mark.parametrize("permits", list(Certification))
def test_a_certification_permits_what_it_says(world, permits):
    form = Pades()
    certified = world.sign(form, PDF, parameters=SignatureParameters(certification=permits))
    raised = world.raise_to(form, certified, Level.B_LTA)
    (first,) = form.parse(raised)
    assert (first.integrity, first.level) == (True, Level.B_LTA)
    assert all(change.allowed for change in first.changes)
    if permits is Certification.NO_CHANGES:
        with pytest.raises(CertifiedWithoutChanges):
            world.sign(form, certified, world.bob, at=world.start + DAY)
        return
    both = world.sign(form, certified, world.bob, at=world.start + DAY)
    first, _ = form.parse(both)
    assert [(each.kind, each.allowed) for each in first.changes] == [(ChangeKind.SIGNATURE_ADDED, True)]
    with pytest.raises(CertificationNotFirst):
        world.sign(form, both, world.bob, SignatureParameters(certification=permits))


@pytest.mark.parametrize("form", [Cades(), Xades(), Jades()], ids=["CAdES", "XAdES", "JAdES"])
def test_digests_suffice_for_a_detached_signature(world, form):
    """Whoever signs sees no byte of it; whoever has the content validates as ever."""
    known = DigestedDocument(
        name=TEXT.name, media_type=TEXT.media_type, digests=(TEXT.digest(DigestAlgorithm.SHA256),)
    )
    said = SignatureParameters(packaging=Packaging.DETACHED)
    signed = world.raise_to(form, world.sign(form, known, parameters=said), Level.B_LT, contents=[known])
    for contents, whole in (([TEXT], True), ([known], True), ([document(b"other", TEXT.name)], False)):
        (found,) = form.parse(signed, contents)
        assert found.integrity is whole
    assert form.parse(signed)[0].integrity is None
    if not isinstance(form, Cades):
        with pytest.raises(ContentUndisclosed):
            world.raise_to(form, signed, Level.B_LTA, contents=[known])
    # the archive time-stamp of XAdES and JAdES is over the octets themselves; that of CAdES over their digest
    raised = world.raise_to(form, signed, Level.B_LTA, contents=[TEXT])
    assert form.parse(raised, [TEXT])[0].level is Level.B_LTA
