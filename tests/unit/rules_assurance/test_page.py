"""docs/assurance.md holds what the tables and the counts give."""

from docs import make_assurance_tables


def test_the_page_is_what_the_script_makes():
    page = make_assurance_tables.TARGET.read_text(encoding="utf-8")
    assert page == make_assurance_tables.render(), "run docs/make_assurance_tables.py"


def test_every_part_is_on_the_page():
    page = make_assurance_tables.TARGET.read_text(encoding="utf-8")
    assert {part["name"] for part in make_assurance_tables.PART.finditer(page)} == set(
        make_assurance_tables.PARTS
    )
