"""Tokens fail under load: signer processes are killed, sessions lost, tokens taken out. Nothing wrong is signed, all is on record."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from shirushi.adapters.configuration import KeySection, TsaSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.pkcs11.client import settings_of, socket_path
from shirushi.adapters.pkcs11.errors import (
    SignerAway,
    TokenFull,
    TokenKeyLost,
    TokenMissing,
    TokenPinRejected,
    TokenUnusable,
)
from shirushi.adapters.pkcs11.frames import listen
from shirushi.codecs.asn1.pem import to_pem
from shirushi.codecs.asn1.tsp import (
    TimeStampRequest,
    encode_timestamp_request,
    parse_timestamp_response,
    parse_tst_info,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyType
from shirushi.core.evidence import TimeStampKind
from shirushi.domain import open_domain
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.formats.cms.structure import read_signed_data
from shirushi.ports.keys import KeyExists
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from tests import results
from tests.chaos.test_serve import recorded, wait_for
from tests.http.conftest import serving
from tests.tokens import MODULE, PIN, softhsm, token_section, with_tokens, write_pin

__all__ = ["softhsm"]

IMPRINT = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(b"x"))
SIGNER = """
import signal, socket, sys
import pkcs11
from shirushi.adapters.pkcs11.server import signer_server
from shirushi.adapters.pkcs11.settings import TokenSettings

settings = TokenSettings.decode(sys.argv[1])
# C_Finalize behind its back: every session and every handle is gone
signal.signal(signal.SIGUSR1, lambda *_: pkcs11.lib(settings.module).reinitialize())
signer_server(settings).run(socket.socket(fileno=int(sys.argv[2])), int(sys.argv[3]))
"""


@pytest.fixture
def place(data, softhsm):
    """A domain whose only time-stamping unit has its key on a token; gives its folder and the token's."""
    folder = softhsm.make("hsm")
    write_pin(data)
    with_tokens(data, token_section(), keys=(KeySection(label="tsu-*", token="hsm"),))
    with open_domain(data) as domain:
        key = domain.keys.generate("tsu-hsm", KeyType.P_256)
        subject = DistinguishedName(
            (("countryName", "JP"), ("organizationName", "試験"), ("commonName", "TSU H"))
        )
        issued = domain.ca.issue(CertificateRequest("issuing", "tsu", subject, key.spki))
        chain = "".join(map(to_pem, domain.ca.chain(issued)))
        assert domain.keys.store.place("tsu-hsm") == "hsm"
    (data / "certificates" / "tsu-hsm.pem").write_text(chain)
    path = data / "shirushi.toml"
    found = read_configuration(path)
    (before,) = found.tsa
    unit = TsaSection(
        name="TSU H", key="tsu-hsm", chain=Path("certificates/tsu-hsm.pem"), policy=before.policy
    )
    write_configuration(path, found.model_copy(update={"tsa": (unit,)}))
    return data, folder


class Signer:
    """A signer process that this test supervises."""

    def __init__(self, data):
        directory = DataDirectory(data)
        self.settings = settings_of(directory, read_configuration(directory.configuration).pkcs11[0])
        self.listening = listen(socket_path(directory, "hsm"))
        self.lifeline = os.pipe()
        self.start()

    def start(self):
        fds = (self.listening.fileno(), self.lifeline[0])
        command = [sys.executable, "-c", SIGNER, self.settings.encode(), *map(str, fds)]
        self.process = subprocess.Popen(command, pass_fds=fds)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def close(self):
        for end in self.lifeline[::-1]:
            os.close(end)
        self.process.wait(20)
        self.listening.close()


class Stamping:
    """Threads that stamp without a pause. What was refused is kept by the name of its error."""

    def __init__(self, domain, threads=3):
        self.domain = domain
        self.tokens, self.refused = [], []
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.run) for _ in range(threads)]

    def run(self):
        while not self.ended.is_set():
            try:
                self.tokens.append(self.domain.tsa.stamp(IMPRINT))
            except TokenUnusable as error:
                self.refused.append(type(error))
                time.sleep(0.01)

    def more(self, count=5):
        """Wait until so many more were stamped; how long it took."""
        began, before = time.monotonic(), len(self.tokens)
        wait_for(lambda: len(self.tokens) >= before + count)
        return time.monotonic() - began

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        self.more()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()


@contextmanager
def stamping(data):
    with ExitStack() as ends:
        signer = Signer(data)
        ends.callback(signer.close)
        domain = ends.enter_context(open_domain(data, supervised=True))
        yield signer, ends.enter_context(Stamping(domain))


def check(load):
    """Every token is intact, no serial number stands twice, and each is on record in a log that is whole."""
    serials = set()
    for token in load.tokens:
        evidence = parse_timestamp_token(token, TimeStampKind.CONTENT, lambda _: IMPRINT)
        assert evidence.signature.integrity
        serials.add(str(parse_tst_info(read_signed_data(token).content).serial_number))
    assert len(serials) == len(load.tokens) > 0
    assert serials <= recorded(load.domain, "tsa.stamp")
    assert load.domain.audit.verify().intact


