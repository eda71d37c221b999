"""The authority on the command line: a certificate's whole life, with JSON for programs and statuses for scripts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

import shirushi
from shirushi.core.actor import Actor, Role
from shirushi.main import application
from tests.acme import request as csr
from tests.unit.ca.subjects import COMPANY
from tests.unit.ca.world import SAKURA

Run = Callable[..., Any]


@pytest.fixture
def run(data: Path) -> Run:
    """Runs `shirushi ca …` and gives its JSON."""

    def command(*words: object, status: int = 0) -> Any:
        done = CliRunner().invoke(application(), ["ca", *map(str, words), "--data", str(data), "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout) if status != 2 else done.output

    return command


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A request for a device or a host, in a file."""

    def write(name: str, *hosts: str, key: Any = None, common: str | None = None) -> Path:
        path = tmp_path / f"{name}.csr"
        path.write_bytes(csr(hosts, key=key, common=common or name))
        return path

    return write


@pytest.fixture
def device(run: Run, written: Callable[..., Path]) -> Callable[..., str]:
    """Issue for a device, from its request: the serial number."""

    def issue(name: str, key: Any = None) -> str:
        asked = run("request", written(name, key=key), "--authority", "issuing", "--profile", "device")
        run("approve", asked["id"])
        return str(run("issue-csr", asked["id"])["serial_number"])

    return issue


def code(answer: Any) -> str:
    return str(answer["error"]["code"])


def standing(run: Run, number: str) -> str:
    (found,) = run("certificates", number)["certificates"]
    return str(found["standing"])


def certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificates(pem.encode())[0]


def test_a_request_waits_is_decided_and_becomes_a_certificate(
    run: Run, written: Callable[..., Path], tmp_path: Path
) -> None:
    options = ("--authority", "issuing", "--profile", "device")
    asked = run("request", written("sensor-1"), *options)
    assert (asked["state"], asked["subject"]) == ("waiting", "commonName=sensor-1")
    assert code(run("issue-csr", asked["id"], status=1)) == "CSR_DECIDED"
    assert run("approve", asked["id"], "--remark", "as agreed")["remark"] == "as agreed"
    assert [each["id"] for each in run("requests", "--state", "approved")] == [asked["id"]]
    target = tmp_path / "sensor-1.pem"
    issued = run("issue-csr", asked["id"], "-o", target)
    assert target.read_text() == issued["pem"]
    assert issued["pem"].count("BEGIN CERTIFICATE") == 3
    assert run("issue-csr", asked["id"]) == issued
    other = run("request", written("sensor-2"), *options)
    assert run("approve", other["id"], "--refuse")["state"] == "refused"
    assert code(run("approve", other["id"], status=1)) == "CSR_DECIDED"
    assert code(run("approve", "0" * 32, status=1)) == "CSR_UNKNOWN"
    assert {each["state"] for each in run("requests")} == {"issued", "refused"}


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--authority", "issuing"),
        ("--profile", "device"),
        ("--authority", "issuing", "--profile", "device", "--renews", "1"),
        ("--renews", "no number"),
    ],
)
def test_a_request_says_under_what_or_for_what(
    run: Run, written: Callable[..., Path], options: tuple[str, ...]
) -> None:
    assert "--renews" in run("request", written("sensor"), *options, status=2)


def test_what_is_bad_is_refused_by_name(run: Run, written: Callable[..., Path], tmp_path: Path) -> None:
    options = ("--authority", "issuing", "--profile", "device")
    junk = tmp_path / "junk.csr"
    junk.write_bytes(b"junk")
    assert code(run("request", junk, *options, status=1)) == "CSR_MALFORMED"
    assert code(run("request", tmp_path / "none.csr", *options, status=1)) == "FILE_UNREADABLE"
    confusable = written("a", common="Аpple")
    assert code(run("request", confusable, *options, status=1)) == "SUBJECT_NAME_CONFUSABLE"
    curve = written("b", key=ec.generate_private_key(ec.SECP256K1()))
    assert code(run("request", curve, *options, status=1)) == "SUBJECT_KEY_REFUSED"
    authority = ("--authority", "none", "--profile", "device")
    assert code(run("request", written("c"), *authority, status=1)) == "CA_UNKNOWN"
    root = ("--authority", "issuing", "--profile", "root")
    assert code(run("request", written("d"), *root, status=1)) == "CERTIFICATE_PROFILE_REFUSED"


def test_a_certificate_is_issued_for_a_public_key(run: Run, tmp_path: Path) -> None:
    public = tmp_path / "public.pem"
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    public.write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    words = ("issue", public, "--authority", "issuing", "--subject", "commonName=client 1", "--profile")
    made = run(*words, "tls-client", "-o", tmp_path / "client.pem")
    assert made["profile"] == "tls-client"
    assert certificate((tmp_path / "client.pem").read_text()).serial_number == int(made["serial_number"], 16)
    assert code(run(*words, "no-such", status=1)) == "CERTIFICATE_PROFILE_UNKNOWN"
    assert code(run(*words, "tsu", status=1)) == "SUBJECT_NAME_REFUSED"


