"""A backup holds a whole domain, opens under its passphrase alone, and makes a domain that goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from shirushi.adapters.configuration import KeySection
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.data_directory import DataDirectoryExists, MasterKeyMissing
from shirushi.adapters.database_copy import DatabaseNotEmpty
from shirushi.adapters.pkcs11.errors import TokenMissing
from shirushi.adapters.sealed_archive import ArchiveRefused, PassphraseShort
from shirushi.codecs.asn1.tsp import parse_tst_info
from shirushi.core.algorithms import Digest, DigestAlgorithm, KeyType, signature_algorithm
from shirushi.core.errors import FileUnwritable, ShirushiError
from shirushi.core.primitives import verify
from shirushi.core.verdict import Indication
from shirushi.domain import LocalFiles, open_domain
from shirushi.formats.cms.structure import read_signed_data
from shirushi.main import application
from shirushi.operating.backup import backup, examine, restore
from tests.postgres import moved
from tests.tokens import PIN, softhsm, token_section, with_tokens

__all__ = ["softhsm"]

PASSPHRASE = "松竹梅 correct horse"
COMPANY = "さくら商事株式会社"
P_256 = signature_algorithm(KeyType.P_256)
IMPRINT = Digest(DigestAlgorithm.SHA256, DigestAlgorithm.SHA256.digest(b"x"))


def serial(domain) -> int:
    return parse_tst_info(read_signed_data(domain.tsa.stamp(IMPRINT)).content).serial_number


def crl_number(domain) -> int:
    return domain.services.ca.current_crl(domain.actor, "issuing").number


def test_a_domain_is_backed_up_while_it_works_and_goes_on_elsewhere(data, tmp_path, contract):
    ended = threading.Event()
    serials: list[int] = []
    with open_domain(data) as domain:

        def work() -> None:
            while not ended.is_set():
                serials.append(serial(domain))

        thread = threading.Thread(target=work)
        thread.start()
        try:
            report = backup(data, tmp_path / "backup", PASSPHRASE)
        finally:
            ended.set()
            thread.join()
        after = [serial(domain) for _ in range(3)]
        domain.ca.publish_crl("issuing")
        last_crl = crl_number(domain)
    assert report == examine(tmp_path / "backup", PASSPHRASE)
    assert {"shirushi.toml", "shirushi.sqlite", "secrets/master.key"} <= set(report.files)
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    restored = tmp_path / "restored"
    assert restore(tmp_path / "backup", restored, PASSPHRASE) == report
    assert all(path.stat().st_mode & 0o077 == 0 for path in (restored, *restored.rglob("*")))
    with open_domain(restored) as domain:
        sealed = domain.signing.seal(LocalFiles().read(contract), COMPANY)
        assert domain.validation.validate(sealed).indication is Indication.TOTAL_PASSED
        alice = domain.signing.credential("alice@example.jp")
        request = domain.signing.prepare(LocalFiles().read(contract), alice)
        assert domain.signing.sign(request, alice.activate(request, "2468")).size
        assert serial(domain) > max(serials + after)
        domain.ca.publish_crl("issuing")
        assert crl_number(domain) > last_crl
        domain.audit.checkpoint()
        assert domain.audit.verify().intact
        (record,) = domain.audit.search(action="domain.restore").records
        assert record.detail["backup"] == report.created_at


def test_nothing_opens_but_the_whole_under_its_passphrase(data, tmp_path, rng: random.Random):
    path = tmp_path / "backup"
    backup(data, path, PASSPHRASE)
    whole = path.read_bytes()
    for word in (COMPANY.encode(), b"PRIVATE", b"CREATE TABLE", (data / "shirushi.toml").read_bytes()[:20]):
        assert word not in whole
    with pytest.raises(ArchiveRefused):
        examine(path, PASSPHRASE + "!")
    damaged = tmp_path / "damaged"
    bytes_at = [rng.randrange(len(whole)) for _ in range(4)]
    cases = [whole[: len(whole) // 2], whole[:-1], whole + b"x", b"", whole[:10]]
    cases += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in bytes_at]
    for case in cases:
        damaged.write_bytes(case)
        with pytest.raises(ArchiveRefused):
            restore(damaged, tmp_path / "new", PASSPHRASE)
        assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(data, tmp_path):
    path = tmp_path / "backup"
    path.write_bytes(b"mine")
    with pytest.raises(FileUnwritable):
        backup(data, path, PASSPHRASE)
    assert path.read_bytes() == b"mine"
    path.unlink()
    with pytest.raises(PassphraseShort):
        backup(data, path, "short")
    assert not path.exists()
    backup(data, path, PASSPHRASE)
    before = (data / "shirushi.toml").read_bytes()
    with pytest.raises(DataDirectoryExists):
        restore(path, data, PASSPHRASE)
    assert (data / "shirushi.toml").read_bytes() == before


def test_a_master_key_of_the_environment_stays_out(data, tmp_path, monkeypatch):
    key = data / "secrets" / "master.key"
    monkeypatch.setenv("SHIRUSHI_MASTER_KEY", key.read_text().strip())
    key.unlink()
    assert not backup(data, tmp_path / "backup", PASSPHRASE).master_key
    restore(tmp_path / "backup", tmp_path / "with", PASSPHRASE)
    with open_domain(tmp_path / "with") as domain:
        assert serial(domain)
    monkeypatch.delenv("SHIRUSHI_MASTER_KEY")
    with pytest.raises(MasterKeyMissing):
        restore(tmp_path / "backup", tmp_path / "without", PASSPHRASE)
    assert not (tmp_path / "without").exists()


def test_between_sqlite_and_postgresql(data, tmp_path, postgres, contract):
    moved(data, postgres.database())
    backup(data, tmp_path / "backup", PASSPHRASE)
    target = postgres.database().render_as_string(hide_password=False)
    restore(tmp_path / "backup", tmp_path / "file", PASSPHRASE)
    restore(tmp_path / "backup", tmp_path / "server", PASSPHRASE, target)
    with pytest.raises(DatabaseNotEmpty):
        restore(tmp_path / "backup", tmp_path / "again", PASSPHRASE, target)
    assert not (tmp_path / "again").exists()
    for folder, url in ((tmp_path / "file", ""), (tmp_path / "server", target)):
        assert read_configuration(folder / "shirushi.toml").database.url == url
        with open_domain(folder) as domain:
            sealed = domain.signing.seal(LocalFiles().read(contract), COMPANY)
            assert domain.validation.validate(sealed).indication is Indication.TOTAL_PASSED
            assert domain.audit.verify().intact


KILLED = """
import os, signal, sys
from pathlib import Path
from shirushi.operating import backup

