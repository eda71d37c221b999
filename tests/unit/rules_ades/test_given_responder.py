"""A responder that somebody here decided to trust (RFC 6960 §2.2, §4.2.2.2): it tells of status, and of nothing else."""

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.document import document
from shirushi.core.evidence import TrustAnchor
from shirushi.core.verdict import Indication, SubIndication
from shirushi.formats.cades.format import Cades
from shirushi.rules.ades import EU, validate_signature
from shirushi.services.validation.service import embedded_material
from tests.unit.formats_cades.world import DAY, Entity, World


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def outside(world) -> Entity:
    """A responder whom no CA of ours delegated to."""
    return world.entity("Outside", None, purpose=ExtendedKeyUsageOID.OCSP_SIGNING, days=3000)


def judged(world: World, responder: Entity, *given: Entity, signer: Entity | None = None):
    """The verdict on a signature by what that responder says of the signer, under the given anchors."""
    signer = signer or world.alice
    at = world.start + DAY / 4
    (evidence,) = Cades().parse(world.sign(Cades(), document(b"text"), signer))
    anchors = tuple(TrustAnchor.given(each.certificate) for each in given)
    said = parse_ocsp_response(world.ocsp(signer, at - DAY / 24, responder))
    above = parse_crl(world.crl(world.root, at - DAY / 24))
    known = build_material([each.certificate for each in (world.issuing, *given)], [above], [said])
    return validate_signature(evidence, merge(embedded_material([evidence], anchors), known), anchors, EU, at)


def test_a_given_responder_is_believed(world, outside):
    said = judged(world, outside, world.root, outside)
    assert said.indication is Indication.TOTAL_PASSED, said.reasons
    assert said.trust == world.root.certificate.subject.text


def test_one_that_nobody_gave_is_not(world, outside):
    said = judged(world, outside, world.root)
    assert (said.indication, said.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    )


def test_another_anchor_is_no_responder(world):
    said = judged(world, world.other_root, world.root, world.other_root)
    assert (said.indication, said.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    )


def test_a_given_responder_vouches_for_no_signer(world, outside):
    vouched = world.entity("Mallory", outside, days=10)
    said = judged(world, outside, outside, signer=vouched)
    assert said.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    assert not said.trust
