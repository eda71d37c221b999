"""Write docs/conformance.md from a run of the tests that hold Shirushi against other people's programs and vectors.

`python docs/make_tables.py` runs them, the long ones as well; `--quick` leaves those out; `--results FOLDER` renders the
rows of a run that was made before. Without the corpora folder the tables say so.
"""

import argparse
import importlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(__file__).parent / "conformance.md"
CORPORA = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora")
DESCRIPTIONS = {
    "dss-pades": "PAdES documents of the EU's DSS, good and broken",
    "producers": "PDFs of 37 producing programs (`tests/fixtures/producers`)",
    "hostile": "irregular and hostile PDFs (`tests/fixtures/hostile`)",
    "own": "the demo's contract",
}
KEYS = {"alice@example.jp": "P-256", "bob@example.jp": "RSA-3072", "chika@example.jp": "ML-DSA-65"}
JUDGES = ("pdfsig", "qpdf", "openssl cms", "openssl ts", "pyHanko", "EU DSS", "Shirushi")
EARLIER = ("pdfsig, earlier", "Shirushi, earlier")
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
EVERYWHERE = ("EU DSS", "Shirushi")
"""The judges who are asked about every cell of the signature matrix: what they were not asked is open."""
CERTIFICATE_JUDGES = ("pkilint", "openssl verify", "openssl ocsp", "Bouncy Castle")
PKITS = "tests/corpora/test_pkits.py::"
LIMBO = "tests/corpora/test_limbo.py::"
LISTS = "tests/corpora/test_trusted_lists.py::"
WYCHEPROOF = "tests/corpora/test_wycheproof.py::"

Row = dict[str, Any]


def run(folder: Path, *, quick: bool) -> None:
    """Run the tests; each process writes its rows into `folder`."""
    selection = ("-m", "not long") if quick else ()
    command = (sys.executable, "-m", "pytest", "-p", "tests.results", "-n", "2", *selection)
    environment = {**os.environ, "SHIRUSHI_RESULTS": str(folder), "SHIRUSHI_CORPORA": str(CORPORA)}
    subprocess.run((*command, "tests/corpora", "tests/interop"), cwd=ROOT, env=environment, check=False)


def rows_in(folder: Path) -> dict[str, list[Row]]:
    """The rows of every process, by their table."""
    tables: dict[str, list[Row]] = defaultdict(list)
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            tables[row.pop("table")].append(row)
    return tables


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A table in Markdown."""
    head = list(head)
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
    yield ""


def first_line(*command: str) -> str:
    """What a program says of its version; "absent" where there is none."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "absent"
    return (done.stdout + done.stderr).splitlines()[0].strip()


def tools() -> Iterator[tuple[str, str]]:
    """The judges and the ground under them, with their versions."""
    yield "pdfsig (poppler, NSS)", first_line("pdfsig", "-v").removeprefix("pdfsig version ")
    yield "qpdf", first_line("qpdf", "--version").removeprefix("qpdf version ")
    yield "OpenSSL", first_line("openssl", "version").partition(" (")[0].removeprefix("OpenSSL ")
    yield "pyHanko", version("pyhanko")
    yield "pkilint", version("pkilint")
    yield "Bouncy Castle", _jar("bcpkix")
    yield "EU DSS", _declared("dss")
    yield "veraPDF", _declared("verapdf")
    yield "xmlsec1", first_line("xmlsec1", "--version").removeprefix("xmlsec1 ").partition(" ")[0]
    yield "pydigidoc (libdigidocpp)", version("pydigidoc")
    yield "joserfc", version("joserfc")
    yield "cryptography", version("cryptography")
    yield "Python", platform.python_version()


def _declared(judge: str) -> str:
    """The version of a judge that Maven fetches, as its project declares it."""
    pom = (ROOT / "tests" / "interop" / judge / "pom.xml").read_text(encoding="utf-8")
    found = re.search(rf"<{judge}>([^<]+)<", pom)
    return found[1] if found else f"see tests/interop/{judge}/pom.xml"


