"""Validation beside pyHanko and the EU's DSS 6.4, each on the same documents, in one interleaved run.

All have the same trust anchor, what the documents carry, and the same lists for what is current; nobody asks the network.
Ours parses document and lists, takes what is embedded, and judges by the whole standard under the EU's policy. DSS judges
under its stock policy, in a JVM that has judged each document before so often that its compiler has little left to do;
its rate counts the validating thread alone, and its policy, trust and lists are read beforehand. pyHanko validates PDF
alone, and is asked for less: integrity, changes after signing, the path and current status; at B-LTA at a time when the
signer is valid, without the past that the archive time-stamp proves. Before anything is timed all verdicts must be equal.
Rates are per CPU-second of one thread. Where Maven Central does not answer, DSS is left out.
"""

from __future__ import annotations

import importlib
import io
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
from shirushi.core.verdict import Indication, Verdict
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
ROUNDS, SLOT = 3, 0.5
"""Rounds; CPU-seconds for each in a round."""
WARM_UP, WARM_UP_SECONDS = (10, 25, 25), 75.0
"""How often DSS judges each document beforehand, in turns, until its JVM has spent so many CPU-seconds."""


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
    soon_crls: tuple[bytes, ...]
    anchor: TrustAnchor


def cases() -> list[Case]:
    """The documents, signed now."""
    matrix: Any = importlib.import_module("tests.interop.matrix")
    own = matrix.world()

    def lists(at: Instant) -> tuple[bytes, ...]:
        return tuple(own.crl(each, at - matrix.HOUR) for each in (own.root, own.issuing))

    found = []
    for name, level in CASES:
        at, soon = own.start + matrix.JUDGED_AFTER[level], own.start + 3 * matrix.HOUR
        found.append(
            Case(
                f"{name} {level.value}",
                matrix.FORMS[name].format,
                matrix.signed(name, "P-256", level),
                own.root.der,
                lists(at),
                at,
                soon,
                lists(soon),
                TrustAnchor(own.root.certificate, "root"),
            )
        )
    return found


def ours(case: Case) -> Callable[[], Verdict]:
    """Our validation, bytes to verdict."""
    data, anchors = case.made.read(), (case.anchor,)

    def run() -> Verdict:
        found = case.form.parse(document(data, case.made.name, case.made.media_type), ())
        known = build_material([case.anchor.certificate], [parse_crl(each) for each in case.crls])
        material = merge(embedded_material(found, anchors), known)
        verdict = validate_signatures(found, material, anchors, EU, case.at)
        assert verdict.indication is Indication.TOTAL_PASSED
        return verdict

    return run


def pyhanko(case: Case) -> Callable[[], object] | None:
    """What pyHanko does with a PDF, while the signer is valid: it judges no past here."""
    if not case.name.startswith("PAdES"):
        return None
    data = case.made.read()
    root = x509.Certificate.load(case.root)  # type: ignore[no-untyped-call]  # no types
    settings: dict[str, Any] = {
        "trust_roots": [root],
        "allow_fetching": False,
        "revocation_mode": "require",
        "crls": list(case.soon_crls),
        "moment": case.soon,
    }

    def run() -> None:
        embedded = PdfFileReader(io.BytesIO(data)).embedded_signatures[0]
        context = ValidationContext(**settings)
        assert validate_pdf_signature(embedded, context, context).bottom_line

    return run


class Dss:
    """DSS behind a pipe, with the documents in a folder."""

    def __init__(self, target: Path, folder: Path, judged: list[Case]) -> None:
        classpath = f"{target}/dss-judge.jar:{target}/lib/*"
        self._process = subprocess.Popen(
            ["java", "-Xmx1g", "-XX:+UseSerialGC", "-cp", classpath, "jp.shirushi.interop.DssValidator"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._requests = {case.name: _request(case, folder) for case in judged}

    def judge(self, case: Case, times: int) -> tuple[float, float, list[str]]:
        """CPU-seconds that so many validations took the thread, and the JVM; then what it says of the document.

        That is indication, sub-indication, format and best signature time.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self._requests[case.name]}\t{times}\n")
        self._process.stdin.flush()
        spent, whole, *said = self._process.stdout.readline().rstrip("\n").split("\t")
        return float(spent), float(whole), said

    def warm_up(self, judged: list[Case]) -> dict[str, int]:
        """Judge each document often; gives how often, and fails where a verdict is not ours."""
        spent, done = 0.0, dict.fromkeys((case.name for case in judged), 0)
        for times in WARM_UP:
            for case in judged:
                if spent > WARM_UP_SECONDS and done[case.name]:
                    continue
                _, whole, said = self.judge(case, times)
                spent += whole
                done[case.name] += times
                assert said == _said(ours(case)()), (case.name, said)
        return done

    def end(self) -> None:
        """Let it end."""
        self._process.communicate()


def _said(verdict: Verdict) -> list[str]:
    """Our verdict in the words of DSS."""
    (one,) = verdict.signatures
    family = {"PAdES": "PAdES", "CAdES": "CAdES", "XAdES": "XAdES"}[one.signature.format.value]
    level = one.level.value.removeprefix("B-") if one.level else ""
    assert one.best_signature_time is not None
    best = one.best_signature_time.strftime("%Y-%m-%dT%H:%M:%SZ")
    sub_indication = one.sub_indication.value if one.sub_indication else "null"
    return [one.indication.value, sub_indication, f"{family}-BASELINE-{level}", best]


def _request(case: Case, folder: Path) -> str:
    """The line that asks DSS, all but how often."""
    place = folder / case.name.replace(" ", "-")
    place.mkdir()
    pem: Any = importlib.import_module("tests.interop.programs").pem
    name = "signature.xml" if case.made.media_type.endswith("xml") else case.made.name
    (place / name).write_bytes(case.made.read())
    (place / "root").write_bytes(pem(case.root))
    lists = [place / f"crl-{number}" for number in range(len(case.crls))]
    for path, crl in zip(lists, case.crls, strict=True):
        path.write_bytes(crl)
    at = case.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return "\t".join((str(place / name), at, str(place / "root"), "|".join(map(str, lists))))


def per_second(run: Callable[[], object]) -> float:
    """How often it runs in a CPU-second of this process."""
    count, begin = 0, time.process_time()
    while (spent := time.process_time() - begin) < SLOT:
        run()
        count += 1
    return count / spent


def measure(case: Case, dss: Dss | None) -> dict[str, Any]:
    """The rates and ratios on one document."""
    work: dict[str, Callable[[], float]] = {}
    own, theirs = ours(case), pyhanko(case)
    own()
    work["Shirushi"] = lambda: per_second(own)
    if theirs is not None:
        theirs()
        work["pyHanko"] = lambda: per_second(theirs)
    if dss is not None:
        times = max(1, round(SLOT * 5 / dss.judge(case, 5)[0]))
        work["DSS"] = lambda: times / dss.judge(case, times)[0]
    rates: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, run in work.items():
            rates[name].append(run())
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
    maven: Any = importlib.import_module("tests.interop.maven")
    skipped: Any = importlib.import_module("pytest").skip.Exception
    judged = cases()
    with tempfile.TemporaryDirectory() as folder:
        try:
            dss = Dss(maven.built("dss", "EU DSS 6.4"), Path(folder), judged)
        except skipped:
            dss = None
        warm = dss.warm_up(judged) if dss else {}
        result: dict[str, Any] = {case.name: measure(case, dss) for case in judged}
        if dss is not None:
            dss.end()
    show("validation", {**result, "DSS_validations_beforehand": warm})


if __name__ == "__main__":
    main()
