"""EST over HTTP: codes, renewals, and what is refused."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from shirushi.adapters.configuration import EstSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.codecs.asn1.pem import to_pem
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.evidence import RevocationReason
from shirushi.domain import open_domain
from shirushi.faces.http.credentials import CERTIFICATE, PEER
from shirushi.web import application
from tests.acme import request
from tests.http.conftest import Caller

EST = "/.well-known/est"
PKCS10 = "application/pkcs10"


@pytest.fixture
def served(data):
    path = data / "shirushi.toml"
    found = read_configuration(path)
    sections = (EstSection(authority="issuing"), EstSection(label="factory", authority="issuing"))
    serve = found.serve.model_copy(
        update={"proxies": ("10.0.0.1",), "client_certificate_header": "X-Client-Cert"}
    )
    write_configuration(path, found.model_copy(update={"est": sections, "serve": serve}))
    with open_domain(data) as domain:
        yield Caller(Connected(application(domain)), domain)


class Connected:
    """The application behind TLS that a test speaks of: who is connected, and the certificate that was shown."""

    def __init__(self, app):
        self.app, self.certificate, self.peer = app, None, "192.0.2.1"

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            scope = scope | {PEER: self.peer, CERTIFICATE: self.certificate}
        await self.app(scope, receive, send)


def code_of(served, label="", subject=None):
    code, password = served.domain.services.enrolment.est.new_code(served.domain.actor, label, subject)
    return basic(code.id, password)


def basic(name, password):
    return {"Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


def post(served, path, csr, headers=None, kind=PKCS10):
    return served.post(
        f"{EST}/{path}", content=b64encode(csr), headers={"Content-Type": kind} | (headers or {})
    )


def certificate_in(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pkcs7-mime; smime-type=certs-only"
    assert answer.headers["content-transfer-encoding"] == "base64"
    (found,) = pkcs7.load_der_pkcs7_certificates(b64decode(answer.content))
    return found


def der_of(certificate):
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def causes(served):
    """Why enrolments were refused, in their order: on record, and never told."""
    records = served.domain.audit.search(action="est.enrol").records
    return [each.detail["cause"] for each in reversed(records)]


def enrolled(served, common="sensor-1"):
    return der_of(certificate_in(post(served, "simpleenroll", request(common=common), code_of(served))))


def test_the_authorities_certificates_and_attributes(served):
    answer = served.get(f"{EST}/cacerts")
    assert answer.headers["content-type"] == "application/pkcs7-mime"
    found = pkcs7.load_der_pkcs7_certificates(b64decode(answer.content))
    assert any(each.subject == each.issuer for each in found)
    assert served.get(f"{EST}/factory/cacerts").content == answer.content
    assert b64decode(served.get(f"{EST}/csrattrs").content)[:1] == b"\x30"
    assert served.get(f"{EST}/other/cacerts").status_code == 404


def test_a_device_enrols_with_a_code_which_is_used_once(served):
    code, csr = code_of(served), request(common="sensor-1")
    first = parse_certificate(der_of(certificate_in(post(served, "simpleenroll", csr, code))))
    assert first.subject.text == "CN=sensor-1"
    again = post(served, "simpleenroll", request(common="sensor-1"), code)
    assert (again.status_code, again.json()["code"]) == (401, "EST_CREDENTIALS_REFUSED")
    assert again.headers["www-authenticate"].startswith('Basic realm="est"')
    lost = parse_certificate(der_of(certificate_in(post(served, "simpleenroll", csr, code))))
    assert lost == first  # a device whose answer was lost asks again with its key
    listed = served.domain.services.enrolment.est.codes(served.domain.actor)
    assert [each.serial_number for each in listed] == [first.serial_number]
    served.domain.ca.revoke(first.serial_number, RevocationReason.SUPERSEDED)
    assert post(served, "simpleenroll", csr, code).status_code == 401
    assert causes(served) == ["code used", "code used"]


@pytest.mark.parametrize(
    "headers", [{}, basic("none", "x"), {"Authorization": "Basic ?"}, {"Authorization": "Basic " + "/w=="}]
)
def test_without_a_code_nothing_is_issued(served, headers):
    assert post(served, "simpleenroll", request(common="a"), headers).status_code == 401
    assert post(served, "simplereenroll", request(common="a"), headers).status_code == 401


def test_codes_are_for_their_label_subject_and_time(served, monkeypatch):
    assert post(served, "simpleenroll", request(common="a"), code_of(served, "factory")).status_code == 401
    bound = code_of(served, subject="sensor-2")
    assert post(served, "simpleenroll", request(common="sensor-3"), bound).status_code == 403
    assert post(served, "simpleenroll", request(common="sensor-2"), bound).status_code == 200
    late, clock = code_of(served), served.domain.ports.clock
    now = clock.now
    monkeypatch.setattr(type(clock), "now", lambda _: now() + timedelta(days=8))
    assert post(served, "simpleenroll", request(common="a"), late).status_code == 401
    assert causes(served) == ["code of another label", "subject", "code expired"]


def test_a_device_renews_with_its_certificate(served):
    old = enrolled(served)
    served.app.certificate = old
    new = certificate_in(post(served, "simplereenroll", request(common="sensor-1")))
    assert new.serial_number != parse_certificate(old).serial_number
    other = post(served, "simplereenroll", request(common="sensor-2"))
    assert (other.status_code, other.json()["code"]) == (403, "EST_REENROL_REFUSED")
    named = post(served, "simplereenroll", request(["www.example.jp"], common="sensor-1"))
    assert named.status_code == 403
    served.domain.ca.revoke(parse_certificate(old).serial_number, RevocationReason.SUPERSEDED)
    assert post(served, "simplereenroll", request(common="sensor-1")).status_code == 401
    served.app.certificate = served.domain.ca.authority("issuing").certificate.der
    assert post(served, "simplereenroll", request(common="sensor-1")).status_code == 401


def test_the_header_of_a_proxy_is_believed_from_that_proxy_alone(served):
    old = enrolled(served)
    forms = (quote(to_pem(parse_certificate(old))), f":{b64encode(old).decode()}:")
    for value in forms:
        headers = {"X-Client-Cert": value}
        served.app.peer = "192.0.2.1"
        assert post(served, "simplereenroll", request(common="sensor-1"), headers).status_code == 401
        served.app.peer = "10.0.0.1"
        assert post(served, "simplereenroll", request(common="sensor-1"), headers).status_code == 200
    assert (
        post(served, "simplereenroll", request(common="sensor-1"), {"X-Client-Cert": "junk"}).status_code
        == 401
    )


def test_bodies_that_are_refused(served):
    code = code_of(served)
    assert post(served, "simpleenroll", b"junk", code).json()["code"] == "CSR_MALFORMED"
    assert post(served, "simpleenroll", request(common="a"), code, "text/plain").status_code == 415
    assert post(served, "simpleenroll", bytes(80_000), code).status_code == 413
    answer = post(served, "serverkeygen", request(common="a"), code)
    assert (answer.status_code, answer.json()["code"]) == (501, "EST_KEYS_NOT_MADE")
    answer = post(served, "fullcmc", b"\x30\x00", kind="application/pkcs7-mime")
    assert (answer.status_code, answer.json()["code"]) == (501, "EST_CMC_REFUSED")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate_in(post(served, "simpleenroll", request(common="a", key=key), code))
    reused = post(served, "simpleenroll", request(common="b", key=key), code_of(served))
    assert reused.json()["code"] == "SUBJECT_KEY_REUSED"
