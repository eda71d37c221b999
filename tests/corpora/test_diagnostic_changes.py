"""The EU's validation library as oracle: its cases that change policy or data first, where the change is told."""

import json
from functools import cache
from pathlib import Path

import pytest

from shirushi.rules.ades import validate_signatures
from shirushi.rules.ades.model import ValidationContext
from shirushi.rules.ades.time_stamp import validate_time_stamp
from tests.corpora.diagnostic_changes import BY_ANALOGY, CHANGES, Step
from tests.corpora.diagnostic_data import DiagnosticData
from tests.results import record

pytestmark = pytest.mark.corpora

DIFFERENCES = {
    "CryptographicValidationExecutorTest.etsiTS119312V151UpdateTest": (
        "the case dates the time-stamp before the signing certificate: NOT_YET_VALID here, also where an algorithm is weak, "
        "of which §5.5.4 step 4 c) says nothing: else a weak algorithm would pass where a strong one fails (step 4 b)"
    ),
}
"""Where we judge otherwise, and why."""

LEAST = 100
"""So many agree at the least."""

Words = tuple[str, str | None]


@cache
def cases(folder: Path) -> dict[str, dict[str, object]]:
    every = json.loads((folder / "expected.json").read_text("utf-8"))
    return {case["test"]: case for case in every if case["changes_policy_or_data"]}


def expected(case: dict[str, object]) -> list[Words]:
    """The indications asserted, each with its sub-indication: those stand in their order, and none is for what passes."""
    indications, subs = case["indication"], iter(case["subindication"])
    return [(one, None if one.endswith("PASSED") else next(subs, None)) for one in indications]


def judged(data: DiagnosticData, step: Step) -> Words:
    step.edit(data.root)
    fresh = DiagnosticData(data.root)  # nothing remembered from before the edit
    if step.stamp:
        context = ValidationContext(fresh.material, fresh.anchors, step.policy, fresh.time)
        every = [stamp for one in fresh.signatures for stamp in one.time_stamps]
        said = validate_time_stamp(every[0], context).conclusion
        name = said.indication.value.removeprefix("TOTAL_")
        return name, said.sub_indication.value if said.sub_indication else None
    verdict = validate_signatures(fresh.signatures, fresh.material, fresh.anchors, step.policy, fresh.time)
    first = verdict.signatures[0]
    return first.indication.value, first.sub_indication.value if first.sub_indication else None


def outcome(folder: Path, name: str) -> tuple[list[Words], list[Words]]:
    case = cases(folder)[name]
    data = DiagnosticData.read(folder / str(case["file"]))
    return [judged(data, step) for step in CHANGES[name]], expected(case)


def same(found: list[Words], wanted: list[Words]) -> bool:
    """Whether every step agrees; a failure asserted without a sub-indication is any.

    More indications than steps are those of the detailed report, all the same.
    """
    assert len(found) <= len(wanted)
    return all(f[0] == w[0] and (w[1] is None or f[1] == w[1]) for f, w in zip(found, wanted, strict=False))


def test_verdicts_of_the_changed_cases(corpora):
    folder = corpora / "diagnostic-data"
    assert set(CHANGES) <= set(cases(folder))
    assert set(DIFFERENCES) | set(BY_ANALOGY) <= set(CHANGES)
    agreed = {name for name in CHANGES if same(*outcome(folder, name))}
    record(
        "oracle",
        changed=True,
        cases=len(cases(folder)),
        told=len(CHANGES),
        agreed=len(agreed),
        by_analogy=len(BY_ANALOGY),
    )
    assert set(CHANGES) - agreed == set(DIFFERENCES)
    assert len(agreed) >= LEAST
