"""The words of batches: many documents, brought over time, signed one after another under one activation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum

from shirushi.core.document import Document
from shirushi.core.errors import ShirushiError
from shirushi.core.evidence import Level
from shirushi.core.instant import Instant
from shirushi.formats.protocol import SignatureParameters
from shirushi.services.signing.model.words import Credential

MOST_DOCUMENTS = 10_000
"""Documents of one batch."""


class BatchState(Enum):
    """Where a batch stands."""

    COLLECTING = "collecting"
    """Documents are being brought."""
    RUNNING = "running"
    CANCELLING = "cancelling"
    """Cancelled; the document in hand is being finished."""
    DONE = "done"
    """Every document was signed, or says why it was not."""
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """The process that signed ended before the batch did: it says which documents were signed."""

    @property
    def over(self) -> bool:
        """Whether nothing more happens."""
        return self in {BatchState.DONE, BatchState.CANCELLED, BatchState.INTERRUPTED}

    @property
    def at_work(self) -> bool:
        """Whether documents are being signed."""
        return self in {BatchState.RUNNING, BatchState.CANCELLING}


class DocumentState(Enum):
    """Where a document of a batch stands."""

    WAITING = "waiting"
    SIGNED = "signed"
    FAILED = "failed"
    NOT_SIGNED = "not-signed"
    """The batch was over before its turn came."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Many documents of one actor, in the order in which they were brought.

    `digest` is over the SHA-256 of every document: what an activation covers. `credential` and `level` are known once
    it has begun.
    """

    id: str
    actor_id: str
    state: BatchState
    documents: int
    signed: int
    failed: int
    opened_at: Instant
    digest: bytes = b""
    credential: str = ""
    level: Level | None = None
    on_behalf_of: str = ""
    begun_at: Instant | None = None
    ended_at: Instant | None = None

    @property
    def progress(self) -> int:
        """How many documents are done with, well or badly."""
        return self.signed + self.failed


@dataclass(frozen=True, slots=True)
class BatchDocument:
    """A document of a batch. `number` counts from 1; `key` names its files in the depot."""

    number: int
    key: str
    name: str
    size: int
    digest: str
    state: DocumentState
    result_name: str = ""
    result_size: int = 0
    result_digest: str = ""
    failure: ShirushiError | None = None


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """How the documents of a batch are to be signed.

    `fitted` brings what the signature says to one document, such as where its mark stands on the page.
    """

    batch: Batch
    credential: Credential
    level: Level = Level.B_T
    parameters: SignatureParameters = field(default_factory=SignatureParameters)
    form: str | None = None
    on_behalf_of: str = ""
    content_timestamp: bool = False
    fitted: Callable[[Document, SignatureParameters], SignatureParameters] = lambda _, given: given

    @property
    def digest(self) -> bytes:
        """Over the credential's name, exactly the documents, and what their signatures will say."""
        said = asdict(self.parameters), self.level.value, self.form, self.on_behalf_of, self.content_timestamp
        parts = (b"batch order", self.credential.id.encode(), self.batch.digest, repr(said).encode())
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


class DocumentFailed(ShirushiError):
    """What kept a document of a batch from being signed, as it was written down: of the error's own code."""

    def __init__(self, code: str, parameters: Mapping[str, object]) -> None:
        self.code = code  # type: ignore[misc]  # of this one error, as it was of the one that was kept
        super().__init__(**parameters)
