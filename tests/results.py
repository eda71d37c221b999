"""Rows of results for `docs/conformance.md`: written where $SHIRUSHI_RESULTS names a folder, else nowhere.

As a plugin (`pytest -p tests.results`) it also writes the outcome of every test.
"""

import json
import os
from pathlib import Path

import pytest

FOLDER = "SHIRUSHI_RESULTS"
WORKER = "PYTEST_XDIST_WORKER"


def record(table: str, **facts: object) -> None:
    """One row, a line of JSON in a file of this process."""
    folder = os.environ.get(FOLDER)
    if folder:
        with Path(folder, f"{os.environ.get(WORKER, 'main')}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"table": table, **facts}, ensure_ascii=False) + "\n")


def record_cell(form: str, level: str, key: str, judge: str, *, accepted: bool) -> None:
    """A cell of the signature matrix: whether the judge accepts it at its level and refuses its twins.

    `form` is written as in "PAdES", "XAdES enveloped", "ASiC-E CAdES"; `level` as in "B-LT"; `key` as in "P-256".
    """
    record("cells", form=form, level=level, key=key, judge=judge, accepted=accepted)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """The outcome of a test: once, by the process that reports to the terminal."""
    if WORKER not in os.environ and (report.when == "call" or report.outcome != "passed"):
        why = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
        record("tests", test=report.nodeid, outcome=report.outcome, why=why)
