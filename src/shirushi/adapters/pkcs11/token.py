"""A token in this process: one session, one thread, recovered where it is lost.

The library that loads modules crashes where two threads hold sessions, so nothing but a signer process uses this module.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass, TokenFlag, exceptions

from shirushi.adapters.pkcs11.errors import (
    MechanismMissing,
    ModuleMissing,
    TokenFull,
    TokenKeyLost,
    TokenMissing,
    TokenPinLastTry,
    TokenPinLocked,
    TokenPinRejected,
    TokenUnusable,
)
from shirushi.adapters.pkcs11.settings import TokenSettings
from shirushi.core import algorithms
from shirushi.ports.keys import KeyExists, KeyUnknown, PinRejected

T = TypeVar("T")

_PAUSES = (0.2, 0.5)
"""In seconds, before a module is loaded afresh once more: SoftHSM overlooks a token that another process is writing to."""

_CURVES: dict[str, tuple[KeyType, Mechanism, bytes]] = {  # ECParameters: the curve's object identifier in DER
    "P-256": (KeyType.EC, Mechanism.EC_KEY_PAIR_GEN, bytes.fromhex("06082a8648ce3d030107")),
    "P-384": (KeyType.EC, Mechanism.EC_KEY_PAIR_GEN, bytes.fromhex("06052b81040022")),
    "P-521": (KeyType.EC, Mechanism.EC_KEY_PAIR_GEN, bytes.fromhex("06052b81040023")),
    "Ed25519": (KeyType.EC_EDWARDS, Mechanism.EC_EDWARDS_KEY_PAIR_GEN, bytes.fromhex("06032b6570")),
    "Ed448": (KeyType.EC_EDWARDS, Mechanism.EC_EDWARDS_KEY_PAIR_GEN, bytes.fromhex("06032b6571")),
}
_NAMED_CURVES: dict[bytes, type[ec.EllipticCurve]] = {
    _CURVES["P-256"][2]: ec.SECP256R1,
    _CURVES["P-384"][2]: ec.SECP384R1,
    _CURVES["P-521"][2]: ec.SECP521R1,
}
_PRIVATE = {
    Attribute.TOKEN: True,
    Attribute.PRIVATE: True,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.SIGN: True,
    Attribute.DECRYPT: False,
    Attribute.UNWRAP: False,
    Attribute.DERIVE: False,
}
"""No one reads the key, not even wrapped (PKCS #11 §4.9), and it does nothing but sign."""
_PUBLIC = {
    Attribute.TOKEN: True,
    Attribute.PRIVATE: False,
    Attribute.VERIFY: True,
    Attribute.ENCRYPT: False,
    Attribute.WRAP: False,
}
_PSS = {
    algorithms.DigestAlgorithm.SHA256: (Mechanism.SHA256, MGF.SHA256),
    algorithms.DigestAlgorithm.SHA384: (Mechanism.SHA384, MGF.SHA384),
    algorithms.DigestAlgorithm.SHA512: (Mechanism.SHA512, MGF.SHA512),
}
_LOST = (
    exceptions.SessionHandleInvalid,
    exceptions.SessionClosed,
    exceptions.UserNotLoggedIn,
    exceptions.DeviceRemoved,
    exceptions.DeviceError,
    exceptions.TokenNotPresent,
    exceptions.TokenNotRecognised,
    exceptions.SlotIDInvalid,
    exceptions.ObjectHandleInvalid,
    exceptions.KeyHandleInvalid,
    exceptions.OperationActive,
    exceptions.GeneralError,
    exceptions.FunctionFailed,
    exceptions.NoSuchToken,
    TokenKeyLost,
)
"""After these a new session, or the module loaded afresh, may do what the old one could not."""
_FULL = (exceptions.DeviceMemory, exceptions.HostMemory)
_UNFIT = (
    exceptions.MechanismInvalid,
    exceptions.MechanismParamInvalid,
    exceptions.ArgumentsBad,
    exceptions.FunctionNotSupported,
    exceptions.KeyTypeInconsistent,
    exceptions.KeySizeRange,
    exceptions.DataLenRange,
    exceptions.DomainParamsInvalid,
)
QUIET_SECONDS = 0.2
"""How long a token that could not be reached is not asked again: its module may be slow to say so."""


class Token:
    """A token's keys. Every method raises a `TokenUnusable` that names what is wrong.

    Attributes:
        recoveries: how often a lost session was opened anew.
    """

    def __init__(self, settings: TokenSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._library: Any = None
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        self._refused_pin: str | None = None
        self._down: tuple[float, TokenUnusable] | None = None
        self.recoveries = 0

    def check(self) -> None:
        """Raise what keeps the token from signing now."""
        self._do(self._look, pin=None, open_only=True)

    def sign(
        self, key_id: str, scheme: str, data: bytes, pss: tuple[str, str, int] | None, pin: str | None
    ) -> bytes:
        """The value as the token gives it: r and s side by side for ECDSA. `pss`: digest, MGF1's digest, salt length."""
        mechanism, parameter = _mechanism(scheme, pss, self._settings.name)

        def operation(session: Any) -> bytes:
            key = self._private(session, key_id)
            return bytes(key.sign(data, mechanism=mechanism, mechanism_param=parameter))

        return self._do(operation, pin)

    def unlock(self, key_id: str, pin: str | None) -> None:
        """Raise where the key is not there, or the PIN is not taken."""
        self._do(lambda session: self._private(session, key_id)[Attribute.ID], pin)

    def generate(self, label: str, key_id: str, key_type: str, pin: str | None) -> bytes:
        """Make a key pair: its SubjectPublicKeyInfo. One of that identifier is given as it is; raises `KeyExists`."""

        def operation(session: Any) -> bytes:
            found = {bytes(key.id).hex(): key for key in _public_keys(session, label)}
            if key_id in found:
                return _spki(found[key_id])
            if found:
                raise KeyExists(label=label)
            try:
                return _spki(self._generate(session, label, key_id, key_type))
            except (*_FULL, exceptions.GeneralError, exceptions.FunctionFailed) as error:
                self._remove(session, key_id)
                self._look(session)
                # it can be read: what it cannot do is to write
                raise TokenFull(token=self._settings.name) from error
            except exceptions.PKCS11Error:
                self._remove(session, key_id)
                raise

        return self._do(operation, pin)

    def find(self, label: str, pin: str | None) -> tuple[str, bytes]:
        """Identifier and SubjectPublicKeyInfo of the key of that label; raises `KeyUnknown`."""

        def operation(session: Any) -> tuple[str, bytes]:
            for key in _public_keys(session, label):
                return bytes(key.id).hex(), _spki(key)
            raise KeyUnknown(label=label)

        return self._do(operation, pin)

    def destroy(self, key_id: str, pin: str | None) -> None:
        """Destroy the pair; what is not there needs no destroying."""
        self._do(lambda session: self._remove(session, key_id), pin)

    def _do(self, operation: Callable[[Any], T], pin: str | None, *, open_only: bool = False) -> T:
        """Run it in a session, then in a new one, then after loading the module afresh, as far as sessions get lost.

        To sign again is safe: a value that failed to come was given to nobody.
        """
        if self._down and self._clock() < self._down[0]:
            raise self._down[1]
        self._down = None
        for recover in (
            None,
            self._close,
            self._reload,
            *(partial(self._reload, after) for after in _PAUSES),
        ):
            if recover:
                recover()
            try:
                with self._opened(pin, public=open_only) as session:
                    result = operation(session)
            except _LOST as error:
                lost = error
                continue
            except exceptions.PKCS11Error as error:
                raise self._named(error) from error
            if recover:
                self.recoveries += 1
            return result
        named = lost if isinstance(lost, TokenUnusable) else self._named(lost)
        self._close()
        if isinstance(named, TokenMissing):
            self._down = (self._clock() + QUIET_SECONDS, named)
        raise named from lost

    @contextmanager
    def _opened(self, pin: str | None, *, public: bool) -> Iterator[Any]:
        """The session: a person's own ends with the block, and with it what their PIN opened."""
        if not self._settings.personal:
            if self._session is None:
                self._session = self._open(self._own_pin())
            yield self._session
            return
        session = self._open(None if public else pin)
        try:
            yield session
        finally:
            self._keys.clear()
            with suppress(exceptions.PKCS11Error):
                session.close()

    def _open(self, pin: str | None) -> Any:
        token = self._token()
        if pin is not None and not self._settings.personal:
            self._check_tries(token)
        try:
            return token.open(rw=True, user_pin=pin) if pin is not None else token.open(rw=False)
        except (exceptions.PinIncorrect, exceptions.PinInvalid, exceptions.PinLenRange) as error:
            if self._settings.personal:
                raise PinRejected(label=self._settings.label) from error
            self._refused_pin = pin
            raise TokenPinRejected(token=self._settings.name) from error

    def _check_tries(self, token: Any) -> None:
        """Raise where a PIN is not to be tried: however often signer processes start anew, none locks the token."""
        if TokenFlag.USER_PIN_LOCKED in token.flags:
            raise TokenPinLocked(token=self._settings.name)
        if TokenFlag.USER_PIN_FINAL_TRY in token.flags:
            raise TokenPinLastTry(token=self._settings.name)

    def _own_pin(self) -> str:
        """The platform's own PIN. One that was refused is not tried again: that would lock the token."""
        pin = self._settings.pin()
        if pin == self._refused_pin:
            raise TokenPinRejected(token=self._settings.name)
        return pin

    def _token(self) -> Any:
        said = self._settings
        if self._library is None:
            try:
                self._library = pkcs11.lib(said.module)
            except (RuntimeError, OSError) as error:
                raise ModuleMissing(token=said.name, module=said.module, detail=str(error)) from error
        try:
            found = list(self._library.get_tokens())
        except exceptions.PKCS11Error:
            found = []
        for token in found:
            if token.label == said.label and said.serial in {
                "",
                token.serial.decode(errors="replace").strip(),
            }:
                return token
        raise exceptions.NoSuchToken(", ".join(token.label for token in found if token.label) or "-")

    def _look(self, session: Any) -> None:
        """Ask something of the session, and of a key that was used."""
        list(session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.LABEL: "-"}))
        for key_id, key in list(self._keys.items())[:1]:
            if bytes(key[Attribute.ID]).hex() != key_id:
                raise TokenKeyLost(token=self._settings.name, label=key_id)

    def _private(self, session: Any, key_id: str) -> Any:
        key = self._keys.get(key_id)
        if key is None:
            wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: bytes.fromhex(key_id)}
            key = next(iter(list(session.get_objects(wanted))), None)
            if key is None:
                raise TokenKeyLost(token=self._settings.name, label=key_id)
            self._keys[key_id] = key
        return key

    def _generate(self, session: Any, label: str, key_id: str, key_type: str) -> Any:
        offered = session.token.slot.get_mechanisms()
        common = {
            "id": bytes.fromhex(key_id),
            "label": label,
            "store": True,
            "public_template": _PUBLIC,
            "private_template": _PRIVATE,
        }
        if key_type.startswith("RSA-"):
            if Mechanism.RSA_PKCS_KEY_PAIR_GEN not in offered:
                raise MechanismMissing(token=self._settings.name, mechanism=key_type)
            bits = int(key_type.removeprefix("RSA-"))
            public, _ = session.generate_keypair(KeyType.RSA, bits, **common)
            return public
        kind, mechanism, parameters = _CURVES.get(key_type, (None, None, b""))
        if mechanism is None or mechanism not in offered:
            raise MechanismMissing(token=self._settings.name, mechanism=key_type)
        domain = session.create_domain_parameters(kind, {Attribute.EC_PARAMS: parameters}, local=True)
        public, _ = domain.generate_keypair(mechanism=mechanism, **common)
        return public

    @staticmethod
    def _remove(session: Any, key_id: str) -> None:
        for found in list(session.get_objects({Attribute.ID: bytes.fromhex(key_id)})):
            found.destroy()

    def _close(self) -> None:
        session, self._session = self._session, None
        self._keys.clear()
        if session is not None:
            with suppress(exceptions.PKCS11Error):
                session.close()

    def _reload(self, after: float = 0.0) -> None:
        """Have the module look at its slots afresh, `after` so many seconds."""
        time.sleep(after)
        self._close()
        if self._library is not None:
            with suppress(exceptions.PKCS11Error):
                self._library.reinitialize()

    def _named(self, error: Exception) -> TokenUnusable:
        token, detail = self._settings.name, type(error).__name__
        match error:
            case exceptions.NoSuchToken():
                return TokenMissing(token=token, token_label=self._settings.label, found=str(error))
            case exceptions.TokenNotPresent() | exceptions.DeviceRemoved():
                return TokenMissing(token=token, token_label=self._settings.label, found="-")
            case exceptions.PinLocked() | exceptions.PinExpired():
                return TokenPinLocked(token=token)
            case _ if isinstance(error, _FULL):
                return TokenFull(token=token)
            case _ if isinstance(error, _UNFIT):
                return MechanismMissing(token=token, mechanism=detail)
            case _:
                return TokenUnusable(token=token, detail=detail)


