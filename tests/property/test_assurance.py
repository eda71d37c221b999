"""Assurance, proved on every input there is: the rules are finite, so no sample is needed."""

from collections import Counter
from functools import cache
from itertools import product

import pytest

from shirushi.rules.assurance import (
    Impact,
    Kind,
    compare_revisions,
    new_zealand,
    nist_63_3,
    nist_63_4,
    tables,
)

NONE, LOW, MODERATE, HIGH = Impact
IMPACTS = tuple(Impact)
FLAGS = tuple(nist_63_3.Circumstances(*flags) for flags in product((False, True), repeat=6))
VECTORS = tuple(product(IMPACTS, repeat=6))

# Table 6-1 of SP 800-63-3, written down once more, by column: what each level carries at most.
TABLE_6_1 = {
    1: (LOW, LOW, NONE, NONE, NONE, NONE),
    2: (MODERATE, MODERATE, MODERATE, MODERATE, LOW, MODERATE),
    3: (HIGH, HIGH, HIGH, HIGH, HIGH, HIGH),
}


@cache
def answers():
    """For each of the 4,096 vectors: (IAL, AAL, FAL) under each of the 64 combinations of flags, 0 for no FAL."""
    found = {}
    for vector in VECTORS:
        impacts = nist_63_3.Impacts(*vector)
        found[vector] = [
            tuple(level.value or 0 for level in nist_63_3.assess(impacts, flags).levels) for flags in FLAGS
        ]
    return found


def column(vector):
    """The lowest column of table 6-1 that covers all six categories."""
    return next(
        level for level, most in TABLE_6_1.items() if all(i <= m for i, m in zip(vector, most, strict=True))
    )


def prose(vector):
    """The rule as the Digital Agency's report puts it in prose, from which table 6-1 is absent."""
    _, _, programs, information, safety, legal = vector
    if HIGH in vector:
        return 3
    if safety is MODERATE:
        return 3
    if MODERATE in vector:
        return 2
    if LOW in (programs, information, safety, legal):
        return 2
    return 1


def test_the_report_s_prose_equals_table_6_1_on_all_4096_vectors():
    assert len(VECTORS) == 4_096
    assert [prose(vector) for vector in VECTORS] == [column(vector) for vector in VECTORS]
    assert Counter(map(column, VECTORS)) == {1: 4, 2: 482, 3: 3_610}


def test_every_vector_with_all_flags_follows_table_6_1_and_the_decision_trees():
    found = answers()
    assert sum(len(triples) for triples in found.values()) == 262_144
    for vector, triples in found.items():
        level = column(vector)
        for flags, triple in zip(FLAGS, triples, strict=True):
            proofed = flags.personal_information and flags.validated_attributes
            exposed = flags.assertion_personal_information or flags.front_channel
            assert triple == (
                level if proofed else 1,
                max(level, 2 if flags.personal_information_online else 1),
                max(level, 2 if exposed else 1) if flags.federated else 0,
            )


def lower_or_equal(before, after):
    return before[0] <= after[0] and before[1] <= after[1] and before[2] <= after[2]


def test_a_higher_impact_never_lowers_a_level():
    found = answers()
    for vector, triples in found.items():
        for place, impact in enumerate(vector):
            if impact is not HIGH:
                worse = found[(*vector[:place], Impact(impact + 1), *vector[place + 1 :])]
                assert all(map(lower_or_equal, triples, worse))


def test_a_further_circumstance_never_lowers_a_level():
    for triples in answers().values():
        for index, triple in enumerate(triples):
            for bit in (1, 2, 4, 8, 16, 32):
                assert lower_or_equal(triple, triples[index | bit])


def test_table_6_2_is_never_broken():
    allowed = set(nist_63_3.combinations(nist_63_3.shipped()))
    # Table 6-2, written down once more: AAL1 beside IAL1 without personal data alone; everything else from AAL2.
    assert {(ial, data, aal) for ial, data, aal in allowed if aal == 1} == {(1, False, 1)}
    assert len(allowed) == 3 + 2 + 2 * 2 * 2
    online = [flags.personal_information_online for flags in FLAGS]
    for triples in answers().values():
        for personal_data, (ial, aal, _) in zip(online, triples, strict=True):
            assert (ial, personal_data, aal) in allowed


def test_an_assessment_always_says_why_and_where_that_is_written():
    for vector in VECTORS[::61]:
        for flags in FLAGS:
            assessment = nist_63_3.assess(nist_63_3.Impacts(*vector), flags)
            assert len(assessment.trace) >= 4
            assert all(step.citation.clause.startswith("§6") for step in assessment.trace)
            assert not assessment.unverified


