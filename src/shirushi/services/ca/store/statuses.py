"""What OCSP answers hang on. Never commits."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from shirushi.services.ca.store.tables import authority


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
