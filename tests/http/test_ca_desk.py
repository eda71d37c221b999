"""What a registration officer, an operator and a subscriber do with certificates over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.pem import certificates_in, to_pem
from shirushi.core.actor import Role
from shirushi.core.algorithms import KeyType
from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import rfc3339
from shirushi.services.ca.model import AuthorityDefinition, DistinguishedName
from tests.http.conftest import COMPANY

NUMBER = "7000012050002"
"""The corporate number of the demo's company."""
PLACE = "/api/v1/certificate-requests"


def csr(key=None, **names):
    """A PKCS#10 request in PEM."""
    kinds = {
        "CN": x509.NameOID.COMMON_NAME,
        "O": x509.NameOID.ORGANIZATION_NAME,
        "C": x509.NameOID.COUNTRY_NAME,
    }
    kinds["OI"] = x509.NameOID.ORGANIZATION_IDENTIFIER
    subject = x509.Name([x509.NameAttribute(kinds[kind], value) for kind, value in names.items()])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject)
    made = made.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return made.public_bytes(Encoding.PEM).decode()


@pytest.fixture
def client(caller):
    return caller.token("client@example.jp", Role.CLIENT)


@pytest.fixture
def ask(caller, client):
    """Send a request in; what is answered."""

    def send(text, profile="device", token=client, **named):
        order = {"authority": "issuing", "profile": profile, "csr": text}
        answer = caller.post(PLACE, token=token, json=order, **named)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return send


@pytest.fixture
def approve(caller, operator):
    """Approve a request and issue from it; the certificate's serial number."""

    def decided(made):
        place = f"{PLACE}/{made['id']}"
        assert caller.post(f"{place}/decision", token=operator, json={"approve": True}).status_code == 200
        issued = caller.post(f"{place}/certificate", token=operator)
        assert issued.status_code == 200, issued.text
        return issued.json()["serial_number"]

    return decided


def lights(review):
    return {each["question"]: each["light"] for each in review["answers"]}


def codes(review):
    return {
        each["code"]
        for answer in review["answers"]
        for each in answer["reasons"]
        if each["code"] != "REQUEST_LINT_WAIVED"
    }


def test_a_request_is_reviewed_issued_fetched_and_revoked_by_its_subscriber(
    caller, client, ask, approve, alice
):
    operator = caller.token("ops", Role.OPERATOR)
    made = ask(csr(CN="sensor-1"))
    place = f"{PLACE}/{made['id']}"
    review = caller.get(f"{place}/review", token=operator).json()
    assert lights(review) == {"proof": "good", "key": "good", "name": "good", "certificate": "good"}
    assert review["not_before"] < review["not_after"]
    assert caller.get(f"{place}/certificate", token=client).json()["code"] == "CSR_UNKNOWN"
    serial = approve(made)
    for token in (client, operator):
        got = caller.get(f"{place}/certificate", token=token).json()
        assert certificates_in(got["pem"].encode())[0].serial_number == int(serial, 16)
        assert (got["state"], got["decided_by"], got["submitted_by"]) == (
            "issued",
            "ops",
            "client@example.jp",
        )
    assert caller.get(f"{place}/review", token=operator).json()["answers"] == []
    mine = caller.get(f"{PLACE}?mine=true", token=client).json()["requests"]
    assert [each["id"] for each in mine] == [made["id"]]
    assert caller.get(f"{PLACE}?mine=true&state=waiting", token=client).json()["requests"] == []
    assert caller.get(PLACE, token=client).json()["code"] == "NOT_PERMITTED"
    for stranger in (alice, operator):
        refused = caller.post(f"{place}/revocation", token=stranger, json={"reason": "superseded"})
        assert refused.json()["code"] == "CSR_UNKNOWN"
    assert caller.get(f"{place}/certificate", token=alice).json()["code"] == "CSR_UNKNOWN"
    revoked = caller.post(f"{place}/revocation", token=client, json={"reason": "key-compromise"})
    assert revoked.json()["reason"] == "key-compromise"
    stands = caller.get(f"/api/v1/certificates/{serial}", token=operator).json()["revocation"]
    assert stands == revoked.json()
    again = caller.post(f"{PLACE}/{made['id']}/decision", token=operator, json={"approve": False})
    assert (again.status_code, again.json()["code"]) == (409, "CSR_DECIDED")


def test_what_is_declined_says_why(caller, operator, client, ask):
    made = ask(csr(CN="sensor-2"))
    decision = {"approve": False, "remark": "台帳にない装置です"}
    assert caller.post(f"{PLACE}/{made['id']}/decision", token=operator, json=decision).status_code == 200
    told = caller.get(f"{PLACE}/{made['id']}", token=client).json()
    assert (told["state"], told["remark"], told["decided_by"]) == ("refused", "台帳にない装置です", "ops")
    assert told["decided_at"]


