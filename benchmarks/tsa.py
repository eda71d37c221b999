"""Time-stamps over HTTP from a lane, with a durable audit record each, beside RAW: bare signing with the same key.

Rates are per CPU-second: of the lane, which does all that a request needs, and of the processes that sign for RAW; the load
generator's CPU is kept apart. `server_to_raw` counts what the server's other processes (web worker, clock guard, jobs,
supervisor) do meanwhile, asked or not. RAW and the server take turns in one run, both with every CPU busy, with the same
libcrypto. What is told is the median of the rounds. A sample of the answers is captured and every one of them
verified afterwards. `openssl_ts_reply` is `openssl ts -reply`, a process for each token, without any audit record.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.load import captured, load, write
from benchmarks.measure import show
from shirushi.adapters.chain_file import ChainFile
from shirushi.adapters.configuration import TsaSection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.codecs.asn1.pem import to_pem
from shirushi.codecs.asn1.tsp import (
    TimeStampRequest,
    encode_timestamp_request,
    parse_timestamp_request,
    parse_timestamp_response,
)
from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyType, signature_algorithm
from shirushi.core.evidence import TimeStampKind
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import Domain, open_domain
from shirushi.formats.cms.evidence import parse_timestamp_token
from shirushi.services.ca.model import CertificateRequest, DistinguishedName
from shirushi.services.tsa.lane import LaneStamper
from shirushi.services.tsa.service.serials import Serials

GOALS = {KeyType.P_256: 0.40, KeyType.RSA_2048: 0.88, KeyType.RSA_3072: 0.95}
GOAL_P99 = 4.0
ROUNDS = 5
SLOT = 2.0
CLIENTS = 128
PARTS = 1 << 12
VARIANTS = 499
HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/timestamp-query\r\nContent-Length: {}\r\n\r\n"
_TICK = os.sysconf("SC_CLK_TCK")


def raw(data: Path, label: str, seconds: float) -> None:
    """Sign for so long; print how often, and the CPU-seconds that it took."""
    with open_domain(data) as domain:
        signer = domain.keys.signer(label)
        algorithm, content = signature_algorithm(signer.reference.key_type), bytes(120)
        signer.sign(content, algorithm)
        print(flush=True)
        sys.stdin.readline()
        count, begin, ends = 0, time.process_time(), time.perf_counter() + seconds
        while time.perf_counter() < ends:
            for _ in range(10):
                signer.sign(content, algorithm)
            count += 10
        print(json.dumps([count, time.process_time() - begin]))


def measure_raw(data: Path, label: str) -> float:
    """Signatures per CPU-second, with a process on every CPU."""
    command = [sys.executable, "-m", "benchmarks.tsa", "raw", str(data), label, str(SLOT)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(os.cpu_count() or 1)
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    found = [json.loads(process.communicate()[0]) for process in running]
    return float(sum(count for count, _ in found) / sum(spent for _, spent in found))


def cpu_of(process: int) -> tuple[float, float, float]:
    """CPU-seconds: user and system of the lane, and of the server's other processes together."""
    user = system = others = 0.0
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for number in (process, *map(int, children)):
        fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
        spent = int(fields[11]) / _TICK, int(fields[12]) / _TICK
        if any("/chains/" in os.readlink(link) for link in Path(f"/proc/{number}/fd").glob("*")):  # noqa: PTH115  a socket's is no path
            user, system = user + spent[0], system + spent[1]
        else:
            others += sum(spent)
    return user, system, others


