"""OCSP over HTTP from a lane: with a nonce beside RAW, and kept answers beside nginx, which serves the same octets as files.

Rates are per CPU-second of the processes that answer: the lane, or nginx's; what the server's other processes spend
meanwhile counts in `server_to_raw`. RAW, the lane and nginx take turns in one run. What is told is the median of the
rounds. A sample of the answers with a nonce is captured, and every one of them is verified afterwards. Needs Debian's
nginx-light, whose own service need not run.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.load import captured, load, write
from benchmarks.tsa import measure_raw
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.issue import certificate_id, key_identifier
from shirushi.codecs.asn1.issue import extensions as ext
from shirushi.codecs.asn1.material import build_material
from shirushi.codecs.asn1.ocsp import parse_ocsp_response
from shirushi.core.algorithms import DigestAlgorithm, KeyType
from shirushi.core.evidence import Certificate, CertificateIdentifier, CertificateStatus
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import open_domain
from shirushi.services.ca.model import CertificateRequest, DistinguishedName

KEYS = (KeyType.P_256, KeyType.RSA_2048, KeyType.RSA_3072)
GOAL_NONCE, GOAL_KEPT = 0.35, 0.5
ROUNDS = 5
SLOT = 2.0
CLIENTS = 128
CERTIFICATES = 100
NONCE = "1.3.6.1.5.5.7.48.1.2"
_POST = "POST /ocsp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/ocsp-request\r\nContent-Length: {}\r\n\r\n"
_GET = "GET {} HTTP/1.1\r\nHost: localhost\r\nAccept: application/ocsp-response\r\n\r\n"
_TICK = os.sysconf("SC_CLK_TCK")
_NGINX = """daemon off; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=1000;
  default_type application/ocsp-response;
  client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
  server {{ listen 127.0.0.1:{1}; location / {{ root {0}/files; }} }}
}}
"""


def ocsp_request(issuer: Certificate, serial_number: int, nonce: bytes | None) -> bytes:
    """An OCSPRequest, as clients send it."""
    sha1 = DigestAlgorithm.SHA1
    named = CertificateIdentifier(
        sha1, sha1.digest(issuer.subject.der), key_identifier(issuer.public_key.spki), serial_number
    )
    extensions = b""
    if nonce is not None:
        extensions = der.tlv(0xA2, der.sequence(ext.extension(NONCE, der.octets(nonce))))
    return der.sequence(der.sequence(der.sequence(der.sequence(certificate_id(named))), extensions))


def listeners(port: int) -> set[int]:
    """The processes that listen there."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    sockets = {
        f"socket:[{each[9]}]" for each in lines if each[1].endswith(f":{port:04X}") and each[3] == "0A"
    }
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) in sockets:  # noqa: PTH115  a socket's is no path
                found.add(int(link.parts[2]))
        except OSError:
            continue
    return found


def cpu(processes: AbstractSet[int]) -> float:
    """CPU-seconds that processes have spent."""
    spent = 0
    for number in processes:
        fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / _TICK


@contextmanager
def serving(data: Path) -> Iterator[tuple[set[int], int]]:
    """A server with one OCSP lane: its processes, and the lane's port."""
    path = data / "shirushi.toml"
    found = read_configuration(path)
    update = {"port": 0, "workers": 1, "lanes": 0, "ocsp_lanes": 1, "ocsp_port": 0}
    write_configuration(path, found.model_copy(update={"serve": found.serve.model_copy(update=update)}))
    command = [sys.executable, "-c", "from shirushi.main import main; main()", "serve", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        port = int(process.stdout.readline().split()[-1].rstrip("/").rsplit(":", 1)[1])
        time.sleep(6)  # until a further process stands by
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield {process.pid, *map(int, children)}, port
        process.terminate()


@contextmanager
def nginx(folder: Path, files: dict[str, bytes], port: int) -> Iterator[None]:
    """Files served by nginx."""
    (folder / "files").mkdir(parents=True)
    folder.chmod(0o755)
    for name, content in files.items():
        (folder / "files" / name).write_bytes(content)
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder, port))
    if os.geteuid() == 0:
        configuration.write_text("user root;\n" + configuration.read_text())
    with subprocess.Popen(["nginx", "-c", str(configuration)]) as process:
        while not listeners(port):
            time.sleep(0.05)
        yield
        process.terminate()


