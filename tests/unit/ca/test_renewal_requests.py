"""Requests to renew a certificate, for its key or for another: what they must match, and whose approval they need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.core.actor import Actor, Role
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import RevocationReason
from shirushi.services.ca.model import ApprovalNeeded, CertificateRequest, IssuedCertificate
from shirushi.services.ca.model.refusals import RequestOwn
from shirushi.services.ca.model.subject_request import RequestState
from shirushi.services.ca.service.enrolment import Enrolment
from shirushi.services.ca.service.requesting import Requests
from tests.acme import SetControl
from tests.unit.ca.subjects import SUBJECTS
from tests.unit.ca.world import CLIENT, OPERATOR, World

SECOND = Actor("local:second", frozenset({Role.OPERATOR}))
Key = ec.EllipticCurvePrivateKey


@pytest.fixture
def requests(world: World) -> Requests:
    return Enrolment(ca=world.ca, control=SetControl()).requests


def key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def issued(world: World, profile: str, holder: Key) -> IssuedCertificate:
    subject, names = SUBJECTS[profile]
    spki = holder.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return world.ca.issue_for(OPERATOR, CertificateRequest("issuing", profile, subject, spki, names))


def asked(holder: Key, subject: x509.Name | None = None, hosts: tuple[str, ...] = ()) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject or x509.Name([]))
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(map(x509.DNSName, hosts)), critical=False)
    return builder.sign(holder, hashes.SHA256()).public_bytes(Encoding.DER)


def subject_of(found: IssuedCertificate) -> x509.Name:
    return x509.load_der_x509_certificate(found.der).subject


@pytest.mark.parametrize("profile", ["e-seal-qscd", "person-signature-qscd", "official-seal"])
@pytest.mark.parametrize("new_key", [False, True], ids=["renewal", "rekey"])
def test_where_four_eyes_are_demanded_another_operator_approves(
    world: World, requests: Requests, profile: str, *, new_key: bool
) -> None:
    holder = key()
    old = issued(world, profile, holder)
    world.clock.advance(days=300)
    new = key() if new_key else holder
    with pytest.raises(ApprovalNeeded):
        world.ca.renew(OPERATOR, old.certificate, old.certificate.public_key.spki)
    made = requests.submit_renewal(OPERATOR, old.serial_number, asked(new, subject_of(old)))
    assert (made.state, made.renews, made.profile) == (RequestState.WAITING, old.serial_number, profile)
    with pytest.raises(RequestOwn):
        requests.decide(OPERATOR, made.id, approve=True)
    requests.decide(SECOND, made.id, approve=True)
    again = requests.issue(OPERATOR, made.id).certificate
    before = old.certificate
    assert again.subject.der == before.subject.der
    assert again.extensions.subject_alternative_names == before.extensions.subject_alternative_names
    assert again.not_after > before.not_after
    assert (again.public_key == before.public_key) is not new_key
    assert requests.get(SECOND, made.id).renews == old.serial_number
    assert requests.issue(OPERATOR, made.id).certificate == again
    assert world.ca.certificate(OPERATOR, old.serial_number).revocation is None


def test_a_subscriber_asks_with_nothing_but_the_key(world: World, requests: Requests) -> None:
    old = issued(world, "tls-server", key())
    made = requests.submit_renewal(CLIENT, old.serial_number, asked(key()))
    requests.decide(OPERATOR, made.id, approve=True)
    again = requests.issue(OPERATOR, made.id).certificate
    assert [name.value for name in again.extensions.subject_alternative_names] == ["www.example.jp"]


def test_who_is_not_named_is_not_renewed(world: World, requests: Requests) -> None:
    old = issued(world, "tls-server", key())
    other = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example.jp")])

    def refused(data: bytes, detail: str, number: int = old.serial_number) -> None:
        with pytest.raises(ShirushiError, match=detail):
            requests.submit_renewal(CLIENT, number, data)
        assert world.audited()[-1] == (CLIENT.id, "ca.request", "refused")

    refused(asked(key(), other), "subject")
    refused(asked(key(), hosts=("www.example.jp", "mail.example.jp")), "subjectAltName")
    with pytest.raises(ShirushiError) as caught:
        requests.submit_renewal(CLIENT, 1, asked(key()))
    assert caught.value.code == "CERTIFICATE_UNKNOWN"


def held(world: World, number: int) -> None:
    world.ca.suspend(OPERATOR, number)


def revoked(world: World, number: int) -> None:
    world.ca.revoke(OPERATOR, number, RevocationReason.SUPERSEDED)


def expired(world: World, number: int) -> None:
    world.clock.advance(days=91)


@pytest.mark.parametrize(("ended", "detail"), [(held, "on-hold"), (revoked, "revoked"), (expired, "expired")])
def test_what_is_not_in_force_is_not_renewed_even_where_it_was_approved(
    world: World, requests: Requests, ended: Callable[..., Any], detail: str
) -> None:
    old = issued(world, "tls-server", key())
    approved = requests.submit_renewal(CLIENT, old.serial_number, asked(key()))
    requests.decide(OPERATOR, approved.id, approve=True)
    ended(world, old.serial_number)
    for act in (
        lambda: requests.submit_renewal(CLIENT, old.serial_number, asked(key())),
        lambda: requests.issue(OPERATOR, approved.id),
    ):
        with pytest.raises(ShirushiError, match=detail) as caught:
            act()
        assert caught.value.code == "CSR_RENEWAL_REFUSED"


def test_a_rekey_takes_no_bad_key(world: World, requests: Requests) -> None:
    old, others = issued(world, "tls-server", key()), key()
    issued(world, "device", others)
    with pytest.raises(ShirushiError) as caught:
        requests.submit_renewal(CLIENT, old.serial_number, asked(others))
    assert caught.value.code == "SUBJECT_KEY_REUSED"
    forged = bytearray(asked(key()))
    forged[-1] ^= 1
    with pytest.raises(ShirushiError) as caught:
        requests.submit_renewal(CLIENT, old.serial_number, bytes(forged))
    assert caught.value.code == "CSR_SIGNATURE_WRONG"
