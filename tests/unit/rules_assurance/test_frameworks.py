"""The frameworks by their worked examples, and where they refuse."""

import pytest

from shirushi.rules.assurance import (
    Framework,
    Impact,
    Kind,
    Level,
    ScalesDiffer,
    TableInvalid,
    eidas,
    japan,
    new_zealand,
    nist_63_3,
    nist_63_4,
    tables,
)

NONE, LOW, MODERATE, HIGH = Impact


def values(assessment):
    return {level.kind.value: level.value for level in assessment.levels}


def codes(assessment):
    return [step.reason.code for step in assessment.trace]


def circumstances(**changes):
    return nist_63_3.Circumstances(
        **{
            "personal_information": True,
            "validated_attributes": True,
            "personal_information_online": False,
            "federated": False,
            "assertion_personal_information": False,
            "front_channel": False,
            **changes,
        }
    )


def test_the_report_s_worked_case_comes_out_at_level_2():
    impacts = nist_63_3.Impacts(MODERATE, MODERATE, MODERATE, MODERATE, LOW, MODERATE)
    assert values(nist_63_3.assess(impacts, circumstances())) == {"ial": 2, "aal": 2, "fal": None}


def test_the_trace_names_what_forced_the_level_alone():
    impacts = nist_63_3.Impacts(MODERATE, LOW, NONE, NONE, MODERATE, LOW)
    found = nist_63_3.assess(impacts, circumstances())
    assert values(found)["ial"] == 3
    assert codes(found)[:2] == ["ASSURANCE_IMPACT_SAFETY_MODERATE", "ASSURANCE_IMPACT_LEVEL"]
    assert found.trace[0].citation.text("en") == "NIST SP 800-63-3 §6, table 6-1"


def test_a_pseudonymous_health_tracker_needs_ial1_and_aal2():
    impacts = nist_63_3.Impacts(LOW, NONE, NONE, NONE, NONE, NONE)
    found = nist_63_3.assess(
        impacts, circumstances(validated_attributes=False, personal_information_online=True)
    )
    assert values(found) == {"ial": 1, "aal": 2, "fal": None}
    assert "ASSURANCE_AAL_PERSONAL_INFORMATION" in codes(found)


def test_table_6_2_raises_the_aal_where_another_table_would_let_it_fall_short():
    text = tables.source(nist_63_3.NAME).replace("ial1_with_personal_data = 2", "ial1_with_personal_data = 3")
    stricter = nist_63_3.selection_table(tables.read(text))
    impacts = nist_63_3.Impacts(*[NONE] * 6)
    found = nist_63_3.assess(impacts, circumstances(personal_information_online=True), stricter)
    assert values(found)["aal"] == 3
    assert "ASSURANCE_AAL_COMBINATION" in codes(found)


def group(**changes):
    return nist_63_4.Circumstances(
        **{
            "personal_information": True,
            "validated_attributes": True,
            "authentication": True,
            "personal_information_online": False,
            "federated": True,
            **changes,
        }
    )


def test_no_proofing_no_authentication_and_no_federation_are_outcomes_of_their_own():
    impacts = nist_63_4.Impacts(HIGH, LOW, LOW, LOW, LOW)
    asked = group(validated_attributes=False, authentication=False, federated=False)
    found = nist_63_4.assess(impacts, asked)
    assert values(found) == {"ial": None, "aal": None, "fal": None}
    assert "ASSURANCE_NO_PROOFING_SELF_ASSERTED" in codes(found)


def tailoring(**changes):
    return nist_63_4.Tailoring(
        **{
            "kind": Kind.IAL,
            "level": 1,
            "rationale": "few of the group hold documents",
            "accepted_by": "CISO",
            "compensating_controls": ("manual review",),
            "residual_risk": "a few false names",
            **changes,
        }
    )


