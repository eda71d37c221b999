"""lego and certbot obtain and renew over a real server; GlobalSign's EST client enrols and renews."""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shirushi.adapters.configuration import AcmeSection, EstSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.core.evidence import GeneralName, GeneralNameKind
from shirushi.domain import open_domain
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from tests.interop import clients

HOST = "www.example.jp"


def free_port() -> int:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def name_server() -> Iterator[int]:
    """A name server for which every name is at 127.0.0.1: its port."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.2)
        ended = threading.Event()

        def answer() -> None:
            while not ended.is_set():
                try:
                    query, client = udp.recvfrom(1024)
                except TimeoutError:
                    continue
                end = query.index(b"\0", 12) + 5
                is_a = query[end - 4 : end - 2] == b"\0\1"
                record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 0, 4) + b"\x7f\0\0\1" if is_a else b""
                head = query[:2] + struct.pack("!5H", 0x8180, 1, int(is_a), 0, 0)
                udp.sendto(head + query[12:end] + record, client)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield udp.getsockname()[1]
        finally:
            ended.set()
            thread.join()


@contextmanager
def serving(data: Path, **sections: object) -> Iterator[int]:
    """`shirushi serve` on a port that was known before: it."""
    path, port = data / "shirushi.toml", free_port()
    found = read_configuration(path)
    scheme = "https" if found.serve.certificate else "http"
    serve = found.serve.model_copy(update={"port": port, "workers": 1})
    domain = found.domain.model_copy(update={"address": f"{scheme}://127.0.0.1:{port}"})
    write_configuration(path, found.model_copy(update={"serve": serve, "domain": domain} | sections))
    command = [sys.executable, "-c", "from shirushi.main import main; main()", "serve", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        yield port
    finally:
        process.terminate()
        process.wait(60)
        assert process.stdout is not None
        process.stdout.close()


def secured(data: Path, folder: Path) -> Path:
    """Give the server a TLS certificate of its own authority for 127.0.0.1; the anchor that clients trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    with open_domain(data) as domain:
        request = CertificateRequest(
            "issuing",
            "tls-server",
            DistinguishedName.of(commonName="server"),
            key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            (GeneralName(GeneralNameKind.IP, b"\x7f\0\0\1"),),
        )
        chain = domain.ca.chain(domain.ca.issue(request))
    (data / "tls.pem").write_text("".join(map(to_pem, chain[:-1])))
    (data / "tls.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    anchors = folder / "anchors.pem"
    anchors.write_text(to_pem(chain[-1]))
    path = data / "shirushi.toml"
    found = read_configuration(path)
    tls = found.serve.model_copy(update={"certificate": "tls.pem", "key": "tls.key"})
    write_configuration(path, found.model_copy(update={"serve": tls}))
    return anchors


def run(*command: str | Path) -> str:
    done = subprocess.run(
        list(map(str, command)),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lego(program: Path, folder: Path, server: str, port: int) -> Iterator[Path]:
    common = [program, "--server", server, "--email", "admin@example.jp", "--accept-tos", "--path", folder]
    common += ["--domains", HOST, "--http", "--http.port", f"127.0.0.1:{port}"]
    run(*common, "run")
    yield folder / "certificates" / f"{HOST}.crt"
    run(*common, "renew", "--days", "400", "--no-random-sleep")
    yield folder / "certificates" / f"{HOST}.crt"


def certbot(program: Path, folder: Path, server: str, port: int) -> Iterator[Path]:
    places = [f"--{name}-dir={folder / name}" for name in ("config", "work", "logs")]
    common = ["--server", server, "--http-01-port", str(port), "-n", *places]
    named = ["--standalone", "--agree-tos", "-m", "admin@example.jp", "-d", HOST, "--no-eff-email"]
    run(program, "certonly", *common, *named)
    yield folder / "config" / "live" / HOST / "fullchain.pem"
    run(program, "renew", "--force-renewal", "--no-random-sleep-on-renew", *common)
    yield folder / "config" / "live" / HOST / "fullchain.pem"


@pytest.mark.parametrize("name", ["lego", "certbot"])
@pytest.mark.enable_socket
def test_an_acme_client_obtains_and_renews(data, tmp_path, monkeypatch, name):
    program = clients.certbot() if name == "certbot" else clients.go_program("lego")
    anchors, port = secured(data, tmp_path), free_port()
    for variable in ("LEGO_CA_CERTIFICATES", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(variable, str(anchors))
    with name_server() as dns:
        acme = AcmeSection(
            authority="issuing", resolvers=(f"127.0.0.1:{dns}",), allow_private=True, http_port=port
        )
        with serving(data, acme=acme) as served:
            server = f"https://127.0.0.1:{served}/acme/directory"
            steps = {"lego": lego, "certbot": certbot}[name](program, tmp_path / name, server, port)
            chains = [certificates_in(path.read_bytes()) for path in steps]
    (first, *_), (second, *_) = chains
    assert len(chains[0]) > 1
    assert first.serial_number != second.serial_number
    for each in (first, second):
        assert each.extensions.subject_alternative_names == (GeneralName(GeneralNameKind.DNS, HOST),)
    with open_domain(data) as domain:
        (account,), orders = domain.services.enrolment.acme.overview(domain.actor)
        assert {each.serial_number for each in orders} == {first.serial_number, second.serial_number}
        assert account.contacts == ("mailto:admin@example.jp",)


@pytest.mark.enable_socket
def test_an_est_client_enrols_and_renews(data, tmp_path):
    program = clients.go_program("estclient")
    anchors = secured(data, tmp_path)
    path = data / "shirushi.toml"
    found = read_configuration(path)
    write_configuration(path, found.model_copy(update={"est": (EstSection(authority="issuing"),)}))
    with open_domain(data) as domain:
        code, password = domain.services.enrolment.est.new_code(domain.actor, "", "sensor-7")
    device = ec.generate_private_key(ec.SECP256R1())
    own = tmp_path / "device.key"
    own.write_bytes(device.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    first, second = tmp_path / "first.pem", tmp_path / "second.pem"
    with serving(data) as port:
        server = ["-server", f"127.0.0.1:{port}", "-explicit", anchors]
        assert len(certificates_in(run(program, "cacerts", *server).encode())) == 2
        enrol = ["-user", code.id, "-pass", password, "-key", own, "-cn", "sensor-7"]
        run(program, "enroll", *server, *enrol, "-out", first)
        run(program, "reenroll", *server, "-key", own, "-certs", first, "-out", second)
    (one,), (other,) = certificates_in(first.read_bytes()), certificates_in(second.read_bytes())
    assert one.subject == other.subject
    assert one.subject.text == "CN=sensor-7"
    assert one.serial_number != other.serial_number
