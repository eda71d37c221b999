"""The keys: encrypted files and tokens, with the limits that the configuration sets."""

from __future__ import annotations

from collections.abc import Sequence

from shirushi.adapters.configuration import Configuration
from shirushi.adapters.data_directory import DataDirectory
from shirushi.adapters.key_routing import RoutedKeyStore
from shirushi.adapters.key_usage import LimitedKeyStore
from shirushi.adapters.pkcs11.client import SignerClient
from shirushi.adapters.pkcs11.key_store import TokenKeyStore
from shirushi.adapters.software_keys import SoftwareKeyStore
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database


def keys_of(
    directory: DataDirectory,
    configuration: Configuration,
    signers: Sequence[SignerClient],
    database: Database,
    clock: Clock,
) -> LimitedKeyStore:
    """Encrypted files and tokens, as the configuration routes labels, with the limits that it sets."""
    folder = directory.keys
    personal = {section.name: section.personal for section in configuration.pkcs11}
    tokens = {each.name: TokenKeyStore(folder, each, personal=personal[each.name]) for each in signers}
    software = SoftwareKeyStore(folder, directory.master_key())
    routed = RoutedKeyStore(folder, software, tokens, configuration.key)
    return LimitedKeyStore(routed, configuration.key, database, clock)
