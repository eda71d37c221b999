"""What our certification authority makes, before OpenSSL: paths, lists, OCSP answers to OpenSSL's own requests."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shirushi.core.algorithms import KeyType
from shirushi.core.evidence import RevocationReason
from shirushi.services.ca.model import DistinguishedName
from tests.fakes import FakeClock
from tests.interop.programs import laid_out, pem, run
from tests.interop.tools import openssl_ocsp, openssl_verify
from tests.unit.ca.subjects import SUBJECTS as EVERY_SUBJECT
from tests.unit.ca.world import ALICE, CLIENT, OPERATOR, SAKURA, World, definition

pytestmark = pytest.mark.needs("openssl", "openssl")

HIERARCHIES = {
    "RSA": (KeyType.RSA_2048, False),
    "RSA-PSS": (KeyType.RSA_2048, True),
    "P-256": (KeyType.P_256, False),
    "P-384": (KeyType.P_384, False),
    "P-521": (KeyType.P_521, False),
    "Ed25519": (KeyType.ED25519, False),
    "Ed448": (KeyType.ED448, False),
}
TSU = DistinguishedName.of(countryName="JP", organizationName="印", commonName="TSU 1")


@pytest.fixture(scope="module", params=HIERARCHIES, ids=str)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A hierarchy of one key type at the present time, for OpenSSL judges the age of OCSP answers by its own clock."""
    key_type, pss = HIERARCHIES[request.param]
    made = World(tmp_path_factory.mktemp("ca"), FakeClock(datetime.now(UTC)))
    made.establish(key_type, pss=pss)
    yield made
    made.database.close()


@pytest.fixture
def chain(world: World) -> tuple[bytes, bytes]:
    """The root's and the issuing authority's certificates."""
    return tuple(world.ca.authority(CLIENT, name).certificate.der for name in ("root", "issuing"))


def lists(world: World) -> tuple[bytes, bytes]:
    return tuple(world.ca.crl(CLIENT, name) for name in ("root", "issuing"))


SUBJECTS = {"person-signature": ALICE, "e-seal": SAKURA, "tsu": TSU}


def issue(world: World, profile: str = "person-signature", **more: object) -> bytes:
    """A certificate for a new key of the authority's own type."""
    key_type = world.ca.authority(CLIENT, "issuing").definition.key_type
    label = f"subject-{world.entropy.bytes(8).hex()}"
    request = world.request(label, SUBJECTS[profile], profile, key_type)
    return world.ca.issue(OPERATOR, replace(request, **more)).der


def openssl_serial(certificate: bytes) -> int:
    with laid_out(certificate=pem(certificate)) as paths:
        done = run("openssl", "x509", "-in", str(paths["certificate"]), "-noout", "-serial")
    return int(done.stdout.removeprefix("serial="), 16)


@pytest.mark.parametrize("profile", ["person-signature", "e-seal", "tsu"])
def test_a_path_with_lists_is_accepted(world: World, chain: tuple[bytes, bytes], profile: str) -> None:
    root, issuing = chain
    purpose = "timestampsign" if profile == "tsu" else "any"
    verdict = openssl_verify(
        issue(world, profile), [root], intermediates=[issuing], crls=lists(world), purpose=purpose
    )
    assert verdict, verdict.output


def test_a_revoked_certificate_is_seen_on_the_list(world: World, chain: tuple[bytes, bytes]) -> None:
    root, issuing = chain
    certificate = issue(world)
    world.ca.revoke(OPERATOR, openssl_serial(certificate), RevocationReason.KEY_COMPROMISE)
    verdict = openssl_verify(certificate, [root], intermediates=[issuing], crls=lists(world))
    assert not verdict
    assert "certificate revoked" in verdict.output


def test_an_expired_certificate_is_seen(world: World, chain: tuple[bytes, bytes]) -> None:
    root, issuing = chain
    now = world.clock.now()
    expired = issue(world, not_before=now - timedelta(days=3), not_after=now - timedelta(days=2))
    assert "certificate has expired" in openssl_verify(expired, [root], intermediates=[issuing]).output
    at = now - timedelta(days=2, hours=12)
    assert openssl_verify(expired, [root], intermediates=[issuing], at=at)


def test_a_list_is_read_and_its_signature_holds(world: World, chain: tuple[bytes, bytes]) -> None:
    certificate = issue(world)
    world.ca.revoke(OPERATOR, openssl_serial(certificate), RevocationReason.SUPERSEDED)
    with laid_out(crl=world.ca.publish_crl(OPERATOR, "issuing"), issuer=pem(chain[1])) as paths:
        done = run(
            *("openssl", "crl", "-inform", "DER", "-in", str(paths["crl"]), "-noout", "-text"),
            *("-CAfile", str(paths["issuer"])),
        )
    assert "verify OK" in done.stderr, done.stderr
    assert "Superseded" in done.stdout
    assert f"{openssl_serial(certificate):X}" in done.stdout
    assert "X509v3 CRL Number" in done.stdout


def test_a_certificate_is_printed(world: World) -> None:
    with laid_out(certificate=issue(world, "e-seal")) as paths:
        done = run(
            *("openssl", "x509", "-inform", "DER", "-in", str(paths["certificate"]), "-noout", "-text"),
            *("-nameopt", "utf8,sep_comma_plus,sname"),
        )
    assert done.returncode == 0, done.stderr
    assert "さくら商事株式会社" in done.stdout
    assert "organizationIdentifier=NTRJP-7000012050002" in done.stdout
    assert "Digital Signature, Non Repudiation" in done.stdout
    assert "OCSP - URI:http://ca.example.jp/ocsp" in done.stdout


