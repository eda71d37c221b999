"""Make the pictures of the users' guides in `docs/screenshots/`, from a demo domain that is made for it and forgotten.

Needs Debian's chromium. `.venv/bin/python docs/make_screenshots.py [folder]`: with a folder, every page goes there, in both
languages, narrow and broad; without, only the pictures that the guides show.
"""

from __future__ import annotations

import re
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Browser, Page, sync_playwright

from shirushi.core.actor import Role
from shirushi.demo.documents import make_documents
from shirushi.demo.establish import establish
from shirushi.demo.lists import publish_lists
from shirushi.demo.plan import load_plan
from shirushi.domain import open_domain
from shirushi.web import application

ROOT = Path(__file__).resolve().parent
TARGET = ROOT / "screenshots"
CONTRACT = ROOT.parent / "src" / "shirushi" / "demo" / "documents" / "contract.pdf"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
SWITCHES += ["--disable-background-networking", "--disable-component-update"]
WIDTHS = (390, 1280)
VERDICTS = ("contract.signed", "changed-byte", "unknown-issuer", "revoked", "signed-after-revocation")
VERDICTS += ("invoice.sealed", "us-contract.signed", "contract.on-behalf")
EXPLAINED = {"invoice.sealed", "us-contract.signed"}
SUBMIT = "main form .button"


@contextmanager
def running() -> Iterator[tuple[str, str, Path]]:
    """A portal on a port of this machine: its address, an operator's token, and the demo's documents."""
    with tempfile.TemporaryDirectory() as folder:
        path, plan = Path(folder) / "shirushi-data", load_plan()
        establish(path, plan, print)
        with open_domain(path) as domain, socket.socket() as taken:
            publish_lists(domain, plan, path, print)
            make_documents(domain, plan, path / "documents", print)
            token = domain.ports.tokens.create(
                domain.actor, "operator@example.jp", [Role.OPERATOR, Role.AUDITOR]
            )
            taken.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(application(domain), log_config=None, ws="none"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
            thread.start()
            yield f"http://127.0.0.1:{taken.getsockname()[1]}", token, path / "documents"
            server.should_exit = True
            thread.join()


def walk(page: Page, token: str, documents: Path) -> Iterator[str]:
    """Go through every page; each name that is given stands for the page as it then shows."""
    page.goto("/")
    yield "start"
    for name in VERDICTS:
        page.goto("/")
        page.set_input_files("#document", documents / f"{name}.pdf")
        page.click(SUBMIT)
        page.wait_for_selector(".questions")
        yield f"verdict-{name}"
        if name in EXPLAINED:
            page.goto(f"{page.url.partition('?')[0]}/why")
            yield f"why-{name}"
    page.goto("/sign-in")
    yield "sign-in"
    page.fill("#sign-in-token", token)
    page.click(SUBMIT)
    page.wait_for_selector(".notice")
    for way in ("sign", "seal"):
        page.goto(f"/{way}")
        yield f"{way}-1"
        page.set_input_files("#document", CONTRACT)
        page.click(SUBMIT)
        page.wait_for_selector("#will")
        page.check("input[name=mark][value=first]")
        yield f"{way}-2"
        if way == "sign":
            page.fill("#pin", "2468")
        page.click(SUBMIT)
        page.wait_for_selector(".headline.passed")
        yield f"{way}-3"
    page.goto("/stamp")
    yield "stamp-1"
    page.set_input_files("#document", CONTRACT)
    page.click(SUBMIT)
    page.wait_for_selector(".headline.passed")
    yield "stamp-2"
    for address, name in (
        ("/ca/certificates", "certificates"),
        ("/audit", "audit"),
        ("/clock", "clock"),
        ("/health", "health"),
    ):
        page.goto(address)
        yield name
    page.goto("/ca/certificates")
    page.click("tbody a >> nth=3")
    page.wait_for_selector("#detail")
    yield "certificate"
    page.goto("/audit")
    page.click("form[action='/audit/verify'] button")
    page.wait_for_selector(".headline")
    yield "audit-verified"
    yield from certificates(page)
    for address, name in (("/lists", "lists"), ("/lists/JP", "list"), ("/lists/agreements", "agreements")):
        page.goto(address)
        yield name
    page.goto("/nowhere")
    yield "problem"


def certificates(page: Page) -> Iterator[str]:
    """The pages of the certification authority, with two requests whose names look alike, the first of them approved."""
    for name, way in (("sakura-login", "approve"), ("sakura-1ogin", "wait")):
        page.goto("/ca/requests/new?profile=device")
        yield f"ca-request-new-{way}"
        page.fill("#csr", request_for(name))
        page.click(SUBMIT)
        page.wait_for_selector(".review")
        if way == "approve":
            page.click(SUBMIT)
            page.wait_for_selector(".notice")
    page.reload()
    yield "ca-request"
    for address, name in (
        ("/ca", "ca-desk"),
        ("/ca/requests", "ca-requests"),
        ("/ca/registers?key=7000012050002&change=representative", "ca-registers"),
        ("/ca/authorities", "ca-authorities"),
        ("/ca/enrolment", "ca-enrolment"),
        ("/ca/profiles", "ca-profiles"),
    ):
        page.goto(address)
        yield name
    page.goto("/ca/certificates?text=sakura-login")
    page.click("tbody a >> nth=0")
    page.wait_for_selector("#life")
    yield "ca-certificate"
    page.goto(f"{page.url}/renewal")
    yield "ca-renewal"


def request_for(name: str) -> str:
    """A certification request in PEM, with a key that is forgotten."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject)
    signed = made.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def shown_in_guides() -> set[str]:
    """The names of the pictures that the guides show."""
    texts = (path.read_text(encoding="utf-8") for path in ROOT.glob("users-guide*.md"))
    return {name for text in texts for name in re.findall(r"screenshots/([\w.-]+\.png)", text)}


def take(browser: Browser, address: str, token: str, documents: Path, target: Path) -> None:
    """Every page, in both languages, narrow and broad; of these the ones that are wanted."""
    wanted = shown_in_guides() if target == TARGET else None
    for language in ("ja", "en"):
        for width in WIDTHS:
            context = browser.new_context(
                locale=language, viewport={"width": width, "height": 900}, base_url=address
            )
            page = context.new_page()
            for name in walk(page, token, documents):
                picture = f"{name}.{language}.{width}.png"
                if wanted is None or picture in wanted:
                    page.screenshot(path=target / picture, full_page=wanted is None)
            context.close()


def main() -> None:
    """Take the pictures."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.mkdir(exist_ok=True, parents=True)
    with running() as (address, token, documents), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        take(browser, address, token, documents, target)
        browser.close()


if __name__ == "__main__":
    main()
