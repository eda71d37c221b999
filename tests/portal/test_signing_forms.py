"""The portal's choice of a format, seals on behalf of users, and the page on what falls due."""

from __future__ import annotations

import pytest

from tests.portal.conftest import ALICE, OPERATOR

COMPANY = "さくら商事株式会社"


def bring(visitor, way, file):
    """The address and the text of the page on which a document is checked."""
    address = visitor.send(f"/{way}", f"/{way}", file).headers["location"]
    return address, visitor.get(address).text


def agree(visitor, address, **fields):
    """The page that tells what was made."""
    sent = visitor.send(address, address, **fields)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"], visitor.get(sent.headers["location"]).text


@pytest.mark.parametrize(
    ("form", "ending"), [("asic-e", ".pdf.asice"), ("cades", ".pdf.p7m"), ("", ".signed.pdf")]
)
def test_a_format_is_chosen_with_its_explanation(portal, contract, form, ending):
    visitor = portal.visitor().sign_in(ALICE)
    address, page = bring(visitor, "sign", contract)
    assert all(f'value="{each}"' in page for each in ("pades", "xades", "cades", "jades", "asic-e"))
    assert "any other file" in page
    _, done = agree(visitor, address, **{"as": ALICE, "pin": "2468", "format": form, "mark": "first"})
    assert ending in done
    assert "The person’s own signature" in done


def test_a_seal_on_behalf_of_a_user_is_told_apart_in_both_languages(portal, contract):
    visitor = portal.visitor().sign_in(OPERATOR)
    address, page = bring(visitor, "seal", contract)
    assert "On behalf of" in page
    made, done = agree(visitor, address, **{"as": COMPANY, "behalf": ALICE})
    assert f"A seal of the platform, on behalf of {ALICE}" in done
    verdict = made.replace("/seal/", "/verdicts/").removesuffix("/done")
    assert f"A seal of the platform, on behalf of {ALICE}" in visitor.get(verdict).text
    visitor.get("/language/ja")
    assert f"プラットフォームの eシール（立会人型）: {ALICE}" in visitor.get(verdict).text


def test_what_falls_due_is_shown_to_operators_alone(portal):
    assert "Nothing falls due" in portal.visitor().sign_in(OPERATOR).get("/renewals").text
    assert portal.visitor().sign_in(ALICE).get("/renewals").status_code == 403
