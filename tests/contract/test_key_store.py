"""What every adapter of the port `KeyStore` keeps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from shirushi.adapters.pkcs11.client import SignerClient, settings_of
from shirushi.adapters.pkcs11.errors import MechanismMissing
from shirushi.adapters.pkcs11.key_store import TokenKeyStore
from shirushi.adapters.software_keys import PinCost, SoftwareKeyStore
from shirushi.core.algorithms import DigestAlgorithm, KeyType, Scheme, SignatureAlgorithm, signature_algorithm
from shirushi.core.primitives import verify
from shirushi.ports.keys import KeyExists, KeyReference, KeyStore, KeyUnknown, KeyUnusable, PinRejected
from tests.tokens import PIN, bare_directory, softhsm, token_section, write_pin

__all__ = ["softhsm"]

CHEAP = PinCost(memory=8, passes=1)


NOT_ON_SOFTHSM = {"ML_DSA_44", "ML_DSA_65", "ML_DSA_87"}
Opener: TypeAlias = Callable[[], KeyStore]


def software(request: pytest.FixtureRequest, folder: Path) -> Opener:
    return lambda: SoftwareKeyStore(folder, bytes(range(32)), CHEAP)


def token(request: pytest.FixtureRequest, folder: Path, *, personal: bool = False) -> Opener:
    """A token of the platform's, each time with a signer process of its own."""
    softhsm = request.getfixturevalue("softhsm")
    softhsm.make("hsm", "2468" if personal else PIN)
    section = token_section(personal=personal)
    directory = bare_directory(folder / "data", section)
    write_pin(directory.path)

    def open_() -> KeyStore:
        client = SignerClient(directory, settings_of(directory, section))
        request.addfinalizer(client.close)
        return TokenKeyStore(directory.keys, client, personal=personal)

    return open_


def card(request: pytest.FixtureRequest, folder: Path) -> Opener:
    """A person's own token: every key takes its PIN."""
    return token(request, folder, personal=True)


