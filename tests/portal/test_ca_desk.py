"""The certification authority's desk: officers, operators and subscribers at their daily work, each in a browser of theirs."""

import html
import re

import pytest

from shirushi.core.actor import Actor, Role
from shirushi.core.evidence import RevocationReason
from shirushi.services.ca.model import RegisterChange
from shirushi.services.ca.model.searching import Sought, Standing
from tests.http.test_ca_desk import NUMBER, csr
from tests.portal.conftest import ALICE, AUDITOR, OPERATOR
from tests.portal.test_browser import SUBMIT, by_keyboard, find_nothing_wrong, sign_in, visit

__all__ = ["visit"]

SECOND, CLIENT = "second@example.jp", "client@example.jp"
COMPANY = "さくら商事株式会社"
OTHER = "株式会社青葉"
SEAL = csr(C="JP", O=OTHER, OI="NTRJP-010401089998", CN=OTHER)


def enrolled(portal):
    """The portal with a second officer, and a client who may ask for certificates."""
    for name, role in ((SECOND, Role.OPERATOR), (CLIENT, Role.CLIENT)):
        portal.tokens.setdefault(name, portal.domain.ports.tokens.create(portal.domain.actor, name, [role]))
    return portal


@pytest.fixture
def desk(own_portal):
    return enrolled(own_portal)


def ask(portal, text, profile="device", by=CLIENT):
    requests = portal.domain.services.enrolment.requests
    return requests.submit(Actor(by, frozenset({Role.CLIENT})), "issuing", profile, text.encode())


def issued(portal, text):
    """The serial number of a certificate that a client asked for."""
    requests, actor = portal.domain.services.enrolment.requests, portal.domain.actor
    made = ask(portal, text)
    requests.decide(actor, made.id, approve=True)
    return made, requests.issue(actor, made.id).serial_number


