"""EN 319 102-1 §5.6: past validation, validation-time sliding, proofs of existence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyKind
from shirushi.core.evidence import Level, RevocationReason, TimeStampKind, TrustAnchor, TstInfo
from shirushi.core.verdict import Indication
from shirushi.core.verdict import SubIndication as S
from shirushi.rules.ades import EU, JAPAN, PKI, Severity
from shirushi.rules.ades.long_term import has_long_term_material
from shirushi.rules.ades.model import ValidationContext
from shirushi.rules.ades.past_certificate import validate_past_certificate
from shirushi.rules.ades.poe import ProofsOfExistence, covered_by, extract_proofs
from shirushi.rules.ades.sliding import slide_validation_time
from shirushi.rules.path.model import Path
from tests.unit.rules_ades.world import (
    CA,
    NOW,
    PASSED,
    RESPONDER,
    RSA,
    TSU,
    World,
    codes,
    day,
    failed,
    indeterminate,
    key,
    outcome,
)

LATER = day("2029-06-01")
SIGNED = day("2026-06-02")
ARCHIVED = day("2026-06-03")


class Archive(World):
    """A signature of 2026-06-02 with its validation data, all under an archive time-stamp of the next day.

    The signer's certificate expires with 2026, the TSU's with 2027; the archive's TSU has a root of its own, with fresh
    lists at `LATER`. Of the others there are only the lists of 2026-06-02.
    """

    def __init__(self, **signer):
        super().__init__(**signer)
        self.tsu = replace(self.tsu, not_after=day("2028-01-01"))
        self.certificates[3] = self.tsu
        self.archive_root = self.certificate("Archive root", extensions=CA)
        self.archive_tsu = self.certificate("Archive TSU", self.archive_root, extensions=TSU)
        self.anchors = (*self.anchors, TrustAnchor(self.archive_root, "Archive root"))
        self.crl(self.archive_root, LATER)

    def collect(self, at=SIGNED, **lists):
        self.lists(at, **lists)
        return self

    @property
    def data(self):
        """What the archive time-stamp covers beside the signature: all that is of the signer's side."""
        everything = (*self.certificates, *self.crls, *self.responses)
        return frozenset(item.id for item in everything)

    def lta(self, archived=ARCHIVED, stamped=SIGNED, **changes):
        inner = self.stamp(stamped)
        signature = self.signature(signature_timestamps=(inner,), level=Level.B_LTA, **changes)
        covers = self.data | {inner.id, signature.id}
        outer = self.stamp(archived, TimeStampKind.ARCHIVE, self.archive_tsu, covers)
        return replace(signature, archive_timestamps=(outer,))


@pytest.mark.parametrize("policy", [JAPAN, EU, PKI], ids=lambda p: p.name)
def test_everything_expired_but_archived_in_time(policy):
    world = Archive().collect()
    verdict = world.judge(world.lta(), LATER, policy)
    assert outcome(verdict) == PASSED
    assert verdict.best_signature_time == SIGNED
    assert [s.indication for s in verdict.time_stamps] == [Indication.TOTAL_PASSED] * 2
    assert verdict.trust == "Our root"


def test_without_the_archive_time_stamp_it_is_too_late():
    world = Archive().collect()
    signature = replace(world.lta(), archive_timestamps=())
    verdict = world.judge(signature, LATER, EU)
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert verdict.best_signature_time == LATER
    assert verdict.time_stamps[0].sub_indication is S.OUT_OF_BOUNDS_NOT_REVOKED


def test_archived_after_the_tsu_expired():
    world = Archive().collect()
    world.crls = [replace(c, next_update=day("2040-01-01")) for c in world.crls]
    verdict = world.judge(world.lta(archived=day("2028-06-01")), LATER)
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert verdict.best_signature_time == day("2028-06-01")


def test_archive_time_stamp_that_does_not_cover_the_revocation_data():
    world = Archive().collect()
    world.lists(LATER, revoked=[(world.signer, day("2026-07-01"))])
    signature = world.lta()
    only = frozenset({signature.id, signature.signature_timestamps[0].id})
    (outer,) = signature.archive_timestamps
    signature = replace(signature, archive_timestamps=(replace(outer, covers=only),))
    # The list of 2029 tells of the revocation; the one of 2026 is not proven to have existed before it.
    verdict = world.judge(signature, LATER)
    assert outcome(verdict) == PASSED  # the signature existed before the revocation, which is what counts
    assert verdict.best_signature_time == SIGNED


