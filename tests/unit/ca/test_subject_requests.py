"""Certification requests: what each refusal is for, and how an approved one becomes a certificate once."""

from __future__ import annotations

import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shirushi.codecs.asn1.errors import MalformedAsn1
from shirushi.codecs.asn1.pkcs10 import parse_request, request_in
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import RevocationReason
from shirushi.services.ca.model import profile
from shirushi.services.ca.model.compromised import CompromisedKeys, has_close_factors, is_roca
from shirushi.services.ca.model.homographs import check_host, check_text
from shirushi.services.ca.model.subject_request import RequestState, prove
from shirushi.services.ca.service.enrolment import Enrolment
from tests.acme import SetControl, request
from tests.unit.ca.world import CLIENT, OPERATOR

HOST = "www.example.jp"
NOTHING = CompromisedKeys()


def refused(csr, keys=NOTHING, kind="tls-server"):
    with pytest.raises(ShirushiError) as caught:
        prove(csr, profile(kind), keys)
    return caught.value.code


def spki(key):
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def test_a_good_request_is_proven():
    found = prove(request([HOST], common=HOST), profile("tls-server"), NOTHING)
    assert found.hosts == {HOST}


@pytest.mark.parametrize("flip", [30, 90, -1])
def test_an_altered_request_is_refused(flip):
    csr = bytearray(request([HOST], common=HOST))
    csr[flip] ^= 1
    assert refused(bytes(csr)) in {
        "CSR_SIGNATURE_WRONG", "CSR_MALFORMED", "SUBJECT_KEY_REFUSED", "SUBJECT_NAME_REFUSED"
    }  # fmt: skip


def test_what_is_no_request():
    whole = request([HOST])
    for data in (b"", b"\x30", whole + b"\0", whole[:-1], b"-----BEGIN CERTIFICATE REQUEST-----\n"):
        assert refused(data) == "CSR_MALFORMED"
    long = b"\x30\x83\x00" + whole[2:4] + whole[4:]  # a length that is not minimal
    with pytest.raises(MalformedAsn1):
        parse_request(long)
    pem = x509.load_der_x509_csr(whole).public_bytes(Encoding.PEM)
    assert request_in(pem) == whole


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: rsa.generate_private_key(65537, 1024), "SUBJECT_KEY_WEAK"),
        (lambda: rsa.generate_private_key(3, 2048), "SUBJECT_KEY_WEAK"),
        (lambda: ec.generate_private_key(ec.SECP256K1()), "SUBJECT_KEY_REFUSED"),
        (lambda: ec.generate_private_key(ec.SECP192R1()), "SUBJECT_KEY_REFUSED"),
    ],
)
def test_weak_keys(make, code):
    assert refused(request([HOST], key=make())) == code


def test_attributes_and_extensions_that_nobody_expects():
    password = [(x509.oid.AttributeOID.CHALLENGE_PASSWORD, b"secret")]
    assert refused(request([HOST], attributes=password)) == "CSR_ATTRIBUTE_REFUSED"
    for extension in (
        x509.TLSFeature([x509.TLSFeatureType.status_request]),
        x509.BasicConstraints(ca=True, path_length=None),
        x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.CODE_SIGNING]),
        x509.KeyUsage(*[i == 5 for i in range(9)]),
    ):
        assert refused(request([HOST], extensions=[(extension, False)])) == "CSR_EXTENSION_REFUSED"
    fine = [(x509.BasicConstraints(ca=False, path_length=None), True)]
    assert prove(request([HOST], extensions=fine), profile("tls-server"), NOTHING).hosts == {HOST}


@pytest.mark.parametrize("name", ["Аpple Inc", "Раура", "Ｇооgle", "Ωmega"])
def test_homographs(name):
    assert refused(request(common=name)) == "SUBJECT_NAME_CONFUSABLE"


@pytest.mark.parametrize(
    "name", ["さくら商事株式会社", "東京 Tokyo", "カタカナＡ", "Müller GmbH", "한국 KR", "Россия", "Δοκιμή"]
)
def test_names_that_people_have(name):
    check_text("commonName", name)
    assert prove(request(common=name), profile("device"), NOTHING).subject.attributes == (
        ("commonName", name),
    )


