"""The port `KeyStore` over several stores: which one has a key is seen from its file, which one makes it is configured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from shirushi.adapters.configuration import KeySection
from shirushi.adapters.pkcs11.key_store import ENDING, TokenKey, TokenKeyStore
from shirushi.adapters.software_keys import SoftwareKeyStore, file_name
from shirushi.core.algorithms import KeyType
from shirushi.core.errors import ShirushiError
from shirushi.ports.keys import KeyExists, KeyReference, KeyStore, Signer


class TokenUnknown(ShirushiError):
    """No token of that name is configured."""

    code = "PKCS11_TOKEN_UNKNOWN"


class RoutedKeyStore:
    """Encrypted files, and PKCS#11 tokens for the labels that `rules` give them. Thread-safe.

    Args:
        folder: where the files of all keys lie.
        software: the keys in files.
        tokens: the tokens by name.
        rules: which token makes which keys; the first that fits counts.

    Raises:
        TokenUnknown: a rule names a token that is not there.
    """

    def __init__(
        self,
        folder: Path,
        software: SoftwareKeyStore,
        tokens: Mapping[str, TokenKeyStore],
        rules: Sequence[KeySection] = (),
    ) -> None:
        self._folder = folder
        self._software = software
        self._tokens = dict(tokens)
        self._rules = tuple(rules)
        for rule in rules:
            if rule.token:
                self.token(rule.token)

    def token(self, name: str) -> TokenKeyStore:
        """The token of that name; raises `TokenUnknown`."""
        try:
            return self._tokens[name]
        except KeyError:
            raise TokenUnknown(token=name, known=", ".join(sorted(self._tokens)) or "-") from None

    def place(self, label: str) -> str:
        """The token on which the key lies; empty for a file, and for a key that is not there."""
        path = self._file(label)
        return TokenKey.read(path, label).token if path.exists() else ""

    def generate(self, label: str, key_type: KeyType, pin: str | None = None) -> KeyReference:
        """Make a key where the first rule that fits its label says; see `KeyStore.generate`."""
        if label in self:
            raise KeyExists(label=label)
        rule = rule_of(self._rules, label)
        store: KeyStore = self.token(rule.token) if rule and rule.token else self._software
        return store.generate(label, key_type, pin)

    def adopt(self, token: str, label: str, name: str | None = None, pin: str | None = None) -> KeyReference:
        """Take in a key that lies on a token already; see `TokenKeyStore.adopt`."""
        if label in self:
            raise KeyExists(label=label)
        return self.token(token).adopt(label, name, pin)

    def reference(self, label: str) -> KeyReference:
        """The key of that label; see `KeyStore.reference`."""
        return self._of(label).reference(label)

    def signer(self, label: str, pin: str | None = None) -> Signer:
        """Open the key for use; see `KeyStore.signer`."""
        return self._of(label).signer(label, pin)

    def destroy(self, label: str) -> None:
        """Destroy the key; see `KeyStore.destroy`."""
        self._of(label).destroy(label)

    def labels(self) -> tuple[str, ...]:
        """The labels of all keys, sorted."""
        stores: tuple[KeyStore, ...] = (self._software, *self._tokens.values())
        return tuple(sorted(label for store in stores for label in store.labels()))

    def __contains__(self, label: str) -> bool:
        return self._file(label).exists() or self._software.has(label)

    def _of(self, label: str) -> KeyStore:
        token = self.place(label)
        return self.token(token) if token else self._software

    def _file(self, label: str) -> Path:
        return self._folder / (file_name(label) + ENDING)


def rule_of(rules: Sequence[KeySection], label: str) -> KeySection | None:
    """The first rule whose label fits, or None."""
    return next((rule for rule in rules if fnmatchcase(label, rule.label)), None)