def test_a_review_shows_reused_keys_held_names_and_names_that_look_alike(caller, operator, ask, approve):
    key = ec.generate_private_key(ec.SECP256R1())
    first = approve(ask(csr(key, CN="sakura-login")))
    again = caller.get(f"{PLACE}/{ask(csr(key, CN='sakura-login'))['id']}/review", token=operator).json()
    assert codes(again) == {"REQUEST_KEY_CERTIFIED", "REQUEST_NAME_CERTIFIED"}
    assert again["answers"][1]["certificates"] == [first]
    assert lights(again)["key"] == "look"
    alike = caller.get(f"{PLACE}/{ask(csr(CN='sakura-1ogin'))['id']}/review", token=operator).json()
    assert codes(alike) == {"REQUEST_NAME_RESEMBLES"}
    assert "sakura-login" in alike["answers"][2]["reasons"][0]["message"]
    shared = caller.get(
        f"{PLACE}/{ask(csr(CN='sakura-login', O='Other'))['id']}/review", token=operator
    ).json()
    assert codes(shared) == {"REQUEST_NAME_SHARED"}
    waiting = ask(csr(CN="sensor-3"))
    ca, actor = caller.domain.services.ca, caller.domain.actor
    ca.revoke(actor, ca.authority(actor, "issuing").certificate.serial_number, RevocationReason.SUPERSEDED)
    stopped = caller.get(f"{PLACE}/{waiting['id']}/review", token=operator).json()
    assert lights(stopped)["certificate"] == "stop"
    assert codes(stopped) == {"CA_REVOKED"}


def test_who_asked_does_not_approve_where_two_must_agree(caller, operator, ask):
    seal = csr(C="JP", O=COMPANY, OI=f"NTRJP-{NUMBER}", CN=COMPANY)
    made = ask(seal, profile="e-seal-qscd", token=operator)
    place = f"{PLACE}/{made['id']}"
    review = caller.get(f"{place}/review", token=operator).json()
    assert review["own"]
    own = caller.post(f"{place}/decision", token=operator, json={"approve": True})
    assert (own.status_code, own.json()["code"]) == (409, "CSR_OWN")
    other = caller.token("second", Role.OPERATOR)
    assert not caller.get(f"{place}/review", token=other).json()["own"]
    assert caller.post(f"{place}/decision", token=other, json={"approve": True}).json()["state"] == "approved"


def test_certificates_are_renewed_and_rekeyed_once(caller, operator, ask, approve, client):
    key = ec.generate_private_key(ec.SECP256R1())
    serial = approve(ask(csr(key, CN="sensor-4")))
    place = f"/api/v1/certificates/{serial}/renewal"
    named = {"token": operator, "headers": {"Idempotency-Key": "renew-1"}, "json": {}}
    renewed = caller.post(place, **named)
    assert renewed.status_code == 201, renewed.text
    again = caller.post(place, **named)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (renewed.json(), "true")
    old, new = (
        certificates_in(caller.get(f"/api/v1/certificates/{n}", token=operator).json()["pem"].encode())[0]
        for n in (serial, renewed.json()["serial_number"])
    )
    assert (old.subject, old.public_key) == (new.subject, new.public_key)
    fresh = ec.generate_private_key(ec.SECP256R1())
    rekeyed = caller.post(place, token=operator, json={"csr": csr(fresh, CN="sensor-4")})
    assert certificates_in(rekeyed.json()["pem"].encode())[0].public_key != old.public_key
    stranger = caller.post(place, token=operator, json={"csr": csr(CN="sensor-5")})
    assert (stranger.status_code, stranger.json()["code"]) == (409, "CSR_RENEWAL_REFUSED")
    assert caller.post(place, token=client, json={}).json()["code"] == "NOT_PERMITTED"
    caller.post(f"/api/v1/certificates/{serial}/revocation", token=operator, json={"reason": "superseded"})
    assert caller.post(place, token=operator, json={}).json()["code"] == "CSR_RENEWAL_REFUSED"


