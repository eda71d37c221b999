"""Time-stamps from an authority elsewhere: one that is slow, wrong or lying is named, and nothing is handed out."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import shirushi
from shirushi import Level
from shirushi.adapters.configuration import FetchSection, SigningSection
from shirushi.adapters.configuration_file import read_configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.remote_time_stamper import RemoteStampRefused
from shirushi.codecs.asn1.tsp import (
    PkiStatus,
    TimeStampRequest,
    encode_timestamp_request,
    encode_timestamp_response,
)
from shirushi.core.actor import Actor
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.verdict import Indication
from shirushi.domain import compose
from shirushi.ports.fetcher import FetchFailed, FetchTimedOut

COMPANY = "さくら商事株式会社"
CLIENT = Actor("client")
OTHER = encode_timestamp_request(
    TimeStampRequest(Digest(DigestAlgorithm.SHA256, bytes(32)), nonce=b"\x01", certificates_requested=True)
)


class Authority:
    """A real server, which answers as `answer` does."""

    def __init__(self, tsa):
        self.tsa = tsa
        self.answer = self.honest
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = outer.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200 if body is not None else 500)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def honest(self, request):
        return self.tsa.answer(CLIENT, request)

    def slow(self, request):
        time.sleep(3)
        return self.honest(request)

    def refusing(self, _request):
        return encode_timestamp_response(PkiStatus.REJECTION, text="not today")

    def replaying(self, _request):
        return self.honest(OTHER)

    def altering(self, request):
        answer = bytearray(self.honest(request))
        answer[-1] ^= 1
        return bytes(answer)

    def babbling(self, _request):
        return b"<html>welcome</html>"

    def failing(self, _request):
        return None


@pytest.fixture
def authority(data):
    from pytest_socket import enable_socket

    enable_socket()
    with shirushi.open(data) as domain:
        found = Authority(domain.services.tsa)
        yield found
        found.server.shutdown()
        found.server.server_close()


@pytest.fixture
def domain(data, authority):
    directory = DataDirectory(data)
    given = read_configuration(directory.configuration)
    update = {
        "signing": SigningSection(time_stamps_from=authority.url),
        "fetch": FetchSection(allow_private=True, seconds=1.0),
    }
    with compose(directory, given.model_copy(update=update)) as found:
        yield found


@pytest.mark.enable_socket
def test_an_honest_authority_s_time_stamps_pass(domain, contract):
    signed = domain.signing.seal(shirushi.read(contract), COMPANY, level=Level.B_LTA)
    verdict = domain.validation.validate(signed)
    assert (verdict.indication, verdict.worst.level) == (Indication.TOTAL_PASSED, Level.B_LTA)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        ("slow", (FetchTimedOut, "127.0.0.1")),
        ("failing", (FetchFailed, "127.0.0.1")),
        ("refusing", (RemoteStampRefused, "not today")),
        ("replaying", (RemoteStampRefused, "another imprint")),
        ("altering", (RemoteStampRefused, "does not verify")),
        ("babbling", (RemoteStampRefused, "127.0.0.1")),
    ],
)
def test_each_failure_is_named_and_nothing_is_handed_out(domain, authority, contract, manner, failure):
    error, said = failure
    authority.answer = getattr(authority, manner)
    with pytest.raises(error) as failed:
        domain.signing.seal(shirushi.read(contract), COMPANY)
    assert said in failed.value.explain("en")
    assert not domain.audit.search(action="signing.seal").records
