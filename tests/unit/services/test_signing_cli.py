"""The commands of signing: formats, many files, folders on every core, digests alone, keys that lie elsewhere; and Ctrl-C."""

import base64
import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

import shirushi
from shirushi.codecs.asn1.pem import to_pem
from shirushi.core.verdict import Indication
from shirushi.main import application
from shirushi.services.ca.model import CertificateRequest, DistinguishedName

ALICE = ["--as", "alice@example.jp", "--pin", "2468"]
COMPANY = "さくら商事株式会社"
SHIRUSHI = [sys.executable, "-c", "from shirushi.main import main; main()"]


@pytest.fixture
def run(data):
    def command(*words, status=0):
        done = CliRunner().invoke(application(), [*map(str, words), "--data", str(data), "--json"])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout)

    return command


def passes(data, path, *contents):
    with shirushi.open(data) as domain:
        verdict = domain.validation.validate(
            shirushi.read(path), content=[shirushi.read(c) for c in contents]
        )
    return verdict.indication is Indication.TOTAL_PASSED


def test_the_format_and_its_packaging_are_chosen(run, data, tmp_path):
    file = tmp_path / "order.xml"
    file.write_text("<order/>")
    for form, packaging, ending in (
        ("cades", "detached", "order.xml.p7s"),
        ("cades", "enveloping", "order.xml.p7m"),
        ("xades", "enveloped", "order.signed.xml"),
        ("asic-s", None, "order.xml.asics"),
    ):
        words = ["--format", form, *(["--packaging", packaging] if packaging else [])]
        made = run("sign", file, *ALICE, *words)["file"]
        assert made.endswith(ending)
        assert passes(data, made, file)
    assert run("sign", file, *ALICE, "--format", "pgp", status=1)["error"]["code"] == "SIGNATURE_FORM_UNKNOWN"


def test_several_files_under_one_pin_and_in_one_container(run, data, tmp_path, contract):
    files = [tmp_path / f"{name}.pdf" for name in "abc"]
    for file in files:
        file.write_bytes(contract.read_bytes())
    made = run("sign", *files, *ALICE)["files"]
    assert len(made) == 3
    assert all(passes(data, each) for each in made)
    target = tmp_path / "all.asice"
    run("sign", *files, *ALICE, "--together", "-o", target)
    assert passes(data, target)
    with shirushi.open(data) as domain:
        assert len(domain.audit.search(action="signing.sign").records) == 4


def test_what_a_signature_says_is_chosen_in_options(run, data, tmp_path, contract):
    policy = tmp_path / "policy.txt"
    policy.write_text("what we agree to")
    order = tmp_path / "order.xml"
    order.write_text("<order/>")
    place = ["--location", "千代田区", "--region", "東京都", "--country", "JP"]
    rules = [
        "--policy",
        "1.2.392.200.1",
        "--policy-file",
        policy,
        "--policy-uri",
        "https://example.jp/policy",
        "--policy-notice",
        "金額は税込みです",
    ]
    words = [*place, *rules, "--commitment", "1.2.840.113549.1.9.16.6.5", "--role", "代表取締役"]
    made = run("sign", order, *ALICE, *words, "--content-timestamp")["file"]
    text = Path(made).read_text(encoding="utf-8")
    for said in (
        "千代田区",
        "東京都",
        "urn:oid:1.2.392.200.1",
        "https://example.jp/policy",
        "金額は税込みです",
        "代表取締役",
    ):
        assert said in text
    assert "AllDataObjectsTimeStamp" in text
    assert base64.b64encode(hashlib.sha256(policy.read_bytes()).digest()).decode() in text
    run(
        "sign", contract, *ALICE, "--certify", "form-filling", "--field", "Approval", "-o", tmp_path / "c.pdf"
    )
    certified = (tmp_path / "c.pdf").read_bytes()
    assert b"/DocMDP" in certified
    assert b"/T(Approval)" in certified
    refused = run("sign", contract, *ALICE, *rules, "--reason", "agreed", status=1)["error"]
    assert refused["code"] == "PDF_PARAMETER_UNSUPPORTED"


@pytest.mark.parametrize(
    "words",
    [
        ["--policy-uri", "https://example.jp"],
        ["--policy-notice", "金額は税込みです"],
        ["--policy", "1.2.3"],
        ["--policy", "1.2.3", "--policy-digest", "00"],
    ],
)
def test_a_policy_is_named_whole(data, contract, words):
    done = CliRunner().invoke(application(), ["sign", str(contract), *ALICE, *words, "--data", str(data)])
    assert done.exit_code == 2


