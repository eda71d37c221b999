"""The command line as its users meet it: exit statuses, JSON, errors with a remedy in both languages."""

import json
import shutil
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from shirushi.main import application


@pytest.fixture
def run(data):
    """Runs `shirushi …` on a domain of the test's own."""

    def call(*words, **options):
        runner = CliRunner()
        return runner.invoke(application(), [*map(str, words), "--data", str(data)], **options)

    return call


@pytest.fixture
def signed(run, contract, tmp_path):
    target = tmp_path / "signed.pdf"
    result = run("sign", contract, "--as", "alice@example.jp", "--pin", "2468", "--level", "T", "-o", target)
    assert result.exit_code == 0, result.output
    return target


def test_sign_then_validate(run, signed):
    result = run("validate", signed, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["indication"], report["sub_indication"]) == ("TOTAL_PASSED", None)
    (signature,) = report["signatures"]
    assert signature["format"] == "PAdES"
    assert signature["level"] == "B-T"
    assert signature["integrity"] == "intact"
    assert signature["changes"] == []
    assert "有栖 花子" in signature["signer"]
    assert "Shirushi Demo Root CA" in signature["trust"]
    assert signature["best_signature_time"].endswith("Z")


def test_validate_with_an_evidence_record_beside_it(run, signed):
    assert run("stamp", signed.parent, "--bulk").exit_code == 0
    record = signed.with_name("signed.pdf.ers")
    result = run("validate", signed, "--record", record, "--json")
    assert result.exit_code == 0, result.output
    (signature,) = json.loads(result.stdout)["signatures"]
    assert [each["kind"] for each in signature["time_stamps"]] == ["signature", "evidence-record"]
    assert run("validate", signed, "--record", signed, "--json").exit_code == 1


def test_a_changed_byte_exits_20(run, signed):
    changed = bytearray(signed.read_bytes())
    changed[2000] ^= 1
    signed.write_bytes(changed)
    result = run("validate", signed, "--json")
    assert result.exit_code == 20
    report = json.loads(result.stdout)
    assert report["sub_indication"] == "HASH_FAILURE"
    assert report["signatures"][0]["integrity"] == "altered"
    assert all(reason["message"] and reason["remedy"] for reason in report["signatures"][0]["reasons"])


def test_an_unknown_issuer_exits_10_and_the_document_is_still_intact(run, signed, data):
    stranger = data / "stranger.pem"
    stranger.write_text(
        (data / "certificates" / "tsu.pem").read_text().split("-----END CERTIFICATE-----")[0]
        + "-----END CERTIFICATE-----\n"
    )
    result = run("validate", signed, "--json", "--trust", stranger)
    assert result.exit_code == 10
    report = json.loads(result.stdout)
    assert report["signatures"][0]["integrity"] == "intact"
    assert report["signatures"][0]["trust"] is None


def test_no_signature_exits_30(run, contract):
    assert run("validate", contract).exit_code == 30


def test_wrong_use_exits_2(run, contract):
    assert run("validate").exit_code == 2
    assert run("sign", contract, "--as", "alice@example.jp", "--level", "X").exit_code == 2
    assert run("validate", contract, "--at", "yesterday").exit_code == 2


def test_inability_exits_1_with_code_and_remedy(run, tmp_path):
    result = run("validate", tmp_path / "absent.pdf", "--json")
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["code"] == "FILE_UNREADABLE"
    assert error["remedy"]


def test_errors_speak_japanese_where_the_locale_does(run, tmp_path):
    result = run("validate", tmp_path / "absent.pdf", env={"LC_ALL": "ja_JP.UTF-8"})
    assert result.exit_code == 1
    assert "読めません" in result.stderr


def test_validate_answers_a_person_in_both_languages(run, signed):
    assert "Was it changed?: not changed" in run("validate", signed).stdout
    assert "変更の有無: 変更されていません" in run("validate", signed, env={"LC_ALL": "ja_JP.UTF-8"}).stdout


def test_a_pin_from_standard_input(run, contract, tmp_path):
    words = ("sign", contract, "--as", "alice@example.jp", "--pin", "-", "-o", tmp_path / "s.pdf")
    assert run(*words, input="2468\n").exit_code == 0
    wrong = run(*words, input="1111\n")
    assert wrong.exit_code == 1
    assert "WRONG_PIN" in wrong.stderr
    assert "1111" not in wrong.output


