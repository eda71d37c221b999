"""Files of parties and agreements: what is read, and each way in which one is refused."""

import re

import pytest

from shirushi.adapters.agreement_files import AgreementFiles
from shirushi.core.errors import ConfigurationInvalid
from shirushi.core.recognition import System
from shirushi.rules.equivalence.agreement_file import (
    LARGEST,
    AgreementConclusionUnknown,
    AgreementDuplicate,
    AgreementMalformed,
    AgreementPairsAmbiguous,
    AgreementPartyUnknown,
    read_treaty,
)
from shirushi.rules.equivalence.parties import shipped
from tests.unit.rules_equivalence.worlds import agreement, pair, treaty


def test_what_ships_is_whole_and_every_agreement_says_that_it_is_an_example():
    world = read_treaty(shipped())
    assert {each.id: each.system for each in world.parties} == {
        "EU": System.EU,
        "JP": System.SCHEME,
        "US": System.BRIDGE,
        "ZZ": System.SCHEME,
    }
    assert {each.id for each in world.agreements} == {"jp-eu-example", "jp-us-example", "jp-zz-example"}
    assert all(each.fictitious and each.digest for each in world.agreements)
    assert world.party("EU").legislation.text("ja").startswith("規則")
    assert world.party("XX") is None


def test_only_who_asks_for_examples_gets_them_and_own_files_add_to_what_ships(tmp_path):
    assert AgreementFiles([]).treaty().agreements == ()
    assert [each.id for each in AgreementFiles([]).treaty().parties] == ["EU"]
    for name, content in shipped("jp", "jp-eu"):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "readme.txt").write_text("no agreement")
    own = AgreementFiles([tmp_path])
    assert [each.id for each in own.treaty().agreements] == ["jp-eu-example"]
    assert own.treaty() == AgreementFiles(sorted(tmp_path.glob("*.toml"))).treaty()
    with pytest.raises(ConfigurationInvalid):
        AgreementFiles([tmp_path / "missing.toml"]).treaty()


def test_two_files_of_one_name():
    with pytest.raises(AgreementDuplicate):
        treaty(agreement(pair("P", 1, "1")), agreement(pair("P", 1, "1")))


def test_an_unknown_party():
    with pytest.raises(AgreementPartyUnknown) as refused:
        read_treaty([agreement(pair("P", 1, "1"))])
    assert refused.value.parameters["party"] == "AA"


def test_an_unknown_conclusion():
    with pytest.raises(AgreementConclusionUnknown) as refused:
        treaty(agreement(pair("P", 1, "1", native="platinum")))
    assert refused.value.parameters["conclusion"] == "platinum"


def test_pairs_that_can_never_be_told_apart():
    with pytest.raises(AgreementPairsAmbiguous) as refused:
        treaty(agreement(pair("P1", 1, "1"), pair("P2", 1, "2")))
    assert refused.value.parameters["pairs"] == "P1, P2"
    assert treaty(agreement(pair("P1", 1, "1"), pair("P2", 2, "2"))).agreements


GOOD = agreement(pair("P", 1, "1"))[1].decode()


@pytest.mark.parametrize(
    ("found", "replaced", "told"),
    [
        ('"AA", "BB"', '"AA"', "they are two"),
        ('"AA", "BB"', '"AA", "AA"', "they are two"),
        ("valid_from = 2026-01-01T00:00:00Z", "", "agreement.valid_from: it is missing"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "offset"),
        ("2026-01-01T00:00:00Z", '"2026"', "is not what it takes"),
        ("rank = 1", "rank = -1", "out of range"),
        ("rank = 1", "rank = true", "is not what it takes"),
        ('to = "AA"', 'to = "BB"', "same party"),
        ('to = "AA"', 'to = "CC"', "is none of"),
        ('native = ["gold"]', "native = []", "list of texts"),
        ('service = "seal"', 'service = ""', "it is empty"),
        ('service = "seal"', 'service = "seal"\nsurprise = 1', "there is no such entry"),
        ('service = "seal"', 'service = "seal"\nconditions = { devise = true }', "there is no such entry"),
        ('service = "seal"', 'service = "seal"\nconditions = { algorithms = "own" }', "is none of"),
        ('service = "seal"', 'service = "seal"\nconditions = { algorithm_days = 3 }', "names the catalogue"),
        ('service = "seal"', 'service = "seal"\nconditions = { indications = ["TOTAL_FAILED"] }', "none of"),
        ('service = "seal"', 'service = "seal"\nconditions = 3', "is not what it takes"),
        ('legal_basis = { en = "Treaty", ja = "条約" }', 'legal_basis = { en = "Treaty" }', "it is missing"),
        ("[agreement]", "[agreement]\nvalid_until = 2020-01-01T00:00:00Z", "before valid_from"),
        ("[agreement]", "[surprise]\n[agreement]", "there is no such entry"),
        ("[agreement]", "agreement", "line"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(found, replaced, told):
    assert found in GOOD
    with pytest.raises(AgreementMalformed, match=re.escape(told)) as refused:
        treaty(("own.toml", GOOD.replace(found, replaced, 1).encode()))
    assert refused.value.parameters["name"] == "own.toml"


def test_two_pairs_of_one_id_no_pair_at_all_no_text_and_too_much():
    for broken in (
        agreement(pair("P", 1, "1"), pair("P", 2, "1"))[1],
        agreement()[1],
        b"\xff\xfe",
        b"#" * (LARGEST + 1),
        b"",
    ):
        with pytest.raises(AgreementMalformed):
            treaty(("own.toml", broken))


def test_a_party_of_lists_takes_no_conclusions_and_a_scheme_takes_some():
    (eu,), (jp,) = list(shipped("eu")), list(shipped("jp"))
    conclusion = b'\n[[party.conclusions]]\nname = "x"\nkind = "seal"\n'
    with pytest.raises(AgreementMalformed, match="none"):
        read_treaty([("eu.toml", eu[1] + conclusion)])
    with pytest.raises(AgreementMalformed, match="some"):
        read_treaty([("jp.toml", jp[1].split(b"[[party.conclusions]]")[0])])
