"""Private keys: generated, activated and used where they lie; the platform never sees their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from shirushi.core.algorithms import KeyType, SignatureAlgorithm
from shirushi.core.errors import ShirushiError


class KeyExists(ShirushiError):
    """A key of that label exists already, and a key is never overwritten."""

    code = "KEY_EXISTS"


class KeyUnknown(ShirushiError):
    """The store holds no key of that label."""

    code = "KEY_UNKNOWN"


class PinRejected(ShirushiError):
    """The PIN is missing or wrong. Says no more than that, and never holds the PIN."""

    code = "PIN_REJECTED"


class KeyUnusable(ShirushiError):
    """The key does not go with the algorithm, is damaged, or its store fails."""

    code = "KEY_UNUSABLE"


class KeyStoreForeign(ShirushiError):
    """The store's keys are wrapped under another master key: the data directory belongs to another domain."""

    code = "KEY_STORE_FOREIGN"


@dataclass(frozen=True, slots=True)
class KeyReference:
    """A key in a store. `spki` is its SubjectPublicKeyInfo in DER."""

    label: str
    key_type: KeyType
    spki: bytes = field(repr=False)
    pin_protected: bool = False


class Signer(Protocol):
    """An activated private key."""

    @property
    def reference(self) -> KeyReference:
        """Which key it is."""
        ...

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """The signature value over `data`, in the encoding of CMS (ECDSA as a DER sequence).

        Raises `KeyUnusable` where the key does not go with the algorithm or its store fails.
        """
        ...


class KeyStore(Protocol):
    """Where private keys lie. Calls are thread-safe."""

    def generate(self, label: str, key_type: KeyType, pin: str | None = None) -> KeyReference:
        """Make a key, durably, protected by `pin` as well where one is given; raises `KeyExists`."""
        ...

    def reference(self, label: str) -> KeyReference:
        """The key of that label; raises `KeyUnknown`."""
        ...

    def signer(self, label: str, pin: str | None = None) -> Signer:
        """Open the key for use. Raises `KeyUnknown`, or `PinRejected` where the PIN is missing or wrong.

        Wrong PINs are not counted here: the service that asks counts them, durably, before it asks.
        """
        ...

    def destroy(self, label: str) -> None:
        """Destroy the key for good; raises `KeyUnknown`. Another process that has it open may still use it until it ends."""
        ...

    def labels(self) -> tuple[str, ...]:
        """The labels of all keys, sorted."""
        ...
