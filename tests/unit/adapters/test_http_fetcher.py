"""Fetching from servers that are slow, wrong, lying, huge or elsewhere: real ones, on this machine."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import pytest

from shirushi.adapters.http_fetcher import Bounds, HttpFetcher, is_public
from shirushi.ports.fetcher import (
    Edition,
    FetchFailed,
    FetchForbidden,
    FetchTimedOut,
    FetchTooLarge,
    Inquiry,
)

pytestmark = pytest.mark.enable_socket

Answer = Callable[[socket.socket, bytes], None]
QUICK = Bounds(seconds=0.5, size=1000, cache_seconds=60.0)


class Server:
    """Answers every connection with `answer`, and counts the requests."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[bytes] = []
        self.ended = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    piece = connection.recv(4096)
                    if not piece:
                        break
                    head += piece
                self.requests.append(head)
                try:
                    self.answer(connection, head)
                except OSError:
                    continue

    def close(self) -> None:
        self.ended.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)


@contextmanager
def serving(answer: Answer | bytes) -> Iterator[Server]:
    server = Server((lambda c, _: c.sendall(answer)) if isinstance(answer, bytes) else answer)
    try:
        yield server
    finally:
        server.close()


def ok(body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % (len(body) if length is None else length), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def fetcher(**more) -> HttpFetcher:
    return HttpFetcher(QUICK, **{"allow_private": True, **more})


def test_what_is_there_is_fetched_once_and_kept():
    with serving(ok(b"list")) as server:
        ours = fetcher()
        assert [ours.fetch(server.url), ours.fetch(server.url)] == [b"list", b"list"]
        assert len(server.requests) == 1
        assert ours.fetch(server.url + "other") == b"list"
        assert len(server.requests) == 2
        head = server.requests[0].lower()
        assert b"accept-encoding: identity" in head
        assert b"cookie" not in head


@pytest.mark.parametrize("control", [b"no-store", b"max-age=0", b"private, no-cache"])
def test_what_should_not_be_kept_is_not(control):
    with serving(ok(b"list", b"Cache-Control: " + control)) as server:
        ours = fetcher()
        assert ours.fetch(server.url) == ours.fetch(server.url) == b"list"
        assert len(server.requests) == 2


def test_the_oldest_go_when_there_is_too_much():
    with serving(ok(b"x" * 900)) as server:
        ours = HttpFetcher(Bounds(seconds=5, cache_size=4000), allow_private=True)
        for name in "abcda":
            ours.fetch(server.url + name)
        assert len(server.requests) == 5


def test_an_inquiry_is_posted():
    def echo(connection: socket.socket, head: bytes) -> None:
        connection.sendall(ok(head.partition(b"\r\n\r\n")[2] or connection.recv(100)))

    with serving(echo) as server:
        assert fetcher().fetch(server.url, Inquiry(b"question", "application/ocsp-request")) == b"question"
        assert server.requests[0].startswith(b"POST / HTTP/1.1")
        assert b"application/ocsp-request" in server.requests[0]


def _silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


def _drip_head(connection: socket.socket, _: bytes) -> None:
    for byte in ok(b"slow" * 20):
        connection.sendall(bytes((byte,)))
        time.sleep(0.05)


def _drip_body(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)
    raise AssertionError("it was waited for to the end")


@pytest.mark.parametrize("answer", [_silent, _drip_head, _drip_body])
def test_a_slow_server_is_left(answer):
    with serving(answer) as server, pytest.raises(FetchTimedOut) as late:
        fetcher().fetch(server.url)
    assert late.value.parameters["url"] == server.url
    assert "timeout" in str(late.value.parameters["detail"])


def test_a_failure_is_remembered_for_a_while():
    with serving(b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n") as server:
        ours = fetcher()
        for _ in range(2):
            with pytest.raises(FetchFailed, match="HTTP 500"):
                ours.fetch(server.url)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"x" * 1001),
        ok(b"", length=10**15),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3e8\r\n" + b"x" * 1000 + b"\r\n3e8\r\n" + b"x" * 1000 + b"\r\n0\r\n\r\n",
    ],
)
def test_what_is_too_large_is_not_taken(answer):
    with serving(answer) as server, pytest.raises(FetchTooLarge):
        fetcher().fetch(server.url)


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"short", length=500),
        ok(b"packed", b"Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"this is no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 100_000 + b"\r\n\r\n",
        b"",
    ],
)
def test_a_lying_server_gives_nothing(answer):
    with serving(answer) as server, pytest.raises(FetchFailed) as failure:
        fetcher().fetch(server.url)
    assert server.url in failure.value.explain("en")
    assert server.url in failure.value.explain("ja")
    assert "0x" not in str(failure.value)


def test_nobody_listens():
    with serving(b"") as server:
        url = server.url
    with pytest.raises(FetchFailed) as failure:
        fetcher().fetch(url)
    assert "refused" in str(failure.value)