def _jar(name: str) -> str:
    """The version of a Java library that Debian installs."""
    found = next(Path("/usr/share/java").glob(f"{name}-[0-9]*.jar"), None)
    return found.stem.removeprefix(f"{name}-") if found else "absent"


def signing(rows: list[Row]) -> Iterator[str]:
    """How many files were signed, and who accepted how many of those."""
    files: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        if row["key"] in KEYS and row["corpus"] != "own":
            one = files[row["corpus"], row["key"]].setdefault(row["file"], {"judges": {}, "declined": ""})
            one["judges"] |= row.get("judges", {})
            one["declined"] = row.get("declined") or one["declined"]
    yield from table(
        ("corpus", "key", "files", "signed", "declined", *JUDGES),
        (_line(corpus, key, list(found.values())) for (corpus, key), found in sorted(files.items())),
    )
    yield "What the earlier signatures of these files were before ours, and are after it (same / asked):\n"
    yield from table(
        ("corpus", "key", *(judge.partition(",")[0] for judge in EARLIER)),
        (
            (corpus, KEYS[key], *(_accepted(list(found.values()), judge) for judge in EARLIER))
            for (corpus, key), found in sorted(files.items())
            if corpus != "hostile"
        ),
    )


def _line(corpus: str, key: str, found: list[Row]) -> Iterator[object]:
    declined = sum(bool(one["declined"]) for one in found)
    share = f"{len(found) - declined} ({(len(found) - declined) / len(found):.1%})"
    yield from (corpus, KEYS[key], len(found), share, declined)
    yield from (_accepted(found, judge) for judge in JUDGES)


def _accepted(found: list[Row], judge: str) -> str:
    asked = [one["judges"][judge] for one in found if judge in one["judges"]]
    return f"{sum(asked)} / {len(asked)}" if asked else "–"


def matrix(rows: list[Row]) -> Iterator[str]:
    """Forms × levels × keys: by how many keys each judge accepts the cell, and what is open."""
    sys.path.insert(0, str(ROOT))
    known = importlib.import_module("tests.interop.matrix")  # the cells that there are to be
    forms, keys = list(known.FORMS), known.KEYS
    found = {(row["form"], row["level"], row["judge"], row["key"]): row["accepted"] for row in rows}
    judges = [*EVERYWHERE, *sorted({row["judge"] for row in rows} - set(EVERYWHERE))]
    cells = [(form, level, key) for form in forms for level in LEVELS for key in keys]
    for judge in EVERYWHERE:
        accepted = sum(found.get((form, level, judge, key), False) for form, level, key in cells)
        told = sum((form, level, judge, key) in found for form, level, key in cells)
        yield f"- **{judge}**: {accepted} of {len(cells)} cells accepted, {len(cells) - told} open."
    yield ""
    lines = []
    for form in forms:
        for level in LEVELS:
            asked = {judge: [found.get((form, level, judge, key)) for key in keys] for judge in judges}
            lines.append((form, level, *(_cell(judge, asked[judge]) for judge in judges)))
    yield from table(("form", "level", *judges), lines)


def _cell(judge: str, asked: list[bool | None]) -> str:
    known = [each for each in asked if each is not None]
    if judge in EVERYWHERE and len(known) < len(asked):
        return f"{sum(known)} / {len(asked)}, **open: {len(asked) - len(known)}**"
    return f"{sum(known)} / {len(known)}" if known else "–"


def certificates(rows: list[Row]) -> Iterator[str]:
    """Profiles × judges: how many kinds of keys each judge accepts, of those that it was asked about."""
    asked: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for row in rows:
        asked[row["profile"], row["judge"]][row["key"]] = row["accepted"]
    lines = []
    for profile in sorted({row["profile"] for row in rows}):
        keys = asked[profile, CERTIFICATE_JUDGES[0]]
        cells = [list(asked[profile, judge].values()) for judge in CERTIFICATE_JUDGES]
        lines.append((profile, ", ".join(keys), *(f"{sum(c)} / {len(c)}" if c else "–" for c in cells)))
    yield from table(("profile", "keys", *CERTIFICATE_JUDGES), lines)


