"""The portal in a real browser: every page under axe, the main jobs by keyboard and without JavaScript, both languages."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.portal.conftest import ALICE, OPERATOR
from tests.portal.test_verdicts import HEADS

pytestmark = [pytest.mark.enable_socket, pytest.mark.needs("chromium", "chromium")]

AXE = Path(__file__).parents[1] / "fixtures" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SUBMIT = "main form .button"


@pytest.fixture
def visit(site):
    """Opens a page as a fresh visitor, and holds it to what holds for every page."""
    contexts, complaints = [], []

    def open_(language="ja", width=1280, **options):
        context = site.browser.new_context(
            locale=language, viewport={"width": width, "height": 900}, base_url=site.address, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Security" in said.text else None)
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(site.address) else complaints.append(asked.url),
        )
        return page

    open_.site = site
    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page, site, account):
    page.goto("/sign-in")
    page.fill("#sign-in-token", site.portal.tokens[account])
    page.click(SUBMIT)
    page.wait_for_selector(".notice")


def verify(page, site, name):
    page.goto("/")
    page.set_input_files("#document", site.portal.documents / name)
    page.click(SUBMIT)
    page.wait_for_selector(".questions")


def send_file(page, address, path):
    page.goto(address)
    page.set_input_files("#document", path)
    page.click(SUBMIT)
    page.wait_for_selector("h1")


def find_nothing_wrong(page, name):
    """Axe finds nothing, nothing needs scrolling sideways, and the page is in one language with a title."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    violations = [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found["violations"]]
    assert violations == [], f"{name}: {json.dumps(violations, ensure_ascii=False, indent=1)}"
    assert len(found["passes"]) > 15
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too broad"
    assert page.title().endswith("Shirushi")


@pytest.mark.parametrize(("language", "width"), [("ja", 390), ("en", 1280)])
def test_axe_finds_nothing_on_any_page(visit, site, contract, language, width):
    page = visit(language, width, bypass_csp=True)

    def look(name, address=None):
        if address:
            page.goto(address)
        find_nothing_wrong(page, f"{name} {language} {width}")

    look("start", "/")
    for name in HEADS:
        verify(page, site, name)
        look(name)
    look("print", page.url + "?view=print")
    page.goto("/sign-in")
    look("sign-in")
    page.fill("#sign-in-token", "wrong")
    page.click(SUBMIT)
    page.wait_for_selector("#sign-in-token-error")
    look("sign-in refused")
    sign_in(page, site, OPERATOR)
    look("signed in")
    look("sign", "/sign")
    for way in ("sign", "seal"):
        send_file(page, f"/{way}", contract)
        look(f"{way}, check")
        page.click("details.more > summary")
        look(f"{way}, check, more")
    page.fill("#policy", "no identifier")
    page.click(SUBMIT)
    page.wait_for_selector("#policy-error")
    look("sealing refused")
    page.fill("#policy", "")
    page.click(SUBMIT)
    page.wait_for_selector(".headline.passed")
    look("sealed")
    send_file(page, "/stamp", contract)
    look("stamped")
    for address in ("/stamp", "/ca/certificates", "/audit", "/clock", "/health", "/nowhere"):
        look(address, address)
    page.goto("/ca/certificates")
    page.click("tbody tr:has-text('さくら商事') a")
    page.wait_for_selector("#detail")
    look("certificate")
    page.click(SUBMIT + ".grave")
    page.wait_for_selector("#sure-error")
    look("certificate, not sure")
    page.goto("/audit")
    page.click("form[action='/audit/verify'] button")
    page.wait_for_selector(".headline")
    look("audit verified")


@pytest.mark.parametrize(("language", "script"), [("ja", True), ("en", False)])
def test_every_demo_document_gets_its_verdict(visit, site, language, script):
    page = visit(language, java_script_enabled=script)
    for name, heads in HEADS.items():
        verify(page, site, name)
        assert heads[language == "ja"] in page.inner_text("h1")
        assert page.locator(".question").count() == 4
        for question in page.locator(".question .answer").all():
            assert question.locator("svg").count() == 1
            assert question.inner_text().strip()


