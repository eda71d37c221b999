"""Every format's B-B beside RAW, beside pyHanko, signxml and EU DSS, in one interleaved run; and a folder sealed at B-T.

RAW is bare signing with the same key. Rates are per CPU-second of the process that signs, DSS's JVM warmed up before.
`folder` is `shirushi seal FOLDER` as a user runs it, on every core: real time, tokens, audit rows and durable files.
Set INVOICES to seal another number of them than 10,000, 0 for none.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from benchmarks import others
from benchmarks.measure import show
from benchmarks.pades import small_pdf
from shirushi.adapters.key_algorithms import generate_key, signing_function
from shirushi.core.algorithms import KeyType, message_digest_algorithm, signature_algorithm
from shirushi.core.document import Document, document
from shirushi.core.evidence import Certificate
from shirushi.demo.establish import establish
from shirushi.demo.plan import load_plan
from shirushi.domain import PDF, Domain, open_domain
from shirushi.formats.cades.format import Cades
from shirushi.formats.jades.format import Jades
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import Format, Packaging, SignatureParameters
from shirushi.formats.xades.format import Xades
from shirushi.ports.keys import KeyReference
from shirushi.services.ca.model import CertificateRequest, DistinguishedName

GOALS = {KeyType.RSA_3072: 0.85, KeyType.P_256: 0.15}
ROUNDS, SLOT, WARM = 5, 0.2, 4.0
"""Rounds, CPU-seconds of each callable in a round, CPU-seconds for which DSS is warmed up in each format."""
XML = b"<order><item>1</item><total>100</total></order>"
TEXT = b"An order of one item."
COMPANY = "さくら商事株式会社"
SPACE = 8_192


def formats() -> dict[str, tuple[Format, Document]]:
    """Each format with a small document of its kind."""
    return {
        "pades": (Pades(), document(small_pdf(), "small.pdf", PDF)),
        "xades": (Xades(), document(XML, "order.xml", "application/xml")),
        "cades": (Cades(Packaging.DETACHED), document(TEXT, "order.txt", "text/plain")),
        "jades": (Jades(), document(TEXT, "order.txt", "text/plain")),
    }


def sign(format_: Format, source: Document, value: Callable[[bytes], bytes], signer: Signer) -> Document:
    """One signature without the service."""
    prepared = format_.prepare(
        source,
        SignatureParameters(),
        digest_algorithm=message_digest_algorithm(signer.algorithm),
        space=SPACE,
        time=datetime.now(UTC),
        seed=bytes(16),
    )
    to_be_signed = format_.bind(prepared, signer.chain, signer.algorithm)
    return format_.assemble(to_be_signed, value(to_be_signed.data))


class Signer:
    """A key of the benchmark's own, certified by the domain's authority."""

    def __init__(self, domain: Domain, key_type: KeyType) -> None:
        key = generate_key(key_type)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise TypeError(key_type.value)
        self.key = key
        encoding, kind = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        spki = self.key.public_key().public_bytes(encoding, kind)
        name = DistinguishedName.of(
            countryName="DE",
            organizationName="Benchmark GmbH",
            organizationIdentifier="NTRDE-HRB1",
            commonName=key_type.value,
        )
        asked = CertificateRequest(authority="issuing", profile="e-seal", subject=name, public_key=spki)
        self.chain: tuple[Certificate, ...] = domain.ca.chain(domain.ca.issue(asked))
        self.algorithm = signature_algorithm(key_type)
        self.value = signing_function(self.key, self.algorithm, KeyReference("bench", key_type, spki))


def measure(domain: Domain, key_type: KeyType, folder: Path) -> dict[str, Any]:
    """The ratios to RAW under one key: ours, and the others'."""
    signer = Signer(domain, key_type)
    every = formats()
    work: dict[str, Callable[[], object]] = {"raw": lambda: signer.value(bytes(120))}
    for name, (format_, source) in every.items():
        work[name] = partial(sign, format_, source, signer.value, signer)
    work["pades by pyHanko"] = others.pyhanko(signer.key, signer.chain, small_pdf())
    work["xades by signxml"] = others.signxml(signer.key, signer.chain, XML)
    place = folder / key_type.value
    place.mkdir()
    for name, (_, source) in every.items():
        (place / name).write_bytes(source.read())
    (place / "raw").write_bytes(bytes(120))
    dss = others.Dss.start(signer.key, signer.chain, place)
    try:
        rates = _interleaved(work, dss, [*every, "raw"] if dss else [], place)
    finally:
        if dss:
            dss.close()
    raw = rates["raw"]
    found: dict[str, Any] = {"raw_per_cpu_second": round(statistics.median(raw), 1), "goal": GOALS[key_type]}
    for name, rate in rates.items():
        if name != "raw":
            found[f"{name}_to_raw"] = round(
                statistics.median(a / b for a, b in zip(rate, raw, strict=True)), 4
            )
    return found | ({} if dss else {"dss": "not measured: Maven did not build it"})


def _interleaved(
    work: dict[str, Callable[[], object]], dss: others.Dss | None, forms: list[str], place: Path
) -> dict[str, list[float]]:
    for call in work.values():
        call()
    rates: dict[str, list[float]] = {name: [] for name in work}
    for form in forms:
        rates[f"{form} by DSS"] = []
        if dss:
            dss.run(form, place / form, WARM)
    for _ in range(ROUNDS):
        for name, call in work.items():
            count, begin = 0, time.process_time()
            while (spent := time.process_time() - begin) < SLOT:
                call()
                count += 1
            rates[name].append(count / spent)
        for form in forms:
            if dss:
                rates[f"{form} by DSS"].append(dss.run(form, place / form, SLOT))
    return rates


def seal_folder(data: Path, folder: Path, count: int) -> dict[str, Any]:
    """So many invoices sealed at B-T with the command line."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.pdf").write_bytes(small_pdf())
    command = [sys.executable, "-c", "from shirushi.main import main; main()", "seal", str(folder)]
    begin = time.perf_counter()
    done = subprocess.run(
        [*command, "--as", COMPANY, "--data", str(data), "--json"], check=False, capture_output=True
    )
    seconds = time.perf_counter() - begin
    made = len(list(folder.with_name(f"{folder.name}.sealed").iterdir()))
    return {
        "invoices": count,
        "sealed": made,
        "exit_status": done.returncode,
        "seconds": round(seconds, 1),
        "per_second": round(made / seconds, 1),
        "cores": len(os.sched_getaffinity(0)),
    }


def main() -> None:
    """Make a domain, measure, print JSON."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        establish(folder / "domain", load_plan().reduced_to(COMPANY), lambda _: None)
        with open_domain(folder / "domain") as domain:
            found = {each.value: measure(domain, each, folder) for each in GOALS}
        count = int(os.environ.get("INVOICES", "10000"))
        if count:
            found["folder"] = seal_folder(folder / "domain", folder / "invoices", count)
        show("signatures", found)


if __name__ == "__main__":
    main()
