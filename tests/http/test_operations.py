"""Every operation, from the request to what it leaves behind."""

from __future__ import annotations

import re
from base64 import b64encode

import pytest

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.issue import certificate_id
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.codecs.asn1.tsp import (
    PkiStatus,
    TimeStampRequest,
    encode_timestamp_request,
    parse_timestamp_response,
)
from shirushi.codecs.asn1.x509 import parse_certificate
from shirushi.core.actor import Role
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import CertificateStatus
from shirushi.demo.plan import load_plan
from shirushi.services.ca.model.searching import Sought
from shirushi.services.ca.service.standing import identifier_of
from tests.http.conftest import ALICE, COMPANY

SHA256 = DigestAlgorithm.SHA256


def sign(caller, token, pdf, headers=None, **fields):
    data = {"credential": ALICE, "pin": "2468"} | fields
    files = {"document": ("契約書.pdf", pdf, "application/pdf")}
    return caller.post("/api/v1/signatures", token=token, files=files, data=data, headers=headers)


def judge(caller, token, document, **named):
    files = {"document": ("a.pdf", document, "application/pdf")}
    return caller.post("/api/v1/validations", token=token, files=files, **named)


def ocsp_request(caller, name="issuing"):
    ca = caller.domain.services.ca
    issued = ca.certificates(caller.domain.actor, sought=Sought(authority=name), limit=1).certificates[0]
    identifier = identifier_of(
        ca.authority(caller.domain.actor, name), DigestAlgorithm.SHA1, issued.serial_number
    )
    body = certificate_id(identifier)
    for _ in range(4):  # Request, requestList, TBSRequest, OCSPRequest (RFC 6960 §4.1.1)
        body = b"\x30\x82" + len(body).to_bytes(2) + body
    return body, issued


@pytest.mark.parametrize("level", ["B-B", "B-T"])
def test_a_signed_document_is_judged_as_signed(caller, alice, pdf, level):
    signed = sign(caller, alice, pdf, level=level, reason="承認", mark=["有栖 花子", "承認"], mark_page="1")
    assert (signed.status_code, signed.headers["content-type"]) == (200, "application/pdf")
    assert "filename*=UTF-8''%E5%A5%91%E7%B4%84%E6%9B%B8.signed.pdf" in signed.headers["content-disposition"]
    assert signed.content.startswith(pdf)
    verdict = judge(caller, alice, signed.content).json()
    assert (verdict["indication"], verdict["signatures"][0]["level"]) == ("TOTAL_PASSED", level)
    assert "有栖 花子" in verdict["signatures"][0]["signer"]


def test_a_company_seals_and_an_altered_copy_is_told(caller, operator, pdf):
    files = {"document": ("請求書.pdf", pdf, "application/pdf")}
    sealed = caller.post("/api/v1/seals", token=operator, files=files, data={"sealer": COMPANY})
    assert sealed.status_code == 200
    altered = sealed.content.replace(b"/Type", b"/Tipe", 1)
    verdict = judge(caller, operator, altered, headers={"Accept-Language": "ja"})
    assert (verdict.status_code, verdict.json()["indication"]) == (200, "TOTAL_FAILED")
    assert any("あ" <= c <= "ん" for c in verdict.json()["signatures"][0]["reasons"][0]["message"])
    assert verdict.headers["content-language"] == "ja"


def test_other_forms_and_higher_levels(caller, alice, operator):
    files = {"document": ("データ.csv", b"a,b", "text/csv")}
    data = {"credential": ALICE, "pin": "2468", "form": "application/vnd.etsi.asic-e+zip"}
    made = caller.post("/api/v1/signatures", token=alice, files=files, data=data)
    assert (made.status_code, made.headers["content-type"]) == (200, "application/vnd.etsi.asic-e+zip")
    container = {"document": ("a.asice", made.content)}
    extended = caller.post("/api/v1/extensions", token=operator, files=container, data={"level": "B-LTA"})
    assert extended.status_code == 200, extended.text
    found = caller.post(
        "/api/v1/validations", token=operator, files={"document": ("a.asice", extended.content)}
    )
    assert (found.json()["indication"], found.json()["signatures"][0]["level"]) == ("TOTAL_PASSED", "B-LTA")
    unsigned = caller.post("/api/v1/extensions", token=operator, files={"document": ("a.pdf", b"%PDF-1.7")})
    assert unsigned.status_code == 400


