"""The EU's validation library as oracle: its 86 cases that change neither policy nor data, under our rules.

Every verdict is held at the case's own time, under `EU`, or under the policy that the case names.
"""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from shirushi.core.algorithms import DigestAlgorithm, Scheme
from shirushi.core.verdict import Indication, SignatureVerdict
from shirushi.rules.ades import EU, JAPAN, PKI, Severity, validate_signatures
from shirushi.rules.suites import MODERN, AlgorithmCatalogue, DigestEntry, layered
from tests.corpora.diagnostic_data import DiagnosticData
from tests.results import record

pytestmark = pytest.mark.corpora

_WARN = replace(EU, cryptography=Severity.WARN)
_FRESH = replace(EU, freshness=Severity.FAIL, max_freshness=timedelta(0))
_SHA1 = AlgorithmCatalogue(
    "SHA-1 accepted", (DigestEntry(DigestAlgorithm.SHA1, None, "the case's policy"),), ()
)
_SHA1_REVOCATION = replace(EU, revocation_catalogue=layered("SHA-1 in revocation data", MODERN, _SHA1))
_RSA_5000 = replace(
    MODERN,
    schemes=tuple(
        replace(e, minimum_bits=max(e.minimum_bits, 5000)) if e.scheme is Scheme.RSA_PKCS1 else e
        for e in MODERN.schemes
    ),
)

POLICIES = {
    "DSS1861Test.wrongTimestampOrderTest": replace(EU, time_stamp_order=Severity.FAIL),
    "DSS1330ExecutorTest.testDSS1330CryptoWarn": _WARN,
    "DSS1670ExecutorTest.testDSS1670CryptoWarn": _WARN,
    "RevocationDataExecutorTest.expiredRevocAndNoCheckWithCRLWarn": _WARN,
    "RevocationDataExecutorTest.expiredRevocAndNoCheckWithCRLAcceptRevocationSha1": _SHA1_REVOCATION,
    "RevocationDataExecutorTest.expiredRevocAndNoCheckWithCustomCryptoSuiteJsonSha1": _SHA1_REVOCATION,
    "RevocationDataExecutorTest.skipRevocationDataValidation": _FRESH,
    "DSS943ExecutorTest.testDSS943": _FRESH,
    "TLValidationExecutorTest.testTLKO": replace(EU, whole_document=Severity.FAIL),
    "CryptographicValidationWithCustomCryptographicSuite19322Test.sigCertAllowanceJsonTest": replace(
        EU, catalogue=_RSA_5000, certificate_catalogue=MODERN
    ),
}
"""The policies that the cases load by name, as far as they matter: which checks warn, what is fresh, what is listed."""

_LATE = (
    "revocation data from after the expiration need not speak of the certificate (RFC 5280 §3.3), so that it is not known "
    "whether it was revoked: OUT_OF_BOUNDS_NO_POE (EN 319 102-1 §5.2.6.4 step 7), where DSS takes the data for broken"
)

WITH_TIME_ALONE = {"SignatureWithERValidationExecutorTest.sigWithERLTValidationTest"}
"""Cases that end with the process of EN 319 102-1 §5.5, which knows no evidence records."""

LEAST = 80
"""So many agree at the least."""

DIFFERENCES = {
    "RevocationDataExecutorTest.revocInfoOutOfBoundsTest": _LATE,
    "ExpiredCertsOnCRLValidationExecutorTest.expiredCertsRevocationInfoAndExpiredCertsOnCRLTest": _LATE,
    "DSS922Test.dss922Test": "the case's policy, older than the check of unknown OCSP statuses, takes unknown for good",
}
"""Where we judge otherwise, and why."""


@cache
def cases(folder: Path) -> dict[str, dict[str, object]]:
    every = json.loads((folder / "expected.json").read_text("utf-8"))
    return {case["test"]: case for case in every if not case["changes_policy_or_data"]}


def verdicts(folder: Path, case: dict[str, object]) -> list[tuple[str, str | None]]:
    data = DiagnosticData.read(folder / str(case["file"]))
    policy = POLICIES.get(str(case["test"]), EU)
    signatures = data.signatures
    if case["test"] in WITH_TIME_ALONE:
        signatures = tuple(replace(each, evidence_records=()) for each in signatures)
    verdict = validate_signatures(signatures, data.material, data.anchors, policy, data.time)
    return [_words(each) for each in verdict.signatures]


def _words(verdict: SignatureVerdict) -> tuple[str, str | None]:
    """As DSS names them: what is no signature is PASSED, or FAILED."""
    alone = verdict.signature.stands_alone
    name = verdict.indication.value.removeprefix("TOTAL_" if alone else "")
    return name, verdict.sub_indication.value if verdict.sub_indication else None


def agrees(folder: Path, case: dict[str, object]) -> bool:
    """Whether the verdicts are those of the case; where it asserts on time-stamps as well, on its first signature."""
    indications, subs = case["indication"], case["subindication"]
    assert isinstance(indications, list)
    assert isinstance(subs, list)
    found = verdicts(folder, case)
    failed_anyhow = not subs and not str(indications[0]).endswith("PASSED")
    return bool(found) and (
        found[0][0] == indications[0]
        if failed_anyhow
        else found[0] == (indications[0], subs[0] if subs else None)
    )


def test_verdicts_of_the_cases(corpora):
    folder = corpora / "diagnostic-data"
    every = cases(folder)
    assert len(every) == 86
    assert set(POLICIES) | set(DIFFERENCES) <= set(every)
    wrong = [name for name, case in every.items() if agrees(folder, case) == (name in DIFFERENCES)]
    record("oracle", changed=False, cases=len(every), agreed=len(every) - len(DIFFERENCES))
    assert wrong == []
    assert len(every) - len(DIFFERENCES) >= LEAST


def test_a_counter_signature_is_judged_by_itself(corpora):
    folder = corpora / "diagnostic-data"
    broken = cases(folder)["CounterSignatureValidationTest.testCounterSignature"]
    assert verdicts(folder, broken) == [
        ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"),
        ("TOTAL_FAILED", "HASH_FAILURE"),
    ]
    good = cases(folder)["CounterSignatureValidationTest.testValidCounterSignature"]
    assert verdicts(folder, good) == [("TOTAL_PASSED", None)] * 2


@pytest.mark.parametrize("policy", [JAPAN, EU, PKI], ids=lambda p: p.name)
def test_every_file_is_judged_and_nothing_broken_passes(corpora, policy):
    folder = corpora / "diagnostic-data"
    files = sorted(folder.rglob("*.xml"))
    assert len(files) == 104
    for file in files:
        data = DiagnosticData.read(file)
        verdict = validate_signatures(data.signatures, data.material, data.anchors, policy, data.time)
        for signature in verdict.signatures:
            if signature.indication is Indication.TOTAL_PASSED:
                assert signature.signature.integrity is True
                assert signature.chain
            else:
                assert signature.reasons
            assert signature.best_signature_time is not None
            assert signature.best_signature_time <= data.time
            for why in (*signature.reasons, *signature.warnings):
                assert why.explain("ja")
                assert why.remedy("en")
