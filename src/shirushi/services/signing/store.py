"""Credentials and their PIN counters. Never commits."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, String, Table, Text, insert, select, update

from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, metadata
from shirushi.services.signing.model import CredentialKind, PinState

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
