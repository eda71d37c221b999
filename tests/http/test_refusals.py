"""Bad input: each gets a clear problem, in the language asked for, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
from http import HTTPStatus
from urllib.parse import quote

import httpx
import pytest

from shirushi.core.actor import Role
from shirushi.core.catalogue import catalogue
from shirushi.core.errors import ConfigurationInvalid
from shirushi.faces.http.problems import problem
from tests.http.conftest import ALICE, calling, configure

BOUNDARY = "multipart/form-data; boundary=b"


def form(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


def field(name: str, value: bytes) -> bytes:
    return b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), value)


def file(content: bytes, name: bytes = b"a.pdf", field: bytes = b"document") -> bytes:
    return b'Content-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s' % (field, name, content)


def post(caller, token, body, path="/api/v1/validations", content_type=BOUNDARY, **headers):
    return caller.post(path, token=token, content=body, headers={"Content-Type": content_type, **headers})


def code(response, status):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    members = response.json()
    assert members["status"] == status
    assert set(members) == {"type", "title", "status", "detail", "code", "remedy"}
    return members["code"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "expected"),
    [
        (b"{}", "application/json", 415, "CONTENT_TYPE_REFUSED"),
        (b"", "", 415, "CONTENT_TYPE_REFUSED"),
        (b"x", "multipart/form-data", 400, "REQUEST_MALFORMED"),
        (b"x", "multipart/form-data; boundary=" + "b" * 71, 400, "REQUEST_MALFORMED"),
        (b"", BOUNDARY, 400, "REQUEST_MALFORMED"),
        (b"not a form", BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"%PDF-1.7"), end=b""), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(field("at", b"2026-01-01T00:00:00Z")), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"x"), file(b"y")), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"x"), field("other", b"1")), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"x"), field("at", b"\xff")), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"x"), field("at", b"\x00")), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"x"), field("at", b"1"), field("at", b"2")), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"x"), field("offline", b"perhaps")), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(b"Content-Type: text/plain\r\n\r\nx"), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(*[file(b"", field=b"content")] * 101), BOUNDARY, 400, "REQUEST_MALFORMED"),
        (form(file(b"x"), field("at", b"1" * 70_000)), BOUNDARY, 413, "BODY_TOO_LARGE"),
        (form(file(b"plain text", b"a.txt")), BOUNDARY, 415, "UNKNOWN_DOCUMENT_FORMAT"),
        (form(file(b"%PDF-1.7 cut off")), BOUNDARY, 400, None),
    ],
)
def test_forms_that_are_none(caller, body, content_type, status, expected):
    found = code(post(caller, caller.token("c", Role.CLIENT), body, content_type=content_type), status)
    assert expected is None or found == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"reason": "\\ud800"}',
        b'{"reason": "nonsense"}',
        b'{"unknown": 1}',
        b"[" * 100_000,
    ],
)
def test_json_that_is_not_what_it_must_be(caller, operator, body):
    answer = post(caller, operator, body, "/api/v1/certificates/1/revocation", "application/json")
    assert code(answer, 400) == "REQUEST_MALFORMED"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/certificates/zz",
        "/api/v1/certificates/" + "1" * 41,
        "/api/v1/certificates?limit=0",
        "/api/v1/certificates?limit=1&limit=2",
        "/api/v1/certificates?unknown=1",
        "/api/v1/certificates?cursor=!!!",
        "/api/v1/certificates?cursor=YQpi",
        "/api/v1/audit/records?actor=%00",
        "/api/v1/audit/records?cursor=LTE",
        "/api/v1/authorities?x=1",
        "/crl/UPPER.crl",
        "/crl/a%2F..%2Fb.crl",
        "/certificates/%00.cer",
    ],
)
def test_parameters_that_are_not_what_they_must_be(caller, operator, path):
    answer = caller.get(path, token=operator)
    assert answer.status_code in {400, 404}
    assert code(answer, answer.status_code) in {"REQUEST_MALFORMED", "ROUTE_UNKNOWN"}


@pytest.mark.parametrize(
    "path", ["/api/v1/../v1", "/api/v1/audit/records/", "//api/v1/authorities", "/api", "/tsa/"]
)
def test_paths_that_lead_nowhere(caller, operator, path):
    assert code(caller.get(path, token=operator), 404) == "ROUTE_UNKNOWN"


def test_methods_that_are_refused_name_those_that_are_not(caller):
    answer = caller.call("DELETE", "/api/v1/certificates")
    assert code(answer, 405) == "METHOD_REFUSED"
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_tokens(caller, operator, alice):
    missing = caller.get("/api/v1/credentials")
    assert (code(missing, 401), missing.headers["www-authenticate"][:6]) == ("TOKEN_MISSING", "Bearer")
    for header in ("Basic YTpi", "Bearer", "Bearer  ", "bearer"):
        answer = caller.get("/api/v1/credentials", headers={"Authorization": header})
        assert code(answer, 401) == "TOKEN_MISSING"
    for token in ("x", "shirushi_" + "A" * 43, operator[:-1]):
        assert code(caller.get("/api/v1/credentials", token=token), 401) == "TOKEN_REFUSED"
        assert code(caller.get("/crl/root.crl", token=token), 401) == "TOKEN_REFUSED"
    expired = caller.token("late", Role.CLIENT, days=-1)
    assert code(caller.get("/api/v1/credentials", token=expired), 401) == "TOKEN_REFUSED"
    tokens = caller.domain.ports.tokens
    mine = next(t.id for t in tokens.tokens(caller.domain.actor) if t.actor.id == ALICE)
    tokens.revoke(caller.domain.actor, mine)
    assert code(caller.get("/api/v1/credentials", token=alice), 401) == "TOKEN_REFUSED"


def test_roles(caller, alice, pdf):
    client = caller.token("client", Role.CLIENT)
    auditor = caller.token("auditor", Role.AUDITOR)
    refused = [
        caller.get("/api/v1/audit/records", token=client),
        caller.post("/api/v1/audit/verifications", token=alice),
        caller.get("/api/v1/certificates", token=alice),
        caller.post("/api/v1/certificates/1/revocation", token=auditor, json={}),
        caller.post(
            "/api/v1/signatures",
            token=client,
            files={"document": pdf},
            data={"credential": ALICE, "pin": "2468"},
        ),
        caller.post(
            "/api/v1/seals", token=alice, files={"document": pdf}, data={"sealer": "さくら商事株式会社"}
        ),
    ]
    assert [code(answer, 403) for answer in refused] == ["NOT_PERMITTED"] * 6
    assert caller.get("/api/v1/audit/records", token=auditor).status_code == 200


def test_a_pin_is_counted_and_never_told(caller, alice, pdf):
    data = {"credential": ALICE, "pin": "8642"}
    answers = [
        caller.post("/api/v1/signatures", token=alice, files={"document": ("a.pdf", pdf)}, data=data)
        for _ in range(6)
    ]
    assert [code(a, a.status_code) for a in answers] == ["WRONG_PIN"] * 5 + ["PIN_LOCKED"]
    assert not any("8642" in a.text for a in answers)


def test_what_failed_inside_is_for_operators(caller):
    error = ConfigurationInvalid(path="/secret/place", detail="x")
    assert "/secret/place" not in str(problem(error, "en"))
    assert "/secret/place" in str(problem(error, "en", caller.domain.actor))
    assert problem(error, "en")["code"] == "CONFIGURATION_INVALID"


def test_every_code_has_a_status_of_http():
    for entry in catalogue().values():
        assert HTTPStatus(entry.http_status) >= 400, entry.code


def test_the_problem_is_told_in_the_language_asked_for(caller):
    for header, language in (
        ("ja", "ja"),
        ("en-GB, ja;q=0.5", "en"),
        ("fr, ja-JP;q=0.9, en;q=0.1", "ja"),
        ("", "en"),
    ):
        answer = caller.get("/crl/none.crl", headers={"Accept-Language": header})
        assert answer.headers["content-language"] == language
        assert ("認証局" in answer.json()["detail"]) == (language == "ja")


def test_who_asks_too_often_is_told_when_to_come_again(data):
    configure(data, requests_per_second=0.01, burst=3)
    with calling(data) as caller:
        alice, bob = caller.token(ALICE, Role.SIGNER), caller.token("bob@example.jp", Role.SIGNER)
        statuses = [caller.get("/api/v1/credentials", token=alice).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        limited = caller.get("/api/v1/credentials", token=alice)
        assert code(limited, 429) == "RATE_LIMITED"
        assert int(limited.headers["retry-after"]) > 0
        assert caller.get("/api/v1/credentials", token=bob).status_code == 200
        tried = [caller.get("/api/v1/credentials", token="guess").status_code for _ in range(4)]
        assert tried == [401, 401, 401, 429]
        assert [caller.get("/healthz").status_code for _ in range(5)] == [200] * 5


def uploads_of(data):
    return [name for _, _, names in os.walk(data / "uploads") for name in names]


def test_a_body_over_the_limit_is_refused_before_it_is_read(data):
    configure(data, document_megabytes=1)
    with calling(data) as caller:
        token = caller.token("client", Role.CLIENT)
        asked = []

        async def receive():
            asked.append(1)
            return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

        head = {"Authorization": f"Bearer {token}", "Content-Type": BOUNDARY}
        status, headers, _ = caller.raw(
            "POST",
            "/api/v1/validations",
            head | {"Content-Length": "99999999", "Expect": "100-continue"},
            receive,
        )
        assert (status, headers["connection"], asked) == (413, "close", [])
        status, headers, body = caller.raw("POST", "/api/v1/validations", head, endless())
        assert (status, b"BODY_TOO_LARGE" in body) == (413, True)
        large = form(file(b"%PDF-" + b"x" * 3_000_000))
        assert code(post(caller, token, large), 413) == "BODY_TOO_LARGE"
        assert uploads_of(data) == []


def endless():
    first = [form(file(b"%PDF-"), end=b"")[:-2]]

    async def receive():
        return {"type": "http.request", "body": first.pop() if first else b"x" * 65_536, "more_body": True}

    return receive


def test_a_body_that_stops_or_is_cut_off_leaves_nothing(data):
    configure(data, idle_seconds=0.05)
    with calling(data) as caller:
        token = caller.token("client", Role.CLIENT)
        head = {"Authorization": f"Bearer {token}", "Content-Type": BOUNDARY, "Expect": "100-continue"}

        def stopping(end):
            pieces = [form(file(b"%PDF-" + b"x" * 2_000_000), end=b"")[:-2]]

            async def receive():
                if pieces:
                    return {"type": "http.request", "body": pieces.pop(), "more_body": True}
                return await end()

            return receive

        async def never():
            await asyncio.Event().wait()

        async def gone():
            return {"type": "http.disconnect"}

        status, _, body = caller.raw("POST", "/api/v1/stamps", head, stopping(never))
        assert (status, b"BODY_TOO_SLOW" in body) == (408, True)
        before = caller.domain.services.audit.search(caller.domain.actor, action="tsa.stamp").records
        status, _, _ = caller.raw("POST", "/api/v1/stamps", head, stopping(gone))
        assert status == 400
        after = caller.domain.services.audit.search(caller.domain.actor, action="tsa.stamp").records
        assert len(after) == len(before)
        assert uploads_of(data) == []


def test_a_body_that_trickles_is_given_up(data):
    configure(data, idle_seconds=0.05)
    with calling(data) as caller:
        head = {"Content-Type": "application/timestamp-query", "Expect": "100-continue"}

        async def receive():
            await asyncio.sleep(0.02)
            return {"type": "http.request", "body": b"x", "more_body": True}

        status, _, body = caller.raw("POST", "/tsa", head, receive)
        assert (status, b"BODY_TOO_SLOW" in body) == (408, True)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (b"../../etc/passwd.pdf", "passwd.pdf"),
        (rb"C:\\Users\\x\\a.pdf", "a.pdf"),
        (b"a%00b.pdf", "a%00b.pdf"),
        (b"", "document"),
        (b"..", "document"),
        ("契約\u202e.pdf".encode(), "契約.pdf"),
    ],
)
def test_a_files_name_is_a_name(caller, alice, name, kept):
    answer = post(caller, alice, form(file(b"content", name)), "/api/v1/stamps")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f"filename*=UTF-8''{quote(kept + '.tsr', safe='')}")


def test_more_requests_than_can_be_in_hand(data):
    configure(data, at_once=1)
    with calling(data) as caller:

        async def two():
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(caller.app), base_url="http://t"
            ) as client:
                return await asyncio.gather(*(client.get("/crl/issuing.crl") for _ in range(4)))

        answers = asyncio.run(two())
        busy = [a for a in answers if a.status_code == 503]
        assert busy
        assert {code(a, 503) for a in busy} == {"SERVER_BUSY"}
        assert caller.get("/crl/issuing.crl").status_code == 200


def test_a_mistake_of_ours_is_told_as_one(caller, monkeypatch):
    monkeypatch.setattr(type(caller.domain.services.ca), "current_crl", lambda *_: 1 / 0)
    answer = caller.get("/crl/issuing.crl")
    assert code(answer, 500) == "INTERNAL_ERROR"
    assert "division" not in answer.text
    assert answer.headers["request-id"]


def test_every_answer_is_safe_to_show(caller):
    for path in ("/healthz", "/nothing", "/crl/root.crl"):
        headers = caller.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
