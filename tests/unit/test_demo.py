"""`shirushi demo --once`: every demo document gets its declared verdict."""

import json

from typer.testing import CliRunner

from shirushi.demo.plan import load_plan
from shirushi.main import application


def demo(data):
    result = CliRunner().invoke(application(), ["demo", "--once", "--json", "--data", str(data)])
    return result.exit_code, json.loads(result.stdout)


def test_the_demo_keeps_its_word_and_can_be_run_again(tmp_path):
    data = tmp_path / "shirushi-data"
    status, outcomes = demo(data)
    assert status == 0, outcomes
    assert [outcome["as_declared"] for outcome in outcomes] == [True] * len(load_plan().documents)
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "shirushi.toml").exists()
    again, same = demo(data)
    assert again == 0
    assert [(o["indication"], o["sub_indication"]) for o in same] == [
        (o["indication"], o["sub_indication"]) for o in outcomes
    ]


def test_a_demo_document_with_another_verdict_fails_the_demo(tmp_path):
    data = tmp_path / "shirushi-data"
    demo(data)
    documents = data / "documents"
    (documents / "contract.signed.pdf").write_bytes((documents / "changed-byte.pdf").read_bytes())
    status, outcomes = demo(data)
    assert status == 1
    assert [outcome["as_declared"] for outcome in outcomes].count(False) == 1


def test_the_plan_declares_every_kind_of_verdict():
    declared = {document.expect.indication.value for document in load_plan().documents}
    subs = {sub.value for document in load_plan().documents for sub in document.expect.sub_indications}
    assert declared == {"TOTAL_PASSED", "INDETERMINATE", "TOTAL_FAILED"}
    assert {
        "HASH_FAILURE",
        "OUT_OF_BOUNDS_NO_POE",
        "REVOKED_NO_POE",
        "REVOKED",
        "NO_CERTIFICATE_CHAIN_FOUND",
    } <= subs
