"""Validation beside pyHanko and the EU's DSS 6.4, each on the same documents, in one interleaved run.

Ours parses, takes the material that is embedded, and judges by the whole standard under the EU's policy; DSS makes its
reports, in a JVM that is warm and compiles without restraint; pyHanko validates PDF alone. pyHanko is asked for less: at
B-B for integrity, changes after signing and the path, without revocation data, which it would fetch; at B-LTA the same,
at a time when the signer is valid, without the past that the archive time-stamp proves. Rates are per CPU-second: of
this process, and of the JVM with its threads. Where Maven Central does not answer, DSS is left out.
"""

from __future__ import annotations

import importlib
import io
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from benchmarks.measure import show
from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.core.document import Document, document
from shirushi.core.evidence import Level, TrustAnchor
from shirushi.core.instant import Instant
from shirushi.core.verdict import Indication
from shirushi.formats.protocol import Format
from shirushi.rules.ades import EU, validate_signatures
from shirushi.services.validation.service import embedded_material

CASES = (
    ("PAdES", Level.B_B),
    ("PAdES", Level.B_LTA),
    ("XAdES enveloped", Level.B_LTA),
    ("ASiC-E XAdES", Level.B_LTA),
    ("ASiC-E CAdES", Level.B_LTA),
)
GOALS = {"pyHanko": 5.0, "DSS": 1.0}
ROUNDS, SLOT, WARM_UP = 3, 0.4, 12.0
"""Rounds; CPU-seconds for each in a round; CPU-seconds by which all documents together warm the JVM beforehand."""
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Case:
    """A document, and what its judges may know. `soon` is a time at which its signer has not expired."""

    name: str
    form: Format
    made: Document
    root: bytes
    crls: tuple[bytes, ...]
    at: Instant
    soon: Instant
    anchor: TrustAnchor


class Jvm:
    """DSS behind a pipe."""

    def __init__(self, target: Path) -> None:
        classpath = f"{target}/dss-judge.jar:{target}/lib/*"
        self._process = subprocess.Popen(
            ["java", "-Xmx1g", "-XX:+UseSerialGC", "-cp", classpath, "jp.shirushi.interop.DssJudge"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def ask(self, line: str) -> str:
        """One request, one answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def spent(self) -> float:
        """CPU-seconds of the JVM so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def end(self) -> None:
        """Let it end."""
        self._process.communicate()


def cases() -> list[Case]:
    """The documents, signed now."""
    matrix: Any = importlib.import_module("tests.interop.matrix")
    own = matrix.world()
    found = []
    for name, level in CASES:
        at = own.start + matrix.JUDGED_AFTER[level]
        found.append(
            Case(
                f"{name} {level.value}",
                matrix.FORMS[name].format,
                matrix.signed(name, "P-256", level),
                own.root.der,
                tuple(own.crl(each, at - matrix.HOUR) for each in (own.root, own.issuing)),
                at,
                own.start + 3 * matrix.HOUR,
                TrustAnchor(own.root.certificate, "root"),
            )
        )
    return found


def ours(case: Case) -> Callable[[], object]:
    """Our validation, bytes to verdict."""
    data, anchors = case.made.read(), (case.anchor,)

    def run() -> None:
        found = case.form.parse(document(data, case.made.name, case.made.media_type), ())
        known = build_material([case.anchor.certificate], [parse_crl(each) for each in case.crls])
        material = merge(embedded_material(found, anchors), known)
        verdict = validate_signatures(found, material, anchors, EU, case.at)
        assert verdict.indication is Indication.TOTAL_PASSED

    return run


def pyhanko(case: Case) -> Callable[[], object] | None:
    """What pyHanko does with a PDF. At B-LTA it is asked while the signer is valid: it judges no past here."""
    if not case.name.startswith("PAdES"):
        return None
    data = case.made.read()
    root = x509.Certificate.load(case.root)  # type: ignore[no-untyped-call]  # no types
    settings: dict[str, Any] = {"trust_roots": [root], "allow_fetching": False}

    def run() -> None:
        embedded = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
        context = ValidationContext(**settings, moment=case.soon, crls=[])
        status = validate_pdf_signature(embedded, context, context)
        assert status.intact
        assert status.valid

    return run


def request(case: Case, folder: Path) -> str:
    """The line that asks DSS."""
    place = folder / case.name.replace(" ", "-")
    place.mkdir()
    pem: Any = importlib.import_module("tests.interop.programs").pem
    name = "signature.xml" if case.made.media_type.endswith("xml") else case.made.name
    (place / name).write_bytes(case.made.read())
    (place / "root").write_bytes(pem(case.root))
    for number, crl in enumerate(case.crls):
        (place / f"crl-{number}").write_bytes(crl)
    lists = "|".join(str(place / f"crl-{number}") for number in range(len(case.crls)))
    at = case.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return "\t".join((str(place / name), at, str(place / "root"), "", lists, "", "", ""))


def rate(run: Callable[[], object], spent: Callable[[], float], slot: float) -> float:
    """How often it runs in a CPU-second."""
    count, begin = 0, spent()
    while (used := spent() - begin) < slot:
        run()
        count += 1
    return count / used


def warmed(jvm: Jvm, case: Case, folder: Path) -> str:
    """The request for a document, after the JVM has warmed up with it."""
    line = request(case, folder)
    answer = jvm.ask(line)
    assert '"indication":"TOTAL_PASSED"' in answer.replace(" ", ""), answer[:500]
    rate(lambda: jvm.ask(line), jvm.spent, WARM_UP / len(CASES))
    return line


def measure(case: Case, jvm: Jvm | None, line: str) -> dict[str, Any]:
    """The rates and ratios on one document."""
    work: dict[str, tuple[Callable[[], object], Callable[[], float]]] = {
        "Shirushi": (ours(case), time.process_time)
    }
    if theirs := pyhanko(case):
        work["pyHanko"] = (theirs, time.process_time)
    if jvm is not None:
        work["DSS"] = (lambda: jvm.ask(line), jvm.spent)
    rates: dict[str, list[float]] = {name: [] for name in work}
    for run, _ in work.values():
        run()
    for _ in range(ROUNDS):
        for name, (run, spent) in work.items():
            rates[name].append(rate(run, spent, SLOT))
    measured: dict[str, Any] = {
        f"{name}_per_cpu_second": round(statistics.median(found), 1) for name, found in rates.items()
    }
    for name, goal in GOALS.items():
        if name in rates:
            quotients = (a / b for a, b in zip(rates["Shirushi"], rates[name], strict=True))
            measured[f"to_{name}"] = round(statistics.median(quotients), 2)
            measured[f"goal_to_{name}"] = goal
    return measured


def main() -> None:
    """Sign the documents, judge them, print JSON."""
    judge: Any = importlib.import_module("tests.interop.dss_judge")
    built = judge.built("dss", "EU DSS 6.4")
    jvm = Jvm(built) if built else None
    with tempfile.TemporaryDirectory() as folder:
        lines = [(case, warmed(jvm, case, Path(folder)) if jvm else "") for case in cases()]
        show("validation", {case.name: measure(case, jvm, line) for case, line in lines})
    if jvm is not None:
        jvm.end()


if __name__ == "__main__":
    main()
