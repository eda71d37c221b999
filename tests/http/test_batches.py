"""Batches over HTTP: bring, agree, watch, cancel, fetch; and what a restart of the server leaves."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile

import httpx
import pytest

from shirushi.core.actor import Role
from shirushi.domain import open_domain
from tests.http.conftest import ALICE, COMPANY, serving

AS_ALICE = {"credential": ALICE, "pin": "2468"}
TEXTS = [("document", (f"{number}.txt", f"議事録 {number}".encode())) for number in range(3)]


def opened(caller, token, files=TEXTS):
    made = caller.post("/api/v1/batches", token=token, files=files)
    assert made.status_code == 201, made.text
    assert made.json()["state"] == "collecting"
    return made.headers["location"]


def over(get):
    for _ in range(3000):
        found = get().json()
        if found["state"] in {"done", "cancelled", "interrupted"}:
            return found
        time.sleep(0.01)
    raise AssertionError(found)


def test_documents_are_brought_signed_watched_and_fetched(caller, alice, pdf):
    place = opened(caller, alice)
    more = caller.post(f"{place}/documents", token=alice, files={"document": ("契約書.pdf", pdf)})
    assert more.json()["documents"] == 4
    wrong = caller.post(f"{place}/signature", token=alice, json=AS_ALICE | {"pin": "0000"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "WRONG_PIN")
    begun = caller.post(f"{place}/signature", token=alice, json=AS_ALICE | {"role": ["代表取締役"]})
    assert (begun.status_code, begun.headers["location"]) == (202, place)
    found = over(lambda: caller.get(place, token=alice))
    assert (found["state"], found["done"], found["signed"], found["level"]) == ("done", 4, 4, "B-T")
    first = caller.get(f"{place}/documents?limit=3", token=alice).json()
    rest = caller.get(f"{place}/documents?after={first['next']}", token=alice).json()
    told = first["documents"] + rest["documents"]
    assert [each["number"] for each in told] == [1, 2, 3, 4]
    assert rest["next"] is None
    signed = caller.get(told[3]["result"], token=alice)
    assert signed.headers["content-type"] == "application/pdf"
    assert signed.content.startswith(pdf)
    files = {"document": ("a.pdf", signed.content)}
    verdict = caller.post("/api/v1/validations", token=alice, files=files).json()
    assert verdict["indication"] == "TOTAL_PASSED"
    archive = caller.get(f"{place}/archive", token=alice)
    assert archive.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(archive.content)) as all_:
        assert all_.namelist()[3] == "契約書.signed.pdf"
        assert all_.read("契約書.signed.pdf") == signed.content
    assert caller.get("/api/v1/batches", token=alice).json()["batches"] == [found]
    gone = caller.call("DELETE", f"{place}/documents", token=alice)
    assert gone.json() == found
    assert caller.get(place, token=alice).json()["code"] == "BATCH_UNKNOWN"


def test_a_failure_is_named_in_the_callers_language(caller, operator):
    place = opened(caller, operator, [("document", ("b.pdf", b"%PDF-1.7 cut off")), TEXTS[0]])
    caller.post(f"{place}/signature", token=operator, json={"credential": COMPANY, "on_behalf_of": ALICE})
    found = over(lambda: caller.get(place, token=operator))
    assert (found["signed"], found["failed"], found["on_behalf_of"]) == (1, 1, ALICE)
    headers = {"Accept-Language": "ja"}
    failed = caller.get(f"{place}/documents", token=operator, headers=headers).json()["documents"][0]
    assert failed["state"] == "failed"
    assert failed["failure"]["code"].startswith("PDF_")
    assert any("ぁ" <= c <= "ん" for c in failed["failure"]["detail"])
    missing = caller.get(f"{place}/documents/1", token=operator)
    assert (missing.status_code, missing.json()["code"]) == (404, "BATCH_DOCUMENT_MISSING")


def test_deleting_cancels_and_deletes_nothing_that_was_signed(caller, alice):
    place = opened(caller, alice)
    assert caller.call("DELETE", place, token=alice).json()["state"] == "cancelled"
    begun = caller.post(f"{place}/signature", token=alice, json=AS_ALICE)
    assert (begun.status_code, begun.json()["code"]) == (409, "BATCH_BEGUN")
    place = opened(caller, alice)
    caller.post(f"{place}/signature", token=alice, json=AS_ALICE)
    assert caller.call("DELETE", place, token=alice).status_code in {200, 202}
    found = over(lambda: caller.get(place, token=alice))
    assert found["state"] in {"cancelled", "done"}
    for number in range(1, found["signed"] + 1):
        assert caller.get(f"{place}/documents/{number}", token=alice).status_code == 200


def test_what_is_sent_again_under_its_key_is_not_done_again(caller, alice):
    key = {"Idempotency-Key": "one"}
    made = [caller.post("/api/v1/batches", token=alice, files=TEXTS, headers=key) for _ in range(2)]
    assert {answer.status_code for answer in made} == {201}
    place = made[0].headers["location"]
    assert made[1].headers["location"] == place
    for _ in range(2):
        added = caller.post(
            f"{place}/documents", token=alice, files=TEXTS[:1], headers={"Idempotency-Key": "two"}
        )
        assert added.json()["documents"] == 4
    for _ in range(2):
        begun = caller.post(
            f"{place}/signature", token=alice, json=AS_ALICE, headers={"Idempotency-Key": "three"}
        )
        assert begun.status_code == 202
    assert over(lambda: caller.get(place, token=alice))["signed"] == 4


def test_others_see_nothing_of_a_batch(caller, alice, operator):
    place = opened(caller, alice)
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/documents"), ("GET", "/archive")):
        answer = caller.call(method, place + path, token=operator)
        assert (answer.status_code, answer.json()["code"]) == (404, "BATCH_UNKNOWN")


@pytest.mark.enable_socket
def test_a_killed_worker_leaves_a_batch_that_says_what_was_signed(data, pdf):
    with open_domain(data) as domain:
        token = domain.ports.tokens.create(domain.actor, ALICE, [Role.SIGNER])
    headers = {"Authorization": f"Bearer {token}"}
    files = [("document", (f"{number}.pdf", pdf)) for number in range(30)]
    with serving(data, workers=1) as server, httpx.Client(base_url=server.address, headers=headers) as client:
        place = client.post("/api/v1/batches", files=files).headers["location"]
        assert client.post(f"{place}/signature", json=AS_ALICE).status_code == 202
        while not client.get(place).json()["signed"]:
            time.sleep(0.01)
        kill_children(server)
        found = over(lambda: patiently(client, place))
        assert found["state"] == "interrupted"
        assert 1 <= found["signed"] < 30
        told = client.get(f"{place}/documents").json()["documents"]
        assert [each["state"] for each in told] == ["signed"] * found["signed"] + ["not-signed"] * (
            30 - found["signed"]
        )
        last = client.get(told[found["signed"] - 1]["result"])
        verdict = client.post("/api/v1/validations", files={"document": ("a.pdf", last.content)}).json()
        assert verdict["indication"] == "TOTAL_PASSED"


def patiently(client, place):
    """An answer, though the server may be starting its workers anew."""
    for _ in range(600):
        try:
            return client.get(place)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server does not come back")


def kill_children(server):
    for child in server.children():
        os.kill(child, signal.SIGKILL)
