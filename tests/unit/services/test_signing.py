"""Signing: PINs are counted, activations are bound, keys that must not sign do not."""

import pytest

import shirushi
from shirushi import Level
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.core.actor import Actor, Role
from shirushi.core.document import document
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import instant
from shirushi.domain import compose
from shirushi.services.signing.model import (
    ActivationForeign,
    CredentialExists,
    CredentialExpired,
    CredentialKind,
    CredentialRevoked,
    CredentialUnknown,
    FormUnknown,
    PinLocked,
    WrongPin,
)
from tests.fakes import FakeClock

ALICE = "alice@example.jp"


def sign(domain, path, pin="2468", account=ALICE, level=Level.B_T):
    credential = domain.signing.credential(account)
    request = domain.signing.prepare(shirushi.read(path), credential, level=level)
    return domain.signing.sign(request, credential.activate(request, pin))


@pytest.mark.parametrize("level", [Level.B_B, Level.B_T])
@pytest.mark.parametrize(
    ("account", "pin"), [(ALICE, "2468"), ("bob@example.jp", "1357"), ("chika@example.jp", "9753")]
)
def test_people_sign_and_their_documents_pass(data, contract, account, pin, level):
    with shirushi.open(data) as domain:
        verdict = domain.validation.validate(sign(domain, contract, pin, account, level))
    assert verdict.indication is shirushi.Indication.TOTAL_PASSED
    assert verdict.worst.level is level


def test_wrong_pins_are_counted_across_restarts_and_lock(data, contract):
    for remaining in (4, 3, 2, 1, 0):
        with shirushi.open(data) as domain, pytest.raises(WrongPin) as wrong:
            sign(domain, contract, "0000")
        assert wrong.value.parameters["remaining"] == remaining
    with shirushi.open(data) as domain, pytest.raises(PinLocked):
        sign(domain, contract, "2468")


def test_a_right_pin_forgives_the_wrong_ones(data, contract):
    with shirushi.open(data) as domain:
        for _ in range(2):
            for _ in range(4):
                with pytest.raises(WrongPin):
                    sign(domain, contract, "0000")
            assert sign(domain, contract, "2468").size > contract.stat().st_size


def test_a_missing_pin_is_a_wrong_one(data, contract):
    with shirushi.open(data) as domain, pytest.raises(WrongPin):
        sign(domain, contract, None)


def test_no_pin_is_ever_written_or_shown(data, contract):
    with shirushi.open(data) as domain:
        credential = domain.signing.credential(ALICE)
        request = domain.signing.prepare(shirushi.read(contract), credential)
        activation = credential.activate(request, "86420135")
        assert "86420135" not in repr(activation)
        with pytest.raises(WrongPin) as wrong:
            domain.signing.sign(request, activation)
    assert "86420135" not in str(wrong.value)
    written = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"86420135" not in written


def test_an_activation_is_good_for_its_request_alone(data, contract):
    with shirushi.open(data) as domain:
        alice = domain.signing.credential(ALICE)
        one = domain.signing.prepare(shirushi.read(contract), alice)
        two = domain.signing.prepare(shirushi.read(contract), alice, level=Level.B_B)
        with pytest.raises(ActivationForeign):
            domain.signing.sign(two, alice.activate(one, "2468"))
        sakura = domain.signing.credential("さくら商事株式会社")
        with pytest.raises(ActivationForeign):
            domain.signing.sign(one, sakura.activate(one, "2468"))


def test_a_revoked_credential_signs_no_more_not_even_what_was_prepared(data, contract):
    with shirushi.open(data) as domain:
        alice = domain.signing.credential(ALICE)
        request = domain.signing.prepare(shirushi.read(contract), alice)
        domain.ca.revoke(alice.chain[0].serial_number, RevocationReason.KEY_COMPROMISE)
        with pytest.raises(CredentialRevoked):
            domain.signing.sign(request, alice.activate(request, "2468"))
        with pytest.raises(CredentialRevoked):
            domain.signing.prepare(shirushi.read(contract), alice)


def test_an_expired_credential_signs_no_more(data, contract):
    directory = DataDirectory(data)
    clock = FakeClock(instant("2035-01-01T00:00:00Z"))
    with (
        compose(directory, read_configuration(directory.configuration), clock) as domain,
        pytest.raises(CredentialExpired),
    ):
        sign(domain, contract)


def test_others_credentials_are_not_for_a_signer(data, contract):
    bob = Actor("bob@example.jp", frozenset({Role.SIGNER}))
    with shirushi.open(data) as domain:
        signing = domain.services.signing
        assert signing.credential(bob, "bob@example.jp").id == bob.id
        with pytest.raises(NotPermitted):
            signing.credential(bob, ALICE)
        alice = domain.signing.credential(ALICE)
        with pytest.raises(NotPermitted):
            signing.prepare(bob, shirushi.read(contract), alice)
        request = domain.signing.prepare(shirushi.read(contract), alice)
        with pytest.raises(NotPermitted):
            signing.sign(bob, request, alice.activate(request, "2468"))
        with pytest.raises(NotPermitted):
            signing.enrol(bob, "x", CredentialKind.SEAL, "alice", alice.chain)


def test_what_cannot_be_done_is_named(data, contract):
    with shirushi.open(data) as domain:
        with pytest.raises(CredentialUnknown) as unknown:
            domain.signing.credential("nobody@example.jp")
        assert ALICE in unknown.value.explain("en")
        alice = domain.signing.credential(ALICE)
        with pytest.raises(CredentialExists):
            domain.signing.enrol(ALICE, CredentialKind.SIGNATURE, "alice", alice.chain)
        with pytest.raises(FormUnknown):
            domain.signing.prepare(document(b"text", "a.txt", "text/plain"), alice, form="text/plain")


def test_a_company_seals_on_the_operator_s_authority(data, contract):
    with shirushi.open(data) as domain:
        sealed = domain.signing.seal(shirushi.read(contract), by="Example Trading GmbH")
        verdict = domain.validation.validate(sealed)
    assert verdict.indication is shirushi.Indication.TOTAL_PASSED
    assert "Example Trading GmbH" in verdict.worst.signature.signing_certificate.subject.text


def test_signing_never_touches_the_original(data, contract, tmp_path):
    original = tmp_path / "contract.pdf"
    original.write_bytes(contract.read_bytes())
    with shirushi.open(data) as domain:
        signed = sign(domain, original)
    assert original.read_bytes() == contract.read_bytes()
    assert signed.read().startswith(contract.read_bytes())


def test_a_signature_leaves_an_audit_row_without_the_document(data, contract):
    with shirushi.open(data) as domain:
        sign(domain, contract)
        actions = [(row.action, row.subject) for row in domain.audit.search().records]
    assert ("signing.sign", ALICE) in actions
