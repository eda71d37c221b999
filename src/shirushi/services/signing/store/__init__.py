"""Credentials with their PIN counters, and what was augmented. Never commits."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, String, Table, Text, delete, insert, select, update

from shirushi.core.evidence import Level
from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, metadata
from shirushi.services.signing.model import Augmented, CredentialKind, PinState

credential = Table(
    "signing_credential",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("key_label", String(255), nullable=False),
    Column("chain", Text, nullable=False),
    Column("pin_failures", Integer, nullable=False),
    Column("locked_at", InstantType),
)


def add(connection: Connection, id_: str, kind: CredentialKind, key_label: str, chain: str) -> None:
    """Keep a credential; `chain` is its certificates in PEM."""
    connection.execute(
        insert(credential).values(id=id_, kind=kind.value, key_label=key_label, chain=chain, pin_failures=0)
    )


def find(connection: Connection, id_: str) -> tuple[CredentialKind, str, str] | None:
    """Kind, key label and chain of a credential, or None."""
    row = connection.execute(
        select(credential.c.kind, credential.c.key_label, credential.c.chain).where(credential.c.id == id_)
    ).one_or_none()
    return (CredentialKind(row.kind), row.key_label, row.chain) if row else None


def names(connection: Connection) -> tuple[str, ...]:
    """The ids of all credentials, in order."""
    return tuple(connection.execute(select(credential.c.id).order_by(credential.c.id)).scalars())


def page(
    connection: Connection, after: str, limit: int, only: str | None
) -> list[tuple[str, CredentialKind, str, str, PinState]]:
    """Id, kind, key label, chain and PIN state of the credentials whose id follows `after`, in order of ids."""
    query = select(credential).where(credential.c.id > after).order_by(credential.c.id).limit(limit)
    if only is not None:
        query = query.where(credential.c.id == only)
    return [
        (
            row.id,
            CredentialKind(row.kind),
            row.key_label,
            row.chain,
            PinState(row.pin_failures, row.locked_at),
        )
        for row in connection.execute(query)
    ]


def pin_state(connection: Connection, id_: str) -> PinState:
    """The state of the PIN counter."""
    row = connection.execute(
        select(credential.c.pin_failures, credential.c.locked_at).where(credential.c.id == id_)
    ).one()
    return PinState(row.pin_failures, row.locked_at)


def count_pin_attempt(connection: Connection, id_: str) -> int:
    """Count an attempt as failed until it is known to be right; the number that now stands."""
    counted = (
        update(credential).where(credential.c.id == id_).values(pin_failures=credential.c.pin_failures + 1)
    )
    return int(connection.execute(counted.returning(credential.c.pin_failures)).scalar_one())


def lock(connection: Connection, id_: str, at: Instant) -> None:
    """Lock the credential."""
    connection.execute(update(credential).where(credential.c.id == id_).values(locked_at=at))


def forgive_pin_failures(connection: Connection, id_: str) -> None:
    """The PIN was right: nothing stands against the credential, nor does the lock that its last attempt had set."""
    connection.execute(
        update(credential).where(credential.c.id == id_).values(pin_failures=0, locked_at=None)
    )


augmented = Table(
    "signing_augmented",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("level", String(8), nullable=False),
    Column("augmented_at", InstantType, nullable=False),
    Column("due_at", InstantType, nullable=False, index=True),
    Column("cause", String(255), nullable=False),
    Column("renewed_to", String(64)),
    Column("failure", Text),
    Column("failed_at", InstantType),
)


def keep_augmented(connection: Connection, made: Augmented) -> None:
    """Keep what was augmented, in the place of what stood under its digest."""
    connection.execute(delete(augmented).where(augmented.c.digest == made.digest))
    connection.execute(
        insert(augmented).values(
            digest=made.digest,
            name=made.name[:255],
            level=made.level.value,
            augmented_at=made.augmented_at,
            due_at=made.due_at,
            cause=made.cause[:255],
        )
    )


def falling_due(connection: Connection, until: Instant, limit: int) -> tuple[Augmented, ...]:
    """What falls due until then and was not renewed, the most urgent first."""
    query = select(augmented).where(augmented.c.due_at <= until, augmented.c.renewed_to.is_(None))
    return tuple(
        Augmented(
            row.digest,
            row.name,
            Level(row.level),
            row.augmented_at,
            row.due_at,
            row.cause,
            row.failure or "",
            row.failed_at,
        )
        for row in connection.execute(query.order_by(augmented.c.due_at, augmented.c.digest).limit(limit))
    )


def tell_renewed(connection: Connection, digest: str, renewed_to: str) -> None:
    """The document was renewed: `renewed_to` is what it is now."""
    connection.execute(
        update(augmented)
        .where(augmented.c.digest == digest)
        .values(renewed_to=renewed_to, failure=None, failed_at=None)
    )


def tell_not_renewed(connection: Connection, digest: str, failure: str, at: Instant) -> None:
    """Why the document could not be renewed."""
    connection.execute(
        update(augmented).where(augmented.c.digest == digest).values(failure=failure, failed_at=at)
    )