@pytest.mark.needs("softhsm2-util", "softhsm2")
@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.long)])
def test_killed_and_robbed_of_their_sessions_under_load(place, rounds):
    data, _ = place
    with stamping(data) as (signer, load):
        for number in range(rounds):
            signer.process.send_signal(signal.SIGUSR1)
            lost = load.more()
            signer.kill()
            killed = load.more()
            results.record("signers", round=number, sessions_lost=lost, killed=killed)
        assert load.domain.ports.signers[0].check() >= 0
    assert load.refused == []  # whoever asked meanwhile waited, and got the answer
    check(load)


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_token_is_taken_out_and_put_back_under_load(place, rounds):
    data, token = place
    away = token.parent.with_name("away")
    with stamping(data) as (signer, load):
        for folder in (token, token.parent) * rounds:
            folder.rename(away)
            before = len(load.refused)
            wait_for(lambda b=before: len(load.refused) > b + 5)
            (causes,) = [c for c in conditions_of(load.domain) if c.name == "tokens"]
            assert [cause.code for cause in causes.causes] == ["NOT_READY"]
            away.rename(folder)
            results.record("signers", token_back=load.more())
        assert signer.process.poll() is None
        assert load.domain.ports.signers[0].check() > 0
    assert set(load.refused) <= {TokenMissing, TokenKeyLost}
    assert TokenMissing in load.refused
    check(load)


def conditions_of(domain):
    from shirushi.web.readiness import conditions

    return conditions(domain)


def test_a_refused_pin_is_tried_once(place, softhsm):
    data, _ = place
    softhsm.change_pin("hsm", PIN, "135791")
    with ExitStack() as ends:
        signer = Signer(data)
        ends.callback(signer.close)
        domain = ends.enter_context(open_domain(data, supervised=True))
        for _ in range(3):
            with pytest.raises(TokenPinRejected) as caught:
                domain.tsa.stamp(IMPRINT)
            assert PIN not in str(caught.value)
        write_pin(data, pin="135791")
        assert domain.tsa.stamp(IMPRINT)
        (data / "secrets" / "hsm.pin").chmod(0o644)
        signer.kill()
        with pytest.raises(TokenUnusable) as exposed:
            domain.tsa.stamp(IMPRINT)
        assert exposed.value.code == "PKCS11_PIN_MISSING"


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_full_token_keeps_nothing_half_made(place, softhsm, rounds):
    data, _ = place
    listing = ("--token-label", "hsm", "--login", "--pin", PIN, "--list-objects")
    with stamping(data) as (signer, load):
        keys = load.domain.keys
        limit = resource.prlimit(signer.process.pid, resource.RLIMIT_FSIZE)
        for number in range(rounds):
            label, objects = f"tsu-{number + 2}", softhsm.tool(*listing)
            resource.prlimit(signer.process.pid, resource.RLIMIT_FSIZE, (0, limit[1]))
            with pytest.raises(TokenFull):
                keys.generate(label, KeyType.P_256)
            results.record("signers", round=number, beside_full=load.more())  # what is there works as before
            resource.prlimit(signer.process.pid, resource.RLIMIT_FSIZE, limit)
            assert softhsm.tool(*listing) == objects
            began = time.monotonic()
            assert keys.generate(label, KeyType.P_256).key_type is KeyType.P_256
            results.record("signers", round=number, room_again=time.monotonic() - began)
            with pytest.raises(KeyExists):
                keys.generate(label, KeyType.P_256)
    assert load.refused == []
    check(load)


def test_without_a_signer_process_there_is_an_answer_with_a_name(place):
    data, _ = place
    listen(socket_path(DataDirectory(data), "hsm")).close()
    with open_domain(data, supervised=True) as domain:
        (signer,) = domain.ports.signers
        signer._patience = 0.3
        with pytest.raises(SignerAway):
            domain.tsa.stamp(IMPRINT)
    with open_domain(data) as domain:  # by itself, it starts one
        assert domain.tsa.stamp(IMPRINT)


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("rounds", [2, pytest.param(14, marks=pytest.mark.long)])
def test_the_server_starts_killed_signers_anew(place, rounds):
    data, _ = (
        place  # a process that dies nine times within ten seconds of its start is left alone for as long
    )
    request = encode_timestamp_request(TimeStampRequest(IMPRINT))
    headers = {"Content-Type": "application/timestamp-query"}
    tokens, ended = [], threading.Event()
    with serving(data, workers=1, lanes=0, requests_per_second=1e6, burst=1_000_000) as server:

        def stamp():
            while not ended.is_set():
                answer = httpx.post(f"{server.address}/tsa", content=request, headers=headers, timeout=60)
                tokens.append(parse_timestamp_response(answer.content).token)

        threads = [threading.Thread(target=stamp) for _ in range(2)]
        for thread in threads:
            thread.start()
        for _ in range(rounds):
            wait_for(lambda: bool(signers(server)))
            (victim,) = signers(server)
            os.kill(victim, signal.SIGKILL)
            began, before = time.monotonic(), len(tokens)
            wait_for(lambda b=before: len(tokens) > b + 2)  # two may have been signed already
            results.record("signers", killed_under_server=time.monotonic() - began)
            wait_for(lambda v=victim: signers(server) not in ([], [v]))
        ready = httpx.get(f"{server.address}/readyz", timeout=60).json()
        ended.set()
        for thread in threads:
            thread.join()
        assert server.stop() == 0
    assert None not in tokens  # no request was refused: those that came meanwhile waited
    states = {condition["name"]: condition for condition in ready["conditions"]}
    assert states["tokens"]["facts"]["usable"] == 1
    with open_domain(data) as domain:
        assert domain.audit.verify().intact


def signers(server):
    """The processes of the server that have SoftHSM loaded."""
    return [pid for pid in server.children() if MODULE.rpartition("/")[2] in maps(pid)]


def maps(pid):
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""
