"""Which service do I need? Every combination of needs, and the legal effects with their sources."""

from itertools import product

import pytest

from shirushi.rules.assurance import Abroad, Jurisdiction, Needs, TrustService, Weight, Who, which_service
from shirushi.rules.assurance.model import TableInvalid
from shirushi.rules.assurance.tables import read, source
from shirushi.rules.assurance.trust_services import service_table, shipped


def needs(**changes):
    return Needs(
        **{
            "who": Who.NOBODY,
            "unchanged": False,
            "when": False,
            "arrived": False,
            "kept_years": 0,
            "abroad": Abroad.NO,
            "weight": Weight.ORDINARY,
            **changes,
        }
    )


def services(advice):
    return [one.service for one in advice.recommendations]


SIGNATURE, SEAL, TIME_STAMP, DELIVERY, PRESERVATION = TrustService


@pytest.mark.parametrize(
    ("changes", "expected", "level"),
    [
        ({}, [], None),
        ({"unchanged": True}, [TIME_STAMP], None),
        ({"when": True}, [TIME_STAMP], None),
        ({"arrived": True}, [DELIVERY], None),
        ({"who": Who.PERSON}, [SIGNATURE], "B-B"),
        ({"who": Who.PERSON, "when": True}, [SIGNATURE, TIME_STAMP], "B-T"),
        ({"who": Who.PERSON, "weight": Weight.IMPORTANT}, [SIGNATURE, TIME_STAMP], "B-T"),
        ({"who": Who.PERSON, "kept_years": 5}, [SIGNATURE, TIME_STAMP], "B-LT"),
        ({"who": Who.PERSON, "kept_years": 6}, [SIGNATURE, TIME_STAMP, PRESERVATION], "B-LT"),
        ({"who": Who.ORGANISATION, "kept_years": 11}, [SEAL, TIME_STAMP, PRESERVATION], "B-LTA"),
        ({"who": Who.ORGANISATION, "arrived": True}, [SEAL, DELIVERY], "B-B"),
        ({"when": True, "kept_years": 10}, [TIME_STAMP, PRESERVATION], None),
    ],
)
def test_needs_lead_to_services(changes, expected, level):
    advice = which_service(needs(**changes))
    assert services(advice) == expected
    assert next((one.signature_level for one in advice.recommendations if one.signature_level), None) == level


def test_estonia_s_prescription_comes_out_as_the_report_has_it():
    advice = which_service(
        needs(who=Who.ORGANISATION, unchanged=True, when=True, arrived=True, weight=Weight.DECISIVE)
    )
    assert services(advice) == [SEAL, TIME_STAMP, DELIVERY]
    seal, stamp, _ = advice.recommendations
    assert seal.level(Jurisdiction.EU) in {"advanced", "qualified"}
    assert stamp.level(Jurisdiction.EU) == "qualified"


def test_a_representative_is_told_that_a_signature_shows_no_power():
    advice = which_service(needs(who=Who.REPRESENTATIVE))
    assert [note.reason.code for note in advice.notes] == ["ASSURANCE_NEED_MANDATE"]


def test_abroad_the_japanese_accreditation_is_not_qualified():
    (note,) = which_service(needs(who=Who.ORGANISATION, abroad=Abroad.EU)).notes
    assert note.citation.clause == "Art. 14"


def test_every_combination_has_effects_for_both_laws_with_their_sources():
    seen = 0
    flags = (False, True)
    for who, unchanged, when, arrived, years, abroad, weight in product(
        Who, flags, flags, flags, (0, 1, 5, 6, 10, 11, 30), Abroad, Weight
    ):
        asked = Needs(who, unchanged, when, arrived, years, abroad, weight)
        advice = which_service(asked)
        seen += 1
        nothing = who is Who.NOBODY and not (unchanged or when or arrived)
        assert (not advice.recommendations) is nothing
        for one in advice.recommendations:
            assert [effect.jurisdiction for effect in one.effects] == [Jurisdiction.JP, Jurisdiction.EU]
            for effect in one.effects:
                assert effect.citation.text("ja")
                assert effect.citation.text("en")
        assert advice.tables[0].id == "trust-services"
        assert all(not effect.verified for effect in advice.unverified)
    assert seen == 4 * 8 * 7 * 3 * 3


def test_more_weight_never_asks_for_less():
    rank = {"basic": 0, "advanced": 1, "qualified": 2, "plain": 0, "exclusive": 1, "accredited": 2}
    rank |= {"level-1": 0, "level-2": 1}
    table = shipped()
    for service, law in product(TrustService, Jurisdiction):
        ranks = [rank[table.level(service, law, weight)] for weight in Weight]
        assert ranks == sorted(ranks)


def test_a_level_without_its_effect_is_refused():
    text = source("trust-services").replace('effect = "JP_SEAL_2"', 'effect = "JP_SEAL_2"\nextra = 1')
    table = service_table(read(text.replace('level = "level-2"', 'level = "level-9"')))
    with pytest.raises(TableInvalid):
        which_service(needs(who=Who.ORGANISATION, weight=Weight.DECISIVE), table)
    with pytest.raises(TableInvalid):
        service_table(read(source("trust-services").replace("[keeping]", "[other]")))
