"""Policies as data, named by their digests; the catalogue of reasons is complete."""

import ast
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from shirushi.core.catalogue import catalogue
from shirushi.core.instant import instant
from shirushi.core.verdict import SubIndication
from shirushi.rules import ades, suites
from shirushi.rules.ades import EU, JAPAN, PRESETS, Severity
from shirushi.rules.ades.freshness import is_fresh
from shirushi.rules.path.model import RevocationStatus, Status

THIS = instant("2026-06-01T00:00:00Z")
NEXT = instant("2026-06-08T00:00:00Z")


def test_presets_differ_and_are_named():
    assert set(PRESETS) == {"japan", "eu", "pki"}
    assert len({policy.digest() for policy in PRESETS.values()}) == 3


def test_the_digest_depends_on_every_constraint():
    base = JAPAN.digest()
    assert base == replace(JAPAN).digest()
    changes = {
        "name": "other",
        "catalogue": EU.catalogue,
        "path_parameters": replace(JAPAN.path_parameters, initial_explicit_policy=True),
        "max_freshness": timedelta(hours=1),
        "max_freshness_without_next_update": None,
        "signer_key_usage": frozenset(),
        "acceptable_signature_policies": frozenset({"1.2.3"}),
        "time_stamp_delay": timedelta(days=1),
        "signature_purposes": frozenset({"1.2.3"}),
        "time_stamp_purposes": frozenset({"1.2.3"}),
    }
    for field in fields(JAPAN):
        value = getattr(JAPAN, field.name)
        other = Severity.WARN if value is not Severity.WARN else Severity.IGNORE
        changed = replace(JAPAN, **{field.name: changes.get(field.name, other)})
        assert changed.digest() != base, field.name


@pytest.mark.parametrize("sub_indication", list(SubIndication), ids=lambda s: s.name)
def test_every_sub_indication_has_a_reason(sub_indication):
    entry = catalogue()[sub_indication.name]
    assert all((*entry.en, *entry.ja))


def test_every_reason_that_is_given_is_in_the_catalogue():
    given = set()
    for package in (ades, suites):
        for module in Path(package.__file__).parent.glob("*.py"):
            for node in ast.walk(ast.parse(module.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reason":
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        given.add(first.value)
    assert len(given) > 30
    assert given <= set(catalogue())


@pytest.mark.parametrize(
    ("at", "maximum", "fresh"),
    [
        ("2026-06-07T23:59:59Z", None, True),
        ("2026-06-08T00:00:00Z", None, False),
        ("2026-05-01T00:00:00Z", None, True),
        ("2026-06-01T23:59:59Z", timedelta(days=1), True),
        ("2026-06-02T00:00:00Z", timedelta(days=1), False),
        ("2026-06-20T00:00:00Z", timedelta(days=30), True),
    ],
)
def test_freshness(at, maximum, fresh):
    status = RevocationStatus(Status.GOOD, "x", THIS, NEXT)
    assert is_fresh(status, instant(at), maximum) is fresh


def test_data_without_dates_is_never_fresh():
    assert not is_fresh(RevocationStatus(Status.UNKNOWN), THIS, timedelta(days=1))
    assert not is_fresh(RevocationStatus(Status.GOOD, "x", THIS), THIS, None)
