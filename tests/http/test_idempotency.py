"""A request that is sent again is answered as the first was, and carried out once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shirushi.adapters.kept_replies import CLAIM, KEPT, DatabaseReplies
from shirushi.core.instant import rfc3339
from shirushi.ports.replies import (
    IdempotencyInProgress,
    IdempotencyKeyReused,
    IdempotencyOutcomeUnknown,
    Reply,
)
from tests.fakes import FakeClock
from tests.http.conftest import ALICE, COMPANY


def signatures(caller):
    return len(caller.domain.services.audit.search(caller.domain.actor, action="signing.sign").records)


def sign(caller, token, pdf, key, **fields):
    return caller.post(
        "/api/v1/signatures",
        token=token,
        files={"document": ("a.pdf", pdf)},
        data={"credential": ALICE, "pin": "2468"} | fields,
        headers={"Idempotency-Key": key},
    )


def test_the_same_request_is_carried_out_once(caller, alice, operator, pdf):
    first, second = sign(caller, alice, pdf, "k"), sign(caller, alice, pdf, '"k"')
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (
        False,
        "true",
    )
    assert first.headers["content-disposition"] == second.headers["content-disposition"]
    assert signatures(caller) == 1
    assert sign(caller, operator, pdf, "k").content != first.content  # another's key is another key
    assert signatures(caller) == 2


def test_another_request_under_the_key_is_refused(caller, alice, pdf):
    assert sign(caller, alice, pdf, "k").status_code == 200
    for answer in (sign(caller, alice, pdf + b"\n", "k"), sign(caller, alice, pdf, "k", level="B-B")):
        assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert signatures(caller) == 1


def test_what_was_refused_may_be_tried_again_under_the_key(caller, alice, pdf):
    wrong = sign(caller, alice, pdf, "k", pin="0000")
    assert wrong.json()["code"] == "WRONG_PIN"
    assert sign(caller, alice, pdf, "k").status_code == 200


@pytest.mark.parametrize("key", ["", '""', "k" * 201, "a\tb"])
def test_keys_that_are_none(caller, alice, pdf, key):
    assert sign(caller, alice, pdf, key).json()["code"] == "REQUEST_MALFORMED"


def test_the_pin_is_not_in_what_is_kept(caller, alice, pdf, data):
    assert sign(caller, alice, pdf, "k").status_code == 200
    with caller.domain.ports.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM http_kept_reply").one()
    assert row.after_document
    assert not row.content.startswith(b"%PDF")  # what was appended, not the document


def test_concurrent_requests_under_one_key_are_carried_out_once(caller, alice, pdf):
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: sign(caller, alice, pdf, "k"), range(6)))
    assert {a.status_code for a in answers} <= {200, 409}
    assert len({a.content for a in answers if a.status_code == 200}) == 1
    assert signatures(caller) == 1


def test_concurrent_seals_of_one_document_all_stand(caller, operator, pdf):
    def seal(_):
        files = {"document": ("a.pdf", pdf)}
        return caller.post("/api/v1/seals", token=operator, files=files, data={"sealer": COMPANY})

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(seal, range(8)))
    assert [a.status_code for a in answers] == [200] * 8
    assert len({a.content for a in answers}) == 8


def test_a_key_whose_holder_is_gone_is_nobodys_and_a_reply_is_kept_for_a_day(caller):
    clock = FakeClock()
    replies = DatabaseReplies(caller.domain.ports.database, clock)
    reply = Reply(200, "application/json", (("X", "1"),), b"{}")
    assert replies.claim("a", "k", "d") is None
    with pytest.raises(IdempotencyInProgress):
        replies.claim("a", "k", "d")
    began = clock.at
    clock.advance(seconds=CLAIM.total_seconds() + 1)
    for _ in range(2):
        with pytest.raises(IdempotencyOutcomeUnknown) as caught:
            replies.claim("a", "k", "d")
    assert caught.value.parameters["began"] == rfc3339(began)
    with pytest.raises(IdempotencyKeyReused):
        replies.claim("a", "k", "e")
    replies.keep("a", "k", reply)  # its holder was slow
    assert replies.claim("a", "k", "d") == reply
    replies.release("a", "k")  # only a claim is released, never a reply
    assert replies.claim("a", "k", "d") == reply
    clock.at += KEPT + timedelta(seconds=1)
    replies.forget()
    assert replies.claim("a", "k", "e") is None
    replies.release("a", "k")
    assert replies.claim("a", "k", "f") is None


def test_what_breaks_off_without_a_name_is_not_carried_out_again(caller, alice, pdf, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseReplies, "keep", broken)
        assert sign(caller, alice, pdf, "k").status_code == 500
    again = sign(caller, alice, pdf, "k")
    assert (again.status_code, again.json()["code"]) == (409, "IDEMPOTENCY_IN_PROGRESS")
    assert signatures(caller) == 1
