"""Two nodes over one PostgreSQL database are one ACME server: nonces, orders and certificates are the same on both."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from shirushi.codecs.asn1.pem import certificates_in
from shirushi.domain import open_domain
from shirushi.web import application
from tests.acme import SetControl, request
from tests.contract.test_nodes import folders
from tests.http.acme_service import BASE, HOST, client_of, kind, look_at, set_up
from tests.http.conftest import Caller

__all__ = ["folders"]

URL = f"{BASE}/acme/new-order"
ORDER = {"identifiers": [{"type": "dns", "value": HOST}]}


@pytest.fixture
def control():
    return SetControl()


@pytest.fixture
def nodes(folders, control):
    with ExitStack() as ends:
        found = []
        for folder in folders:
            set_up(folder)
            domain = ends.enter_context(open_domain(folder))
            look_at(domain, control)
            found.append(Caller(application(domain), domain))
        yield found


@pytest.fixture
def clients(nodes):
    """One account, asking the one node and the other."""
    first, second = map(client_of, nodes)
    assert first.register().status_code == 201
    second.key, second.kid = first.key, first.kid
    return first, second


def test_a_nonce_of_one_is_taken_once_by_the_other(clients):
    first, second = clients
    body = first.signed(URL, ORDER)
    assert second.send(URL, body).status_code == 201
    for each in clients:
        assert kind(each.send(URL, body)) == "badNonce"
    for _ in range(5):
        body = first.signed(URL, ORDER)
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda each, body=body: each.send(URL, body), clients * 3))
        assert Counter(each.status_code for each in answers) == {201: 1, 400: 5}
        assert {kind(each) for each in answers if each.status_code == 400} == {"badNonce"}


def test_an_order_that_one_began_ends_on_the_other(clients, control, nodes):
    first, second = clients
    made = first.order(HOST)
    assert second.post(made.headers["location"]).json() == made.json()
    assert [each.json()["status"] for each in second.authorize(made.json(), control)] == ["valid"]
    done = first.finalize(made.json(), request([HOST])).json()
    chain = second.post(done["certificate"]).content
    assert chain == first.post(done["certificate"]).content
    assert second.post(second.kid, {"contact": ["mailto:ops@example.jp"]}).status_code == 200
    assert first.post(first.kid).json()["contact"] == ["mailto:ops@example.jp"]
    stranger = client_of(nodes[1])
    assert stranger.register().status_code == 201
    assert stranger.post(made.headers["location"]).status_code == 404


def test_one_certificate_comes_of_an_order_that_both_finalise(clients, control, nodes):
    csr = request([HOST])
    for _ in range(3):
        order = clients[0].order(HOST).json()
        clients[0].authorize(order, control)
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda each, order=order: each.finalize(order, csr), clients * 3))
        assert {each.status_code for each in answers} <= {200, 403}
        assert {kind(each) for each in answers if each.status_code == 403} <= {"orderNotReady"}
    domain = nodes[1].domain
    orders = domain.services.enrolment.acme.overview(domain.actor)[1]
    serials = {f"{each.serial_number:x}" for each in orders}
    issued = domain.audit.search(action="ca.issue", done_by=f"acme:{orders[0].account}").records
    assert len(serials) == 3 == len(issued)
    assert {each.subject for each in issued} == serials
    pem = clients[1].post(f"/acme/certificate/{orders[0].id}").content
    assert certificates_in(pem)[0].serial_number == orders[0].serial_number
    domain.audit.checkpoint()
    assert domain.audit.verify().intact


def test_both_count_towards_the_limits(folders, control):
    with ExitStack() as ends:
        callers = []
        for folder in folders:
            set_up(folder, orders_an_hour=3)
            domain = ends.enter_context(open_domain(folder))
            callers.append(Caller(application(domain), domain))
        first, second = map(client_of, callers)
        first.register()
        second.key, second.kid = first.key, first.kid
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda each: each.order(HOST), (first, second) * 3))
        assert Counter(each.status_code for each in answers) == {201: 3, 429: 3}
        refused = next(each for each in answers if each.status_code == 429)
        assert (kind(refused), refused.headers["retry-after"]) == ("rateLimited", "3600")