def test_a_level_is_tailored_down_with_an_acceptance_statement():
    initial = nist_63_4.assess(nist_63_4.Impacts(*[MODERATE] * 5), group())
    found = nist_63_4.tailor(initial, [tailoring()])
    assert values(initial) == {"ial": 2, "aal": 2, "fal": 2}
    assert values(found) == {"ial": 1, "aal": 2, "fal": 2}
    assert "few of the group" in found.trace[-1].explain("ja")


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"rationale": " "}, "rationale"),
        ({"accepted_by": ""}, "accepted_by"),
        ({"compensating_controls": ()}, "compensating_controls"),
        ({"residual_risk": ""}, "residual_risk"),
        ({"kind": Kind.LOA}, "kind"),
    ],
)
def test_tailoring_down_without_its_reasons_is_refused(changes, missing):
    initial = nist_63_4.assess(nist_63_4.Impacts(*[MODERATE] * 5), group())
    with pytest.raises(nist_63_4.TailoringNotJustified, match=missing):
        nist_63_4.tailor(initial, [tailoring(**changes)])


def test_tailoring_up_needs_no_compensation():
    initial = nist_63_4.assess(nist_63_4.Impacts(*[LOW] * 5), group())
    found = nist_63_4.tailor(
        initial, [tailoring(kind=Kind.AAL, level=3, compensating_controls=(), residual_risk="")]
    )
    assert values(found)["aal"] == 3


def test_new_zealand_likely_minor_and_rare_significant():
    found = new_zealand.assess(
        [new_zealand.Risk(new_zealand.Impact.MINOR, new_zealand.Likelihood.LIKELY)],
        [new_zealand.Risk(new_zealand.Impact.SIGNIFICANT, new_zealand.Likelihood.RARE)],
    )
    assert values(found) == {"ia": 3, "ba": 2, "aa": 2}
    assert [mark.id for mark in found.unverified] == ["nz-identification"]


def test_new_zealand_without_any_loss_is_level_1():
    assert values(new_zealand.assess([], [])) == {"ia": 1, "ba": 1, "aa": 1}


SUBSTANTIAL = {
    "terms_told precautions_told identity_data_collected",
    "evidence_assumed_held evidence_assumed_genuine identity_known_to_exist",
    "evidence_held_and_checked loss_risk_minimised",
    "two_factors control_assumed delivered_only_to_person",
    "suspension_timely suspension_protected reactivation_same_assurance renewal_same_assurance",
    "means_verified_first stored_data_secured dynamic_authentication resists_moderate",
    "provider_established liability_covered termination_plan service_described changes_told enquiries_answered",
    "isms records_kept staff_trained facilities_protected technical_controls channels_protected",
    "key_access_restricted keys_tamper_protected audit_independent",
}
SHOWN = frozenset(fact for facts in SUBSTANTIAL for fact in facts.split())


def test_eidas_overall_is_the_lowest_element():
    assert eidas.assess(eidas.Person.NATURAL, SHOWN).level(Kind.LOA).name == "substantial"
    weaker = eidas.assess(eidas.Person.NATURAL, SHOWN - {"dynamic_authentication"})
    assert weaker.level(Kind.LOA).name == "low"
    assert weaker.trace[-1].explain("en").endswith("low, by element 2.3.1.")
    nothing = eidas.assess(eidas.Person.NATURAL, SHOWN - {"records_kept"})
    assert nothing.level(Kind.LOA).value == 0
    assert codes(nothing)[-1] == "ASSURANCE_EIDAS_NOT_REACHED"


def element(person, shown, id_, **stated):
    levels, _ = eidas.element_levels(person, shown, stated)
    return next(level.name for level in levels if level.element == id_)


PROOFED_LOW = {"evidence_assumed_held", "evidence_assumed_genuine", "identity_known_to_exist"}


