"""The port `KeptReplies` in the database, so that any process of any node gives the same answer."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from shirushi.core.instant import rfc3339
from shirushi.ports.clock import Clock
from shirushi.ports.database import Database, InstantType, metadata
from shirushi.ports.jobs import Job
from shirushi.ports.replies import (
    IdempotencyInProgress,
    IdempotencyKeyReused,
    IdempotencyOutcomeUnknown,
    Reply,
)

CLAIM = timedelta(seconds=60)
"""How long a claim is taken for one whose holder comes back; after that nobody knows what became of its request."""
KEPT = timedelta(hours=24)
"""How long a reply is kept."""

kept_reply = Table(
    "http_kept_reply",
    metadata,
    Column("actor", String(255), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("claimed_at", InstantType, nullable=False, index=True),
    Column("status", Integer),
    Column("media_type", String(255)),
    Column("headers", Text),
    Column("content", LargeBinary),
    Column("after_document", Boolean),
)
"""`status` is None while the request is carried out, and for good where its holder died."""


class DatabaseReplies:
    """Keeps replies in the database. Thread-safe.

    A claim is durable before the work begins and the reply is kept after it ended, in units of their own: what falls
    between them leaves the claim, which tells whoever asks again that the outcome is unknown.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def claim(self, actor_id: str, key: str, request_digest: str) -> Reply | None:
        """The kept reply, or None where the key is the caller's; see `KeptReplies.claim`."""
        now = self._clock.now()
        mine = (kept_reply.c.actor == actor_id) & (kept_reply.c.key == key)
        values = {"actor": actor_id, "key": key, "request_digest": request_digest, "claimed_at": now}
        try:
            with self._database.unit() as connection:
                row = connection.execute(select(kept_reply).where(mine).with_for_update()).one_or_none()
                over = row is not None and row.claimed_at + KEPT < now
                if over:
                    connection.execute(delete(kept_reply).where(mine))
                if row is None or over:
                    connection.execute(insert(kept_reply).values(values))
                    return None
        except IntegrityError:  # another node claimed it between the look and the insertion
            raise IdempotencyInProgress(key=key) from None
        if row.request_digest != request_digest:
            raise IdempotencyKeyReused(key=key)
        if row.status is None:
            if row.claimed_at + CLAIM < now:
                raise IdempotencyOutcomeUnknown(key=key, began=rfc3339(row.claimed_at))
            raise IdempotencyInProgress(key=key)
        headers = tuple((name, value) for name, value in json.loads(row.headers))
        return Reply(row.status, row.media_type, headers, row.content, row.after_document)

    def keep(self, actor_id: str, key: str, reply: Reply) -> None:
        """Keep the reply."""
        with self._database.unit() as connection:
            connection.execute(
                update(kept_reply)
                .where(kept_reply.c.actor == actor_id, kept_reply.c.key == key, kept_reply.c.status.is_(None))
                .values(
                    status=reply.status,
                    media_type=reply.media_type,
                    headers=json.dumps(reply.headers),
                    content=reply.content,
                    after_document=reply.after_document,
                )
            )

    def release(self, actor_id: str, key: str) -> None:
        """The request was refused: the key may be used anew."""
        with self._database.unit() as connection:
            connection.execute(
                delete(kept_reply).where(
                    kept_reply.c.actor == actor_id, kept_reply.c.key == key, kept_reply.c.status.is_(None)
                )
            )

    def forget(self) -> None:
        """Remove replies that have been kept for long enough."""
        with self._database.unit() as connection:
            connection.execute(delete(kept_reply).where(kept_reply.c.claimed_at < self._clock.now() - KEPT))

    def jobs(self) -> tuple[Job, ...]:
        """What runs later."""
        return (Job("http.forget_replies", timedelta(hours=1), self.forget),)