def test_a_seal_of_four_eyes_is_renewed_by_request(caller, operator, client):
    """Nobody issues another of it alone; the subscriber asks, one operator cannot be both who asks and who approves."""
    second = caller.token("second", Role.OPERATOR)
    named = {"C": "JP", "O": COMPANY, "OI": f"NTRJP-{NUMBER}", "CN": COMPANY}
    key = ec.generate_private_key(ec.SECP256R1())
    order = {"authority": "issuing", "profile": "e-seal-qscd", "csr": csr(key, **named)}
    first = caller.post(PLACE, token=client, json=order).json()["id"]

    def issued(request):
        caller.post(f"{PLACE}/{request}/decision", token=second, json={"approve": True})
        return caller.post(f"{PLACE}/{request}/certificate", token=operator).json()

    old = issued(first)
    place = f"/api/v1/certificates/{old['serial_number']}"
    assert caller.post(f"{place}/renewal", token=operator, json={}).json()["code"] == (
        "CERTIFICATE_APPROVAL_NEEDED"
    )
    asked = caller.post(f"{place}/renewal-requests", token=operator, json={"csr": csr(key)})
    assert (asked.status_code, asked.json()["renews"]) == (201, old["serial_number"])
    assert asked.headers["Location"] == f"{PLACE}/{asked.json()['id']}"
    own = caller.post(f"{asked.headers['Location']}/decision", token=operator, json={"approve": True})
    assert own.json()["code"] == "CSR_OWN"
    assert caller.get(f"{asked.headers['Location']}/review", token=second).json()["answers"]
    new = issued(asked.json()["id"])
    before, after = (certificates_in(each["pem"].encode())[0] for each in (old, new))
    assert (before.subject, before.public_key) == (after.subject, after.public_key)
    assert before.serial_number != after.serial_number
    stranger = caller.post(f"{place}/renewal-requests", token=client, json={"csr": csr(CN="x")})
    assert stranger.json()["code"] == "CSR_RENEWAL_REFUSED"


