"""The habits of the suite itself."""

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import require


def test_a_present_program_is_no_obstacle() -> None:
    require("sh", "dash")
    assert True


def test_an_absent_program_skips_and_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.conftest.IN_CI", False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program of the Debian package no-such-package"):
        require("no-such-program", "no-such-package")


def test_an_absent_program_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.conftest.IN_CI", True)
    with pytest.raises(pytest.fail.Exception, match="make system"):
        require("no-such-program", "no-such-package")


def test_rng_is_seeded_by_the_test(rng: random.Random, request: pytest.FixtureRequest) -> None:
    assert rng.random() == random.Random(request.node.nodeid).random()


@given(st.integers())
def test_the_environment_is_plain_under_hypothesis(number: int) -> None:
    assert isinstance(number, int)
    assert "SHIRUSHI_DATA" not in os.environ
