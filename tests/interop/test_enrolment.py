"""lego and certbot obtain, renew and revoke over a real server; GlobalSign's EST client enrols and renews."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shirushi.adapters.configuration import AcmeSection, EstSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.core.evidence import GeneralName, GeneralNameKind, RevocationReason
from shirushi.domain import open_domain
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from tests.interop import clients
from tests.names import TXT, caa, name_server

HOST = "www.example.jp"


def free_port() -> int:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def write_section(data: Path, **sections: object) -> None:
    path = data / "shirushi.toml"
    write_configuration(path, read_configuration(path).model_copy(update=sections))


def device_key(path: Path) -> Path:
    made = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return path


@contextmanager
def serving(data: Path) -> Iterator[int]:
    """`shirushi serve` on a port that was known before: it."""
    path, port = data / "shirushi.toml", free_port()
    found = read_configuration(path)
    scheme = "https" if found.serve.certificate else "http"
    serve = found.serve.model_copy(update={"port": port, "workers": 1})
    domain = found.domain.model_copy(update={"address": f"{scheme}://127.0.0.1:{port}"})
    write_configuration(path, found.model_copy(update={"serve": serve, "domain": domain}))
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
    done = tried(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tried(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def refused(*command: str | Path) -> str:
    """What a program says that fails."""
    done = tried(*command)
    assert done.returncode != 0, done.stdout
    return done.stdout + done.stderr


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
            authority="issuing", resolvers=(f"127.0.0.1:{dns.port}",), allow_private=True, http_port=port
        )
        write_section(data, acme=acme)
        with serving(data) as served:
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


DNS_SCRIPT = """#!/bin/sh
cd "$TEXTS" || exit 1
name="${2%.}"
case "$1" in
present) echo "$3" >> "$name" ;;
cleanup) rm -f "$name" ;;
esac
"""


@pytest.mark.enable_socket
def test_lego_shows_control_in_tls_and_in_the_dns(data, tmp_path, monkeypatch):
    """By tls-alpn-01 and, for a wildcard, by dns-01; with an external account, under CAA records, by renewal information."""
    program = clients.go_program("lego")
    anchors, port = secured(data, tmp_path), free_port()
    texts, script = tmp_path / "texts", tmp_path / "dns.sh"
    texts.mkdir()
    script.write_text(DNS_SCRIPT)
    script.chmod(0o700)
    for name, value in (("LEGO_CA_CERTIFICATES", anchors), ("EXEC_PATH", script), ("TEXTS", texts)):
        monkeypatch.setenv(name, str(value))
    with name_server(texts) as names:
        acme = AcmeSection(
            authority="issuing",
            resolvers=(f"127.0.0.1:{names.port}",),
            allow_private=True,
            tls_port=port,
            external_accounts=True,
            caa_identities=("ca.example.jp",),
        )
        write_section(data, acme=acme)
        with open_domain(data) as domain:
            kid, secret = domain.services.enrolment.acme.new_external(domain.actor)
        with serving(data) as served:
            server = f"https://127.0.0.1:{served}/acme/directory"
            common = [program, "--server", server, "--email", "admin@example.jp", "--accept-tos"]
            common += ["--path", tmp_path / "lego"]
            by_tls = ["--domains", HOST, "--tls", "--tls.port", f"127.0.0.1:{port}"]
            by_dns = ["--domains", "*.example.jp", "--dns", "exec", "--dns.propagation-wait", "1s"]
            by_dns += ["--dns.resolvers", f"127.0.0.1:{names.port}"]
            assert "External Account Binding" in refused(*common, *by_tls, "run")
            common += ["--eab", "--kid", kid, "--hmac", secret]
            names.caa["example.jp"] = [caa("issue other.example")]
            assert "urn:ietf:params:acme:error:caa" in refused(*common, *by_tls, "run")
            names.caa["example.jp"] = [caa("issue ca.example.jp; validationmethods=tls-alpn-01")]
            run(*common, *by_tls, "run")
            names.caa["example.jp"] = [caa("issuewild ca.example.jp; validationmethods=dns-01")]
            names.failing = {TXT}
            assert "urn:ietf:params:acme:error:dns" in refused(*common, *by_dns, "run")
            names.failing = set()
            run(*common, *by_dns, "run")
            folder = tmp_path / "lego" / "certificates"
            host, wild = folder / f"{HOST}.crt", folder / "_.example.jp.crt"
            (first, *_), (wildcard, *_) = (certificates_in(each.read_bytes()) for each in (host, wild))
            names.caa.clear()
            renew = ["renew", "--days", "1", "--no-random-sleep"]
            run(*common, *by_tls, *renew)  # renewal information says that it is not yet time
            assert certificates_in(host.read_bytes())[0] == first
            run(*common, *by_tls, "revoke", "--keep", "--reason", "4")
            run(*common, *by_tls, *renew)  # and now, at once
            (second, *_) = certificates_in(host.read_bytes())
    assert wildcard.extensions.subject_alternative_names == (
        GeneralName(GeneralNameKind.DNS, "*.example.jp"),
    )
    assert second.serial_number != first.serial_number
    with open_domain(data) as domain:
        revocation = domain.ca.certificate(first.serial_number).revocation
        assert revocation is not None
        assert revocation.reason is RevocationReason.SUPERSEDED
        (account,), orders = domain.services.enrolment.acme.overview(domain.actor)
        assert account.external == kid
        assert [each.serial_number for each in orders if each.replaces] == [second.serial_number]


@pytest.mark.enable_socket
def test_an_est_client_enrols_and_renews(data, tmp_path):
    program = clients.go_program("estclient")
    anchors = secured(data, tmp_path)
    brief = EstSection(label="brief", authority="issuing", code_days=1e-9)
    write_section(data, est=(EstSection(authority="issuing"), brief))
    with open_domain(data) as domain:
        est = domain.services.enrolment.est
        code, password = est.new_code(domain.actor, "", "sensor-7")
        late, too_late = est.new_code(domain.actor, "brief")
    own, other_key = device_key(tmp_path / "device.key"), device_key(tmp_path / "other.key")
    first, second, third = (tmp_path / f"{number}.pem" for number in range(3))
    with serving(data) as port:
        server = ["-server", f"127.0.0.1:{port}", "-explicit", anchors]
        assert len(certificates_in(run(program, "cacerts", *server).encode())) == 2
        enrol = ["-user", code.id, "-pass", password, "-key", own, "-cn", "sensor-7"]
        wrong = ["-user", code.id, "-pass", "0" * 32, "-key", own, "-cn", "sensor-7"]
        expired = ["-aps", "brief", "-user", late.id, "-pass", too_late, "-key", own, "-cn", "sensor-7"]
        for credentials in (wrong, expired):
            assert "401" in refused(program, "enroll", *server, *credentials)
        run(program, "enroll", *server, *enrol, "-out", first)
        again = run(program, "enroll", *server, *enrol).encode()
        assert certificates_in(again) == certificates_in(first.read_bytes())
        used = ["-user", code.id, "-pass", password, "-key", other_key, "-cn", "sensor-7"]
        assert "401" in refused(program, "enroll", *server, *used)
        assert run(program, "csrattrs", *server)
        assert "501" in refused(program, "serverkeygen", *server, *enrol, "-keyout", tmp_path / "made.key")
        run(program, "reenroll", *server, "-key", own, "-certs", first, "-out", second)
        run(program, "reenroll", *server, "-key", own, "-certs", second, "-out", third)
        assert refused(program, "reenroll", *server, "-key", other_key, "-certs", second)
    found = [each for path in (first, second, third) for each in certificates_in(path.read_bytes())]
    assert {each.subject.text for each in found} == {"CN=sensor-7"}
    assert len({each.serial_number for each in found}) == 3
    with open_domain(data) as domain:
        records = domain.audit.search(action="est.enrol").records
        assert [each.detail["cause"] for each in records][::-1] == ["code wrong", "code expired", "code used"]
        assert domain.audit.verify().intact
