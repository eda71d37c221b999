"""Damaged documents of every kind: none crashes, none takes long, nothing that was signed changes and stays intact."""

import random
import resource
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest

from shirushi.core.errors import ShirushiError
from shirushi.core.verdict import Indication
from tests.mutations import Original, damaged, judged, originals, still_signed
from tests.results import record

FEW, MANY = 1_000, 100_000
SECONDS = 2.0
"""Of the processor, for one document: a limit against what hangs, far from what is usual."""
MEGABYTES = 400


@dataclass
class Outcome:
    """What became of the damaged documents of a run."""

    counts: Counter[str] = field(default_factory=Counter)
    worst: float = 0.0
    worst_of: str = ""


def run(seed: str, number: int) -> Outcome:
    rng = random.Random(seed)
    outcome, every = Outcome(), originals()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for count in range(number):
        original = every[count % len(every)]
        data = damaged(rng, original.made.read())
        begun = time.process_time()
        said = judged(original, data)
        spent = time.process_time() - begun
        if spent > outcome.worst:
            outcome.worst, outcome.worst_of = spent, f"{original.name}, number {count} of {seed}"
        outcome.counts[told(original, data, said, count)] += 1
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    record(
        "mutations",
        documents=number,
        worst_ms=round(outcome.worst * 1000),
        worst=outcome.worst_of,
        grown_mb=round(grown),
        outcomes=dict(outcome.counts),
    )
    assert outcome.worst < SECONDS, outcome.worst_of
    assert grown < MEGABYTES
    return outcome


def told(original: Original, data: bytes, said: object, number: int) -> str:
    """In one word what was said, after the proof that nothing signed had changed where it was found intact."""
    if isinstance(said, ShirushiError):
        assert said.code
        return "refused"
    found = said.signatures
    intact = [each for each in found if each.signature.integrity and not each.signature.structure]
    if original.proof:
        intact = [each for each in found if each.indication is Indication.TOTAL_PASSED]
    where = f"{original.name}, number {number}"
    for each in found:
        passed = each.indication is Indication.TOTAL_PASSED
        assert not passed or each.signature.integrity, where
        assert passed or each.reasons, where
    if intact:
        assert still_signed(original, data) is not False, where
        return "passed" if said.indication is Indication.TOTAL_PASSED else "intact"
    return "broken" if found else "unsigned"


def test_the_originals_pass():
    for original in originals():
        said = judged(original, original.made.read())
        assert not isinstance(said, ShirushiError), original.name
        assert said.indication is Indication.TOTAL_PASSED, (original.name, said.signatures[0].reasons)
        assert still_signed(original, original.made.read()), original.name


def test_a_thousand_damaged_documents():
    outcome = run("short", FEW)
    assert outcome.counts["refused"] > 50
    assert outcome.counts["broken"] > 50
    assert outcome.counts["passed"] > 50


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_a_hundred_thousand_damaged_documents(part):
    outcome = run(f"long {part}", MANY // 10)
    assert outcome.counts["refused"] > 500
    assert outcome.counts["broken"] > 500