@pytest.fixture(params=[software, token])
def reopened(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Opens the same store anew, as another process would."""
    opener: Opener = request.param(request, tmp_path)
    return opener


@pytest.fixture(params=[software, card])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """As `reopened`, for stores whose keys take a PIN."""
    opener: Opener = request.param(request, tmp_path)
    return opener


def makes(store: KeyStore, key_type: KeyType) -> bool:
    """Whether the store makes keys of the type; SoftHSM says by name which it does not."""
    if isinstance(store, SoftwareKeyStore) or key_type.name not in NOT_ON_SOFTHSM:
        return True
    with pytest.raises(MechanismMissing):
        store.generate("key", key_type)
    assert store.labels() == ()
    return False


def signs(store: KeyStore, algorithm: SignatureAlgorithm) -> bool:
    """Whether the store signs with the algorithm; SoftHSM demands one digest for RSASSA-PSS and its MGF1."""
    if isinstance(store, SoftwareKeyStore) or algorithm.mgf_digest in {None, algorithm.digest}:
        return True
    with pytest.raises(MechanismMissing):
        store.signer("key").sign(b"data", algorithm)
    return False


@pytest.fixture
def store(reopened: Opener) -> KeyStore:
    return reopened()


def algorithms(key_type: KeyType) -> list[SignatureAlgorithm]:
    if key_type.name.startswith("RSA"):
        wide = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA512, 64, DigestAlgorithm.SHA256)
        return [signature_algorithm(key_type), signature_algorithm(key_type, pss=True), wide]
    if key_type.name.startswith("P_"):
        return [signature_algorithm(key_type), SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA3_256)]
    return [signature_algorithm(key_type)]


@pytest.mark.parametrize("key_type", list(KeyType))
def test_every_key_type_signs_here_and_after_reopening(reopened: Opener, key_type: KeyType) -> None:
    first = reopened()
    if not makes(first, key_type):
        return
    made = first.generate("key", key_type)
    store = reopened()
    reference = store.reference("key")
    assert reference == made == store.signer("key").reference
    assert (reference.key_type, reference.pin_protected) == (key_type, False)
    for algorithm in algorithms(key_type):
        if not signs(store, algorithm):
            continue
        for data in (b"", b"data", b"other" * 1000):
            value = store.signer("key").sign(data, algorithm)
            assert verify(reference.spki, algorithm, value, data)
            assert not verify(reference.spki, algorithm, value, data + b"!")


def test_a_pin_is_needed(guarded: Opener) -> None:
    guarded().generate("alice@example.jp", KeyType.P_256, pin="2468")
    store = guarded()
    assert store.reference("alice@example.jp").pin_protected
    for wrong in (None, "", "2469", "24680"):
        with pytest.raises(PinRejected) as caught:
            store.signer("alice@example.jp", wrong)
        assert "246" not in str(caught.value)
    algorithm = signature_algorithm(KeyType.P_256)
    for pin in ("2468", "２４６８"):
        signer = store.signer("alice@example.jp", pin)
        assert verify(signer.reference.spki, algorithm, signer.sign(b"data", algorithm), b"data")
    with pytest.raises(PinRejected):  # a PIN opens the key for its caller alone
        store.signer("alice@example.jp")


def test_an_empty_pin_is_no_pin(store: KeyStore) -> None:
    with pytest.raises(PinRejected):
        store.generate("key", KeyType.P_256, pin="")
    with pytest.raises(KeyUnknown):
        store.reference("key")


def test_what_is_destroyed_is_gone(reopened: Opener) -> None:
    store = reopened()
    made = store.generate("key", KeyType.P_256)
    assert store.labels() == ("key",)
    store.destroy("key")
    assert store.labels() == ()
    for each in (store, reopened()):
        with pytest.raises(KeyUnknown):
            each.signer("key")
        with pytest.raises(KeyUnknown):
            each.destroy("key")
    assert store.generate("key", KeyType.P_256).spki != made.spki


def test_a_key_is_never_overwritten(store: KeyStore) -> None:
    made = store.generate("key", KeyType.ED25519)
    with pytest.raises(KeyExists):
        store.generate("key", KeyType.ED25519, pin="2468")
    assert store.reference("key") == made


def test_of_many_that_make_one_key_one_does(reopened: Opener) -> None:
    made: list[KeyReference] = []
    refused: list[KeyExists] = []

    def make() -> None:
        try:
            made.append(reopened().generate("key", KeyType.ED25519))
        except KeyExists as error:
            refused.append(error)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reopened().reference("key")] == made
    assert len(refused) == 7


@pytest.mark.parametrize(
    "label", ["さくら商事株式会社", "../../etc/passwd", ".", "a/b", "x" * 300, "長" * 300, "Üç %41", ""]
)
def test_any_text_is_a_label(reopened: Opener, label: str) -> None:
    made = reopened().generate(label, KeyType.ED25519)
    assert reopened().reference(label) == made
    assert made.label == label


def test_an_unknown_label(store: KeyStore) -> None:
    with pytest.raises(KeyUnknown, match="nobody"):
        store.reference("nobody")
    with pytest.raises(KeyUnknown):
        store.signer("nobody", "2468")


@pytest.mark.parametrize(
    ("key_type", "algorithm"),
    [
        (KeyType.P_256, signature_algorithm(KeyType.RSA_2048)),
        (KeyType.P_256, SignatureAlgorithm(Scheme.ECDSA)),
        (KeyType.P_256, SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA1)),
        (KeyType.P_256, SignatureAlgorithm(Scheme.DSA, DigestAlgorithm.SHA256)),
        (KeyType.RSA_2048, SignatureAlgorithm(Scheme.RSA_PKCS1, DigestAlgorithm.MD5)),
        (KeyType.RSA_2048, SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA256, salt_length=500)),
        (KeyType.ED25519, signature_algorithm(KeyType.ED448)),
        (KeyType.ED25519, SignatureAlgorithm(Scheme.ED25519, DigestAlgorithm.SHA512)),
        (KeyType.ML_DSA_44, signature_algorithm(KeyType.ML_DSA_65)),
    ],
)
def test_key_and_algorithm_must_go_together(
    store: KeyStore, key_type: KeyType, algorithm: SignatureAlgorithm
) -> None:
    if not makes(store, key_type):
        return
    store.generate("key", key_type)
    with pytest.raises(KeyUnusable):
        store.signer("key").sign(b"data", algorithm)
    own = signature_algorithm(key_type)
    signer = store.signer("key")
    assert verify(signer.reference.spki, own, signer.sign(b"data", own), b"data")


def test_threads_share_a_signer(store: KeyStore) -> None:
    reference = store.generate("key", KeyType.RSA_2048)
    signer = store.signer("key")
    failed: list[SignatureAlgorithm] = []

    def sign(algorithm: SignatureAlgorithm) -> None:
        for number in range(10):
            data = str(number).encode()
            if not verify(reference.spki, algorithm, signer.sign(data, algorithm), data):
                failed.append(algorithm)

    fit = [a for a in algorithms(KeyType.RSA_2048) if signs(store, a)]
    threads = [threading.Thread(target=sign, args=(a,)) for a in fit]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
