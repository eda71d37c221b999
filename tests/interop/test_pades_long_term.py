"""PAdES B-LT and B-LTA before judges of other hands, after signer and time-stamping unit have expired."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from shirushi import Indication, Level
from shirushi.core.document import document
from shirushi.core.evidence import ChangeKind
from tests.interop import throwaway
from tests.interop.dss_judge import DssRequest, dss_judge
from tests.interop.long_term import AFTER_FIRST_UNIT, AFTER_SIGNERS, DAY, RENEWED, Ageing, ageing
from tests.interop.ours import ALICE, BOB, PDF, SAKURA, altered
from tests.interop.tools import pdfsig, pyhanko_validate, qpdf_check

ACCOUNTS = {"P-256": ALICE, "RSA-3072": BOB, "seal": SAKURA}
ADDED = {ChangeKind.VALIDATION_DATA_ADDED, ChangeKind.TIMESTAMP_ADDED}


@dataclass(frozen=True, slots=True)
class Cell:
    """A document at a level, and when it is judged."""

    data: bytes
    level: Level
    at: datetime


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Ageing:
    return ageing(tmp_path_factory.mktemp("ageing") / "domain")


@pytest.fixture(scope="module")
def cells(domain: Ageing) -> dict[tuple[str, str], Cell]:
    """Every document by its key's name and by what was done to it."""
    given = Path(__file__).parents[2] / "src/shirushi/demo/documents/contract.pdf"
    found = {}
    born = domain.born
    with domain.at(0 * DAY) as ours:
        for name, account in ACCOUNTS.items():
            for level in (Level.B_LT, Level.B_LTA):
                data = ours.sign(given, account, level)
                found[name, level.value] = Cell(data, level, born + AFTER_SIGNERS)
            bare = ours.sign(given, account, Level.B_B)
            for level in (Level.B_LT, Level.B_LTA):
                data = ours.domain.signing.extend(document(bare, "bare.pdf", PDF), level).read()
                found[name, f"{level.value} from B-B"] = Cell(data, level, born + AFTER_SIGNERS)
    domain.take_second_unit(RENEWED)
    with domain.at(RENEWED) as ours:
        for name in ACCOUNTS:
            old = document(found[name, "B-LTA"].data, "old.pdf", PDF)
            renewed = ours.domain.signing.extend(old, Level.B_LTA).read()
            assert renewed.startswith(old.read())
            found[name, "B-LTA again"] = Cell(renewed, Level.B_LTA, born + AFTER_FIRST_UNIT)
    return found


KINDS = ("B-LT", "B-LTA", "B-LT from B-B", "B-LTA from B-B", "B-LTA again")


@pytest.mark.needs("mvn", "maven")
@pytest.mark.needs("javac", "default-jdk-headless")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_european_judge(cells: dict[tuple[str, str], Cell], domain: Ageing, name: str, kind: str) -> None:
    cell = cells[name, kind]
    root = (domain.folder / "trust" / "root.pem").read_bytes()
    good, broken, stranger = dss_judge(
        DssRequest(cell.data, [root], at=cell.at),
        DssRequest(altered(cell.data), [root], at=cell.at),
        DssRequest(cell.data, [throwaway.pki().other_root.pem], at=cell.at),
    )
    (one,) = good.signatures
    assert (one.indication, one.sub_indication, one.errors) == ("TOTAL_PASSED", "", ())
    assert one.format == f"PAdES-BASELINE-{cell.level.value[2:]}"
    assert {stamp.indication for stamp in (*one.timestamps, *good.timestamps)} == {"PASSED"}
    assert [each.indication for each in broken.signatures] == ["TOTAL_FAILED"]
    assert [each.indication for each in stranger.signatures] == ["INDETERMINATE"]


@pytest.mark.needs("mvn", "maven")
@pytest.mark.needs("javac", "default-jdk-headless")
def test_what_was_not_renewed_ends_with_its_unit(cells: dict[tuple[str, str], Cell], domain: Ageing) -> None:
    root = (domain.folder / "trust" / "root.pem").read_bytes()
    for kind in ("B-LT", "B-LTA"):
        (report,) = dss_judge(
            DssRequest(cells["P-256", kind].data, [root], at=domain.born + AFTER_FIRST_UNIT)
        )
        assert report.signatures[0].indication == "INDETERMINATE"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ACCOUNTS)
def test_our_own_judge_then_and_offline(
    cells: dict[tuple[str, str], Cell], domain: Ageing, name: str, kind: str
) -> None:
    cell = cells[name, kind]
    with domain.at(cell.at - domain.born) as ours:
        verdict = ours.validate(cell.data)
        broken = ours.validate(altered(cell.data))
    assert verdict.indication is Indication.TOTAL_PASSED, verdict.reasons
    (one,) = verdict.signatures
    assert one.level is cell.level
    assert {change.kind for change in one.signature.changes} <= ADDED
    assert all(change.allowed for change in one.signature.changes)
    assert one.best_signature_time is not None
    assert one.best_signature_time < domain.born + DAY
    assert broken.indication is Indication.TOTAL_FAILED


@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.needs("pdfsig", "poppler-utils")
@pytest.mark.needs("certutil", "libnss3-tools")
@pytest.mark.parametrize("kind", KINDS[:4])
@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_other_judges_now(
    cells: dict[tuple[str, str], Cell], domain: Ageing, name: str, kind: str
) -> None:
    cell = cells[name, kind]
    root = (domain.folder / "trust" / "root.pem").read_bytes()
    assert qpdf_check(cell.data).clean
    signature = next(one for one in pdfsig(cell.data, [root]) if one.type == "ETSI.CAdES.detached")
    assert (signature.valid, signature.trusted) == (True, True), signature
    found = pyhanko_validate(cell.data, [root])
    assert [one.bottom_line for one in found] == [True] * len(found), [one.summary for one in found]
    assert {one.modification_level for one in found if one.kind == "/Sig"} <= {"NONE", "LTA_UPDATES"}
    stranger = pyhanko_validate(cell.data, [throwaway.pki().other_root.pem])
    assert not any(one.bottom_line for one in stranger)
    assert not any(one.bottom_line for one in pyhanko_validate(altered(cell.data), [root]))
