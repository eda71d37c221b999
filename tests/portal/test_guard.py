"""What stands around every page: headers, sessions, form tokens, limits, roles."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from shirushi.adapters.configuration import Configuration
from shirushi.core.actor import Role
from shirushi.faces.portal.kit import local_address
from shirushi.faces.portal.static import portal_files
from tests.portal.conftest import ALICE, AUDITOR, OPERATOR

ROOT = Path(__file__).parents[2] / "src" / "shirushi" / "faces" / "portal"
SIGNED = "contract.signed.pdf"
PAGES = ("/", "/sign-in", "/nowhere")
FOR_OPERATORS = ("/ca/certificates", "/audit", "/clock", "/health")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_carries_the_policy_and_is_stored_nowhere(visitor, page):
    headers = visitor.get(page).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_holds_inline_script_style_or_an_address_elsewhere(template):
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\bstyle=|\bon[a-z]+=|javascript:|hx-on", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


def test_static_files_bear_their_digest_and_are_kept_for_ever(visitor):
    address = portal_files().address("portal.css")
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert re.fullmatch(r"/static/portal\.[0-9a-f]{16}\.css", address)
    assert visitor.get("/static/portal.css").status_code == 404
    assert visitor.get("/static/..%2f..%2fkit.py").status_code == 404


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor):
    cookie = visitor.get("/").headers["set-cookie"].lower()
    assert cookie.startswith("shirushi=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "domain" not in cookie


def test_over_https_the_cookie_is_sent_no_other_way(own_portal):
    said = own_portal.domain.configuration
    address = said.domain.model_copy(update={"address": "https://trust.example.jp"})
    configuration: Configuration = said.model_copy(update={"domain": address})
    secure = replace(own_portal, domain=replace(own_portal.domain, configuration=configuration))
    answer = secure.visitor().get("/")
    assert re.match(
        r"__Host-shirushi=[\w-]{43};.*; secure", answer.headers["set-cookie"].lower(), re.IGNORECASE
    )
    assert answer.headers["strict-transport-security"]


def test_a_form_without_the_sessions_token_does_nothing(visitor, portal):
    visitor.get("/")
    document = {"document": (SIGNED, (portal.documents / SIGNED).read_bytes())}
    for fields in ({}, {"form-token": ""}, {"form-token": "0" * 64}, {"form-token": "é"}):
        refused = visitor.client.post("/verdicts", data=fields, files=document)
        assert refused.status_code == 403
        assert "FORM_FOREIGN" in refused.text


def test_a_token_of_another_session_does_nothing(portal):
    mine, theirs = portal.visitor(), portal.visitor()
    stolen = theirs.token()
    mine.get("/")
    assert mine.client.post("/sign-out", data={"form-token": stolen}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_site_does_nothing_even_with_the_token(visitor, headers):
    refused = visitor.client.post("/sign-out", data={"form-token": visitor.token()}, headers=headers)
    assert refused.status_code == 403
    own = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    sent = visitor.client.post("/sign-out", data={"form-token": visitor.token()}, headers=own)
    assert sent.status_code == 303


def test_signing_in_begins_a_new_session_whatever_name_was_planted(visitor):
    planted = "A" * 43
    visitor.client.cookies.set("shirushi", planted, domain="testserver.local", path="/")
    visitor.sign_in(ALICE)
    assert visitor.session != planted
    other = visitor.portal.visitor()
    other.client.cookies.set("shirushi", planted)
    assert ALICE not in other.get("/").text


def test_signing_out_ends_the_session_on_the_server_too(visitor):
    visitor.sign_in(ALICE)
    name = visitor.session
    assert ALICE in visitor.get("/").text
    visitor.send("/sign-out")
    thief = visitor.portal.visitor()
    thief.client.cookies.set("shirushi", name)
    assert ALICE not in thief.get("/").text


def test_a_withdrawn_token_ends_the_session(own_portal):
    visitor = own_portal.visitor().sign_in(ALICE)
    tokens = own_portal.domain.ports.tokens
    (its,) = [t for t in tokens.tokens(own_portal.domain.actor) if t.actor.id == ALICE]
    assert visitor.get("/sign").status_code == 200
    tokens.revoke(own_portal.domain.actor, its.id)
    assert visitor.get("/sign").status_code == 303
    assert visitor.get("/sign").headers["location"] == "/sign-in?next=/sign"


def test_no_file_on_disk_holds_a_token_or_a_sessions_name(own_portal):
    visitor = own_portal.visitor().sign_in(ALICE)
    visits = own_portal.domain.ports.visits
    (folder,) = visits.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    assert visits.stat().st_mode & 0o077 == 0
    held = "".join(path.read_text() + str(path) for path in folder.rglob("*") if path.is_file())
    assert visitor.session not in held
    assert own_portal.tokens[ALICE] not in held


def test_a_wrong_token_signs_nobody_in(visitor):
    refused = visitor.send("/sign-in", **{"sign-in-token": "shirushi_nonsense"})
    assert refused.status_code == 403
    assert 'aria-invalid="true"' in refused.text
    assert visitor.get("/sign").status_code == 303


@pytest.mark.parametrize("page", ["/sign", "/seal", "/stamp", *FOR_OPERATORS])
def test_a_visitor_is_led_to_the_sign_in_and_back(visitor, page):
    led = visitor.get(page)
    assert (led.status_code, led.headers["location"]) == (303, f"/sign-in?next={page}")
    back = visitor.send("/sign-in", **{"sign-in-token": visitor.portal.tokens[OPERATOR], "next": page})
    assert back.headers["location"] == page


@pytest.mark.parametrize("page", FOR_OPERATORS)
def test_a_signer_sees_no_operators_page(visitor, page):
    refused = visitor.sign_in(ALICE).get(page)
    assert refused.status_code == 403
    assert "NOT_PERMITTED" in refused.text


def test_an_auditor_looks_but_does_not_revoke(visitor):
    visitor.sign_in(AUDITOR)
    register = visitor.get("/ca/certificates").text
    one = re.search(r'href="(/ca/certificates/[0-9a-f]+)"', register)[1]
    assert 'name="sure"' not in visitor.get(one).text
    assert visitor.send(one, sure="yes", reason="KEY_COMPROMISE").status_code == 403


def test_what_one_session_keeps_no_other_can_see(portal):
    mine, theirs = portal.visitor(), portal.visitor()
    verdict = mine.send("/verdicts", file=portal.documents / SIGNED).headers["location"]
    assert mine.get(verdict).status_code == 200
    theirs.get("/")
    for address in (verdict, f"{verdict}/report"):
        assert theirs.get(address).status_code == 404
    assert "UPLOAD_GONE" in theirs.get(verdict).text


def test_signing_in_leaves_what_the_visitor_kept_behind(portal):
    visitor = portal.visitor()
    verdict = visitor.send("/verdicts", file=portal.documents / SIGNED).headers["location"]
    visitor.sign_in(ALICE)
    assert visitor.get(verdict).status_code == 404


def test_a_file_beyond_the_limit_is_refused_whatever_is_declared(own_portal):
    said = own_portal.domain.configuration
    serve = said.serve.model_copy(update={"document_megabytes": 1})
    configuration = said.model_copy(update={"serve": serve})
    small = replace(own_portal, domain=replace(own_portal.domain, configuration=configuration)).visitor()
    data = {"form-token": small.token()}
    files = {"document": ("large.pdf", b"%PDF-1.7\n" + bytes(2_000_000))}
    refused = small.client.post("/verdicts", data=data, files=files)
    assert refused.status_code == 413
    assert "1.1 MB" in refused.text
    whole = small.client.build_request("POST", "/verdicts", data=data, files=files)
    pieces = (whole.read()[start : start + 65536] for start in range(0, 2_000_000, 65536))
    undeclared = {"content-type": whole.headers["content-type"], "cookie": f"shirushi={small.session}"}
    assert small.client.post("/verdicts", content=pieces, headers=undeclared).status_code == 413
    assert not list(own_portal.domain.ports.visits.rglob("content*"))


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"--x\r\nContent-Disposition: form-data\r\n\r\n"])
def test_a_body_that_is_no_form_is_refused(visitor, body):
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert visitor.client.post("/verdicts", content=body, headers=headers).status_code in {400, 403}


def test_no_file_and_an_empty_file_are_told(visitor, tmp_path):
    empty = tmp_path / "empty.pdf"
    empty.touch()
    for sent in (visitor.send("/verdicts"), visitor.send("/verdicts", file=empty)):
        assert sent.status_code == 400
        assert "UPLOAD_MISSING" in sent.text


def test_what_is_no_pdf_is_told_and_not_kept(own_portal, tmp_path):
    note = tmp_path / "note.txt"
    note.write_text("not a PDF")
    visitor = own_portal.visitor()
    refused = visitor.send("/verdicts", file=note)
    assert refused.status_code == 415
    assert "UNKNOWN_DOCUMENT_FORMAT" in refused.text
    assert not list(own_portal.domain.ports.visits.rglob("content*"))


def test_who_asks_too_often_waits(own_portal):
    said = own_portal.domain.configuration
    serve = said.serve.model_copy(update={"requests_per_second": 0.001, "burst": 2})
    domain = replace(own_portal.domain, configuration=said.model_copy(update={"serve": serve}))
    visitor = replace(own_portal, domain=domain).visitor()
    assert [visitor.get("/").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    "address",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "", "/a\r\nb", "x"],
)
def test_nobody_is_sent_elsewhere(visitor, address):
    assert local_address(address) == "/"
    chosen = visitor.client.get("/language/ja", params={"next": address})
    assert chosen.headers["location"] == "/"


def test_the_language_is_chosen_for_good_and_asked_for_at_first(visitor):
    assert '<html lang="en">' in visitor.get("/").text
    assert '<html lang="ja">' in visitor.get("/", **{"accept-language": "ja,en;q=0.8"}).text
    assert '<html lang="ja">' in visitor.get("/", **{"accept-language": "fr"}).text
    visitor.get("/language/ja?next=/")
    assert '<html lang="ja">' in visitor.get("/").text


def test_machines_still_get_problems_and_browsers_pages(visitor):
    browser = visitor.get("/nowhere")
    assert (browser.status_code, browser.headers["content-type"]) == (404, "text/html; charset=utf-8")
    machine = visitor.get("/nowhere", accept="application/json")
    assert machine.headers["content-type"].startswith("application/problem+json")
    assert visitor.get("/tsa", accept="*/*").status_code == 405


def test_a_failure_inside_is_told_without_what_is_inside(own_portal, monkeypatch):
    visitor = own_portal.visitor().sign_in(OPERATOR)
    shutil.rmtree(own_portal.domain.ports.visits)
    own_portal.domain.ports.visits.touch()  # nothing can be kept where no folder is
    client = visitor.client
    client._transport.raise_server_exceptions = False
    answer = visitor.portal.visitor()
    answer.client._transport.raise_server_exceptions = False
    token = answer.token()
    files = {"document": (SIGNED, b"%PDF-1.7")}
    failed = answer.client.post("/verdicts", data={"form-token": token}, files=files)
    assert failed.status_code == 500
    assert "INTERNAL_ERROR" in failed.text
    assert str(own_portal.domain.ports.visits) not in failed.text


def test_a_certificate_is_revoked_once_that_is_confirmed(own_portal):
    visitor = own_portal.visitor().sign_in(OPERATOR)
    register = visitor.get("/ca/certificates").text
    one = re.search(r'href="(/ca/certificates/[0-9a-f]+)">Example Trading', register)[1]
    assert visitor.send(one, reason="KEY_COMPROMISE").status_code == 400
    assert visitor.send(one, reason="KEY_COMPROMISE", sure="yes").status_code == 303
    page = visitor.get(one).text
    assert "The certificate of Example Trading GmbH was revoked." in page
    assert "Key compromise" in page
    assert 'name="sure"' not in page
    assert "was revoked." not in visitor.get(one).text


def test_a_signer_without_a_seal_is_told_whom_to_ask(visitor):
    page = visitor.sign_in(ALICE).get("/seal").text
    assert "There is no certificate to seal with." in page
    assert "Ask the operator" in page


def test_a_company_seals_in_its_own_name_alone(portal, contract):
    company = "さくら商事株式会社"
    portal.tokens[company] = portal.domain.ports.tokens.create(portal.domain.actor, company, [Role.SIGNER])
    visitor = portal.visitor().sign_in(company)
    address = visitor.send("/seal", file=contract).headers["location"]
    refused = visitor.send(address, **{"as": "Example Trading GmbH", "level": "B-T"})
    assert refused.status_code == 403
    done = visitor.send(address, **{"as": company, "level": "B-T"})
    assert done.status_code == 303
    assert company in visitor.get(done.headers["location"]).text
