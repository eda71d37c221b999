"""ACME where something fails: a process in the midst of finalising, a host, a name server, a domain that lets others issue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.ports.database import StorageFailed
from shirushi.ports.domain_control import DnsUnanswered, LookupFailed, TlsNotAgreed
from shirushi.services.ca.model import AuthorityRevoked
from shirushi.services.ca.service.acme.finalizing import LEASE
from tests.acme import request
from tests.http.acme_service import HOST, client, control, kind, served

__all__ = ["client", "control", "served"]


@pytest.fixture
def later(served, monkeypatch):
    """Lets the clock of the domain go forward."""
    clock, gone = served.domain.ports.clock, [timedelta(0)]
    now = clock.now
    monkeypatch.setattr(type(clock), "now", lambda _: now() + gone[0])

    def pass_(time):
        gone[0] += time

    return pass_


@pytest.fixture
def interrupted(served, client, control, monkeypatch):
    """Makes an order whose process ended when it had begun to finalise it: its answer, and the request."""

    def killed(*_):
        raise SystemExit

    def make():
        made, csr = client.order(HOST), request([HOST])
        client.authorize(made.json(), control)
        with monkeypatch.context() as patch:
            patch.setattr(served.domain.services.enrolment.acme._finalizing, "_issue", killed)
            with pytest.raises(SystemExit):
                client.finalize(made.json(), csr)
        return made, csr

    return make


@pytest.mark.parametrize("by", ["looking", "asking again", "the job"])
def test_what_was_interrupted_is_gone_on_with(served, client, interrupted, later, by):
    made, csr = interrupted()
    waiting = client.post(made.headers["location"])
    assert (waiting.json()["status"], "certificate" in waiting.json()) == ("processing", False)
    assert waiting.headers["retry-after"] == "5"
    acme = served.domain.services.enrolment.acme
    acme.tidy(served.domain.actor)
    assert client.finalize(made.json(), csr).json()["status"] == "processing"
    assert kind(client.finalize(made.json(), request([HOST]))) == "orderNotReady"
    later(LEASE)
    if by == "the job":
        acme.tidy(served.domain.actor)
    done = (
        client.finalize(made.json(), csr) if by == "asking again" else client.post(made.headers["location"])
    )
    assert done.json()["status"] == "valid"
    assert len(certificates_in(client.post(done.json()["certificate"]).content)) > 1
    (resumed,) = served.domain.audit.search(action="acme.resume").records
    assert made.headers["location"].endswith(resumed.subject)


def test_what_cannot_be_gone_on_with_says_so(served, client, interrupted, monkeypatch, later):
    first, _ = interrupted()
    second, _ = interrupted()
    acme = served.domain.services.enrolment.acme

    def fails(error):
        def fail(*_):
            raise error

        monkeypatch.setattr(acme._finalizing._ca, "issue_for", fail)

    fails(StorageFailed(detail="away"))
    later(LEASE)
    assert acme.tidy(served.domain.actor) >= 2
    assert client.post(first.headers["location"]).json()["status"] == "processing"
    fails(AuthorityRevoked(name="issuing"))
    later(LEASE)
    told = client.post(first.headers["location"]).json()
    assert (told["status"], told["error"]["code"]) == ("invalid", "CA_REVOKED")
    fails(StorageFailed(detail="away"))
    later(timedelta(days=2))
    assert client.post(second.headers["location"]).json()["status"] == "invalid"


def caa(text, flags=0):
    tag, _, value = text.partition(" ")
    return bytes((flags, len(tag))) + tag.encode() + value.encode()


def test_caa_records_say_who_may_issue(served, client, control):
    assert served.get("/acme/directory").json()["meta"]["caaIdentities"] == ["ca.example.jp"]
    made = client.order(HOST)
    client.authorize(made.json(), control)
    csr = request([HOST])
    control.permits = {"jp": (caa("issue ca.example.jp"),), "example.jp": (caa("issue other.example"),)}
    refused = client.finalize(made.json(), csr)
    assert (kind(refused), refused.json()["code"]) == ("caa", "ACME_CAA_FORBIDS")
    control.permits = {HOST: DnsUnanswered("SERVFAIL")}
    assert kind(client.finalize(made.json(), csr)) == "dns"
    assert client.post(made.headers["location"]).json()["status"] == "ready"
    mine = f"issue ca.example.jp; accounturi={client.kid}; validationmethods=http-01"
    control.permits = {"example.jp": (caa(mine),), "jp": (caa("issue ;"),)}
    assert client.finalize(made.json(), csr).json()["status"] == "valid"
    wild = client.order("*.example.jp").json()
    client.authorize(wild, control, "dns-01")
    assert kind(client.finalize(wild, request(["*.example.jp"]))) == "caa"
    control.permits["example.jp"] += (caa("issuewild ca.example.jp"),)
    assert client.finalize(wild, request(["*.example.jp"])).json()["status"] == "valid"


@pytest.mark.parametrize("error", [LookupFailed, DnsUnanswered, TlsNotAgreed])
def test_what_failed_has_the_name_that_acme_gives_it(client, control, monkeypatch, error):
    def fail(*_):
        raise error("away")

    monkeypatch.setattr(control, "certificate", fail)
    order = client.order(HOST).json()
    challenges = client.post(order["authorizations"][0]).json()["challenges"]
    (url,) = [each["url"] for each in challenges if each["type"] == "tls-alpn-01"]
    told = client.post(url, {}).json()["error"]
    expected = {LookupFailed: "connection", DnsUnanswered: "dns", TlsNotAgreed: "tls"}[error]
    assert told["type"] == f"urn:ietf:params:acme:error:{expected}"


def test_an_answer_that_is_another_is_called_so(client, control):
    order = client.order(HOST).json()
    found = client.post(order["authorizations"][0]).json()["challenges"]
    (http,) = [each for each in found if each["type"] == "http-01"]
    control.files[f"{HOST}/.well-known/acme-challenge/{http['token']}"] = b"something else"
    assert client.post(http["url"], {}).json()["error"]["type"].endswith(":incorrectResponse")
