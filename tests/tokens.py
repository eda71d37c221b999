"""PKCS#11 tokens of the tests' own: SoftHSM's, in a folder that goes away with them, made by SoftHSM's own program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from shirushi.adapters.configuration import Configuration, DomainSection, KeySection, Pkcs11Section
from shirushi.adapters.configuration_file import read_configuration, write_configuration
from shirushi.adapters.data_directory import DataDirectory
from tests.conftest import require

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "864209"


class SoftHsm:
    """SoftHSM's store of tokens, for this process and those that it starts."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        require("softhsm2-util", "softhsm2")
        self.tokens = folder / "softhsm-tokens"
        self.tokens.mkdir()
        configuration = folder / "softhsm2.conf"
        configuration.write_text(
            f"directories.tokendir = {self.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
        self.environment = dict(os.environ)

    def make(self, label: str, pin: str = PIN) -> Path:
        """A new token; gives the folder in which it lies."""
        before = set(self.tokens.iterdir())
        self._run("--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "97531975")
        (made,) = set(self.tokens.iterdir()) - before
        return made

    def change_pin(self, label: str, old: str, new: str) -> None:
        """Give the token another PIN."""
        self.tool("--token-label", label, "--login", "--pin", old, "--change-pin", "--new-pin", new)

    def tool(self, *arguments: str) -> str:
        """What OpenSC's pkcs11-tool prints: other hands than ours on the token."""
        require("pkcs11-tool", "opensc")
        command = ["pkcs11-tool", "--module", MODULE, *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=self.environment
        ).stdout

    def _run(self, *arguments: str) -> None:
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True, env=self.environment)


class Locking:
    """A module before SoftHSM's that locks a PIN after three wrong ones in a row, for all processes together."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        require("cc", "gcc")
        self.module = folder / "locking.so"
        self._tries = folder / "tries"
        source = Path(__file__).with_name("pkcs11_lock.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.module, source, "-ldl"], check=True)
        monkeypatch.setenv("LOCKED_MODULE", MODULE)
        monkeypatch.setenv("LOCKED_TRIES", str(self._tries))

    @property
    def tries(self) -> int:
        """How many wrong PINs came in a row."""
        return self._tries.stat().st_size if self._tries.exists() else 0

    def lock(self) -> None:
        """What somebody does who tries wrong PINs."""
        made = self._tries.with_suffix(".made")  # whole at once: processes look at any moment
        made.write_text("xxx")
        made.rename(self._tries)

    def unlock(self) -> None:
        """What the security officer does."""
        self._tries.unlink()


@pytest.fixture
def softhsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    """SoftHSM, empty."""
    return SoftHsm(tmp_path, monkeypatch)


def token_section(name: str = "hsm", *, personal: bool = False, **given: str) -> Pkcs11Section:
    """The configuration of a token."""
    said = {"module": MODULE, "label": name, "pin_file": "" if personal else f"secrets/{name}.pin"}
    return Pkcs11Section(name=name, personal=personal, **(said | given))


def write_pin(data: Path, name: str = "hsm", pin: str = PIN) -> None:
    """Put the token's PIN where the platform finds it."""
    folder = data / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f".{name}.pin"
    file.touch(mode=0o600)
    file.write_text(pin + "\n")
    file.rename(folder / f"{name}.pin")  # whole at once: signer processes look at any moment


def bare_directory(path: Path, *sections: Pkcs11Section) -> DataDirectory:
    """A data directory that holds a configuration and nothing else."""
    with DataDirectory.creating(path) as directory:
        configuration = Configuration(domain=DomainSection(name="bare"), pkcs11=sections)
        write_configuration(directory.configuration, configuration)
    return DataDirectory(path)


def with_tokens(data: Path, *sections: Pkcs11Section, keys: tuple[KeySection, ...] = ()) -> None:
    """Let the configuration of a domain name tokens, and what lies on them."""
    path = data / "shirushi.toml"
    found = read_configuration(path)
    update = {"pkcs11": (*found.pkcs11, *sections), "key": (*found.key, *keys)}
    write_configuration(path, found.model_copy(update=update))