def test_revoked_before_it_was_stamped():
    world = Archive().collect()
    world.lists(LATER, revoked=[(world.signer, day("2026-06-01"))])
    verdict = world.judge(world.lta(), LATER)
    assert outcome(verdict) == indeterminate(S.REVOKED_NO_POE)
    assert "NO_POE_OF_SIGNATURE" in codes(verdict)


def test_tsu_revoked_after_the_archive_time_stamp():
    world = Archive().collect()
    world.lists(LATER, revoked=[(world.tsu, day("2026-07-01"))])
    verdict = world.judge(world.lta(), LATER)
    assert outcome(verdict) == PASSED
    assert verdict.best_signature_time == SIGNED


def test_tsu_revoked_before_the_archive_time_stamp():
    world = Archive().collect()
    world.lists(LATER, revoked=[(world.tsu, day("2026-06-02"))])
    verdict = world.judge(world.lta(), LATER)
    assert verdict.time_stamps[0].sub_indication is S.REVOKED_NO_POE
    assert outcome(verdict) == PASSED  # by the archive time-stamp, which is itself over the signature
    assert verdict.best_signature_time == ARCHIVED


def test_revoked_ca_with_proof_of_the_revocation_data():
    world = Archive().collect()
    world.crl(
        world.root, LATER, {world.ca.serial_number: (day("2027-01-01"), RevocationReason.CA_COMPROMISE)}
    )
    verdict = world.judge(world.lta(), LATER)
    assert outcome(verdict) == PASSED
    world = Archive().collect()
    world.crl(
        world.root, LATER, {world.ca.serial_number: (day("2026-06-01"), RevocationReason.CA_COMPROMISE)}
    )
    verdict = world.judge(world.lta(), LATER)
    assert outcome(verdict) == indeterminate(S.REVOKED_CA_NO_POE)


def test_revoked_ca_without_proof_of_the_revocation_data():
    world = Archive().collect()
    world.crl(
        world.root, LATER, {world.ca.serial_number: (day("2027-01-01"), RevocationReason.CA_COMPROMISE)}
    )
    signature = world.lta()
    (outer,) = signature.archive_timestamps
    bare = frozenset({signature.id, signature.signature_timestamps[0].id})
    signature = replace(signature, archive_timestamps=(replace(outer, covers=bare),))
    assert world.judge(signature, LATER).indication is Indication.INDETERMINATE


def test_expired_ca_is_healed():
    world = Archive()
    world.ca = replace(world.ca, not_after=day("2028-06-01"))
    world.certificates[1] = world.ca
    world.collect()
    assert outcome(world.judge(world.lta(), LATER)) == PASSED
    stamped_only = replace(world.lta(), archive_timestamps=())
    assert outcome(world.judge(stamped_only, LATER)) == indeterminate(S.OUT_OF_BOUNDS_NO_POE)


def test_algorithms_that_ended_are_healed():
    world = Archive(public_key=key("Alice", 2048, KeyKind.RSA))
    world.ca = replace(world.ca, public_key=key("CA", 2048, KeyKind.RSA))
    world.certificates[1] = world.ca
    world.certificates[2] = world.signer = replace(world.signer, signature_algorithm=RSA)
    world.certificates[3] = world.tsu = replace(world.tsu, signature_algorithm=RSA)
    world.collect()
    assert outcome(world.judge(world.lta(signature_algorithm=RSA), LATER, EU)) == PASSED
    bare = world.signature(signature_algorithm=RSA)
    verdict = world.judge(bare, LATER, EU)
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
    late = world.judge(world.lta(signature_algorithm=RSA, archived=day("2029-05-01")), LATER, EU)
    assert late.indication is Indication.INDETERMINATE


def test_weak_imprint_of_the_archive_time_stamp_proves_nothing():
    world = Archive().collect()
    signature = world.lta()
    (outer,) = signature.archive_timestamps
    weak = replace(outer, info=TstInfo("1.2", Digest(DigestAlgorithm.SHA1, bytes(20)), 1, ARCHIVED))
    verdict = world.judge(replace(signature, archive_timestamps=(weak,)), LATER, EU)
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert verdict.time_stamps[1].sub_indication is S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE


def test_a_broken_document_is_never_healed():
    world = Archive().collect()
    signature = world.lta()
    broken = replace(signature, references=(replace(signature.references[0], intact=False),))
    assert outcome(world.judge(broken, LATER)) == failed(S.HASH_FAILURE)


def test_stamped_after_the_signer_expired_though_archived():
    world = Archive().collect(day("2027-02-01"))
    verdict = world.judge(world.lta(stamped=day("2027-02-01"), archived=day("2027-02-02")), LATER)
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert verdict.best_signature_time == day("2027-02-01")


