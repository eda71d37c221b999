"""Every PDF of the corpora, signed by us at B-T: every judge accepts ours, and the earlier signatures stay what they were."""

import os
from pathlib import Path

import pytest

from tests.interop.judged import NEEDS, hold
from tests.interop.ours import ALICE, BOB, CHIKA, Ours

pytestmark = [pytest.mark.corpora, *(pytest.mark.needs(*each) for each in NEEDS)]

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora")
FOLDER = CORPORA / "signed-documents" / "dss-pades"
FILES = [str(path.relative_to(FOLDER)) for path in sorted(FOLDER.rglob("*.pdf"))]

NO_CHANGES, LOCKED = "PDF_CERTIFIED_NO_CHANGES", "PDF_FIELD_LOCKED"
DECLINED = {
    "validation/AD-RB.pdf": NO_CHANGES,  # the last signature's lock says /P 1
    "validation/pkcs7-no-message-digest.pdf": NO_CHANGES,  # certified with /P 1
    "validation/dss-2236/annotation-and-visible-change.pdf": LOCKED,  # FieldMDP with /Action /All
    "validation/pades-5-signatures-and-1-document-timestamp.pdf": "PDF_STRUCTURE_DAMAGED",
    # its last section says /Prev 0, so that no page is listed; revisions under signatures are not rebuilt
    "validation/pdf-signed-corrupted.pdf": "PDF_XREF_DAMAGED",  # ten bytes are cut out of a signed revision
}
"""What we do not sign, and with which reason."""

OBJECTIONS = {
    # pyHanko gives up a whole file that has a signature with two signers, and one whose trailer says /Encrypt null,
    # which is the same as no /Encrypt (ISO 32000-2 §7.3.7)
    "validation/pdf-double-signer-info.pdf": {"pyHanko"},
    "validation/pdf-spoofing-attack.pdf": {"pyHanko"},
    # the earlier ByteRange reaches one byte beyond the end of the file: it is broken before, as it leads nowhere, and
    # after, as the byte that now stands there is another one
    "validation/pdf-eof.pdf": {"pdfsig, earlier", "Shirushi, earlier"},
}
"""Who objects to what we signed, and why that is right or not ours."""


def expected(name: str) -> set[str]:
    return {"declined"} if name in DECLINED else OBJECTIONS.get(name, set())


def test_every_exception_is_a_file(corpora: Path) -> None:
    assert len(FILES) == 72
    assert DECLINED.keys() | OBJECTIONS.keys() <= set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_signed_and_accepted(ours: Ours, name: str) -> None:
    found = hold(ours, "dss-pades", FOLDER / name, ALICE)
    assert set(found) == expected(name), found
    assert found.get("declined") == DECLINED.get(name)


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