def answered(world: World, folder: Path, certificate: bytes, issuer: bytes, *options: str) -> Path:
    """OpenSSL writes a request, with a nonce, into `folder`; we answer it there."""
    (folder / "certificate.pem").write_bytes(pem(certificate))
    (folder / "issuer.pem").write_bytes(pem(issuer))
    request, response = folder / "request.der", folder / "response.der"
    done = run(
        *("openssl", "ocsp", *options, "-issuer", str(folder / "issuer.pem")),
        *("-cert", str(folder / "certificate.pem"), "-reqout", str(request)),
    )
    assert done.returncode == 0, done.stderr
    response.write_bytes(world.ca.answer_ocsp(CLIENT, request.read_bytes()))
    return response


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
def test_openssl_accepts_the_answer_to_its_request(
    world: World, chain: tuple[bytes, bytes], tmp_path: Path, digest: str
) -> None:
    root, issuing = chain
    certificate = issue(world)
    response = answered(world, tmp_path, certificate, issuing, f"-{digest}")
    (tmp_path / "root.pem").write_bytes(pem(root))
    done = run(
        *("openssl", "ocsp", "-reqin", str(tmp_path / "request.der"), "-respin", str(response)),
        *("-CAfile", str(tmp_path / "root.pem"), "-no-CApath", "-no-CAstore"),
        *("-verify_other", str(tmp_path / "issuer.pem"), "-resp_text"),
    )
    output = done.stdout + done.stderr
    assert "Response verify OK" in output
    assert "Nonce" in done.stdout
    assert "nonce" not in done.stderr.lower(), done.stderr  # it warns of a nonce that is missing or another
    assert "Cert Status: good" in done.stdout
    assert "Archive Cutoff" in done.stdout


def test_each_status_is_understood(world: World, chain: tuple[bytes, bytes], tmp_path: Path) -> None:
    root, issuing = chain
    certificate = issue(world)
    judged = openssl_ocsp(
        answered(world, tmp_path, certificate, issuing).read_bytes(), certificate, issuing, [root]
    )
    assert judged.ok, judged.output
    assert judged.status == "good"
    assert "WARNING" not in judged.output.replace("WARNING: no nonce in response", "")
    world.ca.revoke(OPERATOR, openssl_serial(certificate), RevocationReason.KEY_COMPROMISE)
    judged = openssl_ocsp(
        answered(world, tmp_path, certificate, issuing).read_bytes(), certificate, issuing, [root]
    )
    assert judged.ok, judged.output
    assert judged.status == "revoked"
    assert "keyCompromise" in judged.output


def test_an_answer_of_another_authority_is_refused(
    world: World, chain: tuple[bytes, bytes], tmp_path: Path
) -> None:
    root, issuing = chain
    response = answered(world, tmp_path, issuing, root).read_bytes()
    with laid_out(response=response) as paths:
        done = run("openssl", "ocsp", "-respin", str(paths["response"]), "-noverify")
    assert "unauthorized (6)" in done.stdout + done.stderr


def test_a_list_of_a_partition_and_a_successor_are_accepted(tmp_path: Path) -> None:
    made = World(tmp_path, FakeClock(datetime.now(UTC)))
    made.ca.establish_root(OPERATOR, definition("root"))
    urls = {"crl_urls": ("http://ca.example.jp/crl/issuing/{partition}.crl",), "partitions": 2}
    made.ca.establish_issuing(OPERATOR, definition("issuing", **urls), issuer="root")
    subject = made.ca.authority(CLIENT, "issuing").definition.subject
    successor = definition("issuing-2", subject=subject, succeeds="issuing")
    root = made.ca.authority(CLIENT, "root").certificate.der
    old = made.issue()
    made.ca.establish_issuing(OPERATOR, successor, issuer="root")
    for issued in (old, made.issue("bob")):
        issuer = made.ca.authority(CLIENT, issued.authority)
        partition = issuer.definition.partition_of(issued.serial_number)
        crls = (made.ca.crl(CLIENT, "root"), made.ca.crl(CLIENT, issuer.name, partition))
        verdict = openssl_verify(issued.der, [root], intermediates=[issuer.certificate.der], crls=crls)
        assert verdict, verdict.output
        made.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.KEY_COMPROMISE)
        crls = (crls[0], made.ca.crl(CLIENT, issuer.name, partition))
        verdict = openssl_verify(issued.der, [root], intermediates=[issuer.certificate.der], crls=crls)
        assert "certificate revoked" in verdict.output
    made.database.close()


@pytest.mark.parametrize(
    ("profile", "purpose"),
    [
        ("tls-server", "sslserver"),
        ("website", "sslserver"),
        ("tls-client", "sslclient"),
        ("tsu", "timestampsign"),
    ],
)
def test_every_profile_serves_its_purpose(tmp_path: Path, profile: str, purpose: str) -> None:
    made = World(tmp_path, FakeClock(datetime.now(UTC)))
    made.establish(responder=False)
    root, issuing = (made.ca.authority(CLIENT, name).certificate.der for name in ("root", "issuing"))
    subject, names = EVERY_SUBJECT[profile]
    issued = made.issue(subject=subject, profile=profile, alternative_names=names)
    for asked in ("sslserver", "sslclient", "timestampsign"):
        verdict = openssl_verify(issued.der, [root], intermediates=[issuing], purpose=asked)
        assert bool(verdict) == (asked == purpose), verdict.output
    made.database.close()
