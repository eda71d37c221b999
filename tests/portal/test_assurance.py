"""The wizards in a real browser, by keyboard alone and without JavaScript, in both languages; the statement on paper."""

import hashlib
import json
import re
import shutil
import subprocess

import pytest

from tests.portal.conftest import ALICE, OPERATOR
from tests.portal.test_browser import by_keyboard, find_nothing_wrong, sign_in, visit  # noqa: F401  a fixture

LEVEL = {
    "title": "会員向け予約サイト", "reputation": "moderate", "finance": "moderate", "programs": "low",
    "information": "moderate", "safety": "none", "legal": "low", "personal_information": "yes",
    "validated_attributes": "yes", "personal_information_online": "yes", "federated": "yes",
    "assertion_personal_information": "yes", "front_channel": "no",
}  # fmt: skip
SERVICES = {
    "title": "業務委託契約書", "who": "representative", "unchanged": "yes", "when": "yes", "arrived": "yes",
    "kept_years": "30", "abroad": "eu", "weight": "decisive",
}  # fmt: skip
WIZARDS = {"level": LEVEL, "services": SERVICES}
BROWSER = [pytest.mark.enable_socket, pytest.mark.needs("chromium", "chromium")]


def browser(test):
    for mark in BROWSER:
        test = mark(test)
    return test


def address(wizard, place="", **more):
    from urllib.parse import urlencode

    return f"/assurance/{wizard}{place}?{urlencode(WIZARDS[wizard] | more)}"


def answer_by_keyboard(page, answers):
    """Go through the wizard with Tab, arrows, Space and Enter alone; how many pages it took."""
    for number in range(1, 10):
        if "/result" in page.url:
            return number - 1
        for name in page.evaluate(
            "[...new Set([...document.querySelectorAll('main form input:not([type=hidden])')]"
            ".filter(i => i.name != 'framework').map(i => i.name))]"
        ):
            by_keyboard(page, f"input[name={name}]")
            if page.evaluate("document.activeElement.type") == "text":
                page.keyboard.type(answers[name])
                continue
            page.keyboard.press("Space")
            for _ in range(6):
                if page.evaluate("document.activeElement.value") == answers[name]:
                    break
                page.keyboard.press("ArrowDown")
            assert page.evaluate("document.activeElement.checked")
        by_keyboard(page, "button[value=next]")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    pytest.fail("the wizard has no end")


@browser
@pytest.mark.parametrize(("language", "script"), [("ja", False), ("en", True)])
def test_both_wizards_are_finished_by_keyboard_alone(visit, language, script):  # noqa: F811  the fixture
    page = visit(language, java_script_enabled=script)
    for wizard, expected in (("services", "30"), ("level", "IAL2 · AAL2 · FAL2")):
        page.goto("/assurance")
        by_keyboard(page, f"a[href='/assurance/{wizard}']")
        page.keyboard.press("Enter")
        page.wait_for_selector("#title")
        pages = answer_by_keyboard(page, WIZARDS[wizard])
        assert pages == {"services": 4, "level": 5}[wizard]
        assert expected in page.inner_text("main")
        assert WIZARDS[wizard]["title"] in page.inner_text("main")
        assert re.search("未照合" if language == "ja" else "Not verified", page.inner_text("main")) or (
            wizard == "level"
        )


@browser
def test_going_back_and_changing_the_language_lose_no_answer(visit):  # noqa: F811  the fixture
    page = visit("en", java_script_enabled=False)
    page.goto("/assurance/services")
    page.fill("#title", "Contract")
    page.click("button[value=next]")
    page.click("button[value=next]")
    assert "Some questions" in page.inner_text(".error >> nth=0")
    page.check("input[value=person]")
    page.click("button[value=next]")
    page.check("input[name=when][value=yes]")
    page.click("button[value=back]")
    assert page.is_checked("input[value=person]")
    page.click("header.top a[hreflang=ja]")
    assert page.get_attribute("html", "lang") == "ja"
    assert page.is_checked("input[value=person]")
    page.click("button[value=next]")
    assert page.is_checked("input[name=when][value=yes]")
    page.click("button[value=back]")
    page.click("button[value=back]")
    assert page.input_value("#title") == "Contract"