@pytest.mark.parametrize(
    ("alternative", "level"),
    [
        ((), "low"),
        (("evidence_held_and_checked",), "low"),
        (("evidence_held_and_checked", "loss_risk_minimised"), "substantial"),
        (("document_presented_where_issued", "loss_risk_minimised"), "substantial"),
        (("earlier_procedure_substantial", "equivalence_confirmed"), "substantial"),
        (("issued_on_substantial",), "substantial"),
        (("issued_on_high", "earlier_result_still_valid"), "high"),
        (("issued_on_substantial", "photo_evidence_valid", "person_compared_with_source"), "high"),
        (("photo_evidence_valid", "person_compared_with_source"), "low"),
        (("earlier_procedure_high", "equivalence_confirmed", "earlier_result_still_valid"), "high"),
        (("national_photo_document_procedure",), "high"),
    ],
)
def test_the_alternatives_of_element_2_1_2(alternative, level):
    assert element(eidas.Person.NATURAL, {*PROOFED_LOW, *alternative}, "2.1.2") == level


def test_national_procedure_reaches_high_without_the_levels_beneath():
    assert element(eidas.Person.NATURAL, {"national_photo_document_procedure"}, "2.1.2") == "high"


def test_a_representative_is_held_to_their_own_proofing():
    binding = {
        "binding_by_national_procedure",
        "actor_not_barred",
        "binding_registered",
        "binding_by_unique_identifier",
    }
    who = eidas.Person.REPRESENTATIVE
    assert element(who, binding, "2.1.4") is None
    assert element(who, binding | PROOFED_LOW, "2.1.4") == "low"
    assert element(who, binding | PROOFED_LOW | {"issued_on_substantial"}, "2.1.4") == "substantial"
    assert element(who, binding | {"national_photo_document_procedure"}, "2.1.4") == "high"
    assert element(who, binding, "2.1.4", **{"2.1.2": 2}) == "substantial"


def test_all_that_the_annex_names_is_high_for_everyone():
    facts = eidas.shipped().facts()
    for person in eidas.Person:
        assert eidas.assess(person, facts).level(Kind.LOA).name == "high"
        assert eidas.assess(person, ()).level(Kind.LOA).value == 0


def test_taking_a_fact_away_never_raises_the_level():
    facts = eidas.shipped().facts()
    for person in eidas.Person:
        for fact in facts:
            with_it, _ = eidas.element_levels(person, facts)
            without, _ = eidas.element_levels(person, facts - {fact})
            assert all(b.value <= a.value for b, a in zip(without, with_it, strict=True))


def test_an_element_or_fact_that_is_not_in_the_annex_is_refused():
    with pytest.raises(eidas.ElementUnknown, match="twofactors"):
        eidas.assess(eidas.Person.NATURAL, {"twofactors"})
    with pytest.raises(eidas.ElementUnknown, match=r"9\.9"):
        eidas.assess(eidas.Person.NATURAL, (), {"9.9": 1})


