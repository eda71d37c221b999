"""Certificates, OCSP answers and CRLs beside RAW: bare signing with the same key.

Rates are per CPU-second, of this process or, over HTTP, of those that answer (`benchmarks.ocsp`), in interleaved runs.
Certificates are issued in the batches that a bulk issuer uses, durable and audited, with lint and without. `ocsp_…` are what
requests cost in the service, without HTTP, one by one and as they come together in a lane. CRLs are published from the
database: rows read, list encoded, signed, stored and audited; `openssl ca -gencrl` does the same from a text file.
With names of key types in the arguments, OCSP over HTTP is measured with responders' keys of those alone.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sqlalchemy import insert

from benchmarks.measure import interleaved, peak_memory_mb, ratios, show
from benchmarks.ocsp import KEYS, ocsp_request, over_http
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.pkilint_linter import PkiLinter
from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.adapters.system_clock import SystemClock, SystemEntropy
from shirushi.codecs.asn1.issue import crl_entry
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import KeyType, signature_algorithm
from shirushi.core.evidence import RevocationReason
from shirushi.services.audit.service import AuditTrail
from shirushi.services.ca.model import AuthorityDefinition, CertificateRequest, DistinguishedName
from shirushi.services.ca.service import CertificateAuthority
from shirushi.services.ca.store.tables import revocation

OPERATOR = Actor("benchmark", frozenset({Role.OPERATOR}))
BATCH = 20
SIZES = (10_000, 100_000, 1_000_000)
CONFIGURATION = """[ca]
default_ca = c
[c]
database = {0}/index.txt
crlnumber = {0}/number
certificate = {0}/ca.pem
private_key = {0}/ca.key
default_md = sha256
default_crl_days = 7
"""


def authority(folder: Path) -> tuple[CertificateAuthority, SoftwareKeyStore]:
    """A root that lints, one that does not, with responders."""
    url = sqlite_url(folder / "ca.sqlite")
    migrate(url)
    (folder / "keys").mkdir()
    keys, clock = SoftwareKeyStore(folder / "keys", bytes(32)), SystemClock()
    ca = CertificateAuthority(
        database=SqlDatabase(url),
        keys=keys,
        clock=clock,
        entropy=SystemEntropy(),
        audit=AuditTrail(clock),
        linter=PkiLinter(),
    )
    for name in ("linted", "bare"):
        subject = DistinguishedName.of(countryName="JP", organizationName="Benchmark", commonName=name)
        definition = AuthorityDefinition(
            name=name, subject=subject, key_type=KeyType.P_256, lint=name == "linted"
        )
        ca.establish_root(OPERATOR, definition)
        ca.establish_responder(OPERATOR, name)
    return ca, keys


def openssl_seconds(folder: Path, size: int) -> float | None:
    """How long `openssl ca -gencrl` takes over so many revoked certificates, in seconds; None where it fails."""
    lines = (f"R\t360101000000Z\t260101000000Z\t{n + (1 << 120):032X}\tunknown\t/CN={n}" for n in range(size))
    (folder / "index.txt").write_text("\n".join(lines) + "\n")
    (folder / "number").write_text("01\n")
    (folder / "openssl.cnf").write_text(CONFIGURATION.format(folder))
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.pem"), "-subj", "/CN=benchmark"),
        ],
        check=True,
        capture_output=True,
    )
    begin = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["openssl", "ca", "-gencrl", "-config", str(folder / "openssl.cnf"), "-out", str(folder / "crl.pem")],
        check=False,
        capture_output=True,
    )
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime
    return round(spent, 3) if done.returncode == 0 else None


def crl_seconds(ca: CertificateAuthority, size: int) -> dict[str, float]:
    """What a CRL of so many entries costs to publish, and what its entries cost as they are revoked, in CPU-seconds."""
    name, now = f"crl-{size}", SystemClock().now().replace(microsecond=0)
    subject = DistinguishedName.of(countryName="JP", organizationName="Benchmark", commonName=name)
    ca.establish_root(OPERATOR, AuthorityDefinition(name, subject, KeyType.P_256, lint=False))
    begin = time.process_time()
    numbers = range(1 << 120, (1 << 120) + size)
    entries = [crl_entry(number, now, RevocationReason.SUPERSEDED) for number in numbers]
    encoded = time.process_time() - begin
    rows = (
        {
            "serial_number": f"{number + (size << 124):040x}",
            "authority": name,
            "revocation_time": now,
            "reason": RevocationReason.SUPERSEDED.value,
            "recorded_at": now,
            "entry": entry,
            "partition": 0,
            "act": 1,
        }
        for number, entry in zip(numbers, entries, strict=True)
    )
    with ca.register.database.unit() as connection:
        while batch := list(islice(rows, 50_000)):
            connection.execute(insert(revocation), batch)
    del entries
    begin = time.process_time()
    ca.publish_crl(OPERATOR, name)
    published = time.process_time() - begin
    return {
        "entries": round(encoded, 3),
        "publish": round(published, 3),
        "microseconds_an_entry": round((encoded + published) / size * 1e6, 2),
    }


def main() -> int:
    """Measure and print."""
    named = tuple(KeyType(name) for name in sys.argv[1:] if name in {each.value for each in KeyType})
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ca, keys = authority(folder)
        algorithm = signature_algorithm(KeyType.P_256)
        signer, content = keys.signer("ca-bare"), bytes(900)
        subject = DistinguishedName.of(commonName="device 1")
        request = CertificateRequest("bare", "device", subject, keys.generate("device", KeyType.P_256).spki)
        linted = replace(request, authority="linted")
        serial_number = ca.issue(OPERATOR, request).serial_number
        issuer = ca.authority(OPERATOR, "bare").certificate
        nonces = [ocsp_request(issuer, serial_number, os.urandom(32)) for _ in range(BATCH)]
        without = ocsp_request(issuer, serial_number, None)
        rates = interleaved(
            {
                "raw": lambda: [signer.sign(content, algorithm) for _ in range(BATCH)],
                "issued": lambda: ca.issue_all(OPERATOR, [request] * BATCH),
                "issued_linted": lambda: ca.issue_all(OPERATOR, [linted] * BATCH),
                "ocsp_one_by_one": lambda: [ca.answers(OPERATOR, [each]) for each in nonces],
                "ocsp_together": lambda: ca.answers(OPERATOR, nonces),
                "ocsp_signed_before": lambda: ca.answers(OPERATOR, [without] * BATCH),
            },
            rounds=5,
        )
        show(
            "ca",
            {
                "per_cpu_second": {name: round(rate.median * BATCH) for name, rate in rates.items()},
                "ratio_to_raw": ratios(rates, "raw"),
                "ocsp_over_http": over_http(named or KEYS),
                "crl_cpu_seconds": {size: crl_seconds(ca, size) for size in SIZES},
                "openssl_gencrl_cpu_seconds": {size: openssl_seconds(folder, size) for size in SIZES},
                "peak_memory_mb": peak_memory_mb(),
            },
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
