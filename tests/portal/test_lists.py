"""The list browser, a service's history, and why a document is qualified as it is: without JavaScript, in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from shirushi.core.trusted_list import ListedService
from shirushi.domain import open_domain
from tests.portal.conftest import OPERATOR as KEIKO
from tests.portal.conftest import Portal, Visitor, _portal
from tests.portal.test_browser import find_nothing_wrong, verify, visit  # noqa: F401  a fixture
from tests.unit.trustlist.world import (
    CA_QC,
    GRANTED,
    OPERATOR,
    WITHDRAWN,
    list_of_lists,
    national,
    operator,
    period,
    pointer,
    provider,
    signed,
)

NOW = datetime.now(UTC).replace(microsecond=0)
ISSUED, DUE = NOW - timedelta(days=10), NOW + timedelta(days=100)
ACCREDITED = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/accredited"


def lists_of(portal: Portal):
    """A list of Japan that names the authority which issues to people, and one that has ended."""
    alice = portal.domain.services.signing.credential(portal.domain.actor, "alice@example.jp")
    issuer = alice.chain[1]

    class Listed:
        der, certificate = issuer.der, issuer

    year = timedelta(days=365)
    people = ListedService(
        (period(Listed, ISSUED - year, name="Certificates for people", service_type=CA_QC),)
    )
    past = ListedService(
        (
            period(operator("old"), ISSUED, WITHDRAWN, name="Old service"),
            period(operator("old"), ISSUED - 2 * year, GRANTED, name="Old service"),
            period(operator("old"), ISSUED - 5 * year, ACCREDITED, name="Old service"),
        )
    )
    dates = {"issued": ISSUED, "next_update": DUE}
    japan = national("JP", provider(people, name="Sakura"), provider(past, name="Ume"), **dates)
    return [
        signed(list_of_lists(pointer("JP", "https://lists.example/JP.xml"), **dates), name="EU.xml"),
        signed(japan, name="JP.xml"),
    ]


@pytest.fixture(scope="module")
def listed(demo, tmp_path_factory) -> Iterator[Portal]:
    path = shutil.copytree(demo, tmp_path_factory.mktemp("lists") / "shirushi-data")
    with open_domain(path) as domain:
        found = _portal(path, domain)
        anchors = [operator("EU").certificate]
        judged = domain.services.trusted_lists.load(OPERATOR, lists_of(found), anchors=anchors)
        assert [each.reasons for each in judged] == [(), ()]
        yield found


@pytest.fixture
def visitor(listed: Portal) -> Visitor:
    return listed.visitor()


def page(visitor: Visitor, address: str, language: str = "en") -> str:
    found = visitor.get(address, **{"accept-language": language})
    assert found.status_code == 200, found.text
    return unescape(found.text)


def test_territories_are_shown_with_their_editions_and_what_is_due(visitor):
    text = page(visitor, "/lists")
    assert '<a href="/lists/JP">JP</a>' in text
    assert "2 providers, 2 services" in text
    assert "1 pointers to lists" in text
    assert "事業者 2、サービス 2" in page(visitor, "/lists", "ja")


def test_the_date_moves_by_form_and_by_link(visitor):
    text = page(visitor, "/lists/JP")
    assert "Services on" in text
    assert "withdrawn" in text
    day = (ISSUED - timedelta(days=400)).date().isoformat()
    past = page(visitor, f"/lists/JP?at={day}")
    assert "withdrawn" not in past
    assert "granted" in past
    assert f'value="{day}"' in past
    assert "Certificates for people" not in past, "what began later is not there"
    assert "No service was listed" in page(visitor, "/lists/JP?at=1999-12-31")
    assert "Services on" in page(visitor, "/lists/JP?at=tomorrow"), "what is no date is today"
    assert "Old service" not in page(visitor, "/lists/JP?type=urn:other")
    assert visitor.get("/lists/XX").status_code == 404


def test_a_service_shows_its_whole_history_and_what_it_was_then(visitor):
    day = (ISSUED - timedelta(days=400)).date().isoformat()
    text = page(visitor, f"/lists/JP/services/2-1?at={day}")
    assert text.count('class="node"') == 3
    assert text.index("withdrawn") < text.index("accredited")
    assert 'aria-current="date"' in text
    assert "履歴" in page(visitor, "/lists/JP/services/2-1", "ja")
    assert visitor.get("/lists/JP/services/9-9").status_code == 404


def test_the_verdict_says_the_qualification_and_leads_to_why(visitor, listed):
    done = visitor.send("/verdicts", file=listed.documents / "contract.signed.pdf")
    address = done.headers["location"]
    text = page(visitor, address)
    assert "Advanced electronic signature (AdESig)" in text
    assert f'href="{address}/why#signature-1"' in text
    why = page(visitor, f"{address}/why")
    for said in (
        "TS 119 615 §4.4.6",
        "Certificates for people (Sakura)",
        "What would have changed the outcome",
        "All lists that were asked (2)",
    ):
        assert said in why, said
    assert "適格性の判断理由" in page(visitor, f"{address}/why", "ja")
    assert visitor.client.get(f"{address}/report").json()["signatures"][0]["qualification"] == "AdESig"


def test_agreements_show_their_rules_and_whether_they_count(visitor):
    text = page(visitor, "/lists/agreements")
    for said in ("Legal basis", "In force", "Repealed", "e-seal", "An example: it does not exist."):
        assert said in text, said
    assert "相互承認の協定" in page(visitor, "/lists/agreements", "ja")


def test_health_tells_how_lists_stand(listed):
    visitor = listed.visitor().sign_in(KEIKO)
    text = page(visitor, "/health")
    assert "Trusted lists" in text
    assert "Lists that count" in text


@pytest.mark.needs("chromium", "chromium")
@pytest.mark.enable_socket
@pytest.mark.parametrize("language", ["ja", "en"])
def test_axe_finds_nothing_on_the_pages_of_lists(visit, site, language):  # noqa: F811  the fixture
    lists = site.portal.domain.services.trusted_lists
    lists.load(OPERATOR, lists_of(site.portal), anchors=[operator("EU").certificate])
    page = visit(language, 390, bypass_csp=True)
    for address in ("/lists", "/lists/agreements", "/lists/JP", "/lists/JP/services/2-1"):
        page.goto(address)
        find_nothing_wrong(page, f"{address} {language}")
    verify(page, site, "contract.signed.pdf")
    page.goto(page.url + "/why")
    find_nothing_wrong(page, f"why {language}")