def test_a_folder_is_sealed_on_every_core_and_what_fails_is_named(run, data, tmp_path, contract):
    folder = tmp_path / "invoices"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:03}.pdf").write_bytes(contract.read_bytes())
    (folder / "020.pdf").write_bytes(b"%PDF-1.7 cut off")
    answer = run("seal", folder, "--as", COMPANY, "--processes", "2", status=1)
    assert len(answer["files"]) == 20
    assert [failed["file"] for failed in answer["failed"]] == [str(folder / "020.pdf")]
    made = sorted((tmp_path / "invoices.sealed").iterdir())
    assert [str(each) for each in made] == answer["files"]
    with shirushi.open(data) as domain:
        verdicts = [domain.validation.validate(shirushi.read(each)) for each in made]
        serials = [record.subject for record in domain.audit.search(action="tsa.stamp", limit=100).records]
        assert domain.audit.verify().intact
    assert {verdict.indication for verdict in verdicts} == {Indication.TOTAL_PASSED}
    assert len(serials) == len(set(serials)) == 20
    assert (
        run("seal", folder, "--as", "nobody", "--processes", "2", status=1)["error"]["code"]
        == "CREDENTIAL_UNKNOWN"
    )


def test_ctrl_c_leaves_whole_files_and_untouched_originals(data, tmp_path, contract):
    folder, out = tmp_path / "in", tmp_path / "out"
    for each in (folder, out):
        each.mkdir()
    for number in range(1_000):
        (folder / f"{number}.pdf").write_bytes(contract.read_bytes())
    command = [
        *SHIRUSHI,
        "seal",
        folder,
        "--as",
        COMPANY,
        "--out",
        out,
        "--data",
        data,
        "--json",
        "--processes",
        "2",
    ]
    process = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  one thread; a background job ignores it
    )
    while len(list(out.iterdir())) < 3 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 130
    assert json.loads(told)["cancelled"]
    made = list(out.iterdir())
    assert 3 <= len(made) < 1_000
    assert all(passes(data, each) for each in made[:3])
    assert all(each.read_bytes().startswith(contract.read_bytes()) for each in made)
    assert all(file.read_bytes() == contract.read_bytes() for file in folder.iterdir())


def test_a_digest_is_signed_alone(run, data, tmp_path, contract):
    digest = hashlib.sha256(contract.read_bytes()).hexdigest()
    target = tmp_path / "contract.p7s"
    run("sign-digest", f"sha256:{digest}", *ALICE, "--name", "contract.pdf", "-o", target)
    assert passes(data, target, contract)
    words = ["sign-digest", "sha256:00", *ALICE, "--name", "a", "--data", str(data)]
    assert CliRunner().invoke(application(), words).exit_code == 2


def test_a_platform_seals_on_behalf_of_a_user_and_validation_says_so(run, data, tmp_path, contract):
    file = tmp_path / "a.pdf"
    file.write_bytes(contract.read_bytes())
    answer = run("seal", file, "--as", COMPANY, "--on-behalf-of", "alice@example.jp")
    assert (answer["representation"], answer["on_behalf_of"]) == ("on-behalf", "alice@example.jp")
    signature = run("validate", answer["files"][0])["signatures"][0]
    assert (signature["representation"], signature["on_behalf_of"]) == ("on-behalf", "alice@example.jp")
    for language, word in (("ja_JP.UTF-8", "立会人型"), ("C", "on behalf of")):
        words = ["validate", answer["files"][0], "--data", str(data)]
        assert word in CliRunner().invoke(application(), words, env={"LC_ALL": language}).output
    signature = run("validate", run("sign", file, *ALICE)["file"])["signatures"][0]
    assert (signature["representation"], signature["on_behalf_of"]) == ("own", None)


def test_a_key_elsewhere_signs_in_three_steps(run, data, tmp_path, contract):
    key = ec.generate_private_key(ec.SECP256R1())
    spki = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    name = DistinguishedName.of(
        countryName="JP",
        organizationName="遠隔",
        organizationIdentifier="NTRJP-7000012050002",
        commonName="遠隔",
    )
    with shirushi.open(data) as domain:
        asked = CertificateRequest(authority="issuing", profile="e-seal", subject=name, public_key=spki)
        chain = domain.ca.chain(domain.ca.issue(asked))
    (tmp_path / "chain.pem").write_text("".join(map(to_pem, chain)))
    file = tmp_path / "a.pdf"
    file.write_bytes(contract.read_bytes())
    state, to_sign, value = (tmp_path / each for each in ("a.pdf.deferred", "to-sign", "value"))
    assert run("deferred", "prepare", file)["deferral"] == str(state)
    told = run("deferred", "bind", state, "--chain", tmp_path / "chain.pem", "--to-sign", to_sign)
    assert "ECDSA" in told["algorithm"]
    value.write_bytes(key.sign(to_sign.read_bytes(), ec.ECDSA(hashes.SHA256())))
    assert passes(data, run("deferred", "complete", state, file, "--value", value)["file"])
