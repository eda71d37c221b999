"""The assurance service and its command line, which need no data directory."""

import json

import pytest
from typer.testing import CliRunner

from shirushi.core.actor import Actor
from shirushi.core.catalogue import lookup
from shirushi.main import application
from shirushi.rules.assurance import Facet, Fit, Framework, Kind, eidas
from shirushi.services.assurance.model import (
    InputInvalid,
    InputMissing,
    InputUnknown,
    Origin,
    PortfolioInvalid,
    QuestionKind,
    UseCaseUnknown,
    read_portfolio,
    shipped_portfolio,
)
from shirushi.services.assurance.service import ASSESSABLE, AssuranceService

SOMEBODY = Actor("somebody")
NIST_3 = {
    "reputation": "moderate",
    "finance": "moderate",
    "programs": "moderate",
    "information": "moderate",
    "safety": "low",
    "legal": "moderate",
    "personal_information": True,
    "validated_attributes": True,
    "personal_information_online": True,
    "federated": True,
    "assertion_personal_information": True,
    "front_channel": False,
}
NIST_4 = {
    "mission": "low",
    "reputation": "low",
    "information": "moderate",
    "finance": "low",
    "safety": "none",
    "personal_information": True,
    "validated_attributes": True,
    "authentication": True,
    "personal_information_online": True,
    "federated": False,
}
JAPAN = {
    "evidence": "issuer_guaranteed",
    "check": "ekyc",
    "qualified_checker": False,
    "factors": 2,
    "hardware_token": False,
    "software_alternative": False,
    "authenticated_channel": False,
    "federation": "none",
}
NEW_ZEALAND = {
    "wrong_information": [{"impact": "minor", "likelihood": "likely", "loss": "money"}],
    "wrong_link": [{"impact": "significant", "likelihood": "rare"}],
}
EIDAS = {"person": "natural", "shown": sorted(eidas.shipped().facts())}
INPUTS = {
    Framework.NIST_63_3: NIST_3,
    Framework.NIST_63_4: NIST_4,
    Framework.EIDAS: EIDAS,
    Framework.NEW_ZEALAND: NEW_ZEALAND,
    Framework.JAPAN_2022: JAPAN,
}


@pytest.fixture
def service():
    return AssuranceService()


@pytest.fixture
def run():
    def call(*words, lines=(), **options):
        text = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
        return CliRunner().invoke(application(), ["assurance", *words], input=text, **options)

    return call


