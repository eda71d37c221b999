"""Damaged signatures of every form before the EU's validation library: what it fails, ours does not pass."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from shirushi.codecs.asn1.crl import parse_crl
from shirushi.codecs.asn1.material import build_material, merge
from shirushi.core.document import document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Level, TrustAnchor
from shirushi.core.verdict import Indication
from shirushi.rules.ades import EU, validate_signatures
from shirushi.services.validation.service import embedded_material
from tests.interop.dss_judge import DssReport, DssRequest, dss_judge
from tests.interop.matrix import FORMS, HOUR, JUDGED_AFTER, KEYS, request, signed, world
from tests.mutations import damaged
from tests.results import record

pytestmark = [pytest.mark.needs("mvn", "maven"), pytest.mark.needs("javac", "default-jdk-headless")]

FEW, MANY, BATCH = 200, 2_400, 100
LEVELS = (Level.B_B, Level.B_T, Level.B_LTA)
CELLS = [(name, level) for name in FORMS for level in LEVELS]


def ours_passes(name: str, level: Level, data: bytes) -> bool:
    """Whether every signature that we find passes and has kept its level, by what DSS is given too."""
    own, form, made = world(), FORMS[name], signed(name, KEYS[0], level)
    at = own.start + JUDGED_AFTER[level]
    anchors = (TrustAnchor(own.root.certificate, "root"),)
    lists = [parse_crl(own.crl(each, at - HOUR)) for each in (own.root, own.issuing)]
    try:
        found = form.format.parse(document(data, made.name, made.media_type), form.detached)
        material = merge(
            embedded_material(found, anchors),
            build_material([own.root.certificate, own.issuing.certificate], lists),
        )
        verdict = validate_signatures(found, material, anchors, EU, at)
    except ShirushiError:
        return False
    kept = all(each.level is level for each in verdict.signatures)
    return verdict.indication is Indication.TOTAL_PASSED and kept


def asking(name: str, level: Level, data: bytes) -> DssRequest:
    """The request, with the issuing certificate: which of its copies inside was damaged must not matter."""
    made = request(signed(name, KEYS[0], level), level, KEYS[0], data=data, contents=FORMS[name].contents)
    return replace(made, intermediates=(world().issuing.der,))


def dss_fails(report: DssReport) -> bool:
    return bool(report.error) or any(one.indication != "TOTAL_PASSED" for one in report.signatures)


GIVES_UP = (
    "IllegalStateException",
    "NullPointerException",
    "ClassCastException",
    "IllegalArgumentException: illegal",
)
GIVES_UP += ("IllegalArgumentException: Unknown signature type",)
"""How errors begin with which DSS itself ends, instead of judging."""


def reasoned(report: DssReport) -> bool:
    """Whether DSS ended, or only did not get past a damaged copy of a CA certificate, in a place that nothing signs.

    It follows one issuer of a name, and ours tries each (EN 319 102-1 §5.2.6.4 step 2): the undamaged one is at hand.
    """
    if report.error:
        return report.error.startswith(GIVES_UP) or "certificate. Reason" in report.error
    every = [one.errors for one in report.signatures]
    every += [stamp.errors for one in report.signatures for stamp in one.timestamps]
    every += [stamp.errors for stamp in report.timestamps]
    lost = any(error.startswith("BBB_XCV_CCCBB") for errors in every for error in errors)
    return lost and all(one.indication == "INDETERMINATE" for one in report.signatures)


def compare(seed: str, number: int) -> None:
    rng, counts, wrong = random.Random(seed), Counter[str](), []
    for begin in range(0, number, BATCH):
        batch = []
        for count in range(begin, min(begin + BATCH, number)):
            name, level = CELLS[count % len(CELLS)]
            batch.append((name, level, damaged(rng, signed(name, KEYS[0], level).read())))
        asked = [asking(name, level, data) for name, level, data in batch]
        for (name, level, data), report in zip(batch, dss_judge(*asked), strict=True):
            passes, fails = ours_passes(name, level, data), dss_fails(report)
            excused = passes and fails and reasoned(report)
            told = "reasoned" if excused else "fail" if fails else "pass"
            counts[f"{'pass' if passes else 'fail'}/{told}"] += 1
            if passes and fails and not excused:
                said = [
                    (one.indication, one.sub_indication, one.errors, [s.errors for s in one.timestamps])
                    for one in report.signatures
                ]
                wrong.append((name, level.value, report.error, said))
    record("dss_mutations", documents=number, ours_then_dss=dict(counts), wrong=wrong)
    assert wrong == []
    assert counts["fail/fail"] > number / 3
    assert counts["pass/reasoned"] <= number / 50
    assert counts["pass/pass"] > 0


def test_what_dss_fails_we_do_not_pass():
    compare("short", FEW)


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_what_dss_fails_we_do_not_pass_in_thousands(part):
    compare(f"long {part}", MANY // 4)