def test_stale_data_cannot_be_healed_by_a_later_proof():
    world = Archive().collect()
    verdict = world.judge(world.lta(stamped=day("2026-06-20"), archived=day("2026-06-21")), LATER)
    assert outcome(verdict) == indeterminate(S.TRY_LATER)
    assert codes(verdict) == {"REVOCATION_DATA_STALE"}
    assert "2026-06-21" in verdict.reasons[0].explain("en")


def test_sunset_anchor():
    world = World()
    world.lists()
    tsu_root = world.certificate("TSA root", extensions=CA)
    tsu = world.certificate("TSU 2", tsu_root, extensions=TSU)
    world.crl(tsu_root)
    world.anchors = (
        TrustAnchor(world.root, "Retired", valid_until=day("2026-08-01")),
        TrustAnchor(tsu_root, "TSA"),
    )
    world.lists(day("2026-07-01"))
    stamp = world.stamp(day("2026-06-02"), tsu=tsu)
    signature = world.signature(signature_timestamps=(stamp,))
    covers = frozenset(item.id for item in (*world.certificates, *world.crls)) | {stamp.id, signature.id}
    archive = world.stamp(day("2026-07-02"), TimeStampKind.ARCHIVE, tsu, covers)
    verdict = world.judge(replace(signature, archive_timestamps=(archive,)))
    assert outcome(verdict) == PASSED
    assert verdict.trust == "Retired"
    assert outcome(world.judge(world.signature())) == indeterminate(S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE)


def test_responder_expired_but_proven():
    world = Archive()
    world.crl(world.root, SIGNED)
    world.crl(world.ca, LATER)  # tells of the TSU, and nothing that matters of the signer
    responder = world.certificate("OCSP", world.ca, extensions=RESPONDER, not_after=day("2026-12-01"))
    world.crls.pop()
    world.ocsp(world.signer, responder, SIGNED)
    world.ocsp(world.tsu, responder, SIGNED)
    assert outcome(world.judge(world.lta(), LATER)) == PASSED
    unproven = world.lta(archived=day("2027-06-01"))
    verdict = world.judge(unproven, LATER, EU)
    assert verdict.indication is Indication.INDETERMINATE


def test_long_term_material():
    world = Archive()
    assert has_long_term_material(world.lta())
    assert not has_long_term_material(world.signature(signature_timestamps=(world.stamp(SIGNED),)))
    inner = world.stamp(SIGNED)
    outer = world.stamp(ARCHIVED, covers=frozenset({inner.id}))
    assert has_long_term_material(world.signature(signature_timestamps=(inner, outer)))


def test_what_time_stamps_prove():
    world = World()
    signature = world.signature()
    stamp = world.stamp(SIGNED, covers=frozenset({"a"}))
    assert covered_by(stamp, signature) == {"a", signature.id, world.signer.id}
    content = world.stamp(SIGNED, TimeStampKind.CONTENT)
    assert covered_by(content, signature) == frozenset()
    earlier_revision = world.stamp(SIGNED, TimeStampKind.DOCUMENT, covers=frozenset({"a"}))
    assert covered_by(earlier_revision, signature) == {"a"}
    unreferenced = replace(signature, certificate_reference=None)
    assert covered_by(replace(stamp, covers=None), unreferenced) == {signature.id}
    proofs = extract_proofs(ProofsOfExistence(NOW), stamp, signature)
    assert proofs.earliest("a") == SIGNED
    assert proofs.earliest("b") == NOW
    assert proofs.existed("a", SIGNED)
    assert not proofs.existed("a", SIGNED - timedelta(seconds=1))
    assert proofs.existed_within("a", day("2026-01-01"), day("2026-12-31"))
    assert not proofs.existed_within("b", day("2026-01-01"), day("2026-10-01"))
    earlier = proofs.adding(["a"], day("2026-01-01"))
    assert earlier.earliest("a") == day("2026-01-01")
    assert proofs.earliest("a") == SIGNED


def slide(world, proofs, policy=JAPAN, at=NOW, anchor=None):
    context = ValidationContext(world.material, world.anchors, policy, at)
    path = Path(world.signer, (world.signer, world.ca), anchor or world.anchors[0])
    return slide_validation_time(path, proofs, context)


def test_sliding_stays_where_nothing_happened():
    world = World()
    world.lists()
    result = slide(world, ProofsOfExistence(NOW))
    assert result.conclusion.passed
    assert result.control_time == NOW


