"""Policies in files: presets, what differs from them, and what is refused."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from shirushi.core.evidence import KeyUsage
from shirushi.rules.ades import EU, JAPAN, PRESETS, Severity
from shirushi.rules.ades.policy_file import PolicyMalformed, PolicyUnknown, preset, read_policy
from shirushi.rules.ades.requirements import Aspect, Requirement
from shirushi.rules.suites import ETSI

TOML = """
name = "sakura"
based_on = "eu"
key_usage = "fail"
max_freshness = 3600
catalogue = "etsi"
signer_key_usage = ["DIGITAL_SIGNATURE"]

[[signer_requirements]]
aspect = "organizationName"
any_of = ["さくら商事株式会社"]
severity = "warn"
"""
WANTED = replace(
    EU,
    name="sakura",
    key_usage=Severity.FAIL,
    max_freshness=timedelta(hours=1),
    catalogue=ETSI,
    signer_key_usage=frozenset({KeyUsage.DIGITAL_SIGNATURE}),
    signer_requirements=(
        Requirement(Aspect.ORGANIZATION_NAME, frozenset({"さくら商事株式会社"}), severity=Severity.WARN),
    ),
)


def test_a_policy_in_toml_and_in_json():
    assert read_policy(TOML.encode()) == WANTED
    told = {
        "name": "sakura",
        "based_on": "eu",
        "key_usage": "fail",
        "max_freshness": 3600,
        "catalogue": "etsi",
        "signer_key_usage": ["DIGITAL_SIGNATURE"],
        "signer_requirements": [
            {"aspect": "organizationName", "any_of": ["さくら商事株式会社"], "severity": "warn"}
        ],
    }
    assert read_policy(json.dumps(told).encode()) == WANTED
    assert read_policy(TOML.encode()).digest() == WANTED.digest() != EU.digest()


def test_the_preset_of_japan_is_what_a_policy_differs_from():
    assert read_policy(b'name = "mine"') == replace(JAPAN, name="mine")
    assert read_policy(b'name = "mine"\nmax_freshness = "next-update"').max_freshness is None
    assert {preset(name) for name in PRESETS} == set(PRESETS.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = 3",
        'name = "x"\nno_such_check = "fail"',
        'name = "x"\nstructure = "perhaps"',
        'name = "x"\nmax_freshness = -1',
        'name = "x"\nmax_freshness = true',
        'name = "x"\ncatalogue = "mine"',
        'name = "x"\nsigner_key_usage = "DIGITAL_SIGNATURE"',
        'name = "x"\n[[signer_requirements]]\naspect = "shoe-size"',
        'name = "x"\n[[signer_requirements]]\naspect = "title"\nmood = "good"',
        'name = "x"\nsigner_requirements = [3]',
        "{",
        "name =",
        "\udcff",
    ],
)
def test_what_is_not_understood_is_refused(text):
    with pytest.raises(PolicyMalformed) as refusal:
        read_policy(text.encode("utf-8", "surrogateescape"))
    assert refusal.value.parameters["detail"]


def test_a_preset_that_there_is_not_is_refused():
    with pytest.raises(PolicyUnknown):
        preset("mars")
    with pytest.raises(PolicyUnknown):
        read_policy(b'name = "x"\nbased_on = "mars"')
