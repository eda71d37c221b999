"""Every JAdES signature of the corpora, judged as the EU's library judges it, or with the reason why not."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from shirushi.core.document import document
from shirushi.core.errors import MalformedInput
from shirushi.core.evidence import Level, SignatureEvidence, SignatureFormat
from shirushi.formats.jades.parse import parse

pytestmark = pytest.mark.corpora

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("SHIRUSHI_CORPORA") or ROOT.parent / "shared" / "corpora") / "signed-documents"


@cache
def examined() -> dict[str, tuple[SignatureEvidence, ...] | MalformedInput]:
    return dict(_examined())


def _examined() -> Iterator[tuple[str, tuple[SignatureEvidence, ...] | MalformedInput]]:
    for path in sorted(FOLDER.glob("dss-jades/**/*.json")):
        try:
            yield path.name, parse(document(path.read_bytes(), path.name, "application/json"))
        except MalformedInput as error:
            yield path.name, error


DETACHED = "the files that it covers are not part of the corpora"
NOT_TOLD = {
    "sample.json": "is not signed: a payload for other tests",
    "jades-detached-by-uri-encoded-pars.json": DETACHED,
    "jades-detached-by-uri-hash-encoded-pars.json": DETACHED,
    "jades-flattened-BpB-detached-objectByURIHash.json": DETACHED,
    "jades-with-double-sigt.json": "its header holds a member twice, which is refused here",
}
"""Positive controls of DSS that cannot be told to be intact here."""


@cache
def listed() -> tuple[dict, ...]:
    entries = json.loads((FOLDER / "expected.json").read_text())
    return tuple(entry for entry in entries if entry["path"].startswith("dss-jades/"))


def controls() -> frozenset[str]:
    """Files whose test classes never override `checkBLevelValid`: references found and intact, value verified."""
    return frozenset(
        Path(entry["path"]).name
        for entry in listed()
        if entry["tests"] and all("checkBLevelValid" not in test["overrides"] for test in entry["tests"])
    )


def asserted_levels() -> Iterator[tuple[str, Level | None]]:
    names = {f"SignatureLevel.JAdES_BASELINE_{each.value.removeprefix('B-')}": each for each in Level}
    for entry in listed():
        for test in entry["tests"]:
            for expected, what in test["asserts_equal"]:
                if "getSignatureFormat" in what:
                    level = None if expected == "SignatureLevel.JSON_NOT_ETSI" else names[expected]
                    yield Path(entry["path"]).name, level


def evidences(name: str) -> tuple[SignatureEvidence, ...]:
    found = examined()[name]
    assert not isinstance(found, MalformedInput)
    return found


def imprints(evidence: SignatureEvidence) -> list[bool | None]:
    stamps = (*evidence.content_timestamps, *evidence.signature_timestamps, *evidence.archive_timestamps)
    return [stamp.imprint_intact for stamp in stamps]


def test_everything_is_read_or_refused_by_name(corpora):
    refused = {name: found.code for name, found in examined().items() if isinstance(found, MalformedInput)}
    assert len(examined()) == len(listed()) == 39
    assert refused == {"serialization-wrong-payload-type.json": "JWS_MALFORMED"}
    assert {name for name, found in examined().items() if found == ()} == {"sample.json"}
    for name in examined().keys() - refused.keys():
        assert all(each.format is SignatureFormat.JADES for each in evidences(name))


def test_what_dss_holds_for_intact_is_intact_here(corpora):
    told = {name for name in controls() if evidences(name) and all(e.integrity for e in evidences(name))}
    assert len(controls()) == 32
    assert controls() - told == set(NOT_TOLD)
    assert not any(e.integrity is False for name in controls() for e in evidences(name))


def test_levels_are_those_that_dss_asserts(corpora):
    expected = dict(asserted_levels())
    assert len(expected) == 17
    assert {name: evidences(name)[0].level for name in expected} == expected


def test_time_stamps_that_were_copied_or_broken_are_told(corpora):
    read = {name: found for name, found in examined().items() if not isinstance(found, MalformedInput)}
    wrong = {name for name, found in read.items() for each in found if False in imprints(each)}
    assert wrong == {
        "jades-lta-broken-arcTst.json",
        "jades-lta-copied-arctst.json",
        "jades-t-copied-sigtst.json",
    }
    assert imprints(evidences("double-lta-in-container.json")[0]) == [True] * 3
    assert imprints(evidences("jades-lta-with-etsiU-whitespaces.json")[0]) == [True] * 2


@pytest.mark.parametrize(
    "name",
    [
        "jades-with-attached-counter-signature-replace-attack.json",
        "jades-with-broken-attached-counter-signature.json",
        "jades-with-broken-detached-counter-signature.json",
    ],
)
def test_counter_signatures_of_something_else_are_broken(corpora, name):
    signature, counter = evidences(name)
    assert signature.integrity
    assert counter.countersigns == signature.id
    assert counter.integrity is False


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("jades-with-double-sigt.json", "JSON_MEMBER_REPEATED"),
        ("jades-with-empty-crit.json", "JADES_CRIT_MALFORMED"),
        ("jades-with-extra-crit-entry.json", "JADES_CRIT_MALFORMED"),
        ("jades-with-crit-with-duplicated-header.json", "JADES_CRIT_MALFORMED"),
        ("jades-with-crit-with-wrong-entry-type.json", "JADES_CRIT_MALFORMED"),
        ("jades-with-expiration-time-header-in-crit.json", "JADES_CRIT_NOT_UNDERSTOOD"),
        ("jades-b-iat-and-sigt.json", "JADES_SIGNING_TIMES"),
        ("jades-wrong-x5c-header.json", "JADES_PARAMETER_MALFORMED"),
    ],
)
def test_what_is_wrong_is_named(corpora, name, code):
    (evidence,) = evidences(name)
    assert code in {each.code for each in evidence.structure}


def test_an_unknown_algorithm_accuses_nobody(corpora):
    (evidence,) = evidences("jades-unsupported-signature-algorithm.json")
    assert (evidence.integrity, evidence.signature_algorithm) == (None, None)
