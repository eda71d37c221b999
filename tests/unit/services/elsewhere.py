"""Another trust domain, whose authority answers over HTTP on this machine; it can be made to fail and to lie."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import shirushi
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import Domain


@dataclass
class Elsewhere:
    """The domain, its address, what was asked of it, and what it answers instead of the truth, by path."""

    address: str
    domain: Domain | None = None
    asked: list[str] = field(default_factory=list)
    instead: dict[str, Callable[[bytes], tuple[int, bytes]]] = field(default_factory=dict)

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        self.asked.append(path)
        assert self.domain is not None
        ca = self.domain.ca
        head = path.split("/")[1]
        if head in self.instead:
            return self.instead[head](body)
        name = Path(path).stem
        if head == "ocsp":
            return (200, ca.answer_ocsp(body)) if body else (405, b"")
        if head == "crl":
            return 200, ca.crl(name)
        if head == "certificates":
            return 200, ca.authority(name).certificate.der
        return 404, b""


@contextmanager
def elsewhere(folder: Path) -> Iterator[Elsewhere]:
    """A domain in `folder` whose certificates name a server that runs."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, content = found.answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815  the base class's names

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Elsewhere(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        plan = load_plan().reduced_to("alice@example.jp")
        plan = plan.model_copy(update={"domain": plan.domain.model_copy(update={"address": found.address})})
        establish(folder, plan, lambda _: None)
        with shirushi.open(folder) as domain:
            found.domain = domain
            yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
