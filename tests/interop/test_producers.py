"""The fixtures of other producers are what their record says, and sound."""

import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from tests.interop.tools import qpdf_check

FOLDER = Path(__file__).parents[1] / "fixtures" / "producers"
RECORD = tomllib.loads((FOLDER / "producers.toml").read_text(encoding="utf-8"))
ODDITIES = {
    "ghostscript-linear.pdf": "hint table",
    "pdfbox-signature-field.pdf": "reported number of objects",
    "poppler-united.pdf": "reported number of objects",
    "pypdf-incremental.pdf": "reported number of objects",
}
"""What qpdf warns of in what these producers write."""


def test_the_record_is_complete() -> None:
    assert set(RECORD) == {path.name for path in FOLDER.glob("*.pdf")}
    assert len(RECORD) >= 20
    assert len({entry["program"] for entry in RECORD.values()}) >= 15
    for name, entry in RECORD.items():
        content = (FOLDER / name).read_bytes()
        assert (entry["size"], entry["sha256"]) == (len(content), sha256(content).hexdigest()), name
        assert len(content) < 150_000, name


@pytest.mark.needs("qpdf", "qpdf")
@pytest.mark.parametrize("name", sorted(RECORD))
def test_qpdf_finds_no_error(name: str) -> None:
    findings = qpdf_check(FOLDER / name)
    assert findings.errors == ()
    if name in ODDITIES:
        assert any(ODDITIES[name] in warning for warning in findings.warnings)
    else:
        assert findings.warnings == ()