def outcomes(tests: list[Row], beginning: str) -> Counter[str]:
    """How the tests went whose names begin so."""
    return Counter(row["outcome"] for row in tests if row["test"].startswith(beginning))


def paths(tests: list[Row]) -> Iterator[tuple[object, ...]]:
    """PKITS and x509-limbo."""
    cases = [row for row in tests if row["test"].startswith(PKITS) and "[" in row["test"]]
    own = [row for row in cases if "user_notices" not in row["test"]]
    passed = sum(row["outcome"] == "passed" for row in own)
    yield "NIST PKITS", f"{passed} / {len(own)}", "every case, as it is said to fail or to hold"
    inside = outcomes(tests, f"{LIMBO}test_the_outcome_is_the_expected_one")
    outside = outcomes(tests, f"{LIMBO}test_what_others_must_judge")
    every = len(json.loads((CORPORA / "x509-limbo" / "limbo.json").read_text(encoding="utf-8"))["testcases"])
    yield (
        "C2SP x509-limbo",
        f"{inside['passed']} / {inside.total()}",
        f"of {every} cases; {outside.total()} more ask for what others judge (see the test), the rest is about the Web",
    )


def trusted_lists(tests: list[Row]) -> Iterator[tuple[object, ...]]:
    """What holds of the member states' lists, of damaged copies, samples, pivots and agreements: by test."""
    names = {
        row["test"].removeprefix(LISTS).partition("[")[0] for row in tests if row["test"].startswith(LISTS)
    }
    for name in sorted(names):
        found = outcomes([row for row in tests if row["test"].partition("[")[0] == LISTS + name], LISTS)
        yield name.removeprefix("test_").replace("_", " "), f"{found['passed']} / {found.total()}"


def wycheproof(tests: list[Row]) -> Iterator[tuple[object, ...]]:
    """Vectors by file; those of a matter of taste ("acceptable") and with a context string are not counted."""
    for path in sorted((CORPORA / "wycheproof").glob("*_test.json")):
        name = path.name.removesuffix("_test.json")
        groups = json.loads(path.read_text(encoding="utf-8"))["testGroups"]
        cases = [case for group in groups for case in group["tests"]]
        judged = sum(case["result"] != "acceptable" and not case.get("ctx") for case in cases)
        passed = any(row["outcome"] == "passed" for row in tests if row["test"].endswith(f"says[{name}]"))
        yield name, len(cases), judged, judged if passed else "failed"


def signed_documents(tables: dict[str, list[Row]]) -> Iterator[str]:
    """The signed documents of the EU's DSS, against what its own tests assert."""
    if not tables["signed-documents"]:
        return
    whole, levels = tables["signed-documents"][-1], tables["signed-documents-levels"][-1]
    yield f"The {whole['files']} signed documents of the EU's DSS: none crashes; the slowest, `{whole['slowest']}`, takes"
    yield f"{whole['seconds']} s of this machine. Asserted levels that are ours: {levels['agreed']} / {levels['asserted']}."
    yield "A control is a file whose tests keep the base assertion, that references and value are intact. Shown intact are"
    yield "signatures and tokens (*intact*), and records that stand alone, whose digests and tokens hold together while"
    yield "what they are over may be elsewhere (*records*). *Records broken*: so their own tests say. Not shown, for the"
    yield "corpora lack it: files without the *content* or the signer's *certificate*; their parts at hand are intact."
    yield "*Nothing signed*: no signature to judge. *Different*: each has its reason in"
    yield "`tests/corpora/test_signed_documents.py`.\n"
    yield from table(
        (
            "group",
            "controls",
            "intact",
            "records",
            "records broken",
            "no content",
            "no certificate",
            "nothing signed",
            "different",
        ),
        (
            (
                r["group"],
                r["controls"],
                r["intact"],
                r["records_intact"],
                r["records_broken"],
                r["without_content"],
                r["without_certificate"],
                r["nothing_signed"],
                r["differences"],
            )
            for r in sorted(tables["signed-documents-controls"], key=lambda row: row["group"])
        ),
    )
    yield from table(
        ("group", "files that assert an indication", "without the input", "different"),
        (
            (r["group"], r["files"], r["without_input"], r["differences"])
            for r in sorted(tables["signed-documents-indications"], key=lambda row: row["group"])
        ),
    )


