"""What is remembered of certification requests and of enrolment codes. Never commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, String, Table, Text, insert, select, update

from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, metadata
from shirushi.services.ca.model.est import EnrolmentCode
from shirushi.services.ca.model.subject_request import RequestState, WaitingRequest
from shirushi.services.ca.store import certificate, revocation
from shirushi.services.ca.store.tables import hexadecimal

request = Table(
    "ca_request",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("authority", String(40), nullable=False),
    Column("profile", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("submitted_by", String(255), nullable=False),
    Column("submitted_at", InstantType, nullable=False, index=True),
    Column("decided_by", String(255)),
    Column("serial_number", String(40), index=True),
    Column("decided_at", InstantType),
    Column("remark", String(500)),
    Column("renews", String(40)),
)
code = Table(
    "est_code",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("label", String(40), nullable=False),
    Column("subject", String(64)),
    Column("created_by", String(255), nullable=False),
    Column("created_at", InstantType, nullable=False, index=True),
    Column("expires", InstantType, nullable=False),
    Column("used_at", InstantType),
    Column("serial_number", String(40)),
)
"""`digest` is the SHA-256 of the code, of which 128 bits are random."""


def key_revoked(connection: Connection, key_id: str, reason: int) -> bool:
    """Whether a certificate of that key was revoked here for that reason."""
    query = (
        select(revocation.c.serial_number)
        .join(certificate, certificate.c.serial_number == revocation.c.serial_number)
        .where(certificate.c.key_id == key_id, revocation.c.reason == reason)
    )
    return connection.execute(query.limit(1)).first() is not None


def add_request(connection: Connection, made: WaitingRequest) -> None:
    """Keep a request."""
    connection.execute(
        insert(request).values(
            id=made.id,
            authority=made.authority,
            profile=made.profile,
            subject=made.subject,
            der=made.der,
            state=made.state.value,
            submitted_by=made.submitted_by,
            submitted_at=made.submitted_at,
            renews=None if made.renews is None else hexadecimal(made.renews),
        )
    )


def find_request(connection: Connection, id_: str) -> WaitingRequest | None:
    """The request of that number."""
    row = connection.execute(select(request).where(request.c.id == id_)).one_or_none()
    return _request(row) if row else None


def request_of(connection: Connection, serial_number: int) -> WaitingRequest | None:
    """The request from which a certificate was issued."""
    query = select(request).where(request.c.serial_number == f"{serial_number:040x}")
    row = connection.execute(query).first()
    return _request(row) if row else None


def requests(
    connection: Connection, limit: int, state: RequestState | None, submitted_by: str | None = None
) -> list[WaitingRequest]:
    """The requests that came last; those of one actor where that is named."""
    query = select(request).order_by(request.c.submitted_at.desc(), request.c.id).limit(limit)
    if state is not None:
        query = query.where(request.c.state == state.value)
    if submitted_by is not None:
        query = query.where(request.c.submitted_by == submitted_by)
    return [_request(row) for row in connection.execute(query)]


def move_request(
    connection: Connection, id_: str, before: RequestState, after: RequestState, **values: Any
) -> bool:
    """Whether the request was in that state; it is in the other one from now on."""
    if "serial_number" in values:
        values["serial_number"] = hexadecimal(values["serial_number"])
    found = connection.execute(
        update(request)
        .where(request.c.id == id_, request.c.state == before.value)
        .values(state=after.value, **values)
    )
    return found.rowcount == 1


def _request(row: Any) -> WaitingRequest:
    return WaitingRequest(
        row.id,
        row.authority,
        row.profile,
        row.subject,
        row.der,
        RequestState(row.state),
        row.submitted_by,
        row.submitted_at,
        row.decided_by,
        int(row.serial_number, 16) if row.serial_number else None,
        row.decided_at,
        row.remark or "",
        int(row.renews, 16) if row.renews else None,
    )


def add_code(connection: Connection, made: EnrolmentCode, digest: str) -> None:
    """Keep a code."""
    connection.execute(
        insert(code).values(
            id=made.id,
            digest=digest,
            label=made.label,
            subject=made.subject,
            created_by=made.created_by,
            created_at=made.created_at,
            expires=made.expires,
        )
    )


def codes(connection: Connection, limit: int) -> list[EnrolmentCode]:
    """The codes that were made last."""
    query = select(code).order_by(code.c.created_at.desc(), code.c.id).limit(limit)
    return [_code(row) for row in connection.execute(query)]


def code_and_digest(connection: Connection, id_: str) -> tuple[EnrolmentCode, str] | None:
    """The code of that name, and its digest."""
    row = connection.execute(select(code).where(code.c.id == id_)).one_or_none()
    return (_code(row), row.digest) if row else None


def use_code(connection: Connection, id_: str, at: Instant, serial_number: int) -> bool:
    """Whether the code was unused; it is used from now on."""
    found = connection.execute(
        update(code)
        .where(code.c.id == id_, code.c.used_at.is_(None))
        .values(used_at=at, serial_number=hexadecimal(serial_number))
    )
    return found.rowcount == 1


def _code(row: Any) -> EnrolmentCode:
    return EnrolmentCode(
        row.id,
        row.label,
        row.subject,
        row.created_by,
        row.created_at,
        row.expires,
        row.used_at,
        int(row.serial_number, 16) if row.serial_number else None,
    )
