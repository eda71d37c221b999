"""What OCSP answers hang on. Never commits."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from shirushi.core.evidence import CertificateStatus
from shirushi.services.ca.model import CertificateState, Revocation
from shirushi.services.ca.store import revocation_of
from shirushi.services.ca.store.tables import authority, certificate, revocation
from shirushi.services.ca.store.tables import hexadecimal as _hex


class State(NamedTuple):
    """How many acts of revocation and release an authority has on record, and who signs its answers."""

    acts: int
    responder_serial_number: str | None


_STATES = select(authority.c.name, authority.c.revocations, authority.c.responder_serial_number).where(
    authority.c.serial_number.is_not(None)
)


def states(connection: Connection) -> dict[str, State]:
    """The state of every established authority, by its name."""
    return {
        row.name: State(row.revocations, row.responder_serial_number) for row in connection.execute(_STATES)
    }


_RESPONDER = (
    select(authority.c.responder_key_label, certificate.c.der)
    .join(certificate, certificate.c.serial_number == authority.c.responder_serial_number)
    .where(authority.c.name == bindparam("name"))
)


def responder(connection: Connection, name: str) -> tuple[str, bytes] | None:
    """The key label and the certificate of the authority's responder, or None."""
    row = connection.execute(_RESPONDER, {"name": name}).one_or_none()
    return (row.responder_key_label, row.der) if row else None


_STATUS = (
    select(
        certificate.c.serial_number,
        revocation.c.revocation_time,
        revocation.c.reason,
        revocation.c.recorded_at,
    )
    .outerjoin(revocation, revocation.c.serial_number == certificate.c.serial_number)
    .where(
        certificate.c.serial_number == bindparam("serial_number"),
        certificate.c.authority == bindparam("name"),
        certificate.c.state == CertificateState.ISSUED.value,
    )
)


def status(
    connection: Connection, name: str, serial_number: int
) -> tuple[CertificateStatus, Revocation | None]:
    """What the authority says of a serial number; UNKNOWN for one under which it issued nothing."""
    asked = {"serial_number": _hex(serial_number), "name": name}
    row = connection.execute(_STATUS, asked).one_or_none()
    if row is None:
        return CertificateStatus.UNKNOWN, None
    revoked = revocation_of(row)
    return (CertificateStatus.REVOKED if revoked else CertificateStatus.GOOD), revoked
