from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shirushi.adapters import software_keys
from shirushi.adapters.software_keys import PinCost, SoftwareKeyStore
from shirushi.core.algorithms import KeyType, signature_algorithm
from shirushi.core.errors import FileUnwritable
from shirushi.ports.keys import KeyStoreForeign, KeyUnknown, KeyUnusable, PinRejected

MASTER = bytes(range(32))
CHEAP = PinCost(memory=8, passes=1)


@pytest.fixture
def store(tmp_path: Path) -> SoftwareKeyStore:
    return SoftwareKeyStore(tmp_path, MASTER, CHEAP)


def test_the_file(tmp_path: Path, store: SoftwareKeyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    key = Ed25519PrivateKey.generate()
    monkeypatch.setattr(software_keys, "generate_key", lambda _: key)
    store.generate("alice@example.jp", KeyType.ED25519, pin="2468")
    (path,) = tmp_path.iterdir()
    assert path.name == "alice@example.jp.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    secret = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    assert secret not in content
    assert "2468" not in {str(value) for value in json.loads(content).values()}


def test_another_master_key(tmp_path: Path, store: SoftwareKeyStore) -> None:
    SoftwareKeyStore(tmp_path, bytes(32)).check()
    store.generate("key", KeyType.ED25519, pin="2468")
    store.check()
    foreign = SoftwareKeyStore(tmp_path, bytes(32), CHEAP)
    for use in (foreign.check, foreign.labels, lambda: foreign.signer("key", "2468")):
        with pytest.raises(KeyStoreForeign):
            use()


def test_the_right_name_on_another_master_key_does_not_help(tmp_path: Path, store: SoftwareKeyStore) -> None:
    store.generate("key", KeyType.ED25519)
    foreign = SoftwareKeyStore(tmp_path, bytes(32), CHEAP)
    foreign._master_id = store._master_id
    with pytest.raises(KeyUnusable, match="damaged"):
        foreign.signer("key")


def test_the_pin_is_bound_to_the_master_key(tmp_path: Path, store: SoftwareKeyStore) -> None:
    store.generate("key", KeyType.ED25519, pin="2468")
    other = SoftwareKeyStore(tmp_path, bytes(32), CHEAP)
    other._master_id, other._wrapping = store._master_id, store._wrapping
    with pytest.raises(PinRejected):
        other.signer("key", "2468")


@pytest.mark.parametrize(
    "field", ["label", "key_type", "public_key", "wrapped", "private_key", "pin", "version"]
)
def test_a_changed_field_is_noticed(tmp_path: Path, store: SoftwareKeyStore, field: str) -> None:
    store.generate("key", KeyType.P_256, pin="2468")
    other = store.generate("other", KeyType.P_384, pin="2468")
    path, of_other = tmp_path / "key.key", json.loads((tmp_path / "other.key").read_bytes())
    assert other.label == of_other["label"]
    content = json.loads(path.read_bytes())
    content[field] = "shirushi.key.v0" if field == "version" else of_other[field]
    path.write_text(json.dumps(content))
    with pytest.raises(KeyUnusable):
        SoftwareKeyStore(tmp_path, MASTER).signer("key", "2468")


def test_the_pin_cannot_be_taken_off(tmp_path: Path, store: SoftwareKeyStore) -> None:
    store.generate("key", KeyType.P_256, pin="2468")
    path = tmp_path / "key.key"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"pin": None}))
    with pytest.raises(KeyUnusable):
        SoftwareKeyStore(tmp_path, MASTER).signer("key")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"version": "shirushi.key.v1"}'])
def test_a_damaged_file(tmp_path: Path, store: SoftwareKeyStore, content: bytes) -> None:
    (tmp_path / "key.key").write_bytes(content)
    with pytest.raises(KeyUnusable, match="damaged"):
        store.reference("key")


@pytest.mark.parametrize("cut", [0, 5, 27, 40])
def test_a_shortened_value(tmp_path: Path, store: SoftwareKeyStore, cut: int) -> None:
    store.generate("key", KeyType.ED25519)
    path = tmp_path / "key.key"
    for field in ("wrapped", "private_key"):
        content = json.loads(path.read_bytes())
        content[field] = software_keys._text(software_keys._bytes(content[field])[:cut])
        (tmp_path / "key.key").write_text(json.dumps(content))
        with pytest.raises(KeyUnusable, match="damaged"):
            SoftwareKeyStore(tmp_path, MASTER).signer("key")


def test_an_unreadable_file(tmp_path: Path, store: SoftwareKeyStore) -> None:
    (tmp_path / "key.key").mkdir()
    with pytest.raises(KeyUnusable, match="directory"):
        store.signer("key")


def test_keys_are_kept_open_unless_a_pin_protects_them(tmp_path: Path, store: SoftwareKeyStore) -> None:
    store.generate("open", KeyType.ED25519)
    store.generate("closed", KeyType.ED25519, pin="2468")
    assert store.labels() == ("closed", "open")
    assert store.signer("open") is store.signer("open")
    assert store.signer("closed", "2468") is not store.signer("closed", "2468")
    assert "2468" not in repr(store.signer("closed", "2468"))
    (tmp_path / "open.key").unlink()
    assert store.signer("open").sign(b"", signature_algorithm(KeyType.ED25519))


def test_no_room(tmp_path: Path) -> None:
    store = SoftwareKeyStore(tmp_path / "absent", MASTER)
    with pytest.raises(FileUnwritable):
        store.generate("key", KeyType.ED25519)
    with pytest.raises(KeyUnknown):
        store.reference("key")


def test_a_master_key_has_its_length(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32"):
        SoftwareKeyStore(tmp_path, b"short")
