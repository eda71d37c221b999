"""Certificates by what registers know their subjects by, and what somebody must look at. Never commits."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select, update

from shirushi.core.evidence import RevocationReason
from shirushi.core.instant import Instant
from shirushi.services.ca.model import CertificateState, Flag, RegisterChange
from shirushi.services.ca.store.tables import certificate, flag, register_key, revocation
from shirushi.services.ca.store.tables import hexadecimal as _hex


def of_subject(connection: Connection, subject_key: str, now: Instant) -> list[tuple[int, str]]:
    """Serial number and profile of the certificates in force, or on hold, of whoever a register knows by that key."""
    hold = RevocationReason.CERTIFICATE_HOLD.value
    rows = connection.execute(
        select(certificate.c.serial_number, certificate.c.profile)
        .join(register_key, register_key.c.serial_number == certificate.c.serial_number)
        .outerjoin(revocation, revocation.c.serial_number == certificate.c.serial_number)
        .where(
            register_key.c.subject_key == subject_key,
            certificate.c.state == CertificateState.ISSUED.value,
            certificate.c.not_after >= now,
            revocation.c.serial_number.is_(None) | (revocation.c.reason == hold),
        )
        .order_by(certificate.c.not_before)
    )
    return [(int(row.serial_number, 16), row.profile) for row in rows]


def subject_keys(connection: Connection, text: str, limit: int = 20) -> tuple[str, ...]:
    """By what registers know subjects, where that ends with `text`, in order."""
    key = register_key.c.subject_key
    query = select(key).where(key.endswith(text, autoescape=True)).distinct().order_by(key).limit(limit)
    return tuple(connection.execute(query).scalars())


def raise_flags(
    connection: Connection,
    serial_numbers: Iterable[int],
    change: RegisterChange,
    subject_key: str,
    at: Instant,
) -> None:
    """Note what somebody must look at; what waits for the same reason already waits once."""
    for number in serial_numbers:
        mine = (flag.c.serial_number == _hex(number)) & (flag.c.change == change.value)
        waiting = select(flag.c.at).where(mine, flag.c.settled_by.is_(None))
        if connection.execute(waiting).first() is None:
            values = {"serial_number": _hex(number), "change": change.value, "at": at}
            connection.execute(insert(flag).values(subject_key=subject_key, **values))


def open_flags(connection: Connection) -> tuple[Flag, ...]:
    """What waits for somebody to look, oldest first."""
    rows = connection.execute(select(flag).where(flag.c.settled_by.is_(None)).order_by(flag.c.at))
    return tuple(
        Flag(int(row.serial_number, 16), RegisterChange(row.change), row.subject_key, row.at) for row in rows
    )


def settle(connection: Connection, serial_number: int, actor: str) -> int:
    """Somebody has looked; how many flags that settles."""
    mine = (flag.c.serial_number == _hex(serial_number)) & flag.c.settled_by.is_(None)
    return connection.execute(update(flag).where(mine).values(settled_by=actor)).rowcount