def rate(
    port: int, requests: Path, capture: Path, others: AbstractSet[int] = frozenset()
) -> dict[str, float]:
    """Answers per CPU-second of who listens, and of them and `others`."""
    answering = listeners(port)
    before, whole = cpu(answering), cpu(answering | others)
    told = load(port, CLIENTS, SLOT, requests, capture)
    alone, together = cpu(answering) - before, cpu(answering | others) - whole
    return {
        "alone": told["answers"] / alone,
        "together": told["answers"] / together,
        "p50_ms": told["p50_ms"],
        "p99_ms": told["p99_ms"],
    }


def verify(capture: Path, issuer: Certificate) -> int:
    """Hold every captured answer against its request: signature, responder, nonce, status; how many there were."""
    count = 0
    for request, response in captured(capture):
        answer = parse_ocsp_response(response)
        material = build_material([issuer, *answer.certificates], [], [answer])
        assert {
            (answer.id, answer.certificates[0].id),
            (answer.certificates[0].id, issuer.id),
        } <= material.verified
        assert answer.nonce is not None
        assert answer.nonce in request
        assert answer.responses[0].status is CertificateStatus.GOOD
        count += 1
    return count


def measure(folder: Path, key_type: KeyType) -> dict[str, Any]:
    """Rates and ratios with a responder's key of one type."""
    data = folder / key_type.value
    establish(data, load_plan().reduced_to("さくら商事株式会社"), lambda _: None)
    generator, label = random.Random(1), "responder"
    with open_domain(data) as domain:
        domain.keys.generate(label, key_type)
        domain.ca.establish_responder("issuing", key_label=label)
        issuer = domain.ca.authority("issuing").certificate
        key = domain.keys.generate("device", KeyType.P_256).spki
        subject = DistinguishedName.of(commonName="device 1")
        asked = CertificateRequest("issuing", "device", subject, key)
        serial_numbers = [each.serial_number for each in domain.ca.issue_all([asked] * CERTIFICATES)]
        plain = [ocsp_request(issuer, number, None) for number in serial_numbers]
        files = {f"{number:0136x}": domain.ca.answer_ocsp(each) for number, each in enumerate(plain)}
    nonces = (ocsp_request(issuer, number, generator.randbytes(32)) for number in serial_numbers * 5)
    write(data / "nonce", (_POST.format(len(each)).encode() + each for each in nonces))
    paths = (f"/ocsp/{quote(b64encode(each), safe='')}" for each in plain)
    write(data / "get", (_GET.format(path).encode() for path in paths))
    write(data / "file", (_GET.format(f"/{name}").encode() for name in files))
    rounds: list[dict[str, float]] = []
    web = 18_000 + os.getpid() % 10_000
    with serving(data) as (processes, port), nginx(folder / f"nginx-{key_type.value}", files, web):
        for number in range(ROUNDS + 1):
            raw = measure_raw(data, label)
            nonce = rate(port, data / "nonce", data / "capture", processes)
            kept = rate(port, data / "get", data / "kept")
            file = rate(web, data / "file", data / "files")
            if number:  # the first round warms up
                rounds.append(
                    {
                        "raw_per_cpu_second": raw,
                        "nonce_per_cpu_second": nonce["alone"],
                        "nonce_to_raw": nonce["alone"] / raw,
                        "nonce_server_to_raw": nonce["together"] / raw,
                        "nonce_p99_ms": nonce["p99_ms"],
                        "kept_per_cpu_second": kept["alone"],
                        "nginx_per_cpu_second": file["alone"],
                        "kept_to_nginx": kept["alone"] / file["alone"],
                    }
                )
    return {name: round(statistics.median(each[name] for each in rounds), 3) for name in rounds[0]} | {
        "nonce_to_raw_rounds": [round(each["nonce_to_raw"], 3) for each in rounds],
        "kept_to_nginx_rounds": [round(each["kept_to_nginx"], 3) for each in rounds],
        "goal_nonce_to_raw": GOAL_NONCE,
        "goal_kept_to_nginx": GOAL_KEPT,
        "verified": verify(data / "capture", issuer),
    }


def over_http(key_types: tuple[KeyType, ...] = KEYS) -> dict[str, Any]:
    """What lanes answer, for responders' keys of those types."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        return {key_type.value: measure(folder, key_type) for key_type in key_types}
