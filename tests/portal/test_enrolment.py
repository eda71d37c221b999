"""The page on enrolment: codes are shown once, to operators alone, in both languages."""

from __future__ import annotations

import re

import pytest

from shirushi.services.ca.model.est import EstTerms
from tests.portal.conftest import AUDITOR, OPERATOR


@pytest.fixture
def est(portal):
    server = portal.domain.services.enrolment.est
    server.terms[""] = EstTerms("", "issuing", "device")
    yield server
    del server.terms[""]


def test_an_operator_makes_a_code_which_is_shown_once(portal, est):
    visitor = portal.visitor().sign_in(OPERATOR)
    page = visitor.get("/ca/enrolment")
    assert page.status_code == 200
    made = visitor.send("/ca/enrolment", page="/ca/enrolment", label="", subject="sensor-9")
    assert made.status_code == 200, made.text
    secret = re.search(r"<code>([0-9a-f]{32})</code>", made.text)[1]
    again = visitor.get("/ca/enrolment").text
    assert secret not in again
    assert "sensor-9" in again
    assert [each.subject for each in est.codes(portal.domain.actor)].count("sensor-9") == 1


def test_an_auditor_looks_and_makes_none(portal, est):
    page = portal.visitor().sign_in(AUDITOR).get("/ca/enrolment")
    assert page.status_code == 200
    assert 'action="/ca/enrolment"' not in page.text
