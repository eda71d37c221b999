"""Graded equivalence: every verdict, condition, date and contradiction."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shirushi.core.algorithms import KeyType, signature_algorithm
from shirushi.core.evidence import Level
from shirushi.core.recognition import EquivalenceVerdict, Grade, Standing
from shirushi.core.verdict import Indication
from shirushi.rules.equivalence.grades import grade
from tests.unit.rules_equivalence.worlds import AT, agreement, facts, native, pair, treaty

E, N, U = EquivalenceVerdict.EQUIVALENT, EquivalenceVerdict.NOT_EQUIVALENT, EquivalenceVerdict.UNDECIDED


def codes(found):
    return [step.reason.code for step in found.steps]


def test_the_answer_names_level_rule_agreement_digest_and_what_would_have_changed_it():
    world = treaty(agreement(pair("P1", 1, "2")))
    found = grade(native(), facts(), world, "AA")
    assert (found.verdict, found.grade) == (E, Grade("seal", "2"))
    assert (found.agreements, found.rules, found.at) == (("t",), ("P1",), AT)
    assert found.snapshots == (world.agreements[0].digest,)
    assert str(found.grade) == "seal level 2"
    assert [(said.code, verdict) for said, verdict, _ in found.alternatives] == [
        ("ALTERNATIVE_WITHOUT_AGREEMENT", N)
    ]
    for step in found.steps:
        assert step.clause
        assert step.reason.explain("ja") != step.reason.explain("en")


def test_the_lowest_rank_whose_conditions_hold_speaks():
    world = treaty(agreement(pair("strict", 1, "2", conditions='level = "B-LT"'), pair("loose", 2, "1")))
    assert grade(native(), facts(), world, "AA").grade == Grade("seal", "1")
    assert grade(native(), facts(level=Level.B_LTA), world, "AA").grade == Grade("seal", "2")
    found = grade(native(), facts(), world, "AA")
    assert ("ALTERNATIVE_CONDITION", E, Grade("seal", "2")) in [
        (said.code, verdict, graded) for said, verdict, graded in found.alternatives
    ]


@pytest.mark.parametrize(
    ("condition", "name", "changed"),
    [
        ("device = true", "device", {"native": {"device": False}}),
        ("device = true", "device", {"native": {"device": None}}),
        ('algorithms = "cryptrec"', "algorithms", {"facts": {"algorithm": None}}),
        (
            'algorithms = "etsi"',
            "algorithms",
            {
                "facts": {
                    "algorithm": signature_algorithm(KeyType.ED25519),
                    "at": datetime(1999, 1, 1, tzinfo=UTC),
                }
            },
        ),
        ('statuses = ["https://bb.example/other"]', "statuses", {}),
        ('kinds = ["signature"]', "kinds", {}),
        ('keys = ["RSA"]', "keys", {}),
        ('level = "B-T"', "level", {"facts": {"level": None}}),
        ("certificate_days = 9000", "certificate_days", {}),
        (
            'indications = ["TOTAL_PASSED"]',
            "indications",
            {"facts": {"indication": Indication.INDETERMINATE}},
        ),
    ],
)
def test_a_condition_that_is_not_met_is_named_with_what_was_wanted_and_found(condition, name, changed):
    dates = "" if "1999" not in str(changed) else "x"
    world = treaty(agreement(pair("P", 1, "2", conditions=condition)))
    if dates:
        early = replace(world.agreements[0], valid_from=datetime(1990, 1, 1, tzinfo=UTC))
        world = replace(world, agreements=(early,))
    found = grade(native(**changed.get("native", {})), facts(**changed.get("facts", {})), world, "AA")
    assert found.verdict is N
    (unmet,) = [s for s in found.steps if s.reason.code == "EQUIVALENCE_CONDITION" and not s.passed]
    said = dict(unmet.reason.parameters)
    assert said["condition"] == name
    assert said["found"]
    assert (name, E) in [
        (dict(reason.parameters).get("condition"), verdict) for reason, verdict, _ in found.alternatives
    ]


@pytest.mark.parametrize(
    "condition",
    [
        'algorithms = "etsi", algorithm_days = 30',
        "device = true",
        'statuses = ["https://bb.example/licensed"]',
        'keys = ["EC", "RSA"]',
        "certificate_days = 100",
        'indications = ["TOTAL_PASSED", "INDETERMINATE"]',
    ],
)
def test_conditions_that_are_met(condition):
    found = grade(native(), facts(), treaty(agreement(pair("P", 1, "2", conditions=condition))), "AA")
    assert found.verdict is E, codes(found)
    assert "EQUIVALENCE_CONDITION" in codes(found)


def test_an_algorithm_that_its_catalogue_drops_too_soon():
    condition = 'algorithms = "cryptrec", algorithm_days = 99999'
    rsa = signature_algorithm(KeyType.RSA_2048)
    found = grade(
        native(), facts(algorithm=rsa), treaty(agreement(pair("P", 1, "2", conditions=condition))), "AA"
    )
    assert found.verdict is N


@pytest.mark.parametrize(
    ("dates", "standing", "code", "verdict"),
    [
        ("", Standing.IN_FORCE, "EQUIVALENCE_IN_FORCE", E),
        ("valid_until = 2026-06-01T00:00:00Z", Standing.EXPIRED, "EQUIVALENCE_EXPIRED", N),
        ("valid_until = 2026-06-01T00:00:01Z", Standing.IN_FORCE, "EQUIVALENCE_IN_FORCE", E),
        ("repealed_at = 2026-06-01T00:00:00Z", Standing.REPEALED, "EQUIVALENCE_REPEALED", N),
        ("repealed_at = 2026-07-01T00:00:00Z", Standing.IN_FORCE, "EQUIVALENCE_IN_FORCE", E),
        (
            "valid_until = 2026-05-01T00:00:00Z\nrepealed_at = 2026-04-01T00:00:00Z",
            Standing.REPEALED,
            "EQUIVALENCE_REPEALED",
            N,
        ),
    ],
)
def test_an_agreement_counts_at_best_signature_time(dates, standing, code, verdict):
    world = treaty(agreement(pair("P", 1, "2"), dates=dates))
    found = grade(native(), facts(), world, "AA")
    assert world.agreements[0].standing(AT) is standing
    assert found.verdict is verdict
    assert code in codes(found)
    if verdict is N:
        assert ("ALTERNATIVE_IN_FORCE", E) in [(said.code, v) for said, v, _ in found.alternatives]


def test_before_it_is_in_force():
    early = facts(at=datetime(2025, 12, 31, tzinfo=UTC))
    found = grade(native(), early, treaty(agreement(pair("P", 1, "2"))), "AA")
    assert (found.verdict, codes(found)) == (N, ["EQUIVALENCE_NOT_YET"])


def test_two_pairs_of_one_rank_that_both_apply_with_different_grades_decide_nothing():
    pairs = pair("P1", 1, "1", conditions="device = true"), pair("P2", 1, "2")
    found = grade(native(), facts(), treaty(agreement(*pairs)), "AA")
    assert (found.verdict, found.grade) == (U, None)
    (step,) = [each for each in found.steps if each.passed is None]
    assert step.reason.code == "EQUIVALENCE_PAIRS_AMBIGUOUS"
    assert dict(step.reason.parameters)["pairs"] == "P1, P2"
    same = pair("P1", 1, "2", conditions="device = true"), pair("P2", 1, "2")
    assert grade(native(), facts(), treaty(agreement(*same)), "AA").rules == ("P1", "P2")


def test_agreements_in_force_at_once_that_grade_differently_decide_nothing():
    one, other = agreement(pair("P", 1, "1"), id_="one"), agreement(pair("P", 1, "2"), id_="other")
    found = grade(native(), facts(), treaty(one, other), "AA")
    assert (found.verdict, codes(found)[-1]) == (U, "EQUIVALENCE_AGREEMENTS_CONFLICT")
    ended = agreement(pair("P", 1, "2"), id_="other", dates="repealed_at = 2026-02-01T00:00:00Z")
    assert grade(native(), facts(), treaty(one, ended), "AA").grade == Grade("seal", "1")


def test_what_no_agreement_or_pair_speaks_of():
    world = treaty(agreement(pair("P", 1, "2", native="silver")))
    found = grade(native(), facts(), world, "AA")
    assert (found.verdict, codes(found)[-1]) == (N, "EQUIVALENCE_NO_PAIR")
    assert ("ALTERNATIVE_NATIVE", E) in [(said.code, verdict) for said, verdict, _ in found.alternatives]
    assert codes(grade(native(), facts(), treaty(), "AA")) == ["EQUIVALENCE_NO_AGREEMENT"]
    reverse = grade(replace(native(), party="AA"), facts(), world, "BB")
    assert codes(reverse) == ["EQUIVALENCE_NO_AGREEMENT"], "a pair has one direction"


def test_what_its_own_party_leaves_undecided_is_undecided_here():
    found = grade(native(None), facts(), treaty(agreement(pair("P", 1, "2"))), "AA")
    assert found.verdict is U
