"""EN 319 102-1 §5.4 and §5.5: time-stamps, and what they prove of a signature."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm
from shirushi.core.evidence import Extensions, RevocationReason, TimeStampKind, TrustAnchor, TstInfo
from shirushi.core.verdict import Indication
from shirushi.core.verdict import SubIndication as S
from shirushi.rules.ades import EU, JAPAN, PKI, Severity
from tests.unit.rules_ades.world import (
    NOW,
    PASSED,
    TSU,
    World,
    codes,
    day,
    failed,
    indeterminate,
    key,
    outcome,
)


def stamped(world, at, **changes):
    return world.signature(signature_timestamps=(world.stamp(at),), **changes)


def test_time_stamp_gives_the_best_signature_time():
    world = World()
    world.lists()
    verdict = world.judge(stamped(world, day("2026-06-02")))
    assert outcome(verdict) == PASSED
    assert verdict.best_signature_time == day("2026-06-02")
    (stamp,) = verdict.time_stamps
    assert (stamp.indication, stamp.gen_time, stamp.trust) == (
        Indication.TOTAL_PASSED,
        day("2026-06-02"),
        "Our root",
    )


@pytest.mark.parametrize("policy", [JAPAN, EU, PKI], ids=lambda p: p.name)
def test_expired_since_but_stamped_before(policy):
    world = World(not_after=day("2026-09-01"))
    world.lists()
    assert outcome(world.judge(stamped(world, day("2026-06-02")), policy=policy)) == PASSED
    late = world.judge(stamped(world, day("2026-09-02")), policy=policy)
    assert outcome(late) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert late.best_signature_time == day("2026-09-02")


def test_stamped_at_the_last_moment():
    world = World(not_after=day("2026-09-01"))
    world.lists()
    assert outcome(world.judge(stamped(world, day("2026-09-01")))) == PASSED


@pytest.mark.parametrize("policy", [JAPAN, EU, PKI], ids=lambda p: p.name)
def test_revoked_since_but_stamped_before(policy):
    world = World()
    world.lists(revoked=[(world.signer, day("2026-07-01"))])
    assert outcome(world.judge(stamped(world, day("2026-06-30")), policy=policy)) == PASSED
    assert outcome(world.judge(stamped(world, day("2026-07-01")), policy=policy)) == indeterminate(
        S.REVOKED_NO_POE
    )


def test_revoked_and_expired_since():
    world = World(not_after=day("2026-06-01"))
    world.lists(revoked=[(world.signer, day("2026-08-01"))])
    assert outcome(world.judge(stamped(world, day("2026-05-01")))) == PASSED
    verdict = world.judge(stamped(world, day("2026-07-01")))
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)


def test_every_finding_must_be_healed_not_the_first_alone():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-07-01")), (world.ca, day("2026-02-01"))])
    tsa = TrustAnchor(world.tsu, "TSU")
    world.anchors = (*world.anchors, tsa)
    verdict = world.judge(stamped(world, day("2026-06-01")))
    assert outcome(verdict) == indeterminate(S.REVOKED_CA_NO_POE)


def test_revoked_ca_after_the_stamp():
    world = World()
    world.lists(revoked=[(world.ca, day("2026-07-01"))])
    world.anchors = (*world.anchors, TrustAnchor(world.tsu, "TSU"))
    assert outcome(world.judge(stamped(world, day("2026-06-01")))) == PASSED


def test_stale_data_are_fresh_at_the_stamp():
    world = World()
    world.lists(day("2026-06-01"))
    world.anchors = (*world.anchors, TrustAnchor(world.tsu, "TSU"))
    assert outcome(world.judge(stamped(world, day("2026-06-02")))) == PASSED
    verdict = world.judge(stamped(world, day("2026-06-20")))
    assert outcome(verdict) == indeterminate(S.TRY_LATER)
    assert {m.certificate for m in verdict.missing} == {world.signer, world.ca}


def test_suspended_after_the_stamp():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-07-01"))], why=RevocationReason.CERTIFICATE_HOLD)
    assert outcome(world.judge(stamped(world, day("2026-06-02")))) == PASSED
    verdict = world.judge(stamped(world, day("2026-07-02")))
    assert outcome(verdict) == indeterminate(S.TRY_LATER)
    assert codes(verdict) == {"CERTIFICATE_ON_HOLD"}


def test_stamped_before_the_certificate_existed():
    world = World()
    world.lists()
    verdict = world.judge(stamped(world, day("2024-12-31")))
    assert outcome(verdict) == failed(S.NOT_YET_VALID)


def test_algorithm_that_ended_since():
    world = World(public_key=key("Alice", 2048, KeyKind.RSA))
    world.lists()
    rsa = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)
    signature = stamped(world, day("2026-06-02"), signature_algorithm=rsa)
    assert outcome(world.judge(signature)) == PASSED
    later = World(not_after=day("2034-01-01"), public_key=key("Alice", 2048, KeyKind.RSA))
    later.lists(day("2031-06-01"))
    signature = stamped(later, day("2026-06-02"), signature_algorithm=rsa)
    assert outcome(later.judge(signature, day("2031-06-01"))) == PASSED
    bare = later.signature(signature_algorithm=rsa)
    assert outcome(later.judge(bare, day("2031-06-01"))) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)


@pytest.mark.parametrize(
    ("intact", "indication", "code"),
    [
        (False, Indication.TOTAL_FAILED, "IMPRINT_MISMATCH"),
        (None, Indication.INDETERMINATE, "TIME_STAMPED_DATA_NOT_FOUND"),
    ],
)
def test_time_stamp_over_something_else_proves_nothing(intact, indication, code):
    world = World(not_after=day("2026-09-01"))
    world.lists()
    stamp = world.stamp(day("2026-06-02"), imprint_intact=intact)
    verdict = world.judge(world.signature(signature_timestamps=(stamp,)))
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert verdict.best_signature_time == NOW
    assert verdict.time_stamps[0].indication is indication
    assert [r.code for r in verdict.time_stamps[0].reasons] == [code]


def test_broken_time_stamp_does_not_spoil_a_good_signature():
    world = World()
    world.lists()
    stamp = world.stamp(day("2026-06-02"))
    broken = replace(stamp, signature=replace(stamp.signature, value_intact=False))
    verdict = world.judge(world.signature(signature_timestamps=(broken,)))
    assert outcome(verdict) == PASSED
    assert verdict.best_signature_time == NOW
    assert verdict.time_stamps[0].sub_indication is S.SIG_CRYPTO_FAILURE


def test_second_time_stamp_serves_where_the_first_does_not():
    world = World(not_after=day("2026-09-01"))
    world.lists()
    stamps = (world.stamp(day("2026-06-01"), imprint_intact=False), world.stamp(day("2026-06-03")))
    verdict = world.judge(world.signature(signature_timestamps=stamps))
    assert outcome(verdict) == PASSED
    assert verdict.best_signature_time == day("2026-06-03")


@pytest.mark.parametrize(
    ("extensions", "code"),
    [
        (Extensions(), "NOT_FOR_TIME_STAMPING"),
        (replace(TSU, critical=frozenset()), "NOT_FOR_TIME_STAMPING_ALONE"),
        (
            replace(TSU, extended_key_usage=frozenset({"1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.4"})),
            "NOT_FOR_TIME_STAMPING_ALONE",
        ),
    ],
)
def test_certificate_that_is_not_for_time_stamping(extensions, code):
    world = World()
    world.lists()
    tsu = world.certificate("Not a TSU", world.ca, extensions=extensions)
    verdict = world.judge(world.signature(signature_timestamps=(world.stamp(day("2026-06-02"), tsu=tsu),)))
    assert verdict.best_signature_time == NOW
    assert verdict.time_stamps[0].sub_indication is S.CHAIN_CONSTRAINTS_FAILURE
    assert [r.code for r in verdict.time_stamps[0].reasons] == [code]


def test_time_stamp_without_reference_to_its_certificate():
    world = World()
    world.lists()
    stamp = world.stamp(day("2026-06-02"))
    bare = replace(stamp, signature=replace(stamp.signature, certificate_reference=None))
    signature = world.signature(signature_timestamps=(bare,))
    assert world.judge(signature).time_stamps[0].sub_indication is S.SIG_CONSTRAINTS_FAILURE
    assert world.judge(signature, policy=EU).best_signature_time == day("2026-06-02")


def test_weak_imprint():
    world = World()
    world.lists()
    info = TstInfo("1.2.3", Digest(DigestAlgorithm.SHA1, bytes(20)), 1, day("2026-06-02"))
    signature = world.signature(signature_timestamps=(world.stamp(day("2026-06-02"), info=info),))
    verdict = world.judge(signature)
    assert verdict.time_stamps[0].sub_indication is S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE
    assert verdict.best_signature_time == NOW


def test_what_a_time_stamp_lacks_is_asked_for():
    world = World()
    world.lists()
    own_ca = world.certificate("TSA CA", world.root, extensions=world.ca.extensions)
    tsu = world.certificate("TSU 2", own_ca, extensions=TSU)
    verdict = world.judge(world.signature(signature_timestamps=(world.stamp(day("2026-06-02"), tsu=tsu),)))
    assert outcome(verdict) == PASSED
    assert verdict.time_stamps[0].sub_indication is S.TRY_LATER
    assert [m.certificate for m in verdict.missing] == [tsu]


def test_content_time_stamp_after_the_signature_time_stamp():
    world = World()
    world.lists()
    content = world.stamp(day("2026-06-03"), TimeStampKind.CONTENT)
    signature = stamped(world, day("2026-06-02"), content_timestamps=(content,))
    verdict = world.judge(signature)
    assert outcome(verdict) == indeterminate(S.TIMESTAMP_ORDER_FAILURE)
    assert codes(verdict) == {"TIME_STAMPS_OUT_OF_ORDER"}
    lenient = world.judge(signature, policy=replace(JAPAN, time_stamp_order=Severity.WARN))
    assert outcome(lenient) == PASSED
    assert [w.code for w in lenient.warnings] == ["TIME_STAMPS_OUT_OF_ORDER"]


def test_order_within_the_accuracies():
    world = World()
    world.lists()
    at = day("2026-06-02")
    content = world.stamp(at + timedelta(seconds=2), TimeStampKind.CONTENT)
    assert outcome(world.judge(stamped(world, at, content_timestamps=(content,)))) == PASSED


def test_document_time_stamp_counts():
    world = World(not_after=day("2026-09-01"))
    world.lists()
    stamp = world.stamp(day("2026-06-02"), TimeStampKind.DOCUMENT)
    assert outcome(world.judge(world.signature(archive_timestamps=(stamp,)))) == PASSED


def test_document_time_stamp_of_an_earlier_revision_proves_nothing():
    world = World(not_after=day("2026-09-01"))
    world.lists()
    stamp = world.stamp(day("2026-06-02"), TimeStampKind.DOCUMENT, covers=frozenset({"another"}))
    verdict = world.judge(world.signature(archive_timestamps=(stamp,)))
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert verdict.best_signature_time == NOW


def test_document_time_stamp_older_than_what_it_covers():
    world = World()
    world.lists()
    inner = world.stamp(day("2026-06-03"))
    outer = world.stamp(day("2026-06-02"), TimeStampKind.DOCUMENT, covers=frozenset({inner.id}))
    signature = world.signature(signature_timestamps=(inner,), archive_timestamps=(outer,))
    assert outcome(world.judge(signature)) == indeterminate(S.TIMESTAMP_ORDER_FAILURE)


def test_time_stamp_delay():
    world = World()
    world.lists()
    policy = replace(JAPAN, time_stamp_delay=timedelta(days=1))
    assert outcome(world.judge(stamped(world, day("2026-06-02")), policy=policy)) == PASSED
    late = world.judge(stamped(world, day("2026-06-03")), policy=policy)
    assert outcome(late) == indeterminate(S.SIG_CONSTRAINTS_FAILURE)
    assert codes(late) == {"TIME_STAMPED_TOO_LATE"}
    silent = world.judge(stamped(world, day("2026-06-02"), claimed_signing_time=None), policy=policy)
    assert codes(silent) == {"CLAIMED_SIGNING_TIME_MISSING"}


def test_time_stamp_never_heals_a_changed_document():
    world = World()
    world.lists()
    reference = replace(world.signature().references[0], intact=False)
    verdict = world.judge(stamped(world, day("2026-06-02"), references=(reference,)))
    assert outcome(verdict) == failed(S.HASH_FAILURE)
    assert verdict.best_signature_time == day("2026-06-02")