def answered(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_framework_answers_with_levels_and_trace(run):
    expected = {
        Framework.NIST_63_3: {"ial": 2, "aal": 2, "fal": 2},
        Framework.NIST_63_4: {"ial": 2, "aal": 2, "fal": None},
        Framework.EIDAS: {"loa": "high"},
        Framework.NEW_ZEALAND: {"ia": 3, "ba": 2, "aa": 2},
        Framework.JAPAN_2022: {"ial": 2, "aal": 2, "fal": None},
    }
    for framework in ASSESSABLE:
        result = run("assess", "--framework", framework.value, "--json", lines=[INPUTS[framework]])
        assert result.exit_code == 0, result.output
        (answer,) = answered(result)
        assert {key: answer[key] for key in expected[framework]} == expected[framework]
        assert all(step["text"] and step["source"] for step in answer["trace"])
        assert ("unverified" in answer) is (framework is not Framework.NIST_63_3)


def test_the_first_framework_answers_with_exactly_its_keys(run):
    result = run("assess", "--framework", "nist-sp800-63-3", "--json", lines=[NIST_3])
    (answer,) = answered(result)
    assert list(answer) == ["ial", "aal", "fal", "trace"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{bad\n", "ASSURANCE_INPUT_MALFORMED"),
        ("[1]\n", "ASSURANCE_INPUT_MALFORMED"),
        ('{"reputation": "low", "reputation": "high"}\n', "ASSURANCE_INPUT_MALFORMED"),
        ("[" * 100_000 + "\n", "ASSURANCE_INPUT_MALFORMED"),
        ({}, "ASSURANCE_INPUT_MISSING"),
        ({**NIST_3, "safety": "mild"}, "ASSURANCE_INPUT_INVALID"),
        ({**NIST_3, "safety": 1}, "ASSURANCE_INPUT_INVALID"),
        ({**NIST_3, "federated": "yes"}, "ASSURANCE_INPUT_INVALID"),
        ({**NIST_3, "federated": 1}, "ASSURANCE_INPUT_INVALID"),
        ({**NIST_3, "saftey": "low"}, "ASSURANCE_INPUT_UNKNOWN"),
        ({"facets": ["magic"]}, "ASSURANCE_INPUT_UNKNOWN"),
        ({"facets": "document"}, "ASSURANCE_INPUT_INVALID"),
        ({"facets": ["synced", "key_not_exportable"]}, "ASSURANCE_FACETS_CONTRADICT"),
        ({key: value for key, value in NIST_3.items() if key != "front_channel"}, "ASSURANCE_INPUT_MISSING"),
    ],
)
def test_a_line_that_cannot_be_read_is_answered_and_the_others_too(run, line, code):
    lines = [NIST_3, line, "\n", {**NIST_3, "id": "after"}]
    result = run("assess", "--framework", "nist-sp800-63-3", "--json", lines=lines)
    assert result.exit_code == 2
    before, error, after = answered(result)
    assert before["ial"] == after["ial"] == 2
    assert after["id"] == "after"
    assert set(error) == {"error"}
    assert error["error"]["code"] == code
    assert error["error"]["message"]
    assert error["error"]["remedy"]


def test_bytes_that_are_not_utf_8_are_answered_too():
    result = CliRunner().invoke(
        application(), ["assurance", "assess", "--framework", "nz", "--json"], input=b"\xff\n"
    )
    assert result.exit_code == 2
    assert answered(result)[0]["error"]["code"] == "ASSURANCE_INPUT_MALFORMED"


def test_what_only_a_federation_has_may_be_left_out_without_one(run):
    line = {
        key: value
        for key, value in NIST_3.items()
        if key not in {"assertion_personal_information", "front_channel"}
    }
    result = run("assess", "--framework", "nist-sp800-63-3", "--json", lines=[{**line, "federated": False}])
    assert answered(result)[0]["fal"] is None


def test_the_reasoning_is_for_a_person_in_their_language(run):
    english = run("assess", "--framework", "jp-2022", "--explain", lines=[JAPAN])
    assert "IAL-2  AAL-2" in english.stdout
    assert "eKYC" in english.stdout
    assert "not verified" in english.stdout
    japanese = run(
        "assess", "--framework", "jp-2022", "--explain", lines=[JAPAN], env={"LC_ALL": "ja_JP.UTF-8"}
    )
    assert "対面相当のオンライン確認" in japanese.stdout
    assert "未照合" in japanese.stdout
    both = run("assess", "--framework", "nist-sp800-63-3", "--explain", "--json", lines=[NIST_3])
    assert json.loads(both.stdout)["ial"] == 2
    assert "table 6-1" in both.stderr


def test_no_lines_are_no_answers(run):
    result = run("assess", "--framework", "nz", "--json")
    assert (result.exit_code, result.stdout) == (0, "")


def test_facets_reach_levels_under_every_framework(run):
    for framework in ASSESSABLE:
        line = {"facets": [Facet.CHIP_VERIFIED.value, Facet.CREDENTIAL_PIN.value]}
        result = run("assess", "--framework", framework.value, "--json", lines=[line])
        assert result.exit_code == 0, result.output
        assert answered(result)[0]["unverified"]


def test_tailoring_needs_its_statement(run):
    change = {"kind": "ial", "level": 1, "rationale": "few hold documents", "accepted_by": "CISO"}
    line = {**NIST_4, "group": "citizens", "tailoring": [change]}
    refused = run("assess", "--framework", "nist-sp800-63-4", "--json", lines=[line])
    assert refused.exit_code == 2
    (answer,) = answered(refused)
    assert answer["error"]["code"] == "ASSURANCE_TAILORING_NOT_JUSTIFIED"
    assert answer["group"] == "citizens"
    change |= {"compensating_controls": ["manual review"], "residual_risk": "a few false names"}
    (answer,) = answered(run("assess", "--framework", "nist-sp800-63-4", "--json", lines=[line]))
    assert (answer["ial"], answer["aal"]) == (1, 2)


def test_stated_elements_of_eidas(run):
    stated = {element.id: "substantial" for element in eidas.shipped().elements}
    line = {"person": "representative", "elements": stated}
    (answer,) = answered(run("assess", "--framework", "eidas", "--json", lines=[line]))
    assert answer["loa"] == "substantial"
    line = {"person": "natural", "elements": {**stated, "2.4.7": "none"}}
    (answer,) = answered(run("assess", "--framework", "eidas", "--json", lines=[line]))
    assert answer["loa"] is None


def test_fit_gap_of_the_report_s_worked_case(run):
    worked = {**NIST_3, "federated": False}
    line = {"needed": worked, "in_place": {"levels": {"ial": 3, "aal": 3}}}
    result = run("fit-gap", "--framework", "nist-sp800-63-3", "--json", lines=[line])
    (answer,) = answered(result)
    assert answer["fit"] == "too_much"
    assert {key: answer[key]["needed"] for key in ("ial", "aal")} == {"ial": 2, "aal": 2}
    shown = run("fit-gap", "--framework", "nist-sp800-63-3", lines=[line]).stdout
    assert "users pay" in shown


@pytest.mark.parametrize(
    ("framework", "line", "code"),
    [
        ("nist-sp800-63-3", {"needed": {"levels": {"ial": 2}}}, "ASSURANCE_INPUT_MISSING"),
        (
            "nist-sp800-63-3",
            {"needed": {"levels": {"ial": 2}}, "in_place": {"levels": {"aal": 2}}},
            "ASSURANCE_SCALES_DIFFER",
        ),
        (
            "nist-sp800-63-3",
            {"needed": {"levels": {"ial": 4}}, "in_place": {"levels": {"ial": 2}}},
            "ASSURANCE_INPUT_INVALID",
        ),
        (
            "nz",
            {"needed": {"levels": {"ia": 0}}, "in_place": {"levels": {"ia": 2}}},
            "ASSURANCE_INPUT_INVALID",
        ),
        (
            "eidas",
            {"needed": {"levels": {"loa": 2}}, "in_place": {"levels": {"loa": "low"}}},
            "ASSURANCE_INPUT_INVALID",
        ),
        ("nz", {"needed": {"levels": {}}, "in_place": {"levels": {"ia": 2}}}, "ASSURANCE_INPUT_MISSING"),
    ],
)
def test_a_side_that_cannot_be_read_is_refused(run, framework, line, code):
    result = run("fit-gap", "--framework", framework, "--json", lines=[line])
    assert result.exit_code == 2
    assert answered(result)[0]["error"]["code"] == code


def test_which_service_on_the_command_line(run):
    words = [
        "--who",
        "organisation",
        "--when",
        "--kept-years",
        "11",
        "--abroad",
        "eu",
        "--weight",
        "decisive",
    ]
    advice = json.loads(run("which-service", *words, "--json").stdout)
    assert [one["service"] for one in advice["services"]] == ["seal", "time-stamp", "preservation"]
    assert advice["services"][0]["signature_level"] == "B-LTA"
    assert {effect["jurisdiction"] for effect in advice["services"][0]["effects"]} == {"jp", "eu"}
    assert advice["unverified"]
    shown = run("which-service", *words, env={"LC_ALL": "ja_JP.UTF-8"}).stdout
    assert "e シール" in shown
    assert "（未照合）" in shown
    assert run("which-service", "--kept-years", "-1").exit_code == 2


def test_the_report_s_examples_come_out_as_it_has_them(service):
    entries = service.portfolio(SOMEBODY)
    reported = [entry for entry in entries if entry.use_case.origin is Origin.REPORT]
    assert len(reported) == 21
    assert [entry.use_case.id for entry in reported if not entry.reproduced] == []
    assert all(entry.reproduced is None for entry in entries if entry.use_case.origin is Origin.ILLUSTRATION)
    worked = next(entry for entry in entries if entry.use_case.id == "number-card-service")
    assert worked.fit_gap.fit is Fit.TOO_MUCH
    assert [gap.steps for gap in worked.fit_gap.gaps] == [1, 1]
    assert worked.reached(Framework.JAPAN_2022).level(Kind.AAL).value == 3


def test_the_portfolio_holds_the_use_cases_that_the_report_names():
    ids = {case.id for case in shipped_portfolio()}
    named = {
        "bank-account",
        "securities-account",
        "loan",
        "insurance",
        "real-estate-lease",
        "mobile-contract",
    }
    named |= {"e-tax", "trade-account", "e-prescription", "health-record", "invoice", "order", "age-check"}
    assert named <= ids


def test_the_portfolio_on_the_command_line(run):
    everything = json.loads(run("portfolio", "--json").stdout)["use_cases"]
    assert len(everything) == len(shipped_portfolio())
    one = run("portfolio", "--case", "number-card-service")
    assert "IAL2 AAL2" in one.stdout
    missing = run("portfolio", "--case", "no-such-case", "--json")
    assert missing.exit_code == 2
    assert json.loads(missing.stdout)["error"]["code"] == "ASSURANCE_USE_CASE_UNKNOWN"


def test_a_portfolio_of_one_s_own(service):
    text = '[[use_case]]\nid = "a"\nen = "A"\nja = "あ"\norigin = "illustration"\nfacets = ["in_person"]\n'
    own = AssuranceService(read_portfolio(text))
    (entry,) = own.portfolio(SOMEBODY)
    assert (entry.use_case.title("ja"), entry.needed, entry.fit_gap) == ("あ", None, None)
    with pytest.raises(UseCaseUnknown):
        own.portfolio(SOMEBODY, "b")
    for broken in (
        "",
        "= x",
        text + text,
        text.replace("in_person", "magic"),
        text.replace("illustration", "x"),
    ):
        with pytest.raises(PortfolioInvalid):
            read_portfolio(broken)


def test_map_and_tables_on_the_command_line(run):
    words = ["--framework", "eidas", "--scale", "loa", "--level", "substantial", "--to", "iso-29115"]
    mapped = json.loads(run("map", *words, "--json").stdout)
    assert (mapped["to"], mapped["mapping"]) == ("LoA3", "eidas-to-iso-29115")
    assert mapped["loses"]
    assert mapped["unverified"]
    assert "LoA3" in run("map", *words).stdout
    words[-1] = "nz"
    assert run("map", *words).exit_code == 2
    marks = json.loads(run("tables", "--json").stdout)["tables"]
    assert {mark["table"]: mark["verified"] for mark in marks}["nist-sp800-63-3"] is True
    assert "not verified" in run("tables").stdout


def test_every_question_and_every_choice_has_its_text(service):
    asked = [question for framework in ASSESSABLE for question in service.questions(SOMEBODY, framework)]
    for question in (*asked, *service.needs_questions(SOMEBODY)):
        assert lookup(question.text.code).en.remedy
        words = {QuestionKind.FLAG: ("yes", "no"), QuestionKind.NUMBER: ()}
        for word in words.get(question.kind, question.choices):
            assert lookup(question.choice(word).code).ja.message


def test_the_questions_answered_are_an_assessment(service):
    """What the wizard will do: the least answer to every question is accepted as it stands."""
    for framework in (Framework.NIST_63_3, Framework.NIST_63_4, Framework.JAPAN_2022):
        answers = {
            question.key: False if question.kind is QuestionKind.FLAG else question.choices[0]
            for question in service.questions(SOMEBODY, framework)
        }
        assert service.assess(SOMEBODY, framework, answers).trace


def test_every_fact_has_its_text():
    for fact in eidas.shipped().facts():
        assert lookup(f"ASSURANCE_EIDAS_FACT_{fact.upper()}")
    for facet in Facet:
        assert lookup(f"ASSURANCE_FACT_{facet.name}")
    for derived in ("ATTENDED", "DYNAMIC", "ONE_FACTOR", "TWO_FACTORS"):
        assert lookup(f"ASSURANCE_FACT_{derived}")


def test_every_reason_that_a_portfolio_meets_explains_itself(service):
    for entry in service.portfolio(SOMEBODY):
        for found in entry.practice:
            for step in found.trace:
                assert step.explain("ja") != step.explain("en")


def test_a_statement_is_canonical_and_speaks_both_languages(service):
    made = service.state(SOMEBODY, Framework.NIST_63_3, NIST_3, title="窓口サービス")
    turned = service.state(
        SOMEBODY, Framework.NIST_63_3, dict(reversed(NIST_3.items())), title="窓口サービス"
    )
    assert made.content == turned.content
    assert made.digest == turned.digest
    content = json.loads(made.content)
    assert content["en"]["ial"] == content["ja"]["ial"] == 2
    assert content["en"]["trace"] != content["ja"]["trace"]
    assert len(made.lines("ja")) == len(made.assessment.trace)


def test_an_acceptance_statement_holds_both_sides(service):
    made = service.accept(SOMEBODY, {**NIST_4, "group": "citizens"})
    assert made.group == "citizens"
    assert made.initial == made.tailored


def test_iso_29115_is_a_mapping_alone(service):
    with pytest.raises(InputInvalid):
        service.assess(SOMEBODY, Framework.ISO_29115, {})
    with pytest.raises(InputInvalid):
        service.from_facets(SOMEBODY, (), [Framework.ISO_29115])


def test_what_is_missing_and_what_is_unknown_are_told_apart(service):
    with pytest.raises(InputMissing):
        service.which_service(SOMEBODY, {"who": "person"})
    with pytest.raises(InputUnknown):
        service.which_service(SOMEBODY, {"whom": "person"})


def test_a_domain_offers_it_too(data):
    import shirushi

    with shirushi.open(data) as domain:
        assert domain.assurance.assess(Framework.NIST_63_3, NIST_3).level(Kind.IAL).value == 2