@browser
@pytest.mark.parametrize(("language", "width"), [("ja", 390), ("en", 1280)])
def test_axe_finds_nothing_on_any_page_of_assurance(visit, site, language, width, tmp_path):  # noqa: F811  the fixture
    page = visit(language, width, bypass_csp=True)
    looked = {
        "start": "/assurance",
        **{f"{wizard}-{n}": address(wizard, page=n) for wizard in WIZARDS for n in range(1, 7)},
        "wrong": "/assurance/services?page=4&go=next",
        "level-result": address("level", "/result"),
        "services-result": address("services", "/result"),
        "services-print": address("services", "/result", view="print"),
        "fit-gap": "/assurance/fit-gap",
        "fit-gap-done": "/assurance/fit-gap?go=compare&needed-ial=2&needed-aal=2&needed-fal=none"
        "&document=on&in_person=on&factor_knowledge=on",
        "fit-gap-wrong": "/assurance/fit-gap?go=compare&synced=on&key_not_exportable=on",
        "portfolio": "/assurance/portfolio",
        "case": "/assurance/portfolio/number-card-service",
        "unassessed": "/assurance/portfolio/accounting-books",
    }
    for name, place in looked.items():
        page.goto(place)
        find_nothing_wrong(page, f"{name} {language} {width}")
        page.screenshot(path=tmp_path / f"{name}-{language}-{width}.png", full_page=True)
    assert len(list(tmp_path.glob("*.png"))) == len(looked)


@browser
def test_an_operator_seals_the_statement(visit, site, tmp_path):  # noqa: F811  the fixture
    page = visit("ja", accept_downloads=True)
    sign_in(page, site, OPERATOR)
    page.goto(address("level", "/result"))
    page.click("form.sealing button")
    page.wait_for_selector("#as")
    page.select_option("#as", "さくら商事株式会社")
    page.click("main form .button")
    page.wait_for_selector(".headline.passed")
    with page.expect_download() as download:
        page.click("a[download]")
    sealed = tmp_path / "sealed.pdf"
    download.value.save_as(sealed)
    from shirushi.adapters.files import open_document

    verdict = site.portal.domain.validation.validate(open_document(sealed))
    assert verdict.indication.value == "TOTAL_PASSED"


def test_only_operators_seal_a_statement(portal, visitor):
    assert 'form class="sealing"' not in visitor.get(address("level", "/result")).text
    refused = visitor.send("/assurance/level/seal", **LEVEL)
    assert (refused.status_code, refused.headers["location"]) == (303, "/sign-in?next=/assurance/level/seal")
    alice = portal.visitor().sign_in(ALICE)
    assert alice.send("/assurance/level/seal", **LEVEL).status_code == 403
    operator = portal.visitor().sign_in(OPERATOR)
    assert operator.send("/assurance/level/seal", title="half").status_code == 404


def test_an_address_that_is_not_whole_leads_back_to_its_question(visitor):
    found = visitor.get("/assurance/level/result?reputation=low")
    assert found.status_code == 303
    assert "page=2&go=next" in found.headers["location"]
    assert visitor.get("/assurance/level/statement.pdf?reputation=low").status_code == 404
    assert visitor.get("/assurance/level?page=99999&federated=maybe").status_code == 200
    assert visitor.get("/assurance/portfolio/nothing").status_code == 404


def test_every_use_case_has_its_page(portal, visitor):
    overview = visitor.get("/assurance/portfolio").text
    entries = portal.domain.assurance.portfolio()
    assert len(entries) == 37
    for entry in entries:
        place = f"/assurance/portfolio/{entry.use_case.id}"
        assert f'href="{place}"' in overview
        page = visitor.get(place)
        assert page.status_code == 200
        assert entry.use_case.title("en") in page.text.replace("&#39;", "'")
    assert " style=" not in overview


@pytest.mark.needs("pdftotext", "poppler-utils")
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("wizard", ["level", "services"])
def test_the_statement_on_paper_says_what_the_page_says(visitor, tmp_path, wizard, language):
    headers = {"accept-language": language}
    content = visitor.get(address(wizard, "/statement.json"), **headers).content
    pdf = tmp_path / "statement.pdf"
    pdf.write_bytes(visitor.get(address(wizard, "/statement.pdf", title="契約 😀 A"), **headers).content)
    pages = subprocess.run(["pdfinfo", pdf], capture_output=True, check=True, text=True).stdout
    assert int(re.search(r"Pages:\s+(\d+)", pages)[1]) <= 2
    assert re.search(r"Tagged:\s+yes", pages)
    said = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True, text=True)
    assert said.stderr == ""
    text = re.sub(r"\s+", "", said.stdout)
    assert "契約〓A" in text
    told = json.loads(content)[language]
    steps = told["trace"] if wizard == "level" else [why for one in told["services"] for why in one["why"]]
    for step in steps:
        assert re.sub(r"\s+", "", step["text"]) in text
        assert re.sub(r"\s+", "", step["source"]) in text or wizard == "services"
    assert ("照合済み" if language == "ja" else "Verified") in text or wizard == "services"
    if shutil.which("pdfdetach"):
        subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, pdf], check=True, capture_output=True)
        attached = (tmp_path / "statement.json").read_bytes()
        assert hashlib.sha256(attached).hexdigest() in text
    if shutil.which("qpdf"):
        subprocess.run(["qpdf", "--check", pdf], check=True, capture_output=True)
