"""Replies that are kept, so that a request that is sent again is not carried out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from shirushi.core.errors import ShirushiError


class IdempotencyKeyReused(ShirushiError):
    """The key came before, with another request."""

    code = "IDEMPOTENCY_KEY_REUSED"


class IdempotencyInProgress(ShirushiError):
    """A request with this key is being carried out at this moment."""

    code = "IDEMPOTENCY_IN_PROGRESS"


class IdempotencyOutcomeUnknown(ShirushiError):
    """A request with this key was begun and never ended here: whether it was carried out, nobody can tell."""

    code = "IDEMPOTENCY_OUTCOME_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered.

    `after_document` says that `content` is what was appended to the document that came with the request: the request
    that is sent again brings the document, so that only what is new must be kept.
    """

    status: int
    media_type: str
    headers: tuple[tuple[str, str], ...]
    content: bytes = field(repr=False)
    after_document: bool = False


class KeptReplies(Protocol):
    """Keeps replies under an actor's idempotency keys. Calls are thread-safe and durable when they return."""

    def claim(self, actor_id: str, key: str, request_digest: str) -> Reply | None:
        """The reply that is kept under the key, or None: then the key is the caller's, to `keep` or to `release`.

        A key whose holder died is never given to another: a request is carried out at most once. Raises
        `IdempotencyKeyReused`, `IdempotencyInProgress`, and, once the holder ought to have come back,
        `IdempotencyOutcomeUnknown`.
        """
        ...

    def keep(self, actor_id: str, key: str, reply: Reply) -> None:
        """Keep the reply."""
        ...

    def release(self, actor_id: str, key: str) -> None:
        """The request was refused: the key may be used anew."""
        ...
