"""Irregular and hostile PDFs: each is signed so that others read it, or declined by name; within limits, original untouched."""

import json
import shutil
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.interop.judged import JUDGES, NEEDS, objections, openssl_cms, openssl_ts
from tests.interop.ours import ALICE, last_signature, opened
from tests.interop.programs import run_python
from tests.results import record

pytestmark = [pytest.mark.needs(*each) for each in NEEDS]

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "fixtures" / "hostile"
RECORD = tomllib.loads((FOLDER / "hostile.toml").read_text(encoding="utf-8"))

ENCRYPTED, NO_PDF, TRUNCATED = "PDF_ENCRYPTED", "PDF_NOT_A_PDF", "PDF_TRUNCATED"
XREF, STRUCTURE, LIMIT = "PDF_XREF_DAMAGED", "PDF_STRUCTURE_DAMAGED", "PDF_LIMIT_EXCEEDED"
DECLINED = {
    "empty.pdf": "PDF_EMPTY",
    "html-named-pdf.pdf": NO_PDF,
    "whitespace-only.pdf": NO_PDF,
    "no-header.pdf": NO_PDF,  # qpdf reads on; ISO 32000-2 §7.5.2 wants a header
    "header-only.pdf": XREF,
    "encrypted-aes128.pdf": ENCRYPTED,
    "encrypted-aes256.pdf": ENCRYPTED,
    "encrypted-rc4.pdf": ENCRYPTED,
    "encrypted-without-user-password.pdf": ENCRYPTED,
    "startxref-negative.pdf": TRUNCATED,
    "truncated-half.pdf": TRUNCATED,
    "truncated-trailer.pdf": TRUNCATED,
    "truncatedstartxref-of.pdf": TRUNCATED,
    "no-pages.pdf": "PDF_PAGE_MISSING",
    "object-number-overflow.pdf": "PDF_PAGE_MISSING",  # its only page refers to object 99999999999999999999
    "root-dangling.pdf": STRUCTURE,
    "root-is-a-page.pdf": STRUCTURE,
    # the catalogue is what cannot be read
    "deep-arrays.pdf": "PDF_OBJECT_DAMAGED",
    "object-stream-bomb.pdf": LIMIT,
    "object-stream-count-huge.pdf": STRUCTURE,
    "unclosed-string.pdf": STRUCTURE,
    "page-tree-deep.pdf": LIMIT,
    "page-tree-loop.pdf": LIMIT,
    # the last section can be followed, an earlier one cannot: what it said of objects is lost
    "prev-beyond-end.pdf": XREF,
    "prev-loop.pdf": XREF,
    "prev-to-itself.pdf": XREF,
}
"""What we do not sign, and with which reason. All else is signed."""

_HEADER = "it wants the header at the first byte"
OBJECTIONS = {
    "junk-before-header.pdf": {"pyHanko": _HEADER},
    "junk-before-header-offsets-from-file.pdf": {"pyHanko": _HEADER},
    "xref-starts-at-one.pdf": {
        "qpdf": "it found no catalogue before; now it says that it repairs the table, and does"
    },
}
"""Who objects to what we signed, and why that is not ours."""
TOO_MUCH_FOR_OTHERS = {
    "form-fields-loop.pdf": "pdfsig walks round and round",
    "xref-stream-bomb.pdf": "qpdf unpacks all 512 MiB",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory, template: Path) -> tuple[Path, dict[str, Any]]:
    """The folder of what was signed, and what became of each file, all in one process under limits."""
    folder = tmp_path_factory.mktemp("hostile")
    domain = shutil.copytree(template, folder / "domain")
    out = folder / "signed"
    out.mkdir()
    before = {path.name: sha256(path.read_bytes()).digest() for path in FOLDER.glob("*.pdf")}
    done = run_python("tests.interop.sign_hostile", str(domain), str(FOLDER), str(out), folder=ROOT)
    assert done.returncode == 0, done.stderr
    assert before == {path.name: sha256(path.read_bytes()).digest() for path in FOLDER.glob("*.pdf")}
    found = json.loads(done.stdout)
    for name, outcome in found.items():
        if "declined" in outcome:
            record("signed", corpus="hostile", file=name, key=ALICE, declined=outcome["declined"])
            record(
                "exceptions", corpus="hostile", file=name, what=outcome["declined"], why=RECORD[name]["what"]
            )
    for name, objecting in OBJECTIONS.items():
        for judge, why in objecting.items():
            record("exceptions", corpus="hostile", file=name, what=judge, why=why)
    for name, why in TOO_MUCH_FOR_OTHERS.items():
        record("exceptions", corpus="hostile", file=name, what="OpenSSL alone is asked", why=why)
    return folder, found


def test_every_file_has_its_outcome(outcomes: tuple[Path, dict[str, Any]]) -> None:
    _, found = outcomes
    assert found.keys() == RECORD.keys()
    assert {name: one["declined"] for name, one in found.items() if "declined" in one} == DECLINED


def test_what_must_be_signed_or_declined_is(outcomes: tuple[Path, dict[str, Any]]) -> None:
    _, found = outcomes
    for name, entry in RECORD.items():
        code = found[name].get("declined")
        if entry["kind"] == "regular":
            assert code is None, name
        if entry["kind"] == "encrypted":
            assert code == ENCRYPTED, name
        if entry["kind"] == "no-pdf":
            assert code in {"PDF_EMPTY", NO_PDF, XREF}, name


def test_a_refusal_says_why_in_both_languages(outcomes: tuple[Path, dict[str, Any]]) -> None:
    _, found = outcomes
    for one in found.values():
        if "declined" in one:
            assert one["words"][0]
            assert one["words"][1]
            assert "{" not in "".join(one["words"])


def test_what_is_signed_passes(outcomes: tuple[Path, dict[str, Any]]) -> None:
    _, found = outcomes
    signed = {name: one for name, one in found.items() if "declined" not in one}
    assert len(signed) == len(RECORD) - len(DECLINED)
    assert {(one["indication"], one["signatures"]) for one in signed.values()} == {("TOTAL_PASSED", "1")}


@pytest.mark.parametrize("name", sorted(RECORD.keys() - DECLINED.keys()))
def test_others_accept_what_is_signed(outcomes: tuple[Path, dict[str, Any]], name: str) -> None:
    folder, _ = outcomes
    signed = (folder / "signed" / name).read_bytes()
    with opened(folder / "domain") as ours:
        if name in TOO_MUCH_FOR_OTHERS:
            taken = last_signature(signed)
            words = {"openssl cms": openssl_cms(ours, taken), "openssl ts": openssl_ts(ours, taken)}
            found = {judge: each for judge, each in words.items() if each}
            asked: tuple[str, ...] = tuple(words)
        else:
            found = objections(ours, FOLDER / name, signed)
            asked = JUDGES
    record(
        "signed",
        corpus="hostile",
        file=name,
        key=ALICE,
        judges={judge: judge not in found for judge in asked},
    )
    assert set(found) == set(OBJECTIONS.get(name, ()))
