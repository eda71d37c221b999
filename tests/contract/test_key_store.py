"""What every adapter of the port `KeyStore` keeps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from shirushi.adapters.software_keys import PinCost, SoftwareKeyStore
from shirushi.core.algorithms import DigestAlgorithm, KeyType, Scheme, SignatureAlgorithm, signature_algorithm
from shirushi.core.primitives import verify
from shirushi.ports.keys import KeyExists, KeyReference, KeyStore, KeyUnknown, KeyUnusable, PinRejected

CHEAP = PinCost(memory=8, passes=1)


def software(folder: Path) -> Callable[[], KeyStore]:
    return lambda: SoftwareKeyStore(folder, bytes(range(32)), CHEAP)


@pytest.fixture(params=[software])
def reopened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], KeyStore]:
    """Opens the same store anew, as another process would."""
    opener: Callable[[], KeyStore] = request.param(tmp_path)
    return opener


@pytest.fixture
def store(reopened: Callable[[], KeyStore]) -> KeyStore:
    return reopened()


def algorithms(key_type: KeyType) -> list[SignatureAlgorithm]:
    if key_type.name.startswith("RSA"):
        wide = SignatureAlgorithm(Scheme.RSA_PSS, DigestAlgorithm.SHA512, 64, DigestAlgorithm.SHA256)
        return [signature_algorithm(key_type), signature_algorithm(key_type, pss=True), wide]
    if key_type.name.startswith("P_"):
        return [signature_algorithm(key_type), SignatureAlgorithm(Scheme.ECDSA, DigestAlgorithm.SHA3_256)]
    return [signature_algorithm(key_type)]


@pytest.mark.parametrize("key_type", list(KeyType))
def test_every_key_type_signs_here_and_after_reopening(
    reopened: Callable[[], KeyStore], key_type: KeyType
) -> None:
    made = reopened().generate("key", key_type)
    store = reopened()
    reference = store.reference("key")
    assert reference == made == store.signer("key").reference
    assert (reference.key_type, reference.pin_protected) == (key_type, False)
    for algorithm in algorithms(key_type):
        for data in (b"", b"data", b"other" * 1000):
            value = store.signer("key").sign(data, algorithm)
            assert verify(reference.spki, algorithm, value, data)
            assert not verify(reference.spki, algorithm, value, data + b"!")


def test_a_pin_is_needed(reopened: Callable[[], KeyStore]) -> None:
    reopened().generate("alice@example.jp", KeyType.P_256, pin="2468")
    store = reopened()
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


def test_a_key_is_never_overwritten(store: KeyStore) -> None:
    made = store.generate("key", KeyType.ED25519)
    with pytest.raises(KeyExists):
        store.generate("key", KeyType.ED25519, pin="2468")
    assert store.reference("key") == made


def test_of_many_that_make_one_key_one_does(reopened: Callable[[], KeyStore]) -> None:
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
def test_any_text_is_a_label(reopened: Callable[[], KeyStore], label: str) -> None:
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

    threads = [threading.Thread(target=sign, args=(a,)) for a in algorithms(KeyType.RSA_2048)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