@contextmanager
def serving(data: Path) -> Iterator[tuple[int, int]]:
    """A server with one lane: its supervisor's process and the lane's port."""
    command = [sys.executable, "-c", "from shirushi.main import main; main()", "serve", "--data", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        address = process.stdout.readline().split()[-1].rstrip("/")
        time.sleep(6)  # until a further process stands by
        yield process.pid, int(address.rsplit(":", 1)[1])
        process.terminate()


def unit(domain: Domain, data: Path, key_type: KeyType) -> TsaSection:
    """A time-stamping unit with a key of that type."""
    label = f"tsu-{key_type.value.lower()}"
    key = domain.keys.generate(label, key_type)
    subject = DistinguishedName.of(countryName="JP", organizationName="Benchmark", commonName=label)
    request = CertificateRequest(authority="issuing", profile="tsu", subject=subject, public_key=key.spki)
    chain = domain.ca.chain(domain.ca.issue(request).certificate)
    path = Path("certificates") / f"{label}.pem"
    (data / path).write_text("".join(map(to_pem, chain)))
    return TsaSection(name=label, key=label, chain=path, policy="1.2.3.4", accuracy_seconds=1.0)


def configure(data: Path, section: TsaSection) -> None:
    """Let the server have this unit alone, one web worker, one lane."""
    path = data / "shirushi.toml"
    found = read_configuration(path)
    serve = found.serve.model_copy(update={"port": 0, "workers": 1, "lanes": 1, "lane_port": 0})
    write_configuration(path, found.model_copy(update={"tsa": (section,), "serve": serve}))


def requests(seed: int) -> list[bytes]:
    """TimeStampReqs with digests and nonces of their own."""
    generator, found = random.Random(seed), []
    for _ in range(VARIANTS):
        imprint = Digest(DigestAlgorithm.SHA256, generator.randbytes(32))
        nonce = b"\x01" + generator.randbytes(8)
        found.append(
            encode_timestamp_request(TimeStampRequest(imprint, nonce=nonce, certificates_requested=True))
        )
    return found


def verify_capture(capture: Path) -> int:
    """Hold every captured answer against its request: signature, imprint, nonce; how many there were."""
    count = 0
    for query, response in captured(capture):
        asked, answer = parse_timestamp_request(query), parse_timestamp_response(response)
        assert answer.token is not None
        found = parse_timestamp_token(answer.token, TimeStampKind.CONTENT, lambda _, a=asked: a.imprint)  # type: ignore[misc]  # bound at once
        assert found.imprint_intact
        assert found.signature.integrity
        assert found.info.nonce == asked.nonce_number
        count += 1
    return count


def parts(data: Path, folder: Path, label: str) -> dict[str, float]:
    """Microseconds of CPU for each part of a token's making, in this process and without HTTP."""
    queries = requests(1)
    with open_domain(data) as domain, ChainFile(folder) as chain:
        serials = Serials(domain.ports.database, domain.ports.guarded_clock, 1 << 17)
        stamper = LaneStamper(domain.services.tsa.units, domain.keys, serials)
        signer, content = domain.keys.signer(label), bytes(120)
        algorithm = signature_algorithm(signer.reference.key_type)
        stamper.answer_all(queries)
        records: list[bytes] = []
        signing = answering = 0.0
        for start in range(0, PARTS, 64):
            batch = [queries[number % len(queries)] for number in range(start, start + 64)]
            begin = time.process_time()
            for _ in batch:
                signer.sign(content, algorithm)
            signed = time.process_time()
            records += [answer.record for answer in stamper.answer_all(batch) if answer.record is not None]
            signing += signed - begin
            answering += time.process_time() - signed
        begin = time.process_time()
        for start in range(0, len(records), 64):
            chain.append(records[start : start + 64])
        kept = time.process_time() - begin
    each = 1e6 / len(records)
    return {
        "sign_us": round(signing * each, 1),
        "read_splice_record_us": round((answering - signing) * each, 1),
        "link_write_fdatasync_us": round(kept * each, 1),
    }


def measure(data: Path, folder: Path, key_type: KeyType) -> dict[str, Any]:
    """Rates, ratios and latencies with a key of one type."""
    with open_domain(data) as domain:
        section = unit(domain, data, key_type)
    configure(data, section)
    capture = folder / f"{section.name}.capture"
    rounds: list[dict[str, float]] = []
    write(
        folder / "requests",
        (HEAD.format(len(query)).encode() + query for query in requests(len(str(capture)))),
    )
    with serving(data) as (process, port):
        for number in range(ROUNDS + 1):
            raw_rate = measure_raw(data, section.key)
            user, system, others = cpu_of(process)
            told = load(port, CLIENTS, SLOT, folder / "requests", capture)
            user_after, system_after, others_after = cpu_of(process)
            spent = user_after + system_after - user - system
            if number:  # the first round warms up
                rounds.append(
                    {
                        "raw": raw_rate,
                        "lane": told["answers"] / spent,
                        "ratio": told["answers"] / spent / raw_rate,
                        "server_ratio": told["answers"] / (spent + others_after - others) / raw_rate,
                        "p50_ms": told["p50_ms"],
                        "p99_ms": told["p99_ms"],
                        "p99_to_p50": told["p99_ms"] / told["p50_ms"],
                        "per_second": told["answers"] / told["seconds"],
                        "system_share": (system_after - system) / spent,
                        "load_cpu_us": told["cpu_seconds"] / told["answers"] * 1e6,
                    }
                )
    middle = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    where = parts(data, folder / f"{section.name}-chain", section.key)
    # the rest, at the speed that a signature had beside the load
    slower = 1e6 / middle["raw"] / where["sign_us"]
    where["http_and_kernel_us"] = round(1e6 / middle["lane"] / slower - sum(where.values()), 1)
    return {
        "raw_per_cpu_second": round(middle["raw"], 1),
        "lane_per_cpu_second": round(middle["lane"], 1),
        "lane_to_raw": round(middle["ratio"], 3),
        "server_to_raw": round(middle["server_ratio"], 3),
        "lane_to_raw_rounds": [round(each["ratio"], 3) for each in rounds],
        "goal_lane_to_raw": GOALS.get(key_type),
        "per_second": round(middle["per_second"], 1),
        "p50_ms": round(middle["p50_ms"], 2),
        "p99_ms": round(middle["p99_ms"], 2),
        "p99_to_p50": round(middle["p99_to_p50"], 2),
        "goal_p99_to_p50": GOAL_P99,
        "system_share": round(middle["system_share"], 2),
        "load_cpu_us": round(middle["load_cpu_us"], 1),
        "where_the_time_goes": where,
        "verified": verify_capture(capture),
    }


def openssl_ts_reply(folder: Path) -> float:
    """Tokens per CPU-second of `openssl ts -reply` with a P-256 key: a process each."""
    configuration = folder / "ts.cnf"
    configuration.write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=TSU\n"
        "[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
        f"[tsa]\ndefault_tsa=t\n[t]\nserial={folder}/serial\nsigner_cert={folder}/tsu.pem\nsigner_key={folder}/tsu.key\n"
        "signer_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n"
    )
    paths = {"-config": configuration, "-keyout": folder / "tsu.key", "-out": folder / "tsu.pem"}
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    _openssl(*new, *(str(part) for pair in paths.items() for part in pair))
    (folder / "query.tsq").write_bytes(requests(2)[0])
    paths = {"-config": configuration, "-queryfile": folder / "query.tsq", "-out": folder / "reply.tsr"}
    reply = ["ts", "-reply", *(str(part) for pair in paths.items() for part in pair)]
    before, count = resource.getrusage(resource.RUSAGE_CHILDREN), 40
    for _ in range(count):
        _openssl(*reply)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(count / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), 1)


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def main() -> None:
    """Make a domain, measure, print JSON. With names of key types in the arguments, those alone."""
    named = [KeyType(name) for name in sys.argv[1:] if name in {key_type.value for key_type in KeyType}]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "domain"
        establish(data, load_plan().reduced_to("さくら商事株式会社"), lambda _: None)
        result: dict[str, Any] = {
            key_type.value: measure(data, folder, key_type) for key_type in named or GOALS
        }
        result["openssl_ts_reply_per_cpu_second"] = openssl_ts_reply(folder)
        show("tsa", {"clients": CLIENTS, **result})


if __name__ == "__main__":
    if sys.argv[1:2] == ["raw"]:
        raw(Path(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
    else:
        main()
