"""Private keys: generated, activated and used where they lie; the platform never sees their values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from shirushi.core.algorithms import KeyType, SignatureAlgorithm


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