def redirect(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def test_redirects_are_followed_but_not_for_ever():
    def answer(connection: socket.socket, head: bytes) -> None:
        step = int(head.split()[1].strip(b"/") or 0)
        connection.sendall(ok(b"there") if step == 3 else redirect(f"/{step + 1}"))

    with serving(answer) as server:
        assert fetcher().fetch(server.url) == b"there"
        assert len(server.requests) == 4
    with serving(redirect("/")) as server:
        with pytest.raises(FetchFailed, match="more than 3 redirects"):
            fetcher().fetch(server.url)
        assert len(server.requests) == 4


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://user:pass@127.0.0.1/"])
def test_redirects_lead_nowhere_else(target):
    with serving(redirect(target)) as server, pytest.raises(FetchForbidden):
        fetcher().fetch(server.url)


def test_a_post_is_repeated_only_where_that_is_said():
    with serving(redirect("/x", 302)) as server, pytest.raises(FetchFailed, match=r"to a POST"):
        fetcher().fetch(server.url, Inquiry(b"q", "text/plain"))

    def answer(connection: socket.socket, head: bytes) -> None:
        connection.sendall(redirect("/x", 307) if b" / " in head else ok(b"answered"))

    with serving(answer) as server:
        assert fetcher().fetch(server.url, Inquiry(b"q", "text/plain")) == b"answered"
        assert server.requests[1].startswith(b"POST /x")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:{port}/",
        "http://127.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://192.168.0.1/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "file:///etc/passwd",
        "ldap://directory.example/",
        "http://",
        "http://example.jp:99999/",
        "http://example.jp/a b",
        "http://example.jp/\r\nX-Injected: 1",
        "http://[broken/",
    ],
)
def test_no_way_leads_inside(url):
    with serving(ok(b"secret")) as server:
        with pytest.raises(FetchForbidden):
            HttpFetcher(QUICK).fetch(url.format(port=server.port))
        assert server.requests == []


def test_a_redirect_does_not_lead_inside_either(monkeypatch):
    with serving(ok(b"secret")) as inside, serving(redirect(inside.url)) as outside:
        monkeypatch.setattr(
            "shirushi.adapters.http_fetcher.is_public", lambda address: str(address) != "127.0.0.1"
        )
        monkeypatch.setattr("shirushi.adapters.http_fetcher._addresses", lambda *_: [ip_address("127.0.0.2")])
        listener = socket.create_server(("127.0.0.2", outside.port))
        thread = threading.Thread(target=_once, args=(listener, redirect(inside.url)), daemon=True)
        thread.start()
        with pytest.raises(FetchForbidden):
            HttpFetcher(QUICK).fetch(f"http://public.example:{outside.port}/")
        thread.join(5)
        listener.close()
        assert inside.requests == []


def _once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(answer)


def test_a_name_that_nobody_knows(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(FetchFailed, match=r"no address of nowhere\.example is known"):
        HttpFetcher(QUICK).fetch("http://nowhere.example/")


def test_a_resolver_that_hangs(monkeypatch):
    hang = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: hang.wait(10) and [])
    with pytest.raises(FetchTimedOut):
        HttpFetcher(QUICK).fetch("http://slow.example/")
    hang.set()


def test_an_address_that_does_not_answer_is_not_the_only_one(monkeypatch):
    with serving(ok(b"list")) as server:
        monkeypatch.setattr(
            "shirushi.adapters.http_fetcher._addresses",
            lambda *_: [ip_address("127.0.0.9"), ip_address("127.0.0.1")],
        )
        assert fetcher().fetch(f"http://two.example:{server.port}/") == b"list"
        assert f"Host: two.example:{server.port}".encode() in server.requests[0]


def test_over_tls_only_whom_one_trusts():
    with serving(ok(b"list")) as server, pytest.raises(FetchFailed):
        fetcher(trust=ssl.create_default_context()).fetch(server.url.replace("http:", "https:"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("ff02::1", False),
        ("fe80::1", False),
        ("::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_what_is_public(address, public):
    assert is_public(ip_address(address)) is public


def test_what_is_still_the_same_is_not_sent_again():
    def answer(connection: socket.socket, head: bytes) -> None:
        if b'If-None-Match: "7"' in head and b"If-Modified-Since: Sat, 21 Nov 2026 00:00:00 GMT" in head:
            connection.sendall(b"HTTP/1.1 304 Not Modified\r\n\r\n")
        else:
            connection.sendall(ok(b"list", b'ETag: "7"', b"Last-Modified: Sat, 21 Nov 2026 00:00:00 GMT"))

    with serving(answer) as server:
        ours = fetcher()
        first = ours.fetch_unless(server.url, Edition())
        assert (first.body, first.edition.etag) == (b"list", '"7"')
        again = ours.fetch_unless(server.url, first.edition)
        assert (again.body, again.edition) == (None, first.edition)
        assert ours.fetch_unless(server.url, Edition('"6"')).body == b"list"
        assert len(server.requests) == 3, "what is asked conditionally is asked of the server itself"


def test_a_server_that_says_unchanged_to_whoever_knows_nothing_is_wrong():
    with (
        serving(b"HTTP/1.1 304 Not Modified\r\n\r\n") as server,
        pytest.raises(FetchFailed, match="HTTP 304"),
    ):
        fetcher().fetch_unless(server.url, Edition())
