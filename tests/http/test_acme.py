"""ACME over HTTP, as clients ask and as liars do."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwk

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.codecs.jose.text import encode_base64url
from shirushi.domain import open_domain
from shirushi.web import application
from tests.acme import request
from tests.http.acme_service import BASE, HOST, client, client_of, control, issued, kind, served, set_up
from tests.http.conftest import Caller

__all__ = ["client", "control", "served"]


def test_the_directory_and_nonces(served):
    found = served.get("/acme/directory").json()
    assert found["newOrder"] == f"{BASE}/acme/new-order"
    assert served.get("/acme/new-nonce").status_code == 204
    head = served.call("HEAD", "/acme/new-nonce")
    assert (head.status_code, head.headers["cache-control"]) == (200, "no-store")
    assert 'rel="index"' in head.headers["link"]


@pytest.mark.parametrize("challenge", ["http-01", "dns-01"])
def test_a_website_gets_its_certificate(client, control, challenge):
    order = issued(client, control, HOST, "example.jp", challenge=challenge)
    answer = client.post(order["certificate"])
    assert answer.headers["content-type"] == "application/pem-certificate-chain"
    chain = certificates_in(answer.content)
    assert {str(n.value) for n in chain[0].extensions.subject_alternative_names} == {HOST, "example.jp"}
    assert chain[0].issuer == chain[1].subject
    assert 'rel="alternate"' in answer.headers["link"]
    whole = certificates_in(client.post(order["certificate"] + "/whole").content)
    assert whole[: len(chain)] == chain
    assert whole[-1].issuer == whole[-1].subject


def test_wildcards_are_shown_in_the_dns_alone(client, control):
    order = client.order("*.example.jp").json()
    found = client.post(order["authorizations"][0]).json()
    assert (found["wildcard"], [each["type"] for each in found["challenges"]]) == (True, ["dns-01"])
    client.authorize(order, control, "dns-01")
    assert client.finalize(order, request(["*.example.jp"])).json()["status"] == "valid"


def test_a_challenge_that_fails_ends_the_order_and_too_many_are_refused(client):
    for _ in range(2):
        order = client.order(HOST)
        assert order.status_code == 201
        url = client.post(order.json()["authorizations"][0]).json()["challenges"][0]["url"]
        told = client.post(url, {}).json()
        assert told["status"] == "invalid"
        assert told["error"]["type"].endswith(":connection")
        assert client.post(order.headers["location"]).json()["status"] == "invalid"
        assert kind(client.finalize(order.json(), request([HOST]))) == "orderNotReady"
    third = client.order(HOST)
    assert (third.status_code, kind(third), third.headers["retry-after"]) == (429, "rateLimited", "3600")


def test_nonces_are_used_once(served, client):
    url = f"{BASE}/acme/new-order"
    body = client.signed(url, {"identifiers": [{"type": "dns", "value": HOST}]})
    assert client.send(url, body).status_code == 201
    assert kind(client.send(url, body)) == "badNonce"
    header = {"alg": "ES256", "nonce": encode_base64url(bytes(16)), "url": url, "kid": client.kid}
    assert kind(client.send(url, client.signed(url, {}, header=header))) == "badNonce"
    del header["nonce"]
    assert kind(client.send(url, client.signed(url, {}, header=header))) == "badNonce"
    again = client.post("/acme/new-order", {"identifiers": []})
    assert kind(again) == "malformed"
    fresh = again.headers["replay-nonce"]
    header |= {"nonce": fresh}
    good = client.signed(url, {"identifiers": [{"type": "dns", "value": HOST}]}, header=header)
    assert client.send(url, good).status_code == 201


LIES = {
    "wrong url": ({"url": f"{BASE}/acme/key-change"}, "unauthorized"),
    "jwk and kid": ({"jwk": "own"}, "malformed"),
    "neither": ({"kid": None}, "malformed"),
    "no algorithm": ({"alg": "none"}, "badSignatureAlgorithm"),
    "a MAC": ({"alg": "HS256"}, "badSignatureAlgorithm"),
    "crit": ({"crit": ["b64"], "b64": False}, "malformed"),
    "unknown parameter": ({"typ": "JWT"}, "malformed"),
    "another account": ({"kid": f"{BASE}/acme/account/{'0' * 32}"}, "accountDoesNotExist"),
    "kid elsewhere": ({"kid": "https://other.example/acme/account/1"}, "accountDoesNotExist"),
}


@pytest.mark.parametrize("lie", LIES)
def test_headers_are_taken_strictly(client, lie):
    changes, expected = LIES[lie]
    url = f"{BASE}/acme/new-order"
    header = {"alg": "ES256", "nonce": client.nonce(), "url": url, "kid": client.kid} | changes
    header = {
        k: client.key.as_dict(private=False) if v == "own" else v for k, v in header.items() if v is not None
    }
    value = json.loads(client.signed(url, {}, header={"alg": "ES256"}))
    value["protected"] = encode_base64url(json.dumps(header).encode())
    assert kind(client.send(url, json.dumps(value).encode())) == expected


def test_signatures_keys_and_algorithms(served, client):
    url = f"{BASE}/acme/new-account"
    value = json.loads(client.signed(f"{BASE}/acme/new-order", {}))
    value["payload"] = encode_base64url(b'{"x":1}')
    assert kind(client.send(f"{BASE}/acme/new-order", json.dumps(value).encode())) == "unauthorized"
    value["header"] = {"alg": "none"}
    assert kind(client.send(f"{BASE}/acme/new-order", json.dumps(value).encode())) == "malformed"
    for named in (
        {"key": jwk.generate_key("oct", 256), "algorithm": "HS256"},
        {"key": jwk.generate_key("RSA", 2048), "algorithm": "PS256"},
    ):
        other = client_of(served, **named)
        refused = other.register()
        assert kind(refused) == "badSignatureAlgorithm"
        assert "ES256" in refused.json()["algorithms"]
    weak = {"kty": "RSA", "n": encode_base64url(b"\xc1" + bytes(126) + b"\x01"), "e": "AQAB"}
    header = {"alg": "RS256", "nonce": client.nonce(), "url": url, "jwk": weak}
    value = json.loads(client.signed(url, {}))
    value["protected"] = encode_base64url(json.dumps(header).encode())
    assert kind(client.send(url, json.dumps(value).encode())) == "badPublicKey"
    private = client.key.as_dict(private=True)
    header = {"alg": "ES256", "nonce": client.nonce(), "url": url, "jwk": private}
    assert kind(client.send(url, client.signed(url, {}, header=header))) == "malformed"


def test_bodies_of_other_kinds_and_sizes(client):
    url = f"{BASE}/acme/new-order"
    for status, refused in (
        (415, client.send(url, client.signed(url, {}), "application/json")),
        (413, client.send(url, b"x" * 200_000)),
    ):
        assert (refused.status_code, refused.json()["type"]) == (
            status,
            "urn:ietf:params:acme:error:malformed",
        )
    for body in (b"", b"[]", b"{}", b'{"protected":1,"payload":"","signature":""}', b"\xff" * 100):
        assert kind(client.send(url, body)) == "malformed"


def test_another_accounts_order_is_not_found(served, client, control):
    made = client.order(HOST)
    other = client_of(served)
    other.register()
    assert kind(other.post(made.headers["location"])) == "malformed"
    assert other.post(made.headers["location"]).status_code == 404
    assert other.post(made.json()["authorizations"][0]).status_code == 404
    assert other.finalize(made.json(), request([HOST])).status_code == 404
    assert kind(other.post(f"{client.kid}/orders")) == "unauthorized"
    order = issued(client, control, HOST)
    assert other.post(order["certificate"]).status_code == 404


@pytest.mark.parametrize(
    "csr",
    [
        request(["other.example.jp"]),
        request([HOST, "more.example.jp"]),
        request([], common=HOST),
        request([HOST], common="other.example.jp"),
        b"nonsense",
    ],
)
def test_a_request_for_other_names_is_refused_and_the_order_stays_ready(client, control, csr):
    made = client.order(HOST)
    client.authorize(made.json(), control)
    assert kind(client.finalize(made.json(), csr)) == "badCSR"
    assert client.post(made.headers["location"]).json()["status"] == "ready"
    assert client.finalize(made.json(), request([HOST], common=HOST)).json()["status"] == "valid"


@pytest.mark.parametrize(
    "name", ["localhost", "192.0.2.1", "a..b", "-a.jp", "xn--a.jp", "ex_ample.jp", "*.*.jp", "аpple.jp"]
)
def test_names_that_no_certificate_is_issued_for(client, name):
    assert kind(client.order(name)) == "rejectedIdentifier"


def test_identifiers_of_other_kinds(client):
    asked = {"identifiers": [{"type": "ip", "value": "192.0.2.1"}]}
    assert kind(client.post("/acme/new-order", asked)) == "unsupportedIdentifier"


def test_finalising_the_same_again_gives_what_stands(client, control):
    order = client.order(HOST).json()
    client.authorize(order, control)
    csr = request([HOST])
    first, second = client.finalize(order, csr).json(), client.finalize(order, csr).json()
    assert first == second
    assert kind(client.finalize(order, request([HOST]))) == "orderNotReady"


def test_an_account_changes_its_contacts_and_key_and_ends(served, client):
    assert client.post(client.kid, {"contact": ["mailto:ops@example.jp"]}).json()["contact"] == [
        "mailto:ops@example.jp"
    ]
    for contact, expected in (
        ("tel:+81", "unsupportedContact"),
        ("mailto:a@b?subject=x", "invalidContact"),
        (1, "malformed"),
    ):
        assert kind(client.post(client.kid, {"contact": [contact]})) == expected
    new, url = client_of(served), f"{BASE}/acme/key-change"
    inner = {"account": client.kid, "oldKey": client.key.as_dict(private=False)}
    header = {"alg": "ES256", "url": url, "jwk": new.key.as_dict(private=False)}
    body = json.loads(new.signed(url, inner, header=header))
    wrong = json.loads(new.signed(url, inner | {"oldKey": new.key.as_dict(private=False)}, header=header))
    assert kind(client.post("/acme/key-change", wrong)) == "malformed"
    assert client.post("/acme/key-change", body).status_code == 200
    assert kind(client.post(client.kid)) == "unauthorized"
    new.kid = client.kid
    assert new.post(new.kid).status_code == 200
    assert new.register.__self__ is new
    assert new.post(new.kid, {"status": "deactivated"}).json()["status"] == "deactivated"
    assert kind(new.post("/acme/new-order", {})) == "unauthorized"


def test_an_account_is_found_by_its_key(served, client):
    kid, client.kid = client.kid, None
    again = client.post("/acme/new-account", {"onlyReturnExisting": True})
    assert (again.status_code, again.headers["location"]) == (200, kid)
    assert kind(client_of(served).register(onlyReturnExisting=True)) == "accountDoesNotExist"


def test_certificates_are_revoked_by_their_account_or_key_and_by_nobody_else(served, client, control):
    key = ec.generate_private_key(ec.SECP256R1())
    order = client.order(HOST).json()
    client.authorize(order, control)
    done = client.finalize(order, request([HOST], key=key)).json()
    leaf = certificates_in(client.post(done["certificate"]).content)[0]
    asked = {"certificate": encode_base64url(leaf.der), "reason": 1}
    other = client_of(served)
    other.register()
    assert kind(other.post("/acme/revoke-cert", asked)) == "unauthorized"
    assert kind(client_of(served).post("/acme/revoke-cert", asked)) == "unauthorized"
    pem = key.private_bytes(Encoding.PEM, *_plain())
    by_key = client_of(served, key=jwk.import_key(pem, "EC"))
    assert by_key.post("/acme/revoke-cert", asked).status_code == 200
    assert kind(client.post("/acme/revoke-cert", asked | {"reason": 4})) == "alreadyRevoked"
    assert kind(client.post("/acme/revoke-cert", asked | {"reason": 8})) == "badRevocationReason"
    order = client.order("b.example.jp").json()
    client.authorize(order, control)
    assert kind(client.finalize(order, request(["b.example.jp"], key=key))) == "badCSR"


def _plain():
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat

    return PrivateFormat.PKCS8, NoEncryption()


def test_renewal_information_and_what_an_order_replaces(served, client, control):
    order = issued(client, control, HOST)
    leaf = x509.load_pem_x509_certificates(client.post(order["certificate"]).content)[0]
    identifier = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    number = leaf.serial_number
    name = f"{encode_base64url(identifier)}.{encode_base64url(number.to_bytes(number.bit_length() // 8 + 1, 'big'))}"
    found = served.get(f"/acme/renewal-info/{name}")
    assert found.headers["retry-after"]
    window = found.json()["suggestedWindow"]
    assert window["start"] < window["end"] < leaf.not_valid_after_utc.isoformat()
    assert client.order(HOST, replaces=name).json()["replaces"] == name
    assert kind(client.order(HOST, replaces=name)) == "alreadyReplaced"
    assert kind(client.order("b.example.jp", replaces=name)) == "unauthorized"
    assert served.get(f"/acme/renewal-info/{name[:-2]}AA").status_code == 404


def test_an_authorization_can_be_given_up(client, control):
    made = client.order(HOST)
    url = made.json()["authorizations"][0]
    assert client.post(url, {"status": "deactivated"}).json()["status"] == "deactivated"
    assert client.post(made.headers["location"]).json()["status"] == "invalid"


def test_orders_end_in_time(served, client, monkeypatch):
    made = client.order(HOST)
    clock = served.domain.ports.clock
    now = clock.now
    monkeypatch.setattr(type(clock), "now", lambda _: now() + timedelta(days=2))
    assert client.post(made.headers["location"]).json()["status"] == "invalid"


def test_accounts_are_bound_to_ones_outside(data, control):
    set_up(data, external_accounts=True, terms_of_service="https://ca.example.jp/terms")
    with open_domain(data) as domain:
        served = Caller(application(domain), domain)
        meta = served.get("/acme/directory").json()["meta"]
        assert meta == {"externalAccountRequired": True, "termsOfService": "https://ca.example.jp/terms"}
        client = client_of(served)
        assert kind(client.register(termsOfServiceAgreed=False)) == "malformed"
        assert kind(client.register()) == "externalAccountRequired"
        kid, secret = domain.services.enrolment.acme.new_external(domain.actor)
        url = f"{BASE}/acme/new-account"
        mac = jwk.import_key({"kty": "oct", "k": secret})
        header = {"alg": "HS256", "url": url, "kid": kid}
        own = client.key.as_dict(private=False)

        def binding(payload, key):
            return json.loads(client.signed(url, payload, header=header, key=key))

        wrong = jwk.generate_key("oct", 256)
        assert kind(client.register(externalAccountBinding=binding(own, wrong))) == "externalAccountRequired"
        stranger = client_of(served).key.as_dict(private=False)
        assert (
            kind(client.register(externalAccountBinding=binding(stranger, mac))) == "externalAccountRequired"
        )
        assert client.register(externalAccountBinding=binding(own, mac)).status_code == 201
        second = client_of(served)
        own = second.key.as_dict(private=False)
        assert kind(second.register(externalAccountBinding=binding(own, mac))) == "externalAccountRequired"


def test_base64_in_a_body_is_that_of_jose(client):
    body = json.loads(client.signed(f"{BASE}/acme/new-order", {}))
    body["protected"] = body["protected"] + "="
    assert b64decode(body["protected"].rstrip("=") + "===")
    assert kind(client.send(f"{BASE}/acme/new-order", json.dumps(body).encode())) == "malformed"