def practice(**changes):
    return japan.Practice(
        **{
            "evidence": japan.Evidence.ISSUER_GUARANTEED,
            "check": japan.Check.REMOTE,
            "qualified_checker": False,
            "factors": 2,
            "hardware_token": False,
            "software_alternative": False,
            "authenticated_channel": False,
            "federation": japan.Federation.NONE,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("changes", "options", "ial"),
    [
        ({"evidence": japan.Evidence.SELF_ASSERTED, "check": japan.Check.NONE}, {}, 1),
        ({"check": japan.Check.NONE}, {}, 1),
        ({}, {}, 2),
        ({"evidence": japan.Evidence.ELECTRONICALLY_VERIFIABLE}, {}, 2),
        ({"check": japan.Check.IN_PERSON}, {}, 2),
        ({"check": japan.Check.IN_PERSON, "qualified_checker": True}, {}, 3),
        (
            {"evidence": japan.Evidence.ELECTRONICALLY_VERIFIABLE, "check": japan.Check.IN_PERSON},
            {},
            3,
        ),
        ({"check": japan.Check.EKYC}, {}, 2),
        ({"check": japan.Check.EKYC}, {"ekyc": "3"}, 3),
        ({"check": japan.Check.ONLINE_THEN_IN_PERSON}, {}, 2),
        ({"check": japan.Check.ONLINE_THEN_IN_PERSON}, {"online_then_in_person": "3"}, 3),
        ({"evidence": japan.Evidence.SELF_ASSERTED, "check": japan.Check.IN_PERSON}, {}, 1),
    ],
)
def test_japan_s_draft_ial(changes, options, ial):
    found = japan.assess(practice(**changes), japan.Options(**options))
    assert found.level(Kind.IAL).value == ial
    assert [mark.id for mark in found.unverified] == ["jp-2022"]


@pytest.mark.parametrize(
    ("changes", "options", "aal"),
    [
        ({"factors": 0}, {}, 0),
        ({"factors": 1}, {}, 1),
        ({}, {}, 2),
        ({"hardware_token": True}, {}, 3),
        ({"hardware_token": True}, {"aal3_channel": "required"}, 2),
        ({"hardware_token": True, "authenticated_channel": True}, {"aal3_channel": "required"}, 3),
        ({"hardware_token": True, "software_alternative": True}, {}, 2),
        ({"hardware_token": True, "software_alternative": True}, {"mixed_tokens": "strongest"}, 3),
    ],
)
def test_japan_s_draft_aal(changes, options, aal):
    assert japan.assess(practice(**changes), japan.Options(**options)).level(Kind.AAL).value == aal


def test_japan_s_draft_fal():
    levels = [
        japan.assess(practice(federation=federation)).level(Kind.FAL).value for federation in japan.Federation
    ]
    assert levels == [None, 1, 2, 3]


def test_an_unknown_choice_at_an_open_point_is_refused():
    with pytest.raises(japan.OptionUnknown, match="ekyc"):
        japan.assess(practice(), japan.Options(ekyc="4"))


def test_levels_of_different_scales_are_never_compared():
    ial = Level(Framework.NIST_63_3, Kind.IAL, 2, "IAL2")
    assert ial.reaches(Level(Framework.NIST_63_3, Kind.IAL, 2, "IAL2"))
    for other in (
        Level(Framework.NIST_63_4, Kind.IAL, 2, "IAL2"),
        Level(Framework.NIST_63_3, Kind.AAL, 2, "AAL2"),
    ):
        with pytest.raises(ScalesDiffer):
            ial.reaches(other)


@pytest.mark.parametrize(
    ("read", "name", "before", "after"),
    [
        (nist_63_3.selection_table, nist_63_3.NAME, 'legal = ["none", "moderate", "high"]', ""),
        (nist_63_3.selection_table, nist_63_3.NAME, '["none", "low", "high"]', '["low", "none", "high"]'),
        (nist_63_3.selection_table, nist_63_3.NAME, '["none", "low", "high"]', '["none", "low", "low"]'),
        (nist_63_3.selection_table, nist_63_3.NAME, '["none", "low", "high"]', '["none", "low", "huge"]'),
        (nist_63_4.mapping_table, nist_63_4.NAME, "moderate = 2", "moderate = 0"),
        (new_zealand.risk_table, new_zealand.NAME, "rare = [1, 2", "rare = [1, 1"),
        (japan.draft_table, japan.NAME, "[options]", "[other]"),
        (eidas.element_table, eidas.NAME, "[implied]", "[other]"),
    ],
)
def test_a_table_that_lacks_something_is_refused(read, name, before, after):
    text = tables.source(name)
    assert before in text
    with pytest.raises(TableInvalid):
        read(tables.read(text.replace(before, after)))


def test_what_is_no_table_is_refused():
    for text in ("", "[table]", "= broken", '[table]\nid = "x"'):
        with pytest.raises(TableInvalid):
            tables.read(text)
    with pytest.raises(TableInvalid):
        tables.source("no-such-table")


def test_every_table_says_what_it_is_in_both_languages():
    for name in tables.names():
        mark = tables.table(name).mark
        assert mark.id == name
        assert all((mark.version, mark.edition, mark.document("en"), mark.document("ja")))
        assert mark.checked("en") != mark.checked("ja")
    verified = {name for name in tables.names() if tables.table(name).mark.verified}
    assert verified == {"nist-sp800-63-3"}
