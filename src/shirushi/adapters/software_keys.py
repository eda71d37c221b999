"""Private keys in files, encrypted at rest, used in this process.

One file holds one key: a header, a wrapped data key, and the key as PKCS #8 under AES-256-GCM with that data key. The
data key is wrapped under a key derived from the domain's master key, and, where the key has a PIN, before that under
one derived with Argon2id (RFC 9106) from the PIN with the master key as its secret: who has the file without the master
key can neither use the key nor try PINs. The header (label, key type, public key, parameters) is associated data of
every layer, so that no part of one file works in another.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from shirushi.adapters.files import write_whole
from shirushi.adapters.key_algorithms import PrivateKey, generate_key, signing_function
from shirushi.core.algorithms import KeyType, SignatureAlgorithm
from shirushi.core.errors import FileUnwritable
from shirushi.ports.keys import KeyExists, KeyReference, KeyStoreForeign, KeyUnknown, KeyUnusable, PinRejected

MASTER_KEY_SIZE = 32
_VERSION = "shirushi.key.v1"
_ENDING = ".key"


@dataclass(frozen=True, slots=True)
class PinCost:
    """What a guess at a PIN costs: Argon2id's memory in KiB, passes and lanes (RFC 9106 §3.1)."""

    memory: int = 19_456
    passes: int = 2
    lanes: int = 1


class SoftwareSigner:
    """An activated private key in this process's memory. Thread-safe."""

    __slots__ = ("_key", "_last", "reference")

    def __init__(self, reference: KeyReference, key: PrivateKey) -> None:
        self.reference = reference
        self._key = key
        self._last: tuple[SignatureAlgorithm | None, Callable[[bytes], bytes]] = (None, bytes)

    def __repr__(self) -> str:
        return f"SoftwareSigner({self.reference!r})"

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """The signature value over `data`, in the encoding of CMS; raises `KeyUnusable`."""
        last, function = self._last
        if last is not algorithm:
            function = signing_function(self._key, algorithm, self.reference)
            self._last = (algorithm, function)
        try:
            return function(data)
        except ValueError as error:
            raise KeyUnusable(label=self.reference.label, detail=str(error)) from error


class SoftwareKeyStore:
    """The port `KeyStore` over a folder of key files. Thread-safe; processes may share the folder.

    A signer without a PIN is decrypted once and kept in memory for the life of the store; one with a PIN lives as long
    as its caller holds it.

    Args:
        folder: where the files lie; it exists, and no other user may enter it.
        master_key: the domain's 32 octets.
        pin_cost: for keys to be made; each file remembers its own.
    """

    def __init__(self, folder: Path, master_key: bytes, pin_cost: PinCost | None = None) -> None:
        if len(master_key) != MASTER_KEY_SIZE:
            raise ValueError(f"a master key has {MASTER_KEY_SIZE} octets")
        self._folder = folder
        self._cost = pin_cost or PinCost()
        self._master_id = hashlib.sha256(_VERSION.encode() + b" master " + master_key).hexdigest()[:16]
        self._wrapping = AESGCM(_derived(master_key, b"wrapping"))
        self._pin_secret = _derived(master_key, b"pin")
        self._lock = threading.Lock()
        self._files: dict[str, _KeyFile] = {}
        self._signers: dict[str, SoftwareSigner] = {}

    def generate(self, label: str, key_type: KeyType, pin: str | None = None) -> KeyReference:
        """Make a key, durably, protected by `pin` as well where one is given.

        Raises:
            KeyExists: a key of that label exists.
            PinRejected: the PIN is an empty text.
            FileUnwritable: the disk is full or the folder may not be written.
        """
        path = self._path(label)
        if path.exists():
            raise KeyExists(label=label)
        if pin is not None and not pin:
            raise PinRejected(label=label)
        key = generate_key(key_type)
        spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        file = self._seal(KeyReference(label, key_type, spki, pin is not None), key, pin)
        try:
            write_whole(path, file.encode(), mode=0o600, replace=False)
        except FileUnwritable as error:
            if isinstance(error.__cause__, FileExistsError):
                raise KeyExists(label=label) from error
            raise
        return file.reference

    def reference(self, label: str) -> KeyReference:
        """The key of that label; raises `KeyUnknown`, `KeyStoreForeign`, or `KeyUnusable` where its file is damaged."""
        return self._file(label).reference

    def signer(self, label: str, pin: str | None = None) -> SoftwareSigner:
        """Open the key for use.

        Raises:
            KeyUnknown: there is no key of that label.
            PinRejected: the PIN is missing or wrong.
            KeyUnusable: its file is damaged.
            KeyStoreForeign: it is wrapped under another master key.
        """
        signer = self._signers.get(label)
        if signer:
            return signer
        file = self._file(label)
        if file.reference.pin_protected:
            return SoftwareSigner(file.reference, self._open(file, pin))
        with self._lock:
            if label not in self._signers:
                self._signers[label] = SoftwareSigner(file.reference, self._open(file, None))
            return self._signers[label]

    def destroy(self, label: str) -> None:
        """Destroy the key for good; raises `KeyUnknown`. Copies of its file are no concern of the store."""
        with self._lock:
            self._signers.pop(label, None)
            self._files.pop(label, None)
            try:
                self._path(label).unlink()
            except FileNotFoundError:
                raise KeyUnknown(label=label) from None
            except OSError as error:
                raise KeyUnusable(label=label, detail=error.strerror) from error

    def has(self, label: str) -> bool:
        """Whether there is a key of that label."""
        return self._path(label).exists()

    def labels(self) -> tuple[str, ...]:
        """The labels of all keys, sorted; raises `KeyStoreForeign` or `KeyUnusable` where a file is not ours."""
        paths = sorted(self._folder.glob(f"*{_ENDING}"))
        return tuple(sorted(self._read(path, path.name).reference.label for path in paths))

    def check(self) -> None:
        """Raises `KeyStoreForeign` where the keys that lie here belong to another master key."""
        path = next(self._folder.glob(f"*{_ENDING}"), None)
        if path:
            self._read(path, path.name)

    def _path(self, label: str) -> Path:
        return self._folder / (file_name(label) + _ENDING)

    def _file(self, label: str) -> _KeyFile:
        known = self._files.get(label)
        if known:
            return known
        file = self._read(self._path(label), label)
        if file.reference.label != label:
            raise KeyUnusable(label=label, detail=f"its file is that of {file.reference.label}")
        self._files[label] = file
        return file

    def _read(self, path: Path, label: str) -> _KeyFile:
        try:
            file = _KeyFile.decode(path.read_bytes())
        except FileNotFoundError:
            raise KeyUnknown(label=label) from None
        except OSError as error:
            raise KeyUnusable(label=label, detail=error.strerror) from error
        except (ValueError, KeyError, TypeError) as error:
            raise KeyUnusable(label=label, detail="its file is damaged") from error
        if file.master_id != self._master_id:
            raise KeyStoreForeign(path=self._folder)
        return file

    def _seal(self, reference: KeyReference, key: PrivateKey, pin: str | None) -> _KeyFile:
        cost, salt = (None, b"") if pin is None else (self._cost, secrets.token_bytes(16))
        header = _KeyFile(reference, self._master_id, cost, salt, b"", b"")
        data_key = AESGCM.generate_key(256)
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        wrapped = (
            data_key
            if pin is None
            else _encrypt(self._pin_cipher(header, pin), data_key, header.bound("pin"))
        )
        return _KeyFile(
            reference,
            self._master_id,
            cost,
            salt,
            _encrypt(self._wrapping, wrapped, header.bound("wrapping")),
            _encrypt(AESGCM(data_key), private, header.bound("key")),
        )

    def _open(self, file: _KeyFile, pin: str | None) -> PrivateKey:
        label = file.reference.label
        try:
            data_key = _decrypt(self._wrapping, file.wrapped, file.bound("wrapping"))
        except InvalidTag as error:
            raise KeyUnusable(label=label, detail="its file is damaged") from error
        if file.cost:
            if not pin:
                raise PinRejected(label=label)
            try:
                data_key = _decrypt(self._pin_cipher(file, pin), data_key, file.bound("pin"))
            except InvalidTag:
                raise PinRejected(label=label) from None
        try:
            private = _decrypt(AESGCM(data_key), file.private, file.bound("key"))
            # sealed by this store after generation: checking the primes of an RSA key again would cost 20 ms
            key = load_der_private_key(private, None, unsafe_skip_rsa_key_validation=True)
        except (InvalidTag, ValueError) as error:
            raise KeyUnusable(label=label, detail="its file is damaged") from error
        return key  # type: ignore[return-value]  # of a type that `generate_key` makes

    def _pin_cipher(self, file: _KeyFile, pin: str) -> AESGCM:
        assert file.cost
        kdf = Argon2id(
            salt=file.salt,
            length=32,
            iterations=file.cost.passes,
            lanes=file.cost.lanes,
            memory_cost=file.cost.memory,
            secret=self._pin_secret,
        )
        # NFKC: digits typed through a Japanese input method are the same digits
        return AESGCM(kdf.derive(unicodedata.normalize("NFKC", pin).encode()))