def test_a_dropped_file_is_sent_at_once(visit, site):
    page = visit("en")
    page.goto("/")
    content = list((site.portal.documents / "changed-byte.pdf").read_bytes())
    page.evaluate(
        """content => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(content)], "dropped.pdf", {type: "application/pdf"}));
            const drop = new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true});
            document.querySelector("[data-drop]").dispatchEvent(drop);
        }""",
        content,
    )
    page.wait_for_selector(".headline.failed")
    assert "dropped.pdf" in page.inner_text(".file")


def by_keyboard(page, selector, most=60):
    """Move the focus with the tab key alone until it is on `selector`, which must show that it is."""
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"no focus is seen on {selector}"
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is out of the keyboard's reach")


def choose_by_keyboard(page, path):
    """Open the file chooser with the space bar; a page that was only just shown may not take the first stroke."""
    for _ in range(5):
        try:
            with page.expect_file_chooser(timeout=4000) as chooser:
                page.keyboard.press("Space")
        except PlaywrightTimeout:
            continue
        chooser.value.set_files(path)
        return
    pytest.fail("the space bar opens no file chooser")


@pytest.mark.parametrize(("language", "script"), [("ja", False), ("en", True)])
def test_a_document_is_signed_by_keyboard_alone(visit, contract, tmp_path, language, script):
    page = visit(language, java_script_enabled=script, accept_downloads=True)
    page.goto("/sign")
    by_keyboard(page, "#sign-in-token")
    page.keyboard.type(visit.site.portal.tokens[ALICE])
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice")
    by_keyboard(page, "#document")
    choose_by_keyboard(page, contract)
    by_keyboard(page, SUBMIT)
    page.keyboard.press("Enter")
    page.wait_for_selector("#pin")
    by_keyboard(page, "input[name=mark]")
    page.keyboard.press("ArrowDown")
    by_keyboard(page, "input[name=place]")
    page.keyboard.press("ArrowUp")
    by_keyboard(page, "#reason")
    page.keyboard.type("内容に同意します")
    by_keyboard(page, "#pin")
    page.keyboard.type("2468")
    page.keyboard.press("Enter")
    page.wait_for_selector(".headline.passed")
    by_keyboard(page, "a[download]")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    signed = tmp_path / download.value.suggested_filename
    download.value.save_as(signed)
    assert signed.name == "contract.signed.pdf"
    judge_as_good(visit.site, signed)
    by_keyboard(page, "a[href^='/verdicts/']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".questions")
    assert "有栖 花子" in page.inner_text(".questions")
    assert "内容に同意します" in page.inner_text("main")


def judge_as_good(site, path):
    from shirushi.adapters.files import open_document

    verdict = site.portal.domain.validation.validate(open_document(path))
    assert verdict.indication.value == "TOTAL_PASSED"
    assert dict(verdict.signatures[0].signature.claims)["Reason"] == "内容に同意します"


def test_a_wrong_pin_is_told_beside_its_field_and_takes_nothing_away(visit, site, contract):
    page = visit("en")
    sign_in(page, site, ALICE)
    send_file(page, "/sign", contract)
    page.fill("#reason", "I agree")
    page.fill("#pin", "0000")
    page.click(SUBMIT)
    page.wait_for_selector("#pin-error")
    assert "Attempts left" in page.inner_text("#pin-error")
    assert page.evaluate("document.activeElement.id") == "pin"
    assert page.input_value("#pin") == ""
    assert page.input_value("#reason") == "I agree"
    page.fill("#pin", "2468")
    page.click(SUBMIT)
    page.wait_for_selector(".headline.passed")


def test_a_place_is_chosen_by_clicking_the_page(visit, site, contract):
    page = visit("en")
    sign_in(page, site, ALICE)
    send_file(page, "/sign", contract)
    box = page.locator(".sheet").bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + 3)
    assert page.input_value("input[name=place]:checked") == "top-left"


def test_the_document_to_be_signed_can_be_read_first(visit, site, contract):
    page = visit("en")
    sign_in(page, site, ALICE)
    send_file(page, "/sign", contract)
    answer = page.request.get(page.url + "/document")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.body() == contract.read_bytes()


