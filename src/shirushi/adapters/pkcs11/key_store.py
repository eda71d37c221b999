"""The port `KeyStore` over one token: what lies there is named by small files, and used by its signer process.

A file says which key it is: label, type, public key, the token, and the key's identifier there (CKA_ID). So a key is
known while its token is away, and every value is verified under that public key before it leaves.
"""

from __future__ import annotations

import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from shirushi.adapters.files import write_whole
from shirushi.adapters.key_algorithms import check_digest, key_type_of
from shirushi.adapters.pkcs11.client import SignerClient
from shirushi.adapters.pkcs11.errors import MechanismMissing, PinOfToken, SignatureValueWrong, TokenUnusable
from shirushi.adapters.software_keys import file_name
from shirushi.core.algorithms import KeyType, Scheme, SignatureAlgorithm
from shirushi.core.errors import FileUnwritable
from shirushi.core.primitives import digest_info, verify
from shirushi.ports.keys import KeyExists, KeyReference, KeyUnknown, KeyUnusable, PinRejected

ENDING = ".token"
_VERSION = "shirushi.token-key.v1"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a token: what its file says."""

    reference: KeyReference
    token: str
    key_id: str

    def encode(self) -> bytes:
        """The content of its file."""
        content = {
            "version": _VERSION,
            "label": self.reference.label,
            "key_type": self.reference.key_type.value,
            "public_key": b64encode(self.reference.spki).decode(),
            "pin": self.reference.pin_protected,
            "token": self.token,
            "id": self.key_id,
        }
        return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def read(cls, path: Path, label: str) -> TokenKey:
        """What the file says; raises `KeyUnknown`, or `KeyUnusable` where it is damaged."""
        try:
            content = json.loads(path.read_bytes())
            if content["version"] != _VERSION:
                raise ValueError(content["version"])  # noqa: TRY301  named as every damage is
            spki = b64decode(content["public_key"], validate=True)
            key_type = KeyType(content["key_type"])
            reference = KeyReference(content["label"], key_type, spki, bool(content["pin"]))
            if key_type_of(spki) is not key_type:
                raise ValueError("public_key")  # noqa: TRY301  as above
            return cls(reference, str(content["token"]), bytes.fromhex(content["id"]).hex())
        except FileNotFoundError:
            raise KeyUnknown(label=label) from None
        except OSError as error:
            raise KeyUnusable(label=label, detail=error.strerror) from error
        except (ValueError, KeyError, TypeError) as error:
            raise KeyUnusable(label=label, detail="its file is damaged") from error


class TokenSigner:
    """A key on a token. Thread-safe. What comes from the token is verified before it is given on."""

    __slots__ = ("_client", "_key", "_pin", "reference")

    def __init__(self, key: TokenKey, client: SignerClient, pin: str | None) -> None:
        self.reference = key.reference
        self._key = key
        self._client = client
        self._pin = pin

    def __repr__(self) -> str:
        return f"TokenSigner({self.reference!r})"

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """The signature value over `data`, in the encoding of CMS; raises `KeyUnusable`, a `TokenUnusable` mostly."""
        _check_fit(self.reference, algorithm)
        scheme, digest = algorithm.scheme, algorithm.digest
        octets, pss = data, None
        if digest is not None:
            octets = digest.digest(data)
            if scheme is Scheme.RSA_PKCS1:
                octets = digest_info(digest) + octets
            elif scheme is Scheme.RSA_PSS:
                salt = digest.size if algorithm.salt_length is None else algorithm.salt_length
                pss = [digest.oid, (algorithm.mgf_digest or digest).oid, salt]
        elif scheme is Scheme.ECDSA:
            raise KeyUnusable(label=self.reference.label, detail=str(algorithm))
        answer = self._client.ask(
            "sign", octets, id=self._key.key_id, scheme=scheme.value, pss=pss, pin=self._pin
        )
        value = answer.octets
        if scheme is Scheme.ECDSA:
            half = len(value) // 2
            value = encode_dss_signature(
                int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
            )
        if not verify(self.reference.spki, algorithm, value, data):
            raise SignatureValueWrong(token=self._client.name, label=self.reference.label)
        return value


class TokenKeyStore:
    """The keys of one token. Thread-safe; processes may share the folder and the token.

    Args:
        folder: where the files that name the keys lie.
        client: speaks to the token's signer process.
        personal: whether each key takes its holder's PIN, which is the token's; else the platform has the PIN, and no
            key has one of its own.
    """

    def __init__(self, folder: Path, client: SignerClient, *, personal: bool = False) -> None:
        self._folder = folder
        self._client = client
        self._personal = personal

    def generate(self, label: str, key_type: KeyType, pin: str | None = None) -> KeyReference:
        """Make a key that never leaves the token, durably.

        Raises `KeyExists`, `PinRejected`, `PinOfToken` where a PIN is given for a token of the platform's, and a
        `TokenUnusable`.
        """
        path = self._path(label)
        if path.exists():
            raise KeyExists(label=label)
        pin = self._pin(label, pin)
        key_id = secrets.token_hex(16)
        try:
            answer = self._client.ask(
                "generate", label=_name(label), id=key_id, key_type=key_type.value, pin=pin
            )
            return self._keep(path, label, key_id, answer.octets).reference
        except PinRejected as error:
            raise PinRejected(label=label) from error
        except (KeyExists, FileUnwritable):
            # another process was first, or the token has one of that label that is none of ours: that stays
            with suppress(TokenUnusable):
                self._client.ask("destroy", id=key_id, pin=pin)
            raise

    def adopt(self, label: str, name: str | None = None, pin: str | None = None) -> KeyReference:
        """Take in a key that lies on the token already, under `label`; `name` is its label there (CKA_LABEL).

        Raises `KeyExists`, `KeyUnknown`, and a `TokenUnusable`.
        """
        path = self._path(label)
        if path.exists():
            raise KeyExists(label=label)
        found = self._client.ask("find", label=name or _name(label), pin=pin and _plain(pin))
        return self._keep(path, label, found.head["id"], found.octets).reference

    def reference(self, label: str) -> KeyReference:
        """The key of that label; raises `KeyUnknown`, or `KeyUnusable` where its file is damaged. Asks no token."""
        return self._key(label).reference

    def signer(self, label: str, pin: str | None = None) -> TokenSigner:
        """Open the key for use; raises `KeyUnknown`, `PinRejected`, a `TokenUnusable`."""
        key = self._key(label)
        pin = self._pin(label, pin) if key.reference.pin_protected else None
        try:
            self._client.ask("unlock", id=key.key_id, pin=pin)
        except PinRejected as error:
            raise PinRejected(label=label) from error
        return TokenSigner(key, self._client, pin)

    def destroy(self, label: str) -> None:
        """Destroy the key; one on a person's own token is only forgotten here, for it is the person's."""
        key = self._key(label)
        if not self._personal:
            self._client.ask("destroy", id=key.key_id)
        self._path(label).unlink(missing_ok=True)

    def labels(self) -> tuple[str, ...]:
        """The labels of the keys on this token, sorted."""
        keys = (TokenKey.read(path, path.name) for path in self._folder.glob(f"*{ENDING}"))
        return tuple(sorted(key.reference.label for key in keys if key.token == self._client.name))

    def _keep(self, path: Path, label: str, key_id: str, spki: bytes) -> TokenKey:
        try:
            reference = KeyReference(label, key_type_of(spki), spki, self._personal)
        except ValueError as error:
            raise MechanismMissing(token=self._client.name, mechanism=str(error)) from error
        key = TokenKey(reference, self._client.name, key_id)
        try:
            write_whole(path, key.encode(), mode=0o600, replace=False)
        except FileUnwritable as error:
            if isinstance(error.__cause__, FileExistsError):
                raise KeyExists(label=label) from error
            raise
        return key

    def _key(self, label: str) -> TokenKey:
        key = TokenKey.read(self._path(label), label)
        if key.reference.label != label or key.token != self._client.name:
            raise KeyUnusable(label=label, detail=f"its file is that of {key.reference.label} on {key.token}")
        return key

    def _path(self, label: str) -> Path:
        return self._folder / (file_name(label) + ENDING)

    def _pin(self, label: str, pin: str | None) -> str | None:
        """The PIN that goes to the token with a call: None where the signer process has it."""
        if pin == "" or (self._personal and pin is None):
            raise PinRejected(label=label)
        if not self._personal:
            if pin is not None:
                raise PinOfToken(token=self._client.name, label=label)
            return None
        return pin and _plain(pin)


def _plain(pin: str) -> str:
    """NFKC: digits typed through a Japanese input method are the same digits."""
    return unicodedata.normalize("NFKC", pin)


def _name(label: str) -> str:
    """What a key is called on the token, whose attributes are UTF-8 and may be short."""
    name = label.encode(errors="replace").decode()
    return name if 0 < len(name.encode()) <= 60 else file_name(label)[-60:] or "-"


_FIT = {
    Scheme.ECDSA: ("P_",),
    Scheme.RSA_PKCS1: ("RSA",),
    Scheme.RSA_PSS: ("RSA",),
    Scheme.ED25519: ("ED25519",),
    Scheme.ED448: ("ED448",),
}


def _check_fit(reference: KeyReference, algorithm: SignatureAlgorithm) -> None:
    fits = reference.key_type.name.startswith(_FIT.get(algorithm.scheme, ("-",)))
    plain = algorithm.scheme in {Scheme.ED25519, Scheme.ED448}
    if not fits or plain != (algorithm.digest is None):
        raise KeyUnusable(
            label=reference.label, detail=f"a {reference.key_type.value} key does not sign with {algorithm}"
        )
    if algorithm.digest is not None:
        check_digest(algorithm.digest, reference)
