"""What a bad certification request is refused for, each by its own name, as the authority's service meets it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from math import gcd, isqrt, prod
from random import Random
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from shirushi.codecs.asn1 import der
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import RevocationReason
from shirushi.services.audit.service import AuditTrail
from shirushi.services.ca.model.compromised import CompromisedKeys
from shirushi.services.ca.model.refusals import SubjectKeyCompromised
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.service.enrolment import Enrolment
from tests.acme import SetControl, request
from tests.unit.ca.world import CLIENT, OPERATOR, World

Refused = Callable[..., tuple[str, str]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An authority that takes nothing in."""
    made = World(tmp_path_factory.mktemp("refusing"))
    made.establish(responder=False)
    yield made
    made.database.close()


@pytest.fixture
def refused(shared: World) -> Refused:
    """Send a request in; the error's code and detail. The refusal is on record, the request is not."""
    requests = Enrolment(ca=shared.ca, control=SetControl()).requests

    def submit(csr: bytes, profile: str = "device") -> tuple[str, str]:
        with pytest.raises(ShirushiError) as caught:
            requests.submit(CLIENT, "issuing", profile, csr)
        assert shared.audited()[-1] == (CLIENT.id, "ca.request", "refused")
        assert requests.list_(OPERATOR) == []
        return caught.value.code, str(caught.value.parameters.get("detail", ""))

    return submit


_SMALL = prod(p for p in range(2, 2000) if all(p % d for d in range(2, isqrt(p) + 1)))


def is_prime(n: int, rng: Random) -> bool:
    return gcd(n, _SMALL) == 1 and all(pow(rng.randrange(2, n - 1), n - 1, n) == 1 for _ in range(8))


def rsa_key(p: int, q: int) -> rsa.RSAPrivateKey:
    e, n = 65537, p * q
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, n)
    numbers = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public)
    return numbers.private_key()


def test_a_key_of_rsalib(refused: Refused, rng: Random) -> None:
    """Primes k·M + (65537^a mod M), M the product of the first 126 primes (CVE-2017-15361)."""
    primorial = prod(p for p in range(2, 702) if all(p % d for d in range(2, isqrt(p) + 1)))

    def prime() -> int:
        spare = 1024 - primorial.bit_length()
        while True:
            k = rng.getrandbits(spare) | 3 << (spare - 2)
            found = k * primorial + pow(65537, rng.getrandbits(200), primorial)
            if is_prime(found, rng):
                return found

    assert refused(request(common="a", key=rsa_key(prime(), prime()))) == (
        "SUBJECT_KEY_COMPROMISED", "ROCA (CVE-2017-15361)"
    )  # fmt: skip


def test_a_key_of_close_primes(refused: Refused, rng: Random) -> None:
    p = rsa.generate_private_key(65537, 2048).private_numbers().p
    q = next(each for each in range(p + 2**500, p + 2**501, 2) if is_prime(each, rng))
    assert refused(request(common="a", key=rsa_key(p, q))) == (
        "SUBJECT_KEY_COMPROMISED", "close primes (Fermat)"
    )  # fmt: skip


def test_nobody_certifies_a_compromised_key_not_even_an_operator(world: World) -> None:
    """What a list names, what gives itself away, and what was revoked here as compromised."""
    listed = world.request("listed")
    digest = hashlib.sha256(listed.public_key).hexdigest()
    ca = CertificateAuthority(
        database=world.database,
        keys=world.keys,
        clock=world.clock,
        entropy=world.entropy,
        audit=AuditTrail(world.clock),
        compromised=CompromisedKeys.read(digest),
    )
    revoked = world.request("revoked")
    ca.revoke(OPERATOR, ca.issue(OPERATOR, revoked).serial_number, RevocationReason.KEY_COMPROMISE)
    for wanted, detail in ((listed, "listed"), (revoked, "revoked")):
        with pytest.raises(SubjectKeyCompromised, match=detail):
            ca.issue(OPERATOR, wanted)
    assert world.ca.issue(OPERATOR, listed)
    with pytest.raises(SubjectKeyCompromised):
        ca.renew(OPERATOR, world.ca.issue(OPERATOR, world.request("else")).certificate, listed.public_key)


@pytest.mark.parametrize(
    ("make", "code", "detail"),
    [
        (lambda: dsa.generate_private_key(2048), "SUBJECT_KEY_REFUSED", "DSA"),
        (lambda: ec.generate_private_key(ec.BrainpoolP256R1()), "SUBJECT_KEY_REFUSED", "brainpoolP256r1"),
    ],
)
def test_keys_that_nobody_should_have(
    refused: Refused, make: Callable[[], Any], code: str, detail: str
) -> None:
    found = refused(request(common="a", key=make()))
    assert found[0] == code
    assert detail in found[1]


def test_a_key_that_the_profile_does_not_certify(refused: Refused) -> None:
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "www.example.jp")])
    )
    builder = builder.add_extension(
        x509.SubjectAlternativeName([x509.DNSName("www.example.jp")]), critical=False
    )
    csr = builder.sign(ed25519.Ed25519PrivateKey.generate(), None).public_bytes(Encoding.DER)
    assert refused(csr, "tls-server")[0] == "SUBJECT_KEY_REFUSED"


def test_a_request_that_another_key_signed(refused: Refused) -> None:
    """The signature is sound, but of a key that is not the one asked for."""
    asked, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    whole = request(common="a", key=asked)
    tbs = x509.load_der_x509_csr(whole).tbs_certrequest_bytes
    signature = other.sign(tbs, ec.ECDSA(hashes.SHA256()))
    algorithm = der.sequence(der.oid("1.2.840.10045.4.3.2"))
    forged = der.sequence(tbs, algorithm, der.tlv(der.BIT_STRING, b"\0" + signature))
    assert refused(forged)[0] == "CSR_SIGNATURE_WRONG"


@pytest.mark.parametrize(
    ("name", "attribute", "detail"),
    [
        (x509.NameOID.ORGANIZATION_NAME, "organizationName", "65 > 64 characters"),
        (x509.NameOID.ORGANIZATIONAL_UNIT_NAME, "organizationalUnitName", "65 > 64 characters"),
        (x509.NameOID.SERIAL_NUMBER, "serialNumber", "65 > 64 characters"),
        (x509.NameOID.LOCALITY_NAME, "localityName", "129 > 128 characters"),
    ],
)
def test_names_longer_than_x520_allows(
    refused: Refused, name: x509.ObjectIdentifier, attribute: str, detail: str
) -> None:
    parts = [
        x509.NameAttribute(x509.NameOID.COMMON_NAME, "a"),
        x509.NameAttribute(name, "a" * int(detail.partition(" ")[0])),
    ]
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(parts))
    key = ec.generate_private_key(ec.SECP256R1())
    assert refused(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)) == (
        "SUBJECT_NAME_REFUSED", detail
    )  # fmt: skip


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("a." * 127 + "jp", "SUBJECT_NAME_REFUSED"),
        ("a" * 64 + ".jp", "SUBJECT_NAME_REFUSED"),
        ("xn--pple-43d.com", "SUBJECT_NAME_CONFUSABLE"),
        ("xn--a-.com", "SUBJECT_NAME_REFUSED"),
        ("localhost", "SUBJECT_NAME_REFUSED"),
        ("10.0.0.1", "SUBJECT_NAME_REFUSED"),
        ("a..jp", "SUBJECT_NAME_REFUSED"),
    ],
)
def test_hosts(refused: Refused, host: str, code: str) -> None:
    assert refused(request([host], common="a"), "tls-server")[0] == code
