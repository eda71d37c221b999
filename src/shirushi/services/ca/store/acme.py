"""What the ACME server remembers. Never commits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, hold, metadata
from shirushi.services.ca.model.acme import (
    Account,
    AccountStatus,
    Authorization,
    AuthorizationStatus,
    ChallengeType,
    Order,
    OrderStatus,
)

nonce = Table(
    "acme_nonce",
    metadata,
    Column("nonce", String(32), primary_key=True),
    Column("issued_at", InstantType, nullable=False, index=True),
)
account = Table(
    "acme_account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("jwk", Text, nullable=False),
    Column("thumbprint", String(43), nullable=False, unique=True),
    Column("contacts", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", InstantType, nullable=False, index=True),
    Column("external", String(64)),
)
external = Table(
    "acme_external",
    metadata,
    Column("kid", String(64), primary_key=True),
    Column("secret", String(64)),
    Column("created_at", InstantType, nullable=False),
)
"""Keys for external account binding: the secret is forgotten when an account is bound by it."""
order = Table(
    "acme_order",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("status", String(16), nullable=False, index=True),
    Column("identifiers", Text, nullable=False),
    Column("created_at", InstantType, nullable=False, index=True),
    Column("expires", InstantType, nullable=False),
    Column("csr", LargeBinary),
    Column("serial_number", String(40), index=True),
    Column("replaces", String(128), index=True),
    Column("error", String(64)),
    Column("processing_since", InstantType),
)
authorization = Table(
    "acme_authorization",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("order", String(32), nullable=False, index=True),
    Column("identifier", String(255), nullable=False),
    Column("wildcard", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("token", String(43), nullable=False),
    Column("expires", InstantType, nullable=False),
    Column("challenge", String(16)),
    Column("validated_at", InstantType),
    Column("error", String(64)),
)


def add_nonce(connection: Connection, value: str, at: Instant) -> None:
    """Remember a nonce that was given out."""
    connection.execute(insert(nonce).values(nonce=value, issued_at=at))


def use_nonce(connection: Connection, value: str, since: Instant) -> bool:
    """Whether the nonce was given out since then and nobody used it: nobody else can from now on."""
    found = connection.execute(delete(nonce).where(nonce.c.nonce == value, nonce.c.issued_at >= since))
    return found.rowcount == 1


def forget_nonces(connection: Connection, before: Instant) -> int:
    """Forget nonces that were given out before then; how many."""
    return connection.execute(delete(nonce).where(nonce.c.issued_at < before)).rowcount


def hold_accounts(connection: Connection) -> None:
    """Let nobody else make accounts, or change their keys, until the unit ends."""
    hold(connection, account.name)


def hold_orders(connection: Connection, account_id: str) -> None:
    """Let nobody else make orders of the account until the unit ends."""
    hold(connection, f"{order.name} {account_id}")


def add_account(connection: Connection, made: Account) -> None:
    """Keep a new account."""
    connection.execute(
        insert(account).values(
            id=made.id,
            jwk=made.jwk,
            thumbprint=made.thumbprint,
            contacts=json.dumps(made.contacts),
            status=made.status.value,
            created_at=made.created_at,
            external=made.external,
        )
    )


def find_account(
    connection: Connection, *, id_: str | None = None, thumbprint: str | None = None
) -> Account | None:
    """The account of that id or key."""
    condition = account.c.id == id_ if id_ is not None else account.c.thumbprint == thumbprint
    row = connection.execute(select(account).where(condition)).one_or_none()
    return _account(row) if row else None


def accounts(connection: Connection, limit: int) -> list[Account]:
    """The accounts that were made last."""
    rows = connection.execute(
        select(account).order_by(account.c.created_at.desc(), account.c.id).limit(limit)
    )
    return [_account(row) for row in rows]


def accounts_since(connection: Connection, since: Instant) -> int:
    """How many accounts were made since then."""
    query = select(func.count()).select_from(account).where(account.c.created_at >= since)
    return int(connection.execute(query).scalar_one())


def change_account(connection: Connection, id_: str, **values: Any) -> None:
    """Change what is known of an account."""
    if "contacts" in values:
        values["contacts"] = json.dumps(values["contacts"])
    connection.execute(update(account).where(account.c.id == id_).values(**values))


def _account(row: Any) -> Account:
    return Account(
        row.id,
        row.jwk,
        row.thumbprint,
        tuple(json.loads(row.contacts)),
        AccountStatus(row.status),
        row.created_at,
        row.external,
    )


def add_external(connection: Connection, kid: str, secret: str, at: Instant) -> None:
    """Keep a key for external account binding."""
    connection.execute(insert(external).values(kid=kid, secret=secret, created_at=at))


def external_secret(connection: Connection, kid: str) -> str | None:
    """The secret of that key, None where there is none or it was used."""
    return connection.execute(select(external.c.secret).where(external.c.kid == kid)).scalar()


def use_external(connection: Connection, kid: str) -> bool:
    """Whether the key was still unused; it is used from now on."""
    found = connection.execute(
        update(external).where(external.c.kid == kid, external.c.secret.is_not(None)).values(secret=None)
    )
    return found.rowcount == 1


def add_order(connection: Connection, made: Order, authorizations: Sequence[Authorization]) -> None:
    """Keep a new order with its authorizations."""
    connection.execute(
        insert(order).values(
            id=made.id,
            account=made.account,
            status=made.status.value,
            identifiers=json.dumps(made.identifiers),
            created_at=made.created_at,
            expires=made.expires,
            replaces=made.replaces,
        )
    )
    for each in authorizations:
        connection.execute(
            insert(authorization).values(
                id=each.id,
                account=each.account,
                order=each.order,
                identifier=each.identifier,
                wildcard=each.wildcard,
                status=each.status.value,
                token=each.token,
                expires=each.expires,
            )
        )


def find_order(connection: Connection, id_: str, *, locked: bool = False) -> Order | None:
    """The order of that id; with `locked`, nobody else changes it until the unit ends."""
    query = select(order).where(order.c.id == id_)
    row = connection.execute(query.with_for_update() if locked else query).one_or_none()
    return _order(row) if row else None


def orders(
    connection: Connection, limit: int, *, account_id: str | None = None, status: OrderStatus | None = None
) -> list[Order]:
    """The orders that were made last; of an account, those that did not fail (RFC 8555 §7.1.2.1)."""
    query = select(order).order_by(order.c.created_at.desc(), order.c.id).limit(limit)
    if account_id is not None:
        query = query.where(order.c.account == account_id, order.c.status != OrderStatus.INVALID.value)
    if status is not None:
        query = query.where(order.c.status == status.value)
    return [_order(row) for row in connection.execute(query)]


def orders_since(connection: Connection, account_id: str, since: Instant) -> int:
    """How many orders an account has made since then."""
    query = (
        select(func.count())
        .select_from(order)
        .where(order.c.account == account_id, order.c.created_at >= since)
    )
    return int(connection.execute(query).scalar_one())


def order_that_replaces(connection: Connection, certificate: str) -> bool:
    """Whether an order that did not fail replaces that certificate (RFC 9773 §5)."""
    query = select(order.c.id).where(
        order.c.replaces == certificate, order.c.status != OrderStatus.INVALID.value
    )
    return connection.execute(query.limit(1)).first() is not None


def order_of_certificate(connection: Connection, serial_number: int) -> Order | None:
    """The order that a certificate was issued for."""
    query = select(order).where(order.c.serial_number == f"{serial_number:040x}")
    row = connection.execute(query).one_or_none()
    return _order(row) if row else None


def move_order(
    connection: Connection, id_: str, before: Sequence[OrderStatus], after: OrderStatus, **values: Any
) -> bool:
    """Whether the order was in one of those states; it is in the other one from now on."""
    if "serial_number" in values:
        values["serial_number"] = f"{values['serial_number']:040x}"
    found = connection.execute(
        update(order)
        .where(order.c.id == id_, order.c.status.in_([each.value for each in before]))
        .values(status=after.value, **values)
    )
    return found.rowcount == 1


def take_over(connection: Connection, id_: str, before: Instant, at: Instant) -> bool:
    """Whether the order has been in processing since before then; whoever asks goes on with it from now on."""
    since = order.c.processing_since
    found = connection.execute(
        update(order)
        .where(order.c.id == id_, order.c.status == OrderStatus.PROCESSING.value)
        .where(since.is_(None) | (since <= before))
        .values(processing_since=at)
    )
    return found.rowcount == 1


def _order(row: Any) -> Order:
    return Order(
        row.id,
        row.account,
        OrderStatus(row.status),
        tuple(json.loads(row.identifiers)),
        row.created_at,
        row.expires,
        row.csr,
        int(row.serial_number, 16) if row.serial_number else None,
        row.replaces,
        row.error,
        row.processing_since,
    )


def find_authorization(connection: Connection, id_: str, *, locked: bool = False) -> Authorization | None:
    """The authorization of that id; with `locked`, nobody else changes it until the unit ends."""
    query = select(authorization).where(authorization.c.id == id_)
    row = connection.execute(query.with_for_update() if locked else query).one_or_none()
    return _authorization(row) if row else None


def authorizations(connection: Connection, order_id: str) -> list[Authorization]:
    """The authorizations of an order, by name."""
    query = select(authorization).where(authorization.c.order == order_id)
    rows = connection.execute(query.order_by(authorization.c.identifier, authorization.c.wildcard))
    return [_authorization(row) for row in rows]


def failures_since(connection: Connection, account_id: str, identifier: str, since: Instant) -> int:
    """How many authorizations of an account for a name have failed since then."""
    query = (
        select(func.count())
        .select_from(authorization)
        .where(
            authorization.c.account == account_id,
            authorization.c.identifier == identifier,
            authorization.c.status == AuthorizationStatus.INVALID.value,
            authorization.c.validated_at >= since,
        )
    )
    return int(connection.execute(query).scalar_one())


def change_authorization(connection: Connection, id_: str, **values: Any) -> bool:
    """Change what is known of an authorization that is pending, or of one that is valid to deactivate it."""
    open_ = [AuthorizationStatus.PENDING.value]
    if values.get("status") == AuthorizationStatus.DEACTIVATED.value:
        open_.append(AuthorizationStatus.VALID.value)
    found = connection.execute(
        update(authorization)
        .where(authorization.c.id == id_, authorization.c.status.in_(open_))
        .values(**values)
    )
    return found.rowcount == 1


def _authorization(row: Any) -> Authorization:
    return Authorization(
        row.id,
        row.account,
        row.order,
        row.identifier,
        row.wildcard,
        AuthorizationStatus(row.status),
        row.token,
        row.expires,
        ChallengeType(row.challenge) if row.challenge else None,
        row.validated_at,
        row.error,
    )