def test_over_long_names():
    assert refused(request([f"{'a' * 64}.jp"])) == "SUBJECT_NAME_REFUSED"
    assert refused(request([f"n{i}.example.jp" for i in range(101)])) == "SUBJECT_NAME_REFUSED"


def test_hosts_in_other_scripts():
    assert check_host("xn--wgv71a119e.jp") == "xn--wgv71a119e.jp"
    with pytest.raises(ShirushiError) as caught:
        check_host("xn--pple-43d.com")
    assert caught.value.code == "SUBJECT_NAME_CONFUSABLE"


def test_other_keys_are_not_taken_for_those_of_rsalib(rng):
    assert not any(is_roca(rng.getrandbits(2048) | 1) for _ in range(2000))


def test_other_primes_are_not_taken_for_close_ones():
    assert not has_close_factors(rsa.generate_private_key(65537, 2048).public_key().public_numbers().n)


def test_keys_that_a_list_names():
    key = rsa.generate_private_key(65537, 2048)
    modulus = f"Modulus={key.public_key().public_numbers().n:X}\n".encode()
    debian = CompromisedKeys.read("# openssl-blacklist\n" + hashlib.sha1(modulus).hexdigest()[20:] + "\n")
    assert refused(request([HOST], key=key), debian) == "SUBJECT_KEY_COMPROMISED"
    own = CompromisedKeys.read(hashlib.sha256(spki(key)).hexdigest())
    assert refused(request([HOST], key=key), NOTHING.joined(own)) == "SUBJECT_KEY_COMPROMISED"
    with pytest.raises(ValueError, match="line 2"):
        CompromisedKeys.read("\nxyz")


@pytest.fixture
def requests(world):
    return Enrolment(ca=world.ca, control=SetControl()).requests


def test_an_approved_request_becomes_one_certificate(world, requests):
    made = requests.submit(CLIENT, "issuing", "device", request(common="sensor-1"))
    assert (made.state, made.subject) == (RequestState.WAITING, "commonName=sensor-1")
    for early in (
        lambda: requests.issue(OPERATOR, made.id),
        lambda: requests.decide(CLIENT, made.id, approve=True),
    ):
        with pytest.raises(ShirushiError) as caught:
            early()
        assert caught.value.code in {"CSR_DECIDED", "NOT_PERMITTED"}
    assert requests.decide(OPERATOR, made.id, approve=True).state is RequestState.APPROVED
    issued = requests.issue(OPERATOR, made.id)
    assert requests.issue(OPERATOR, made.id) == issued
    assert requests.get(CLIENT, made.id).serial_number == issued.serial_number
    assert [row[1:] for row in world.audited()[-4:]].count(("ca.issue", "done")) == 1


def test_a_refused_request_stays_refused_and_a_bad_one_is_on_record(world, requests):
    made = requests.submit(CLIENT, "issuing", "device", request(common="sensor-1"))
    requests.decide(OPERATOR, made.id, approve=False)
    with pytest.raises(ShirushiError) as caught:
        requests.decide(OPERATOR, made.id, approve=True)
    assert caught.value.code == "CSR_DECIDED"
    with pytest.raises(ShirushiError):
        requests.submit(CLIENT, "issuing", "device", b"junk")
    assert world.audited()[-1] == ("client", "ca.request", "refused")


def test_reused_and_revoked_keys(world, requests):
    key = ec.generate_private_key(ec.SECP256R1())
    made = requests.submit(CLIENT, "issuing", "device", request(common="a", key=key))
    requests.decide(OPERATOR, made.id, approve=True)
    issued = requests.issue(OPERATOR, made.id)
    with pytest.raises(ShirushiError) as caught:
        requests.submit(CLIENT, "issuing", "device", request(common="b", key=key))
    assert caught.value.code == "SUBJECT_KEY_REUSED"
    world.ca.revoke(OPERATOR, issued.serial_number, RevocationReason.KEY_COMPROMISE)
    with pytest.raises(ShirushiError) as caught:
        requests.submit(CLIENT, "issuing", "device", request(common="a", key=key))
    assert caught.value.code == "SUBJECT_KEY_COMPROMISED"
