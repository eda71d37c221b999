"""Bearer tokens that operators give out: the database holds their digests, and no token itself."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Column, String, Table, insert, select, update

from shirushi.core.actor import Actor, Role
from shirushi.core.errors import NotPermitted, ShirushiError
from shirushi.core.instant import Instant
from shirushi.ports.access import TokenRefused
from shirushi.ports.audit import AuditEvent, AuditLog
from shirushi.ports.clock import Clock, Entropy
from shirushi.ports.database import Database, InstantType, metadata

PREFIX = "shirushi_"
"""What every token begins with, so that one that slipped into a file can be searched for."""
GIVEN_OUT = frozenset(Role) - {Role.SERVICE}
"""The roles that a token may stand for: services need none."""

access_token = Table(
    "http_access_token",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("id", String(12), nullable=False, unique=True),
    Column("actor", String(255), nullable=False),
    Column("roles", String(255), nullable=False),
    Column("created_at", InstantType, nullable=False),
    Column("expires_at", InstantType, nullable=False),
    Column("revoked_at", InstantType),
)
"""`digest` is the SHA-256 of the token, in hexadecimal, and `id` the beginning of it; `roles` stand in a line."""


class TokenUnknown(ShirushiError):
    """No token of that id."""

    code = "TOKEN_UNKNOWN"


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token as it is remembered: all but itself."""

    id: str
    actor: Actor
    created_at: Instant
    expires_at: Instant
    revoked_at: Instant | None


class DatabaseTokens:
    """The port `AccessTokens`, and what operators do with tokens. Thread-safe.

    A token is 256 unpredictable bits, so that its plain SHA-256 tells nothing of it.
    """

    def __init__(self, database: Database, clock: Clock, entropy: Entropy, audit: AuditLog) -> None:
        self._database = database
        self._clock = clock
        self._entropy = entropy
        self._audit = audit

    def actor(self, token: str) -> Actor:
        """The actor that the token stands for; raises `TokenRefused`."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(
                    access_token.c.actor,
                    access_token.c.roles,
                    access_token.c.expires_at,
                    access_token.c.revoked_at,
                ).where(access_token.c.digest == _digest(token))
            ).one_or_none()
        if row is None or row.revoked_at is not None or row.expires_at <= self._clock.now():
            raise TokenRefused
        return _actor(row.actor, row.roles)

    def create(
        self, actor: Actor, name: str, roles: Iterable[Role], valid: timedelta = timedelta(days=365)
    ) -> str:
        """A new token that stands for the actor `name` in `roles`. It is shown this once; raises `NotPermitted`."""
        given = frozenset(roles) & GIVEN_OUT
        self._permit(actor, "token.create")
        token = PREFIX + urlsafe_b64encode(self._entropy.bytes(32)).rstrip(b"=").decode()
        digest, now = _digest(token), self._clock.now()
        words = " ".join(sorted(role.value for role in given))
        with self._database.unit() as connection:
            connection.execute(
                insert(access_token).values(
                    digest=digest,
                    id=digest[:12],
                    actor=name,
                    roles=words,
                    created_at=now,
                    expires_at=now + valid,
                )
            )
            event = AuditEvent("token.create", digest[:12], detail={"actor": name, "roles": words})
            self._audit.record(connection, actor, event)
        return token

    def revoke(self, actor: Actor, id_: str) -> None:
        """Refuse the token from now on; raises `NotPermitted`, `TokenUnknown`."""
        self._permit(actor, "token.revoke")
        with self._database.unit() as connection:
            changed = connection.execute(
                update(access_token)
                .where(access_token.c.id == id_, access_token.c.revoked_at.is_(None))
                .values(revoked_at=self._clock.now())
            )
            if not changed.rowcount:
                raise TokenUnknown(id=id_)
            self._audit.record(connection, actor, AuditEvent("token.revoke", id_))

    def tokens(self, actor: Actor) -> tuple[AccessToken, ...]:
        """All tokens that were given out, newest first; raises `NotPermitted`."""
        self._permit(actor, "token.list")
        with self._database.reading() as connection:
            rows = connection.execute(select(access_token).order_by(access_token.c.created_at.desc())).all()
        return tuple(
            AccessToken(row.id, _actor(row.actor, row.roles), row.created_at, row.expires_at, row.revoked_at)
            for row in rows
        )

    def _permit(self, actor: Actor, action: str) -> None:
        if not actor.has(Role.OPERATOR):
            with self._database.unit() as connection:
                self._audit.record(connection, actor, AuditEvent(action, "tokens", "refused"))
            raise NotPermitted(actor=actor.id, action=action)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def _actor(name: str, roles: str) -> Actor:
    return Actor(name, frozenset(map(Role, roles.split())))
