"""Acts of revocation and release, and the lists that tell them. Never commits."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert, select, update

from shirushi.core.instant import Instant
from shirushi.services.ca.model import CrlRecord, Revocation
from shirushi.services.ca.store.tables import authority, crl, release, revocation
from shirushi.services.ca.store.tables import hexadecimal as _hex


def _next_act(connection: Connection, name: str) -> int:
    """Count one more act of the authority."""
    mine = authority.c.name == name
    connection.execute(update(authority).where(mine).values(revocations=authority.c.revocations + 1))
    return int(connection.execute(select(authority.c.revocations).where(mine)).scalar_one())


def keep_revocation(
    connection: Connection, name: str, revoked: Revocation, entry: bytes, partition: int
) -> None:
    """Keep a revocation, in place of an earlier one of the same certificate."""
    key = _hex(revoked.serial_number)
    values = {
        "revocation_time": revoked.revocation_time,
        "reason": revoked.reason.value,
        "recorded_at": revoked.recorded_at,
        "entry": entry,
        "act": _next_act(connection, name),
    }
    changed = connection.execute(update(revocation).where(revocation.c.serial_number == key).values(**values))
    if not changed.rowcount:
        connection.execute(
            insert(revocation).values(serial_number=key, authority=name, partition=partition, **values)
        )
    connection.execute(delete(release).where(release.c.serial_number == key))


def keep_release(connection: Connection, name: str, serial_number: int, entry: bytes) -> None:
    """Take a certificate from hold. `entry` says so on delta CRLs."""
    key = _hex(serial_number)
    mine = revocation.c.serial_number == key
    held = connection.execute(select(revocation.c.act, revocation.c.partition).where(mine)).one()
    connection.execute(delete(revocation).where(mine))
    connection.execute(delete(release).where(release.c.serial_number == key))
    connection.execute(
        insert(release).values(
            serial_number=key,
            authority=name,
            entry=entry,
            partition=held.partition,
            held_act=held.act,
            act=_next_act(connection, name),
        )
    )


def act_of(connection: Connection, serial_number: int) -> int | None:
    """The act by which a certificate was revoked or held; None for one that is neither."""
    query = select(revocation.c.act).where(revocation.c.serial_number == _hex(serial_number))
    return connection.execute(query).scalar()


def next_crl(connection: Connection, name: str, partition: int = 0) -> tuple[int, int, list[bytes]]:
    """Take the next CRL number: it, the count of acts, and the entries that belong on that CRL."""
    number, acts = _next_number(connection, name)
    return number, acts, _entries(connection, revocation, name, partition, 0)


def next_delta(
    connection: Connection, name: str, partition: int, base: CrlRecord
) -> tuple[int, int, list[bytes]]:
    """Take the next CRL number: it, the count of acts, and the entries that have changed since `base`."""
    number, acts = _next_number(connection, name)
    entries = _entries(connection, revocation, name, partition, base.revocations)
    released = select(release.c.entry).where(
        release.c.authority == name,
        release.c.partition == partition,
        release.c.act > base.revocations,
        release.c.held_act <= base.revocations,
    )
    return number, acts, entries + list(connection.execute(released).scalars())


def _next_number(connection: Connection, name: str) -> tuple[int, int]:
    mine = authority.c.name == name
    connection.execute(update(authority).where(mine).values(crl_number=authority.c.crl_number + 1))
    number, acts = connection.execute(
        select(authority.c.crl_number, authority.c.revocations).where(mine)
    ).one()
    return number, acts


def _entries(connection: Connection, table: Table, name: str, partition: int, since: int) -> list[bytes]:
    query = select(table.c.entry).where(table.c.authority == name, table.c.partition == partition)
    return list(connection.execute(query.where(table.c.act > since) if since else query).scalars())


def keep_crl(connection: Connection, name: str, record: CrlRecord) -> None:
    """Keep a published CRL."""
    connection.execute(
        insert(crl).values(
            authority=name,
            number=record.number,
            this_update=record.this_update,
            next_update=record.next_update,
            revocations=record.revocations,
            der=record.der,
            partition=record.partition,
            base=record.base,
        )
    )


def latest_crl(
    connection: Connection,
    name: str,
    before: Instant | None = None,
    partition: int = 0,
    *,
    delta: bool = False,
) -> tuple[CrlRecord | None, int]:
    """The newest CRL, or the newest of `before` or earlier, and how many acts stand now."""
    query = select(crl).where(
        crl.c.authority == name, crl.c.partition == partition, crl.c.base.is_not(None) == delta
    )
    query = query.order_by(crl.c.number.desc()).limit(1)
    if before is not None:
        query = query.where(crl.c.this_update <= before)
    row = connection.execute(query).one_or_none()
    count = connection.execute(select(authority.c.revocations).where(authority.c.name == name)).scalar_one()
    if row is None:
        return None, count
    return (
        CrlRecord(
            row.number, row.this_update, row.next_update, row.revocations, row.der, row.partition, row.base
        ),
        count,
    )
