"""The ten lines of the README run."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_readme_s_example_runs(data, contract, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert data.name == "shirushi-data"
    shutil.copy(contract, "contract.pdf")
    shutil.copy(contract.with_name("invoice.pdf"), "invoice.pdf")
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)
    assert capsys.readouterr().out.startswith("TOTAL_PASSED ")
    assert Path("contract.signed.pdf").stat().st_size > contract.stat().st_size
    assert names["sealed"].size > contract.with_name("invoice.pdf").stat().st_size


def test_every_link_of_the_documents_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#]+)\)", page.read_text())]
    broken = [
        (page.name, link) for page, link in links if "://" not in link and not (page.parent / link).exists()
    ]
    assert links
    assert broken == []
