"""The house's own checks can fail, and pass on a service that was added as CONTRIBUTING says."""

import subprocess
import sys
from pathlib import Path

import pytest
from docs import make_algorithms, make_graph

from tests import check_house

ROOT = Path(__file__).parents[2]


def test_the_picture_of_the_floors_is_that_of_the_imports():
    assert make_graph.TARGET.read_text(encoding="utf-8") == make_graph.draw(), "run `make graph`"


def test_the_page_of_algorithms_is_that_of_the_catalogues():
    assert make_algorithms.TARGET.read_text(encoding="utf-8") == make_algorithms.render(), "run `make docs`"


def test_a_long_file_is_found(tmp_path):
    (tmp_path / "long.py").write_text("x = 1\n" * 601)
    assert len(list(check_house.file_sizes(tmp_path))) == 1


def test_a_file_outside_the_shape_is_found(tmp_path):
    service = tmp_path / "escrow"
    service.mkdir()
    (service / "__init__.py").write_text('"""Escrow."""\n')
    assert list(check_house.service_shapes(tmp_path)) == ["services/escrow: has no service module"]
    (service / "service.py").write_text('"""Use cases."""\n')
    assert list(check_house.service_shapes(tmp_path)) == []
    (service / "helpers.py").write_text("")
    assert list(check_house.service_shapes(tmp_path)) == [
        "services/escrow/helpers.py: not a part of a service's shape"
    ]


def test_the_young_asn1_api_elsewhere_is_found(tmp_path):
    (tmp_path / "codecs" / "asn1").mkdir(parents=True)
    (tmp_path / "codecs" / "asn1" / "x.py").write_text("from cryptography.hazmat import asn1\n")
    assert list(check_house.asn1_imports(tmp_path)) == []
    (tmp_path / "y.py").write_text("from cryptography.hazmat.asn1 import sequence\n")
    assert len(list(check_house.asn1_imports(tmp_path))) == 1


@pytest.fixture
def copy(tmp_path):
    """A copy of the sources and contracts, to which a service can be added."""
    import shutil

    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def contracts(folder):
    program = (
        "import sys; from importlinter.cli import lint_imports_command as c; sys.path.insert(0, 'src'); c()"
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", program, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def add_service(folder, imports):
    service = folder / "src" / "shirushi" / "services" / "escrow"
    service.mkdir()
    (service / "__init__.py").write_text('"""Escrow."""\n')
    (service / "model.py").write_text('"""Its words."""\n')
    (service / "service.py").write_text(f'"""Its use cases."""\n\n{imports}\n')


def test_a_new_empty_service_passes_the_contracts(copy):
    add_service(copy, "from shirushi.core.actor import Actor")
    done = contracts(copy)
    assert done.returncode == 0, done.stdout
    assert list(check_house.service_shapes(copy / "src" / "shirushi" / "services")) == []


@pytest.mark.parametrize(
    "imports",
    [
        "from shirushi.services.tsa.model import TimeStampUnit",
        "from shirushi.adapters.files import FileSource",
        "from shirushi.domain import Domain",
    ],
)
def test_a_service_that_reaches_across_or_up_is_refused(copy, imports):
    add_service(copy, imports)
    done = contracts(copy)
    assert done.returncode != 0
    assert "BROKEN" in done.stdout
