from datetime import timedelta

import pytest
from cryptography import x509

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.issue import crl_entry
from shirushi.codecs.asn1.material import build_material
from shirushi.core.actor import service_actor
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import Crl, RevocationReason
from shirushi.services.ca import store
from shirushi.services.ca.model import AlreadyRevoked, AuthorityUnknown, CertificateUnknown, RevocationRefused
from tests.fakes import START
from tests.unit.ca.world import CLIENT, OPERATOR, World

COMPROMISED = RevocationReason.KEY_COMPROMISE


def crl(world: World) -> Crl:
    return parse_crl(world.ca.crl(CLIENT, "issuing"))


def test_a_list_without_entries(world: World) -> None:
    listed = crl(world)
    issuer = world.ca.authority(CLIENT, "issuing").certificate
    assert listed.issuer == issuer.subject
    assert listed.number == 1
    assert listed.this_update == START
    assert listed.next_update == START + timedelta(days=7)
    assert listed.authority_key_identifier == issuer.extensions.subject_key_identifier
    assert not listed.entries
    assert (listed.id, issuer.id) in build_material([issuer], [listed], []).verified


def test_a_revoked_certificate_is_on_the_list(world: World) -> None:
    issued = world.issue()
    world.clock.advance(hours=2)
    revocation = world.ca.revoke(OPERATOR, issued.serial_number, COMPROMISED)
    assert revocation.revocation_time == START + timedelta(hours=2)
    (entry,) = crl(world).entries.values()
    assert entry.serial_number == issued.serial_number
    assert entry.revocation_time == revocation.revocation_time
    assert entry.reason is COMPROMISED
    assert world.ca.certificate(OPERATOR, issued.serial_number).revocation == revocation
    assert world.ca.revoked_at(issued.certificate) == revocation.revocation_time


def test_an_unspecified_reason_is_left_out(world: World) -> None:
    issued = world.issue()
    world.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.UNSPECIFIED)
    (entry,) = x509.load_der_x509_crl(world.ca.crl(CLIENT, "issuing"))
    assert len(entry.extensions) == 0


def test_a_revocation_may_be_dated_back_and_not_ahead(world: World) -> None:
    issued = world.issue(not_before=START - timedelta(days=2))
    serial = issued.serial_number
    with pytest.raises(RevocationRefused):
        world.ca.revoke(OPERATOR, serial, COMPROMISED, at=START + timedelta(seconds=1))
    with pytest.raises(RevocationRefused):
        world.ca.revoke(OPERATOR, serial, COMPROMISED, at=START - timedelta(days=3))
    with pytest.raises(RevocationRefused):
        world.ca.revoke(OPERATOR, serial, RevocationReason.REMOVE_FROM_CRL)
    assert world.ca.revoked_at(issued.certificate) is None
    at = START - timedelta(hours=1)
    assert world.ca.revoke(OPERATOR, serial, COMPROMISED, at=at).revocation_time == at


def test_to_revoke_again_changes_nothing(world: World) -> None:
    serial = world.issue().serial_number
    first = world.ca.revoke(OPERATOR, serial, COMPROMISED)
    rows = len(world.audited())
    world.clock.advance(days=1)
    assert world.ca.revoke(OPERATOR, serial, COMPROMISED) == first
    assert world.ca.revoke(OPERATOR, serial, COMPROMISED, at=START) == first
    with pytest.raises(AlreadyRevoked):
        world.ca.revoke(OPERATOR, serial, RevocationReason.SUPERSEDED)
    with pytest.raises(AlreadyRevoked):
        world.ca.revoke(OPERATOR, serial, COMPROMISED, at=START + timedelta(hours=1))
    assert len(world.audited()) == rows


def test_a_hold_may_become_final(world: World) -> None:
    serial = world.issue().serial_number
    world.ca.revoke(OPERATOR, serial, RevocationReason.CERTIFICATE_HOLD)
    world.clock.advance(days=1)
    final = world.ca.revoke(OPERATOR, serial, COMPROMISED)
    assert final.revocation_time == START
    (entry,) = crl(world).entries.values()
    assert entry.reason is COMPROMISED


