"""Evidence records as proofs of existence: what they heal, and that a broken one heals nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.evidence_record import encode_archive_time_stamp, encode_evidence_record
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.document import Bytes, Document, document
from shirushi.core.evidence import Level, TrustAnchor
from shirushi.core.verdict import Indication, SignatureVerdict
from shirushi.formats.cades import oids
from shirushi.formats.cades.format import Cades
from shirushi.formats.cades.signed_data import SignedDataParts
from shirushi.formats.cms.attributes import attribute
from shirushi.rules.ades import JAPAN, validate_signature
from shirushi.rules.evidence_record import build
from shirushi.services.validation.service import embedded_material
from tests.unit.formats_cades.world import DAY, World

SHA256 = DigestAlgorithm.SHA256
CONTRACT = document("契約書".encode(), "contract.txt", "text/plain")


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def signed(world) -> Document:
    return world.raise_to(Cades(), world.sign(Cades(), CONTRACT), Level.B_LT)


def recorded(world: World, signed: Document, imprint: Digest, at: timedelta) -> Document:
    """The signature with an evidence record over `imprint`, among other digests."""
    tree = build([imprint, Digest(SHA256, SHA256.digest(b"another document"))])
    token = world.stamp(tree.root, world.start + at, world.archive_tsa)
    record = encode_evidence_record([[encode_archive_time_stamp(SHA256, tree.proofs[0], token)]], [SHA256])
    parts = SignedDataParts.read(signed.read())
    holder = parts.signers[0].with_unsigned(attribute(oids.EVIDENCE_RECORD_INTERNAL, record))
    return replace(signed, source=Bytes(parts.with_signer(0, holder).encode()), appended=b"")


def judged(world: World, given: Document, after: timedelta) -> SignatureVerdict:
    """The verdict long after signing, with today's lists about those who are not expired yet."""
    late = world.start + after
    (evidence,) = Cades().parse(given)
    anchors = (TrustAnchor(world.root.certificate, "root"),)
    lists = [parse_crl(world.crl(each, late - DAY / 24)) for each in (world.root, world.issuing)]
    material = merge(embedded_material([evidence], anchors), build_material((), lists))
    return validate_signature(evidence, material, anchors, JAPAN, late)


def test_a_record_proves_that_signature_and_material_existed_in_time(world, signed):
    given = recorded(world, signed, signed.digest(SHA256), DAY / 8)
    verdict = judged(world, given, 400 * DAY)
    assert verdict.indication is Indication.TOTAL_PASSED, verdict.reasons
    assert verdict.best_signature_time == world.start + DAY / 24
    assert [stamp.indication for stamp in verdict.time_stamps] == [Indication.TOTAL_PASSED] * 2
    assert verdict.warnings == ()


def test_without_a_record_or_with_one_that_came_too_late_it_is_not_passed(world, signed):
    assert judged(world, signed, 400 * DAY).indication is Indication.INDETERMINATE
    late = recorded(world, signed, signed.digest(SHA256), 300 * DAY)
    assert judged(world, late, 400 * DAY).indication is Indication.INDETERMINATE


def test_a_record_of_something_else_proves_nothing_and_is_warned_of(world, signed):
    other = Digest(SHA256, SHA256.digest(b"something else"))
    verdict = judged(world, recorded(world, signed, other, DAY / 8), 400 * DAY)
    assert verdict.indication is Indication.INDETERMINATE
    codes = {reason.code for reason in verdict.warnings}
    assert codes >= {"EVIDENCE_RECORD_BROKEN", "EVIDENCE_RECORD_OBJECT_NOT_COVERED"}
    soon = judged(world, recorded(world, signed, other, DAY / 8), DAY / 2)
    assert soon.indication is Indication.TOTAL_PASSED