def test_many_are_sealed_into_a_folder(run, contract, tmp_path):
    names = [tmp_path / f"{number}.pdf" for number in range(3)]
    for name in names:
        shutil.copy(contract, name)
    (tmp_path / "out").mkdir()
    result = run("seal", *names, "--as", "さくら商事株式会社", "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["files"]) == 3
    for name in names:
        assert run("validate", tmp_path / "out" / name.name).exit_code == 0


def test_the_original_is_never_overwritten(run, contract, tmp_path):
    original = tmp_path / "contract.pdf"
    shutil.copy(contract, original)
    result = run("seal", original, "--as", "さくら商事株式会社", "--out", tmp_path)
    assert result.exit_code == 2
    assert "FILE_IS_SOURCE" in result.stderr
    assert original.read_bytes() == contract.read_bytes()


def test_stamp_writes_a_response(run, contract, tmp_path):
    result = run("stamp", contract, "-o", tmp_path / "contract.tsr", "--json")
    assert result.exit_code == 0
    assert (tmp_path / "contract.tsr").read_bytes()[:1] == b"\x30"


def test_a_time_stamp_is_validated_over_its_file(run, contract, tmp_path):
    target = tmp_path / "contract.tsr"
    assert run("stamp", contract, "-o", target).exit_code == 0
    result = run("validate", target, "--content", contract, "--json")
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)["signatures"]
    assert (found["format"], found["level"], found["integrity"]) == ("RFC 3161", None, "intact")
    assert found["warnings"] == []
    assert run("validate", target).exit_code == 10
    other = tmp_path / "other.txt"
    other.write_text("another file")
    assert run("validate", target, "--content", other).exit_code == 20


