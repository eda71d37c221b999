"""`shirushi demo --once`: every demo document gets its declared verdict, and what stands there does all that it should."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import shirushi
from shirushi import Level
from shirushi.demo.plan import load_plan
from shirushi.main import application

PASSING = [each for each in load_plan().documents if each.expect.indication.value == "TOTAL_PASSED"]


def demo(data):
    result = CliRunner().invoke(application(), ["demo", "--once", "--json", "--data", str(data)])
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The demo as it was first made: its directory, its exit code, and what it said of each document."""
    data = tmp_path_factory.mktemp("demo") / "shirushi-data"
    return data, *demo(data)


@pytest.fixture
def data(made, tmp_path):
    """A demo of one's own."""
    return shutil.copytree(made[0], tmp_path / "shirushi-data")


def test_the_demo_keeps_its_word(made):
    data, status, outcomes = made
    assert status == 0, outcomes
    assert [outcome["as_declared"] for outcome in outcomes] == [True] * len(load_plan().documents)
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "shirushi.toml").exists()


def test_it_can_be_run_again(made, data):
    _, _, outcomes = made
    again, same = demo(data)
    assert again == 0
    assert [(o["indication"], o["sub_indication"]) for o in same] == [
        (o["indication"], o["sub_indication"]) for o in outcomes
    ]


def test_a_demo_document_with_another_verdict_fails_the_demo(data):
    documents = data / "documents"
    (documents / "contract.signed.pdf").write_bytes((documents / "changed-byte.pdf").read_bytes())
    status, outcomes = demo(data)
    assert status == 1
    assert [outcome["as_declared"] for outcome in outcomes].count(False) == 1


@pytest.mark.parametrize("planned", PASSING, ids=lambda each: each.file)
def test_what_passes_lasts_whoever_issued_it(data, planned):
    """Anchors are roots here, authorities in trusted lists there, and a bridge: B-LTA is reached with all of them."""
    with shirushi.open(data) as domain:
        lasting = domain.signing.extend(shirushi.read(data / "documents" / planned.file), level=Level.B_LTA)
        verdict = domain.validation.validate(lasting, offline=True)
    assert verdict.indication is planned.expect.indication, verdict.signatures[0].reasons
    assert {each.level for each in verdict.signatures} == {Level.B_LTA}


@pytest.mark.parametrize("form", ["xades", "cades", "jades", "asic-s", "asic-e", "asic-e-xades"])
@pytest.mark.parametrize("by", ["さくら商事株式会社", "Beispiel Handel AG"])
def test_every_form_lasts_under_trusted_lists(data, form, by):
    content = shirushi.read(data / "documents" / "invoice.sealed.pdf")
    with shirushi.open(data) as domain:
        sealed = domain.signing.seal(content, by=by, form=form, level=Level.B_LTA)
        verdict = domain.validation.validate(sealed, content=[content], offline=True)
    assert [(each.indication.value, each.level) for each in verdict.signatures] == [
        ("TOTAL_PASSED", Level.B_LTA)
    ]


def test_a_token_by_itself_is_qualified_as_a_time_stamp_and_as_nobodys_signature(data, tmp_path):
    drawing = tmp_path / "drawing.dwg"
    drawing.write_bytes(b"a drawing")

    def told(*words):
        result = CliRunner().invoke(application(), [*map(str, words), "--data", str(data), "--json"])
        return json.loads(result.stdout)

    told("stamp", drawing)
    (signature,) = told("validate", f"{drawing}.tsr")["signatures"]
    assert signature["qualification"] == "QTSA", "Japan's service, through the agreement"
    (explained,) = told("trust", "explain", f"{drawing}.tsr", "--party", "EU")["signatures"]
    assert explained["qualification"] == "QTSA"
    assert [(each["kind"], each["service"]) for each in explained["equivalences"]] == [("time-stamp", "QTSA")]
    drawing.write_bytes(b"another drawing")
    (changed,) = told("validate", f"{drawing}.tsr")["signatures"]
    assert (changed["indication"], changed["qualification"]) == ("TOTAL_FAILED", None)


def test_what_is_ours_is_called_by_our_own_rules(data):
    with shirushi.open(data) as domain:
        verdict = domain.validation.validate(shirushi.read(data / "documents" / "invoice.sealed.pdf"))
        explained = domain.trusted_lists.explain(verdict.signatures[0], verdict.validation_time)
        foreign = domain.validation.validate(shirushi.read(data / "documents" / "us-contract.signed.pdf"))
        other = domain.trusted_lists.explain(foreign.signatures[0], foreign.validation_time)
    assert [each.words("ja") for each in explained.standings] == [
        "eシール レベル2（認定eシール）",
        "認定時刻認証業務によるタイムスタンプ",
    ]
    assert [each.native.kind.value for each in other.standings] == ["time-stamp"], "the signature is not ours"


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
