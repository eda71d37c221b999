from dataclasses import replace
from hashlib import md5, sha256, sha512

import pytest

from shirushi.core.algorithms import DigestAlgorithm
from shirushi.core.evidence import (
    CertificateStatus,
    Extensions,
    IssuingDistributionPoint,
    KeyUsage,
    RevocationReason,
    TrustAnchor,
)
from shirushi.rules.path import Status, revocation_status
from tests.unit.rules_path.world import AT, DAY, START, World, chain, key_hash, revoked_entry

OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
RESPONDER = Extensions(
    key_usage=frozenset({KeyUsage.DIGITAL_SIGNATURE}),
    extended_key_usage=frozenset({OCSP_SIGNING}),
    ocsp_no_check=True,
)
ATTRIBUTES = IssuingDistributionPoint(only_attribute_certificates=True)
REVOKED = {"status": CertificateStatus.REVOKED, "revocation_time": AT - 2 * DAY}


class Domain(World):
    def __init__(self, responder=RESPONDER, **changes):
        super().__init__()
        self.root = self.ca("root")
        self.issuing = self.ca("issuing", self.root)
        self.target = self.certificate("target", self.issuing)
        self.responder = self.certificate("responder", self.issuing, extensions=responder, **changes)
        self.path = chain(self.target, self.issuing, self.root)
        self.anchors = [self.path.anchor]

    def answer(self, signer=None, single=None, **changes):
        return self.ocsp(self.target, self.issuing, signer or self.responder, single, **changes)

    def status(self, at=AT, *, current=True):
        return revocation_status(self.path, 0, at, self.material, self.anchors, require_current=current)


def codes(status):
    return [reason.code for reason in status.reasons]


@pytest.fixture
def domain():
    return Domain()


def test_the_issuer_answers_itself(domain):
    response = domain.answer(domain.issuing)
    status = domain.status()
    assert status.status is Status.GOOD
    assert status.source_id == response.id
    assert status.signer is None


def test_a_delegated_responder_answers(domain):
    domain.answer()
    status = domain.status()
    assert status.status is Status.GOOD
    assert status.signer.certificates == (domain.responder, domain.issuing)


def test_the_responder_may_travel_with_its_response(domain):
    domain.certificates.remove(domain.responder)
    domain.answer(certificates=(domain.responder,))
    assert domain.status().status is Status.GOOD


def test_the_responder_may_be_named_by_its_key(domain):
    domain.answer(responder=key_hash(domain.responder))
    assert domain.status().status is Status.GOOD
    named_wrongly = Domain()
    named_wrongly.answer(responder=key_hash(named_wrongly.issuing))
    assert codes(named_wrongly.status()) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]


@pytest.mark.parametrize(
    "digest",
    [
        DigestAlgorithm.SHA1,
        DigestAlgorithm.SHA224,
        DigestAlgorithm.SHA256,
        DigestAlgorithm.SHA384,
        DigestAlgorithm.SHA512,
        DigestAlgorithm.SHA3_256,
    ],
)
def test_the_certificate_is_named_under_any_digest(domain, digest):
    domain.answer(digest=digest)
    assert domain.status().status is Status.GOOD


def test_a_response_about_another_certificate_says_nothing(domain):
    domain.ocsp(domain.responder, domain.issuing, domain.responder, REVOKED)
    domain.ocsp(domain.target, domain.root, domain.responder, REVOKED)
    assert codes(domain.status()) == ["REVOCATION_DATA_MISSING"]


def test_a_key_that_cannot_be_read_is_nobodys(domain):
    domain.answer(responder=key_hash(domain.responder))
    broken = replace(domain.responder, public_key=replace(domain.responder.public_key, spki=b""))
    domain.certificates[domain.certificates.index(domain.responder)] = broken
    assert codes(domain.status()) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]
    issuing = replace(domain.issuing, public_key=replace(domain.issuing.public_key, spki=b""))
    domain.path = chain(domain.target, issuing, domain.root)
    assert codes(domain.status()) == ["REVOCATION_DATA_MISSING"]