def test_revision_4_on_all_1024_vectors_with_all_flags():
    seen = Counter()
    for vector in product(IMPACTS, repeat=5):
        impacts = nist_63_4.Impacts(*vector)
        level = {NONE: 1, LOW: 1, MODERATE: 2, HIGH: 3}[max(vector)]
        seen[level] += 1
        for flags in product((False, True), repeat=5):
            asked = nist_63_4.Circumstances(*flags)
            found = nist_63_4.assess(impacts, asked)
            proofed = asked.personal_information and asked.validated_attributes
            assert found.level(Kind.IAL).value == (level if proofed else None)
            if asked.personal_information_online:
                assert found.level(Kind.AAL).value == max(level, 2)
            else:
                assert found.level(Kind.AAL).value == (level if asked.authentication else None)
            assert found.level(Kind.FAL).value == (level if asked.federated else None)
    assert seen == {1: 2**5, 2: 3**5 - 2**5, 3: 4**5 - 3**5}
    assert seen.total() == 1_024


def test_the_revisions_differ_on_303_vectors_and_revision_3_is_always_the_higher():
    differing = []
    for vector in VECTORS:
        both = compare_revisions(nist_63_3.Impacts(*vector))
        assert both.mapping == "worst-of-six"
        assert both.revision_3 == column(vector)
        if both.revision_3 != both.revision_4:
            assert both.revision_3 == both.revision_4 + 1
            differing.append((vector, both.revision_3))
    assert len(differing) == 303
    # Why 303: a low impact on programs, information, safety or law at none or low elsewhere (2^6 - 2^2); and a moderate
    # impact on safety at moderate at most elsewhere (3^5).
    assert Counter(level for _, level in differing) == {2: 2**6 - 2**2, 3: 3**5}


MATRIX = {  # the report's matrix, written down once more
    "rare": (1, 2, 4, 7, 11),
    "unlikely": (3, 5, 8, 12, 16),
    "possible": (6, 9, 13, 17, 20),
    "likely": (10, 14, 18, 21, 23),
    "almost_certain": (15, 19, 22, 24, 25),
}


def risks():
    return [new_zealand.Risk(i, p) for p in new_zealand.Likelihood for i in new_zealand.Impact]


def test_new_zealand_s_matrix_is_a_monotone_permutation():
    table = new_zealand.shipped()
    assert table.matrix == tuple(MATRIX.values())
    assert sorted(table.cell(risk) for risk in risks()) == list(range(1, 26))
    for row in table.matrix:
        assert list(row) == sorted(row)
    for rows in zip(*table.matrix, strict=True):
        assert list(rows) == sorted(rows)


def test_new_zealand_s_columns_differ_on_cells_7_to_10_only():
    table = new_zealand.shipped()
    levels = {
        cell: (
            new_zealand.threshold_level(cell, table.wrong_information),
            new_zealand.threshold_level(cell, table.wrong_link),
        )
        for cell in range(1, 26)
    }
    assert [cell for cell, (first, second) in levels.items() if first != second] == [7, 8, 9, 10]
    assert all(levels[cell] == (3, 2) for cell in (7, 8, 9, 10))
    for first, second in zip(range(1, 25), range(2, 26), strict=True):
        assert levels[first] <= levels[second]


def test_new_zealand_takes_the_worst_loss_of_each_risk():
    every = risks()
    table = new_zealand.shipped()
    for one, other in product(every, repeat=2):
        found = new_zealand.assess([one, other], [other])
        worst = max(table.cell(one), table.cell(other))
        assert found.level(Kind.IA).value == new_zealand.threshold_level(worst, table.wrong_information)
        link = new_zealand.threshold_level(table.cell(other), table.wrong_link)
        assert found.level(Kind.BA).value == found.level(Kind.AA).value == link


@pytest.mark.parametrize("name", tables.names())
def test_a_table_read_again_is_the_same_table(name):
    assert tables.read(tables.source(name)) == tables.table(name)


def test_answers_stay_when_the_tables_are_read_again():
    again_3 = nist_63_3.selection_table(tables.read(tables.source(nist_63_3.NAME)))
    again_4 = nist_63_4.mapping_table(tables.read(tables.source(nist_63_4.NAME)))
    again_nz = new_zealand.risk_table(tables.read(tables.source(new_zealand.NAME)))
    assert again_3 is not nist_63_3.shipped()
    for vector in VECTORS:
        impacts = nist_63_3.Impacts(*vector)
        for flags in (FLAGS[0], FLAGS[-1]):
            assert nist_63_3.assess(impacts, flags, again_3) == nist_63_3.assess(impacts, flags)
    every = nist_63_4.Circumstances(*[True] * 5)
    for vector in product(IMPACTS, repeat=5):
        impacts = nist_63_4.Impacts(*vector)
        assert nist_63_4.assess(impacts, every, again_4) == nist_63_4.assess(impacts, every)
    for risk in risks():
        assert new_zealand.assess([risk], [risk], again_nz) == new_zealand.assess([risk], [risk])