def test_a_page_is_sealed_and_stamped(visit, site, contract, tmp_path):
    page = visit("ja")
    sign_in(page, site, OPERATOR)
    send_file(page, "/seal", contract)
    page.select_option("#as", "さくら商事株式会社")
    page.click(SUBMIT)
    page.wait_for_selector(".headline.passed")
    page.click("a[href^='/verdicts/']")
    page.wait_for_selector(".questions")
    assert "さくら商事株式会社" in page.inner_text(".questions")
    note = tmp_path / "覚書.txt"
    note.write_text("覚書")
    send_file(page, "/stamp", note)
    with page.expect_download() as download:
        page.click("a[download]")
    assert download.value.suggested_filename == "覚書.txt.tsr"
    assert Path(download.value.path()).read_bytes()[:1] == b"\x30"


def test_the_audit_log_is_searched_in_place(visit, site):
    page = visit("en")
    sign_in(page, site, OPERATOR)
    page.goto("/audit")
    page.fill("#action", "token.create")
    page.click("form[role=search] button")
    page.wait_for_url("**action=token.create*")
    actions = page.locator("#records code").all_inner_texts()
    assert set(actions) == {"token.create"}
    page.reload()
    assert set(page.locator("#records code").all_inner_texts()) == {"token.create"}


def test_a_verdict_prints_on_paper_with_everything_on_it(visit, site, tmp_path):
    page = visit("ja")
    verify(page, site, "contract.signed.pdf")
    page.goto(page.url + "?view=print")
    printed = tmp_path / "verdict.pdf"
    page.pdf(path=printed, format="A4")
    assert printed.stat().st_size > 20_000
    if shutil.which("pdftotext"):
        import subprocess

        text = subprocess.run(["pdftotext", printed, "-"], capture_output=True, check=True, text=True).stdout
        assert "Shirushi Demo Root CA" in text
        assert "サインイン" not in text


def bring_several(page, way, paths):
    page.goto(f"/{way}")
    page.set_input_files("#document", paths)
    page.click(SUBMIT)
    page.wait_for_selector(".files")


@pytest.fixture
def notes(tmp_path, contract):
    """Files to be signed together, one of which cannot be."""
    paths = [tmp_path / f"議事録 {number}.txt" for number in range(3)]
    for path in paths:
        path.write_text(path.name)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 cut off")
    return [contract, *paths, broken]


@pytest.mark.parametrize(("language", "width"), [("ja", 390), ("en", 1280)])
def test_axe_finds_nothing_on_the_pages_for_several_documents(visit, site, notes, language, width):
    page = visit(language, width, bypass_csp=True)
    sign_in(page, site, OPERATOR)
    bring_several(page, "seal", notes)
    for summary in page.locator("details.more > summary").all():
        summary.click()
    find_nothing_wrong(page, f"batch, check {language} {width}")
    page.select_option("#as", "さくら商事株式会社")
    page.click("section.panel .button")
    page.wait_for_selector("a[href$='/archive']")
    assert page.locator("tbody tr").count() == 5
    find_nothing_wrong(page, f"batch, over {language} {width}")
    page.goto("/seal")
    find_nothing_wrong(page, f"batches {language} {width}")


@pytest.mark.parametrize("script", [True, False])
def test_a_batch_is_followed_live_or_by_looking_again(visit, site, notes, script):
    page = visit("en", java_script_enabled=script, accept_downloads=True)
    sign_in(page, site, ALICE)
    bring_several(page, "sign", notes)
    page.fill("#pin", "2468")
    page.click("section.panel .button")
    page.wait_for_selector("#progress")
    if not script:
        while page.locator("a:has-text('See how far it is')").count():
            page.click("a:has-text('See how far it is')")
    page.wait_for_selector("a[href$='/archive']")
    assert "5 of 5 done, 1 of them failed" in page.inner_text("#progress")
    assert "PDF_" in page.inner_text("tr:has-text('broken.pdf')")
    with page.expect_download() as download:
        page.click("a[href$='/archive']")
    assert download.value.suggested_filename.startswith("batch-")


def test_files_that_are_dropped_together_are_brought_together(visit, site):
    page = visit("en")
    sign_in(page, site, ALICE)
    page.goto("/sign")
    page.evaluate(
        """() => {
            const carried = new DataTransfer();
            for (const name of ["a.txt", "b.txt"]) carried.items.add(new File(["text"], name, {type: "text/plain"}));
            const drop = new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true});
            document.querySelector("[data-drop]").dispatchEvent(drop);
        }"""
    )
    page.click(SUBMIT)
    page.wait_for_selector(".files")
    assert page.locator(".files li").count() == 2
