"""100,000 digests under one token, each with an evidence record of its own, beside a token for each."""

from __future__ import annotations

import hashlib
import tempfile
import time
from pathlib import Path

from benchmarks.measure import peak_memory_mb, show
from shirushi.codecs.asn1.evidence_record import parse_evidence_record
from shirushi.core.algorithms import Digest, DigestAlgorithm
from shirushi.core.evidence import RecordObject
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import open_domain
from shirushi.formats.plain.records import record_evidence
from shirushi.rules.evidence_record import RecordStatus, verify_record

COUNT = 100_000
CHECKED = 100


def main() -> None:
    """Print the figures."""
    algorithm = DigestAlgorithm.SHA256
    digests = [Digest(algorithm, hashlib.sha256(b"%d" % number).digest()) for number in range(COUNT)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data"
        establish(path, load_plan().reduced_to("alice@example.jp"), lambda _: None)
        with open_domain(path) as domain:
            began, spent = time.perf_counter(), time.process_time()
            batch = domain.tsa.stamp_batch(digests)
            stamped = time.process_time() - spent
            size, checked = 0, 0
            for number, record in enumerate(batch.records()):
                size += len(record)
                if number % (COUNT // CHECKED) == 0:
                    checked += _holds(digests[number], record)
            spent, elapsed = time.process_time() - spent, time.perf_counter() - began
            single = time.process_time()
            for digest in digests[:CHECKED]:
                domain.tsa.stamp(digest)
            single = (time.process_time() - single) / CHECKED
    show(
        "bulk",
        {
            "digests": COUNT,
            "tree_and_token_cpu_seconds": round(stamped, 2),
            "all_records_cpu_seconds": round(spent, 2),
            "elapsed_seconds": round(elapsed, 2),
            "records_per_cpu_second": round(COUNT / spent),
            "tokens_per_cpu_second_one_by_one": round(1 / single),
            "bytes_a_record": size // COUNT,
            "verified": f"{checked} of {CHECKED} looked at",
            "peak_memory_mb": peak_memory_mb(),
        },
    )


def _holds(digest: Digest, encoding: bytes) -> bool:
    found = RecordObject("file", frozenset({digest}), frozenset())
    evidence = record_evidence(parse_evidence_record(encoding), [found])
    return verify_record(evidence).status is RecordStatus.INTACT