def test_audit_verifies(run, signed):
    result = run("audit", "verify", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["intact"] is True


def test_ca_lists_revokes_and_publishes(run, signed, data, tmp_path):
    assert {"issuing", "root"} <= {ca["name"] for ca in json.loads(run("ca", "list", "--json").stdout)}
    time.sleep(1.1)  # a revocation time is told to the second: it must come after the token's
    revoked = run("ca", "revoke", data / "certificates" / "alice.pem", "--reason", "key-compromise", "--json")
    assert revoked.exit_code == 0
    assert json.loads(revoked.stdout)["reason"] == "KEY_COMPROMISE"
    assert run("ca", "crl", "issuing", "-o", tmp_path / "issuing.crl").exit_code == 0
    assert (tmp_path / "issuing.crl").read_bytes()[:1] == b"\x30"
    assert run("validate", signed).exit_code == 0  # it was time-stamped before
    assert "CREDENTIAL_REVOKED" in run("sign", signed, "--as", "alice@example.jp", "--pin", "2468").stderr


def test_what_is_kept_beside_a_file_finds_it(run, tmp_path):
    drawing = tmp_path / "drawing.dwg"
    drawing.write_bytes(b"a drawing")
    assert run("stamp", drawing).exit_code == 0
    found = run("validate", f"{drawing}.tsr")
    assert (found.exit_code, str(drawing) in found.stderr) == (0, True), found.output
    drawing.rename(tmp_path / "elsewhere.dwg")
    assert run("validate", f"{drawing}.tsr").exit_code == 10
    assert run("validate", f"{drawing}.tsr", "--content", tmp_path / "elsewhere.dwg").exit_code == 0


def test_a_folder_for_results_is_made(run, contract, tmp_path):
    out = tmp_path / "a" / "b"
    made = run("seal", contract, "--as", "さくら商事株式会社", "--out", out)
    assert made.exit_code == 0, made.output
    assert [each.name for each in out.iterdir()] == [contract.name]
    (tmp_path / "file").write_bytes(b"")
    refused = run("seal", contract, "--as", "さくら商事株式会社", "--out", tmp_path / "file" / "b")
    assert (refused.exit_code, "FILE_UNWRITABLE" in refused.stderr) == (1, True)


def test_a_message_is_said_as_it_is(run, tmp_path):
    refused = run("validate", tmp_path / "[bold]none[/].pdf")
    assert "[bold]none[/].pdf" in refused.stderr.replace("\n", "")


def _fresh_key(folder):
    """A file with a public key that nobody has certified."""
    key, public = folder / "key.pem", folder / "public.pem"
    subprocess.run(["openssl", "ecparam", "-genkey", "-name", "prime256v1", "-out", key], check=True)
    subprocess.run(["openssl", "ec", "-in", key, "-pubout", "-out", public], check=True)
    return public


def test_ca_establishes_and_issues(run, data, tmp_path):
    subject = (
        "--subject",
        "countryName=JP",
        "--subject",
        "organizationName=Example",
        "--subject",
        "commonName=Example CA",
    )
    assert (
        run("ca", "establish", "second", *subject, "--issuer", "root", "--key-type", "P-256").exit_code == 0
    )
    issued = run(
        *("ca", "issue", _fresh_key(tmp_path), *subject, "--authority", "second", "--profile", "tsu"),
        *("-o", tmp_path / "chain.pem", "--json"),
    )
    assert issued.exit_code == 0, issued.output
    assert (tmp_path / "chain.pem").read_text().count("BEGIN CERTIFICATE") == 3


def test_ca_establishes_what_a_file_defines(run, data, tmp_path):
    definition = tmp_path / "third.toml"
    definition.write_text(
        'key_type = "P-256"\n[subject]\ncountryName = "JP"\norganizationName = "Example"\ncommonName = "Third CA"\n'
        '[policies]\ntsu = ["1.2.392.1"]\n'
    )
    made = run("ca", "establish", "third", "--issuer", "root", "--definition", definition, "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(run("ca", "responder", "third", "--json").stdout)["profile"] == "ocsp-responder"
    subject = ("--subject", "countryName=JP", "--subject", "organizationName=A", "--subject", "commonName=B")
    issued = run(
        *("ca", "issue", _fresh_key(tmp_path), *subject, "--authority", "third", "--profile", "tsu"),
        *("-o", tmp_path / "chain.pem"),
    )
    assert issued.exit_code == 0, issued.output
    shown = subprocess.run(
        ["openssl", "x509", "-noout", "-text", "-in", tmp_path / "chain.pem"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for told in (
        "CN = Third CA",
        "http://localhost:8080/certificates/third.cer",
        "http://localhost:8080/crl/third.crl",
        "http://localhost:8080/ocsp",
        "Policy: 1.2.392.1",
    ):
        assert told in shown
    assert run("ca", "establish", "fourth").exit_code == 2
    refused = run("ca", "establish", "fourth", "--definition", tmp_path / "none.toml")
    assert (refused.exit_code, "FILE_UNREADABLE" in refused.stderr) == (1, True)


def test_a_missing_domain_is_named(tmp_path, contract):
    result = CliRunner().invoke(application(), ["validate", str(contract), "--data", str(tmp_path / "none")])
    assert result.exit_code == 1
    assert "DATA_DIRECTORY_MISSING" in result.stderr
    assert "shirushi demo" in result.stderr


def test_help_is_fast_and_imports_no_network():
    program = "import sys, shirushi.main as m; m.application(); print('asyncio' in sys.modules, 'aiohttp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "aiohttp" not in done.stdout or done.stdout.split()[1] == "False"


def test_the_policy_is_chosen_and_named(run, signed, tmp_path):
    chosen = json.loads(run("validate", signed, "--json", "--policy", "eu").stdout)
    own = tmp_path / "mine.toml"
    own.write_text(
        'name = "mine"\n[[signer_requirements]]\naspect = "title"\nany_of = ["*"]\nseverity = "inform"\n'
    )
    read = json.loads(run("validate", signed, "--json", "--policy", own).stdout)
    assert (chosen["policy_name"], read["policy_name"]) == ("eu", "mine")
    assert chosen["policy"] != read["policy"]
    assert [each["code"] for each in read["signatures"][0]["information"]] == [
        "CERTIFICATE_REQUIREMENT_UNMET"
    ]
    assert f"Policy: mine (SHA-256 {read['policy']})" in run(
        "validate", signed, "--policy", own
    ).stdout.replace("\n", " ")
    own.write_text('name = "mine"\nmood = "good"\n')
    assert run("validate", signed, "--policy", own).exit_code != 0