def said(page):
    """What a page shows, without tags."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def found(portal, **sought):
    return portal.domain.services.ca.certificates(portal.domain.actor, sought=Sought(**sought)).certificates


def test_a_subscriber_asks_fetches_and_revokes(desk):
    client, operator = desk.visitor().sign_in(CLIENT), desk.visitor().sign_in(OPERATOR)
    assert client.get("/ca").headers["location"] == "/ca/requests"
    wrong = client.send("/ca/requests/new", profile="device", authority="issuing", csr="no request")
    assert wrong.status_code == 400
    assert "CSR_MALFORMED" in wrong.text
    assert "no request" in wrong.text
    sent = client.send("/ca/requests/new", profile="device", authority="issuing", csr=csr(CN="sensor-1"))
    place = sent.headers["location"]
    assert "Waiting for approval" in client.get(place).text
    assert "What was found" not in client.get(place).text
    assert client.get(f"{place}/chain").status_code == 404
    assert "sensor-1" in operator.get("/ca/requests").text
    page = said(operator.get(place))
    assert page.count("Good") == 4
    approved = operator.send(f"{place}/decision", decision="approve")
    assert approved.status_code == 303
    assert "The certificate of sensor-1 was issued." in operator.get(place).text
    assert client.get(f"{place}/chain").content.count(b"BEGIN CERTIFICATE") == 3
    assert client.send(f"{place}/revocation", reason="KEY_COMPROMISE").status_code == 400
    assert client.send(f"{place}/revocation", reason="KEY_COMPROMISE", sure="yes").status_code == 303
    (certificate,) = found(desk, text="sensor-1")
    assert certificate.revocation.reason is RevocationReason.KEY_COMPROMISE
    assert operator.send(f"{place}/revocation", reason="KEY_COMPROMISE", sure="yes").status_code == 404


def test_a_request_is_declined_with_a_reason_that_its_applicant_reads(desk):
    made = ask(desk, csr(CN="sensor-2"))
    operator, place = desk.visitor().sign_in(OPERATOR), f"/ca/requests/{made.id}"
    unsaid = operator.send(f"{place}/decision", decision="decline")
    assert unsaid.status_code == 400
    assert "Say why it is declined." in unsaid.text
    assert operator.send(f"{place}/decision", decision="decline", remark="Not on the list").status_code == 303
    page = said(desk.visitor().sign_in(CLIENT).get(place))
    assert "operator@example.jp declined it." in page
    assert "Not on the list" in page
    again = operator.send(f"{place}/decision", decision="approve")
    assert again.status_code == 409
    assert "CSR_DECIDED" in again.text


def test_the_queue_warns_of_names_that_look_alike_and_of_keys_used_again(desk):
    _, serial = issued(desk, csr(CN="sakura-login"))
    made = ask(desk, csr(CN="sakura-1ogin"))
    operator = desk.visitor().sign_in(AUDITOR)
    assert "Look at this" in operator.get("/ca/requests").text
    page = operator.get(f"/ca/requests/{made.id}")
    assert "The name looks like one that somebody else’s certificate bears" in said(page)
    assert f"/ca/certificates/{serial:x}" in page.text
    assert 'name="decision"' not in page.text


def test_nobody_but_the_applicant_and_those_who_decide_sees_a_request(desk):
    made = ask(desk, csr(CN="sensor-3"))
    alice = desk.visitor().sign_in(ALICE)
    assert alice.get(f"/ca/requests/{made.id}").status_code == 404
    assert "sensor-3" not in alice.get("/ca/requests").text
    for address in ("/ca/certificates", "/ca/registers", "/ca/authorities", "/ca/enrolment"):
        assert alice.get(address).status_code == 403, address
    assert alice.get("/ca/profiles").status_code == 200
    for address in (f"/ca/requests/{made.id}/decision", f"/ca/requests/{made.id}/certificate"):
        assert alice.send(address, decision="approve").status_code == 403
    auditor = desk.visitor().sign_in(AUDITOR)
    (seal,) = found(desk, text=NUMBER)
    one = f"/ca/certificates/{seal.serial_number:x}"
    for address in (one, f"{one}/hold", f"{one}/release", f"{one}/renewal", "/ca/registers"):
        assert auditor.send(address, sure="yes").status_code == 403, address
    assert auditor.send("/ca/authorities/issuing/crl").status_code == 403
    assert auditor.send("/ca/requests/new", csr=csr(CN="x")).status_code == 403


def test_certificates_are_found(desk):
    visitor = desk.visitor().sign_in(AUDITOR)

    def names(query):
        return re.findall(
            r'href="/ca/certificates/[0-9a-f]+">([^<]+)</a>', visitor.get(f"/ca/certificates?{query}").text
        )

    (seal,) = found(desk, text=NUMBER)
    assert names(f"text={NUMBER}") == [COMPANY]
    assert names(f"text={seal.serial_number:x}") == [COMPANY]
    assert names(f"text={seal.certificate.id}&standing=valid") == [COMPANY]
    assert names("text=ｓａｋｕｒａ") == []
    assert names("text=さくら&standing=revoked") == []
    assert names(f"text={NUMBER}&days=3660") == [COMPANY]
    assert names(f"text={NUMBER}&days=1") == []
    everything = names("")
    assert len(everything) == 25
    further = re.search(r'class="button second" href="([^"]+)"', visitor.get("/ca/certificates").text)[1]
    assert names(html.unescape(further).split("?")[1])
    assert visitor.get("/ca/certificates?standing=odd&days=x&after=y").status_code == 200


def test_a_certificate_is_held_released_and_tells_its_life(desk):
    _, serial = issued(desk, csr(CN="gate-7"))
    operator, place = desk.visitor().sign_in(OPERATOR), f"/ca/certificates/{serial:x}"
    page = said(operator.get(place))
    assert "client@example.jp asked for it" in page
    assert "Answers: good" in page
    assert operator.send(f"{place}/hold").status_code == 303
    assert found(desk, standing=Standing.ON_HOLD)[0].serial_number == serial
    held = operator.get(place)
    assert "Answers: revoked" in said(held)
    assert f'action="{place}/release"' in held.text
    assert "gate-7" in operator.get("/ca/certificates?standing=on-hold").text
    assert operator.send(f"{place}/release").status_code == 303
    assert "Answers: good" in said(operator.get(place))
    again = operator.send(f"{place}/release")
    assert again.status_code == 409
    assert "CERTIFICATE_NOT_ON_HOLD" in again.text
    for kind, begin in (("pem", b"-----BEGIN CERTIFICATE"), ("der", b"\x30\x82"), ("chain", b"-----BEGIN")):
        assert operator.get(f"{place}/{kind}").content.startswith(begin)


def test_a_certificate_is_renewed_with_its_key_and_with_a_new_one(desk):
    _, serial = issued(desk, csr(CN="gate-8"))
    operator, place = desk.visitor().sign_in(OPERATOR), f"/ca/certificates/{serial:x}/renewal"
    assert operator.send(place, way="same").status_code == 303
    wrong = operator.send(place, way="new", csr=csr(CN="gate-9"))
    assert wrong.status_code == 400
    assert "CSR_RENEWAL_REFUSED" in wrong.text
    assert operator.send(place, way="new", csr=csr(CN="gate-8")).status_code == 303
    assert len(found(desk, text="gate-8")) == 3
    assert len({each.certificate.public_key.spki for each in found(desk, text="gate-8")}) == 2
    assert "Other certificates of the same name" in operator.get(f"/ca/certificates/{serial:x}").text
    client = desk.visitor().sign_in(CLIENT)
    made = re.search(r"/ca/requests/[0-9a-f]{32}", client.get("/ca/requests").text)[0]
    page = f"/ca/requests/new?renews={made.split('/')[-1]}"
    assert "Renews the certificate of gate-8" in client.get(page).text
    sent = client.send("/ca/requests/new", renews=made.split("/")[-1], csr=csr(CN="gate-8"))
    asked = operator.get(sent.headers["location"])
    assert f"/ca/certificates/{serial:x}" in asked.text
    assert operator.send(f"{sent.headers['location']}/decision", decision="approve").status_code == 303
    assert len(found(desk, text="gate-8")) == 4


def test_a_representative_leaves_and_a_company_ends(desk):
    operator = desk.visitor().sign_in(OPERATOR)
    (seal,) = found(desk, text=NUMBER)
    foreseen = operator.get(f"/ca/registers?key={NUMBER}&change=representative")
    assert "Still valid, but somebody must look: 1" in said(foreseen)
    assert COMPANY in foreseen.text
    order = {"key": f"NTRJP-{NUMBER}", "change": "representative"}
    unsure = operator.send("/ca/registers", **order)
    assert unsure.status_code == 400
    assert desk.domain.services.ca.flags(desk.domain.actor) == ()
    assert operator.send("/ca/registers", sure="yes", **order).status_code == 303
    assert "Certificates to look at (1)" in said(operator.get("/ca/registers"))
    assert "To be looked at" in said(operator.get(f"/ca/certificates/{seal.serial_number:x}"))
    tiles = operator.get("/ca").text
    assert re.search(r'class="count">1</span>\s*<strong>Certificates to look at', tiles)
    assert operator.send(f"/ca/registers/{seal.serial_number:x}/settlement").status_code == 303
    assert desk.domain.services.ca.flags(desk.domain.actor) == ()
    ends = operator.get(f"/ca/registers?key={NUMBER}&change=ended")
    assert "Revoked at once: 1" in said(ends)
    done = operator.send(
        "/ca/registers", key=f"NTRJP-{NUMBER}", change=RegisterChange.ENDED.value, sure="yes"
    )
    assert done.status_code == 303
    assert "1 revoked, 0 to be looked at" in said(operator.get("/ca/registers"))
    (seal,) = found(desk, text=NUMBER)
    assert seal.revocation.reason is RevocationReason.CESSATION_OF_OPERATION
    assert "No certificate was issued to whoever" in operator.get("/ca/registers?key=404&change=name").text


def test_lists_are_published_and_their_age_is_told(desk):
    operator = desk.visitor().sign_in(OPERATOR)
    assert operator.send("/ca/authorities/issuing/crl").headers["location"] == "/ca/authorities#issuing"
    page = operator.get("/ca/authorities").text
    assert "The CRL of issuing was published." in page
    assert "/crl/issuing.crl" in page
    assert "Current" in page


def test_every_kind_of_certificate_is_explained_in_both_languages(desk):
    from shirushi.services.ca.model import profile_names

    visitor = desk.visitor().sign_in(CLIENT)
    english = visitor.get("/ca/profiles").text
    japanese = visitor.get("/ca/profiles", **{"accept-language": "ja"}).text
    for name in profile_names():
        for page in (english, japanese):
            row = re.search(rf'<code class="hint">{name}</code></th>\s*<td>([^<]+)', page)
            assert len(row[1].strip()) > 15, name
    assert "QCP-n" in english


@pytest.mark.enable_socket
@pytest.mark.needs("chromium", "chromium")
@pytest.mark.parametrize(("language", "width", "script"), [("ja", 390, True), ("en", 1280, False)])
def test_two_officers_decide_together_by_keyboard(visit, site, language, width, script):
    portal = enrolled(site.portal)
    first, second = (visit(language, width, java_script_enabled=script, bypass_csp=True) for _ in range(2))
    sign_in(first, site, OPERATOR)
    sign_in(second, site, SECOND)
    first.goto("/ca/requests/new")
    first.select_option("#profile", "e-seal-qscd")
    by_keyboard(first, "#csr", most=90)
    first.fill("#csr", SEAL)
    by_keyboard(first, SUBMIT)
    first.keyboard.press("Enter")
    first.wait_for_selector(".review")
    place = first.url
    assert first.locator("input[value=approve]").count() == 0
    second.goto("/ca/requests")
    second.click(f"a[href$='{place.split('/')[-1]}']")
    second.wait_for_selector(".review")
    by_keyboard(second, "#note", most=90)
    second.keyboard.type("登記を確認")
    by_keyboard(second, "main form .button")
    second.keyboard.press("Enter")
    second.wait_for_selector(".notice")
    first.goto(place)
    assert SECOND in first.inner_text("main")
    issued_ = found(portal, text=OTHER, standing=Standing.VALID)
    portal.domain.services.ca.revoke(
        portal.domain.actor, issued_[0].serial_number, RevocationReason.SUPERSEDED
    )


@pytest.mark.enable_socket
@pytest.mark.needs("chromium", "chromium")
@pytest.mark.parametrize(("language", "width"), [("ja", 390), ("en", 1280)])
def test_axe_finds_nothing_on_the_pages_of_the_authority(visit, site, language, width):
    portal = enrolled(site.portal)
    made = ask(portal, csr(CN=f"alike-{language}"))
    (seal,) = [each for each in found(portal, text=NUMBER) if each.profile == "e-seal"]
    place = f"/ca/certificates/{seal.serial_number:x}"
    operator, client = (visit(language, width, bypass_csp=True) for _ in range(2))
    sign_in(operator, site, OPERATOR)
    sign_in(client, site, CLIENT)
    for page, addresses in (
        (
            operator,
            [
                "/ca",
                "/ca/requests",
                f"/ca/requests/{made.id}",
                "/ca/requests/new",
                "/ca/certificates?days=99",
            ],
        ),
        (operator, [place, f"{place}/renewal", f"/ca/registers?key={NUMBER}&change=ended"]),
        (operator, ["/ca/authorities", "/ca/enrolment", "/ca/profiles"]),
        (client, ["/ca/requests", f"/ca/requests/{made.id}"]),
    ):
        for address in addresses:
            page.goto(address)
            find_nothing_wrong(page, f"{address} {language} {width}")
    operator.goto(f"/ca/requests/{made.id}")
    operator.click("button:not(.plain):below(#remark) >> nth=0")
    operator.wait_for_selector("#remark-error")
    find_nothing_wrong(operator, "declined without a reason")
    operator.goto("/ca/certificates")
    operator.fill("#text", NUMBER)
    operator.keyboard.press("Enter")
    operator.wait_for_url("**text=*")
    operator.wait_for_function("document.querySelectorAll('#certificates tbody tr').length < 5")
    assert COMPANY in operator.inner_text("#certificates")
    find_nothing_wrong(operator, "found in place")
