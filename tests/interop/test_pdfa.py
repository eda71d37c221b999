"""What was PDF/A is PDF/A after our signature, with and without a visible mark, at every level: veraPDF says so."""

from pathlib import Path

import pytest

from shirushi.core.evidence import Level
from shirushi.domain import LocalFiles
from shirushi.formats.pades.format import Pades
from shirushi.formats.protocol import Certification, SignatureParameters, VisibleMark
from tests.interop.matrix import world
from tests.interop.verapdf_judge import verapdf
from tests.results import record_cell

pytestmark = [
    pytest.mark.needs("mvn", "maven"),
    pytest.mark.needs("javac", "default-jdk-headless"),
]
ROOT = Path(__file__).resolve().parents[2]
PRODUCERS = ROOT / "tests" / "fixtures" / "producers"
FONT = ROOT / "src" / "shirushi" / "vendor" / "noto-sans-jp" / "NotoSansJP-Regular.ttf"
PDFA = ("libreoffice-writer-pdfa.pdf", "typst-contract.pdf", "weasyprint-pdfa.pdf")
MARK = VisibleMark(("有栖 花子", "承認"), box=(60, 60, 160, 50))
SAID = {
    "invisible": SignatureParameters(),
    "visible": SignatureParameters(mark=MARK),
    "certified": SignatureParameters(certification=Certification.FORM_FILLING, mark=MARK),
}


def test_pdf_a_stays_pdf_a():
    own, form = world(), Pades(font=FONT.read_bytes)
    given = {name: LocalFiles().read(PRODUCERS / name) for name in PDFA}
    made = {
        (name, how, level): own.raise_to(form, own.sign(form, given[name], parameters=said), level)
        for name in PDFA
        for how, said in SAID.items()
        for level in Level
    }
    before = dict(zip(PDFA, verapdf(*(each.read() for each in given.values())), strict=True))
    assert all(each.compliant for each in before.values()), before
    after = dict(zip(made, verapdf(*(each.read() for each in made.values())), strict=True))
    for level in Level:
        good = all(
            (found.flavour, found.compliant, found.unmet) == (before[name].flavour, True, "")
            for (name, _, at), found in after.items()
            if at is level
        )
        record_cell("PAdES", level.value, "P-256", "veraPDF", accepted=good)
    broken = {cell: found for cell, found in after.items() if found != before[cell[0]]}
    assert broken == {}


def test_the_judge_says_no():
    """A font that is not embedded, under a claim of PDF/A: the page of a typeset contract with its font's file gone."""
    whole = (PRODUCERS / PDFA[0]).read_bytes()
    changed = whole.replace(b"/FontFile2", b"/FontFild2")
    assert changed != whole
    plain, broken = verapdf((PRODUCERS / "qpdf-linearized.pdf").read_bytes(), changed)
    assert (plain.flavour, plain.compliant) == ("", False)
    assert not broken.compliant