def test_the_revocation_is_told(domain):
    domain.answer(single=REVOKED | {"reason": RevocationReason.SUPERSEDED})
    status = domain.status()
    assert status.status is Status.REVOKED
    assert status.reason is RevocationReason.SUPERSEDED
    assert status.revocation_time == AT - 2 * DAY
    before = domain.status(AT - 3 * DAY, current=False)
    assert before.status is Status.GOOD
    assert before.revocation_time == AT - 2 * DAY


def test_a_status_is_as_old_as_its_this_update_however_late_the_response_was_produced(domain):
    domain.answer(produced_at=AT - DAY / 2)
    assert domain.status().issued_at == AT - DAY
    early = Domain()
    early.answer(produced_at=AT - 2 * DAY)
    assert early.status().issued_at == AT - DAY


def test_of_several_responses_the_one_produced_last_counts(domain):
    domain.answer(produced_at=AT - DAY / 2, single=REVOKED | {"reason": RevocationReason.CERTIFICATE_HOLD})
    assert domain.status().status is Status.REVOKED
    domain.answer(produced_at=AT - DAY / 4)
    assert domain.status().status is Status.GOOD


@pytest.mark.parametrize(
    ("extensions", "changes"),
    [
        (replace(RESPONDER, extended_key_usage=None), {}),
        (replace(RESPONDER, extended_key_usage=frozenset({"2.5.29.37.0"})), {}),
        (replace(RESPONDER, key_usage=frozenset({KeyUsage.KEY_AGREEMENT})), {}),
        (replace(RESPONDER, critical=frozenset({"1.2.3.4"})), {}),
        (RESPONDER, {"not_after": AT - 2 * DAY}),
        (RESPONDER, {"not_before": AT}),
    ],
)
def test_a_responder_must_be_fit_when_it_answers(extensions, changes):
    domain = Domain(extensions, **changes)
    domain.answer()
    status = domain.status(current=False)
    assert codes(status) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]
    assert "CN=responder" in status.reasons[0].explain("ja")


def test_a_responder_may_have_expired_since(domain):
    old = Domain(not_after=AT - DAY / 2)
    old.answer()
    assert old.status().status is Status.GOOD


def test_a_responder_of_another_issuer_may_not_answer(domain):
    stranger = domain.certificate("stranger", domain.root, extensions=RESPONDER)
    domain.answer(stranger)
    assert codes(domain.status()) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]


def test_the_responders_certificate_is_signed_by_the_issuers_same_key(domain):
    renewed = domain.ca("issuing", domain.root, key_of="new")
    delegate = domain.certificate("delegate", renewed, extensions=RESPONDER)
    domain.answer(delegate)
    assert codes(domain.status()) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]


def test_a_signature_that_nobody_made_counts_for_nothing(domain):
    response = domain.answer()
    domain.signed.discard((response.id, domain.responder.id))
    assert codes(domain.status()) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]