def _mechanism(scheme: str, pss: tuple[str, str, int] | None, token: str) -> tuple[Mechanism, Any]:
    match algorithms.Scheme(scheme):
        case algorithms.Scheme.ECDSA:
            return Mechanism.ECDSA, None
        case algorithms.Scheme.RSA_PKCS1:
            return Mechanism.RSA_PKCS, None
        case algorithms.Scheme.RSA_PSS if pss:
            digest, mgf = (algorithms.DigestAlgorithm.from_oid(oid) for oid in pss[:2])
            if digest in _PSS and mgf in _PSS:
                return Mechanism.RSA_PKCS_PSS, (_PSS[digest][0], _PSS[mgf][1], pss[2])
            raise MechanismMissing(token=token, mechanism=f"{scheme} {digest.label}")
        case algorithms.Scheme.ED25519 | algorithms.Scheme.ED448:
            return Mechanism.EDDSA, None
        case _:
            raise MechanismMissing(token=token, mechanism=scheme)


def _public_keys(session: Any, label: str) -> list[Any]:
    return list(session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.LABEL: label}))


def _spki(public: Any) -> bytes:
    """The SubjectPublicKeyInfo of a public key object."""
    kind = public.key_type
    key: Any
    if kind is KeyType.RSA:
        exponent, modulus = public[Attribute.PUBLIC_EXPONENT], public[Attribute.MODULUS]
        key = rsa.RSAPublicNumbers(
            int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big")
        ).public_key()
    else:
        parameters, point = bytes(public[Attribute.EC_PARAMS]), _point(bytes(public[Attribute.EC_POINT]))
        if kind is KeyType.EC_EDWARDS:
            key = (ed25519.Ed25519PublicKey if len(point) == 32 else ed448.Ed448PublicKey).from_public_bytes(
                point
            )
        else:
            key = ec.EllipticCurvePublicKey.from_encoded_point(_NAMED_CURVES[parameters](), point)
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _point(value: bytes) -> bytes:
    """The point itself: most tokens wrap it in an OCTET STRING (PKCS #11 §6.3.3)."""
    if value[:1] == b"\x04" and len(value) > 2:
        length, start = value[1], 2
        if length == 0x81:
            length, start = value[2], 3
        if len(value) == start + length:
            return value[start:]
    return value
