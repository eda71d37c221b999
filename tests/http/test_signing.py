"""Signing over HTTP in every form: several documents, digests alone, seals on behalf of users, keys that lie elsewhere."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shirushi.codecs.asn1.pem import to_pem
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from tests.http.conftest import ALICE, COMPANY

AS_ALICE = {"credential": ALICE, "pin": "2468"}


def judged(caller, token, document, name="a", content=None):
    files = {"document": (name, document)} | ({"content": content} if content else {})
    return caller.post("/api/v1/validations", token=token, files=files).json()


def test_every_form_may_be_chosen_by_name(caller, alice):
    forms = caller.get("/api/v1/forms", token=alice).json()["forms"]
    assert [form["name"] for form in forms if form["many"]] == ["asic-e", "asic-e-xades"]
    text = ("議事録.txt", "議事録".encode(), "text/plain")
    for form in forms:
        if form["name"] == "pades":
            continue
        for packaging in {"detached"} & set(form["packagings"]) or {None}:
            data = AS_ALICE | {"form": form["name"]} | ({"packaging": packaging} if packaging else {})
            made = caller.post("/api/v1/signatures", token=alice, files={"document": text}, data=data)
            assert made.status_code == 200, made.text
            found = judged(caller, alice, made.content, content=text)
            assert found["indication"] == "TOTAL_PASSED", (form["name"], found)
    data = AS_ALICE | {"form": "pgp"}
    refused = caller.post("/api/v1/signatures", token=alice, files={"document": text}, data=data)
    assert (refused.status_code, refused.json()["code"]) == (400, "SIGNATURE_FORM_UNKNOWN")


def test_several_documents_come_back_as_one_container(caller, alice, pdf):
    files = [("document", ("a.pdf", pdf)), ("document", ("b.txt", b"b"))]
    made = caller.post("/api/v1/signatures", token=alice, files=files, data=AS_ALICE)
    assert made.headers["content-type"] == "application/vnd.etsi.asic-e+zip"
    assert judged(caller, alice, made.content)["indication"] == "TOTAL_PASSED"


def test_a_digest_is_signed_without_its_document(caller, alice, pdf):
    body = AS_ALICE | {"digest": hashlib.sha256(pdf).hexdigest(), "name": "a.pdf"}
    made = caller.post("/api/v1/digest-signatures", token=alice, json=body)
    assert made.status_code == 200, made.text
    found = judged(caller, alice, made.content, "a.p7s", ("a.pdf", pdf))
    assert found["indication"] == "TOTAL_PASSED"
    short = caller.post("/api/v1/digest-signatures", token=alice, json=body | {"digest_algorithm": "SHA-512"})
    assert (short.status_code, short.json()["code"]) == (400, "REQUEST_MALFORMED")


@pytest.mark.parametrize("form", [None, "cades", "asic-e"])
def test_a_seal_on_behalf_of_a_user_is_told_apart(caller, operator, pdf, form):
    data = {"sealer": COMPANY, "on_behalf_of": ALICE} | ({"form": form} if form else {})
    sealed = caller.post("/api/v1/seals", token=operator, files={"document": ("a.pdf", pdf)}, data=data)
    found = judged(caller, operator, sealed.content, content=("a.pdf", pdf))["signatures"][0]
    assert (found["representation"], found["on_behalf_of"]) == ("on-behalf", ALICE)
    data |= {"sealer": ALICE}
    refused = caller.post("/api/v1/seals", token=operator, files={"document": ("a.pdf", pdf)}, data=data)
    assert (refused.status_code, refused.json()["code"]) == (409, "SEAL_NEEDED")


@pytest.mark.parametrize("form", ["pades", "xades", "asic-s"])
def test_a_key_that_the_platform_never_holds_signs_in_three_steps(caller, alice, pdf, form):
    key = ec.generate_private_key(ec.SECP256R1())
    encoding, kind = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    name = DistinguishedName.of(
        countryName="JP",
        organizationName="遠隔",
        organizationIdentifier="NTRJP-7000012050002",
        commonName="遠隔",
    )
    ca, actor = caller.domain.services.ca, caller.domain.actor
    spki = key.public_key().public_bytes(encoding, kind)
    asked = CertificateRequest(authority="issuing", profile="e-seal", subject=name, public_key=spki)
    chain = "".join(map(to_pem, ca.chain(actor, ca.issue(actor, asked))))
    files = {"document": ("契約書.pdf", pdf)}

    prepared = caller.post("/api/v1/deferrals", token=alice, files=files, data={"form": form})
    assert prepared.status_code == 200, prepared.text
    body = {"deferral": prepared.json()["deferral"], "chain": chain}
    bound = caller.post("/api/v1/bindings", token=alice, json=body).json()
    value = key.sign(b64decode(bound["to_be_signed"]), ec.ECDSA(hashes.SHA256()))
    data = {"deferral": bound["deferral"], "value": b64encode(value).decode()}
    done = caller.post("/api/v1/completions", token=alice, files=files, data=data)
    assert done.status_code == 200, done.text
    assert judged(caller, alice, done.content, content=files["document"])["indication"] == "TOTAL_PASSED"

    wrong = data | {"value": b64encode(key.sign(b"other", ec.ECDSA(hashes.SHA256()))).decode()}
    refused = caller.post("/api/v1/completions", token=alice, files=files, data=wrong)
    assert refused.json()["code"] == "SIGNATURE_VALUE_FOREIGN"
    other = {"document": ("契約書.pdf", pdf + b"\n")}
    refused = caller.post("/api/v1/completions", token=alice, files=other, data=data)
    assert refused.json()["code"] == "STORED_STEP_MALFORMED"


def test_what_was_archived_is_listed_before_it_falls_due(caller, operator, alice, pdf):
    data = {"sealer": COMPANY, "level": "B-LTA"}
    made = caller.post("/api/v1/seals", token=operator, files={"document": ("a.pdf", pdf)}, data=data).content
    assert caller.get("/api/v1/renewals", token=operator).json() == {"renewals": []}
    (found,) = caller.get("/api/v1/renewals?days=9000", token=operator).json()["renewals"]
    assert (found["digest"], found["name"], found["level"]) == (
        hashlib.sha256(made).hexdigest(),
        "a.pdf",
        "B-LTA",
    )
    assert caller.get("/api/v1/renewals", token=alice).status_code == 403
