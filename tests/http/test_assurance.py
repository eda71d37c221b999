"""Assurance over HTTP: the same answers as the command line's, for callers without a token."""

from __future__ import annotations

import hashlib
import json

import pytest

PLACE = "/api/v1/assurance"
MODERATE = {
    "reputation": "moderate", "finance": "moderate", "programs": "moderate", "information": "moderate",
    "safety": "low", "legal": "moderate", "personal_information": True, "validated_attributes": True,
    "personal_information_online": False, "federated": False,
}  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_assessment_holds_levels_trace_and_a_statement(caller, language):
    order = {"framework": "nist-sp800-63-3", "answers": MODERATE, "title": "予約サイト"}
    answer = caller.post(f"{PLACE}/assessments", json=order, headers={"Accept-Language": language})
    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert found["levels"] == {"ial": 2, "aal": 2, "fal": None}
    assert found["trace"][0]["source"].startswith("NIST SP 800-63-3")
    assert ("影響" in found["trace"][0]["text"]) == (language == "ja")
    assert found["unverified"] == []
    content = found["statement"]["content"]
    assert hashlib.sha256(content.encode()).hexdigest() == found["statement"]["digest"]
    assert json.loads(content)["ja"]["ial"] == json.loads(content)["en"]["ial"] == 2


def test_what_was_done_is_assessed_and_unverified_tables_are_named(caller):
    order = {
        "framework": "jp-2022",
        "answers": {"facets": ["chip_verified", "in_person", "factor_knowledge"]},
    }
    found = caller.post(f"{PLACE}/assessments", json=order).json()
    assert found["levels"]["ial"] == 3
    assert [table["table"] for table in found["unverified"]] == ["jp-2022"]
    assert found["statement"] is None


def test_needed_is_compared_with_in_place(caller):
    order = {
        "framework": "nist-sp800-63-3",
        "needed": MODERATE,
        "in_place": {"levels": {"ial": 3, "aal": 1, "fal": None}},
    }
    found = caller.post(f"{PLACE}/fit-gaps", json=order).json()
    assert found["fit"] == "too_little"
    assert {scale: gap["fit"] for scale, gap in found["gaps"].items()} == {
        "ial": "too_much",
        "aal": "too_little",
    }
    assert found["gaps"]["aal"]["remedy"]


def test_advice_states_effects_in_both_laws_with_their_sources(caller):
    order = {"who": "organisation", "unchanged": True, "kept_years": 20, "abroad": "eu", "title": "請求書"}
    found = caller.post(f"{PLACE}/advices", json=order).json()
    assert [one["service"] for one in found["services"]] == ["seal", "time-stamp", "preservation"]
    for one in found["services"]:
        assert [effect["jurisdiction"] for effect in one["effects"]] == ["jp", "eu"]
        assert all(effect["source"] and effect["verified"] in {True, False} for effect in one["effects"])
    assert found["statement"]["digest"]
    assert caller.post(f"{PLACE}/advices", json={}).json()["services"] == []


def test_the_portfolio_and_the_tables_are_told(caller):
    every = caller.get(f"{PLACE}/portfolio").json()["use_cases"]
    assert len(every) == 37
    assert all(case["reproduced"] in {True, None} for case in every)
    (one,) = caller.get(f"{PLACE}/portfolio?case=bank-account").json()["use_cases"]
    assert one["fit_gap"]["fit"] == "fits"
    missing = caller.get(f"{PLACE}/portfolio?case=nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "ASSURANCE_USE_CASE_UNKNOWN")
    tables = {one["table"]: one["verified"] for one in caller.get(f"{PLACE}/tables").json()["tables"]}
    assert tables["nist-sp800-63-3"] is True
    assert tables["trust-services"] is False


@pytest.mark.parametrize(
    ("path", "order", "code"),
    [
        ("assessments", {"framework": "nist-sp800-63-3", "answers": {}}, "ASSURANCE_INPUT_MISSING"),
        (
            "assessments",
            {"framework": "nist-sp800-63-3", "answers": MODERATE | {"legal": "grave"}},
            "ASSURANCE_INPUT_INVALID",
        ),
        ("assessments", {"framework": "eidas", "answers": {"colour": 1}}, "ASSURANCE_INPUT_UNKNOWN"),
        ("assessments", {"framework": "iso-29115", "answers": {}}, "REQUEST_MALFORMED"),
        (
            "fit-gaps",
            {"framework": "nz", "needed": {"levels": {"ia": 1}}, "in_place": {"levels": {"aa": 1}}},
            "ASSURANCE_SCALES_DIFFER",
        ),
        ("advices", {"kept_years": -1}, "REQUEST_MALFORMED"),
    ],
)
def test_what_cannot_be_answered_says_why(caller, path, order, code):
    answer = caller.post(f"{PLACE}/{path}", json=order)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["remedy"]