copied = backup._extract

def killed(path, content):
    copied(path, content)
    if path.name == "shirushi.sqlite":
        os.kill(os.getpid(), signal.SIGKILL)

backup._extract = killed
backup.restore(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
"""


def test_a_restoration_that_was_killed_is_repeated(data, tmp_path):
    path, new = tmp_path / "backup", tmp_path / "new"
    report = backup(data, path, PASSPHRASE)
    command = [sys.executable, "-c", KILLED, path, new, PASSPHRASE]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    with pytest.raises(ShirushiError), open_domain(new):
        pass
    assert restore(path, new, PASSPHRASE) == restore(path, tmp_path / "other", PASSPHRASE) == report
    for folder in (new, tmp_path / "other"):
        with open_domain(folder) as domain:
            assert serial(domain)
            assert domain.audit.verify().intact


@pytest.mark.needs("softhsm2-util", "softhsm2")
def test_a_domain_on_postgresql_with_keys_on_a_token(data, tmp_path, postgres, softhsm, monkeypatch):
    """The token is backed up by its own means, here by copying its folder; without it, all else works."""
    moved(data, postgres.database())
    softhsm.make("hsm")
    with_tokens(data, token_section(pin_file=""), keys=(KeySection(label="tsu-*", token="hsm"),))
    monkeypatch.setenv("SHIRUSHI_PIN_HSM", PIN)
    elsewhere = tmp_path / "elsewhere"
    configuration = read_configuration(data / "shirushi.toml")
    kept = configuration.audit.model_copy(update={"elsewhere": (elsewhere,)})
    write_configuration(data / "shirushi.toml", configuration.model_copy(update={"audit": kept}))
    with open_domain(data) as domain:
        domain.keys.generate("tsu-hsm", KeyType.P_256)
        spki = domain.keys.reference("tsu-hsm").spki
        value = domain.keys.signer("tsu-hsm").sign(b"data", P_256)
        uses = domain.keys.uses("tsu-hsm")
    report = backup(data, tmp_path / "backup", PASSPHRASE)
    assert report.on_tokens == ("tsu-hsm",)
    assert (
        report.outside
        == (str(elsewhere), "SHIRUSHI_PIN_HSM")
        == examine(tmp_path / "backup", PASSPHRASE).outside
    )
    assert not any(PIN.encode() in path.read_bytes() for path in data.rglob("*") if path.is_file())
    away = softhsm.tokens.with_name("token-backup")
    softhsm.tokens.rename(away)
    softhsm.tokens.mkdir()
    target = postgres.database().render_as_string(hide_password=False)
    restore(tmp_path / "backup", tmp_path / "server", PASSPHRASE, target)
    restore(tmp_path / "backup", tmp_path / "file", PASSPHRASE)
    for folder in (tmp_path / "server", tmp_path / "file"):
        with open_domain(folder) as domain:
            assert serial(domain)
            assert domain.keys.reference("tsu-hsm").spki == spki
            assert domain.keys.uses("tsu-hsm") == uses
            with pytest.raises(TokenMissing):
                domain.keys.signer("tsu-hsm")
            assert domain.audit.verify().intact
    softhsm.tokens.rmdir()
    away.rename(softhsm.tokens)
    with open_domain(tmp_path / "server") as domain:
        again = domain.keys.signer("tsu-hsm").sign(b"data", P_256)
        assert verify(spki, P_256, again, b"data")
        assert verify(spki, P_256, value, b"data")
        assert domain.keys.uses("tsu-hsm") > uses
    second = backup(tmp_path / "server", tmp_path / "second", PASSPHRASE)
    assert second.on_tokens == report.on_tokens
    assert {name for name in second.files if name.startswith(("keys/", "secrets/"))} == {
        name for name in report.files if name.startswith(("keys/", "secrets/"))
    }


def test_the_commands(data, tmp_path):
    words = tmp_path / "passphrase"
    words.write_text(PASSPHRASE + "\n")
    run = CliRunner()
    file, new = str(tmp_path / "backup"), str(tmp_path / "new")
    made = run.invoke(application(), ["backup", file, "--passphrase-file", str(words), "--data", str(data)])
    assert (made.exit_code, "verified" in made.output) == (0, True)
    refused = run.invoke(application(), ["restore", file, new, "--json"], input="something else\n")
    assert (refused.exit_code, "BACKUP_REFUSED" in refused.output) == (1, True)
    assert run.invoke(application(), ["restore", file, new], input=PASSPHRASE + "\n").exit_code == 0
    shown = run.invoke(application(), ["key", "list", "--data", new, "--json"])
    assert '"alice"' in shown.output
    assert Path(new, "shirushi.toml").exists()