def test_certificates_are_found_by_name_number_and_standing(caller, operator):
    def found(**query):
        answer = caller.get("/api/v1/certificates", token=operator, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["certificates"]

    (alice,) = [each for each in found(text="有栖　花子") if each["profile"] == "person-signature"][:1]
    assert {each["subject"] for each in found(text="有栖花子")} == {alice["subject"]}
    assert [each["serial_number"] for each in found(text=alice["serial_number"])] == [alice["serial_number"]]
    pem = caller.get(f"/api/v1/certificates/{alice['serial_number']}", token=operator).json()["pem"]
    fingerprint = certificates_in(pem.encode())[0].id
    spaced = ":".join(fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()
    assert [each["serial_number"] for each in found(text=spaced)] == [alice["serial_number"]]
    (seal,) = found(profile="e-seal", text=NUMBER)
    assert seal in found(text=COMPANY)
    assert found(text="100%_\\") == []
    everything = {each["serial_number"]: each for each in found(limit=1000)}
    stood = [found(standing=s, limit=1000) for s in ("valid", "on-hold", "revoked", "expired", "future")]
    assert sum(map(len, stood)) == len(everything)
    assert all(each["revocation"] for each in stood[2])
    end = max(each["not_after"] for each in stood[0])
    ending = found(ends_before=end, limit=1000)
    assert [each["not_after"] for each in ending] == sorted(each["not_after"] for each in stood[0])
    caller.post(f"/api/v1/certificates/{alice['serial_number']}/hold", token=operator)
    assert [each["serial_number"] for each in found(standing="on-hold")] == [alice["serial_number"]]


def test_pages_of_what_ends_soonest_hold_everything_once(caller, operator):
    now = caller.domain.ports.clock.now()
    query = {"ends_before": rfc3339(now + timedelta(days=36500)), "limit": 3}
    seen, cursor = [], None
    while True:
        asked = query | ({"cursor": cursor} if cursor else {})
        page = caller.get("/api/v1/certificates", token=operator, params=asked).json()
        seen += [each["serial_number"] for each in page["certificates"]]
        cursor = page["next"]
        if cursor is None:
            break
    whole = caller.get("/api/v1/certificates", token=operator, params=query | {"limit": 1000}).json()
    assert seen == [each["serial_number"] for each in whole["certificates"]]
    assert len(set(seen)) == len(seen) > 3


def test_a_change_in_a_register_is_foreseen_before_it_is_followed(caller, operator):
    query = {"profile": "e-seal", "text": NUMBER}
    (seal,) = caller.get("/api/v1/certificates", token=operator, params=query).json()["certificates"]
    key = f"NTRJP-{NUMBER}"
    asked = {"subject_key": key, "change": "ended"}
    foreseen = caller.get("/api/v1/register-changes", token=operator, params=asked).json()
    assert seal["serial_number"] in foreseen["revoked"]
    place = f"/api/v1/certificates/{seal['serial_number']}"
    assert caller.get(place, token=operator).json()["revocation"] is None
    left = {"subject_key": key, "change": "representative"}
    flagged = caller.post("/api/v1/register-changes", token=operator, json=left).json()
    assert flagged == caller.get("/api/v1/register-changes", token=operator, params=left).json()
    assert seal["serial_number"] in flagged["flagged"]
    assert caller.post("/api/v1/register-changes", token=operator, json=asked).json() == foreseen
    assert caller.get(place, token=operator).json()["revocation"]["reason"] == "cessation-of-operation"


def test_lists_are_published_and_told_with_their_age(caller, operator, client):
    def issuing(answer):
        return next(p for p in answer.json()["publications"] if p["authority"] == "issuing")["lists"][0]

    before = issuing(caller.get("/api/v1/publications", token=operator))
    made = caller.post("/api/v1/authorities/issuing/crl", token=operator, json={}).json()
    assert made["lists"][0]["number"] > (before["number"] or 0)
    assert made["lists"][0]["lacking"] == 0
    assert made["lists"][0]["this_update"] < made["lists"][0]["next_update"]
    assert issuing(caller.get("/api/v1/publications", token=operator)) == made["lists"][0]
    wrong = caller.post("/api/v1/authorities/issuing/crl", token=operator, json={"partition": 9})
    assert (wrong.status_code, wrong.json()["code"]) == (404, "CRL_UNKNOWN")
    assert caller.get("/api/v1/publications", token=client).json()["code"] == "NOT_PERMITTED"


def test_profiles_are_told_to_whoever_may_ask(caller, client):
    found = {each["name"]: each for each in caller.get("/api/v1/profiles", token=client).json()["profiles"]}
    assert len(found) >= 18
    assert found["e-seal-qscd"]["four_eyes"]
    assert ["organizationIdentifier"] in found["e-seal"]["required"]


def test_another_domain_is_cross_certified(caller, operator, client):
    domain = caller.domain
    name = DistinguishedName.of(countryName="DE", organizationName="Other", commonName="Other Root")
    other = domain.services.ca.establish_root(
        domain.actor, AuthorityDefinition("elsewhere", name, KeyType.P_256)
    ).certificate
    order = {
        "certificate": to_pem(other),
        "policy_mappings": [{"ours": "0.4.0.2042.1.2", "theirs": "1.2.3.4"}],
        "permitted": ["dns:example.de", "ip:192.0.2.0/24"],
        "path_length": 0,
    }
    place = "/api/v1/authorities/root/cross-certificates"
    named = {"token": operator, "headers": {"Idempotency-Key": "cross-1"}, "json": order}
    made = caller.post(place, **named)
    assert made.status_code == 201, made.text
    assert caller.post(place, **named).json() == made.json()
    (cross,) = certificates_in(made.json()["pem"].encode())
    assert cross.subject == other.subject
    assert cross.extensions.policy_mappings == (("0.4.0.2042.1.2", "1.2.3.4"),)
    assert cross.extensions.name_constraints
    root = domain.services.ca.authority(domain.actor, "root").certificate
    assert (cross.id, root.id) in build_material([cross, root]).verified
    wrong = caller.post(place, token=operator, json=order | {"permitted": ["ip:192.0.2.1/24"]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "REQUEST_MALFORMED")
    leaf = caller.get("/api/v1/certificates?profile=e-seal", token=operator).json()["certificates"][0]
    pem = caller.get(f"/api/v1/certificates/{leaf['serial_number']}", token=operator).json()["pem"]
    refused = caller.post(place, token=operator, json={"certificate": pem})
    assert (refused.status_code, refused.json()["code"]) == (400, "SUBJECT_KEY_REFUSED")
    assert caller.post(place, token=client, json=order).json()["code"] == "NOT_PERMITTED"


def test_a_roots_keys_are_linked(caller, operator):
    ca, actor = caller.domain.services.ca, caller.domain.actor
    root = ca.authority(actor, "root")
    none = caller.post("/api/v1/authorities/root/key-links", token=operator)
    assert (none.status_code, none.json()["code"]) == (409, "CA_SUCCESSION_REFUSED")
    new = ca.establish_root(
        actor,
        AuthorityDefinition("root-2", root.definition.subject, root.definition.key_type, succeeds="root"),
    ).certificate
    made = caller.post("/api/v1/authorities/root-2/key-links", token=operator)
    assert made.status_code == 201, made.text
    new_with_old, old_with_new = (
        certificates_in(made.json()[name].encode())[0] for name in ("new_with_old", "old_with_new")
    )
    verified = build_material([root.certificate, new, new_with_old, old_with_new]).verified
    assert {(new_with_old.id, root.certificate.id), (old_with_new.id, new.id)} <= verified
