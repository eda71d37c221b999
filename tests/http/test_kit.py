"""The kit's own parts: languages, buckets, uploads, rounds of jobs, traces."""

from __future__ import annotations

import http.server
import json
import sys
import threading
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from shirushi.adapters.metrics import Metrics
from shirushi.adapters.traces import Traces, TracesUnavailable
from shirushi.adapters.uploads import IN_MEMORY, SpooledUploads
from shirushi.core.errors import ShirushiError
from shirushi.faces.http import cursor_of, cursor_parts
from shirushi.faces.http.errors import RequestMalformed
from shirushi.faces.http.language import preferred
from shirushi.faces.http.limits import REMEMBERED, Buckets
from shirushi.main import application
from shirushi.ports.jobs import Job
from shirushi.serve.jobs import Rounds, jobs_of
from tests.http.conftest import calling, configure


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("JA-jp", "ja"),
        ("en, ja", "en"),
        ("ja, en", "en"),
        ("en;q=0.5, ja;q=0.6", "ja"),
        ("*;q=0.5, ja;q=0.4", "en"),
        ("ja;q=0", "en"),
        ("ja;q=x", "en"),
        (",;,=;q", "en"),
        ("de" + ",de" * 10_000 + ",ja", "en"),
    ],
)
def test_languages(header, language):
    assert preferred(header) == language


def test_a_bucket_fills_with_time_and_never_overflows():
    now = [0.0]
    buckets = Buckets(2.0, 3, lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert buckets.take("b") == 0.0
    now[0] = 0.5
    assert [buckets.take("a") for _ in range(2)] == [0.0, 0.5]
    now[0] = 1000.0
    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    for number in range(REMEMBERED):
        buckets.take(str(number))
    assert buckets.take("a") == 0.0  # forgotten, and so full again


def test_cursors_come_back_or_are_refused():
    assert cursor_parts(cursor_of("a", "日本"), 2) == ["a", "日本"]
    for cursor in ("%", "é", cursor_of("a"), "AAAA", "____"):
        with pytest.raises(RequestMalformed):
            cursor_parts(cursor, 2)


@pytest.mark.parametrize("size", [0, 10, IN_MEMORY, IN_MEMORY + 1, 3 * IN_MEMORY + 7])
def test_uploads_give_back_what_was_written_and_leave_no_file(tmp_path, rng, size):
    content = rng.randbytes(size)
    upload = SpooledUploads(tmp_path).begin()
    for start in range(0, size, 100_000):
        upload.write(content[start : start + 100_000])
    document = upload.finish("a.txt")
    assert (upload.size, document.size, document.read()) == (size, size, content)
    assert document.media_type == "text/plain"
    assert list(tmp_path.iterdir()) == []


def test_an_upload_for_which_there_is_no_room(tmp_path):
    upload = SpooledUploads(tmp_path / "nowhere").begin()
    with pytest.raises(ShirushiError) as caught:
        upload.write(b"x" * (IN_MEMORY + 1))
    assert caught.value.code == "FILE_UNWRITABLE"


def test_jobs_run_when_they_are_due_and_failures_keep_none_from_running():
    now, ran = [0.0], []

    def fail():
        ran.append("fail")
        raise ShirushiError

    def break_():
        ran.append("break")
        raise ZeroDivisionError

    jobs = (
        Job("fail", timedelta(seconds=5), fail),
        Job("break", timedelta(seconds=7), break_),
        Job("last", timedelta(seconds=60), lambda: ran.append("last"), at_stop=True),
    )
    metrics = Metrics()
    rounds = Rounds(jobs, metrics, lambda: now[0])
    assert rounds.run_due() == 5.0
    assert ran == ["fail", "break", "last"]
    now[0] = 6.0
    assert rounds.run_due() == 1.0
    assert ran[3:] == ["fail"]
    rounds.finish()
    assert ran[4:] == ["last"]
    assert b'shirushi_jobs_total{job="fail",outcome="INTERNAL_ERROR"} 2.0' in metrics.text()


def test_the_platforms_jobs_link_bind_and_renew(caller):
    domain = caller.domain
    jobs = {job.name: job for job in jobs_of(domain)}
    assert {"audit.sequence", "audit.checkpoint", "ca.renew_crls", "http.forget_replies"} <= set(jobs)
    for job in jobs.values():
        job.run()
    found = domain.audit.verify()
    assert (found.intact, found.checkpoints) == (True, 1)
    numbers = [domain.ca.latest_crl(name).number for name in ("root", "issuing")]
    jobs["ca.renew_crls"].run()  # nothing is due again
    assert [domain.ca.latest_crl(name).number for name in ("root", "issuing")] == numbers


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_spans_go_to_the_collector(data):
    got, came = [], threading.Event()

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            came.set()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        try:
            traces = Traces(f"http://127.0.0.1:{collector.server_port}/v1/traces", "demo")
            traces.ended("/tsa", "POST", 200, 0.01, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            traces.close()
            assert came.wait(30)
        finally:
            collector.shutdown()
            thread.join()
    assert b"POST /tsa" in got[0] or got[0][:2] == b"\x1f\x8b"
    assert bytes.fromhex("0af7651916cd43dd8448eb211c80319c") in got[0] or got[0][:2] == b"\x1f\x8b"


def test_traces_that_are_configured_but_not_installed_are_refused(data, monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    configure(data, traces="http://127.0.0.1:4318/v1/traces")
    with pytest.raises(TracesUnavailable), calling(data):
        pass


def test_tokens_are_given_out_listed_and_revoked_on_the_command_line(data):

    def run(*arguments):
        return CliRunner().invoke(application(), ["token", *arguments, "--data", str(data)])

    made = json.loads(
        run("create", "--actor", "ops", "--role", "operator", "--role", "auditor", "--json").stdout
    )
    assert made["roles"] == ["operator", "auditor"]
    listed = json.loads(run("list", "--json").stdout)
    assert [(t["actor"], t["roles"]) for t in listed] == [("ops", ["auditor", "operator"])]
    assert made["token"] not in run("list").stdout
    assert run("revoke", listed[0]["id"]).exit_code == 0
    assert run("revoke", listed[0]["id"]).exit_code == 1
    assert run("create", "--actor", "x", "--role", "service").exit_code == 2
    assert not any(made["token"].encode() in path.read_bytes() for path in data.rglob("*") if path.is_file())
