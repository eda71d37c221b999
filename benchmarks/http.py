"""What HTTP adds to the library: validating a 20 kB document and signing a 2 MB one, in this process and over the wire.

Both run in turn, one round after the other, against one web worker on the loopback over a connection that is kept. The
overhead is the median of the differences, round by round. `restart_seconds` is how long the only worker is away after
SIGKILL, while another process stands by.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.large import write_large
from benchmarks.measure import show
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.core.actor import Role
from shirushi.core.document import document
from shirushi.core.evidence import Level
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import Domain, open_domain
from shirushi.web import application

ALICE, PIN = "alice@example.jp", "2468"
PDF = "application/pdf"
ROUNDS = 30


@contextmanager
def serving(data: Path) -> Iterator[tuple[int, str]]:
    """A server with one web worker: its supervisor's process and its address."""
    path = data / "shirushi.toml"
    found = read_configuration(path)
    entries = {"port": 0, "workers": 1, "requests_per_second": 1e6, "burst": 1_000_000}
    write_configuration(path, found.model_copy(update={"serve": found.serve.model_copy(update=entries)}))
    command = [sys.executable, "-c", "from shirushi.main import main; main()", "serve", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.pid, process.stdout.readline().split()[-1]
        process.terminate()


def compare(library: Callable[[], object], over_http: Callable[[], object], size: int) -> dict[str, object]:
    """Both, in turn, in milliseconds."""
    here: list[float] = []
    there: list[float] = []
    for call in (library, over_http):
        call()
    for _ in range(ROUNDS):
        for call, times in ((library, here), (over_http, there)):
            begin = time.perf_counter()
            call()
            times.append((time.perf_counter() - begin) * 1000)
    overhead = [b - a for a, b in zip(here, there, strict=True)]
    return {
        "bytes": size,
        "library_ms": round(statistics.median(here), 2),
        "http_ms": round(statistics.median(there), 2),
        "overhead_ms": round(statistics.median(overhead), 2),
        "overhead_of_best_ms": round(min(there) - min(here), 2),
    }


def cpu(domain: Domain, token: str, small: bytes, large: bytes) -> dict[str, object]:
    """The least CPU time of each, in milliseconds, the application called in this process, its client included."""
    app = application(domain)
    alice = {"credential": ALICE, "pin": PIN, "level": "B-T"}

    async def least(call: Callable[[], Awaitable[object]]) -> float:
        times = []
        for _ in range(ROUNDS):
            begin = time.process_time()
            await call()
            times.append((time.process_time() - begin) * 1000)
        return min(times)

    async def run() -> dict[str, object]:
        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here", headers=headers) as client:

            async def post(path: str, content: bytes, data: dict[str, str]) -> None:
                answer = await client.post(path, files={"document": ("a.pdf", content, PDF)}, data=data)
                assert answer.status_code == 200, answer.text

            async def validate_here() -> None:
                domain.validation.validate(document(small, "a.pdf", PDF))

            async def sign_here() -> None:
                sign(domain, large)

            return {
                "validate_small_library": round(await least(validate_here), 2),
                "validate_small_http": round(await least(lambda: post("/api/v1/validations", small, {})), 2),
                "sign_2_mb_library": round(await least(sign_here), 2),
                "sign_2_mb_http": round(await least(lambda: post("/api/v1/signatures", large, alice)), 2),
            }

    return asyncio.run(run())


def validation(domain: Domain, client: httpx.Client, content: bytes) -> dict[str, object]:
    """Validate the same signed document."""

    def over_http() -> None:
        answer = client.post("/api/v1/validations", files={"document": ("a.pdf", content, PDF)})
        assert answer.json()["indication"] == "TOTAL_PASSED", answer.text

    return compare(
        lambda: domain.validation.validate(document(content, "a.pdf", PDF)), over_http, len(content)
    )


def sign(domain: Domain, content: bytes) -> bytes:
    """Sign at B-T under a PIN."""
    alice = domain.signing.credential(ALICE)
    request = domain.signing.prepare(document(content, "a.pdf", PDF), alice, level=Level.B_T)
    signed: Any = domain.signing.sign(request, alice.activate(request, PIN))
    return bytes(signed.read())


def signing(domain: Domain, client: httpx.Client, content: bytes) -> dict[str, object]:
    """Sign the same document."""
    data = {"credential": ALICE, "pin": PIN, "level": "B-T"}

    def over_http() -> None:
        answer = client.post("/api/v1/signatures", files={"document": ("a.pdf", content, PDF)}, data=data)
        assert answer.status_code == 200, answer.text

    return compare(lambda: sign(domain, content), over_http, len(content))


def restarts(supervisor: int, address: str, times: int = 5) -> list[float]:
    """Kill the worker: how long nothing answers, each time."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children")
    found = []
    for _ in range(times):
        before = _at_rest(children)
        worker = next(child for child in before if _is_worker(child))
        begin = time.perf_counter()
        os.kill(worker, signal.SIGKILL)
        while True:
            try:
                if httpx.get(f"{address}/healthz", timeout=10).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.005)
        found.append(round(time.perf_counter() - begin, 2))
    return found


def _at_rest(children: Path) -> list[int]:
    """The children, once the one that stands by has loaded the program too."""
    deadline, spent = time.monotonic() + 120, -1
    while time.monotonic() < deadline:
        time.sleep(2)
        found = [int(child) for child in children.read_text().split()]
        before, spent = spent, sum(_ticks(child) for child in found)
        if len(found) == 3 and spent - before < 10:
            break
    return found


def _ticks(process: int) -> int:
    """How long a process has run, in hundredths of a second."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _is_worker(process: int) -> bool:
    """Whether the process has an event loop: of the children, only the workers do."""
    links = [entry.readlink() for entry in Path(f"/proc/{process}/fd").iterdir() if entry.is_symlink()]
    return any("eventpoll" in str(link) for link in links)


def main() -> None:
    """Measure, print JSON."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "domain"
        establish(data, load_plan(), lambda _: None)
        write_large(Path(folder) / "large.pdf", 2_000_000)
        large = (Path(folder) / "large.pdf").read_bytes()
        write_large(Path(folder) / "small.pdf", 4_000)
        with open_domain(data) as domain:
            token = domain.ports.tokens.create(domain.actor, "bench", [Role.OPERATOR])
            small = sign(domain, (Path(folder) / "small.pdf").read_bytes())
            with serving(data) as (supervisor, address):
                headers = {"Authorization": f"Bearer {token}"}
                with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
                    result: dict[str, object] = {
                        "rounds": ROUNDS,
                        "validate_small": validation(domain, client, small),
                        "sign_2_mb": signing(domain, client, large),
                    }
                result["cpu_ms"] = cpu(domain, token, small, large)
                result["restart_seconds"] = restarts(supervisor, address)
    show("http", result)


if __name__ == "__main__":
    main()
