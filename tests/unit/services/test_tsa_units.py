"""Units: keys and policies of their own, the end of a key's usage, and another key in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shirushi.adapters.configuration import TsaSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.pem import to_pem
from shirushi.codecs.asn1.tsp import parse_timestamp_response
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import KeyType
from shirushi.core.errors import NotPermitted
from shirushi.core.evidence import TimeStampEvidence, TimeStampKind
from shirushi.domain import Domain, compose, open_domain
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data
from shirushi.main import application
from shirushi.ports.clock import TimeNotAvailable
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from shirushi.services.tsa.jobs import jobs
from shirushi.services.tsa.lane import LaneStamper
from shirushi.services.tsa.model import UnitUnknown
from shirushi.services.tsa.service.serials import Serials
from tests.fakes import FakeClock
from tests.lanes import IMPRINT, query

USAGE = timedelta(days=1826)


def composed(data: Path, clock: FakeClock):
    directory = DataDirectory(data)
    return compose(directory, read_configuration(directory.configuration), clock)


def evidence(token: bytes) -> TimeStampEvidence:
    return parse_timestamp_token(token, TimeStampKind.CONTENT, lambda _: IMPRINT)


def signer(token: bytes) -> int:
    found = evidence(token).signature.signing_certificate
    assert found is not None
    return found.serial_number


@pytest.fixture
def begun(data: Path) -> FakeClock:
    """A clock at the moment at which the demo's unit was certified."""
    with open_domain(data) as domain:
        return FakeClock(domain.services.tsa.units[0].usage[0])


def test_the_key_s_usage_ends_before_its_certificate(data: Path, begun: FakeClock) -> None:
    with composed(data, begun) as domain:
        (unit,) = domain.services.tsa.units
        assert unit.usage == (begun.at, begun.at + USAGE)
        assert unit.certificate.not_after > begun.at + 1.9 * USAGE
        begun.advance(days=1826)
        domain.tsa.stamp(IMPRINT)
        begun.advance(seconds=1)
        with pytest.raises(TimeNotAvailable):
            domain.tsa.stamp(IMPRINT)


def test_the_job_rotates_a_unit_in_time_and_only_then(data: Path, begun: FakeClock) -> None:
    with composed(data, begun) as domain:
        (job,) = jobs(domain.services.tsa)
        before = signer(domain.tsa.stamp(IMPRINT))
        begun.advance(days=1826 - 31)
        job.run()
        assert signer(domain.tsa.stamp(IMPRINT)) == before
        begun.advance(days=2)
        job.run()
        token = domain.tsa.stamp(IMPRINT)
        assert signer(token) != before
        assert evidence(token).signature.integrity
        job.run()
        (unit,) = domain.services.tsa.units
        assert unit.key_label == "tsu-1"
        assert domain.keys.reference("tsu-1").key_type is KeyType.P_256
        assert unit.certificate.subject == unit.chain[0].subject
        begun.advance(days=1000)
        domain.tsa.stamp(IMPRINT)
    with composed(data, begun) as domain:
        assert signer(domain.tsa.stamp(IMPRINT)) == signer(token)
        assert [row.subject for row in domain.audit.search(action="tsa.rotate").records] == ["TSU 1"]


def test_a_rotation_is_seen_by_other_processes_and_by_lanes(data: Path, begun: FakeClock) -> None:
    with composed(data, begun) as one, composed(data, begun) as other:
        serials = Serials(other.ports.database, begun)
        lane = LaneStamper(other.services.tsa.units, other.keys, serials)
        before = signer(other.tsa.stamp(IMPRINT))
        one.tsa.rotate("TSU 1")
        begun.advance(seconds=31)
        assert signer(other.tsa.stamp(IMPRINT)) != before
        assert signer(granted(lane)) == before
        lane.use(other.services.tsa.units)
        assert signer(granted(lane)) != before


def granted(lane: LaneStamper) -> bytes:
    token = parse_timestamp_response(lane.answer(query()).response).token
    assert token is not None
    return token


def test_what_an_interruption_left_is_taken_up(data: Path, begun: FakeClock) -> None:
    with composed(data, begun) as domain:
        made = domain.keys.generate("tsu-1", KeyType.P_256)
        (unit,) = domain.tsa.rotate("TSU 1")
        assert unit.certificate.public_key.spki == made.spki


def test_who_may_rotate(data: Path) -> None:
    with open_domain(data) as domain:
        with pytest.raises(NotPermitted):
            domain.services.tsa.rotate(Actor("alice", frozenset({Role.SIGNER})), "TSU 1")
        with pytest.raises(UnitUnknown):
            domain.tsa.rotate("TSU 9")


def test_units_and_rotation_on_the_command_line(data: Path) -> None:
    run = CliRunner().invoke
    shown = run(application(), ["tsa", "units", "--data", str(data)])
    assert shown.exit_code == 0
    assert "TSU 1" in shown.output
    assert "tsu-1" in run(application(), ["tsa", "rotate", "TSU 1", "--data", str(data), "--json"]).output
    assert run(application(), ["tsa", "rotate", "TSU 9", "--data", str(data)]).exit_code != 0


def test_units_have_keys_and_policies_of_their_own_and_say_what_is_qualified(data: Path) -> None:
    add_unit(data, "TSU 2", KeyType.RSA_2048, policy="1.2.392.1", qualified=True)
    with open_domain(data) as domain:
        tokens = {
            policy: domain.tsa.stamp(IMPRINT, policy_oid=policy)
            for policy in (None, "0.4.0.2023.1.1", "1.2.392.1")
        }
    assert signer(tokens[None]) == signer(tokens["0.4.0.2023.1.1"]) != signer(tokens["1.2.392.1"])
    statement = der.oid("0.4.0.19422.1.1")
    for policy, token in tokens.items():
        content = read_signed_data(token).content
        assert content is not None
        assert evidence(token).info.policy_oid == (policy or "0.4.0.2023.1.1")
        assert evidence(token).signature.integrity
        assert (statement in content) is (policy == "1.2.392.1")
        assert not evidence(token).info.ordering


def add_unit(data: Path, name: str, key_type: KeyType, *, policy: str, qualified: bool = False) -> None:
    """Configure one more unit, with a key and a certificate of its own."""
    label = name.lower().replace(" ", "")
    with open_domain(data) as domain:
        chain = certified(domain, label, key_type)
    path = Path("certificates") / f"{label}.pem"
    (data / path).write_text("".join(map(to_pem, chain)))
    section = TsaSection(
        name=name, key=label, chain=path, policy=policy, accuracy_seconds=1.0, qualified=qualified
    )
    file = data / "shirushi.toml"
    found = read_configuration(file)
    write_configuration(file, found.model_copy(update={"tsa": (*found.tsa, section)}))


def certified(domain: Domain, label: str, key_type: KeyType):
    key = domain.keys.generate(label, key_type)
    subject = DistinguishedName.of(countryName="JP", organizationName="Shirushi", commonName=label)
    request = CertificateRequest(authority="issuing", profile="tsu", subject=subject, public_key=key.spki)
    return domain.ca.chain(domain.ca.issue(request).certificate)
