"""The irregular and hostile fixtures are what their script makes, and as wrong as it says."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.interop.tools import qpdf_check

FOLDER = Path(__file__).parents[1] / "fixtures" / "hostile"
RECORD = tomllib.loads((FOLDER / "hostile.toml").read_text(encoding="utf-8"))
SALTED = {"encrypted-aes256.pdf", "encrypted-without-user-password.pdf"}


@pytest.mark.needs("qpdf", "qpdf")
def test_the_script_makes_them(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(FOLDER / "make.py"), str(tmp_path)], check=True)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in FOLDER.iterdir() if path.suffix in {".pdf", ".toml"}}
    assert made == {*RECORD, "hostile.toml"}
    for name in made - SALTED:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.parametrize("name", [name for name, entry in RECORD.items() if entry["kind"] == "regular"])
def test_the_regular_ones_are_clean(name: str) -> None:
    assert qpdf_check(FOLDER / name).clean


@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.parametrize("name", [name for name, entry in RECORD.items() if entry["kind"] == "no-pdf"])
def test_the_others_are_no_pdf(name: str) -> None:
    assert qpdf_check(FOLDER / name).errors


@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.parametrize("name", [name for name, entry in RECORD.items() if entry["kind"] == "encrypted"])
def test_the_encrypted_ones_open_with_their_password(name: str) -> None:
    password = "" if name == "encrypted-without-user-password.pdf" else "user"
    assert qpdf_check(FOLDER / name, password).clean
    assert b"/Encrypt" in (FOLDER / name).read_bytes()
