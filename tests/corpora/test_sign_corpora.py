"""Every PDF of the corpora, signed by us at B-T: every judge accepts ours, and the earlier signatures stay what they were."""

import json
import os
from pathlib import Path

import pytest

from tests.interop.judged import NEEDS, hold
from tests.interop.ours import ALICE, BOB, CHIKA, Ours
from tests.results import record

pytestmark = [pytest.mark.corpora, *(pytest.mark.needs(*each) for each in NEEDS)]

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora")
FOLDER = CORPORA / "signed-documents" / "dss-pades"
FILES = [str(path.relative_to(FOLDER)) for path in sorted(FOLDER.rglob("*.pdf"))]

DECLINED = {
    "validation/AD-RB.pdf": ("PDF_CERTIFIED_NO_CHANGES", "the lock of its last signature says /P 1"),
    "validation/pkcs7-no-message-digest.pdf": ("PDF_CERTIFIED_NO_CHANGES", "certified with /P 1"),
    "validation/dss-2236/annotation-and-visible-change.pdf": (
        "PDF_FIELD_LOCKED",
        "FieldMDP locks all fields",
    ),
    "validation/pades-5-signatures-and-1-document-timestamp.pdf": (
        "PDF_STRUCTURE_DAMAGED",
        "its last section says /Prev 0, so that no page is listed; revisions under signatures are not rebuilt",
    ),
    "validation/pdf-signed-corrupted.pdf": ("PDF_XREF_DAMAGED", "ten bytes are cut out of a signed revision"),
}
"""What we do not sign, with which code, and why."""

_BEYOND = (
    "the earlier ByteRange reaches one byte beyond the end of the file: it is broken before, as it leads nowhere, and"
    " after, as the byte that now stands there is another one"
)
OBJECTIONS = {
    "validation/pdf-double-signer-info.pdf": {
        "pyHanko": "it gives up the whole file for an earlier signature that has two signers"
    },
    "validation/pdf-spoofing-attack.pdf": {
        "pyHanko": "it refuses a trailer that says /Encrypt null, the same as no /Encrypt (ISO 32000-2 §7.3.7)"
    },
    "validation/pdf-eof.pdf": {"pdfsig, earlier": _BEYOND, "Shirushi, earlier": _BEYOND},
}
"""Who objects to what we signed, and why that is right or not ours."""

NO_CONTROLS = {
    "sample.pdf": "it has no signature",
    "timestamped-fields.pdf": "it has document time-stamps alone",
    "BadEncodedCMS.pdf": "its test asserts that no signature is found in it, so that none is checked",
}
"""Files that look like positive controls by their tests, and are none."""


def expected(name: str) -> set[str]:
    return {"declined"} if name in DECLINED else set(OBJECTIONS.get(name, ()))


def test_every_exception_is_a_file(corpora: Path) -> None:
    assert len(FILES) == 72
    assert DECLINED.keys() | OBJECTIONS.keys() <= set(FILES)
    for name, (code, why) in DECLINED.items():
        record("exceptions", corpus="dss-pades", file=Path(name).name, what=code, why=why)
    for name, objections in OBJECTIONS.items():
        for judge, why in objections.items():
            record("exceptions", corpus="dss-pades", file=Path(name).name, what=judge, why=why)


def test_every_positive_control_is_intact_in_our_own_eyes(ours: Ours, corpora: Path) -> None:
    """A test class of DSS that does not override checkBLevelValid asserts that the signature is intact."""
    controls = [
        entry["path"]
        for entry in json.loads((corpora / "signed-documents" / "expected.json").read_text(encoding="utf-8"))
        if entry["path"].startswith("dss-pades/")
        and entry["tests"]
        and all("checkBLevelValid" not in test["overrides"] for test in entry["tests"])
        and Path(entry["path"]).name not in NO_CONTROLS
    ]
    integrity = {
        name: [
            each.signature.integrity for each in ours.validate(corpora / "signed-documents" / name).signatures
        ]
        for name in controls
    }
    for name, found in integrity.items():
        record("controls", corpus="dss-pades", file=name, intact=bool(found) and all(found))
    assert len(integrity) == 56
    assert {name: found for name, found in integrity.items() if not found or not all(found)} == {}


@pytest.mark.parametrize("name", FILES)
def test_signed_and_accepted(ours: Ours, name: str) -> None:
    found = hold(ours, "dss-pades", FOLDER / name, ALICE)
    assert set(found) == expected(name), found
    assert found.get("declined", "") == DECLINED.get(name, ("",))[0]


@pytest.mark.parametrize("account", [BOB, CHIKA])
@pytest.mark.parametrize("name", FILES[::12])
def test_signed_with_other_keys(ours: Ours, name: str, account: str) -> None:
    found = hold(ours, "dss-pades", FOLDER / name, account)
    assert set(found) == expected(name), found


@pytest.mark.long
@pytest.mark.parametrize("account", [BOB, CHIKA])
@pytest.mark.parametrize("name", sorted(set(FILES) - set(FILES[::12])))
def test_signed_with_every_other_key(ours: Ours, name: str, account: str) -> None:
    found = hold(ours, "dss-pades", FOLDER / name, account)
    assert set(found) == expected(name), found