def file_name(label: str) -> str:
    """What a key's file is called, without its ending: any text is a label."""
    name = quote(label.encode(errors="surrogatepass"), safe="@+")
    return name if len(name) <= 200 else hashlib.sha256(name.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _KeyFile:
    """What a key file holds."""

    reference: KeyReference
    master_id: str
    cost: PinCost | None
    salt: bytes
    wrapped: bytes
    private: bytes

    def _header(self) -> dict[str, object]:
        pin = self.cost and {
            "salt": _text(self.salt),
            "memory": self.cost.memory,
            "passes": self.cost.passes,
            "lanes": self.cost.lanes,
        }
        return {
            "version": _VERSION,
            "label": self.reference.label,
            "key_type": self.reference.key_type.value,
            "public_key": _text(self.reference.spki),
            "master_key": self.master_id,
            "pin": pin,
        }

    def bound(self, layer: str) -> bytes:
        """The associated data of a layer."""
        return json.dumps([layer, self._header()], sort_keys=True).encode()

    def encode(self) -> bytes:
        content = self._header() | {"wrapped": _text(self.wrapped), "private_key": _text(self.private)}
        return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def decode(cls, data: bytes) -> _KeyFile:
        """Raises ValueError, KeyError or TypeError where the content is no key file."""
        content = json.loads(data)
        if content["version"] != _VERSION:
            raise ValueError(content["version"])
        pin = content["pin"]
        reference = KeyReference(
            content["label"], KeyType(content["key_type"]), _bytes(content["public_key"]), pin is not None
        )
        return cls(
            reference,
            content["master_key"],
            pin and PinCost(pin["memory"], pin["passes"], pin["lanes"]),
            _bytes(pin["salt"]) if pin else b"",
            _bytes(content["wrapped"]),
            _bytes(content["private_key"]),
        )


def _derived(master_key: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, _VERSION.encode() + b" " + purpose).derive(master_key)


def _encrypt(cipher: AESGCM, data: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + cipher.encrypt(nonce, data, bound)


def _decrypt(cipher: AESGCM, data: bytes, bound: bytes) -> bytes:
    if len(data) < 28:  # a nonce and a tag
        raise InvalidTag
    return cipher.decrypt(data[:12], data[12:], bound)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)
