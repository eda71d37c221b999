"""An ACME server of the tests' own, whose looks at hosts find what a test puts there, and a client of it."""

from __future__ import annotations

import pytest

from shirushi.adapters.configuration import AcmeSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.domain import open_domain
from shirushi.services.ca.service.acme.challenges import Challenges
from shirushi.web import application
from tests.acme import JOSE, AcmeClient, SetControl, request
from tests.http.conftest import Caller

BASE = "http://shirushi.test"
HOST = "www.example.jp"


def set_up(data, **acme):
    path = data / "shirushi.toml"
    found = read_configuration(path)
    section = AcmeSection(authority="issuing", **acme)
    domain = found.domain.model_copy(update={"address": BASE})
    write_configuration(path, found.model_copy(update={"acme": section, "domain": domain}))


def look_at(domain, control):
    """Let the domain's ACME server look at what the test puts there."""
    acme = domain.services.enrolment.acme
    acme._orders._challenges, acme._finalizing._control = Challenges(control), control


@pytest.fixture
def control():
    return SetControl()


@pytest.fixture
def served(data, control):
    set_up(data, failures_an_hour=2, caa_identities=("ca.example.jp",))
    with open_domain(data) as domain:
        look_at(domain, control)
        yield Caller(application(domain), domain)


def client_of(served, **named):
    def send(url, body, content_type=JOSE):
        return served.post(url.removeprefix(BASE), content=body, headers={"Content-Type": content_type})

    def nonce():
        return served.call("HEAD", "/acme/new-nonce").headers["replay-nonce"]

    return AcmeClient(send, nonce, BASE, **named)


@pytest.fixture
def client(served):
    found = client_of(served)
    assert found.register(contact=["mailto:admin@example.jp"]).status_code == 201
    return found


def kind(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["replay-nonce"]
    return answer.json()["type"].removeprefix("urn:ietf:params:acme:error:")


def issued(client, control, *names, challenge="http-01"):
    order = client.order(*names).json()
    assert [each.json()["status"] for each in client.authorize(order, control, challenge)] == ["valid"] * len(
        names
    )
    done = client.finalize(order, request(names))
    assert done.json()["status"] == "valid", done.text
    return done.json()