def test_unknown_serial_numbers_and_authorities(world: World) -> None:
    with pytest.raises(CertificateUnknown):
        world.ca.revoke(OPERATOR, 1, COMPROMISED)
    with pytest.raises(AuthorityUnknown):
        world.ca.publish_crl(OPERATOR, "nobody")


def test_only_operators_revoke_and_services_publish(world: World) -> None:
    serial = world.issue().serial_number
    for actor in (CLIENT, service_actor("signing")):
        with pytest.raises(NotPermitted):
            world.ca.revoke(actor, serial, COMPROMISED)
    with pytest.raises(NotPermitted):
        world.ca.publish_crl(CLIENT, "issuing")
    assert world.ca.publish_crl(service_actor("jobs"), "issuing")
    assert world.audited()[-1] == ("service:jobs", "ca.publish_crl", "done")


def test_numbers_only_rise(world: World) -> None:
    numbers = [parse_crl(world.ca.publish_crl(OPERATOR, "issuing")).number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert parse_crl(world.service().publish_crl(OPERATOR, "issuing")).number == 4
    assert parse_crl(world.ca.publish_crl(OPERATOR, "root")).number == 1


def test_the_current_list_is_signed_anew_only_when_it_must(world: World) -> None:
    first = world.ca.crl(CLIENT, "issuing")
    assert world.ca.crl(CLIENT, "issuing") == first
    world.ca.revoke(OPERATOR, world.issue().serial_number, COMPROMISED)
    second = world.ca.crl(CLIENT, "issuing")
    assert second != first
    assert world.ca.crl(CLIENT, "issuing") == second
    world.clock.advance(days=7)
    assert parse_crl(world.ca.crl(CLIENT, "issuing")).this_update == world.clock.now()


def test_an_expired_certificate_stays_on_the_list(world: World) -> None:
    issued = world.issue(not_after=START + timedelta(days=1))
    world.ca.revoke(OPERATOR, issued.serial_number, COMPROMISED)
    world.clock.advance(days=2)
    listed = crl(world)
    assert len(listed.entries) == 1
    assert listed.expired_certs_on_crl == world.ca.authority(CLIENT, "issuing").certificate.not_before


def test_a_long_list_is_whole(world: World) -> None:
    serials = [n << 100 | 1 for n in range(1, 10_001)]
    rows = [
        {
            "serial_number": f"{serial:040x}",
            "authority": "issuing",
            "revocation_time": START,
            "reason": COMPROMISED.value,
            "recorded_at": START,
            "entry": crl_entry(serial, START, COMPROMISED),
        }
        for serial in serials
    ]
    with world.database.unit() as connection:
        connection.execute(store.revocation.insert(), rows)
    read = x509.load_der_x509_crl(world.ca.publish_crl(OPERATOR, "issuing"))
    assert {entry.serial_number for entry in read} == set(serials)


def test_sources_know_our_certificates_and_no_others(world: World) -> None:
    issued = world.issue().certificate
    root, issuing = (world.ca.authority(CLIENT, name).certificate for name in ("root", "issuing"))
    ocsp, listed = world.ca.revocation_data(issued, issuing, START)
    assert parse_crl(listed).number == 1
    assert ocsp
    assert world.ca.issuers(issued) == (issuing.der,)
    assert world.ca.issuers(issuing) == (root.der,)
    assert world.ca.revocation_data(issuing, issued, START) == ()
    assert world.ca.revocation_data(issued, root, START) == ()
    (only_a_list,) = world.ca.revocation_data(issuing, root, START)  # this root has no responder
    assert parse_crl(only_a_list).issuer == root.subject


def test_the_list_of_that_time_is_given_too(world: World) -> None:
    issued = world.issue()
    issuing = world.ca.authority(CLIENT, "issuing").certificate
    then = world.ca.publish_crl(OPERATOR, "issuing")
    world.clock.advance(days=30)
    world.ca.revoke(OPERATOR, issued.serial_number, COMPROMISED)
    _, now, of_old = world.ca.revocation_data(issued.certificate, issuing, START + timedelta(days=1))
    assert of_old == then
    assert parse_crl(now).number == 2
    assert len(tuple(world.ca.revocation_data(issued.certificate, issuing, START + timedelta(days=9)))) == 2
