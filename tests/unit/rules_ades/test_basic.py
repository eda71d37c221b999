"""EN 319 102-1 §5.2 and §5.3: every block and every outcome of a basic signature."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.core.algorithms import DigestAlgorithm, KeyKind, Scheme, SignatureAlgorithm
from shirushi.core.evidence import (
    CertificateReference,
    CertificateStatus,
    Change,
    ChangeKind,
    Extensions,
    KeyUsage,
    NameConstraints,
    Reference,
    RevocationReason,
    SignatureFormat,
    SignaturePolicyIdentifier,
    TimeStampKind,
    TrustAnchor,
)
from shirushi.core.reason import reason
from shirushi.core.verdict import Indication, MissingKind
from shirushi.core.verdict import SubIndication as S
from shirushi.rules.ades import EU, JAPAN, PKI, Severity, validate_signatures
from tests.unit.rules_ades.world import (
    CA,
    DIGEST,
    NOW,
    PASSED,
    RESPONDER,
    World,
    codes,
    day,
    failed,
    indeterminate,
    key,
    outcome,
)


def test_intact_trusted_fresh_passes():
    world = World()
    world.lists()
    verdict = world.judge(world.signature())
    assert outcome(verdict) == PASSED
    assert verdict.reasons == verdict.missing == verdict.warnings == ()
    assert verdict.best_signature_time == NOW
    assert verdict.trust == "Our root"
    assert [c.subject.text for c in verdict.chain] == ["CN=Alice", "CN=CA", "CN=Root"]


@pytest.mark.parametrize("policy", [JAPAN, EU, PKI], ids=lambda p: p.name)
def test_every_preset_passes_what_is_right(policy):
    world = World()
    world.lists()
    assert outcome(world.judge(world.signature(), policy=policy)) == PASSED


def test_changed_reference_is_hash_failure():
    world = World()
    world.lists()
    changed = Reference("byte range", found=True, intact=False)
    verdict = world.judge(world.signature(references=(changed,)))
    assert outcome(verdict) == failed(S.HASH_FAILURE)
    assert codes(verdict) == {"REFERENCE_CHANGED"}
    assert "byte range" in verdict.reasons[0].explain("en")


def test_hash_failure_is_said_whoever_signed():
    world = World()  # no revocation data, no trust
    world.anchors = ()
    verdict = world.judge(world.signature(references=(Reference("x", found=True, intact=False),)))
    assert outcome(verdict) == failed(S.HASH_FAILURE)


@pytest.mark.parametrize("references", [(), (Reference("detached.txt", found=False, intact=None),)])
def test_signed_data_absent(references):
    world = World()
    world.lists()
    assert outcome(world.judge(world.signature(references=references))) == indeterminate(
        S.SIGNED_DATA_NOT_FOUND
    )


def test_wrong_value_is_crypto_failure():
    world = World()
    world.lists()
    verdict = world.judge(world.signature(value_intact=False))
    assert outcome(verdict) == failed(S.SIG_CRYPTO_FAILURE)
    assert codes(verdict) == {"SIG_CRYPTO_FAILURE"}


def test_value_that_cannot_be_verified_never_passes():
    world = World()
    world.lists()
    verdict = world.judge(
        world.signature(value_intact=None, signature_algorithm=None, signature_oid="1.2.999")
    )
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE)
    assert codes(verdict) == {"VALUE_NOT_VERIFIABLE"}


def test_structure_is_format_failure():
    world = World()
    world.lists()
    verdict = world.judge(world.signature(structure=(reason("FORMAT_FAILURE"),)))
    assert outcome(verdict) == failed(S.FORMAT_FAILURE)
    lenient = replace(JAPAN, structure=Severity.WARN)
    verdict = world.judge(world.signature(structure=(reason("FORMAT_FAILURE"),)), policy=lenient)
    assert outcome(verdict) == PASSED
    assert [w.code for w in verdict.warnings] == ["FORMAT_FAILURE"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ChangeKind.CONTENT_CHANGED, "FORBIDDEN_CHANGE_AFTER_SIGNING"),
        (ChangeKind.UNEXPLAINED_BYTES, "UNEXPLAINED_BYTES_AFTER_SIGNING"),
    ],
)
@pytest.mark.parametrize("policy", [JAPAN, EU, PKI], ids=lambda p: p.name)
def test_forbidden_change_never_passes(kind, code, policy):
    world = World()
    world.lists()
    signature = world.signature(changes=(Change(kind, allowed=False, where="page 1"),))
    verdict = world.judge(signature, policy=policy)
    assert outcome(verdict) == failed(S.FORMAT_FAILURE)
    assert codes(verdict) == {code}
    assert signature.integrity is True


def test_allowed_change_passes():
    world = World()
    world.lists()
    assert (
        outcome(world.judge(world.signature(changes=(Change(ChangeKind.FORM_FILLED, allowed=True),))))
        == PASSED
    )


def test_no_signing_certificate():
    world = World()
    verdict = world.judge(replace(world.signature(), signing_certificate=None, value_intact=None))
    assert outcome(verdict) == indeterminate(S.NO_SIGNING_CERTIFICATE_FOUND)
    assert codes(verdict) == {"NO_SIGNING_CERTIFICATE_FOUND"}


def test_certificate_other_than_the_referenced():
    world = World()
    world.lists()
    verdict = world.judge(world.signature(certificate_reference=CertificateReference(DIGEST, matches=False)))
    assert outcome(verdict) == indeterminate(S.NO_SIGNING_CERTIFICATE_FOUND)
    assert codes(verdict) == {"SIGNING_CERTIFICATE_NOT_THE_REFERENCED"}


def test_issuer_serial_mismatch_by_policy():
    world = World()
    world.lists()
    signature = world.signature(
        certificate_reference=CertificateReference(DIGEST, matches=True, issuer_serial_matches=False)
    )
    assert [w.code for w in world.judge(signature).warnings] == ["ISSUER_SERIAL_MISMATCH"]
    strict = replace(JAPAN, issuer_serial=Severity.FAIL)
    assert outcome(world.judge(signature, policy=strict)) == indeterminate(S.NO_SIGNING_CERTIFICATE_FOUND)


def test_missing_reference_to_the_certificate():
    world = World()
    world.lists()
    signature = world.signature(certificate_reference=None)
    verdict = world.judge(signature)
    assert outcome(verdict) == indeterminate(S.SIG_CONSTRAINTS_FAILURE)
    assert codes(verdict) == {"CERTIFICATE_REFERENCE_MISSING"}
    legacy = world.judge(replace(signature, format=SignatureFormat.PDF_PKCS7))
    assert outcome(legacy) == PASSED
    assert [w.code for w in legacy.warnings] == ["CERTIFICATE_REFERENCE_MISSING"]


def test_claimed_time_by_policy():
    world = World()
    world.lists()
    assert outcome(world.judge(world.signature(claimed_signing_time=None))) == PASSED
    verdict = world.judge(world.signature(claimed_signing_time=None), policy=EU)
    assert outcome(verdict) == indeterminate(S.SIG_CONSTRAINTS_FAILURE)
    assert codes(verdict) == {"CLAIMED_SIGNING_TIME_MISSING"}
    early = world.signature(claimed_signing_time=day("2019-01-01"))
    assert [w.code for w in world.judge(early).warnings] == ["CLAIMED_SIGNING_TIME_OUTSIDE_VALIDITY"]
    assert outcome(world.judge(early, policy=EU)) == indeterminate(S.SIG_CONSTRAINTS_FAILURE)


def test_signature_policy_that_is_not_accepted():
    world = World()
    world.lists()
    signature = world.signature(policy=SignaturePolicyIdentifier("1.2.3.4"))
    assert outcome(world.judge(signature)) == PASSED
    limited = replace(JAPAN, acceptable_signature_policies=frozenset({"1.2.3.5"}))
    verdict = world.judge(signature, policy=limited)
    assert outcome(verdict) == indeterminate(S.SIGNATURE_POLICY_NOT_AVAILABLE)
    assert codes(verdict) == {"SIGNATURE_POLICY_UNKNOWN"}
    warned = world.judge(signature, policy=replace(limited, signature_policy=Severity.WARN))
    assert outcome(warned) == PASSED
    assert [w.code for w in warned.warnings] == ["SIGNATURE_POLICY_UNKNOWN"]
    implied = world.signature(policy=SignaturePolicyIdentifier(""))
    assert outcome(world.judge(implied, policy=limited)) == PASSED


def test_unknown_issuer_names_whose_issuer_is_sought():
    world = World()
    stranger = world.certificate("Stranger CA", extensions=CA, hidden=True)
    signer = world.certificate("Mallory", stranger)
    verdict = world.judge(world.signature(signer))
    assert outcome(verdict) == indeterminate(S.NO_CERTIFICATE_CHAIN_FOUND)
    assert codes(verdict) == {"ISSUER_NOT_FOUND"}
    assert [(m.kind, m.certificate) for m in verdict.missing] == [(MissingKind.ISSUER_CERTIFICATE, signer)]
    assert (verdict.chain, verdict.trust) == ((), "")


def test_untrusted_root_is_named():
    world = World()
    world.lists()
    world.anchors = (TrustAnchor(world.certificate("Elsewhere", extensions=CA), "Elsewhere"),)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.NO_CERTIFICATE_CHAIN_FOUND)
    assert codes(verdict) == {"ROOT_NOT_TRUSTED"}
    assert "CN=Root" in verdict.reasons[0].explain("ja")
    (missing,) = verdict.missing
    assert (missing.kind, missing.certificate.subject.text) == (MissingKind.ISSUER_CERTIFICATE, "CN=Root")


def test_anchor_for_another_purpose_is_none():
    world = World()
    world.lists()
    world.anchors = (TrustAnchor(world.root, "TSA only", purposes=frozenset({"1.3.6.1.5.5.7.3.8"})),)
    assert outcome(world.judge(world.signature())) == indeterminate(S.NO_CERTIFICATE_CHAIN_FOUND)
    world.anchors = (TrustAnchor(world.root, purposes=frozenset({"1.3.6.1.5.5.7.3.36"})),)
    assert outcome(world.judge(world.signature())) == PASSED


def test_anchor_outside_its_period():
    world = World()
    world.lists()
    world.anchors = (TrustAnchor(world.root, "Old", valid_until=NOW - timedelta(days=1)),)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.NO_CERTIFICATE_CHAIN_FOUND_NO_POE)
    assert "ANCHOR_NO_LONGER_TRUSTED" in codes(verdict)
    world.anchors = (TrustAnchor(world.root, "New", valid_from=NOW + timedelta(days=1)),)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.NO_CERTIFICATE_CHAIN_FOUND)
    assert codes(verdict) == {"ANCHOR_NOT_YET_TRUSTED"}


def test_trusted_signing_certificate_passes_by_itself():
    world = World()
    world.anchors = (TrustAnchor(world.signer, "Alice herself"),)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == PASSED
    assert verdict.chain == (world.signer,)
    assert verdict.trust == "Alice herself"


def test_no_revocation_data_asks_for_it():
    world = World()
    world.crl(world.root)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.TRY_LATER)
    assert codes(verdict) == {"REVOCATION_DATA_MISSING"}
    assert [(m.kind, m.certificate, m.issuer) for m in verdict.missing] == [
        (MissingKind.REVOCATION_DATA, world.signer, world.ca)
    ]


def test_revocation_of_the_ca_is_asked_for_as_well():
    world = World()
    missing = world.judge(world.signature()).missing
    assert [m.certificate for m in missing] == [world.signer, world.ca]


def test_revocation_data_that_cannot_be_relied_upon_fails_the_chain():
    world = World()
    world.lists()
    world.signed.discard((world.crls[1].id, world.ca.id))
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.CERTIFICATE_CHAIN_GENERAL_FAILURE)
    assert verdict.missing[0].kind is MissingKind.REVOCATION_DATA


def test_revocation_data_from_before_the_certificate_say_nothing():
    world = World()
    world.lists()
    world.crls[1] = replace(world.crls[1], this_update=day("2024-12-31"))
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.CERTIFICATE_CHAIN_GENERAL_FAILURE)
    assert codes(verdict) == {"REVOCATION_DATA_BEFORE_ISSUANCE"}


def test_stale_revocation_data():
    world = World()
    world.lists(NOW - timedelta(days=30))
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.TRY_LATER)
    assert codes(verdict) == {"REVOCATION_DATA_STALE"}
    assert {m.certificate for m in verdict.missing} == {world.signer, world.ca}
    assert outcome(world.judge(world.signature(), policy=EU)) == PASSED
    warned = world.judge(world.signature(), policy=replace(JAPAN, freshness=Severity.WARN))
    assert outcome(warned) == PASSED
    assert {w.code for w in warned.warnings} == {"REVOCATION_DATA_STALE"}


def test_maximum_freshness_of_the_policy():
    world = World()
    world.lists(NOW - timedelta(days=2))
    assert outcome(world.judge(world.signature())) == PASSED
    strict = replace(JAPAN, max_freshness=timedelta(days=1))
    assert outcome(world.judge(world.signature(), policy=strict)) == indeterminate(S.TRY_LATER)


def test_data_without_next_update_age_by_their_own_limit():
    world = World()
    world.crl(world.root)
    world.ocsp(world.signer, world.ca, NOW - timedelta(hours=1), next_update=None)
    assert outcome(world.judge(world.signature())) == PASSED
    strict = replace(JAPAN, max_freshness_without_next_update=None)
    assert outcome(world.judge(world.signature(), policy=strict)) == indeterminate(S.TRY_LATER)


def test_certificates_that_need_no_revocation_data():
    for extensions in (Extensions(short_term=True), Extensions(present=frozenset({"2.5.29.56"}))):
        world = World(extensions=extensions)
        world.crl(world.root)
        assert outcome(world.judge(world.signature())) == PASSED


def test_revocation_not_demanded_by_policy():
    world = World()
    policy = replace(JAPAN, signer_revocation=Severity.WARN, ca_revocation=Severity.IGNORE)
    verdict = world.judge(world.signature(), policy=policy)
    assert outcome(verdict) == PASSED
    assert [w.code for w in verdict.warnings] == ["REVOCATION_DATA_MISSING"]


def test_revocation_known_counts_even_where_not_demanded():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-03-01"))])
    policy = replace(JAPAN, signer_revocation=Severity.WARN)
    assert outcome(world.judge(world.signature(), policy=policy)) == indeterminate(S.REVOKED_NO_POE)


def test_revoked_signer():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-03-01"))])
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.REVOKED_NO_POE)
    assert codes(verdict) == {"SIGNER_CERTIFICATE_REVOKED"}
    assert "2026-03-01" in verdict.reasons[0].explain("en")


def test_content_time_stamp_after_revocation_proves_fraud():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-03-01"))])
    after = world.stamp(day("2026-03-02"), TimeStampKind.CONTENT)
    verdict = world.judge(world.signature(content_timestamps=(after,)))
    assert outcome(verdict) == failed(S.REVOKED)
    assert codes(verdict) == {"SIGNED_AFTER_REVOCATION"}
    before = world.stamp(day("2026-02-28"), TimeStampKind.CONTENT)
    assert outcome(world.judge(world.signature(content_timestamps=(before,)))) == indeterminate(
        S.REVOKED_NO_POE
    )


def test_untrusted_content_time_stamp_proves_nothing():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-03-01"))])
    stranger = world.certificate("Stranger", extensions=CA)
    tsu = world.certificate("Strange TSU", stranger)
    stamp = world.stamp(day("2026-03-02"), TimeStampKind.CONTENT, tsu)
    assert outcome(world.judge(world.signature(content_timestamps=(stamp,)))) == indeterminate(
        S.REVOKED_NO_POE
    )


def test_certificate_on_hold():
    world = World()
    world.lists(revoked=[(world.signer, day("2026-03-01"))], why=RevocationReason.CERTIFICATE_HOLD)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.TRY_LATER)
    assert codes(verdict) == {"CERTIFICATE_ON_HOLD"}


def test_revoked_ca():
    world = World()
    world.lists(revoked=[(world.ca, day("2026-03-01"))])
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.REVOKED_CA_NO_POE)
    assert codes(verdict) == {"CA_CERTIFICATE_REVOKED"}


def test_expired_signer_known_not_revoked():
    world = World(not_after=day("2026-09-01"))
    world.lists()
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NOT_REVOKED)
    assert codes(verdict) == {"SIGNER_CERTIFICATE_EXPIRED"}


def test_expired_signer_of_whom_nothing_is_known():
    world = World(not_after=day("2026-09-01"))
    world.crl(world.root)
    world.crl(world.ca, expired_certs_on_crl=None)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NO_POE)
    assert codes(verdict) == {"SIGNER_CERTIFICATE_EXPIRED", "REVOCATION_AFTER_EXPIRY"}
    world.crls.pop()
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NO_POE)
    assert verdict.missing[0].certificate == world.signer


def test_content_time_stamp_after_expiration():
    world = World(not_after=day("2026-09-01"))
    world.lists()
    stamp = world.stamp(day("2026-09-02"), TimeStampKind.CONTENT)
    verdict = world.judge(world.signature(content_timestamps=(stamp,)))
    assert outcome(verdict) == failed(S.EXPIRED)
    assert codes(verdict) == {"SIGNED_AFTER_EXPIRATION"}


def test_signer_not_yet_valid():
    world = World(not_before=day("2026-12-01"))
    verdict = world.judge(world.signature())
    assert outcome(verdict) == failed(S.NOT_YET_VALID)
    assert codes(verdict) == {"SIGNED_BEFORE_ISSUANCE"}


def test_expired_ca():
    world = World()
    world.ca = replace(world.ca, not_after=day("2026-10-01"))
    world.certificates[1] = world.ca
    world.lists()
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.OUT_OF_BOUNDS_NO_POE)
    assert codes(verdict) == {"CA_CERTIFICATE_EXPIRED"}


def test_path_that_does_not_hold():
    world = World()
    world.ca = replace(world.ca, extensions=replace(CA, name_constraints=NameConstraints(unusable=True)))
    world.certificates[1] = world.ca
    world.lists()
    assert outcome(world.judge(world.signature())) == indeterminate(S.CERTIFICATE_CHAIN_GENERAL_FAILURE)


def test_key_usage_of_the_signer():
    world = World(extensions=Extensions(key_usage=frozenset({KeyUsage.KEY_AGREEMENT})))
    world.lists()
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.CHAIN_CONSTRAINTS_FAILURE)
    assert codes(verdict) == {"NOT_FOR_SIGNING"}
    assert outcome(world.judge(world.signature(), policy=EU)) == PASSED


def test_another_chain_is_tried():
    world = World()
    world.lists()
    other = world.certificate("Other root", extensions=CA)
    cross = replace(world.ca, id=world.next_id(), issuer=other.subject, not_after=day("2026-01-01"))
    world.certificates.append(cross)
    world.signed |= {(cross.id, other.id), (world.signer.id, cross.id)}
    world.anchors = (TrustAnchor(other, "Other"), *world.anchors)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == PASSED
    assert verdict.trust == "Our root"


def test_weak_algorithm_of_the_signature():
    world = World(public_key=key("Alice", 1024, KeyKind.RSA))
    world.lists()
    old = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA1)
    verdict = world.judge(world.signature(signature_algorithm=old))
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)
    assert codes(verdict) == {"ALGORITHM_EXPIRED"}
    warned = world.judge(
        world.signature(signature_algorithm=old), policy=replace(JAPAN, cryptography=Severity.WARN)
    )
    assert outcome(warned) == PASSED
    assert [w.code for w in warned.warnings] == ["ALGORITHM_EXPIRED"]


def test_weak_digest_of_an_attribute():
    world = World()
    world.lists()
    verdict = world.judge(world.signature(attributes_digest_algorithms=(DigestAlgorithm.MD5,)))
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)


def test_content_time_stamp_after_an_algorithm_ended():
    world = World(public_key=key("Alice", 1024, KeyKind.RSA))
    world.lists()
    stamp = world.stamp(day("2025-06-01"), TimeStampKind.CONTENT)
    rsa = SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.SHA256)
    verdict = world.judge(world.signature(signature_algorithm=rsa, content_timestamps=(stamp,)))
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE)


def test_content_time_stamp_after_the_end_of_an_attributes_digest_says_nothing_of_the_value():
    """§5.3.4 step 6 asks about the signature value alone."""
    world = World()
    world.lists()
    stamp = world.stamp(day("2025-06-01"), TimeStampKind.CONTENT)
    verdict = world.judge(
        world.signature(attributes_digest_algorithms=(DigestAlgorithm.MD5,), content_timestamps=(stamp,))
    )
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)


@pytest.mark.parametrize("algorithm", [None, SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA1)])
def test_weak_algorithm_of_a_certificate(algorithm):
    world = World(signature_algorithm=algorithm)
    world.lists()
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)


def test_weak_algorithm_of_a_revocation_list():
    world = World()
    world.lists()
    world.crls[1] = replace(
        world.crls[1], signature_algorithm=SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA1)
    )
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.CRYPTO_CONSTRAINTS_FAILURE_NO_POE)


def test_responder_out_of_validity():
    world = World()
    world.crl(world.root)
    responder = world.certificate("OCSP", world.ca, extensions=RESPONDER, not_after=NOW - timedelta(days=1))
    world.ocsp(world.signer, responder, NOW - timedelta(days=2))
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.REVOCATION_OUT_OF_BOUNDS_NO_POE)
    assert codes(verdict) == {"REVOCATION_ISSUER_OUT_OF_VALIDITY"}
    assert verdict.missing[0].certificate == world.signer
    lenient = replace(JAPAN, revocation_issuer_validity=Severity.WARN)
    assert outcome(world.judge(world.signature(), policy=lenient)) == PASSED


def test_responder_that_knows_nothing():
    world = World()
    world.crl(world.root)
    world.ocsp(world.signer, world.ca, status=CertificateStatus.UNKNOWN)
    verdict = world.judge(world.signature())
    assert outcome(verdict) == indeterminate(S.CERTIFICATE_CHAIN_GENERAL_FAILURE)
    assert codes(verdict) == {"OCSP_STATUS_UNKNOWN"}


def test_document_takes_the_worst_signature():
    world = World()
    world.lists()
    good = world.signature()
    bad = world.signature(references=(Reference("x", found=True, intact=False),))
    verdict = validate_signatures([good, bad], world.material, world.anchors, JAPAN, NOW)
    assert verdict.indication is Indication.TOTAL_FAILED
    assert verdict.sub_indication is S.HASH_FAILURE
    assert (verdict.validation_time, verdict.policy_digest) == (NOW, JAPAN.digest())
    empty = validate_signatures([], world.material, world.anchors, JAPAN, NOW)
    assert empty.indication is None
