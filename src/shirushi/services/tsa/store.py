"""What the authority remembers: which serial numbers are taken, and when. Never commits."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    insert,
    select,
    update,
)

from shirushi.codecs.asn1 import der
from shirushi.core.instant import Instant
from shirushi.ports.database import InstantType, hold, metadata
from shirushi.services.tsa.model import SerialBlock, UnitKey

reservation = Table(
    "tsa_serial_reservation",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("next", BigInteger, nullable=False),
    Column("at", InstantType, nullable=False),
)
"""One row: the first serial number that nobody has reserved."""

unit_key = Table(
    "tsa_unit_key",
    metadata,
    Column("unit", String(200), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key_label", String(200), nullable=False),
    Column("chain", LargeBinary, nullable=False),
)
"""The keys that units got by rotation, each with its certificates in DER, one after the other."""


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


def unit_keys(connection: Connection) -> dict[str, UnitKey]:
    """The newest key of each unit that was given one by rotation."""
    rows = connection.execute(select(unit_key).order_by(unit_key.c.unit, unit_key.c.number))
    return {row.unit: UnitKey(row.unit, row.number, row.key_label, _apart(row.chain)) for row in rows}


def add_unit_key(connection: Connection, key: UnitKey) -> None:
    """Remember a unit's new key; IntegrityError where it has one of that number."""
    values = {"unit": key.unit, "number": key.number, "key_label": key.key_label}
    connection.execute(insert(unit_key).values(**values, chain=b"".join(key.chain)))


def _apart(chain: bytes) -> tuple[bytes, ...]:
    return tuple(each.raw for each in der.elements(chain, 0, len(chain)))
