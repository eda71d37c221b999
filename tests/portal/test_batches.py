"""Several documents in the portal, without JavaScript: brought, signed under one PIN, watched, cancelled, taken home."""

from __future__ import annotations

import io
import re
import time
import zipfile

import pytest

from tests.portal.conftest import ALICE, OPERATOR

COMPANY = "さくら商事株式会社"
TEXTS = {f"議事録 {number}.txt": f"議事録 {number}".encode() for number in range(3)}


def bring(visitor, address, page, files):
    """Send several files with one form."""
    sent = [("document", (name, content, "application/octet-stream")) for name, content in files.items()]
    return visitor.client.post(address, data={"form-token": visitor.token(page)}, files=sent)


def begin(visitor, address, **fields):
    covers = re.search(r'name="covers" value="([0-9a-f]{64})"', visitor.get(address).text)[1]
    return visitor.send(address, address, **({"covers": covers} | fields))


def over(visitor, place):
    """The page once nothing more happens: who has no JavaScript asks for it again."""
    for _ in range(3000):
        page = visitor.get(place).text
        if "See how far it is" not in page:
            return page
        time.sleep(0.01)
    raise AssertionError(page)


@pytest.fixture
def alice(portal):
    return portal.visitor().sign_in(ALICE)


def test_several_files_are_signed_under_one_pin_and_come_back_one_by_one_or_all(alice, contract):
    place = bring(alice, "/sign", "/sign", TEXTS).headers["location"]
    assert bring(alice, f"{place}/documents", place, {"契約書.pdf": contract.read_bytes()}).status_code == 303
    page = alice.get(place).text
    assert all(name in page for name in (*TEXTS, "契約書.pdf"))
    assert "Sign 4 document(s)" in page
    sent = begin(alice, place, **{"as": ALICE, "pin": "2468", "mark": "last", "place": "top-left"})
    assert (sent.status_code, sent.headers["location"]) == (303, place)
    page = over(alice, place)
    assert "Finished" in page
    assert "4 of 4 done" in page
    signed = alice.get(f"{place}/documents/4")
    assert signed.headers["content-disposition"].endswith("signed.pdf")
    assert signed.content.startswith(contract.read_bytes())
    with zipfile.ZipFile(io.BytesIO(alice.get(f"{place}/archive").content)) as archive:
        assert len(archive.namelist()) == 4
        assert archive.read("契約書.signed.pdf") == signed.content
    assert place in alice.get("/sign").text
    assert alice.send(f"{place}/remove", place).headers["location"] == "/sign"
    assert alice.get(place).status_code == 404


def test_a_wrong_pin_takes_no_document_away(own_portal):
    alice = own_portal.visitor().sign_in(ALICE)
    place = bring(alice, "/sign", "/sign", TEXTS).headers["location"]
    refused = begin(alice, place, **{"as": ALICE, "pin": "0000", "role": "部長"})
    assert refused.status_code == 403
    assert "Attempts left" in refused.text
    assert "部長" in refused.text
    assert "Sign 3 document(s)" in refused.text
    begin(alice, place, **{"as": ALICE, "pin": "2468"})
    assert "3 of 3 done" in over(alice, place)


def test_what_was_added_after_the_page_was_seen_is_not_signed_unseen(alice):
    place = bring(alice, "/sign", "/sign", TEXTS).headers["location"]
    seen = alice.get(place).text
    covers = re.search(r'name="covers" value="([0-9a-f]{64})"', seen)[1]
    bring(alice, f"{place}/documents", place, {"x.txt": b"slipped in"})
    refused = alice.send(place, place, **{"as": ALICE, "pin": "2468", "covers": covers})
    assert "ACTIVATION_FOREIGN" in refused.text