def oracle(tables: dict[str, list[Row]]) -> Iterator[str]:
    """The cases of the EU's DSS over parsed data, and what damaged documents came to."""
    if tables["oracle"]:
        yield "The cases of DSS over its own diagnostic data: our rules give the same indication and sub-indication. Where"
        yield "we differ, the reason stands in `tests/corpora/test_diagnostic_data.py` and `test_diagnostic_changes.py`. What"
        yield "a case changes was read in the public sources of DSS's tests; by analogy: our policy says something else to the"
        yield "same end, as `diagnostic_changes.py` tells.\n"
        yield from table(
            ("cases that change policy or data first", "all", "change told", "by analogy", "as DSS says"),
            (
                (
                    "yes" if r["changed"] else "no",
                    r["cases"],
                    r.get("told", r["cases"]),
                    r.get("by_analogy", 0),
                    r["agreed"],
                )
                for r in sorted(tables["oracle"], key=lambda row: row["changed"])
            ),
        )
    if tables["dss_mutations"]:
        yield "Damaged signatures of every form, ours beside DSS. Issuer: the document says all that the good one says but"
        yield "for a copy of the issuing CA's certificate, which both were given undamaged beside; or it was looked at by"
        yield "hand, and the reason stands in `tests/interop/test_mutations_dss.py`.\n"
        names = ("fail/fail", "pass/pass", "fail/pass", "pass/issuer", "pass/fail")
        counts = [Counter[str](r["ours_then_dss"]) for r in tables["dss_mutations"]]
        total = sum((Counter[str]({n: each[n] for n in names}) for each in counts), Counter[str]())
        yield from table(("ours / DSS", "documents"), ((name, total[name]) for name in names))