def test_a_responder_trusted_by_decision_answers(domain):
    trusted = domain.certificate("trusted")
    domain.answer(trusted)
    assert codes(domain.status()) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]
    domain.anchors.append(TrustAnchor(trusted))
    assert domain.status().status is Status.UNKNOWN
    purposes = frozenset({OCSP_SIGNING})
    domain.anchors[-1] = TrustAnchor(trusted, purposes=purposes)
    status = domain.status()
    assert status.status is Status.GOOD
    assert status.signer.anchor.certificate == trusted
    domain.anchors[-1] = TrustAnchor(trusted, purposes=purposes, valid_until=AT - 2 * DAY)
    assert domain.status().status is Status.UNKNOWN
    domain.anchors[-1] = TrustAnchor(trusted, purposes=purposes, valid_from=AT)
    assert domain.status().status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("single", "changes", "code"),
    [
        ({"status": CertificateStatus.UNKNOWN}, {}, "OCSP_STATUS_UNKNOWN"),
        ({}, {"critical": frozenset({"1.2.3"})}, "REVOCATION_EXTENSION_UNKNOWN"),
        ({"critical": frozenset({"1.2.3"})}, {}, "REVOCATION_EXTENSION_UNKNOWN"),
        ({"certificate_hash": sha256(b"another").digest()}, {}, "OCSP_CERTIFICATE_HASH_DIFFERS"),
        ({"certificate_hash": md5(b"short").digest()}, {}, "OCSP_CERTIFICATE_HASH_DIFFERS"),
        ({"this_update": AT + DAY / 2}, {}, "REVOCATION_NOT_CURRENT"),
        ({"next_update": None}, {}, "REVOCATION_NOT_CURRENT"),
    ],
)
def test_a_response_that_cannot_be_used_says_why(domain, single, changes, code):
    domain.answer(single=single, **changes)
    status = domain.status()
    assert status.status is Status.UNKNOWN
    assert codes(status) == [code]
    assert all(reason.explain("ja") and reason.remedy("ja") for reason in status.reasons)


def test_a_nonce_may_be_critical(domain):
    domain.answer(critical=frozenset({"1.3.6.1.5.5.7.48.1.2"}))
    assert domain.status().status is Status.GOOD


def test_a_response_after_expiry_needs_an_archive_or_the_certificates_hash(domain):
    domain.target = domain.certificate("target", domain.issuing, not_after=AT - 2 * DAY)
    domain.path = chain(domain.target, domain.issuing, domain.root)
    domain.answer()
    assert codes(domain.status(current=False)) == ["REVOCATION_AFTER_EXPIRY"]
    domain.answer(single={"archive_cutoff": START})
    assert domain.status(current=False).status is Status.GOOD
    domain.ocsp_responses.clear()
    domain.answer(single={"certificate_hash": sha512(domain.target.der).digest()})
    assert domain.status(current=False).status is Status.GOOD
    domain.answer(single=REVOKED)
    assert domain.status(current=False).status is Status.REVOKED


def test_a_revoked_responder_is_not_believed():
    domain = Domain(replace(RESPONDER, ocsp_no_check=False))
    domain.answer()
    assert codes(domain.status()) == ["OCSP_RESPONDER_NOT_AUTHORIZED"]
    assert domain.status(current=False).status is Status.GOOD
    number = domain.responder.serial_number
    domain.crl(
        domain.issuing,
        {number: revoked_entry(AT - 3 * DAY, RevocationReason.SUPERSEDED)},
        this_update=AT - 3 * DAY,
    )
    unbelieved = domain.status(current=False)
    assert (unbelieved.status, unbelieved.source_id) == (Status.GOOD, domain.crls[0].id)
    domain.crls[0] = replace(domain.crls[0], issuing_distribution_point=ATTRIBUTES)
    assert domain.status(current=False).source_id == domain.ocsp_responses[0].id


def test_a_list_and_a_response_are_weighed_by_age_and_finality(domain):
    domain.crl(domain.issuing, this_update=AT - 3 * DAY)
    response = domain.answer()
    assert domain.status(current=False).source_id == response.id
    newer = domain.crl(domain.issuing, this_update=AT)
    assert domain.status(current=False).source_id == newer.id
    revoked = domain.answer(single=REVOKED, produced_at=AT - 3 * DAY)
    status = domain.status(current=False)
    assert (status.status, status.source_id) == (Status.REVOKED, revoked.id)


def test_of_two_at_the_same_time_the_one_that_tells_of_a_hold_counts(domain):
    domain.answer()
    held = domain.answer(single=REVOKED | {"reason": RevocationReason.CERTIFICATE_HOLD})
    status = domain.status()
    assert (status.status, status.source_id) == (Status.REVOKED, held.id)
