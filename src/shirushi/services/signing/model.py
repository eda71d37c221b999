"""The words of signing: who signs, what exactly, and the act of will that binds the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Certificate, Level
from shirushi.core.instant import Instant
from shirushi.formats.protocol import ToBeSigned
from shirushi.ports.keys import KeyReference


class CredentialKind(Enum):
    """What a signature made with the credential is."""

    SIGNATURE = "signature"
    """A natural person's own (当事者型): it takes the person's PIN."""
    SEAL = "seal"
    """A legal person's e-seal: it takes an operator's authority."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A key with its certificate, in somebody's name. `chain` runs from the signing certificate towards the root."""

    id: str
    kind: CredentialKind
    key: KeyReference
    chain: tuple[Certificate, ...] = field(repr=False)

    def activate(self, request: SigningRequest, pin: str | None = None) -> Activation:
        """Agree to sign `request`, and nothing else. The PIN is checked when the activation is used."""
        return Activation(self.id, request.digest, pin)


@dataclass(frozen=True, slots=True)
class Activation:
    """The will to use a credential for one request, named by its digest. The PIN never shows in a representation."""

    credential_id: str
    request_digest: bytes
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """What will be signed: prepared, bound to the credential's certificate, waiting for the act of will.

    `form` is the media type that names the format.
    """

    credential: Credential
    to_be_signed: ToBeSigned
    level: Level
    digest: bytes
    form: str = ""


@dataclass(frozen=True, slots=True)
class PinState:
    """How many wrong PINs stand against a credential since the last right one."""

    failures: int
    locked_at: Instant | None


@dataclass(frozen=True, slots=True)
class CredentialPage:
    """Credentials in the order of their names, each with its PIN's state. `next_after` names the last, None at the end."""

    credentials: tuple[tuple[Credential, PinState], ...]
    next_after: str | None = None


class CredentialUnknown(ShirushiError):
    """No credential of that name."""

    code = "CREDENTIAL_UNKNOWN"


class CredentialExists(ShirushiError):
    """A credential of that name is there already."""

    code = "CREDENTIAL_EXISTS"


class CredentialExpired(ShirushiError):
    """The credential's certificate is not valid now."""

    code = "CREDENTIAL_EXPIRED"


class CredentialRevoked(ShirushiError):
    """The credential's certificate has been revoked."""

    code = "CREDENTIAL_REVOKED"


class ActivationForeign(ShirushiError):
    """The activation was given for another request or another credential."""

    code = "ACTIVATION_FOREIGN"


class WrongPin(ShirushiError):
    """The PIN is wrong; the attempt has been counted."""

    code = "WRONG_PIN"


class PinLocked(ShirushiError):
    """Too many wrong PINs: the credential is locked."""

    code = "PIN_LOCKED"


class LevelNotReached(ShirushiError):
    """The level asks for more than this service can supply."""

    code = "LEVEL_NOT_REACHED"


class NothingSigned(ShirushiError):
    """The document has no signature that could be extended."""

    code = "NOTHING_SIGNED"


class SignatureBroken(ShirushiError):
    """A signature of the document is not intact: extending would preserve nothing."""

    code = "SIGNATURE_BROKEN"


class ChainNotTrusted(ShirushiError):
    """No chain of the certificate leads to a trust anchor; `issuer` is where the longest ends, or what is wrong."""

    code = "CHAIN_NOT_TRUSTED"


class FormatUnknown(ShirushiError):
    """No format signs documents of that media type."""

    code = "NO_FORMAT_FOR_MEDIA_TYPE"