def test_a_detached_signature_is_validated_over_its_content(caller, alice, operator):
    paper = ("paper.csv", b"a,b", "text/csv")
    data = {"credential": ALICE, "pin": "2468", "form": "application/pkcs7-signature"}
    made = caller.post("/api/v1/signatures", token=alice, files={"document": paper}, data=data)
    assert made.status_code == 200, made.text
    signature = ("paper.p7s", made.content)
    files = [("document", signature), ("content", paper)]
    found = caller.post("/api/v1/validations", token=operator, files=files).json()
    assert (found["indication"], found["signatures"][0]["integrity"]) == ("TOTAL_PASSED", "intact")
    alone = caller.post("/api/v1/validations", token=operator, files={"document": signature}).json()
    assert alone["sub_indication"] == "SIGNED_DATA_NOT_FOUND"
    assert isinstance(alone["signatures"][0]["notes"], list)


def test_validation_takes_its_own_trust_and_time(caller, operator, pdf, data):
    signed = sign(caller, operator, pdf).content
    other = (data / "certificates" / "alice.pem").read_bytes()
    files = [("document", ("a.pdf", signed)), ("trust", ("a.pem", other))]
    found = caller.post("/api/v1/validations", token=operator, files=files).json()
    assert found["signatures"][0]["trust"] != "CN=Shirushi Demo Root CA,O=Shirushi Demo,C=JP"
    early = judge(caller, operator, signed, data={"at": "2001-01-01T00:00:00Z", "offline": "true"}).json()
    assert early["indication"] != "TOTAL_PASSED"
    wrong = judge(caller, operator, signed, data={"at": "yesterday"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "NOT_AN_INSTANT")


def test_stamps_over_both_ways_cover_what_was_sent(caller, alice):
    files = {"document": ("図面.dwg", b"drawing", "application/octet-stream")}
    answer = caller.post("/api/v1/stamps", token=alice, files=files)
    assert answer.headers["content-type"] == "application/timestamp-reply"
    assert parse_timestamp_response(answer.content).granted
    request = encode_timestamp_request(TimeStampRequest(Digest(SHA256, SHA256.digest(b"drawing"))))
    headers = {"Content-Type": "application/timestamp-query"}
    answer = caller.post("/tsa", content=request, headers=headers)
    assert (answer.status_code, parse_timestamp_response(answer.content).granted) == (200, True)
    refused = caller.post("/tsa", content=b"no request", headers=headers)
    assert parse_timestamp_response(refused.content).status == PkiStatus.REJECTION


def test_ocsp_answers_by_body_and_by_path_and_says_how_long(caller):
    request, issued = ocsp_request(caller)
    headers = {"Content-Type": "application/ocsp-request"}
    by_body = caller.post("/ocsp", content=request, headers=headers)
    by_path = caller.get("/ocsp/" + b64encode(request).decode().replace("+", "%2B").replace("=", "%3D"))
    for answer in (by_body, by_path):
        assert answer.headers["content-type"] == "application/ocsp-response"
        told = parse_ocsp_response(answer.content).responses[0]
        assert told.certificate.serial_number == issued.serial_number
        assert told.status in {CertificateStatus.GOOD, CertificateStatus.REVOKED}
        kept = re.match(r"public, max-age=(\d+),", answer.headers["cache-control"])
        assert kept
        assert 3500 < int(kept[1]) <= 3600
        assert answer.headers["etag"]
        assert answer.headers["expires"]
    malformed = caller.get("/ocsp/%3F%3F")
    assert malformed.content == bytes.fromhex("30030a0101")
    assert malformed.headers["cache-control"] == "no-store"


def test_lists_and_authorities_certificates_can_be_kept(caller):
    crl = caller.get("/crl/issuing.crl")
    assert parse_crl(crl.content).number
    again = caller.get("/crl/issuing.crl", headers={"If-None-Match": crl.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    certificate = caller.get("/certificates/root.cer")
    assert certificate.headers["content-type"] == "application/pkix-cert"
    assert "Root CA" in parse_certificate(certificate.content).subject.text
    assert caller.call("HEAD", "/certificates/root.cer").content == b""


def test_an_operator_issues_finds_and_revokes(caller, operator, data):
    key = (data / "certificates" / "bob.pem").read_text()
    subject = certificates_in(key.encode())[0].subject
    order = {
        "authority": "issuing",
        "profile": "person-signature",
        "subject": [
            {"type": "countryName", "value": "JP"},
            {"type": "surname", "value": "Baker"},
            {"type": "givenName", "value": "Bob"},
            {"type": "serialNumber", "value": "JP-0002"},
            {"type": "commonName", "value": "Bob Baker"},
        ],
        "public_key": key,
    }
    made = caller.post("/api/v1/certificates", token=operator, json=order)
    assert made.status_code == 201, made.text
    found = caller.get(made.headers["location"], token=operator).json()
    assert found == made.json()
    assert certificates_in(found["pem"].encode())[0].subject == subject
    place = f"{made.headers['location']}/revocation"
    revoked = caller.post(place, token=operator, json={"reason": "key-compromise"})
    assert revoked.json()["reason"] == "key-compromise"
    assert caller.post(place, token=operator, json={"reason": "key-compromise"}).json() == revoked.json()
    other = caller.post(place, token=operator, json={"reason": "superseded"})
    assert (other.status_code, other.json()["code"]) == (409, "CERTIFICATE_ALREADY_REVOKED")
    listed = caller.get("/api/v1/certificates?revoked=true&limit=1000", token=operator).json()
    assert found["serial_number"] in {c["serial_number"] for c in listed["certificates"]}
    serial = parse_crl(caller.get("/crl/issuing.crl").content)
    assert int(found["serial_number"], 16) in {e.serial_number for e in serial.entries.values()}


def pages(caller, token, path, name):
    found, cursor = [], ""
    while cursor is not None:
        page = caller.get(f"{path}limit=3" + (f"&cursor={cursor}" if cursor else ""), token=token).json()
        found += page[name]
        cursor = page["next"]
    return found


def test_pages_hold_everything_once(caller, operator):
    certificates = pages(caller, operator, "/api/v1/certificates?", "certificates")
    serials = [c["serial_number"] for c in certificates]
    plan = load_plan()
    issued = len(plan.certificates) + len(plan.crossings)
    assert len(serials) == len(set(serials)) == issued
    assert [c["not_before"] for c in certificates] == sorted(
        (c["not_before"] for c in certificates), reverse=True
    )
    credentials = pages(caller, operator, "/api/v1/credentials?", "credentials")
    assert [c["id"] for c in credentials] == sorted({c["id"] for c in credentials})
    records = pages(caller, operator, "/api/v1/audit/records?action=ca.issue&", "records")
    assert len({r["id"] for r in records}) == len(records) == issued


def test_people_see_their_own_credentials_alone(caller, alice, operator):
    assert [c["id"] for c in caller.get("/api/v1/credentials", token=alice).json()["credentials"]] == [ALICE]
    assert len(caller.get("/api/v1/credentials", token=operator).json()["credentials"]) == len(
        load_plan().credentials
    )


def test_the_audit_log_tells_who_signed_and_is_intact(caller, alice, operator, pdf):
    assert sign(caller, alice, pdf).status_code == 200
    found = caller.get(f"/api/v1/audit/records?action=signing.sign&actor={ALICE}", token=operator).json()
    assert [record["subject"] for record in found["records"]] == [ALICE]
    checked = caller.post("/api/v1/audit/verifications", token=operator).json()
    assert (checked["intact"], checked["findings"]) == (True, [])


def test_readiness_names_its_causes(caller, data):
    ready = caller.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    (data / "trust" / "root.pem").unlink()
    (data / "keys" / "audit.key").unlink()
    unready = caller.get("/readyz", headers={"Accept-Language": "ja"})
    assert unready.status_code == 503
    causes = {c["name"]: c["causes"] for c in unready.json()["conditions"] if not c["ready"]}
    assert "trust_anchors" in causes
    assert str(data) not in unready.text
    assert caller.get("/healthz").json() == {"status": "alive"}


def test_what_is_counted_is_for_operators(caller, operator, alice):
    assert caller.get("/healthz").status_code == 200
    text = caller.get("/metrics", token=operator).text
    assert 'shirushi_http_requests_total{method="GET",route="/healthz",status="200"} 1.0' in text
    assert caller.get("/metrics").status_code == 401
    assert caller.get("/metrics", token=alice).json()["code"] == "NOT_PERMITTED"
    assert caller.token("watch", Role.AUDITOR) not in text


def test_certificates_above_are_told_in_pem(caller, operator, data):
    pem = (data / "certificates" / "alice.pem").read_text()
    serial = certificates_in(pem.encode())[0].serial_number
    told = caller.get(f"/api/v1/certificates/{serial:x}", token=operator).json()["pem"]
    assert told == "".join(map(to_pem, certificates_in(pem.encode())))


def test_a_document_is_judged_by_the_policy_that_is_named_or_sent(caller, alice, pdf):
    signed = sign(caller, alice, pdf).content
    named = judge(caller, alice, signed, data={"policy": "eu"}).json()
    mine = b'name = "mine"\nbased_on = "eu"\n'
    files = {"document": ("a.pdf", signed, "application/pdf"), "policy_file": ("p.toml", mine)}
    sent = caller.post("/api/v1/validations", token=alice, files=files).json()
    assert (named["policy_name"], sent["policy_name"]) == ("eu", "mine")
    assert named["policy"] != sent["policy"]
    refused = judge(caller, alice, signed, data={"policy": "mars"})
    assert (refused.status_code, refused.json()["code"]) == (400, "VALIDATION_POLICY_UNKNOWN")
