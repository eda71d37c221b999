"""What is signed, and every structure around it, is what it was: a change shows as a change of a golden file."""

import pytest

from shirushi.core.evidence import Level
from tests.golden.make_golden import FOLDER, cell, file_of, render
from tests.interop.matrix import FORMS, KEYS


@pytest.mark.parametrize("name", FORMS)
def test_structures_are_the_golden_ones(name):
    assert render(name) == file_of(name).read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_form():
    assert {path.name for path in FOLDER.iterdir()} == {file_of(name).name for name in FORMS}


@pytest.mark.parametrize("name", FORMS)
def test_masked_values_stand_where_values_do(name):
    form = FORMS[name]
    for key in KEYS:
        _, made = cell(name, key, Level.B_B)
        (found,) = form.format.parse(made, form.detached)
        assert found.value_intact is (key == "Ed25519")
        assert all(reference.intact for reference in found.references)
