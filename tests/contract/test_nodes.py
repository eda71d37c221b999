"""Two nodes of one trust domain: data directories with the same keys and configuration, and one PostgreSQL database."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from typer.testing import CliRunner

from shirushi import migrations
from shirushi.adapters.files import open_document
from shirushi.codecs.asn1.tsp import parse_tst_info
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import RevocationReason
from shirushi.domain import Domain, open_domain
from shirushi.formats.cms.structure import read_signed_data
from shirushi.main import application
from shirushi.ports.database import StorageUnreachable
from shirushi.ports.replies import IdempotencyInProgress
from shirushi.services.ca.model import AlreadyRevoked
from shirushi.services.signing.model import CredentialExists, PinLocked, WrongPin
from tests.http.conftest import ALICE, COMPANY
from tests.postgres import Cluster, moved

IMPRINT = Digest(DigestAlgorithm.SHA256, bytes(32))
NODE = """
import sys
from pathlib import Path
from shirushi.adapters.files import open_document
from shirushi.domain import open_domain
with open_domain(sys.argv[1]) as domain:
    for number in range(int(sys.argv[3])):
        domain.signing.seal(open_document(Path(sys.argv[2])), by=sys.argv[4])
"""


@pytest.fixture
def folders(data: Path, tmp_path: Path, postgres: Cluster) -> list[Path]:
    moved(data, postgres.database())
    return [data, shutil.copytree(data, tmp_path / "other-node")]


@pytest.fixture
def nodes(folders: list[Path]) -> Iterator[list[Domain]]:
    with ExitStack() as stack:
        yield [stack.enter_context(open_domain(folder)) for folder in folders]


def at_once(nodes: list[Domain], act: Callable[[Domain], Any], times: int) -> list[Any]:
    """What `act` gives, or the error that it raises, so many times on each node."""

    def caught(node: Domain) -> Any:
        try:
            return act(node)
        except Exception as error:  # noqa: BLE001  the test looks at it
            return error

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(caught, nodes * times))


def serial_number(token: bytes) -> int:
    return parse_tst_info(read_signed_data(token).content).serial_number


def stamped(domain: Domain) -> list[str]:
    return [record.subject for record in domain.audit.search(action="tsa.stamp", limit=1000).records]


def test_two_nodes_seal_and_stamp_in_parallel(folders: list[Path], contract: Path) -> None:
    command = [sys.executable, "-c", NODE]
    running = [Popen([*command, folder, contract, "3", COMPANY]) for folder in folders * 2]
    assert [process.wait(120) for process in running] == [0, 0, 0, 0]
    with ExitStack() as stack:
        nodes = [stack.enter_context(open_domain(folder)) for folder in folders]
        tokens = at_once(nodes, lambda node: node.tsa.stamp(IMPRINT), 10)
        numbers = [serial_number(token) for token in tokens]
        recorded = stamped(nodes[0])
        assert len(set(numbers)) == len(numbers) == 20
        assert len(set(recorded)) == len(recorded) == 12 + 20
        assert set(map(str, numbers)) <= set(recorded)
        nodes[1].services.audit.checkpoint(nodes[1].actor)
        assert nodes[0].audit.verify().intact
        assert len(nodes[0].audit.search(action="signing.seal").records) == 12


def test_every_pin_attempt_is_counted(nodes: list[Domain], contract: Path) -> None:
    node = nodes[0]
    credential = node.signing.credential(ALICE)
    request = node.signing.prepare(open_document(contract), credential)
    wrong = credential.activate(request, "0000")
    answers = at_once(nodes, lambda node: node.signing.sign(request, wrong), 5)
    refused = [answer for answer in answers if isinstance(answer, WrongPin)]
    assert sorted(each.parameters["remaining"] for each in refused) == [0, 1, 2, 3, 4]
    assert sum(isinstance(answer, PinLocked) for answer in answers) == 5


def test_what_is_decided_by_absence_is_decided_once(nodes: list[Domain]) -> None:
    node = nodes[0]
    credential = node.signing.credential(COMPANY)

    def enrol(node: Domain) -> object:
        return node.signing.enrol("new", credential.kind, credential.key.label, credential.chain)

    answers = at_once(nodes, enrol, 4)
    assert sum(isinstance(answer, CredentialExists) for answer in answers) == 7

    serial = credential.chain[0].serial_number
    reasons = iter([RevocationReason.SUPERSEDED, RevocationReason.KEY_COMPROMISE] * 4)
    answers = at_once(nodes, lambda node: node.ca.revoke(serial, next(reasons)), 4)
    assert sum(isinstance(answer, AlreadyRevoked) for answer in answers) == 4
    assert len({answer for answer in answers if not isinstance(answer, AlreadyRevoked)}) == 1
    lists = at_once(nodes, lambda node: node.ca.publish_crl("issuing"), 4)
    assert len(set(map(bytes, lists))) == 8


def test_one_of_many_may_carry_a_request_out(nodes: list[Domain]) -> None:
    for key in ("a", "b", "c"):
        answers = at_once(nodes, lambda node, key=key: node.ports.replies.claim(ALICE, key, "digest"), 4)
        assert answers.count(None) == 1
        assert sum(isinstance(answer, IdempotencyInProgress) for answer in answers) == 7


def test_the_server_stops_and_starts_under_a_running_domain(
    nodes: list[Domain], postgres: Cluster, contract: Path
) -> None:
    before = [serial_number(node.tsa.stamp(IMPRINT)) for node in nodes]
    postgres.stop()
    try:
        for node in nodes:
            with pytest.raises(StorageUnreachable) as caught:
                node.tsa.stamp(IMPRINT)
            assert caught.value.remedy("en").startswith("See that the server")
    finally:
        postgres.start()
    sealed = nodes[0].signing.seal(open_document(contract), by=COMPANY)
    assert nodes[1].validation.validate(sealed).signatures
    after = [serial_number(node.tsa.stamp(IMPRINT)) for node in nodes]
    assert len({*before, *after}) == 4
    assert {str(number) for number in (*before, *after)} <= set(stamped(nodes[1]))
    assert nodes[1].audit.verify().intact


def test_migrate_says_the_revision(folders: list[Path]) -> None:
    said = CliRunner().invoke(application(), ["migrate", "--data", str(folders[1])])
    assert (said.exit_code, said.output.strip()) == (0, migrations.head())
