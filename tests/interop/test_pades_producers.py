"""PDFs of 37 programs, signed by us at B-T: every judge accepts every one."""

from pathlib import Path

import pytest

from tests.interop.judged import NEEDS, hold
from tests.interop.ours import ALICE, BOB, CHIKA, Ours

pytestmark = [pytest.mark.needs(*each) for each in NEEDS]

FOLDER = Path(__file__).parents[1] / "fixtures" / "producers"
FILES = sorted(path.name for path in FOLDER.glob("*.pdf"))


@pytest.mark.parametrize("name", FILES)
def test_signed_and_accepted(ours: Ours, name: str) -> None:
    assert hold(ours, "producers", FOLDER / name, ALICE) == {}


@pytest.mark.parametrize("account", [BOB, CHIKA])
@pytest.mark.parametrize("name", FILES[::8])
def test_signed_with_other_keys(ours: Ours, name: str, account: str) -> None:
    assert hold(ours, "producers", FOLDER / name, account) == {}


@pytest.mark.long
@pytest.mark.parametrize("account", [BOB, CHIKA])
@pytest.mark.parametrize("name", sorted(set(FILES) - set(FILES[::8])))
def test_signed_with_every_other_key(ours: Ours, name: str, account: str) -> None:
    assert hold(ours, "producers", FOLDER / name, account) == {}
