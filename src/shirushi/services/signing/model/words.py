"""The words of signing: who signs, what exactly, and the act of will that binds the two."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Protocol

from shirushi.core.document import Document
from shirushi.core.evidence import Certificate, Level
from shirushi.core.instant import Instant
from shirushi.formats.protocol import Format, Packaging, ToBeSigned
from shirushi.formats.stored import StoredMalformed
from shirushi.ports.keys import KeyReference


class CredentialKind(Enum):
    """What a signature made with the credential is."""

    SIGNATURE = "signature"
    """A natural person's own (当事者型): it takes the person's PIN."""
    SEAL = "seal"
    """A legal person's e-seal: it takes an operator's authority."""


class Asked(Protocol):
    """What a credential is asked to sign: one request, or several at once."""

    @property
    def digest(self) -> bytes:
        """Over the credential's name and exactly the values to be signed."""
        ...


@dataclass(frozen=True, slots=True)
class Credential:
    """A key with its certificate, in somebody's name. `chain` runs from the signing certificate towards the root."""

    id: str
    kind: CredentialKind
    key: KeyReference
    chain: tuple[Certificate, ...] = field(repr=False)

    def activate(self, request: Asked, pin: str | None = None) -> Activation:
        """Agree to sign `request`, and nothing else. The PIN is checked when the activation is used."""
        return Activation(self.id, request.digest, pin)


@dataclass(frozen=True, slots=True)
class Activation:
    """The will to use a credential for one request, named by its digest. The PIN never shows in a representation."""

    credential_id: str
    request_digest: bytes
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """A way to sign, under the name by which it is chosen: `pades`, `asic-e`.

    `packagings` may be chosen among; where none is, the format's own default holds for documents of its own kind, and
    `otherwise` for all others. `container` puts several files into one document, where the form can sign several.
    """

    name: str
    format: Format
    packagings: tuple[Packaging, ...] = ()
    otherwise: Packaging | None = None
    container: Callable[[Sequence[Document]], Document] | None = None


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """What will be signed: prepared, bound to the credential's certificate, waiting for the act of will.

    `form` names the format; `on_behalf_of` the user for whom a platform's seal is put (立会人型), empty for all else.
    """

    credential: Credential
    to_be_signed: ToBeSigned
    level: Level
    digest: bytes
    form: str = ""
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class SigningBatch:
    """Several requests of one credential under one activation, which covers exactly their values to be signed."""

    credential: Credential
    requests: tuple[SigningRequest, ...]
    digest: bytes

    @classmethod
    def of(cls, credential: Credential, requests: Sequence[SigningRequest]) -> SigningBatch:
        """A batch of `requests`, in their order."""
        hasher = hashlib.sha256(b"batch %d " % len(requests))
        for request in requests:
            hasher.update(request.digest)
        return cls(credential, tuple(requests), hasher.digest())


@dataclass(frozen=True, slots=True)
class Deferral:
    """A signature on its way, whose key the platform never holds: a value that is kept and sent as `text`.

    `step` is what the format has prepared or bound, as stored text; `chain` the certificates once they are known.
    """

    form: str
    level: Level
    step: str
    chain: tuple[bytes, ...] = ()

    @property
    def text(self) -> str:
        """All of it as text."""
        chain = [b64encode(each).decode() for each in self.chain]
        values = {"form": self.form, "level": self.level.value, "step": self.step, "chain": chain}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Deferral:
        """What `text` gave; raises `StoredMalformed`."""
        try:
            values = json.loads(text)
            chain = tuple(b64decode(each, validate=True) for each in values["chain"])
            return cls(str(values["form"]), Level(values["level"]), str(values["step"]), chain)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise StoredMalformed(detail="deferral") from error


@dataclass(frozen=True, slots=True)
class RenewalPolicy:
    """Where documents lie that are renewed in their place, and how long before they fall due."""

    folders: tuple[Path, ...] = ()
    before: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Augmented:
    """A document that was augmented here, by the SHA-256 of what came of it; the document itself is not kept.

    At `due_at` its newest time-stamp ceases to prove anything; `cause` names the certificate or the algorithm that ends
    then. `failure` is why the last attempt to renew it did not succeed.
    """

    digest: str
    name: str
    level: Level
    augmented_at: Instant
    due_at: Instant
    cause: str
    failure: str = ""
    failed_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Renewal:
    """What became of one document that fell due: `renewed_to` is its new digest, or `failure` says why there is none."""

    digest: str
    name: str
    path: str
    renewed_to: str
    failure: str = ""


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
