"""What the authority remembers: which serial numbers are taken, and when. Never commits."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Table, insert, select, update

from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, hold, metadata
from shirushi.services.tsa.model import SerialBlock

reservation = Table(
    "tsa_serial_reservation",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("next", BigInteger, nullable=False),
    Column("at", InstantType, nullable=False),
)
"""One row: the first serial number that nobody has reserved."""


def latest(connection: Connection) -> Instant | None:
    """When serial numbers were reserved last."""
    return connection.execute(select(reservation.c.at)).scalar_one_or_none()


def reserve_serials(connection: Connection, count: int, at: Instant) -> SerialBlock:
    """Take the next `count` serial numbers. They are taken for good once the unit commits, used or not."""
    hold(connection, reservation.name)
    row = connection.execute(select(reservation.c.next, reservation.c.at)).one_or_none()
    if row is None:
        connection.execute(insert(reservation).values(id=0, next=1 + count, at=at))
        return SerialBlock(1, 1 + count, None)
    end = row.next + count
    connection.execute(update(reservation).values(next=end, at=max(at, row.at)))
    return SerialBlock(row.next, end, row.at)


AHEAD = 1 << 44
"""Serial numbers: more than 15 years of 30,000 tokens a second, and half a million times of it fit into 63 bits."""


def skip_ahead(connection: Connection) -> None:
    """Take so many serial numbers at once that none comes again which was given after this state of the database."""
    connection.execute(update(reservation).values(next=reservation.c.next + AHEAD))
