"""Certificates, OCSP answers and CRLs beside RAW: bare signing with the same key.

Rates are per CPU-second of this process, in one interleaved run. Certificates are issued in the batches that a bulk
issuer uses, durable and audited, with lint and without. OCSP answers are what a request costs in the service, without
HTTP. CRLs are encoded and signed from entries that are encoded already, as revocation leaves them in the database, and
`openssl ca -gencrl` does the same from its text file, for as long as that takes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from benchmarks.measure import interleaved, peak_memory_mb, ratios, show
from shirushi.adapters.database import SqlDatabase, migrate, sqlite_url
from shirushi.adapters.pkilint_linter import PkiLinter
from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.adapters.system_clock import SystemClock, SystemEntropy
from shirushi.codecs.asn1 import der
from shirushi.codecs.asn1.issue import certificate_id, crl_entry, key_identifier, signed, tbs_cert_list
from shirushi.codecs.asn1.issue import extensions as ext
from shirushi.core.actor import Actor, Role
from shirushi.core.algorithms import DigestAlgorithm, KeyType, signature_algorithm
from shirushi.core.evidence import CertificateIdentifier, RevocationReason
from shirushi.services.audit.service import AuditTrail
from shirushi.services.ca.model import AuthorityDefinition, CertificateRequest, DistinguishedName
from shirushi.services.ca.service import CertificateAuthority

OPERATOR = Actor("benchmark", frozenset({Role.OPERATOR}))
BATCH = 20
SIZES = (10_000, 100_000, 1_000_000)
OPENSSL_SIZES = (10_000, 100_000)
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


def ocsp_request(ca: CertificateAuthority, serial_number: int, nonce: bytes | None) -> bytes:
    """An OCSPRequest, as clients send it."""
    issuer, sha1 = ca.authority(OPERATOR, "bare").certificate, DigestAlgorithm.SHA1
    named = CertificateIdentifier(
        sha1, sha1.digest(issuer.subject.der), key_identifier(issuer.public_key.spki), serial_number
    )
    requests = der.sequence(der.sequence(certificate_id(named)))
    extensions = b""
    if nonce is not None:
        extensions = der.tlv(0xA2, der.sequence(ext.extension("1.3.6.1.5.5.7.48.1.2", der.octets(nonce))))
    return der.sequence(der.sequence(requests, extensions))


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
    begin = time.perf_counter()
    done = subprocess.run(
        ["openssl", "ca", "-gencrl", "-config", str(folder / "openssl.cnf"), "-out", str(folder / "crl.pem")],
        check=False,
        capture_output=True,
    )
    return round(time.perf_counter() - begin, 3) if done.returncode == 0 else None


def crl_seconds(keys: SoftwareKeyStore, size: int) -> float:
    """What a CRL of so many entries costs to encode and sign, in CPU-seconds."""
    now = SystemClock().now().replace(microsecond=0)
    begin = time.process_time()
    entries = [crl_entry(n + (1 << 120), now, RevocationReason.SUPERSEDED) for n in range(size)]
    algorithm = signature_algorithm(KeyType.P_256)
    tbs = tbs_cert_list(
        algorithm=algorithm,
        issuer=DistinguishedName.of(commonName="benchmark").encode(),
        this_update=now,
        next_update=now + timedelta(days=7),
        entries=entries,
        extensions=(ext.crl_number(1),),
    )
    signed(tbs, algorithm, keys.signer("ca-bare").sign(tbs, algorithm))
    return round(time.process_time() - begin, 3)


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ca, keys = authority(folder)
        algorithm = signature_algorithm(KeyType.P_256)
        signer, content = keys.signer("ca-bare"), bytes(900)
        subject = DistinguishedName.of(commonName="device 1")
        request = CertificateRequest("bare", "device", subject, keys.generate("device", KeyType.P_256).spki)
        linted = replace(request, authority="linted")
        serial_number = ca.issue(OPERATOR, request).serial_number
        with_nonce = ocsp_request(ca, serial_number, bytes(32))
        without = ocsp_request(ca, serial_number, None)
        rates = interleaved(
            {
                "raw": lambda: [signer.sign(content, algorithm) for _ in range(BATCH)],
                "issued": lambda: ca.issue_all(OPERATOR, [request] * BATCH),
                "issued_linted": lambda: ca.issue_all(OPERATOR, [linted] * BATCH),
                "ocsp_with_nonce": lambda: [ca.answer_ocsp(OPERATOR, with_nonce) for _ in range(BATCH)],
                "ocsp_signed_before": lambda: [ca.answer_ocsp(OPERATOR, without) for _ in range(BATCH)],
            },
            rounds=3,
        )
        show(
            "ca",
            {
                "per_cpu_second": {name: round(rate.median * BATCH) for name, rate in rates.items()},
                "ratio_to_raw": ratios(rates, "raw"),
                "goal_ocsp_with_nonce": 0.35,
                "crl_seconds": {size: crl_seconds(keys, size) for size in SIZES},
                "openssl_gencrl_seconds": {size: openssl_seconds(folder, size) for size in OPENSSL_SIZES},
                "peak_memory_mb": peak_memory_mb(),
            },
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
