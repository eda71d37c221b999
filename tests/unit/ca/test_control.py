"""Officers decide together: ceremonies and activations, one voice each, and a protocol that anyone verifies."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from shirushi.adapters.software_keys import PinCost, SoftwareKeyStore
from shirushi.codecs.asn1.pem import public_key_to_pem
from shirushi.core.algorithms import KeyType
from shirushi.core.evidence import RevocationReason
from shirushi.main import application
from shirushi.ports.keys import KeyUnknown
from shirushi.services.ca.model import (
    AuthorityDefinition,
    AuthorityExists,
    AuthorityUnknown,
    CertificateRequest,
    DistinguishedName,
)
from shirushi.services.ca.model.control import (
    ApprovalsMissing,
    AuthorityNotActivated,
    CeremonyOpen,
    Control,
    ControlRefused,
    MotionClosed,
    MotionState,
    OfficerExists,
    OfficerLocked,
    OfficerNotLocked,
    OfficerPinRejected,
    OfficerTwice,
    OfficerUnknown,
)
from shirushi.services.ca.model.protocol import ProtocolAltered, verify_protocol
from shirushi.services.ca.service.issuing import Issuing
from tests.unit.ca.world import OPERATOR, World

PINS = {"sato": "sato-no-pin", "suzuki": "suzuki-no-pin", "tanaka": "tanaka-no-pin"}
TWO_OF_THREE = Control(tuple(PINS), 2, 24)
SUBJECT = DistinguishedName(
    (("countryName", "JP"), ("organizationName", "試験"), ("commonName", "Root 統制"))
)
ROOT = AuthorityDefinition(name="guarded", subject=SUBJECT, key_type=KeyType.P_384)


@pytest.fixture
def officers(world: World) -> World:
    world.keys = SoftwareKeyStore(world.folder / "keys", bytes(32), PinCost(8, 1))
    world.ca = world.service()
    for name, pin in PINS.items():
        world.ca.enrol_officer(OPERATOR, name, pin)
    return world


def approved(world: World, motion, *names: str):
    for name in names:
        motion = world.ca.approve(OPERATOR, motion.id, name, PINS[name])
    return motion


def made(world: World):
    motion = world.ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE)
    approved(world, motion, "sato", "tanaka")
    return world.ca.complete_ceremony(OPERATOR, motion.id)


def activated(world: World, *names: str, hours: int | None = None):
    return approved(world, world.ca.open_activation(OPERATOR, "guarded", hours), *names)


def request(world: World, label: str) -> CertificateRequest:
    subject = DistinguishedName((("countryName", "JP"), ("organizationName", "試験"), ("commonName", label)))
    return CertificateRequest("guarded", "tsu", subject, world.keys.generate(label, KeyType.P_256).spki)


def test_nothing_is_made_before_enough_have_approved(officers: World) -> None:
    ca = officers.ca
    motion = ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE)
    with pytest.raises(CeremonyOpen):
        ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE)
    for names in ((), ("sato",)):
        motion = approved(officers, motion, *names)
        with pytest.raises(ApprovalsMissing):
            ca.complete_ceremony(OPERATOR, motion.id)
    with pytest.raises(OfficerTwice):
        approved(officers, motion, "sato")
    with pytest.raises(OfficerUnknown):
        ca.approve(OPERATOR, motion.id, "mallory", "whatever-it-is")
    with pytest.raises(KeyUnknown):
        officers.keys.reference("ca-guarded")
    motion = approved(officers, motion, "tanaka")
    assert motion.approved_by == ("sato", "tanaka")
    done = ca.complete_ceremony(OPERATOR, motion.id)
    assert done.protocol
    assert ca.authority(OPERATOR, "guarded").issuer is None
    for act in (ca.complete_ceremony, ca.abandon_ceremony):
        with pytest.raises(MotionClosed):
            act(OPERATOR, motion.id)
    with pytest.raises(AuthorityExists):
        ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE)


def test_the_protocol_proves_itself_and_nothing_else(officers: World, tmp_path) -> None:
    protocol = made(officers).protocol
    facts = verify_protocol(protocol)
    certificate = officers.ca.authority(OPERATOR, "guarded").certificate
    assert (facts.certificate, facts.approved_by, facts.needed) == (certificate, ("sato", "tanaka"), 2)
    assert "鍵生成セレモニー記録" in protocol
    assert "Record of a key ceremony" in protocol
    for before, after in (
        ("sato", "tanaka"),
        ('"needed":2', '"needed":1'),
        ("試験", "試駿"),
        ("- tanaka", "- suzuki"),
    ):
        assert before in protocol
        with pytest.raises(ProtocolAltered):
            verify_protocol(protocol.replace(before, after))
    for wrong in ("", protocol[: len(protocol) // 2], protocol.partition("-----BEGIN SHIRUSHI")[0]):
        with pytest.raises(ProtocolAltered):
            verify_protocol(wrong)
    text, _, rest = protocol.partition("-----BEGIN SHIRUSHI CEREMONY SIGNATURE-----")
    for name, content in (
        ("text", text.encode()),
        ("value", b64decode(rest.partition("-----END")[0])),
        ("key", public_key_to_pem(certificate.public_key.spki).encode()),
    ):
        (tmp_path / name).write_bytes(content)
    judged = subprocess.run(
        ["openssl", "dgst", "-sha384", "-verify", "key", "-signature", "value", "text"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "Verified OK" in judged.stdout


def test_the_key_signs_only_while_enough_officers_let_it(officers: World) -> None:
    made(officers)
    ca = officers.ca
    wanted = request(officers, "one")
    with pytest.raises(AuthorityNotActivated):
        ca.issue(OPERATOR, wanted)
    activated(officers, "suzuki")
    with pytest.raises(AuthorityNotActivated):
        ca.publish_crl(OPERATOR, "guarded")
    motion = activated(officers)  # the same motion goes on
    with pytest.raises(OfficerTwice):
        approved(officers, motion, "suzuki")
    approved(officers, motion, "sato")
    first = ca.issue(OPERATOR, wanted)
    listed = ca.publish_crl(OPERATOR, "guarded")
    officers.clock.advance(hours=25)
    with pytest.raises(AuthorityNotActivated):
        ca.issue(OPERATOR, request(officers, "two"))
    ca.revoke(OPERATOR, first.serial_number, RevocationReason.SUPERSEDED)
    assert ca.crl(OPERATOR, "guarded") == listed  # within its nextUpdate
    officers.clock.advance(days=8)
    with pytest.raises(AuthorityNotActivated):
        ca.crl(OPERATOR, "guarded")
    activated(officers, "tanaka", "sato")
    assert ca.crl(OPERATOR, "guarded") != listed
    ca.deactivate(OPERATOR, "guarded")
    with pytest.raises(AuthorityNotActivated):
        ca.issue(OPERATOR, request(officers, "three"))


def test_an_authority_below_takes_the_officers_of_the_one_above(officers: World) -> None:
    made(officers)
    subject = DistinguishedName(
        (("countryName", "JP"), ("organizationName", "試験"), ("commonName", "Issuing"))
    )
    below = AuthorityDefinition(name="below", subject=subject, key_type=KeyType.P_256)
    motion = officers.ca.begin_ceremony(OPERATOR, below, Control(("sato",), 1, 1), "guarded")
    approved(officers, motion, "sato")
    with pytest.raises(AuthorityNotActivated):
        officers.ca.complete_ceremony(OPERATOR, motion.id)
    activated(officers, "sato", "suzuki")
    officers.ca.complete_ceremony(OPERATOR, motion.id)
    assert officers.ca.authority(OPERATOR, "below").issuer == "guarded"


def test_an_interrupted_ceremony_goes_on_or_leaves_nothing(officers: World, monkeypatch) -> None:
    ca = officers.ca
    motion = approved(officers, ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE), "sato", "suzuki")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Issuing, "issue", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ca.complete_ceremony(OPERATOR, motion.id)
    assert officers.keys.reference("ca-guarded")
    ca.abandon_ceremony(OPERATOR, motion.id)
    with pytest.raises(KeyUnknown):
        officers.keys.reference("ca-guarded")
    with pytest.raises(AuthorityUnknown):
        ca.authority(OPERATOR, "guarded")
    motion = approved(officers, ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE), "sato", "suzuki")
    with monkeypatch.context() as patched:
        patched.setattr(type(ca._controlling), "_protocol", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ca.complete_ceremony(OPERATOR, motion.id)
    with pytest.raises(MotionClosed):  # the authority stands
        ca.abandon_ceremony(OPERATOR, motion.id)
    assert verify_protocol(ca.complete_ceremony(OPERATOR, motion.id).protocol or "").authority == "guarded"


def test_wrong_pins_lock_an_officer_out(officers: World) -> None:
    motion = officers.ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE)
    for _ in range(5):
        with pytest.raises(OfficerPinRejected):
            officers.ca.approve(OPERATOR, motion.id, "sato", "wrong-pin")
    with pytest.raises(OfficerLocked):
        approved(officers, motion, "sato")
    assert approved(officers, motion, "suzuki", "tanaka").carried


def locked(world: World, motion_id: str, name: str = "sato") -> None:
    for _ in range(5):
        with pytest.raises(OfficerPinRejected):
            world.ca.approve(OPERATOR, motion_id, name, "wrong-pin")
    assert [each.name for each in world.ca.officers(OPERATOR) if each.locked] == [name]


def test_the_other_officers_unlock_one(officers: World) -> None:
    made(officers)
    ca, activation = officers.ca, officers.ca.open_activation(OPERATOR, "guarded")
    with pytest.raises(OfficerNotLocked):
        ca.open_unlock(OPERATOR, "guarded", "sato")
    with pytest.raises(OfficerUnknown):
        ca.open_unlock(OPERATOR, "guarded", "mallory")
    locked(officers, activation.id)
    motion = ca.open_unlock(OPERATOR, "guarded", "sato")
    assert (motion.control.officers, motion.control.needed) == (("suzuki", "tanaka"), 2)
    with pytest.raises(OfficerUnknown):  # nobody unlocks themselves
        approved(officers, motion, "sato")
    approved(officers, motion, "suzuki")
    with pytest.raises(OfficerLocked):
        approved(officers, activation, "sato")
    again = ca.open_unlock(OPERATOR, "guarded", "sato")
    assert again.id == motion.id
    assert approved(officers, again, "tanaka").state is MotionState.DONE
    assert not any(each.locked for each in ca.officers(OPERATOR))
    assert officers.audited()[-1] == (OPERATOR.id, "ca.unlock_officer", "done")
    with pytest.raises(MotionClosed):
        approved(officers, motion, "tanaka")
    assert approved(officers, activation, "sato", "suzuki").carried
    locked(officers, ca.open_activation(OPERATOR, "guarded", 1).id)  # an approval unlocks once
    assert ca.open_unlock(OPERATOR, "guarded", "sato").id != motion.id


def test_who_is_left_unlocks_one_in_a_ceremony_and_nobody_does_where_none_is(officers: World) -> None:
    ca = officers.ca
    ceremony = ca.begin_ceremony(OPERATOR, ROOT, Control(("sato", "suzuki"), 2, 1))
    locked(officers, ceremony.id)
    motion = ca.open_unlock(OPERATOR, "guarded", "sato")
    officers.clock.advance(days=8)
    with pytest.raises(MotionClosed):
        approved(officers, motion, "suzuki")
    assert approved(officers, ca.open_unlock(OPERATOR, "guarded", "sato"), "suzuki").state is MotionState.DONE
    ca.abandon_ceremony(OPERATOR, ceremony.id)
    with pytest.raises(AuthorityUnknown):
        ca.open_unlock(OPERATOR, "guarded", "sato")
    with pytest.raises(ControlRefused):  # exempt
        ca.open_unlock(OPERATOR, "issuing", "sato")
    alone = ca.begin_ceremony(OPERATOR, ROOT, Control(("sato",), 1, 1))
    locked(officers, alone.id)
    with pytest.raises(ControlRefused):
        ca.open_unlock(OPERATOR, "guarded", "sato")


@pytest.mark.parametrize(
    "control",
    [
        Control((), 0, 1),
        Control(("sato", "sato"), 2, 1),
        Control(("sato",), 2, 1),
        Control(("sato",), 0, 1),
        Control(("sato",), 1, 0),
        Control(("no name",), 1, 1),
    ],
)
def test_what_is_no_control(officers: World, control: Control) -> None:
    with pytest.raises(ControlRefused):
        officers.ca.begin_ceremony(OPERATOR, ROOT, control)


def test_officers(officers: World) -> None:
    with pytest.raises(OfficerExists):
        officers.ca.enrol_officer(OPERATOR, "sato", "another-pin")
    with pytest.raises(ControlRefused):
        officers.ca.enrol_officer(OPERATOR, "ito", "short")
    with pytest.raises(OfficerUnknown):
        officers.ca.begin_ceremony(OPERATOR, ROOT, Control(("sato", "ito"), 2, 1))
    motion = officers.ca.begin_ceremony(OPERATOR, ROOT, TWO_OF_THREE)
    officers.clock.advance(days=8)
    with pytest.raises(MotionClosed):
        approved(officers, motion, "sato")
    assert timedelta(hours=24 * 7) == motion.expires_at - motion.opened_at


def test_the_commands_walk_officers_through(data, tmp_path) -> None:
    run, protocol = CliRunner(), tmp_path / "protocol.txt"
    words = ["ca", "ceremony", "held", "--subject", "countryName=JP", "--subject", "organizationName=T"]
    words += ["--subject", "commonName=Held Root", "--needed", "2", "-o", str(protocol), "--data", str(data)]
    words += [part for name in PINS for part in ("--officer", name)]
    new = "".join(f"{pin}\n" for pin in PINS.values())
    begun = run.invoke(application(), words, input=f"{new}{PINS['sato']}\n\n\n")
    assert (begun.exit_code, "CA_APPROVALS_MISSING" in begun.output) == (1, True)
    done = run.invoke(application(), words, input=f"wrong-again\n{PINS['suzuki']}\n")
    assert done.exit_code == 0, done.output
    assert not any(pin in begun.output + done.output for pin in PINS.values())
    checked = run.invoke(
        application(), ["ca", "verify-ceremony", str(protocol), "--data", str(data), "--json"]
    )
    assert '"suzuki"' in checked.output
    crl = ["ca", "crl", "held", "-o", str(tmp_path / "held.crl"), "--data", str(data)]
    assert "CA_NOT_ACTIVATED" in run.invoke(application(), crl).output
    activate = ["ca", "activate", "held", "--data", str(data)]
    wrong = "wrong-again\n" * 6
    assert run.invoke(application(), activate, input=f"{wrong}{PINS['suzuki']}\n\n").exit_code == 1
    words = ["ca", "officers", "--json", "--data", str(data)]
    found = json.loads(run.invoke(application(), words).stdout)
    assert {each["name"]: each["locked"] for each in found} == {
        "sato": True,
        "suzuki": False,
        "tanaka": False,
    }
    unlock = ["ca", "unlock", "sato", "--authority", "held", "--json", "--data", str(data)]
    unlocked = run.invoke(application(), unlock, input=f"{PINS['suzuki']}\n{PINS['tanaka']}\n")
    assert json.loads(unlocked.stdout)["approved_by"] == ["suzuki", "tanaka"]
    assert "CA_OFFICER_NOT_LOCKED" in run.invoke(application(), unlock).stdout
    assert run.invoke(application(), activate, input=f"{PINS['sato']}\n").exit_code == 0
    assert run.invoke(application(), crl).exit_code == 0
