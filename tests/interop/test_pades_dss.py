"""Our signatures before the European Commission's DSS: TOTAL_PASSED at PAdES-BASELINE-T."""

import os
from pathlib import Path

import pytest

from shirushi.core.errors import ShirushiError
from tests.interop import throwaway
from tests.interop.dss_judge import DssReport, DssRequest, DssSignature, dss_judge
from tests.interop.ours import ALICE, BOB, CHIKA, SAKURA, Ours, altered
from tests.results import record

pytestmark = [
    pytest.mark.needs("mvn", "maven"),
    pytest.mark.needs("javac", "default-jdk-headless"),
]

ROOT = Path(__file__).resolve().parents[2]
CORPORA = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora")
FOLDER = CORPORA / "signed-documents" / "dss-pades"
PRODUCERS = ROOT / "tests" / "fixtures" / "producers"
NAMES = {ALICE: "有栖 花子", BOB: "Bob Baker", SAKURA: SAKURA, "Example Trading GmbH": "Example Trading GmbH"}
"""The common names of those whose keys DSS 6.4 knows: it has no ML-DSA."""
SOME = [
    *sorted(PRODUCERS.glob("*.pdf"))[::6],
    *(FOLDER / name for name in ("validation/pades-lt-extended-dss.pdf", "validation/Signature-P-SK-6.pdf")),
]


def of(report: DssReport, account: str) -> DssSignature:
    (found,) = [one for one in report.signatures if one.signed_by == NAMES[account]]
    return found


def accepted(ours: Ours, corpus: str, given: Path, account: str) -> DssSignature:
    signed = ours.sign(given, account)
    (report,) = dss_judge(DssRequest(signed, [ours.root], crls=ours.crls))
    one = of(report, account)
    good = one.indication == "TOTAL_PASSED" and one.format == "PAdES-BASELINE-T" and one.intact
    record("signed", corpus=corpus, file=given.name, key=account, judges={"EU DSS": good})
    return one


def verdict(one: DssSignature) -> tuple[object, ...]:
    return one.indication, one.sub_indication, one.format, one.intact, one.errors, one.warnings


PASSED = ("TOTAL_PASSED", "", "PAdES-BASELINE-T", True, (), ())


@pytest.mark.parametrize("account", NAMES)
def test_every_key_that_it_knows(ours: Ours, contract: Path, account: str) -> None:
    one = accepted(ours, "own", contract, account)
    assert verdict(one) == PASSED
    (stamp,) = one.timestamps
    assert (stamp.indication, stamp.errors) == ("PASSED", ())
    assert one.best_signature_time == stamp.time


def test_our_answers_are_as_good_as_our_lists(ours: Ours, contract: Path) -> None:
    ocsps = [ours.ocsp(ours.certificate(ALICE))]
    (report,) = dss_judge(DssRequest(ours.sign(contract), [ours.root], crls=ours.crls, ocsps=ocsps))
    assert verdict(of(report, ALICE)) == PASSED


def test_it_says_no(ours: Ours, contract: Path) -> None:
    signed = ours.sign(contract)
    broken, stranger, silent, sealed = dss_judge(
        DssRequest(altered(signed), [ours.root], crls=ours.crls),
        DssRequest(signed, [throwaway.pki().root.pem], crls=ours.crls),
        DssRequest(signed, [ours.root]),
        DssRequest(ours.sign(contract, CHIKA), [ours.root], crls=ours.crls),
    )
    assert verdict(of(broken, ALICE))[:2] == ("TOTAL_FAILED", "HASH_FAILURE")
    assert verdict(of(stranger, ALICE))[:2] == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    assert verdict(of(silent, ALICE))[:2] == ("INDETERMINATE", "CERTIFICATE_CHAIN_GENERAL_FAILURE")
    assert "Unsupported algorithm: ML-DSA-65" in sealed.error


def test_three_in_series(ours: Ours, contract: Path) -> None:
    signed = ours.sign(ours.sign(ours.sign(contract), BOB), SAKURA)
    (report,) = dss_judge(DssRequest(signed, [ours.root], crls=ours.crls))
    assert [verdict(of(report, account)) for account in (ALICE, BOB, SAKURA)] == [PASSED] * 3


@pytest.mark.corpora
@pytest.mark.parametrize("given", SOME, ids=lambda path: path.name)
def test_documents_of_others(ours: Ours, corpora: Path, given: Path) -> None:
    corpus = "producers" if given.parent == PRODUCERS else "dss-pades"
    assert verdict(accepted(ours, corpus, given, ALICE))[:4] == PASSED[:4]


@pytest.mark.long
@pytest.mark.corpora
@pytest.mark.parametrize("account", [ALICE, BOB])
@pytest.mark.parametrize("corpus", ["producers", "dss-pades"])
def test_all_documents_of_others(ours: Ours, corpora: Path, corpus: str, account: str) -> None:
    folder = PRODUCERS if corpus == "producers" else FOLDER
    refused, count = {}, 0
    for given in sorted(folder.rglob("*.pdf")):
        try:
            one = accepted(ours, corpus, given, account)
        except ShirushiError:
            continue  # test_sign_corpora says which are declined, and why
        count += 1
        if verdict(one)[:4] != PASSED[:4]:
            refused[given.name] = verdict(one)
    assert refused == {}
    assert count == (47 if corpus == "producers" else 67)