def test_a_failure_stands_beside_its_document_in_both_languages(portal):
    operator = portal.visitor().sign_in(OPERATOR)
    files = TEXTS | {"broken.pdf": b"%PDF-1.7 cut off"}
    place = bring(operator, "/seal", "/seal", files).headers["location"]
    begin(operator, place, **{"as": COMPANY, "behalf": ALICE})
    page = over(operator, place)
    row = re.search(r"<tr>(?:(?!</tr>).)*broken\.pdf.*?</tr>", page, re.DOTALL)[0]
    assert "Failed" in row
    assert re.search(r'class="code">PDF_\w+', row)
    assert f"on behalf of {ALICE}" in page
    operator.get("/language/ja")
    assert "失敗" in operator.get(place).text


def test_a_batch_is_cancelled_without_javascript(alice):
    place = bring(alice, "/sign", "/sign", TEXTS).headers["location"]
    begin(alice, place, **{"as": ALICE, "pin": "2468"})
    assert alice.send(f"{place}/cancel", place).headers["location"] == place
    assert re.search("Cancelled|Finished", over(alice, place))


def test_another_person_sees_nothing_of_it(portal, alice):
    place = bring(alice, "/sign", "/sign", TEXTS).headers["location"]
    other = portal.visitor().sign_in(OPERATOR)
    assert other.get(place).status_code == 404
    assert other.send(f"{place}/cancel", "/sign").status_code == 404


def test_only_the_part_that_changes_is_sent_to_a_page_that_follows_live(alice):
    place = bring(alice, "/sign", "/sign", TEXTS).headers["location"]
    begin(alice, place, **{"as": ALICE, "pin": "2468"})
    part = alice.get(place, **{"hx-target": "progress"}).text
    assert part.strip().startswith('<div id="progress"')
    assert "<html" not in part
    over(alice, place)
    assert "hx-get" not in alice.get(place, **{"hx-target": "progress"}).text


MORE = {
    "format": "xades",
    "packaging": "enveloping",
    "commitment": "1.2.840.113549.1.9.16.6.5",
    "location": "札幌市",
    "street": "北1条西2丁目",
    "region": "北海道",
    "postal_code": "060-0001",
    "country": "JP",
    "role": "代表取締役\n理事",
    "policy": "1.2.392.200000.1.1",
    "policy_digest": "AB" * 32,
    "policy_uri": "https://example.jp/policy",
    "policy_notice": "金額は税込みです",
    "content_timestamp": "yes",
}


def test_everything_that_a_signature_can_say_is_said_in_the_portal(alice, portal, tmp_path):
    note = tmp_path / "覚書.txt"
    note.write_text("覚書")
    address = alice.send("/sign", "/sign", note).headers["location"]
    assert '<details class="more">' in alice.get(address).text
    sent = alice.send(address, address, **{"as": ALICE, "pin": "2468"} | MORE)
    assert sent.status_code == 303, sent.text
    signed = alice.get(sent.headers["location"].replace("/done", "/download")).content
    for said in (
        "札幌市",
        "北1条西2丁目",
        "北海道",
        "060-0001",
        "代表取締役",
        "理事",
        "https://example.jp/policy",
        "金額は税込みです",
    ):
        assert said.encode() in signed, said
    for said in (b"1.2.392.200000.1.1", b"1.2.840.113549.1.9.16.6.5", b"AllDataObjectsTimeStamp"):
        assert said in signed, said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("policy", "not an oid"),
        ("policy_digest", "abc"),
        ("policy", "1.2.392.1"),
        ("policy_uri", "https://x.jp"),
    ],
)
def test_what_cannot_be_said_so_is_told_beside_its_field(alice, contract, field, value):
    address = alice.send("/sign", "/sign", contract).headers["location"]
    refused = alice.send(address, address, **{"as": ALICE, "pin": "2468", field: value})
    assert refused.status_code == 400
    assert "SAYING_MALFORMED" in refused.text
    assert '<details class="more" open>' in refused.text
    assert refused.text.count('aria-invalid="true"') == 1
    assert value in refused.text