def test_sliding_to_the_revocation():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-03-01"))])
    assert slide(world, ProofsOfExistence(NOW)).control_time == day("2026-03-01")


def test_sliding_past_a_revoked_ca_needs_proof_from_before():
    world = World()
    old = world.crl(world.ca, day("2026-02-01"))
    world.lists(revoked=[(world.ca, day("2026-03-01"))])
    missing = slide(world, ProofsOfExistence(NOW))
    assert missing.conclusion.sub_indication is S.NO_POE
    assert missing.conclusion.missing[0].certificate == world.signer
    proofs = ProofsOfExistence(NOW).adding([world.signer.id, old.id], day("2026-02-02"))
    assert slide(world, proofs).control_time == day("2026-03-01")


def test_sliding_needs_proof_of_the_certificate_as_well():
    world = World()
    old = world.crl(world.ca, day("2026-02-01"))
    world.lists(revoked=[(world.ca, day("2026-03-01"))])
    proofs = ProofsOfExistence(NOW).adding([old.id], day("2026-02-02"))
    assert slide(world, proofs).conclusion.sub_indication is S.NO_POE


def test_sliding_to_stale_data_where_the_policy_says_so():
    world = World()
    world.lists(day("2026-06-01"))
    strict = replace(JAPAN, sliding_freshness=Severity.FAIL)
    fresh_root = world.crl(world.root)
    assert fresh_root in world.crls
    assert slide(world, ProofsOfExistence(NOW), strict).control_time == day("2026-05-31")
    assert slide(world, ProofsOfExistence(NOW)).control_time == NOW


def test_sliding_to_the_end_of_an_algorithm():
    world = World()
    world.ca = replace(world.ca, public_key=key("CA", 1024, KeyKind.RSA))
    world.certificates[1] = world.ca
    world.certificates[2] = world.signer = replace(world.signer, signature_algorithm=RSA)
    world.lists()
    assert slide(world, ProofsOfExistence(NOW)).control_time == day("2019-10-01")
    assert (
        slide(world, ProofsOfExistence(NOW), replace(JAPAN, cryptography=Severity.WARN)).control_time == NOW
    )


def test_sliding_from_the_sunset_of_the_anchor():
    world = World()
    world.lists()
    world.lists(day("2026-07-01"))
    anchor = TrustAnchor(world.root, valid_until=day("2026-08-01"))
    known = [c.id for c in (*world.certificates, *world.crls[2:])]
    proofs = ProofsOfExistence(NOW).adding(known, day("2026-07-02"))
    assert slide(world, proofs, anchor=anchor).control_time == day("2026-08-01")
    assert slide(world, ProofsOfExistence(NOW), anchor=anchor).conclusion.sub_indication is S.NO_POE


def past_certificate(world, *, anchor=None):
    context = ValidationContext(world.material, world.anchors, JAPAN, NOW)
    path = Path(world.signer, (world.signer, world.ca), anchor or world.anchors[0])
    return validate_past_certificate(path, ProofsOfExistence(NOW), context)


def test_past_certificate():
    world = World()
    world.lists()
    result = past_certificate(world)
    assert result.conclusion.passed
    assert result.control_time == NOW


def test_past_certificate_that_is_an_anchor():
    world = World()
    anchor = TrustAnchor(world.signer, valid_until=day("2026-10-01"))
    context = ValidationContext(world.material, world.anchors, JAPAN, NOW)
    result = validate_past_certificate(Path(world.signer, (), anchor), ProofsOfExistence(NOW), context)
    assert result.control_time == day("2026-10-01")


def test_past_certificate_whose_chain_was_never_valid_at_once():
    world = World()
    world.ca = replace(world.ca, not_after=day("2024-12-31"))
    world.certificates[1] = world.ca
    world.lists()
    result = past_certificate(world)
    assert result.conclusion.sub_indication is S.CERTIFICATE_CHAIN_GENERAL_FAILURE
    assert result.control_time is None


def test_past_certificate_that_may_not_sign():
    world = World(extensions=CA)
    world.lists()
    assert past_certificate(world).conclusion.sub_indication is S.CHAIN_CONSTRAINTS_FAILURE


def test_of_several_chains_one_is_healed():
    world = Archive().collect()
    retired = TrustAnchor(world.root, "Retired", valid_until=day("2026-06-01"))
    world.anchors = (retired, *world.anchors)
    verdict = world.judge(world.lta(), LATER)
    assert outcome(verdict) == PASSED
    assert verdict.trust == "Our root"