def by_file(tests: list[Row]) -> Iterator[tuple[object, ...]]:
    """The outcomes of every file of tests, and why some were skipped."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tests:
        found[row["test"].partition("::")[0]][row["outcome"]] += 1
    for name, counts in sorted(found.items()):
        yield f"`{name}`", counts["passed"], counts["failed"], counts["skipped"]


def page(tables: dict[str, list[Row]], *, quick: bool) -> Iterator[str]:
    """The whole page."""
    tests = tables["tests"]
    yield "# Conformance\n"
    yield f"Made on {datetime.now(UTC):%Y-%m-%d} by `make docs` from a run of `tests/corpora` and `tests/interop`"
    yield "without the long tests. Do not edit.\n" if quick else "with the long tests. Do not edit.\n"
    yield from table(("tool", "version"), tools())
    if not CORPORA.is_dir():
        yield "**The corpora folder is absent: everything that needs it was skipped.**\n"
    yield "## Signatures: forms × levels × keys\n"
    yield "Of the keys P-256, RSA-3072 with PSS, and Ed25519: accepted / asked. A judge accepts a cell when it passes the"
    yield "signature at its level and refuses both twins: one with a byte changed, one without an anchor. B-LT is judged"
    yield "after the signer has expired, B-LTA after the first time-stamping unit has as well, both offline. DSS judges by"
    yield "its stock policy, for Ed25519 with that policy's own commented entry of EdDSA made to count. The other judges"
    yield "are asked where they can read: OpenSSL 3.0, xmlsec1 1.2, pdfsig and libdigidocpp know no Ed25519, xmlsec1 no"
    yield "PSS; pdfsig and libdigidocpp are asked about integrity alone, qpdf about the file, veraPDF about PDF/A.\n"
    yield from matrix(tables["cells"])
    yield "## Certificates: profiles × keys\n"
    yield "Accepted / asked, one certificate of each profile for each kind of key that it allows. A judge accepts when it"
    yield "takes the certificate for what its profile says and refuses the twins: one bit flipped; for OpenSSL and Bouncy"
    yield "Castle also another anchor of the same name, after its end, revoked, with lists out of date, for a policy that it"
    yield "does not have; for OpenSSL another purpose. `openssl ocsp` is asked about answers from before and after revocation,"
    yield "altered and out of date. Bouncy Castle also reads the extensions back, pkilint the lists and answers too."
    yield "Roots and responders point to no status.\n"
    yield from certificates(tables["profiles"])
    yield "## PDFs signed at B-T, before every judge\n"
    yield "Accepted / asked. A judge is not asked about a file that we decline; OpenSSL 3.0, the NSS of pdfsig and DSS"
    yield "know no ML-DSA. qpdf accepts when it finds nothing that it did not find before. DSS and pyHanko get our root"
    yield "and our revocation lists; accepted by DSS means TOTAL_PASSED at PAdES-BASELINE-T.\n"
    yield from (f"- **{corpus}**: {text}" for corpus, text in DESCRIPTIONS.items() if corpus != "own")
    yield ""
    yield from signing(tables["signed"])
    yield "### Declined, or not accepted by all\n"
    unique = {(r["corpus"], r["file"], r["what"], r["why"]) for r in tables["exceptions"]}
    yield from table(
        ("corpus", "file", "code or judge", "why"), ((c, f"`{f}`", w, y) for c, f, w, y in sorted(unique))
    )
    if CORPORA.is_dir():
        controls = {row["file"]: row["intact"] for row in tables["controls"]}
        yield "## Validation\n"
        yield f"PAdES positive controls of the EU's DSS whose signatures we find intact: {sum(controls.values())} /"
        yield f"{len(controls)}.\n"
        yield from signed_documents(tables)
        yield from oracle(tables)
        yield "## Certification paths\n"
        yield from table(("suite", "passed", "what"), paths(tests))
        yield "## Trusted lists\n"
        yield "The lists of the member states of 2016 and 2019, damaged copies, samples of versions 5 and 6, pivots, and"
        yield "the mutual-recognition agreement of the Commission's pilot.\n"
        yield from table(("what holds", "passed"), trusted_lists(tests))
        yield "## Signature values: Wycheproof\n"
        yield from table(("file", "vectors", "judged", "as Wycheproof says"), wycheproof(tests))
    yield "## Every test of these folders\n"
    yield from table(("file", "passed", "failed", "skipped"), by_file(tests))
    reasons = {row["why"].removeprefix("Skipped: ") for row in tests if row["outcome"] == "skipped"}
    yield from (f"- {_without_path(reason)}" for reason in sorted(reasons) if reason)


def _without_path(text: str) -> str:
    return text.replace(str(CORPORA), "…").replace(str(ROOT), ".")


def main() -> None:
    """Run, render, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, help="render the rows in this folder instead of a run")
    parser.add_argument("--quick", action="store_true", help="leave out the long tests")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shirushi-results-") as made:
        folder = given.results or Path(made)
        if given.results is None:
            run(folder, quick=given.quick)
        tables = rows_in(folder)
    if not tables["tests"]:
        sys.exit("no test left a row: nothing was written")
    TARGET.write_text("\n".join(page(tables, quick=given.quick)).rstrip() + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(tables['tests'])} tests")


if __name__ == "__main__":
    main()