def test_renewal_and_rekey(
    run: Run, device: Callable[..., str], written: Callable[..., Path], tmp_path: Path
) -> None:
    key, new = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    number = device("sensor-3", key)
    renewed = run("renew", number, "-o", tmp_path / "renewed.pem")
    assert renewed["serial_number"] != number
    assert certificate(renewed["pem"]).public_key() == key.public_key()
    rekeyed = run("rekey", tmp_path / "renewed.pem", written("sensor-3", key=new))
    assert certificate(rekeyed["pem"]).public_key() == new.public_key()
    assert certificate(rekeyed["pem"]).subject == certificate(renewed["pem"]).subject
    assert code(run("rekey", number, written("sensor-4"), status=1)) == "CSR_RENEWAL_REFUSED"
    asked = run("request", written("sensor-3", key=new), "--renews", rekeyed["serial_number"])
    assert (asked["state"], asked["renews"]) == ("waiting", rekeyed["serial_number"])
    run("suspend", number)
    assert code(run("renew", number, status=1)) == "CSR_RENEWAL_REFUSED"
    assert code(run("renew", "1", status=1)) == "CERTIFICATE_UNKNOWN"


def test_what_four_eyes_demand_one_operator_cannot_do(run: Run, data: Path, tmp_path: Path) -> None:
    """The local operator is one: what they asked for, another approves over HTTP or in the portal."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = [
        x509.NameAttribute(x509.ObjectIdentifier(oid), value)
        for oid, value in zip(
            ("2.5.4.6", "2.5.4.10", "2.5.4.97", "2.5.4.3"), (v for _, v in SAKURA.attributes), strict=True
        )
    ]
    path = tmp_path / "seal.csr"
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(name))
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))
    asked = run("request", path, "--authority", "issuing", "--profile", "e-seal-qscd")
    assert code(run("approve", asked["id"], status=1)) == "CSR_OWN"
    with shirushi.open(data) as domain:
        second = Actor("second", frozenset({Role.OPERATOR}))
        domain.services.enrolment.requests.decide(second, asked["id"], approve=True)
    number = run("issue-csr", asked["id"])["serial_number"]
    assert code(run("renew", number, status=1)) == "CERTIFICATE_APPROVAL_NEEDED"
    again = run("request", path, "--renews", number)
    assert code(run("approve", again["id"], status=1)) == "CSR_OWN"


def test_holds_revocations_and_their_reasons(run: Run, device: Callable[..., str]) -> None:
    number = device("sensor-5")
    assert standing(run, number) == "valid"
    assert run("suspend", number) == {"serial_number": number}
    assert standing(run, number) == "on-hold"
    assert run("release", number) == {"serial_number": number}
    assert code(run("release", number, status=1)) == "CERTIFICATE_NOT_ON_HOLD"
    revoked = run("revoke", number, "--reason", "key-compromise")
    assert (revoked["serial_number"], revoked["reason"]) == (number, "KEY_COMPROMISE")
    assert run("revoke", number, "--reason", "key-compromise") == revoked
    assert code(run("revoke", number, "--reason", "superseded", status=1)) == "CERTIFICATE_ALREADY_REVOKED"
    assert standing(run, number) == "revoked"
    assert code(run("suspend", number, status=1)) == "CERTIFICATE_ALREADY_REVOKED"
    assert "key-compromise" in run("revoke", number, "--reason", "whim", status=2)
    late = ("--at", "2999-01-01T00:00:00Z")
    assert code(run("revoke", device("sensor-6"), *late, status=1)) == "REVOCATION_REFUSED"
    assert "SERIAL" in run("suspend", "no number", status=2)


def test_a_register_changes(run: Run) -> None:
    (seal, *_) = run("certificates", COMPANY, "--profile", "e-seal", "--standing", "valid")["certificates"]
    assert seal["serial_number"] in run("register-changed", COMPANY, "representative")["flagged"]
    (flag, *_) = [each for each in run("flags") if each["serial_number"] == seal["serial_number"]]
    assert (flag["change"], flag["subject_key"]) == ("representative", COMPANY)
    run("settle", seal["serial_number"])
    assert code(run("settle", seal["serial_number"], status=1)) == "CERTIFICATE_FLAG_UNKNOWN"
    assert seal["serial_number"] in run("register-changed", COMPANY, "ended")["revoked"]
    assert run("register-changed", COMPANY, "ended") == {"revoked": [], "flagged": []}
    assert "ended" in run("register-changed", COMPANY, "moved", status=2)


def test_certificates_are_found(run: Run, device: Callable[..., str]) -> None:
    number = device("sensor seven")
    (found,) = run("certificates", "ＳＥＮＳＯＲ　seven")["certificates"]
    assert (found["serial_number"], found["profile"], found["authority"]) == (number, "device", "issuing")
    assert run("certificates", "--profile", "device", "--standing", "revoked") == {
        "certificates": [],
        "more": False,
    }
    page = run("certificates", "--limit", "1")
    assert (len(page["certificates"]), page["more"]) == (1, True)
    assert run("certificates", "nobody at all")["certificates"] == []
    assert "valid" in run("certificates", "--standing", "lost", status=2)
